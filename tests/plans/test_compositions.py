"""How a price is split into lines: the catalogue's composition, or the subscription's own."""

from datetime import date
from typing import Any

import pytest
from attrs import evolve

from ispcore.catalog import Catalogue, Line
from ispcore.errors import ConflictingFactsError, InvalidValueError, NotFoundError, RefusedError
from ispcore.plans import (
    AddItem,
    Cancel,
    ChangePrice,
    CustomiseComposition,
    EndItem,
    RestoreComposition,
    Retract,
    Subscribe,
    SubscriptionCommand,
    Suspend,
    Timeline,
)
from ispcore.values import ItemId, LineId, Money
from tests.catalogues import (
    CATALOGUE,
    CUSTOMER,
    DOCUMENT,
    START,
    SUBSCRIPTION,
    april,
    brl,
    catalogue,
    do,
    line,
    march,
    opened,
    setting,
    subscribed,
)

ACCESS = line("access", "80.00")
FILMS = line("films", "30.00", company="media", document_type="nfse")
RESTORE = RestoreComposition(subscription=SUBSCRIPTION)


def customise(*lines: Line, **more: Any) -> CustomiseComposition:
    return CustomiseComposition(subscription=SUBSCRIPTION, lines=lines, **more)


def own_lines(timeline: Timeline) -> tuple[Line, ...] | None:
    return timeline.last.plan.lines


def test_a_subscription_follows_its_plans_composition_until_it_is_customised() -> None:
    assert own_lines(subscribed("fibre")) is None


@pytest.mark.covers("S0-041", "S0-042", "S0-044")
def test_a_customised_subscription_keeps_its_own_lines_whatever_the_catalogue_says_later() -> None:
    timeline = do(subscribed("fibre"), customise(ACCESS), march(10))

    fibre = {**DOCUMENT["plans"]["fibre"], "versions": DOCUMENT["plans"]["adsl"]["versions"]}
    edited = catalogue(plans={"fibre": fibre})
    timeline = do(
        timeline, AddItem(subscription=SUBSCRIPTION, service="mailbox"), march(12), catalogue=edited
    )

    assert own_lines(timeline) == (ACCESS,)


@pytest.mark.covers("S0-045")
def test_a_line_is_added() -> None:
    timeline = do(subscribed("fibre"), customise(ACCESS, FILMS), march(10))

    timeline = do(timeline, customise(ACCESS, FILMS, line("router", "5.00")), march(12))

    assert [each.id for each in own_lines(timeline) or ()] == ["access", "films", "router"]


@pytest.mark.covers("S0-058", "S0-266")
def test_a_line_is_edited_and_keeps_its_id() -> None:
    timeline = do(subscribed("fibre"), customise(ACCESS, FILMS), march(10))

    edited = evolve(FILMS, value=brl("35.00"), description="Filmes e séries")
    timeline = do(timeline, customise(ACCESS, edited), march(12))

    assert own_lines(timeline) == (ACCESS, edited)


@pytest.mark.covers("S0-059")
def test_a_line_is_removed() -> None:
    timeline = do(subscribed("fibre"), customise(ACCESS, FILMS), march(10))

    assert own_lines(do(timeline, customise(ACCESS), march(12))) == (ACCESS,)


@pytest.mark.covers("S0-060")
def test_back_to_default_follows_the_catalogue_again() -> None:
    timeline = do(subscribed("fibre"), customise(ACCESS), march(10))

    assert own_lines(do(timeline, RESTORE, march(12))) is None


@pytest.mark.covers("S0-046", "S0-049", "S0-050", "S0-053", "S0-054", "S0-055")
def test_a_line_has_its_own_account_description_company_document_charge_method_and_value() -> None:
    support = line(
        "support", "12.34", account="3.1.02", company="media", document_type="nfse", charge_method="card"
    )

    (kept,) = own_lines(do(subscribed(), customise(support), march(10))) or ()

    assert (kept.description, kept.value) == ("Support", brl("12.34"))
    assert (kept.target.account, kept.target.company) == ("3.1.02", "media")
    assert (kept.target.document_type, kept.target.charge_method) == ("nfse", "card")


