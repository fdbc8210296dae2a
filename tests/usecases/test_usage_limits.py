"""Usage limits: what a plugin decides by what was moved this month, once a month on each subscription."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ispcore.driver import Login
from ispcore.errors import NotPermittedError
from ispcore.hooks import UsageLimit, hookimpl
from ispcore.network import Usage
from ispcore.plans import AddComponent, HoldCause, HoldKind, Reduce, Restore, State
from ispcore.testing import MockAccounting
from ispcore.timeline import Actor
from ispcore.usecases import Limited
from ispcore.values import SubscriptionId
from tests.catalogues import april, march
from tests.components import SECTIONS
from tests.network.connections import BringsCounting, at, counting_provider, going_on, stopped
from tests.providers import ANA, Office, open_office

ONE = SubscriptionId(1)


def above_hundred(usage: Usage, state: State) -> Reduce | None:
    if usage.octets.total > 100:
        return Reduce(subscription=state.id, cause=HoldCause.ABUSE)
    return None


FAIR = UsageLimit("fair-use", above_hundred)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """An office whose first subscription has the login ana; it is noon of 20 March."""
    with open_office(tmp_path / "provider.db") as office:
        office.load(**SECTIONS)
        office.subscribe(office.register())
        office.do(AddComponent(subscription=ONE, spec=Login(username="ana")))
        office.clock.move_to(march(20))
        yield office


def limit(office: Office, *limits: UsageLimit, subscription: int = 1) -> Limited:
    return office.provider.connections.limit(limits, [SubscriptionId(subscription)], actor=ANA)


def collect(office: Office, *told: Any) -> None:
    source = MockAccounting()
    source.stands(*told)
    office.provider.connections.collect(actor=ANA, sources={"radius": source})


def holds(office: Office, on: date) -> list[tuple[HoldKind, HoldCause, date | None]]:
    state = office.provider.subscription(ONE, actor=ANA).timeline.on(on)
    assert state is not None
    return [(one.kind, one.cause, one.until) for one in state.holds if one.until is None or one.until > on]


def test_who_moved_too_much_is_reduced_until_the_month_is_over(office: Office) -> None:
    collect(office, stopped(at(10, 8), at(10, 9), up=1, down=100))

    assert limit(office, FAIR) == Limited(placed=1)

    assert holds(office, march(20)) == [(HoldKind.REDUCED, HoldCause.ABUSE, april(1))]
    assert holds(office, april(1)) == []
    fact = office.provider.subscription(ONE, actor=ANA).timeline.recorded[-1]
    assert fact.recorded.command_id == "limit-fair-use-2012-03"


@pytest.mark.parametrize(
    "connection",
    [
        stopped(at(10, 8), at(10, 9), up=1, down=99),
        stopped(at(28, 8, month=2), at(28, 9, month=2), down=101),
        stopped(at(10, 8), at(10, 9), down=101, login="bia"),
    ],
)
def test_less_an_earlier_month_and_somebody_elses_login_are_left_alone(
    office: Office, connection: Any
) -> None:
    collect(office, connection)

    assert limit(office, FAIR) == Limited()
    assert holds(office, march(20)) == []


def test_a_limit_acts_once_a_month_so_what_a_clerk_lifts_stays_lifted(office: Office) -> None:
    collect(office, going_on(at(10, 8), at(10, 9), down=101))
    limit(office, FAIR)
    office.do(Restore(subscription=ONE, cause=HoldCause.ABUSE))

    assert limit(office, FAIR) == Limited()
    assert holds(office, march(20)) == []

    office.clock.move_to(april(10))
    collect(office, stopped(at(2, 8, month=4), at(2, 9, month=4), down=101))
    assert limit(office, FAIR) == Limited(placed=1)


def test_several_limits_each_act(office: Office) -> None:
    collect(office, stopped(at(10, 8), at(10, 9), down=101))
    other = UsageLimit("other", lambda _, state: Reduce(subscription=state.id, until=march(25)))

    assert limit(office, FAIR, other) == Limited(placed=2)

    assert [one[2] for one in holds(office, march(20))] == [april(1), march(25)]


def test_a_limit_that_fails_is_told_and_others_are_asked(office: Office) -> None:
    collect(office, stopped(at(10, 8), at(10, 9), down=101))

    def broken(usage: Usage, state: State) -> None:
        raise KeyError(usage.login)

    found = limit(office, UsageLimit("broken", broken), FAIR)

    assert found.placed == 1
    assert found.problems == ("Usage limit 'broken' on subscription 1 could not be kept: KeyError: 'ana'",)


def test_a_limit_needs_the_permission_of_what_it_places(office: Office) -> None:
    collect(office, stopped(at(10, 8), at(10, 9), down=101))
    clerk = Actor("rui", {"connection.limit"})

    found = office.provider.connections.limit([FAIR], [ONE], actor=clerk)

    assert (found.placed, "subscription.reduce" in found.problems[0]) == (0, True)
    with pytest.raises(NotPermittedError):
        office.provider.connections.limit([FAIR], [ONE], actor=Actor("rui"))


class BringsLimits(BringsCounting):
    """A plugin that brings a device that counts, which tells of 10 bytes, and a limit that they exceed."""

    @hookimpl
    def ispcore_usage_limits(self) -> list[UsageLimit]:
        return [UsageLimit("ten", lambda _, state: Reduce(subscription=state.id, cause=HoldCause.ABUSE))]


def test_a_tick_keeps_the_limits_of_plugins(office: Office) -> None:
    office.provider = counting_provider(office, BringsLimits())

    chores = {chore.name: chore for chore in office.provider.tick(actor=ANA).chores}
    again = {chore.name: chore for chore in office.provider.tick(actor=ANA).chores}

    assert chores["accounting"].counts == {"new": 1, "changed": 0, "limited": 1}
    assert again["accounting"].did_nothing
    assert holds(office, march(20)) == [(HoldKind.REDUCED, HoldCause.ABUSE, april(1))]
