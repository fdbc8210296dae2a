"""Billing policies: the choices of a provider, as values with named defaults, each dated.

A policy holds for whole cycles: the version in force on a cycle's first day rules it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import Enum
from typing import TypeAlias

from attrs import frozen

from ispcore.catalog.dated import Dated, in_force
from ispcore.errors import InvalidValueError
from ispcore.values import Every, Money, Rounding, check_types


class TrialKind(Enum):
    """How long a customer tries a subscription before it is billed."""

    NONE = "none"
    DAYS = "days"
    """A number of days from the start day, the start day being the first."""
    MONTH = "month"
    """The rest of the calendar month of the start day."""
    CYCLE = "cycle"
    """The rest of the cycle of the start day."""
    STATUS = "status"
    """As long as the timed status lasts in which the subscription starts."""


_MOST_DAYS = 3660


@frozen
class Trial:
    """One trial: its kind, and the days (or the status to start in) that it needs."""

    kind: TrialKind = TrialKind.NONE
    days: int = 0
    status: str | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse days that cannot be, and a trial by status without one."""
        check_types(self)
        if self.kind is TrialKind.DAYS and not 0 <= self.days <= _MOST_DAYS:
            raise InvalidValueError(f"A trial cannot last {self.days} days.", hint=f"Use 0 to {_MOST_DAYS}.")
        if self.kind is TrialKind.STATUS and self.status is None:
            raise InvalidValueError("A trial by status names the status.", hint="Give the timed status.")


class FinalBill(Enum):
    """When the cycle that a cancellation cuts is billed in arrears."""

    AT_END = "at_end"
    AT_CLOSING = "at_closing"


class FirstBill(Enum):
    """When the part of a cycle that a subscription begins with is billed."""

    ALONE = "alone"
    """As any other cycle."""
    WITH_NEXT = "with_next"
    """Together with the first full cycle."""


class AnchorKind(Enum):
    """What holds the cycles of a subscription in their place."""

    CLOSING = "closing"
    """The day on which they close: of the month, or of the week (1 is Monday)."""
    START = "start"
    """The day on which one starts: the anniversary of the first billed day."""


class DayCount(Enum):
    """How much each day of a cycle weighs."""

    ACTUAL = "actual"
    """One in the real days of the cycle."""
    MONTHS_OF_30 = "months_of_30"
    """Every month has 30: a 31st weighs nothing, February's last day takes the rest."""
    MONTHS_OF_28 = "months_of_28"
    """Every month has 28: days after the 28th weigh nothing."""
    ACTUAL_360 = "actual_360"
    """One in the days of the commercial cycle: 30 for a month, 90 for a quarter, never more than all."""


class Proration(Enum):
    """What a cycle costs in which an item begins or ends."""

    BY_DAYS = "by_days"
    """Its owed days."""
    FULL = "full"
    """All of the cycle: who begins one owes it."""
    FREE = "free"
    """Nothing: only cycles are owed that are used from the first to the last day."""


class Suspension(Enum):
    """What becomes of days that were paid in advance when a status or a pause stops billing."""

    CREDIT = "credit"
    """They are credited."""
    EXTEND = "extend"
    """They stay owed, and as many later days are free."""
    NEITHER = "neither"
    """They stay owed: the cycle in which billing stops is owed whole."""


class ClosingMove(Enum):
    """What happens to the running cycle when the closing day moves."""

    FINISH = "finish"
    CUT = "cut"


class SpareCents(Enum):
    """Which instalments take the cents that an even split leaves over."""

    FIRST = "first"
    LAST = "last"


class OpenInstalments(Enum):
    """What becomes of open instalments when a subscription is cancelled."""

    AT_ONCE = "at_once"
    """They are owed together, with the cycle of the end."""
    GO_ON = "go_on"
    """They go on, one a cycle."""


class DueRoll(Enum):
    """What happens to a due date that is no business day."""

    NONE = "none"
    NEXT_BUSINESS_DAY = "next_business_day"


class Accrual(Enum):
    """The month that an amount belongs to, counted from the due month."""

    PAST = "past"
    PRESENT = "present"
    FUTURE = "future"

    @property
    def months(self) -> int:
        """How many months to go from the due month."""
        return _ACCRUAL_MONTHS[self]


_ACCRUAL_MONTHS = {accrual: at for at, accrual in enumerate(Accrual, start=-1)}


@frozen
class BillingPolicy:
    """How subscriptions are billed; the defaults are the plain choices.

    ``closing_month`` is a month in which cycles of more than one month close; None takes the month of the
    first billed day. ``greedy`` bills an open cycle in arrears up to the day of a closing.
    ``due_day_fee`` is charged for moving the due day; None: nothing.
    """

    rounding: Rounding = Rounding.HALF_UP
    bills_last_day: bool = True
    final_bill: FinalBill = FinalBill.AT_END
    strict_composition: bool = False
    lead_days: int = 5
    due_roll: DueRoll = DueRoll.NONE
    charge_accrual: Accrual = Accrual.PRESENT
    document_accrual: Accrual = Accrual.PRESENT
    advance: bool = False
    every: Every = Every()
    anchor: AnchorKind = AnchorKind.CLOSING
    closing_day: int = 31
    closing_month: int | None = None
    closing_move: ClosingMove = ClosingMove.FINISH
    day_count: DayCount = DayCount.ACTUAL
    proration: Proration = Proration.BY_DAYS
    first_bill: FirstBill = FirstBill.ALONE
    greedy: bool = False
    suspension: Suspension = Suspension.CREDIT
    trial: Trial = Trial()
    spare_cents: SpareCents = SpareCents.FIRST
    open_instalments: OpenInstalments = OpenInstalments.AT_ONCE
    due_day_fee: Money | None = None


DatedPolicy: TypeAlias = Dated[BillingPolicy]
"""A billing policy since a day."""


def policy_on(versions: Sequence[DatedPolicy], day: date) -> BillingPolicy:
    """Return the policy in force on *day*; the earliest one rules the time before it too."""
    return in_force(versions, day)