@pytest.mark.covers("S0-046", "S0-052")
@pytest.mark.parametrize(
    ("target", "problem"),
    [
        ({"account": "9.9"}, r"There is no ledger account '9\.9'\. The catalogue has: 3\.1\.01, 3\.1\.02"),
        ({"company": "acme"}, r"There is no company 'acme'\. The catalogue has: media, net"),
        ({"document_type": "nf"}, "There is no document type 'nf'"),
        ({"charge_method": "pix"}, "There is no charge method 'pix'"),
    ],
)
def test_a_line_books_to_what_the_catalogue_has(target: dict[str, str], problem: str) -> None:
    with pytest.raises(NotFoundError, match=problem):
        do(subscribed(), customise(line("access", "80.00", **target)), march(10))


@pytest.mark.covers("S0-056")
def test_lines_that_exceed_the_price_are_refused() -> None:
    full = do(subscribed(), customise(ACCESS, line("films", "20.00")), march(10))
    assert len(own_lines(full) or ()) == 2

    with pytest.raises(RefusedError, match=r"sum to 100\.01 BRL, more than the price 100\.00 BRL"):
        do(subscribed(), customise(ACCESS, line("films", "20.01")), march(10))


@pytest.mark.parametrize("own", [("80.00", "30.00"), None])
def test_a_subscription_is_not_opened_for_less_than_its_lines(own: tuple[str, str] | None) -> None:
    lines = (line("access", own[0]), line("films", own[1])) if own else None
    command = Subscribe(
        customer=CUSTOMER,
        plan="fibre",
        price=brl("100.00"),
        lines=lines,
        on=START,
        charge_method="slip",
        due_day=10,
    )

    with pytest.raises(RefusedError, match=r"sum to 110\.00 BRL, more than the price 100\.00 BRL"):
        opened(command)


@pytest.mark.parametrize("value", ["99.99", "0.00"])
def test_a_strict_policy_wants_lines_that_make_up_the_price(value: str) -> None:
    strict = subscribed("strict")

    with pytest.raises(RefusedError, match=r"less than the price 100\.00 BRL"):
        do(strict, customise(line("access", value)), march(10))


def test_a_strict_policy_refuses_a_price_without_lines_for_it() -> None:
    with pytest.raises(RefusedError, match=r"sum to 100\.00 BRL, less than the price 120\.00 BRL"):
        subscribed("strict", price=brl("120.00"))
    with pytest.raises(RefusedError, match=r"sum to 0\.00 BRL, less than the price 10\.00 BRL"):
        do(subscribed("strict"), AddItem(subscription=SUBSCRIPTION, service="mailbox"), march(10))


@pytest.mark.parametrize(
    ("lines", "error", "problem"),
    [
        ((ACCESS, ACCESS), RefusedError, "The line id 'access' stands twice"),
        ((line("remainder", "1.00"),), InvalidValueError, "'remainder' is kept for what the lines leave"),
        ((line("access", "-1.00"),), InvalidValueError, "has the negative value -1.00 BRL"),
        ((line("Access", "1.00"),), InvalidValueError, "'Access' cannot be a line id"),
        ((evolve(ACCESS, description="a\nb"),), InvalidValueError, "is not a plain text"),
        ((evolve(ACCESS, value=Money.of("1.00", "USD")),), InvalidValueError, "two currencies"),
        ((evolve(ACCESS, id=LineId("")),), InvalidValueError, "cannot be a line id"),
    ],
)
def test_odd_lines_are_refused(lines: tuple[Line, ...], error: type[Exception], problem: str) -> None:
    with pytest.raises(error, match=problem):
        do(subscribed(), customise(*lines), march(10))


def test_a_composition_of_nothing_leaves_the_whole_price_to_the_remainder() -> None:
    assert own_lines(do(subscribed("fibre"), customise(), march(10))) == ()


def test_what_follows_the_catalogue_cannot_be_restored() -> None:
    with pytest.raises(RefusedError, match="follows the catalogue's composition of 'plan' already"):
        do(subscribed("fibre"), RESTORE, march(10))


