"""A closing of one customer, as a value: what it would append to the books.

The same function serves the preview and the real run; only the saving differs.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple, cast

from attrs import evolve, field, frozen

from ispcore.billing.books import Books, CustomerBooks
from ispcore.billing.desired import charges_of_span, offers, policy_name
from ispcore.billing.due import accrual_month, due_date
from ispcore.billing.entries import Allocation, Charge, EntryKind, Receivable
from ispcore.billing.merge import Difference, merge
from ispcore.billing.outlook import Outlook, outlook
from ispcore.billing.schedule import (
    abandoned,
    closed_through,
    first_owed_in_advance,
    is_due,
    open_through,
    spans_to_look_at,
)
from ispcore.billing.settle import OpenAmounts
from ispcore.billing.terms import Terms, TermsSource
from ispcore.billing.weights import whole_weight
from ispcore.catalog import DebitKind
from ispcore.errors import IspcoreError, UnbillableError
from ispcore.plans import BilledSpan, Cycle, is_event
from ispcore.values import Money, SubscriptionId

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ispcore.billing.books import Issued
    from ispcore.billing.desired import ChargeKey
    from ispcore.catalog import Catalogue, Line
    from ispcore.plans import State


@frozen
class ClosedCycle:
    """A cycle that was billed, with the terms to pin; up to *through* where it is still open."""

    cycle: Cycle
    terms: Terms
    through: date | None = None


@frozen
class ClosedSubscription:
    """What a closing found for one subscription.

    ``closed`` are the cycles closed by it. ``repinned`` are cycles closed before that an offer reached since,
    with their pinned terms and that offer's, and open ones that were billed further. ``dirty_from`` stays
    set while a cycle is billed in part, or closed ahead of an open one by a moved closing day, and when a
    closed one is to be charged more, but not before it is due again: in arrears, or with nothing issued.
    """

    subscription: SubscriptionId
    entries: tuple[Charge, ...]
    receivables: tuple[Receivable, ...]
    closed: tuple[ClosedCycle, ...]
    closed_through: date | None
    dirty_from: date | None
    repinned: tuple[ClosedCycle, ...] = ()
    outlook: Outlook = Outlook()


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


def close_customer(
    account: CustomerBooks,
    catalogue: Catalogue,
    terms: TermsSource,
    on: date,
    *,
    open_cycles: bool = False,
) -> Closing:
    """Return what a closing on that day appends for one customer.

    A subscription that cannot be billed becomes a problem; the others go on. With *open_cycles* those in
    arrears that are still open are billed up to that day, whatever the policy says.
    """
    closed: list[ClosedSubscription] = []
    problems: list[UnbillableError] = [*account.problems]
    for books in account.books:
        try:
            closed.append(close_subscription(books, catalogue, terms, on, open_cycles=open_cycles))
        except UnbillableError as problem:
            problems.append(problem)
    return Closing(tuple(closed), tuple(_settled(account, closed, on)), tuple(problems))


def close_subscription(
    books: Books, catalogue: Catalogue, terms: TermsSource, on: date, *, open_cycles: bool = False
) -> ClosedSubscription:
    """Return what a closing on that day appends for one subscription.

    Raises:
        UnbillableError: the timeline or the catalogue does not allow it; rule and facts are named.
    """
    try:
        return _close(_Found(books, catalogue, on, asked=open_cycles), terms)
    except UnbillableError:
        raise
    except (IspcoreError, ArithmeticError, ValueError) as error:
        # A day or a number that nothing can be computed from must not stop those of others.
        rule = getattr(error, "rule", type(error).__name__)
        facts = tuple(fact.id for fact in books.timeline.facts)
        message = f"Subscription {books.subscription} cannot be billed: {error}"
        raise UnbillableError(message, subscription=books.subscription, rule=rule, facts=facts) from error


def _close(done: _Found, terms: TermsSource) -> ClosedSubscription:
    books = done.books
    for span in spans_to_look_at(books, done.through):
        done.look_at(span, _terms(books, terms, span.cycle))
    for cycle in abandoned(books):
        done.take_back(cycle, books.closed[cycle])
    return done.result()


def _through(books: Books, on: date) -> date:
    """Return the day up to which is billed: *on*, or what was billed ahead before the closing day moved."""
    ahead = (cycle.period.last for cycle in abandoned(books) if cycle not in books.partly)
    return max([on, *ahead])


class _Dates(NamedTuple):
    """When an amount is to be paid, and which months it belongs to."""

    due_on: date
    accrual: date
    document_accrual: date


class _Found:
    """What a closing of one subscription finds, cycle by cycle."""

    def __init__(self, books: Books, catalogue: Catalogue, on: date, *, asked: bool) -> None:
        self.books = books
        self.through = _through(books, on)
        self._asked = asked
        self._catalogue = catalogue
        self._state = books.timeline.on(on) or books.timeline.last
        self._unit = catalogue.unit(self._state.unit)
        self._on = on
        self._fact = books.timeline.last_sequence
        self._entries: list[Charge] = []
        self._receivables: list[Receivable] = []
        self._closed: list[ClosedCycle] = []
        self._repinned: list[ClosedCycle] = []
        self._dirty: list[date] = []
        self._due: dict[int, _Dates] = {}

    def look_at(self, span: BilledSpan, used: Terms) -> None:
        """Issue the difference of a cycle that is due, or was closed before."""
        timeline, cycle = self.books.timeline, span.cycle
        pinned, partly = self.books.closed.get(cycle), self.books.partly.get(cycle)
        due = is_due(timeline, span, used, self.through)
        through = None if due else self._open_through(span, used, partly)
        is_open = pinned is None or partly is not None
        if is_open and not due and through is None:
            return
        if not is_open:
            through = None
        issued = self._issued(cycle)
        waits = not is_open and not due
        paid_ahead = waits and self._is_paid_ahead(span, used, issued)
        desired = charges_of_span(timeline, used, span, through)
        for difference in merge(desired, issued):
            # Each instalment has a closing of its own, whatever was paid ahead.
            in_turn = waits and (not paid_ahead or is_event(difference.key.item))
            if in_turn and difference.amount.minor > 0:
                self._dirty.append(span.days.start)
            else:
                self._issue(difference, used, through)
        if through is not None:
            self._dirty.append(span.days.start)
        if pinned is None:
            self._closed.append(ClosedCycle(cycle, used, through))
        elif used is not pinned or through != partly:
            self._repinned.append(ClosedCycle(cycle, used, through))

    def _open_through(self, span: BilledSpan, used: Terms, partly: date | None) -> date | None:
        """Return the day up to which a span that is not due is billed all the same; None: not at all."""
        if not used.policy.greedy and not self._asked:
            return partly
        return open_through(self.books.timeline, span, used, self._on, partly)

    def _is_paid_ahead(self, span: BilledSpan, used: Terms, issued: Mapping[ChargeKey, Money]) -> bool:
        """Tell whether *span* is paid in advance, and something stands *issued* for it by now."""
        in_advance = first_owed_in_advance(self.books.timeline, span, used) is not None
        return in_advance and any(not net.is_zero for net in issued.values())

    def take_back(self, cycle: Cycle, used: Terms) -> None:
        """Credit what was issued for a cycle that is none of the subscription's any more."""
        for difference in merge((), self._issued(cycle)):
            self._issue(difference, used, None)

    def result(self) -> ClosedSubscription:
        """Return what was found."""
        books = self.books
        open_now = {one.cycle for one in (*self._closed, *self._repinned) if one.through is not None}
        whole = {one.cycle for one in (*self._closed, *self._repinned) if one.through is None}
        whole |= set(books.closed) - set(books.partly) - open_now
        since = books.closed_through if books.dirty_from is None else None
        reached = closed_through(books.timeline, whole, since)
        if any(reached is None or cycle.period.end > reached for cycle in whole):
            # A moved closing day left them behind; who bills on must know of them.
            self._dirty.append(reached or books.timeline.last.started_on)
        dirty = min(self._dirty, default=None)
        return ClosedSubscription(
            subscription=books.subscription,
            entries=tuple(self._entries),
            receivables=tuple(self._receivables),
            closed=tuple(self._closed),
            closed_through=reached,
            dirty_from=dirty,
            repinned=tuple(self._repinned),
            outlook=outlook(books.timeline, reached, dirty, self._catalogue),
        )

    def _issued(self, cycle: Cycle) -> dict[ChargeKey, Money]:
        return {key: issued.net for key, issued in self.books.issued.items() if key.cycle == cycle}

    def _issue(self, difference: Difference, used: Terms, through: date | None) -> None:
        entry = self._entry(difference, used, through)
        self._entries.append(entry)
        if entry.kind is EntryKind.CHARGE and not entry.amount.is_zero:
            self._receivables.append(_receivable(entry, self._state, self._dates(used), self._on))

    def _entry(self, difference: Difference, used: Terms, through: date | None) -> Charge:
        key, desired, amount, state = (
            difference.key,
            difference.desired,
            difference.amount,
            self.books.timeline.last,
        )
        owed = [part.fragment for part in desired.parts] if desired else []
        booked = _booked(difference, self.books.issued.get(key))
        return Charge(
            key=key,
            fact=self._fact,
            kind=EntryKind.CREDIT if amount.minor < 0 else EntryKind.CHARGE,
            amount=-amount if amount.minor < 0 else amount,
            customer=state.customer,
            description=booked.description,
            target=booked.target,
            issued_on=self._on,
            days=sum([fragment.period.days for fragment in owed]),
            days_of=key.cycle.period.days,
            weight=sum([fragment.weight for fragment in owed]),
            weight_of=whole_weight(key.cycle.period, state.terms.grid.every, used.policy.day_count),
            rule_version=used.rule_version,
            through=through,
        )

    def _dates(self, used: Terms) -> _Dates:
        """Return when what is issued under these terms is due; all lines of a cycle share it."""
        known = self._due.get(id(used.policy))
        if known is None:
            due_on = due_date(self._on, self._state.terms.due_day, used.policy, self._unit)
            known = self._due[id(used.policy)] = _Dates(
                due_on,
                accrual_month(due_on, used.policy.charge_accrual),
                accrual_month(due_on, used.policy.document_accrual),
            )
        return known


