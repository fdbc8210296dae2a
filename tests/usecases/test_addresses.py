"""A fixed address belongs to one, is refused with its holder's name, and rests when it was given back."""

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from ispcore.driver import Access, Login
from ispcore.errors import NotFoundError, RefusedError
from ispcore.plans import (
    AddComponent,
    Cancel,
    ChangeComponent,
    ChangePlan,
    Delete,
    RemoveComponent,
    Resume,
    Retract,
    Suspend,
)
from ispcore.values import ComponentId, SubscriptionId
from tests.catalogues import START
from tests.homes import midnight, sections
from tests.providers import ANA, Office, open_office

LOGIN = ComponentId("login")
POOL = {"name": "Homes", "network": "192.0.2.0/29", "gateway": "192.0.2.1", "quarantine_days": 7}


@pytest.fixture
def home() -> Iterator[Office]:
    """An office with a pool of five addresses."""
    with open_office() as office:
        office.load(**sections(), pools={"homes": POOL})
        yield office


def subscribed(office: Office, username: str, address: str | None = None) -> SubscriptionId:
    subscription = office.subscribe(office.register(username), "home")
    spec = Login(username=username, address=address)
    office.do(AddComponent(subscription=subscription, spec=spec))
    return subscription


def wish(subscription: SubscriptionId, username: str, address: str | None = None) -> ChangeComponent:
    spec = Login(username=username, address=address)
    return ChangeComponent(subscription=subscription, component=LOGIN, spec=spec)


def placements(office: Office, become: str) -> None:
    with office.database.writing() as work:
        work.connection.execute(sa.text(f"UPDATE placements SET {become}"))


def free(office: Office) -> tuple[str, ...]:
    return office.provider.network.free_addresses("homes", actor=ANA)


@pytest.mark.covers("S3-018")
def test_an_address_must_be_in_a_pool(home: Office) -> None:
    with pytest.raises(RefusedError, match="lies in no pool") as refusal:
        subscribed(home, "ana", "198.51.100.7")

    assert refusal.value.rule == "address-not-in-pool"


def test_an_address_that_somebody_has_is_refused_with_the_holders_name(home: Office) -> None:
    subscription = subscribed(home, "ana", "192.0.2.2")
    customer = home.provider.subscription(subscription, actor=ANA).row.customer

    with pytest.raises(RefusedError) as refusal:
        subscribed(home, "rui", "192.0.2.2")

    assert refusal.value.rule == "address-taken"
    assert f"of subscription {subscription}, customer {customer}" in refusal.value.message


def test_an_address_that_is_given_back_rests_and_is_free_again(home: Office) -> None:
    subscription = subscribed(home, "ana", "192.0.2.2")
    home.do(
        ChangeComponent(
            subscription=subscription, component=LOGIN, spec=Login(username="ana", address="192.0.2.3")
        )
    )
    other = subscribed(home, "rui")
    change = wish(other, "rui", "192.0.2.2")

    with pytest.raises(RefusedError) as refusal:
        home.do(change)
    assert refusal.value.rule == "address-in-quarantine"
    assert refusal.value.hint is not None
    assert "2012-03-02" in refusal.value.hint
    home.do(change, today=START.replace(month=3, day=2))

    assert home.findings() == []


def test_whoever_gave_an_address_back_may_have_it_again_at_once(home: Office) -> None:
    subscription = subscribed(home, "ana", "192.0.2.2")
    home.do(wish(subscription, "ana"))

    home.do(
        ChangeComponent(
            subscription=subscription, component=LOGIN, spec=Login(username="ana", address="192.0.2.2")
        )
    )

    assert free(home) == ("192.0.2.3", "192.0.2.4", "192.0.2.5", "192.0.2.6")


def test_a_suspended_subscription_keeps_its_address(home: Office) -> None:
    subscription = subscribed(home, "ana", "192.0.2.2")
    home.do(Suspend(subscription=subscription))

    with pytest.raises(RefusedError):
        subscribed(home, "rui", "192.0.2.2")
    home.do(Resume(subscription=subscription))

    assert "192.0.2.2" not in free(home)


def test_a_change_of_plan_takes_the_address_along(home: Office) -> None:
    subscription = subscribed(home, "ana", "192.0.2.2")

    done = home.do(ChangePlan(subscription=subscription, plan="fast"))

    assert "192.0.2.2" not in free(home)
    with pytest.raises(RefusedError, match=f"of subscription {done.successor}"):
        subscribed(home, "rui", "192.0.2.2")


@pytest.mark.parametrize(
    ("ending", "more"),
    [
        (RemoveComponent, {"component": LOGIN}),
        (Cancel, {"reason": "moved"}),
        (Delete, {"note": "entered twice"}),
    ],
)
def test_every_end_gives_the_address_back(home: Office, ending: type, more: dict[str, Any]) -> None:
    subscription = subscribed(home, "ana", "192.0.2.2")
    home.do(ending(subscription=subscription, **more))
    home.clock.move_to(START.replace(month=3, day=10))
    home.provider.network.tick(midnight(START.replace(month=3, day=10)), actor=ANA)

    assert "192.0.2.2" in {*free(home)}
    assert subscribed(home, "rui", "192.0.2.2")


