"""Connections in the database: on each engine, and for two who take the same at once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from attrs import evolve

from ispcore.app import Provider
from ispcore.driver import Login
from ispcore.network import Octets
from ispcore.plans import AddComponent
from ispcore.storage import SqlDatabase
from ispcore.testing import MOCK_SPEC, MockAccounting, MockDevice, MockDriver
from ispcore.usecases import Collected
from ispcore.values import Period, SubscriptionId
from tests.catalogues import march
from tests.components import SECTIONS
from tests.network.connections import at, counted, going_on, stopped
from tests.providers import ANA, MovableClock, Office

MARCH = Period(march(1), date(2012, 4, 1))
FULL = stopped(
    at(10, 8),
    at(10, 9),
    up=2**40,
    down=2**49,
    session="8F01",
    address="192.0.2.7",
    ipv6_prefix="2001:db8:7::/64",
    delegated_prefix="2001:db8:700::/56",
    mac="00:00:5E:00:53:01",
    access_point="tower",
    cause="User-Request",
)


@pytest.fixture
def server_office(unmade_database: str) -> Iterator[Office]:
    """An office on each engine, at noon of 20 March, whose first customer has the login ana."""
    office = Office(None, unmade_database)
    office.load(**SECTIONS)
    office.subscribe(office.register())
    office.do(AddComponent(subscription=SubscriptionId(1), spec=Login(username="ana")))
    office.clock.move_to(march(20))
    yield office
    office.provider.close_database()


def collect(provider: Provider, *sources: MockAccounting) -> tuple[Collected, ...]:
    named = {f"radius-{number}": source for number, source in enumerate(sources)}
    return provider.connections.collect(actor=ANA, sources=named)


def test_each_engine_keeps_looks_at_and_lets_go_of_connections(server_office: Office) -> None:
    provider, source = server_office.provider, MockAccounting()
    source.stands(FULL, going_on(at(19), at(20, 11), up=7, id="open"))
    collect(provider, source)
    source.stands(going_on(at(19), at(20, 12), up=9, id="open"))
    collect(provider, source)

    found = provider.connections.statement("ana", MARCH, actor=ANA)
    mine = evolve(FULL, subscription=SubscriptionId(1))
    assert found.connections[0] == mine
    assert found.octets == Octets(2**40 + 9, 2**49)
    with server_office.database.reading() as work:
        assert work.connections.of_subscriptions([SubscriptionId(1)])[0] == mine
        assert work.connections.of_subscriptions([SubscriptionId(2)]) == ()
    assert provider.connections.last("ana", actor=ANA).id == "open"
    assert len(provider.connections.looks("ana", actor=ANA)) == 2

    server_office.clock.move_to(date(2013, 3, 21))
    assert provider.connections.let_go(actor=ANA) == 2
    assert [one.connections for one in provider.connections.past(actor=ANA)] == [1, 1]
    assert provider.connections.looks("ana", actor=ANA) == ()


def test_two_who_collect_at_once_take_each_connection_once(server_office: Office) -> None:
    source = MockAccounting()
    starts = [at(10) + timedelta(minutes=n) for n in range(60)]
    source.stands(*(stopped(start, at(12), up=1, id=f"{n}") for n, start in enumerate(starts)))

    def work(_: int) -> Collected:
        clock = MovableClock(march(20))
        with Provider(SqlDatabase(server_office.url), clock=clock) as provider:
            return collect(provider, source)[0]

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(work, range(2)))

    assert sum(one.new for one in found) == 60
    assert server_office.provider.connections.statement("ana", MARCH, actor=ANA).octets == Octets(60, 0)


def test_two_who_ask_a_device_at_once_take_each_connection_once(server_office: Office) -> None:
    device = MockDevice("radius")
    device.counted = [counted(at(10) + timedelta(minutes=n), at(12)) for n in range(1_500)]
    drivers = {"mock": (MOCK_SPEC, MockDriver(device))}
    devices = server_office.provider.network.using(drivers).devices
    devices.add("radius", driver="mock", config={"device": "radius"}, lanes=1, actor=ANA)

    def work(_: int) -> Collected:
        with Provider(SqlDatabase(server_office.url), clock=MovableClock(march(20))) as provider:
            return provider.connections.using(drivers).collect(actor=ANA)[0]

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(work, range(2)))

    assert [one.problems for one in found] == [(), ()]
    assert sum(one.new for one in found) == 1_500
    stated = server_office.provider.connections.statement("ana", MARCH, actor=ANA)
    assert stated.octets == Octets(15_000, 0)
    assert server_office.provider.connections.using(drivers).collect(actor=ANA)[0].new == 0


@pytest.mark.parametrize("count", [1_000, 1_001])
def test_more_than_fit_into_a_transaction_are_taken_and_let_go(server_office: Office, count: int) -> None:
    source = MockAccounting()
    source.stands(*(stopped(at(10), at(11), up=1, id=f"{n}") for n in range(count)))

    assert collect(server_office.provider, source)[0].new == count
    server_office.clock.move_to(date(2013, 3, 20))
    assert server_office.provider.connections.let_go(actor=ANA) == count

    (past,) = server_office.provider.connections.past(actor=ANA)
    assert (past.connections, past.octets.up) == (count, count)
