"""Which closing takes up which instalment of a billing event, and what becomes of those that are open."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from ispcore.billing import NEVER, DebitKind, EntryKind, as_text, closings_ahead, explain_raised
from ispcore.catalog import OpenInstalments, SpareCents
from ispcore.errors import RefusedError
from ispcore.plans import (
    AddBillingEvent,
    Annul,
    Cancel,
    CancelOn,
    ChangeBillingTerms,
    ChangePlan,
    Delete,
    Event,
    EventKind,
    Pause,
    Retract,
    Sale,
    WithdrawCancellation,
    fold_with,
    last_instalment,
)
from ispcore.plans.facts import Sold
from ispcore.values import SubscriptionId
from tests.billing.by_policy import by_start, close_each_day, opened
from tests.billing.lives import MONTHLY_KINDS, Life, begin, cents, live, lives
from tests.billing.soundness import close_soundly
from tests.books import KeptBooks
from tests.catalogues import SUBSCRIPTION, april, brl, facts_of, line, march, setting

ONE: Any = {"subscription": SUBSCRIPTION}
MONTHS = [date(2012, 3, 31), date(2012, 4, 30), date(2012, 5, 31), date(2012, 6, 30), date(2012, 7, 31)]
GO_ON = OpenInstalments.GO_ON


def router(books: KeptBooks, amount: str = "100.00", instalments: int = 3, **more: Any) -> None:
    """Sell a router to the first subscription on 10 March, unless *more* says otherwise."""
    usual = {"kind": EventKind.SALE, "description": "Router", "on": march(10)}
    command = AddBillingEvent(**{**ONE, **usual, **more}, amount=brl(amount), instalments=instalments)
    books.record(command)


def events(books: KeptBooks, number: SubscriptionId = SUBSCRIPTION) -> dict[str, str]:
    """Return what was issued of the first event, by the first day of the cycle."""
    return by_start(books, number, "event:1")


def taken_on(books: KeptBooks) -> list[tuple[str, str]]:
    """Return what was issued of the first event, with the day of each closing."""
    mine = [one for one in books.charges if one.key.item == "event:1"]
    return [(str(one.issued_on), str(one.amount.amount)) for one in mine]


# --- one a cycle


def test_each_closing_takes_up_one_instalment() -> None:
    books = opened(march(1))
    router(books)

    for day in MONTHS:
        close_soundly(books, day)

    assert events(books) == {"2012-03-01": "33.34", "2012-04-01": "33.33", "2012-05-01": "33.33"}


def test_a_run_that_comes_late_takes_up_what_the_missed_ones_would_have() -> None:
    books = opened(march(1))
    router(books)

    books.close(MONTHS[-1])

    assert list(events(books).values()) == ["33.34", "33.33", "33.33"]


def test_an_instalment_is_an_amount_to_receive_that_says_which_one_it_is() -> None:
    books = opened(march(1))
    router(books, spare=SpareCents.LAST)
    books.close(MONTHS[0])

    closing = books.close(MONTHS[1])

    (asked,) = [one for one in closing.receivables if one.kind is DebitKind.EVENT]
    assert (asked.description, asked.amount, asked.due_on) == (
        "Router, 2 of 3",
        brl("33.33"),
        date(2012, 5, 10),
    )
    assert [one.kind for one in closing.receivables if one is not asked] == [DebitKind.FEE]


def test_a_single_instalment_bears_the_name_of_its_event_alone() -> None:
    books = opened(march(1))
    router(books, instalments=1)

    (charge,) = [one for one in books.close(MONTHS[0]).entries if one.key.item == "event:1"]

    assert (charge.description, charge.amount) == ("Router", brl("100.00"))
    assert "taken up  1 of 1: 100.00 BRL" in as_text(books.explain(charge))


def test_the_first_instalment_waits_for_its_day() -> None:
    books = opened(march(1))
    router(books, first_on=date(2012, 5, 5))

    books.close(MONTHS[-1])

    assert list(events(books)) == ["2012-05-01", "2012-06-01", "2012-07-01"]


def test_lines_sum_to_each_instalment_and_each_line_comes_to_its_value() -> None:
    books = opened(march(1))
    router(books, "100.00", 3, lines=(line("box", "60.01", company="media"), line("cable", "0.05")))

    books.close(MONTHS[-1])

    by_line: dict[str, list[int]] = defaultdict(list)
    for charge in books.charges:
        if charge.key.item == "event:1":
            by_line[charge.key.line].append(charge.amount.minor)
    assert by_line == {"box": [2001, 2000, 2000], "cable": [2, 1, 2], "remainder": [1331, 1332, 1331]}


def test_instalments_are_owed_while_nothing_else_is() -> None:
    books = opened(march(1), advance=True)
    books.record(Pause(**ONE, on=march(1)))
    router(books, first_on=march(20))

    close_each_day(books, march(1), april(2))

    assert taken_on(books) == [("2012-03-20", "33.34"), ("2012-04-01", "33.33")]


def test_in_advance_an_instalment_comes_with_the_cycle_that_is_billed_next() -> None:
    books = opened(march(1), advance=True)
    books.close(march(1))
    router(books)

    close_each_day(books, march(10), april(2))

    assert taken_on(books) == [("2012-04-01", "33.34")]


@pytest.mark.parametrize("advance", [False, True])
def test_what_was_billed_ahead_takes_up_each_later_instalment_at_its_own_closing(advance: bool) -> None:
    books = opened(march(1), advance=advance)
    books.close(MONTHS[-1])
    router(books, first_on=april(10))

    close_each_day(books, march(11), date(2012, 5, 31))

    days = [one.issued_on for one in books.charges if one.key.item == "event:1"]
    in_arrears = [april(30), date(2012, 5, 31)]
    assert days == ([april(1), date(2012, 5, 1)] if advance else in_arrears)


def test_a_moved_closing_day_neither_loses_nor_doubles_an_instalment() -> None:
    books = opened(march(1))
    router(books, "100.00", 5)
    books.close(MONTHS[0])
    books.record(ChangeBillingTerms(**ONE, closing_day=10, on=april(5)))

    for day in (april(30), date(2012, 5, 10), date(2012, 6, 10), date(2012, 7, 10), date(2012, 8, 10)):
        close_soundly(books, day)

    assert list(events(books).values()) == ["20.00"] * 5


# --- what becomes of open ones


def test_when_it_is_cancelled_open_instalments_are_owed_at_once() -> None:
    books = opened(march(1))
    router(books, "120.00", 12)
    books.close(MONTHS[0])
    books.record(Cancel(**ONE, reason="moved", on=april(12)))

    closing = close_soundly(books, april(12))

    (last,) = [one for one in closing.entries if one.key.item == "event:1"]
    assert (last.description, last.amount) == ("Router, 2 to 12 of 12", brl("110.00"))
    assert closing.subscriptions[0].outlook.due_from == NEVER


def test_by_policy_open_instalments_go_on_after_the_end() -> None:
    books = opened(march(1))
    router(books, when_ended=GO_ON)
    books.record(Cancel(**ONE, reason="moved", on=april(12)))

    closings = [close_soundly(books, day) for day in (april(12), *MONTHS[1:])]
    found = [closing.subscriptions[0].outlook.due_from for closing in closings]

    assert list(events(books).values()) == ["33.34", "33.33", "33.33"]
    assert found == [date(2012, 5, 31), date(2012, 5, 31), NEVER, NEVER, NEVER]


def test_in_advance_they_go_on_to_come_with_the_first_day_of_a_cycle() -> None:
    books = opened(march(1), advance=True)
    router(books, when_ended=GO_ON)
    books.record(Cancel(**ONE, reason="moved", on=march(12)))

    close_each_day(books, march(12), date(2012, 5, 2))

    days = [one.issued_on for one in books.charges if one.key.item == "event:1"]
    assert days == [march(12), april(1), date(2012, 5, 1)]


def test_an_end_that_is_withdrawn_brings_the_instalments_back_to_their_cycles() -> None:
    books = opened(march(1))
    router(books)
    books.record(Cancel(**ONE, reason="moved", when=CancelOn.CYCLE_END, on=march(20)))
    books.record(WithdrawCancellation(**ONE, on=march(25)))

    books.close(MONTHS[-1])

    assert list(events(books).values()) == ["33.34", "33.33", "33.33"]


def test_an_end_that_is_dated_back_brings_what_was_taken_up_since_into_its_cycle() -> None:
    books = opened(march(1))
    router(books)
    books.close(MONTHS[0])
    books.close(MONTHS[1])
    books.record(Cancel(**ONE, reason="moved", on=march(15)), today=date(2012, 5, 2))

    close_soundly(books, date(2012, 5, 2))

    assert events(books) == {"2012-03-01": "100.00"}


def test_instalments_go_on_where_they_are_when_the_plan_changes() -> None:
    books = opened(march(1))
    router(books)
    successor = books.record(ChangePlan(**ONE, plan="fibre", on=april(12)))

    for day in MONTHS:
        close_soundly(books, day)

    assert list(events(books)) == ["2012-03-01", "2012-04-01", "2012-05-01"]
    assert events(books, successor) == {}


@pytest.mark.parametrize(
    ("ends", "left"),
    [
        (Annul(**ONE, on=april(15)), ["33.34", "33.33"]),
        (Annul(**ONE, on=march(10)), []),
        (Delete(**ONE, note="twice", on=april(1)), ["33.34"]),
    ],
)
def test_annulled_or_deleted_it_owes_no_instalment_from_that_day_on(ends: Any, left: list[str]) -> None:
    books = opened(march(1))
    router(books)
    books.close(MONTHS[-1])
    books.record(ends, today=date(2012, 8, 1))

    close_soundly(books, date(2012, 8, 1))

    assert list(events(books).values()) == left


def test_what_was_cancelled_and_then_deleted_owes_nothing_after_its_deletion() -> None:
    books = opened(march(1))
    router(books, when_ended=GO_ON)
    books.record(Cancel(**ONE, reason="moved", on=march(31)))
    books.record(Delete(**ONE, note="put away", on=april(20)))

    books.close(MONTHS[-1])

    assert list(events(books).values()) == ["33.34", "33.33"]


def test_an_event_that_is_retracted_is_taken_back() -> None:
    books = opened(march(1))
    router(books)
    books.close(MONTHS[1])
    books.record(Retract(**ONE, fact=2, on=date(2012, 5, 2)))

    closing = close_soundly(books, date(2012, 5, 2))

    assert [str(one.amount.amount) for one in closing.entries] == ["33.34", "33.33"]
    assert events(books) == {}
    assert "nothing of this cycle any more" in as_text(books.explain(closing.entries[0]))


def test_an_event_that_is_dated_back_is_repaired_into_its_cycles() -> None:
    books = opened(march(1))
    books.close(MONTHS[1])
    router(books, first_on=march(10))

    close_soundly(books, date(2012, 5, 2))

    assert events(books) == {"2012-03-01": "33.34", "2012-04-01": "33.33"}


# --- quiet or not


def test_what_has_open_instalments_is_not_quiet_until_the_last_was_taken_up() -> None:
    books = opened(march(1))
    router(books)

    profiles = [close_soundly(books, day).subscriptions[0].outlook.profile for day in MONTHS]

    assert [profile is not None for profile in profiles] == [False, False, True, True, True]


# --- an open cycle, and cycles ahead


@pytest.mark.covers("S3-102")
def test_an_open_cycle_is_billed_on_demand_and_its_closing_bills_the_rest() -> None:
    books = opened(march(1))
    router(books, first_on=march(20))

    early = books.close(march(15), open_cycles=True)
    quiet = books.close(march(16))
    rest = books.close(march(31))

    assert [str(one.amount.amount) for one in early.entries] == ["48.39"]  # 15 of 31 days
    assert quiet.entries == ()
    assert [str(one.amount.amount) for one in rest.entries] == ["51.61", "33.34"]


def test_an_open_cycle_takes_up_the_instalments_of_the_days_that_are_billed() -> None:
    books = opened(march(1))
    router(books)

    early = books.close(march(15), open_cycles=True)

    assert [str(one.amount.amount) for one in early.entries] == ["48.39", "33.34"]


def test_in_advance_there_is_nothing_to_bill_of_an_open_cycle() -> None:
    books = opened(march(1), advance=True)
    books.close(march(1))

    assert books.close(march(15), open_cycles=True).entries == ()


@pytest.mark.covers("S3-101")
@pytest.mark.parametrize(
    ("advance", "days"),
    [
        (False, (march(31), april(30), date(2012, 5, 31))),
        (True, (april(1), date(2012, 5, 1), date(2012, 6, 1))),
    ],
)
def test_cycles_ahead_are_due_on_days_of_their_own(advance: bool, days: tuple[date, ...]) -> None:
    books = opened(march(1), advance=advance)

    assert closings_ahead(books.kept(SUBSCRIPTION), books.terms, 3, march(1)) == days


def test_no_cycle_is_billed_ahead_after_the_end() -> None:
    books = opened(march(1))
    books.record(Cancel(**ONE, reason="moved", on=april(12)))

    assert closings_ahead(books.kept(SUBSCRIPTION), books.terms, 3, march(1)) == (march(31), april(12))


# --- what no closing computes


def test_what_a_command_asked_for_is_explained_by_its_fact() -> None:
    books = opened(march(1))
    router(books)
    sale = Sale(7, "Cable", brl("15.00"), march(25), (line("cable", "15.00"),))
    sold = facts_of([Event(march(10), Sold(sale))], after=2, at=setting(march(10)))
    timeline = fold_with(books.timelines[SUBSCRIPTION], sold)
    books.close(march(31))
    fee = books.charges[0]
    asked = evolve(fee, kind=EntryKind.RAISED, key=evolve(fee.key, item=sale.item), amount=sale.amount)

    explanation = explain_raised(asked, timeline.recorded, books.closed[SUBSCRIPTION][fee.key.cycle])

    assert explanation.agrees
    assert [fact.sequence for fact in explanation.facts] == [3]
    assert "raised    15.00 BRL by itself, not by a closing" in as_text(explanation)


# --- whatever happens


@settings(max_examples=40)
@given(
    lives(kinds=(*MONTHLY_KINDS, "billing event", "closing day")), st.integers(1, 90_000), st.integers(1, 12)
)
def test_every_cent_of_an_event_is_taken_up_once(life: Life, minor: int, instalments: int) -> None:
    """Unless the subscription is annulled or deleted, nothing is lost and nothing comes twice."""
    try:
        books = begin(life)
    except RefusedError:
        return
    number = SUBSCRIPTION
    books.record(
        AddBillingEvent(
            subscription=number,
            kind=EventKind.INSTALLATION,
            description="Installation",
            amount=cents(minor + 12),
            instalments=instalments,
            first_on=life.start + timedelta(days=minor % 50),
            when_ended=tuple(OpenInstalments)[minor % 2],
            on=life.start,
        )
    )
    live(books, life, closed=books.close)
    timeline = books.timelines[number]
    owed = {event.number: event.amount.minor for event in timeline.last.events}
    last = last_instalment(timeline)
    books.close(max(life.last_closing, last or date.min) + timedelta(days=800))

    issued: dict[int, int] = defaultdict(int)
    for key, net in books.net().items():
        if key.subscription == number and key.item.startswith("event:"):
            issued[int(key.item.removeprefix("event:"))] += net.minor
    gone = timeline.last.deleted_on or (timeline.end is not None and timeline.end.kind.value == "annulled")
    taken = {event: minor for event, minor in issued.items() if minor}
    if gone:
        assert all(taken[event] <= owed[event] for event in taken)
    else:
        assert taken == owed
