"""A subscription that cannot be billed is a problem of its own; the run goes on."""

from datetime import date
from itertools import islice

import pytest
from attrs import evolve

from ispcore.billing import close_customer, close_quiet, close_subscription, desired_charges
from ispcore.catalog import Role
from ispcore.errors import NotFoundError, RefusedError, UnbillableError
from ispcore.plans import (
    AddItem,
    Annul,
    Cancel,
    ChangeBillingTerms,
    ChangePrice,
    EndItem,
    Event,
    Suspend,
)
from ispcore.plans.facts import Cancelled
from ispcore.timeline import Retracted
from ispcore.values import ItemId, Money, SubscriptionId
from tests.books import KeptBooks
from tests.catalogues import CATALOGUE, DOCUMENT, SUBSCRIPTION, brl, catalogue, facts_of

MARCH_31 = date(2012, 3, 31)


WITHOUT = {
    "plans": evolve(CATALOGUE, plans={}),
    "services": evolve(CATALOGUE, services={}),
    "units": evolve(CATALOGUE, units={}),
}


def over_price() -> KeptBooks:
    """Return books of two subscriptions, one with a price that the plan's new lines exceed."""
    books = KeptBooks()
    books.open("fibre", date(2012, 3, 1), price=brl("115.00"))
    books.open("adsl", date(2012, 3, 1))
    version = DOCUMENT["plans"]["fibre"]["versions"][0]
    lines = [{"id": "access", "description": "Acesso", "value": "120.00"}]
    dearer = {**version, "from": "2012-03-10", "lines": lines}
    books.catalogue = catalogue(
        plans={"fibre": {**DOCUMENT["plans"]["fibre"], "versions": [version, dearer]}}
    )
    return books


@pytest.mark.covers("S0-056")
def test_lines_that_exceed_the_price_after_a_change_of_the_catalogue_are_a_problem() -> None:
    (problem,) = over_price().close(MARCH_31).problems

    assert (problem.subscription, problem.rule) == (SUBSCRIPTION, "composition-over-price")
    assert problem.facts == ("subscription:104#1",)
    assert str(problem) == (
        "Subscription 104 cannot be billed: The lines of the composition sum to 120.00 BRL,"
        " more than the price 115.00 BRL. Lower a line, raise the price, or ask for the lines to be rescaled."
    )


def test_one_unbillable_subscription_stops_no_other() -> None:
    """Elsewhere one bad contract blocked a whole company."""
    books = over_price()

    closing = books.close(MARCH_31)

    assert [str(entry.amount) for entry in closing.entries] == ["100.00 BRL"]
    assert [one.subscription for one in closing.subscriptions] == [105]


def test_a_subscription_without_a_timeline_is_a_problem_beside_the_others() -> None:
    books = over_price()
    torn = UnbillableError("Its facts contradict each other.", subscription=103, rule="conflict")
    account = evolve(books.account(), problems=(torn,))

    closing = close_customer(account, books.catalogue, books.terms, MARCH_31)

    assert [problem.subscription for problem in closing.problems] == [103, 104]
    assert [one.subscription for one in closing.subscriptions] == [105]


def test_a_problem_that_was_mended_is_billed_by_the_next_closing() -> None:
    books = over_price()
    books.close(MARCH_31)
    books.record(ChangePrice(subscription=SUBSCRIPTION, price=brl("120.00"), on=date(2012, 3, 1)))

    closing = books.close(date(2012, 4, 1))

    assert (closing.problems, books.by_cycle()) == ((), {"2012-03": "120.00"})


def test_a_strict_policy_that_came_later_is_a_problem_of_those_who_pay_more_than_their_lines() -> None:
    books = KeptBooks()
    books.open("adsl", date(2012, 3, 1))
    books.catalogue = evolve(books.catalogue, policies={"standard": CATALOGUE.policies["strict"]})

    (problem,) = books.close(MARCH_31).problems

    assert problem.rule == "composition-under-price"


