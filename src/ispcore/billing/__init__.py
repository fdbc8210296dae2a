"""What is owed: desired charges, their difference to what was issued, and the entries of the books."""

from ispcore.billing.books import Books, CustomerBooks, Issued
from ispcore.billing.closing import ClosedSubscription, Closing, close_customer, close_subscription
from ispcore.billing.desired import (
    ChargedFragment,
    ChargeKey,
    Desired,
    Share,
    charges_of_cycle,
    desired_charges,
    offers,
    policy_name,
)
from ispcore.billing.due import accrual_month, due_date
from ispcore.billing.entries import (
    Allocation,
    Charge,
    EntryKind,
    Holder,
    Payment,
    Receivable,
    ReceivableBalance,
    ReceivableState,
    SourceKind,
    charge_id,
)
from ispcore.billing.explain import Explanation, as_text, explain
from ispcore.billing.merge import Difference, merge
from ispcore.billing.owed import Fragment, fragments, item_runs, life_of, owed_runs
from ispcore.billing.schedule import cycles_to_look_at, is_due
from ispcore.billing.settle import OpenAmounts
from ispcore.billing.split import hand_out
from ispcore.billing.terms import RULE_VERSION, DatedComposition, Terms, TermsSource, terms_of

__all__ = [
    "RULE_VERSION",
    "Allocation",
    "Books",
    "Charge",
    "ChargeKey",
    "ChargedFragment",
    "ClosedSubscription",
    "Closing",
    "CustomerBooks",
    "DatedComposition",
    "Desired",
    "Difference",
    "EntryKind",
    "Explanation",
    "Fragment",
    "Holder",
    "Issued",
    "OpenAmounts",
    "Payment",
    "Receivable",
    "ReceivableBalance",
    "ReceivableState",
    "Share",
    "SourceKind",
    "Terms",
    "TermsSource",
    "accrual_month",
    "as_text",
    "charge_id",
    "charges_of_cycle",
    "close_customer",
    "close_subscription",
    "cycles_to_look_at",
    "desired_charges",
    "due_date",
    "explain",
    "fragments",
    "hand_out",
    "is_due",
    "item_runs",
    "life_of",
    "merge",
    "offers",
    "owed_runs",
    "policy_name",
    "terms_of",
]
