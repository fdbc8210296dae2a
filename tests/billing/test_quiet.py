"""What is told of a subscription's next closings, and the one closing of all that are billed alike."""

from datetime import date
from typing import Any

import pytest
from attrs import evolve

from ispcore.billing import NEVER, Outlook, QuietClosing, close_quiet
from ispcore.catalog import ClosingMove, Existing, Suspension
from ispcore.plans import (
    AddItem,
    Cancel,
    ChangeBillingTerms,
    ChangePrice,
    Discount,
    Pause,
    Resume,
    Suspend,
    Unpause,
)
from ispcore.values import ItemId, SubscriptionId
from tests.billing.by_policy import billed_by, opened
from tests.billing.test_catalogue_prices import with_plan
from tests.books import KeptBooks
from tests.catalogues import SUBSCRIPTION, brl

MARCH_31 = date(2012, 3, 31)
APRIL_30 = date(2012, 4, 30)


def told(books: KeptBooks, on: date = MARCH_31) -> Outlook:
    """Return what a closing of that day tells of the first subscription."""
    return books.close(on).subscriptions[0].outlook


def quietly(books: KeptBooks, on: date, since: date = date(2012, 4, 1)) -> QuietClosing | None:
    """Return what the closing of that day issues for all that are billed like the first subscription."""
    profile = told(books, MARCH_31).profile
    assert profile is not None
    return close_quiet(profile, since, books.catalogue, books.terms, on)


def test_in_arrears_nothing_is_due_before_the_next_closing_day() -> None:
    outlook = told(opened(date(2012, 3, 1)))

    assert (outlook.due_from, outlook.quiet_until) == (APRIL_30, None)


@pytest.mark.parametrize("policy", [{"advance": True}, {"greedy": True}])
def test_in_advance_or_where_open_cycles_are_billed_the_next_first_day_is_looked_at(policy: Any) -> None:
    assert told(opened(date(2012, 3, 1), **policy)).due_from == date(2012, 4, 1)


def test_subscriptions_that_are_billed_alike_share_a_profile_whenever_they_began() -> None:
    books = opened(date(2012, 2, 10), opens={"discount": Discount(amount=brl("5.00"))})
    later = {"price": brl("100.00"), "discount": Discount(amount=brl("5.00"), until=date(2012, 12, 1))}
    books.open("adsl", date(2012, 3, 17), **later)

    first, second = (one.outlook for one in books.close(MARCH_31).subscriptions)

    assert first.profile == second.profile
    assert (first.quiet_until, second.quiet_until) == (None, date(2012, 12, 1))


def test_what_is_billed_alike_is_computed_once_without_anybodys_number() -> None:
    quiet = quietly(opened(date(2012, 3, 1), None, plan="fibre"), APRIL_30)

    assert quiet is not None
    assert [str(entry.amount.amount) for entry in quiet.entries] == ["80.00", "30.00", "10.00"]
    assert {(entry.key.subscription, entry.customer, entry.fact) for entry in quiet.entries} == {(0, 0, 0)}
    assert [receivable.id for receivable in quiet.receivables] == [entry.id for entry in quiet.entries]
    assert (quiet.closed_through, quiet.due_from, quiet.reaches) == (
        date(2012, 5, 1),
        date(2012, 5, 31),
        date(2012, 5, 1),
    )


def test_a_quiet_closing_reaches_as_far_as_its_day() -> None:
    quiet = quietly(opened(date(2012, 3, 1)), date(2012, 5, 10))

    assert quiet is not None
    assert (quiet.closed_through, quiet.reaches) == (date(2012, 5, 1), date(2012, 5, 11))


def test_a_paused_subscription_is_quiet_and_owes_nothing() -> None:
    books = opened(date(2012, 2, 1))
    books.record(Pause(subscription=SUBSCRIPTION, on=date(2012, 3, 1)))

    quiet = quietly(books, APRIL_30)

    assert quiet is not None
    assert (quiet.entries, len(quiet.closed)) == ((), 1)


def test_before_anything_is_due_there_is_nothing_to_share() -> None:
    assert quietly(opened(date(2012, 3, 1)), date(2012, 4, 29)) is None


def test_open_cycles_that_are_billed_in_part_are_not_shared() -> None:
    books = KeptBooks(billed_by())
    books.open("adsl", date(2012, 3, 1))
    profile = told(books).profile
    assert profile is not None
    books.catalogue = billed_by(greedy=True)

    assert close_quiet(profile, date(2012, 4, 1), books.catalogue, books.terms, date(2012, 4, 10)) is None


@pytest.mark.parametrize("missing", [{"plans": {}}, {"units": {}}, {"policies": {}}])
def test_what_cannot_be_billed_is_looked_at_one_by_one(missing: Any) -> None:
    books = opened(date(2012, 3, 1))
    profile = told(books).profile
    assert profile is not None
    books.catalogue = evolve(books.catalogue, **missing)

    assert close_quiet(profile, date(2012, 4, 1), books.catalogue, books.terms, APRIL_30) is None


