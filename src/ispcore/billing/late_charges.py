"""Fine and interest of a receivable that is paid late.

Both are running totals from the due day: what was asked for before is taken off, so no day is counted twice
and the fine is asked for once. What is paid by the last day without charges was paid in time; what is paid
later stops counting from its day on, which itself still counts in full.
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from attrs import field, frozen

from ispcore.billing.entries import SourceKind, taken_back
from ispcore.catalog import CountFrom, DayBasis, DebitKind
from ispcore.values import Money, as_tuple, day_in_month, next_business_day, percent_of, round_ratio, zero

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ispcore.billing.entries import Allocation, Receivable
    from ispcore.catalog import LateCharges
    from ispcore.values import BusinessCalendar, Currency

LATE_KINDS = frozenset({DebitKind.FINE, DebitKind.INTEREST})
"""What is asked for because something else is late; it bears neither itself."""

_MONTH = 30
_REOPENS = {SourceKind.REVERSAL: SourceKind.PAYMENT, SourceKind.RETURN: SourceKind.BALANCE}
"""What takes a source back."""
_REPLACED = {SourceKind.UNWAIVED: SourceKind.WAIVER, SourceKind.UNWRITTEN: SourceKind.WRITE_OFF}
"""What gives way to a credit, which was never owed: it was less let go from the day on which it was."""


@frozen
class PrincipalChange:
    """By how many minor units less is owed after a day; negative where it is more again."""

    on: date
    minor: int


@frozen
class Principal:
    """An amount with its due day, and how it became less."""

    amount: Money
    due_on: date
    changes: tuple[PrincipalChange, ...] = field(default=(), converter=as_tuple)

    @staticmethod
    def of(
        receivable: Receivable, put: Iterable[Allocation], frozen_parts: Iterable[PrincipalChange] = ()
    ) -> Principal:
        """Return what was owed of a *receivable*, given everything that was *put* to it.

        What a closing took back was never owed, nor what a customer contested rightly, and a payment that was
        taken back never was. A part that
        bears no charges for a while is one of *frozen_parts*: less from one day, as much more from another.
        """
        return Principal(receivable.amount, receivable.due_on, (*_changes(receivable, put), *frozen_parts))


def _changes(receivable: Receivable, put: Iterable[Allocation]) -> Iterator[PrincipalChange]:
    mine = [one for one in put if one.receivable == receivable.id]
    days = {(one.source_kind, one.source): one.on for one in mine}
    latest = {one.source_kind: one.on for one in sorted(mine, key=lambda one: one.on)}
    for one in mine:
        if one.source_kind in _REPLACED:
            yield PrincipalChange(latest.get(_REPLACED[one.source_kind], one.on), one.settled_minor)
            continue
        kind = _REOPENS.get(one.source_kind, one.source_kind)
        source = taken_back(one)
        never = kind is SourceKind.CREDIT or _was_contested(one)
        day = date.min if never else days.get((kind, source), one.on)
        yield PrincipalChange(day, one.settled_minor)


def _was_contested(put: Allocation) -> bool:
    """Tell whether a dispute that was settled let go of it: its source is a fact of the customer's."""
    return put.source_kind is SourceKind.WAIVER and put.source.startswith("customer:")


@frozen
class LateAmounts:
    """A fine and interest."""

    fine: Money
    interest: Money

    @staticmethod
    def none(currency: Currency) -> LateAmounts:
        """Return neither."""
        return LateAmounts(zero(currency), zero(currency))

    @property
    def total(self) -> Money:
        """Both together."""
        return self.fine + self.interest


def day_to_pay(due_on: date, charges: LateCharges, calendar: BusinessCalendar) -> date:
    """Return the last day on which an amount due on *due_on* is in time."""
    return next_business_day(calendar, due_on) if charges.business_days else due_on


