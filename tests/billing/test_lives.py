"""Rules that hold for every life: by any policy, closed seldom or often, on any day, repaired or not.

A normal run takes a sample. ``ISPCORE_LIVES=100000 pytest tests/billing/test_lives.py`` runs so many lives
through the first of these tests; with ``-n auto`` of pytest-xdist on all cores.
"""

import os
import sys
import time
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from attrs import evolve
from hypothesis import HealthCheck, Phase, given, reject, seed, settings
from hypothesis import strategies as st

from ispcore.billing import Closing, as_text
from ispcore.catalog import BillingPolicy, DatedPolicy, DayCount, FinalBill, Proration
from ispcore.errors import NotFoundError, RefusedError, UnbillableError
from ispcore.plans import Annul, Timeline, fold, fold_with
from ispcore.timeline import Fact, voided_by
from ispcore.values import Rounding
from tests.billing.life_policies import policies
from tests.billing.lives import CATALOGUE_PRICE, MONTHLY_KINDS, Life, begin, cents, live, lived, lives
from tests.billing.soundness import check_days, close_soundly, is_sound
from tests.books import KeptBooks

LIVES = int(os.environ.get("ISPCORE_LIVES", "0"))
_BATCH = 1000
_SAMPLE = 150
BATCHES = -(-LIVES // _BATCH)
CATALOGUES_FAULT = {"composition-over-price", "composition-under-price"}
"""Rules by which a new version of the catalogue cannot split a price of the subscription's own."""

_AS_FOUND = (Phase.explicit, Phase.reuse, Phase.generate)
"""To make a life shorter that breaks a rule would take minutes; its steps can be left out by hand."""

few = settings(max_examples=30)


def begun(life: Life) -> KeptBooks:
    """Return the books of a life that its policies let begin."""
    try:
        return begin(life)
    except RefusedError:
        reject()


def live_soundly(life: Life) -> None:
    books = begun(life)
    problems: list[UnbillableError] = []

    def closed(on: date) -> Closing:
        closing = close_soundly(books, on)
        problems.extend(closing.problems)
        return closing

    live(books, life, closed=closed)
    closed(life.last_closing)

    edited = any(step.kind == CATALOGUE_PRICE for step in life.steps)
    assert {problem.rule for problem in problems} <= (CATALOGUES_FAULT if edited else set())
    if not problems:
        check_days(books)


@pytest.mark.parametrize("batch", range(max(BATCHES, 1)))
def test_every_closing_of_every_life_is_sound(batch: int, capfd: pytest.CaptureFixture[str]) -> None:
    if not LIVES:
        settings(max_examples=_SAMPLE, phases=_AS_FOUND)(given(lives())(live_soundly))()
        return
    many, began_at = min(_BATCH, LIVES - batch * _BATCH), time.monotonic()
    at_length = settings(
        max_examples=many, phases=_AS_FOUND, database=None, suppress_health_check=list(HealthCheck)
    )
    seed(batch)(at_length(given(lives())(live_soundly)))()
    rate = many / (time.monotonic() - began_at)

    with capfd.disabled():
        sys.stderr.write(f" batch {batch + 1} of {BATCHES}: {many} lives, {rate:.0f} a second\n")


_STOPS = (
    *("pause", "unpause", "pause for days", "suspend", "resume", "status", "enable provisionally"),
    *("block", "in advance", "add visit"),
)
_COUNTED = policies(counts=(DayCount.ACTUAL,), prorations=(Proration.BY_DAYS,))


@few
@given(lives(kinds=(*_STOPS, "closing day", "price", CATALOGUE_PRICE), policy=_COUNTED))
def test_stops_and_moves_come_to_the_sum_of_their_days(life: Life) -> None:
    live_soundly(life)


@few
@given(lives(kinds=MONTHLY_KINDS))
def test_closing_often_and_closing_once_issue_the_same(life: Life) -> None:
    """A run that comes late issues what the missed ones would have issued, and nothing twice."""
    begun(life)

    assert lived(life, closing=True).nets() == lived(life).nets()


@few
@given(lives(), st.integers(0, 30000), st.integers(0, 30000))
def test_credits_never_exceed_what_was_issued_and_no_cent_is_lost(
    life: Life, first: int, second: int
) -> None:
    books = begun(life)
    books.close(life.start + timedelta(days=40))
    books.pay(str(cents(first).amount), life.start + timedelta(days=40))
    live(books, life, closed=books.close)
    books.pay(str(cents(second).amount), life.last_closing)
    books.close(life.last_closing)
    books.close(life.last_closing)

    assert is_sound(books)


@few
@given(lives())
def test_annulled_from_the_start_owes_nothing(life: Life) -> None:
    begun(life)
    books = lived(life, closing=True)
    number = min(books.timelines)
    try:
        books.record(Annul(subscription=number, on=life.start), today=life.last_closing)
    except RefusedError:  # it moved to another plan, or its end forbids it
        return
    books.close(life.last_closing)

    assert not [key for key in books.nets() if key[0] == number]


@few
@given(lives())
def test_an_edited_catalogue_changes_no_closed_cycle(life: Life) -> None:
    """Even when every closed cycle is computed again."""
    begun(life)
    books = lived(life, closing=True)
    edited = BillingPolicy(rounding=Rounding.DOWN, bills_last_day=False, final_bill=FinalBill.AT_CLOSING)
    books.catalogue = evolve(
        books.catalogue, policies=dict.fromkeys(books.catalogue.policies, (DatedPolicy(None, edited),))
    )
    books.dirty_from = dict.fromkeys(books.timelines, life.start)
    closed = {number: set(cycles) for number, cycles in books.closed.items()}

    again = books.close(life.last_closing)

    assert [entry for entry in again.entries if entry.key.cycle in closed[entry.key.subscription]] == []


@few
@given(lives(steps=6))
def test_every_entry_can_be_read(life: Life) -> None:
    begun(life)
    books = lived(life, closing=True)

    assert all(as_text(books.explain(charge)).startswith(charge.description) for charge in books.charges)


@few
@given(lives())
def test_a_timeline_that_goes_on_is_the_one_that_all_of_its_facts_make(life: Life) -> None:
    begun(life)
    for timeline in lived(life).timelines.values():
        recorded = timeline.recorded
        for n in range(1, len(recorded)):
            try:
                before, whole = fold(recorded[:n]), fold(recorded[: n + 1])
            except RefusedError:  # a command leaves several facts, which only together make sense
                continue
            assert fold_with(before, recorded[n : n + 1]) == whole
            assert fold_with(before, recorded[n:]) == timeline


def one_a_day(timeline: Timeline) -> list[Fact[Any]]:
    """Return the facts that count, no two of one day, none of which voids another."""
    first = {fact.effective_on: fact for fact in reversed(timeline.facts)}
    return [
        evolve(fact, payload=evolve(fact.payload, voids=()) if voided_by(fact.payload) else fact.payload)
        for fact in first.values()
    ]


@few
@given(lives(kinds=MONTHLY_KINDS), st.randoms(use_true_random=False))
def test_facts_of_different_days_give_the_same_bill_in_whatever_order_they_were_recorded(
    life: Life, random: Random
) -> None:
    books = begun(life)
    live(books, life)
    number = min(books.timelines)
    facts = one_a_day(books.timelines[number])
    closings = []
    for _ in range(2):
        random.shuffle(facts)
        kept = KeptBooks(books.catalogue)
        try:
            kept.recorded(number, [evolve(fact, sequence=n) for n, fact in enumerate(facts, start=1)])
        except (RefusedError, NotFoundError):  # what was left out had made it possible
            return
        closing = kept.close(life.last_closing)
        # A problem names facts by the order in which they were recorded.
        closings.append((evolve(closing, problems=()), [str(problem) for problem in closing.problems]))

    assert closings[0] == closings[1]
