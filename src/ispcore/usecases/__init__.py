"""One verb a file: load, decide, save. Ports say what a use case needs of the world."""

from ispcore.usecases.actors import actor_kept, save_actor
from ispcore.usecases.cancellation import CancellationSummary, cancellation_summary
from ispcore.usecases.change_slips import CancelSlip, MergeSlips, RegenerateSlip, change_slips
from ispcore.usecases.change_subscription import change_subscription
from ispcore.usecases.check import Finding, check
from ispcore.usecases.close import close, preview, runs
from ispcore.usecases.close_one import bill_ahead, bill_open_cycle
from ispcore.usecases.combos import ComboRecorded
from ispcore.usecases.connection_stores import (
    AccountingSource,
    Look,
    Looked,
    PastMonth,
)
from ispcore.usecases.connections import (
    COLLECT_CONNECTIONS,
    Collected,
    collect_connections,
    last_connection,
    let_connections_go,
    looks_at_connections,
    past_connections,
    statement_of_connections,
    usage_by_day,
)
from ispcore.usecases.contract_views import ContractView, Earned, commissions, contract_view, contracts_of
from ispcore.usecases.contracts import ContractRecorded
from ispcore.usecases.desk import Desk
from ispcore.usecases.do import AnyCommand, AnyRecorded, do
from ispcore.usecases.do_many import Find, Item, Outcome, do_many
from ispcore.usecases.documents import (
    ISSUE_DOCUMENTS,
    READ_DOCUMENTS,
    AskedDocuments,
    IssuedDocuments,
    ask_again,
    ask_for_documents,
    cancel_document,
    documents_to_ask_for,
    issue_documents,
)
from ispcore.usecases.explain_charge import explain_charge
from ispcore.usecases.export_person import PersonalData, SubscriptionData, export_person
from ispcore.usecases.forget import PersonForgotten, forget_due
from ispcore.usecases.free_addresses import find_free_addresses
from ispcore.usecases.history import HistoryEntry, Tombstone, deleted, history
from ispcore.usecases.issue_slips import SlipProblem, SlipRun, issue_slips
from ispcore.usecases.issuing import (
    Authorised,
    DocumentIssuer,
    DocumentRequest,
    IssuerSpec,
    Party,
    Rejected,
    RequestedLine,
)
from ispcore.usecases.late import LateProblem, LateRun, ease, late_customers, run_late
from ispcore.usecases.late_commands import ExemptRecorded, LateRecorded
from ispcore.usecases.late_look import LateLook
from ispcore.usecases.late_stores import NO_NOTICES, NoticeBook, StageRow
from ispcore.usecases.links import MONEY, STAGE_NOTICES, late_on_slips
from ispcore.usecases.load_catalogue import Loaded, load_catalogue
from ispcore.usecases.make_slips import LateSource, SlipsMade
from ispcore.usecases.money_commands import (
    DropParked,
    MoneyCommand,
    ReceivePayment,
    RecordPayment,
    Refund,
    Renegotiate,
    ResolveParked,
    ReversePayment,
    SettlingCommand,
    Waive,
    WriteOff,
)
from ispcore.usecases.money_rules import MoneyRules, PayableSlip
from ispcore.usecases.new_plan import (
    NewPlan,
    NewPlanChoices,
    NewPlanDraft,
    NewPlanStep,
    answered,
    choices,
    counter,
    new_plan,
    open_new_plan,
)
from ispcore.usecases.notice_stores import OwnTerms
from ispcore.usecases.notices import Asked, Bills, ask_due, ask_for, opening, tell_moves, tell_timed_moves
from ispcore.usecases.open_subscription import Recorded, open_subscription
from ispcore.usecases.overview import Overview, SubscriptionView, overview, subscription
from ispcore.usecases.papers import (
    ContractPaper,
    SlipPaper,
    StatementPaper,
    book_paper,
    contract_paper,
    slip_paper,
    statement_paper,
)
from ispcore.usecases.parked_payments import PaymentParked, Received, parked_payments
from ispcore.usecases.payment_books import BookMade, BookSender, PrintedBook, make_book, print_book, send_book
from ispcore.usecases.payment_stores import ParkedPayment, ParkedState, Settlement
from ispcore.usecases.plan import NetworkPlan, PlannedPlacement, placements, plan
from ispcore.usecases.record_payment import PaymentRecorded, record_payment
from ispcore.usecases.registering import (
    Charged,
    ChargeProvider,
    ChargeProviderSpec,
    NotRegistered,
    Registered,
    Registration,
    Registrations,
    RegistrationState,
    SlipRequest,
    ask_for_registrations,
    tell_providers,
)
from ispcore.usecases.renewal import Renewal, RenewalProblem
from ispcore.usecases.resync import resync
from ispcore.usecases.review import ADDITIONS, Add, Addition, Opinion, Policies, Review, Veto
from ispcore.usecases.rotate_secrets import SecretLocks, rotate_secrets, secret_locks
from ispcore.usecases.runs import Run, RunRecord
from ispcore.usecases.serve_customer import CustomerRecorded, change_customer, register_customer
from ispcore.usecases.settled import Settled
from ispcore.usecases.slip_stores import HowSlips, SlipQuery, Stamp
from ispcore.usecases.slip_views import SlipView, list_books, list_slips, slip_view
from ispcore.usecases.statement import statement
from ispcore.usecases.task_stores import TaskQuery
from ispcore.usecases.tasks import TaskRun, list_tasks, run_tasks, schedule, withdraw_task
from ispcore.usecases.tick import tick
from ispcore.usecases.transfer import TransferRecorded
from ispcore.usecases.tree import Branch, ComboBranch, Service, Tree, tree_of
from ispcore.usecases.usage_limits import Limited, UsageLimit, limit_usage

