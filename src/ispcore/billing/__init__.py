"""What is owed: desired charges, their difference to what was issued, and the entries of the books."""

from ispcore.billing.ahead import closings_ahead
from ispcore.billing.books import Books, CustomerBooks, Issued
from ispcore.billing.closing import (
    ClosedCycle,
    ClosedSubscription,
    Closing,
    close_customer,
    close_subscription,
)
from ispcore.billing.desired import (
    ChargedFragment,
    ChargeKey,
    Desired,
    Share,
    charges_of_cycle,
    charges_of_span,
    desired_charges,
    offers,
    policy_name,
)
from ispcore.billing.due import accrual_month, due_date
from ispcore.billing.entries import (
    Allocation,
    Charge,
    DebitKind,
    EntryKind,
    Holder,
    Payment,
    Receivable,
    ReceivableBalance,
    ReceivableState,
    SourceKind,
    charge_id,
    raised,
)
from ispcore.billing.explain import Explanation, as_text, explain, explain_raised
from ispcore.billing.merge import Difference, merge
from ispcore.billing.outlook import NEVER, Outlook, Profile, outlook
from ispcore.billing.owed import Fragment, fragments, item_runs
from ispcore.billing.quiet import QuietClosing, close_quiet
from ispcore.billing.schedule import closed_through, is_due, spans_to_look_at
from ispcore.billing.settle import OpenAmounts
from ispcore.billing.split import hand_out
from ispcore.billing.terms import RULE_VERSION, DatedComposition, Terms, TermsSource, prices_on, terms_of

__all__ = [
    "NEVER",
    "RULE_VERSION",
    "Allocation",
    "Books",
    "Charge",
    "ChargeKey",
    "ChargedFragment",
    "ClosedCycle",
    "ClosedSubscription",
    "Closing",
    "CustomerBooks",
    "DatedComposition",
    "DebitKind",
    "Desired",
    "Difference",
    "EntryKind",
    "Explanation",
    "Fragment",
    "Holder",
    "Issued",
    "OpenAmounts",
    "Outlook",
    "Payment",
    "Profile",
    "QuietClosing",
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
    "charges_of_span",
    "close_customer",
    "close_quiet",
    "close_subscription",
    "closed_through",
    "closings_ahead",
    "desired_charges",
    "due_date",
    "explain",
    "explain_raised",
    "fragments",
    "hand_out",
    "is_due",
    "item_runs",
    "merge",
    "offers",
    "outlook",
    "policy_name",
    "prices_on",
    "raised",
    "spans_to_look_at",
    "terms_of",
]
