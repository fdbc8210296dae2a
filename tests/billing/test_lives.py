"""Rules that hold for every life: closed seldom or often, in arrears or in advance, repaired or not."""

from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction
from math import floor
from random import Random
from typing import Any

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from tests.billing.lives import Life, begin, cents, live, lived, lives
from tests.books import KeptBooks

from ispcore.billing import SourceKind, as_text
from ispcore.catalog import BillingPolicy, DatedPolicy, FinalBill
from ispcore.errors import NotFoundError, RefusedError
from ispcore.plans import Annul, EndKind, Item, Timeline, cycle_holding
from ispcore.timeline import Fact, voided_by
from ispcore.values import ONE_DAY, Rounding


def is_sound(books: KeptBooks) -> bool:
    """Tell whether nothing was taken back that had not been issued, and every amount went somewhere."""
    entries = [charge.id for charge in books.charges]
    put = [(one.source_kind, one.source, one.receivable) for one in books.allocations]
    still_open = [books.open_amount(receivable) for receivable in books.receivables.values()]
    paid_in = sum(one.amount.minor for one in books.allocations if one.source_kind is SourceKind.PAYMENT)
    nets = [net.minor for net in books.net().values()]
    return (
        min(nets, default=0) >= 0
        and len(entries) == len(set(entries))
        and len(put) == len(set(put))
        and min([*still_open, *books.balances().values()], default=0) >= 0
        and sum(still_open) + paid_in == sum(nets) + sum(books.balances().values())
    )


@given(lives())
def test_closing_often_and_closing_once_issue_the_same(life: Life) -> None:
    """A run that comes late issues what the missed ones would have issued, and nothing twice."""
    assert lived(life, closing=True).nets() == lived(life).nets()


@given(lives())
def test_closing_twice_issues_nothing(life: Life) -> None:
    """A job that ran twice once sent two invoices."""
    books = lived(life, closing=True)

    again = books.close(life.last_closing)

    assert (again.entries, again.receivables, again.allocations) == ((), (), ())


@given(lives())
def test_no_life_is_unbillable(life: Life) -> None:
    books = begin(life)
    live(books, life)

    assert books.close(life.last_closing).problems == ()


@given(lives(), st.integers(0, 30000), st.integers(0, 30000))
def test_credits_never_exceed_what_was_issued_and_no_cent_is_lost(
    life: Life, first: int, second: int
) -> None:
    books = begin(life)
    books.close(life.start + timedelta(days=40))
    books.pay(str(cents(first).amount), life.start + timedelta(days=40))
    live(books, life, closing=True)
    books.pay(str(cents(second).amount), life.last_closing)
    books.close(life.last_closing)
    books.close(life.last_closing)

    assert is_sound(books)


@given(lives())
def test_the_preview_is_what_a_closing_issues(life: Life) -> None:
    """Elsewhere the dry run and the invoice were computed apart, and differed."""
    books = begin(life)
    live(books, life, closing=True)

    preview = books.preview(life.last_closing)

    assert preview == books.close(life.last_closing)


@given(lives())
def test_annulled_from_the_start_owes_nothing(life: Life) -> None:
    books = lived(life, closing=True)
    number = min(books.timelines)
    try:
        books.record(Annul(subscription=number, on=life.start), today=life.last_closing)
    except RefusedError:  # it moved to another plan, or its end forbids it
        return
    books.close(life.last_closing)

    assert not [key for key in books.nets() if key[0] == number]


@given(lives())
def test_an_edited_catalogue_changes_no_closed_cycle(life: Life) -> None:
    """Even when every closed cycle is computed again."""
    books = lived(life, closing=True)
    cut = BillingPolicy(rounding=Rounding.DOWN, bills_last_day=False, final_bill=FinalBill.AT_CLOSING)
    books.catalogue = evolve(
        books.catalogue, policies=dict.fromkeys(books.catalogue.policies, (DatedPolicy(None, cut),))
    )
    books.dirty_from = dict.fromkeys(books.timelines, life.start)

    assert books.close(life.last_closing).entries == ()


@given(lives(steps=6))
def test_every_entry_explains_itself(life: Life) -> None:
    books = lived(life, closing=True)

    for charge in books.charges:
        explanation = books.explain(charge)
        assert explanation.agrees
        assert as_text(explanation).startswith(charge.description)


def is_owed(timeline: Timeline, day: date, *, last_day: bool) -> bool:
    state, end = timeline.before_end(day), timeline.end
    if state is None or not state.bills or (state.free_until and day < state.free_until):
        return False
    if end is None or day < end.on:
        return True
    return last_day and day == end.on > state.started_on and end.kind is EndKind.CANCELLED


def has_item(item: Item, day: date, *, last_day: bool) -> bool:
    if item.ends_on is None or day < item.ends_on:
        return True
    return last_day and day == item.ends_on > item.starts_on


def by_days(timeline: Timeline, last_closing: date) -> dict[tuple[str, date], int]:
    """Return what each item owes for each cycle, added up day by day and rounded once."""
    last_day = timeline.last.plan.offer != "no-last-day"
    exact: dict[tuple[str, date], Fraction] = defaultdict(Fraction)
    once: set[str] = set()
    day = timeline.last.started_on
    while day <= last_closing:
        state = timeline.before_end(day)
        if state is not None and is_owed(timeline, day, last_day=last_day):
            cycle = cycle_holding(day, state.terms.closing_day).period
            for item in state.items:
                if has_item(item, day, last_day=last_day) and item.id not in once:
                    share = Fraction(1, cycle.days) if item.recurring else 1
                    exact[item.id, cycle.start] += item.to_pay().minor * share
                    once |= set() if item.recurring else {item.id}
        day += ONE_DAY
    return {key: floor(amount + Fraction(1, 2)) for key, amount in exact.items()}


@given(lives())
def test_a_cycle_costs_the_sum_of_its_owed_days_rounded_once(life: Life) -> None:
    books = lived(life, closing=True)

    for number, timeline in books.timelines.items():
        issued: dict[tuple[str, date], int] = defaultdict(int)
        for key, net in books.net().items():
            if key.subscription == number:
                issued[key.item, key.cycle.period.start] += net.minor
        expected = by_days(timeline, life.last_closing)
        assert {key: cents for key, cents in issued.items() if cents} == {
            key: cents for key, cents in expected.items() if cents
        }


def one_a_day(timeline: Timeline) -> list[Fact[Any]]:
    """Return the facts that count, no two of one day, none of which voids another."""
    first = {fact.effective_on: fact for fact in reversed(timeline.facts)}
    return [
        evolve(fact, payload=evolve(fact.payload, voids=()) if voided_by(fact.payload) else fact.payload)
        for fact in first.values()
    ]


@given(lives(), st.randoms(use_true_random=False))
def test_facts_of_different_days_give_the_same_bill_in_whatever_order_they_were_recorded(
    life: Life, random: Random
) -> None:
    books = begin(life)
    live(books, life)
    number = min(books.timelines)
    facts = one_a_day(books.timelines[number])
    closings = []
    for _ in range(2):
        random.shuffle(facts)
        kept = KeptBooks()
        try:
            kept.recorded(number, [evolve(fact, sequence=n) for n, fact in enumerate(facts, start=1)])
        except (RefusedError, NotFoundError):  # what was left out had made it possible
            return
        closings.append(kept.close(life.last_closing))

    assert closings[0] == closings[1]
