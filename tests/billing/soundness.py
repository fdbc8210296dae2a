"""What must hold after every closing of every life."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise

from attrs import evolve

from ispcore.billing import (
    Books,
    Charge,
    ClosedSubscription,
    Closing,
    Receivable,
    SourceKind,
    charge_id,
    charges_of_span,
    close_quiet,
    close_subscription,
)
from ispcore.billing.schedule import is_due
from ispcore.catalog import BillingPolicy, DayCount, Proration
from ispcore.errors import UnbillableError
from ispcore.plans import BilledSpan, Cycle, Timeline, is_event, last_instalment
from ispcore.values import ItemId, LineId, SubscriptionId
from tests.billing.by_days import Nominal, by_days
from tests.books import KeptBooks

Nets = dict[tuple[ItemId, LineId, str], int]
"""Amounts in minor units by item, line and company."""


def is_sound(books: KeptBooks) -> bool:
    """Tell whether nothing was taken back that had not been issued, and every amount went somewhere."""
    entries = [charge.id for charge in books.charges]
    put = [(one.source_kind, one.source, one.receivable) for one in books.allocations]
    still_open = [left for _, left in books.open_amounts()]
    paid_in = sum(one.amount.minor for one in books.allocations if one.source_kind is SourceKind.PAYMENT)
    nets = [net.minor for net in books.net().values()]
    return (
        min(nets, default=0) >= 0
        and len(entries) == len(set(entries))
        and len(put) == len(set(put))
        and min([*still_open, *books.balances().values()], default=0) >= 0
        and sum(still_open) + paid_in == sum(nets) + sum(books.balances().values())
    )


def close_soundly(books: KeptBooks, on: date) -> Closing:
    """Close on that day, and check everything that holds after any closing."""
    before = len(books.charges)
    issued = {number: set(issued_by_cycle(books, number)) for number in books.timelines}
    preview = books.preview(on)
    closing = books.close(on)
    assert (preview.subscriptions, preview.allocations) == (closing.subscriptions, closing.allocations)
    assert [str(problem) for problem in preview.problems] == [str(problem) for problem in closing.problems]
    again = books.preview(on)
    assert (again.entries, again.receivables, again.allocations) == ((), (), ())
    assert is_sound(books)
    for charge in books.charges[before:]:
        explanation = books.explain(charge)
        assert explanation.agrees
        for part in explanation.parts:
            assert sum(share.cents for share in part.shares) == part.cents
            assert min(share.cents for share in part.shares) >= 0
    for number in books.timelines:
        check_days_due(books, number, [one for one in closing.entries if one.key.cycle not in issued[number]])
        check_cycles(books, number)
        check_end(books, number)
    for one in closing.subscriptions:
        check_outlook(books, one, on)
    return closing


def issued_by_cycle(books: KeptBooks, number: SubscriptionId) -> dict[Cycle, Nets]:
    """Return what was issued for each cycle, without what came to nothing."""
    found: dict[Cycle, Nets] = defaultdict(dict)
    for key, net in books.net().items():
        if key.subscription == number and not net.is_zero:
            found[key.cycle][key.item, key.line, key.company] = net.minor
    return found


def check_days_due(books: KeptBooks, number: SubscriptionId, first: Iterable[Charge]) -> None:
    """Check that the *first* charges of cycles for which nothing stood issued came when they were due."""
    timeline, closed = books.timelines[number], books.closed[number]
    if any(timeline.billed_days(cycle) is None for cycle in closed):
        return  # a closing day that moved let what was billed ahead be billed anew
    for charge in first:
        cycle = charge.key.cycle
        days = timeline.billed_days(cycle) if charge.key.subscription == number else None
        if days is not None and charge.amount.minor and charge.through is None:
            assert is_due(timeline, BilledSpan(cycle, days), closed[cycle], charge.issued_on)


def check_cycles(books: KeptBooks, number: SubscriptionId) -> None:
    """Check that each closed cycle was issued what it owes, that no day is in two, none over its price."""
    timeline, closed = books.timelines[number], books.closed[number]
    issued = issued_by_cycle(books, number)
    assert issued.keys() <= closed.keys()
    spans = {cycle: timeline.billed_days(cycle) for cycle in closed}
    assert not [cycle for cycle in issued if spans[cycle] is None]
    days = sorted(days for cycle, days in spans.items() if days is not None)
    assert all(one.end <= other.start for one, other in pairwise(days))
    waits = books.dirty_from.get(number) is not None
    for cycle, span in spans.items():
        if span is None:
            continue
        through = books.partly[number].get(cycle)
        desired = charges_of_span(timeline, closed[cycle], BilledSpan(cycle, span), through)
        owed = {
            (want.key.item, want.key.line, want.key.company): want.amount.minor
            for want in desired
            if want.amount.minor
        }
        got = issued.get(cycle, {})
        assert got == owed or (waits and all(got.get(key, 0) <= owed.get(key, 0) for key in {*got, *owed}))
        for item in {item for item, _, _ in got if not is_event(item)}:
            parts = [part for want in desired if want.key.item == item for part in want.parts]
            dearest = max(part.fragment.to_pay.minor for part in parts)
            assert sum(net for key, net in got.items() if key[0] == item) <= dearest


def check_end(books: KeptBooks, number: SubscriptionId) -> None:
    """Check that nothing stays issued for cycles that are billed from after the end."""
    timeline = books.timelines[number]
    if timeline.end is None:
        return
    for cycle in issued_by_cycle(books, number):
        days = timeline.billed_days(cycle)
        assert days is not None
        assert days.start <= max(timeline.end.on, last_instalment(timeline) or timeline.end.on)


def check_outlook(books: KeptBooks, found: ClosedSubscription, on: date) -> None:
    """Check what was told of the next closings, as a store keeps it, against those closings."""
    number, told = found.subscription, found.outlook
    if found.dirty_from is not None:
        assert (told.due_from, told.profile) == (None, None)
        return
    full = books.kept(number)
    kept = Books(full.timeline, closed_through=found.closed_through)
    for days in (1, 9, 40):
        day = on + timedelta(days=days)
        try:
            one = close_subscription(kept, books.catalogue, books.terms, day)
        except UnbillableError:
            continue
        whole = close_subscription(full, books.catalogue, books.terms, day)
        assert (one.entries, one.receivables, one.closed) == (whole.entries, whole.receivables, whole.closed)
        assert one.closed_through == whole.closed_through
        if told.due_from is not None and day < told.due_from:
            assert (one.entries, one.closed) == ((), ())
        check_quiet(books, found, one, day)


def check_quiet(books: KeptBooks, found: ClosedSubscription, one: ClosedSubscription, day: date) -> None:
    """Check that a quiet subscription is billed by its profile exactly as it is by itself."""
    told, timeline = found.outlook, books.timelines[found.subscription]
    if told.profile is None or found.closed_through is None:
        return
    quiet = close_quiet(told.profile, found.closed_through, books.catalogue, books.terms, day)
    if quiet is None or (told.quiet_until is not None and told.quiet_until < quiet.reaches):
        return
    assert tuple(_own(entry, timeline) for entry in quiet.entries) == one.entries
    assert tuple(_owed_by(each, timeline) for each in quiet.receivables) == one.receivables
    assert [(each.cycle, each.through, each.terms.policy) for each in quiet.closed] == [
        (each.cycle, each.through, each.terms.policy) for each in one.closed
    ]
    assert quiet.closed_through == one.closed_through
    if told.quiet_until is None:  # else it is looked at from the next cycle's first day on
        assert quiet.due_from == one.outlook.due_from
    else:
        assert quiet.closed_through <= (one.outlook.due_from or date.min)


def _own(entry: Charge, timeline: Timeline) -> Charge:
    """Return an entry of nobody's as that subscription's."""
    mine, fact = timeline.last, timeline.last_sequence
    return evolve(entry, key=evolve(entry.key, subscription=mine.id), customer=mine.customer, fact=fact)


def _owed_by(receivable: Receivable, timeline: Timeline) -> Receivable:
    """Return a receivable of nobody's as that subscription's."""
    mine, key = timeline.last, evolve(receivable.key, subscription=timeline.last.id)
    name = charge_id(key, timeline.last_sequence)
    return evolve(receivable, id=name, key=key, customer=mine.customer)


def counts_days(policy: BillingPolicy) -> bool:
    """Tell whether what is owed under *policy* can be added up day by day."""
    return policy.day_count is DayCount.ACTUAL and policy.proration is Proration.BY_DAYS


def check_days(books: KeptBooks) -> None:
    """Check the books, in which everything that happened is closed, against what the days come to."""
    for number, timeline in books.timelines.items():
        policy = books.catalogue.policy(timeline.last.policy, timeline.last.started_on)
        if not counts_days(policy):
            continue
        issued: dict[tuple[str, Nominal], int] = defaultdict(int)
        for cycle, nets in issued_by_cycle(books, number).items():
            for (item, _, _), net in nets.items():
                if not is_event(item):
                    issued[item, (cycle.period.start, cycle.move)] += net
        expected = by_days(timeline, policy, books.closed[number], books.partly[number])
        assert issued == {key: minor for key, minor in expected.items() if minor}
