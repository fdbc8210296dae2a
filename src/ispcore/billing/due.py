"""When an amount is to be paid, and which months it belongs to."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from ispcore.catalog import DueRoll
from ispcore.plans import closing_on_or_after
from ispcore.values import add_months, next_business_day

if TYPE_CHECKING:
    from ispcore.catalog import Accrual, BillingPolicy, BusinessUnit


def due_date(issued_on: date, due_day: int, policy: BillingPolicy, unit: BusinessUnit) -> date:
    """Return the first *due_day* at least the policy's lead after *issued_on*.

    It is clamped to the month's end, and moved to the next business day where the policy or the unit
    (weekdays only) says so.
    """
    due = closing_on_or_after(issued_on + timedelta(days=policy.lead_days), due_day)
    if policy.due_roll is DueRoll.NEXT_BUSINESS_DAY or unit.weekdays_only:
        return next_business_day(unit.calendar, due)
    return due


def accrual_month(due_on: date, accrual: Accrual) -> date:
    """Return the first day of the month that an amount due on *due_on* belongs to."""
    return add_months(due_on.replace(day=1), accrual.months)
