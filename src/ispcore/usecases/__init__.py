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
from ispcore.usecases.notice_stores import OwnTerms
from ispcore.usecases.notices import Asked, Bills, ask_due, ask_for, opening, tell_moves
from ispcore.usecases.open_subscription import Recorded, open_subscription
from ispcore.usecases.overview import Overview, SubscriptionView, overview, subscription
from ispcore.usecases.plan import NetworkPlan, PlannedPlacement, placements, plan
from ispcore.usecases.record_payment import PaymentRecorded, RecordPayment, record_payment
from ispcore.usecases.renewal import Renewal, RenewalProblem
from ispcore.usecases.resync import resync
from ispcore.usecases.review import ADDITIONS, Add, Addition, Opinion, Policies, Review, Veto
from ispcore.usecases.rotate_secrets import SecretLocks, rotate_secrets, secret_locks
from ispcore.usecases.runs import Run, RunRecord
from ispcore.usecases.serve_customer import CustomerRecorded, change_customer, register_customer
from ispcore.usecases.tick import tick

__all__ = [
    "ADDITIONS",
    "Add",
    "Addition",
    "AnyCommand",
    "AnyRecorded",
    "Asked",
    "Bills",
    "CustomerRecorded",
    "Desk",
    "Find",
    "Finding",
    "HistoryEntry",
    "Item",
    "Loaded",
    "NetworkPlan",
    "Opinion",
    "Outcome",
    "Overview",
    "OwnTerms",
    "PaymentRecorded",
    "PlannedPlacement",
    "Policies",
    "RecordPayment",
    "Recorded",
    "Renewal",
    "RenewalProblem",
    "Review",
    "Run",
    "RunRecord",
    "SecretLocks",
    "SubscriptionView",
    "Tombstone",
    "Veto",
    "ask_due",
    "ask_for",
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
    "opening",
    "overview",
    "placements",
    "plan",
    "preview",
    "record_payment",
    "register_customer",
    "resync",
    "rotate_secrets",
    "runs",
    "secret_locks",
    "subscription",
    "tell_moves",
    "tick",
]
