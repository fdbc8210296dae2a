"""A closing day that moves: the running cycle finishes or is cut, then a bridge; no day twice, none lost."""

from datetime import date

import pytest

from ispcore.catalog import ClosingMove
from ispcore.plans import ChangeBillingTerms, Retract
from tests.billing.by_policy import by_start, opened
from tests.books import KeptBooks
from tests.catalogues import SUBSCRIPTION

FINISH, CUT = ClosingMove
MOVE = ChangeBillingTerms(subscription=SUBSCRIPTION, closing_day=15, on=date(2012, 4, 10))


def moved(move: ClosingMove, *, advance: bool = False) -> KeptBooks:
    """Return books since 1 March, whose closing day moves from the 31st to the 15th on 10 April."""
    books = opened(date(2012, 3, 1), closing_move=move, advance=advance)
    books.close(date(2012, 4, 1))
    books.record(MOVE)
    return books


FINISHED = {
    "2012-03-01": "100.00",
    "2012-04-01": "100.00",
    "2012-04-16": "50.00",  # the bridge: 1 to 15 May, 15 of 30 days
    "2012-05-16": "100.00",
}
HALVED = {
    "2012-03-01": "100.00",
    "2012-04-01": "30.00",  # nine of 30 days
    "2012-03-16": "19.35",  # the bridge: 10 to 15 April, six of 31 days
    "2012-04-16": "100.00",
}


@pytest.mark.parametrize(
    ("move", "advance", "until", "expected"),
    [
        (FINISH, False, date(2012, 6, 15), FINISHED),
        (FINISH, True, date(2012, 5, 16), FINISHED),
        (CUT, False, date(2012, 5, 15), HALVED),
        (CUT, True, date(2012, 4, 16), HALVED),
    ],
)
def test_the_old_cycle_finishes_or_is_cut_and_a_bridge_leads_to_the_new_closing_day(
    move: ClosingMove, advance: bool, until: date, expected: dict[str, str]
) -> None:
    books = moved(move, advance=advance)

    books.close(until)

    assert by_start(books) == expected
    assert books.close(until).entries == ()


def test_what_was_billed_ahead_to_december_is_lived_to_its_end_before_the_closing_day_moves() -> None:
    books = opened(date(2012, 3, 1), advance=True)
    books.close(date(2012, 12, 1))
    books.record(MOVE)

    assert books.close(date(2012, 12, 31)).entries == ()
    books.close(date(2013, 1, 16))

    assert len(by_start(books)) == 12
    assert [by_start(books)[start] for start in ("2012-12-01", "2012-12-16", "2013-01-16")] == [
        "100.00",
        "48.39",  # 1 to 15 January of 16 December to 15 January: 15 of 31 days
        "100.00",
    ]


def test_a_cut_moves_what_was_billed_ahead_to_the_new_cycles_and_takes_nothing_back() -> None:
    books = opened(date(2012, 3, 1), advance=True, closing_move=CUT)
    books.close(date(2012, 12, 1))
    books.record(MOVE)

    books.close(date(2012, 4, 16))

    ahead = {f"2012-{month:02}-16": "100.00" for month in range(5, 13)}
    assert by_start(books) == {**HALVED, **ahead}
    assert sum(entry.signed_minor for entry in books.charges) == 24935 + 8 * 10000


@pytest.mark.parametrize("move", ClosingMove)
@pytest.mark.parametrize("advance", [False, True])
def test_a_move_that_is_taken_back_after_it_was_billed_gives_the_old_cycles_again(
    move: ClosingMove, advance: bool
) -> None:
    books = moved(move, advance=advance)
    books.close(date(2012, 5, 15))
    books.record(Retract(subscription=SUBSCRIPTION, fact=2), today=date(2012, 5, 20))

    books.close(date(2012, 5, 31))

    assert by_start(books) == dict.fromkeys(["2012-03-01", "2012-04-01", "2012-05-01"], "100.00")
    assert books.close(date(2012, 5, 31)).entries == ()
    assert all(books.explain(charge).agrees for charge in books.charges)


def test_a_move_that_was_taken_back_may_come_again() -> None:
    books = moved(FINISH)
    books.close(date(2012, 5, 15))
    books.record(Retract(subscription=SUBSCRIPTION, fact=2), today=date(2012, 5, 15))
    books.close(date(2012, 5, 15))
    books.record(Retract(subscription=SUBSCRIPTION, fact=3), today=date(2012, 5, 16))

    books.close(date(2012, 6, 15))

    assert by_start(books) == FINISHED


def test_nothing_is_closed_after_the_end_because_a_closing_day_had_moved() -> None:
    books = moved(CUT)
    books.close(date(2012, 7, 15))
    books.record(Retract(subscription=SUBSCRIPTION, fact=2), today=date(2012, 7, 16))
    books.close(date(2012, 3, 31))
    known = set(books.closed[SUBSCRIPTION])

    books.close(date(2012, 3, 31))

    assert set(books.closed[SUBSCRIPTION]) == known


def test_a_cut_cycle_is_remembered_until_what_was_billed_of_it_is_past() -> None:
    """Else a retraction of the cut would find the whole cycle open, and bill it twice."""
    books = moved(CUT, advance=True)
    books.close(date(2012, 4, 9))
    assert books.dirty_from[SUBSCRIPTION] == date(2012, 4, 10)

    books.close(date(2012, 5, 16))

    assert books.dirty_from[SUBSCRIPTION] is None
