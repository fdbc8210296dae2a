"""A closing of one customer, as a value: what it would append to the books.

The same function serves the preview and the real run; only the saving differs.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, cast

from attrs import evolve, field, frozen

from ispcore.billing.books import Books, CustomerBooks
from ispcore.billing.desired import charges_of_cycle, offers, policy_name
from ispcore.billing.due import accrual_month, due_date
from ispcore.billing.entries import Allocation, Charge, EntryKind, Receivable
from ispcore.billing.merge import Difference, merge
from ispcore.billing.schedule import cycles_to_look_at, first_owed_in_advance, is_due
from ispcore.billing.settle import OpenAmounts
from ispcore.billing.terms import Terms, TermsSource
from ispcore.errors import IspcoreError, RefusedError, UnbillableError
from ispcore.plans import Cycle, cycle_holding
from ispcore.values import Money, SubscriptionId

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ispcore.billing.books import Issued
    from ispcore.catalog import BusinessUnit, Catalogue, Line
    from ispcore.plans import State


@frozen
class ClosedSubscription:
    """What a closing found for one subscription.

    ``closed`` are the cycles closed by it, with the terms to pin. ``repinned`` are cycles closed before that
    an offer reached since, with their pinned terms and that offer's. ``dirty_from`` stays set when a closed
    cycle in arrears is to be charged more, but not before it is due again.
    """

    subscription: SubscriptionId
    entries: tuple[Charge, ...]
    receivables: tuple[Receivable, ...]
    closed: tuple[tuple[Cycle, Terms], ...]
    closed_through: date | None
    dirty_from: date | None
    repinned: tuple[tuple[Cycle, Terms], ...] = ()


@frozen
class Closing:
    """What a closing appends for one customer, and the subscriptions that could not be billed."""

    subscriptions: tuple[ClosedSubscription, ...]
    allocations: tuple[Allocation, ...]
    problems: tuple[UnbillableError, ...] = field(default=())

    @property
    def entries(self) -> tuple[Charge, ...]:
        """Every charge and credit."""
        return tuple(entry for one in self.subscriptions for entry in one.entries)

    @property
    def receivables(self) -> tuple[Receivable, ...]:
        """Every receivable."""
        return tuple(receivable for one in self.subscriptions for receivable in one.receivables)


def close_customer(account: CustomerBooks, catalogue: Catalogue, terms: TermsSource, on: date) -> Closing:
    """Return what a closing on that day appends for one customer.

    A subscription that cannot be billed becomes a problem; the others go on.
    """
    closed: list[ClosedSubscription] = []
    problems: list[UnbillableError] = [*account.problems]
    for books in account.books:
        try:
            closed.append(close_subscription(books, catalogue, terms, on))
        except UnbillableError as problem:
            problems.append(problem)
    return Closing(tuple(closed), tuple(_settled(account, closed, on)), tuple(problems))


def close_subscription(
    books: Books, catalogue: Catalogue, terms: TermsSource, on: date
) -> ClosedSubscription:
    """Return what a closing on that day appends for one subscription.

    Raises:
        UnbillableError: the timeline or the catalogue does not allow it; rule and facts are named.
    """
    try:
        return _close(books, catalogue, terms, on)
    except UnbillableError:
        raise
    except IspcoreError as error:
        rule = getattr(error, "rule", type(error).__name__)
        facts = tuple(fact.id for fact in books.timeline.facts)
        message = f"Subscription {books.subscription} cannot be billed: {error}"
        raise UnbillableError(message, subscription=books.subscription, rule=rule, facts=facts) from error


def _close(books: Books, catalogue: Catalogue, terms: TermsSource, on: date) -> ClosedSubscription:
    _check_grid(books)
    state = books.timeline.on(on) or books.timeline.last
    unit = catalogue.unit(state.unit)
    entries: list[Charge] = []
    receivables: list[Receivable] = []
    closed: list[tuple[Cycle, Terms]] = []
    repinned: list[tuple[Cycle, Terms]] = []
    waiting: list[date] = []
    for cycle in cycles_to_look_at(books, on):
        pinned = books.closed.get(cycle)
        used = _terms(books, terms, cycle)
        due = is_due(books.timeline, cycle, used, on)
        if not due and pinned is None:
            continue
        waits = not due and first_owed_in_advance(books.timeline, cycle, used) is None
        for difference in _differences(books, used, cycle):
            if waits and difference.amount.minor > 0:
                waiting.append(cycle.period.start)
                continue
            entry = _entry(books, difference, used, on)
            entries.append(entry)
            if entry.kind is EntryKind.CHARGE and not entry.amount.is_zero:
                receivables.append(_receivable(entry, state, used, unit, on))
        if used is not pinned:
            (closed if pinned is None else repinned).append((cycle, used))
    ends = [cycle.period.end for cycle, _ in closed]
    return ClosedSubscription(
        subscription=books.subscription,
        entries=tuple(entries),
        receivables=tuple(receivables),
        closed=tuple(closed),
        closed_through=max([*ends, books.closed_through or date.min]) if ends else books.closed_through,
        dirty_from=min(waiting, default=None),
        repinned=tuple(repinned),
    )


def _check_grid(books: Books) -> None:
    """Refuse closed cycles that are none of the subscription's: some days would be billed twice."""
    closing_day = books.timeline.last.terms.closing_day
    for cycle in books.closed:
        if cycle_holding(cycle.period.start, closing_day).period != cycle.period:
            raise RefusedError(
                f"The cycle {cycle} was closed, and the closing day is {closing_day} now.",
                rule="closing-day-billed",
                hint="Retract the fact that moved the closing day.",
            )