def test_the_catalogues_lines_must_fit_the_price_to_be_restored() -> None:
    cheap = subscribed("fibre", price=brl("100.00"), lines=(ACCESS,))

    with pytest.raises(RefusedError, match=r"sum to 110\.00 BRL, more than the price 100\.00 BRL"):
        do(cheap, RESTORE, march(10))


def test_the_catalogues_lines_must_make_up_the_price_of_a_strict_policy_to_be_restored() -> None:
    dear = subscribed("strict", price=brl("120.00"), lines=(line("access", "120.00"),))

    with pytest.raises(RefusedError, match=r"sum to 100\.00 BRL, less than the price 120\.00 BRL"):
        do(dear, RESTORE, march(10))


def test_lines_of_an_own_composition_are_checked_again_when_an_earlier_price_is_recorded() -> None:
    timeline = do(subscribed(), customise(ACCESS), march(10))

    with pytest.raises(ConflictingFactsError, match="because of CompositionCustomised of 2012-03-10"):
        do(timeline, ChangePrice(subscription=SUBSCRIPTION, price=brl("70.00"), on=march(5)), march(12))


# --- prices and lines that meet on a later day


CUSTOMISED = customise(line("access", "40.00"), on=march(5))
CHEAPER = ChangePrice(subscription=SUBSCRIPTION, price=brl("60.00"), on=march(10))
CHEAPER_RESCALED = evolve(CHEAPER, rescale=True)
RESTORED_LATER = evolve(RESTORE, on=march(15))


@pytest.mark.parametrize(
    ("given", "last", "day"),
    [
        ([CUSTOMISED, RESTORED_LATER], CHEAPER, march(15)),
        ([CUSTOMISED, RESTORED_LATER], CHEAPER_RESCALED, march(15)),
        ([CUSTOMISED, evolve(RESTORE, on=april(15))], CHEAPER_RESCALED, april(15)),
        ([CUSTOMISED, CHEAPER], evolve(RESTORE, on=march(8)), march(10)),
        ([CUSTOMISED, evolve(CHEAPER, on=april(10))], evolve(RESTORE, on=march(8)), april(10)),
        ([CUSTOMISED, CHEAPER], Retract(subscription=SUBSCRIPTION, fact=2), march(10)),
        (
            [CHEAPER_RESCALED, evolve(CHEAPER, price=brl("70.00"), on=march(15))],
            Retract(subscription=SUBSCRIPTION, fact=2),
            march(15),
        ),
    ],
)
def test_a_command_by_which_lines_would_exceed_the_price_of_a_later_day_is_refused_with_that_day(
    given: list[SubscriptionCommand], last: SubscriptionCommand, day: date
) -> None:
    """It would be accepted, and the subscription could not be billed by any closing to come."""
    timeline = subscribed("fibre")
    for command in given:
        timeline = do(timeline, command, march(20))

    with pytest.raises(RefusedError) as refused:
        do(timeline, last, march(20))

    assert refused.value.rule == "composition-over-price"
    assert refused.value.message.startswith(
        f"Subscription 104 could not be billed from {day} on, as to its item 'plan': The lines of the"
        " composition sum to 110.00 BRL, more than the price "
    )
    assert refused.value.hint == (
        "First change the price or the lines of that day, or retract the fact that sets them."
    )


def test_lines_that_a_strict_policy_wants_are_looked_at_on_later_days_too() -> None:
    timeline = do(subscribed("strict"), customise(line("all", "100.00")), march(5))
    timeline = do(timeline, RESTORED_LATER, march(15))

    dearer = ChangePrice(subscription=SUBSCRIPTION, price=brl("120.00"), rescale=True, on=march(10))
    with pytest.raises(RefusedError, match=r"from 2012-03-15 on.* sum to 100\.00 BRL, less than .*120\.00"):
        do(timeline, dearer, march(20))