def test_lines_of_a_free_price_cannot_be_rescaled_where_they_must_make_up_the_next_one() -> None:
    """It would be refused too late: by every closing to come."""
    books = KeptBooks()
    books.open("strict", date(2012, 3, 1))
    free = ChangePrice(subscription=SUBSCRIPTION, price=brl("0.00"), rescale=True, on=date(2012, 3, 5))
    books.record(free)

    with pytest.raises(RefusedError, match=r"sum to 0\.00 BRL, less than the price 50\.00 BRL"):
        books.record(evolve(free, price=brl("50.00"), on=date(2012, 3, 10)))


@pytest.mark.parametrize("missing", ["plans", "units"])
def test_what_the_catalogue_lacks_is_a_problem_that_names_it(missing: str) -> None:
    books = KeptBooks()
    books.open("adsl", date(2012, 3, 1))
    books.catalogue = WITHOUT[missing]

    (problem,) = books.close(MARCH_31).problems

    assert problem.rule == "NotFoundError"
    assert isinstance(problem.__cause__, NotFoundError)
    assert str(problem).startswith("Subscription 104 cannot be billed: There is no ")


@pytest.mark.parametrize("missing", ["plans", "services"])
def test_what_is_missed_by_nothing_owed_is_no_problem(missing: str) -> None:
    books = KeptBooks()
    books.open("fibre", date(2012, 3, 1))
    books.record(AddItem(subscription=SUBSCRIPTION, service="mailbox", on=date(2012, 3, 1)))
    books.record(EndItem(subscription=SUBSCRIPTION, item=ItemId("mailbox"), on=date(2012, 3, 31)))
    if missing == "plans":
        books.record(Suspend(subscription=SUBSCRIPTION, on=date(2012, 4, 1)))
    books.close(date(2012, 3, 31))
    books.catalogue = WITHOUT[missing]

    assert books.close(date(2012, 4, 30)).problems == ()


def test_an_ended_subscription_has_no_problem_with_what_became_of_the_catalogue() -> None:
    books = KeptBooks()
    books.open("adsl", date(2012, 3, 1))
    books.record(Cancel(subscription=SUBSCRIPTION, reason="moved", on=MARCH_31))
    books.close(MARCH_31)
    books.catalogue = WITHOUT["plans"]

    assert books.close(date(2012, 4, 30)).problems == ()


def test_a_closed_cycle_is_repaired_without_what_the_catalogue_lost() -> None:
    books = KeptBooks()
    books.open("adsl", date(2012, 3, 1))
    books.close(MARCH_31)
    books.catalogue = evolve(books.catalogue, plans={}, policies={})
    books.record(Annul(subscription=SUBSCRIPTION, on=date(2012, 3, 1)), today=date(2012, 4, 2))

    assert books.close(date(2012, 4, 2)).problems == ()
    assert books.nets() == {}


def test_an_offer_that_reached_a_closed_cycle_and_then_left_the_catalogue_is_a_problem() -> None:
    books = KeptBooks()
    books.open("fibre", date(2012, 3, 1))
    books.close(MARCH_31)
    add = AddItem(subscription=SUBSCRIPTION, service="mailbox", on=date(2012, 3, 17))
    books.record(add, today=date(2012, 4, 2))
    books.catalogue = WITHOUT["services"]

    (problem,) = books.close(date(2012, 4, 2)).problems

    assert "no composition of 'mailbox'" in problem.message


def test_cycles_that_a_voided_closing_day_had_closed_are_credited_and_nothing_is_billed_twice() -> None:
    books = KeptBooks()
    books.open("adsl", date(2012, 3, 1))
    books.record(ChangeBillingTerms(subscription=SUBSCRIPTION, closing_day=15, on=date(2012, 3, 1)))
    books.close(date(2012, 3, 15))
    told = [Event(date(2012, 3, 20), Retracted((2,)))]
    books.recorded(SUBSCRIPTION, (*books.timelines[SUBSCRIPTION].recorded, *facts_of(told, after=2)))

    books.dirty_from[SUBSCRIPTION] = date(2012, 3, 1)

    closing = books.close(MARCH_31)

    assert [
        f"{entry.kind.value} {entry.amount.amount} for {entry.key.cycle}" for entry in closing.entries
    ] == [
        "charge 100.00 for 01/03/2012 to 31/03/2012, 31 days",
        "credit 51.72 for 16/02/2012 to 15/03/2012, 29 days",  # 15 of 29 days
    ]
    assert books.close(MARCH_31).entries == ()