def _terms(books: Books, terms: TermsSource, cycle: Cycle) -> Terms:
    """Return the pinned terms of *cycle*, with the offers that reached it since; today's for an open one."""
    wanted, policy = offers(books.timeline, cycle), policy_name(books.timeline, cycle)
    pinned = books.closed.get(cycle)
    if pinned is None:
        return terms(cycle, policy, wanted)
    missing = wanted.difference(pinned.compositions)
    fresh = terms(cycle, policy, missing).compositions if missing else {}
    return evolve(pinned, compositions={**pinned.compositions, **fresh}) if fresh else pinned


def _differences(books: Books, terms: Terms, cycle: Cycle) -> Iterator[Difference]:
    desired = charges_of_cycle(books.timeline, terms, cycle)
    issued = {key: issued.net for key, issued in books.issued.items() if key.cycle == cycle}
    return merge(desired, issued)


def _entry(books: Books, difference: Difference, terms: Terms, on: date) -> Charge:
    key, desired, amount = difference.key, difference.desired, difference.amount
    owed = [part.fragment for part in desired.parts] if desired else []
    booked = _booked(difference, books.issued.get(key))
    return Charge(
        key=key,
        fact=books.timeline.last_sequence,
        kind=EntryKind.CREDIT if amount.minor < 0 else EntryKind.CHARGE,
        amount=Money(abs(amount.minor), amount.currency),
        customer=books.timeline.last.customer,
        description=booked.description,
        target=booked.target,
        issued_on=on,
        days=sum(fragment.period.days for fragment in owed),
        days_of=key.cycle.period.days,
        weight=sum(fragment.weight for fragment in owed),
        weight_of=key.cycle.period.days,
        rule_version=terms.rule_version,
    )


def _booked(difference: Difference, issued: Issued | None) -> Line | Issued:
    """Return where an entry is booked: a credit where its charge was, a charge where its line says."""
    if difference.desired is not None and (issued is None or difference.amount.minor >= 0):
        return difference.desired.line
    return cast("Issued", issued)


def _receivable(charge: Charge, state: State, terms: Terms, unit: BusinessUnit, on: date) -> Receivable:
    due_on = due_date(on, state.terms.due_day, terms.policy, unit)
    return Receivable(
        id=charge.id,
        key=charge.key,
        customer=charge.customer,
        amount=charge.amount,
        description=charge.description,
        target=charge.target,
        charge_method=charge.target.charge_method or state.terms.charge_method,
        due_on=due_on,
        issued_on=on,
        accrual=accrual_month(due_on, terms.policy.charge_accrual),
        document_accrual=accrual_month(due_on, terms.policy.document_accrual),
        separate_slip=state.terms.separate_slip,
        separate_document=state.terms.separate_document,
    )


def _settled(account: CustomerBooks, closed: list[ClosedSubscription], on: date) -> Iterator[Allocation]:
    """Put the credits to what they repair, then use up the balances."""
    amounts = OpenAmounts(account.open, account.balances.items())
    for one in closed:
        for entry in one.entries:
            if entry.kind is EntryKind.CREDIT:
                yield from amounts.settle_credit(entry, on)
    for one in closed:
        for receivable in one.receivables:
            amounts.add(receivable)
    yield from amounts.use_balance(on)