def test_a_price_and_lines_that_fit_on_later_days_are_accepted() -> None:
    timeline = do(subscribed("fibre"), CUSTOMISED, march(20))
    timeline = do(timeline, RESTORED_LATER, march(20))

    dearer = ChangePrice(subscription=SUBSCRIPTION, price=brl("115.00"), on=march(10))
    timeline = do(timeline, dearer, march(20))

    assert (timeline.last.plan.price, own_lines(timeline)) == (brl("115.00"), None)


def test_what_follows_the_catalogue_again_goes_with_the_lines_of_its_price() -> None:
    timeline = do(subscribed("fibre"), CHEAPER_RESCALED, march(20))

    timeline = do(timeline, Retract(subscription=SUBSCRIPTION, fact=2), march(20))

    assert (timeline.last.plan.price, own_lines(timeline)) == (brl("120.00"), None)


def test_a_service_that_has_ended_on_the_later_day_is_not_looked_at_then() -> None:
    version: dict[str, Any] = DOCUMENT["plans"]["fibre"]["versions"][0]
    service: dict[str, Any] = {"name": "TV", "versions": [version]}
    fibre = {**DOCUMENT["plans"]["fibre"], "permits": ["tv"]}
    sold = catalogue(services={"tv": service}, plans={"fibre": fibre})
    tv = ItemId("tv")
    timeline = do(
        subscribed("fibre"), AddItem(subscription=SUBSCRIPTION, service="tv"), march(1), catalogue=sold
    )
    timeline = do(timeline, EndItem(subscription=SUBSCRIPTION, item=tv, on=march(12)), march(1))
    timeline = do(timeline, Suspend(subscription=SUBSCRIPTION), march(20))

    lines = [*version["lines"], {"id": "more", "description": "More", "value": "5.00"}]
    dearer = {**version, "from": "2012-03-15", "lines": lines}
    edited = catalogue(services={"tv": {**service, "versions": [version, dearer]}}, plans={"fibre": fibre})
    change = ChangePrice(subscription=SUBSCRIPTION, item=tv, price=brl("112.00"), on=march(10))

    assert do(timeline, change, march(20), catalogue=edited).last.item(tv).price == brl("112.00")


@pytest.mark.parametrize("gone", [evolve(CATALOGUE, plans={}), evolve(CATALOGUE, policies={})])
def test_what_the_catalogue_does_not_have_any_more_is_not_looked_at(gone: Catalogue) -> None:
    timeline = do(subscribed("fibre"), CUSTOMISED, march(20))
    timeline = do(timeline, CHEAPER, march(20))

    timeline = do(timeline, Retract(subscription=SUBSCRIPTION, fact=2), march(20), catalogue=gone)

    assert own_lines(timeline) is None


def test_a_fact_that_an_end_had_voided_may_come_back_to_be_put_right() -> None:
    timeline = do(subscribed("fibre"), CUSTOMISED, march(20))
    timeline = do(timeline, CHEAPER, march(20))
    timeline = do(timeline, Cancel(subscription=SUBSCRIPTION, reason="moved", on=march(7)), march(20))
    timeline = do(timeline, evolve(RESTORE, on=march(6)), march(20))

    timeline = do(timeline, Retract(subscription=SUBSCRIPTION, fact=4), march(20))

    assert (timeline.last.plan.price, own_lines(timeline)) == (brl("60.00"), None)


def test_an_additional_service_has_a_composition_of_its_own_too() -> None:
    timeline = do(subscribed(), AddItem(subscription=SUBSCRIPTION, service="mailbox"), march(1))

    timeline = do(timeline, customise(line("mail", "10.00"), item=ItemId("mailbox")), march(10))

    assert timeline.last.item(ItemId("mailbox")).lines == (line("mail", "10.00"),)
    assert own_lines(timeline) is None


def test_a_catalogue_without_accounts_says_so() -> None:
    empty = evolve(CATALOGUE, accounts={})

    with pytest.raises(NotFoundError, match=r"no ledger account '3\.1\.01'\. The catalogue has: none"):
        do(subscribed(), customise(ACCESS), march(1), catalogue=empty)


def test_the_opening_may_bring_its_own_lines() -> None:
    timeline = subscribed("fibre", lines=(ACCESS,), at=setting())

    assert own_lines(timeline) == (ACCESS,)
