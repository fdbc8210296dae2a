"""What happens to money that comes late: fine and interest, and the stages that follow, as dated values."""

from __future__ import annotations

from decimal import Decimal
from enum import Enum

from attrs import field, frozen

from ispcore.values import Money, Rounding, as_tuple

_NOTHING = Decimal(0)


class CountFrom(Enum):
    """From which day interest is counted when the due date was rolled to a business day and missed."""

    NOMINAL = "nominal"
    ROLLED = "rolled"


class DayBasis(Enum):
    """What a day of interest is of a month."""

    THIRTY = "thirty"
    """A thirtieth."""
    ACTUAL = "actual"
    """One in the days of its own month."""


@frozen
class LateCharges:
    """Fine and interest, in percent of what is open of a receivable.

    The fine is asked for once; the interest is simple and given by the month. ``most_percent`` caps
    both together. Nothing is asked for in the first ``grace_days`` days
    after the day to pay, and all of it from the day after them.
    """

    fine_percent: Decimal = _NOTHING
    interest_percent: Decimal = _NOTHING
    day_basis: DayBasis = DayBasis.THIRTY
    count_from: CountFrom = CountFrom.NOMINAL
    business_days: bool = True
    """Whether a receivable due on another day may be paid on the next business day without charges."""
    rounding: Rounding = Rounding.HALF_UP
    grace_days: int = 0
    most_percent: Decimal | None = None
    least: Money | None = None
    """Fine and interest below this together are not asked for."""


class Anchor(Enum):
    """What a stage's days are counted from."""

    DUE = "due"
    """The due date as printed."""
    ROLLED = "rolled"
    """The due date, rolled to a business day."""
    NOTICE = "notice"
    """The day on which the notice of an earlier stage was handed over."""
    STAGE = "stage"
    """The day on which an earlier stage was reached."""


class LateAction(Enum):
    """What a stage does."""

    NOTIFY = "notify"
    REDUCE = "reduce"
    BLOCK = "block"
    PROPOSE_CANCELLATION = "propose_cancellation"


@frozen
class Stage:
    """One step against a late payer: so many days after an anchor, something is done.

    ``after`` names the earlier stage of an anchor that needs one. ``notice`` names the earlier stage whose
    notice must have been handed over, or nothing is done. ``strict`` counts the day after the last one.
    """

    code: str
    action: LateAction
    days: int
    anchor: Anchor = Anchor.DUE
    after: str | None = None
    notice: str | None = None
    strict: bool = False
    template: str | None = None


class LateScope(Enum):
    """Which subscriptions a stage acts on."""

    SLIP = "slip"
    """Those whose receivables are late."""
    CONTRACT = "contract"
    """And those of the same contracts."""
    CUSTOMER = "customer"
    """All of the customer's."""


class AllocationOrder(Enum):
    """In which order a payment goes to what is owed of one receivable."""

    INTEREST_FIRST = "interest_first"
    """Interest, fine, principal."""
    FINE_FIRST = "fine_first"
    """Fine, interest, principal."""
    PRINCIPAL_FIRST = "principal_first"
    """Principal, fine, interest."""


@frozen
class LatePolicy:
    """How a provider treats late payers.

    What was done is undone once nothing late is left, at once or within ``restore_days``.
    ``least`` is what must be late before anything is done.
    """

    charges: LateCharges = LateCharges()
    stages: tuple[Stage, ...] = field(default=(), converter=as_tuple)
    scope: LateScope = LateScope.SLIP
    order: AllocationOrder = AllocationOrder.INTEREST_FIRST
    restore_days: int = 0
    least: Money | None = None


@frozen
class LateTreatment:
    """What may be done to a late payer by itself: switches of a customer, and of a subscription.

    What one of both forbids is not done.
    """

    blocks: bool = True
    """Whether speed is reduced and service blocked, and cancelling proposed."""
    notices: bool = True
    """Whether notices of stages are sent. A stage that needs one never comes without it."""
    charges: bool = True
    """Whether fine and interest are asked for."""

    def __and__(self, other: LateTreatment) -> LateTreatment:
        """Return what both allow."""
        return LateTreatment(
            blocks=self.blocks and other.blocks,
            notices=self.notices and other.notices,
            charges=self.charges and other.charges,
        )