def _terms(books: Books, terms: TermsSource, cycle: Cycle) -> Terms:
    """Return the pinned terms of *cycle*, with the offers that reached it since; today's for an open one."""
    wanted, policy = offers(books.timeline, cycle), policy_name(books.timeline, cycle)
    pinned = books.closed.get(cycle)
    if pinned is None:
        return terms(cycle, policy, wanted)
    missing = wanted.difference(pinned.compositions)
    fresh = terms(cycle, policy, missing).compositions if missing else {}
    return evolve(pinned, compositions={**pinned.compositions, **fresh}) if fresh else pinned


def _booked(difference: Difference, issued: Issued | None) -> Line | Issued:
    """Return where an entry is booked: a credit where its charge was, a charge where its line says."""
    if difference.desired is not None and (issued is None or difference.amount.minor >= 0):
        return difference.desired.line
    return cast("Issued", issued)


def _receivable(charge: Charge, state: State, dates: _Dates, on: date) -> Receivable:
    return Receivable(
        id=charge.id,
        key=charge.key,
        customer=charge.customer,
        amount=charge.amount,
        description=charge.description,
        target=charge.target,
        charge_method=charge.target.charge_method or state.terms.charge_method,
        due_on=dates.due_on,
        issued_on=on,
        accrual=dates.accrual,
        document_accrual=dates.document_accrual,
        separate_slip=state.terms.separate_slip,
        separate_document=state.terms.separate_document,
        kind=DebitKind.EVENT if is_event(charge.key.item) else DebitKind.FEE,
    )


def _settled(account: CustomerBooks, closed: list[ClosedSubscription], on: date) -> Iterator[Allocation]:
    """Put the credits to what they repair, then use up the balances."""
    amounts = OpenAmounts(account.open, account.balances.items(), account.reopened, account.let_go)
    for one in closed:
        for entry in one.entries:
            if entry.kind is EntryKind.CREDIT:
                yield from amounts.settle_credit(entry, on)
    for one in closed:
        for receivable in one.receivables:
            amounts.add(receivable)
    yield from amounts.use_balance(on)