def dear() -> Money:
    """Return a price that no command lets in any more."""
    return brl("9999999999999.99")


def with_price(books: KeptBooks, number: SubscriptionId, price: Money) -> None:
    """Rewrite what opened a subscription so that it costs *price*."""
    (fact,) = books.timelines[number].recorded
    opening = fact.payload.opening
    payload = evolve(fact.payload, opening=evolve(opening, item=evolve(opening.item, price=price)))
    books.recorded(number, [evolve(fact, payload=payload)])


def test_a_price_that_is_too_high_is_a_problem_of_its_subscription_alone() -> None:
    books = KeptBooks()
    first, second = books.open("adsl", date(2012, 3, 1)), books.open("adsl", date(2012, 3, 1))
    with_price(books, first, dear())

    preview, closing = books.preview(MARCH_31), books.close(MARCH_31)

    assert [(one.subscription, one.rule) for one in closing.problems] == [(first, "price-too-high")]
    assert str(closing.problems[0]) == (
        "Subscription 104 cannot be billed: 9999999999999.99 BRL is too high for the price of 'adsl'."
        " Use 9999999999.99 BRL or less."
    )
    assert [entry.key.subscription for entry in closing.entries] == [second]
    assert [str(one) for one in preview.problems] == [str(one) for one in closing.problems]


def test_what_is_billed_alike_at_a_price_that_is_too_high_is_looked_at_one_by_one() -> None:
    books = KeptBooks()
    books.open("adsl", date(2012, 3, 1))
    profile = books.close(MARCH_31).subscriptions[0].outlook.profile
    assert profile is not None
    high = evolve(profile, items=(evolve(profile.items[0], price=dear()),))

    assert close_quiet(high, date(2012, 4, 1), books.catalogue, books.terms, date(2012, 4, 30)) is None


def test_a_day_after_which_there_is_none_is_a_problem_of_its_subscription_alone() -> None:
    books = KeptBooks()
    first, second = books.open("adsl", date(2012, 3, 1)), books.open("adsl", date(2012, 3, 1))
    (end,) = facts_of([Event(date.max, Cancelled(CATALOGUE.status_for(Role.CANCELLED)))], after=1)
    books.recorded(first, (*books.timelines[first].recorded, end))

    closing = books.close(MARCH_31)

    assert [(one.subscription, one.rule) for one in closing.problems] == [(first, "OverflowError")]
    assert [entry.key.subscription for entry in closing.entries] == [second]


def test_one_subscription_closed_alone_raises_its_problem() -> None:
    books = over_price()
    alone = books.account().books[0]

    with pytest.raises(UnbillableError, match="Subscription 104 cannot be billed"):
        close_subscription(alone, books.catalogue, books.terms, MARCH_31)


def test_a_problem_that_is_one_already_is_handed_on_as_it_is() -> None:
    books = KeptBooks()
    books.open("adsl", date(2012, 3, 1))
    told = UnbillableError("The terms are gone.", subscription=SUBSCRIPTION, rule="gone")

    def terms(*_: object) -> None:
        raise told

    with pytest.raises(UnbillableError) as caught:
        close_subscription(books.account().books[0], books.catalogue, terms, MARCH_31)  # type: ignore[arg-type]  # never returns

    assert caught.value is told


def test_what_is_owed_for_some_cycles_can_be_asked_without_books() -> None:
    books = KeptBooks()
    books.open("adsl", date(2012, 3, 16))
    timeline = books.timelines[SUBSCRIPTION]
    spans = islice(timeline.billed_from(date(2012, 2, 1)), 3)

    owed = desired_charges(timeline, books.terms, spans)

    assert [str(charge.amount) for charge in owed] == ["51.61 BRL", "100.00 BRL"]


def test_what_is_owed_raises_the_rule_that_forbids_it() -> None:
    books = over_price()
    timeline = books.timelines[SUBSCRIPTION]

    with pytest.raises(RefusedError, match="more than the price"):
        list(desired_charges(timeline, books.terms, [timeline.billed_on(MARCH_31)]))
