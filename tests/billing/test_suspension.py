"""Days that a status or a hold does not bill, once or again and again, in arrears and in advance."""

from datetime import date, timedelta

import pytest

from ispcore.plans import (
    Block,
    ChangeBillingTerms,
    ChangeStatus,
    Enable,
    HoldCause,
    Pause,
    Reduce,
    Resume,
    SubscriptionCommand,
    Suspend,
    Unpause,
)
from tests.books import KeptBooks
from tests.catalogues import SUBSCRIPTION


def march(day: int) -> date:
    return date(2012, 2, 29) + timedelta(days=day)


def suspend(day: int) -> Suspend:
    return Suspend(subscription=SUBSCRIPTION, on=march(day))


def resume(day: int) -> Resume:
    return Resume(subscription=SUBSCRIPTION, on=march(day))


def pause(day: int, cause: HoldCause = HoldCause.MANUAL) -> Pause:
    return Pause(subscription=SUBSCRIPTION, on=march(day), cause=cause)


def unpause(day: int, cause: HoldCause = HoldCause.MANUAL) -> Unpause:
    return Unpause(subscription=SUBSCRIPTION, on=march(day), cause=cause)


def billed(*commands: SubscriptionCommand, advance: bool = False) -> dict[str, str]:
    """Return what March, April and May cost when *commands* are recorded on their days."""
    books = KeptBooks()
    books.open("adsl", march(1), advance=advance)
    for command in commands:
        assert command.on is not None
        if advance:
            books.close(command.on)
        books.record(command)
    books.close(date(2012, 5, 31))
    assert books.close(date(2012, 5, 31)).entries == ()
    return books.by_cycle()


FULL = {"2012-03": "100.00", "2012-04": "100.00", "2012-05": "100.00"}


@pytest.mark.parametrize("advance", [False, True])
def test_the_day_of_suspending_is_not_billed_and_the_day_of_resuming_is(advance: bool) -> None:
    assert billed(suspend(11), resume(21), advance=advance) == {**FULL, "2012-03": "67.74"}  # 21 of 31


@pytest.mark.parametrize("advance", [False, True])
def test_suspended_twice_in_a_cycle_is_free_twice(advance: bool) -> None:
    """Two runs of blocked days in one cycle once stopped another engine for ever."""
    commands = (suspend(3), resume(6), suspend(11), resume(13), suspend(29), resume(31))

    assert billed(*commands, advance=advance) == {**FULL, "2012-03": "77.42"}  # 24 of 31 days


@pytest.mark.parametrize("advance", [False, True])
def test_pauses_repeat_over_cycles(advance: bool) -> None:
    commands = (pause(20), unpause(36), pause(50), unpause(72), pause(80))

    assert billed(*commands, advance=advance) == {
        "2012-03": "61.29",  # 01/03 to 19/03
        "2012-04": "46.67",  # 05/04 to 18/04
        "2012-05": "25.81",  # 11/05 to 18/05
    }


def test_suspended_and_resumed_on_one_day_bills_the_day() -> None:
    assert billed(suspend(11), resume(11)) == FULL


def test_resumed_and_suspended_on_one_day_does_not_bill_the_day() -> None:
    assert billed(suspend(11), resume(15), suspend(15), resume(21)) == {**FULL, "2012-03": "67.74"}


def test_a_whole_suspended_cycle_owes_nothing() -> None:
    assert billed(suspend(1), resume(32)) == {"2012-04": "100.00", "2012-05": "100.00"}


def test_two_pauses_at_once_bill_again_when_both_are_over() -> None:
    seasonal = HoldCause.SEASONAL

    commands = (pause(5), pause(10, seasonal), unpause(15), unpause(20, seasonal))

    assert billed(*commands) == {**FULL, "2012-03": "51.61"}  # 01 to 04 and 20 to 31: 16 days


def test_a_pause_ends_by_itself_on_its_day() -> None:
    hold = Pause(subscription=SUBSCRIPTION, on=march(11), until=march(21))

    assert billed(hold) == {**FULL, "2012-03": "67.74"}


def test_resuming_ends_no_pause() -> None:
    assert billed(pause(11), suspend(13), resume(15), unpause(21)) == {**FULL, "2012-03": "67.74"}


def test_what_is_blocked_or_reduced_is_still_owed() -> None:
    block = Block(subscription=SUBSCRIPTION, on=march(5), cause=HoldCause.AUTOMATIC)
    reduce = Reduce(subscription=SUBSCRIPTION, on=march(9))

    assert billed(block, reduce) == FULL


def test_a_status_that_serves_without_billing_stops_the_charge_alone() -> None:
    suspended = ChangeStatus(subscription=SUBSCRIPTION, status="admin_suspended", on=march(11))

    assert billed(suspended, Enable(subscription=SUBSCRIPTION, on=march(21))) == {**FULL, "2012-03": "67.74"}


def test_a_suspension_entered_late_repairs_closed_cycles() -> None:
    books = KeptBooks()
    books.open("adsl", march(1))
    books.close(date(2012, 4, 30))
    books.record(suspend(11), today=date(2012, 5, 2))

    closing = books.close(date(2012, 5, 2))

    assert [(entry.kind.value, str(entry.amount.amount)) for entry in closing.entries] == [
        ("credit", "67.74"),
        ("credit", "100.00"),
    ]


def test_in_advance_a_cycle_is_due_on_its_first_owed_day() -> None:
    books = KeptBooks()
    books.open("adsl", march(1), advance=True)
    books.record(suspend(1))
    books.record(resume(21))

    assert books.close(march(20)).entries == ()
    assert [str(entry.amount) for entry in books.close(march(21)).entries] == ["35.48 BRL"]


def test_advance_billing_begins_with_the_first_cycle_that_starts_in_it() -> None:
    books = KeptBooks()
    books.open("adsl", march(1))
    books.record(ChangeBillingTerms(subscription=SUBSCRIPTION, advance=True, on=march(15)))

    assert books.close(march(30)).entries == ()
    books.close(date(2012, 4, 1))
    assert books.by_cycle() == {"2012-03": "100.00", "2012-04": "100.00"}
