"""One verb a file: load, decide, save. Ports say what a use case needs of the world."""

from ispcore.usecases.change_subscription import change_subscription
from ispcore.usecases.check import Finding, check
from ispcore.usecases.close import close, preview, runs
from ispcore.usecases.desk import Desk
from ispcore.usecases.do import AnyCommand, AnyRecorded, do
from ispcore.usecases.do_many import Find, Item, Outcome, do_many
from ispcore.usecases.explain_charge import explain_charge
from ispcore.usecases.free_addresses import find_free_addresses
from ispcore.usecases.history import HistoryEntry, Tombstone, deleted, history
from ispcore.usecases.load_catalogue import Loaded, load_catalogue
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
    SpareCents,
    Waive,
    WriteOff,
)
from ispcore.usecases.money_rules import MoneyRules, PayableSlip
from ispcore.usecases.open_subscription import Recorded, open_subscription
from ispcore.usecases.overview import Overview, SubscriptionView, overview, subscription
from ispcore.usecases.parked_payments import PaymentParked, Received, parked_payments
from ispcore.usecases.payment_stores import ParkedPayment, ParkedState, Settlement
from ispcore.usecases.plan import NetworkPlan, PlannedPlacement, placements, plan
from ispcore.usecases.record_payment import PaymentRecorded, record_payment
from ispcore.usecases.renewal import Renewal, RenewalProblem
from ispcore.usecases.resync import resync
from ispcore.usecases.review import ADDITIONS, Add, Addition, Opinion, Policies, Review, Veto
from ispcore.usecases.rotate_secrets import SecretLocks, rotate_secrets, secret_locks
from ispcore.usecases.runs import Run, RunRecord
from ispcore.usecases.serve_customer import CustomerRecorded, change_customer, register_customer
from ispcore.usecases.settlements import Settled
from ispcore.usecases.statement import statement
from ispcore.usecases.tick import tick

__all__ = [
    "ADDITIONS",
    "Add",
    "Addition",
    "AnyCommand",
    "AnyRecorded",
    "CustomerRecorded",
    "Desk",
    "DropParked",
    "Find",
    "Finding",
    "HistoryEntry",
    "Item",
    "Loaded",
    "MoneyCommand",
    "MoneyRules",
    "NetworkPlan",
    "Opinion",
    "Outcome",
    "Overview",
    "ParkedPayment",
    "ParkedState",
    "PayableSlip",
    "PaymentParked",
    "PaymentRecorded",
    "PlannedPlacement",
    "Policies",
    "ReceivePayment",
    "Received",
    "RecordPayment",
    "Recorded",
    "Refund",
    "Renegotiate",
    "Renewal",
    "RenewalProblem",
    "ResolveParked",
    "ReversePayment",
    "Review",
    "Run",
    "RunRecord",
    "SecretLocks",
    "Settled",
    "Settlement",
    "SettlingCommand",
    "SpareCents",
    "SubscriptionView",
    "Tombstone",
    "Veto",
    "Waive",
    "WriteOff",
    "change_customer",
    "change_subscription",
    "check",
    "close",
    "deleted",
    "do",
    "do_many",
    "explain_charge",
    "find_free_addresses",
    "history",
    "load_catalogue",
    "open_subscription",
    "overview",
    "parked_payments",
    "placements",
    "plan",
    "preview",
    "record_payment",
    "register_customer",
    "resync",
    "rotate_secrets",
    "runs",
    "secret_locks",
    "statement",
    "subscription",
    "tick",
]