def test_a_cancellation_cannot_be_retracted_when_the_address_went_to_somebody_else(home: Office) -> None:
    subscription = subscribed(home, "ana", "192.0.2.2")
    cancelled = home.do(Cancel(subscription=subscription, reason="moved"))
    home.clock.move_to(START.replace(month=3, day=20))
    home.provider.network.tick(actor=ANA)
    subscribed(home, "rui", "192.0.2.2")

    with pytest.raises(RefusedError) as refusal:
        home.do(Retract(subscription=subscription, fact=cancelled.facts[0].sequence))

    assert refusal.value.rule == "address-taken"


def test_of_many_commands_at_once_the_second_who_wants_an_address_is_refused(home: Office) -> None:
    first, second = subscribed(home, "ana"), subscribed(home, "rui")
    wishes = [wish(first, "ana", "192.0.2.4"), wish(second, "rui", "192.0.2.4")]

    taken, refused = home.provider.do_many(wishes, actor=ANA)

    assert taken.error is None
    assert isinstance(refused.error, RefusedError)
    assert refused.error.rule == "address-taken"
    assert home.findings() == []


def test_an_address_is_nobodys_before_the_device_has_let_go_of_it(home: Office) -> None:
    subscription = subscribed(home, "ana", "192.0.2.2")
    placements(home, "applied = wanted, applied_generation = generation")
    home.do(Cancel(subscription=subscription, reason="moved"))
    home.clock.move_to(START.replace(month=3, day=20))
    home.provider.network.tick(actor=ANA)

    with pytest.raises(RefusedError, match="still has it on a device"):
        subscribed(home, "rui", "192.0.2.2")
    assert "192.0.2.2" not in free(home)
    placements(home, "applied = NULL, applied_generation = generation")

    assert "192.0.2.2" in free(home)
    assert subscribed(home, "eva", "192.0.2.2")


def test_an_address_whose_pool_is_gone_stays_and_its_login_follows_its_status(home: Office) -> None:
    subscription = subscribed(home, "ana", "192.0.2.2")
    home.load(
        **sections(), pools={"homes": {**POOL, "network": "198.51.100.0/29", "gateway": "198.51.100.1"}}
    )

    home.do(Suspend(subscription=subscription))

    (placement,) = home.provider.network.placements(subscription, actor=ANA)
    assert placement.wanted == Login(
        username="ana", address="192.0.2.2", access=Access.REFUSED, download_kbit=512, upload_kbit=256
    )
    assert [finding.rpartition(" ")[2] for finding in home.findings()] == ["[unsettled]"]


PREFIXES = {"name": "Prefixes", "network": "2001:db8::/32", "quarantine_days": 7}


def routed(office: Office, username: str, **prefixes: str) -> SubscriptionId:
    subscription = office.subscribe(office.register(username), "home")
    office.do(AddComponent(subscription=subscription, spec=Login(username=username, **prefixes)))  # type: ignore[arg-type] # texts
    return subscription


@pytest.mark.parametrize("pools", [{}, {"prefixes": PREFIXES}])
@pytest.mark.parametrize("field", ["ipv6_prefix", "delegated_prefix"])
def test_a_prefix_that_somebody_has_is_refused_with_the_holders_name(
    home: Office, field: str, pools: dict[str, Any]
) -> None:
    home.load(**sections(), pools={"homes": POOL, **pools})
    subscription = routed(home, "ana", delegated_prefix="2001:db8:1::/56")
    customer = home.provider.subscription(subscription, actor=ANA).row.customer

    with pytest.raises(RefusedError) as refusal:
        routed(home, "rui", **{field: "2001:db8:1::/56"})

    assert refusal.value.rule == "address-taken"
    assert refusal.value.message == (
        "The prefix 2001:db8:1::/56 is taken: it belongs to "
        f"'{subscription}:login' of subscription {subscription}, customer {customer}, on 'radius'."
    )
    assert home.findings() == []


def test_a_prefix_that_is_given_back_rests_like_an_address(home: Office) -> None:
    home.load(**sections(), pools={"homes": POOL, "prefixes": PREFIXES})
    subscription = routed(home, "ana", ipv6_prefix="2001:db8:1::/64")
    home.do(wish(subscription, "ana", "192.0.2.2"))

    with pytest.raises(RefusedError) as refusal:
        routed(home, "rui", ipv6_prefix="2001:db8:1::/64")
    home.clock.move_to(START.replace(month=3, day=2))

    assert refusal.value.rule == "address-in-quarantine"
    assert routed(home, "eva", ipv6_prefix="2001:db8:1::/64")


def test_prefixes_that_two_had_before_are_told_by_a_resync_and_hold_no_status_back(home: Office) -> None:
    subscriptions = []
    for name in ("ana", "rui"):  # as it was when nobody held prefixes
        subscriptions.append(routed(home, name, ipv6_prefix="2001:db8:1::/64"))
        with home.database.writing() as work:
            work.connection.execute(sa.text("DELETE FROM addresses"))
    first, second = subscriptions

    done = home.provider.network.resync(actor=ANA)
    home.do(Suspend(subscription=second))

    assert [problem.message for problem in done.problems] == [
        f"The prefix 2001:db8:1::/64 is wanted twice: by '{first}:login' and '{second}:login'."
    ]
    (placement,) = home.provider.network.placements(second, actor=ANA)
    assert placement.wanted is not None
    assert placement.wanted.access is Access.REFUSED  # type: ignore[attr-defined] # a login


def test_free_addresses_of_an_unknown_pool_are_not_found(home: Office) -> None:
    with pytest.raises(NotFoundError, match="homes"):
        home.provider.network.free_addresses("offices", actor=ANA)