def days_late(due_on: date, charges: LateCharges, calendar: BusinessCalendar, on: date) -> int:
    """Return for how many days interest is counted when an amount is paid *on* a day."""
    last = day_to_pay(due_on, charges, calendar)
    if on <= last + timedelta(days=charges.grace_days):
        return 0
    return (on - (last if charges.count_from is CountFrom.ROLLED else due_on)).days


def late_charges(
    principal: Principal,
    charges: LateCharges,
    calendar: BusinessCalendar,
    *,
    on: date,
    so_far: LateAmounts | None = None,
) -> LateAmounts:
    """Return the fine and the interest to ask for when *principal* is paid *on* a day.

    It comes on top of what was asked for *so_far*; nothing of that is ever taken back here.
    """
    currency = principal.amount.currency
    before = so_far or LateAmounts.none(currency)
    whole = _whole(principal, charges, calendar, on)
    return LateAmounts(
        max(whole.fine - before.fine, zero(currency)), max(whole.interest - before.interest, zero(currency))
    )


def over_asked(
    principal: Principal, charges: LateCharges, calendar: BusinessCalendar, *, on: date, so_far: LateAmounts
) -> LateAmounts:
    """Return how much more than is due was asked for through *on*, because a part was never owed.

    There is none where nothing of *principal* was found to be never owed: what people paid or were let off
    since, and policies that were edited since, take nothing back.
    """
    nothing = zero(principal.amount.currency)
    if not any(change.on == date.min for change in principal.changes):
        return LateAmounts(nothing, nothing)
    whole = _whole(principal, charges, calendar, on)
    fine, interest = so_far.fine - whole.fine, so_far.interest - whole.interest
    return LateAmounts(max(fine, nothing), max(interest, nothing))


def _whole(principal: Principal, charges: LateCharges, calendar: BusinessCalendar, on: date) -> LateAmounts:
    """Return everything that is asked for through *on*, as if nothing had been before."""
    amount, currency = principal.amount, principal.amount.currency
    late = days_late(principal.due_on, charges, calendar, on)
    if not late:
        return LateAmounts.none(currency)
    free = day_to_pay(principal.due_on, charges, calendar) + timedelta(days=charges.grace_days)
    open_late = Money(amount.minor - sum(one.minor for one in principal.changes if one.on <= free), currency)
    fine = percent_of(open_late, charges.fine_percent, charges.rounding)
    later = [one for one in principal.changes if free < one.on < on]
    exact = _weighed(open_late.minor, later, charges.day_basis, on - timedelta(days=late), on)
    exact *= Fraction(*charges.interest_percent.as_integer_ratio()) * Fraction(1, 100)
    interest = Money(round_ratio(exact.numerator, exact.denominator, charges.rounding), currency)
    if charges.most_percent is not None:
        most = percent_of(open_late, charges.most_percent, charges.rounding)
        fine = min(fine, most)
        interest = min(interest, most - fine)
    found = LateAmounts(fine, interest)
    little = charges.least is not None and found.total < charges.least
    return LateAmounts.none(currency) if little else found


def _weighed(
    minor: int, later: Iterable[PrincipalChange], basis: DayBasis, since: date, on: date
) -> Fraction:
    """Return what was open on the days after *since* through *on*, each times its part of a month."""
    changes = sorted(later, key=lambda one: one.on)
    days = [since, *(one.on for one in changes), on]
    found, left = Fraction(0), minor
    for (start, end), change in zip(pairwise(days), [*changes, None], strict=True):
        found += left * _months(basis, start, end)
        left -= change.minor if change is not None else 0
    return found


def _months(basis: DayBasis, start: date, end: date) -> Fraction:
    """Return how many months the days after *start* through *end* are."""
    if basis is DayBasis.THIRTY:
        return Fraction((end - start).days, _MONTH)
    found = Fraction(0)
    while start < end:
        last = day_in_month(*_month_of(start + timedelta(days=1)), 31)
        reached = min(last, end)
        found += Fraction((reached - start).days, last.day)
        start = reached
    return found


def _month_of(day: date) -> tuple[int, int]:
    return day.year, day.month
