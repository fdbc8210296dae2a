"""The picture of a life: what lies where."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from attrs import evolve
from hypothesis import given, settings

from ispcore.billing import EntryKind
from ispcore.catalog import Trial, TrialKind
from ispcore.pages.labels import overlap
from ispcore.pages.life import Entry, owed_in, stretches
from ispcore.pages.picture import Picture, picture_of
from ispcore.pages.strips import Strip
from ispcore.pages.window import WHOLE
from ispcore.plans import (
    AddItem,
    Block,
    Cancel,
    ChangeBillingTerms,
    ChangeDiscount,
    ChangePrice,
    ChangeStatus,
    Discount,
    EndItem,
    Pause,
    Resume,
    SubscriptionCommand,
    Suspend,
    Unpause,
)
from ispcore.values import ItemId, Period
from tests.billing.life_policies import policies
from tests.billing.lives import Life as Lived
from tests.billing.lives import lived, lives
from tests.books import KeptBooks
from tests.catalogues import SUBSCRIPTION, brl
from tests.pages.lives import CATALOGUE, LAST, life_of

LENIENT = policies().map(lambda policy: evolve(policy, strict_composition=False))
"""Any policy; strict ones refuse some of the lives."""


def drawn(books: KeptBooks, until: date = LAST) -> Picture:
    return picture_of(life_of(books, until=until))


def text(strip: Strip) -> str:
    return "".join(piece.text for piece in strip.label)


def spans(picture: Picture) -> list[tuple[str, str]]:
    return [(strip.kind, str(strip.period)) for strip in picture.life]


def closed(books: KeptBooks) -> KeptBooks:
    for on in (date(2012, 2, 29), date(2012, 3, 31), LAST):
        books.close(on)
    return books


def test_a_plan_from_the_24th_has_six_days_of_its_first_cycle() -> None:
    books = KeptBooks()
    books.open("adsl", date(2012, 2, 24))

    picture = drawn(closed(books))

    assert [text(strip) for strip in picture.cycles] == [
        "29/02 closing, 29 days",
        "31/03 closing, 31 days",
        "30/04 closing, 30 days",
    ]
    (plan,) = picture.lanes
    assert str(plan.strips[0].period) == "24/02/2012 to 29/02/2012, 6 days"
    assert [text(bar) for bar in plan.strips][1:] == ["100.00 × 31/31", "100.00 × 30/30"]
    assert text(picture.entries[0]) == "○ 20.69 due 10/03, open"
    assert picture.begins == WHOLE * 23 // 90


def test_a_suspension_is_a_stretch_of_its_own_and_has_two_marks() -> None:
    books = KeptBooks()
    books.open("adsl", date(2012, 2, 1))
    books.record(Suspend(subscription=SUBSCRIPTION, on=date(2012, 3, 3)))
    books.record(Resume(subscription=SUBSCRIPTION, on=date(2012, 3, 9)))

    picture = drawn(closed(books))

    assert spans(picture) == [
        ("on", "01/02/2012 to 02/03/2012, 31 days"),
        ("off", "03/03/2012 to 08/03/2012, 6 days"),
        ("on", "09/03/2012 to 30/04/2012, 53 days"),
    ]
    assert [mark.words for mark in picture.marks] == ["01/02 subscribed", "03/03 suspended", "09/03 resumed"]
    assert [mark.number for mark in picture.marks] == [1, 2, 3]


def test_a_change_of_price_does_not_cut_the_life() -> None:
    books = KeptBooks()
    books.open("adsl", date(2012, 2, 1))
    books.record(ChangePrice(subscription=SUBSCRIPTION, on=date(2012, 3, 10), price=brl("90.00")))

    picture = drawn(closed(books))

    assert len(picture.life) == 1
    assert [text(bar) for bar in picture.lanes[0].strips][1:3] == ["100.00 × 9/31", "90.00 × 22/31"]


def test_a_pause_that_ends_by_itself_has_a_mark_without_a_fact() -> None:
    books = KeptBooks()
    books.open("adsl", date(2012, 2, 1))
    books.record(Pause(subscription=SUBSCRIPTION, on=date(2012, 3, 12), until=date(2012, 3, 27)))

    picture = drawn(closed(books))

    assert [(mark.words, mark.number) for mark in picture.marks][1:] == [
        ("12/03 paused, manual", 2),
        ("27/03 no longer paused", None),
    ]
    assert spans(picture)[1] == ("off", "12/03/2012 to 26/03/2012, 15 days")


def test_the_days_of_a_trial_are_free() -> None:
    books = KeptBooks()
    books.open("adsl", date(2012, 2, 1), trial=Trial(TrialKind.DAYS, 10))

    picture = drawn(closed(books))

    assert spans(picture)[0] == ("free", "01/02/2012 to 10/02/2012, 10 days")
    assert [mark.words for mark in picture.marks] == ["01/02 subscribed", "11/02 trial over"]


def test_a_cancellation_ends_the_life_and_a_back_dated_one_gives_a_credit_in_its_cycle() -> None:
    books = KeptBooks()
    books.open("adsl", date(2012, 2, 1))
    books.close(date(2012, 2, 29))
    books.close(date(2012, 3, 31))
    cancelled = Cancel(subscription=SUBSCRIPTION, on=date(2012, 3, 20), reason="moved")
    books.record(cancelled, today=date(2012, 4, 10))
    books.close(LAST)

    picture = drawn(books)

    (credit,) = [entry for entry in picture.entries if entry.kind == "credit"]
    march = picture.cycles[1]
    assert credit.extent == march.extent
    assert text(credit).startswith("↩ \u221235.48 credit 30/04")
    assert picture.ends == picture.window.x(date(2012, 3, 20))
    assert spans(picture) == [("on", "01/02/2012 to 19/03/2012, 48 days")]


def test_a_one_off_is_told_as_owed_once() -> None:
    books = KeptBooks(CATALOGUE)
    books.open("adsl", date(2012, 2, 1))
    books.record(AddItem(subscription=SUBSCRIPTION, on=date(2012, 3, 5), service="visit"))

    picture = drawn(closed(books))

    (bar,) = picture.lanes[1].strips
    assert bar.kind == "once"
    assert text(bar).endswith(" once")


def test_an_item_is_called_by_its_name_and_stands_below_the_plan_in_every_cycle() -> None:
    books = KeptBooks(CATALOGUE)
    books.open("adsl", date(2012, 2, 1))
    books.record(AddItem(subscription=SUBSCRIPTION, on=date(2012, 2, 5), service="mailbox"))
    books.record(EndItem(subscription=SUBSCRIPTION, on=date(2012, 4, 10), item=ItemId("mailbox")))

    picture = drawn(closed(books))

    plan, mailbox = (lane.name for lane in picture.lanes)
    words = [mark.words for mark in picture.marks]
    assert words == ["01/02 subscribed", f"05/02 {mailbox} added", f"10/04 {mailbox} ended"]
    assert [entry.title.partition(":")[0] for entry in picture.entries] == [plan, mailbox] * 3
    assert [entry.row for entry in picture.entries] == [0, 1] * 3


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (ChangePrice(subscription=SUBSCRIPTION, price=brl("90.00")), "price 90.00 BRL"),
        (ChangeDiscount(subscription=SUBSCRIPTION, discount=Discount(percent=Decimal(10))), "discount 10 %"),
        (
            ChangeDiscount(subscription=SUBSCRIPTION, discount=Discount(amount=brl("5.00"))),
            "discount 5.00 BRL",
        ),
        (ChangeStatus(subscription=SUBSCRIPTION, status="suspended"), "Suspenso"),
        (Block(subscription=SUBSCRIPTION), "blocked, manual"),
        (ChangeBillingTerms(subscription=SUBSCRIPTION, due_day=15), "billing terms changed"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_a_mark_says_what_happened(command: SubscriptionCommand, words: str) -> None:
    books = KeptBooks()
    books.open("adsl", date(2012, 2, 1))
    books.record(evolve(command, on=date(2012, 3, 10)))

    assert drawn(books).marks[1].words == f"10/03 {words}"


def test_unpausing_back_dated_draws_only_what_is_owed_in_the_end() -> None:
    books = KeptBooks()
    books.open("adsl", date(2012, 2, 1))
    books.record(Pause(subscription=SUBSCRIPTION, on=date(2012, 3, 10)))
    books.close(date(2012, 3, 31))
    books.record(Unpause(subscription=SUBSCRIPTION, on=date(2012, 3, 20)), today=date(2012, 4, 2))
    books.close(LAST)

    picture = drawn(books)

    march = [str(bar.period) for bar in picture.lanes[0].strips if bar.period.start.month == 3]
    assert march == ["01/03/2012 to 09/03/2012, 9 days", "20/03/2012 to 31/03/2012, 12 days"]


@settings(max_examples=60)
@given(lives(policy=LENIENT))
def test_the_picture_of_any_life_holds_together(life: Lived) -> None:
    books = lived(life, closing=True)

    for number in books.timelines:
        told = life_of(books, number, until=life.last_closing)
        picture = picture_of(told)

        cycles = [strip.extent for strip in picture.cycles]
        bars = [bar for lane in picture.lanes for bar in lane.strips]
        assert all(any(c.x <= bar.extent.x and bar.extent.end <= c.end for c in cycles) for bar in bars)
        assert sorted(strip.anchor for strip in picture.entries) == sorted(
            entry.anchor
            for entry in told.entries
            if picture.window.period.overlap(entry.charge.key.cycle.period)
        )
        for group in (picture.cycles, picture.entries, *(lane.strips for lane in picture.lanes)):
            assert not _any_overlap(group)
        assert all(
            before.end <= after.start for before, after in pairwise(strip.period for strip in picture.life)
        )


def _any_overlap(strips: tuple[Strip, ...]) -> bool:
    return any(
        one.row == other.row and overlap(one.extent, other.extent)
        for n, one in enumerate(strips)
        for other in strips[n + 1 :]
    )


@settings(max_examples=60)
@given(lives(policy=LENIENT))
def test_the_bars_are_the_days_that_were_charged_in_the_end(life: Lived) -> None:
    books = lived(life, closing=True)

    for number in books.timelines:
        told = life_of(books, number, until=life.last_closing)
        by_issue: dict[object, list[Entry]] = {}
        for entry in told.entries:
            key = entry.charge.key
            by_issue.setdefault((key.item, key.cycle), []).append(entry)
        for entries in by_issue.values():
            last = max(entries, key=lambda entry: entry.charge.fact)
            owed = {part.fragment.period for part in owed_in(entries)}
            assert {part.fragment.period for part in last.explanation.parts} <= owed


def test_a_life_without_a_day_in_the_window_has_no_stretch() -> None:
    books = KeptBooks()
    books.open("adsl", date(2012, 2, 24))

    assert stretches(books.timelines[SUBSCRIPTION], date(2012, 2, 24)) == ()


def test_a_subscription_that_was_never_billed_is_drawn_too() -> None:
    books = KeptBooks()
    books.open("adsl", date(2012, 2, 24))

    picture = drawn(books, until=date(2012, 3, 1))

    assert picture.window.period == Period.through(date(2012, 2, 24), date(2012, 3, 1))
    assert (picture.cycles, picture.lanes, picture.entries) == ((), (), ())


def test_each_state_of_an_entry_has_a_sign_of_its_own() -> None:
    books = KeptBooks()
    books.open("adsl", date(2012, 2, 1))
    closed(books)
    books.pay("150.00", LAST)

    picture = drawn(books)

    assert [text(entry)[0] for entry in picture.entries] == ["●", "◐", "○"]
    assert all(entry.charge.kind is EntryKind.CHARGE for entry in life_of(books).entries)
