"""Billing policies: the choices of a provider, as values with named defaults, each dated.

A policy holds for whole cycles: the version in force on a cycle's first day rules it.
"""

from __future__ import annotations

from datetime import date
from enum import Enum

from attrs import frozen

from ispcore.errors import InvalidValueError
from ispcore.values import Rounding, check_types


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
        return tuple(Accrual).index(self) - 1


@frozen
class BillingPolicy:
    """How subscriptions are billed; the defaults are the plain choices."""

    rounding: Rounding = Rounding.HALF_UP
    bills_last_day: bool = True
    final_bill: FinalBill = FinalBill.AT_END
    strict_composition: bool = False
    lead_days: int = 5
    due_roll: DueRoll = DueRoll.NONE
    charge_accrual: Accrual = Accrual.PRESENT
    document_accrual: Accrual = Accrual.PRESENT
    advance: bool = False
    closing_day: int = 31
    trial: Trial = Trial()


@frozen
class DatedPolicy:
    """A policy since a day; None since ever."""

    since: date | None
    policy: BillingPolicy


def policy_on(versions: tuple[DatedPolicy, ...], day: date) -> BillingPolicy:
    """Return the policy in force on *day*; the earliest one rules the time before it too."""
    ordered = sorted(versions, key=lambda version: version.since or date.min)
    known = [version for version in ordered if version.since is None or version.since <= day]
    return (known[-1] if known else ordered[0]).policy