@pytest.mark.parametrize(("existing", "shared"), [(Existing.NEXT_CYCLE, True), (Existing.ANNIVERSARY, False)])
def test_a_price_that_comes_by_anniversary_is_everybodys_own(existing: Existing, shared: bool) -> None:
    books = KeptBooks()
    books.open("adsl", date(2012, 3, 1))
    books.catalogue = with_plan("adsl", existing, from_0401="130.00")

    quiet = quietly(books, APRIL_30)

    assert (quiet is not None) is shared
    assert quiet is None or [entry.amount for entry in quiet.entries] == [brl("130.00")]


def test_an_ended_and_billed_subscription_is_never_due_again() -> None:
    books = opened(date(2012, 3, 1))
    books.record(Cancel(subscription=SUBSCRIPTION, reason="moved", on=date(2012, 3, 20)))

    assert told(books) == Outlook(NEVER)


def test_an_ordered_end_bounds_the_quiet_days() -> None:
    books = opened(date(2012, 3, 1))
    end = Cancel(subscription=SUBSCRIPTION, reason="moved", on=date(2012, 4, 20))
    books.record(end, today=date(2012, 3, 5))

    outlook = told(books)

    assert (outlook.due_from, outlook.quiet_until) == (date(2012, 4, 1), date(2012, 4, 20))


def test_a_cut_to_come_ends_the_quiet_days_when_the_cycle_that_it_cuts_is_due() -> None:
    books = opened(date(2012, 3, 1), closing_move=ClosingMove.CUT)
    books.close(MARCH_31)

    books.record(ChangeBillingTerms(subscription=SUBSCRIPTION, closing_day=15, on=date(2012, 5, 11)))

    assert told(books).quiet_until == date(2012, 5, 10)


def test_what_waits_to_be_charged_is_not_foretold() -> None:
    books = opened(date(2012, 3, 1), greedy=True)

    assert told(books, date(2012, 3, 10)) == Outlook()


def test_what_the_catalogue_lacks_is_not_foretold() -> None:
    books = opened(date(2012, 3, 1))
    books.record(Suspend(subscription=SUBSCRIPTION, on=date(2012, 4, 1)))
    books.close(MARCH_31)
    books.catalogue = evolve(books.catalogue, policies={})
    books.dirty_from[SUBSCRIPTION] = date(2012, 3, 1)

    assert told(books) == Outlook()


def test_a_first_cycle_that_was_not_billed_yet_is_not_quiet() -> None:
    assert told(opened(date(2012, 4, 10))).profile is None


def test_a_trial_that_reaches_into_the_next_cycle_is_not_quiet() -> None:
    books = KeptBooks()
    books.open("trial-month", date(2012, 3, 20), closing_day=25)

    assert told(books, date(2012, 3, 25)).profile is None


@pytest.mark.parametrize(("suspension", "quiet"), [(Suspension.NEITHER, True), (Suspension.EXTEND, False)])
def test_where_stops_are_made_up_for_later_who_ever_stopped_is_not_quiet(
    suspension: Suspension, quiet: bool
) -> None:
    books = opened(date(2012, 3, 1), advance=True, suspension=suspension)
    books.record(Pause(subscription=SUBSCRIPTION, on=date(2012, 3, 5)))
    books.record(Unpause(subscription=SUBSCRIPTION, on=date(2012, 3, 9)))

    assert (told(books).profile is not None) is quiet


@pytest.mark.parametrize(("resumed", "quiet"), [(date(2012, 3, 25), True), (date(2012, 4, 5), False)])
def test_a_one_off_that_waits_to_be_owed_is_not_quiet(resumed: date, quiet: bool) -> None:
    books = opened(date(2012, 3, 1), None, plan="fibre")
    books.record(Suspend(subscription=SUBSCRIPTION, on=date(2012, 3, 10)))
    books.record(AddItem(subscription=SUBSCRIPTION, service="visit", on=date(2012, 3, 12)))
    books.record(Resume(subscription=SUBSCRIPTION, on=resumed))

    assert (told(books).profile is not None) is quiet


def test_what_happens_later_ends_the_quiet_days() -> None:
    books = opened(date(2012, 3, 1), None, plan="fibre")
    books.record(AddItem(subscription=SUBSCRIPTION, service="mailbox", on=date(2012, 3, 1)))
    change = ChangePrice(
        subscription=SubscriptionId(SUBSCRIPTION),
        item=ItemId("mailbox"),
        price=brl("12.00"),
        on=date(2012, 6, 10),
    )
    books.record(change, today=date(2012, 3, 5))

    assert told(books).quiet_until == date(2012, 6, 10)