__all__ = [
    "ADDITIONS",
    "COLLECT_CONNECTIONS",
    "ISSUE_DOCUMENTS",
    "MONEY",
    "NO_NOTICES",
    "READ_DOCUMENTS",
    "STAGE_NOTICES",
    "AccountingSource",
    "Add",
    "Addition",
    "AnyCommand",
    "AnyRecorded",
    "Asked",
    "AskedDocuments",
    "Authorised",
    "Bills",
    "BookMade",
    "BookSender",
    "Branch",
    "CancelSlip",
    "CancellationSummary",
    "ChargeProvider",
    "ChargeProviderSpec",
    "Charged",
    "Collected",
    "ComboBranch",
    "ComboRecorded",
    "ContractPaper",
    "ContractRecorded",
    "ContractView",
    "CustomerRecorded",
    "Desk",
    "DocumentIssuer",
    "DocumentRequest",
    "DropParked",
    "Earned",
    "ExemptRecorded",
    "Find",
    "Finding",
    "HistoryEntry",
    "HowSlips",
    "IssuedDocuments",
    "IssuerSpec",
    "Item",
    "LateLook",
    "LateProblem",
    "LateRecorded",
    "LateRun",
    "LateSource",
    "Limited",
    "Loaded",
    "Look",
    "Looked",
    "MergeSlips",
    "MoneyCommand",
    "MoneyRules",
    "NetworkPlan",
    "NewPlan",
    "NewPlanChoices",
    "NewPlanDraft",
    "NewPlanStep",
    "NotRegistered",
    "NoticeBook",
    "Opinion",
    "Outcome",
    "Overview",
    "OwnTerms",
    "ParkedPayment",
    "ParkedState",
    "Party",
    "PastMonth",
    "PayableSlip",
    "PaymentParked",
    "PaymentRecorded",
    "PersonForgotten",
    "PersonalData",
    "PlannedPlacement",
    "Policies",
    "PrintedBook",
    "ReceivePayment",
    "Received",
    "RecordPayment",
    "Recorded",
    "Refund",
    "RegenerateSlip",
    "Registered",
    "Registration",
    "RegistrationState",
    "Registrations",
    "Rejected",
    "Renegotiate",
    "Renewal",
    "RenewalProblem",
    "RequestedLine",
    "ResolveParked",
    "ReversePayment",
    "Review",
    "Run",
    "RunRecord",
    "SecretLocks",
    "Service",
    "Settled",
    "Settlement",
    "SettlingCommand",
    "SlipPaper",
    "SlipProblem",
    "SlipQuery",
    "SlipRequest",
    "SlipRun",
    "SlipView",
    "SlipsMade",
    "StageRow",
    "Stamp",
    "StatementPaper",
    "SubscriptionData",
    "SubscriptionView",
    "TaskQuery",
    "TaskRun",
    "Tombstone",
    "TransferRecorded",
    "Tree",
    "UsageLimit",
    "Veto",
    "Waive",
    "WriteOff",
    "actor_kept",
    "answered",
    "ask_again",
    "ask_due",
    "ask_for",
    "ask_for_documents",
    "ask_for_registrations",
    "bill_ahead",
    "bill_open_cycle",
    "book_paper",
    "cancel_document",
    "cancellation_summary",
    "change_customer",
    "change_slips",
    "change_subscription",
    "check",
    "choices",
    "close",
    "collect_connections",
    "commissions",
    "contract_paper",
    "contract_view",
    "contracts_of",
    "counter",
    "deleted",
    "do",
    "do_many",
    "documents_to_ask_for",
    "ease",
    "explain_charge",
    "export_person",
    "find_free_addresses",
    "forget_due",
    "history",
    "issue_documents",
    "issue_slips",
    "last_connection",
    "late_customers",
    "late_on_slips",
    "let_connections_go",
    "limit_usage",
    "list_books",
    "list_slips",
    "list_tasks",
    "load_catalogue",
    "looks_at_connections",
    "make_book",
    "new_plan",
    "open_new_plan",
    "open_subscription",
    "opening",
    "overview",
    "parked_payments",
    "past_connections",
    "placements",
    "plan",
    "preview",
    "print_book",
    "record_payment",
    "register_customer",
    "resync",
    "rotate_secrets",
    "run_late",
    "run_tasks",
    "runs",
    "save_actor",
    "schedule",
    "secret_locks",
    "send_book",
    "slip_paper",
    "slip_view",
    "statement",
    "statement_of_connections",
    "statement_paper",
    "subscription",
    "tell_moves",
    "tell_providers",
    "tell_timed_moves",
    "tick",
    "tree_of",
    "usage_by_day",
    "withdraw_task",
]
