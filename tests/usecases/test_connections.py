"""Connections through the facade: collected, stated, added up, let go; and who looked at them."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from ispcore.driver import Login
from ispcore.errors import NotFoundError, NotPermittedError
from ispcore.network import Connection, Octets
from ispcore.plans import AddComponent
from ispcore.testing import MockAccounting
from ispcore.tick import Carriers
from ispcore.timeline import Actor
from ispcore.usecases import Collected, Looked, PastMonth
from ispcore.values import CustomerId, Period, SubscriptionId
from tests.catalogues import march
from tests.components import SECTIONS
from tests.network.connections import BringsCounting, at, counting_provider, going_on, stopped
from tests.providers import ANA, Office, open_office

MARCH = Period(march(1), date(2012, 4, 1))
ONE = SubscriptionId(1)
HOME = stopped(
    at(10, 8),
    at(10, 9),
    up=10,
    down=90,
    session="8F01",
    address="192.0.2.7",
    ipv6_prefix="2001:db8:7::/64",
    delegated_prefix="2001:db8:700::/56",
    mac="00:00:5E:00:53:01",
    access_point="tower",
    cause="User-Request",
)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """An office whose catalogue carries logins; it is noon of 20 March."""
    with open_office(tmp_path / "provider.db") as office:
        office.load(**SECTIONS)
        office.clock.move_to(march(20))
        yield office


@pytest.fixture
def source() -> MockAccounting:
    """An accounting server."""
    return MockAccounting()


def collect(office: Office, source: MockAccounting, *told: Connection) -> Collected:
    source.stands(*told)
    (found,) = office.provider.connections.collect(actor=ANA, sources={"radius": source})
    return found


def stated(office: Office, login: str = "ana", period: Period = MARCH) -> tuple[Connection, ...]:
    return office.provider.connections.statement(login, period, actor=ANA).connections


# --- collecting


def test_what_an_accounting_server_tells_is_kept_as_it_told_it(
    office: Office, source: MockAccounting
) -> None:
    found = collect(office, source, HOME)

    assert (found.told, found.new, found.changed, found.problems) == (1, 1, 0, ())
    assert stated(office) == (HOME,)


def test_collecting_again_changes_nothing(office: Office, source: MockAccounting) -> None:
    collect(office, source, HOME, going_on(at(19), at(20, 11), up=7))
    before = office.dump()

    again = collect(office, source)

    assert (again.new, again.changed) == (0, 0)
    assert office.dump() == before


def test_a_connection_that_goes_on_is_brought_up_to_date(office: Office, source: MockAccounting) -> None:
    first = going_on(at(20, 8), at(20, 9), up=1, down=2)
    collect(office, source, first)

    stop = evolve(first, seen_at=at(20, 10), stopped_at=at(20, 10), octets=Octets(3, 9), cause="Lost-Carrier")
    assert collect(office, source, stop).changed == 1

    assert stated(office) == (stop,)


def test_an_earlier_state_that_comes_late_takes_nothing_back(office: Office, source: MockAccounting) -> None:
    late = going_on(HOME.started_at, at(10, 8, 30), up=1)
    collect(office, source, HOME)

    assert collect(office, source, late).changed == 0

    assert stated(office) == (HOME,)


def test_a_server_is_asked_for_what_changed_since_the_last_time_and_a_bit_before(
    office: Office, source: MockAccounting
) -> None:
    collect(office, source, going_on(at(20, 8), at(20, 11)))
    collect(office, source)

    assert source.asked == [None, at(20, 11) - timedelta(minutes=15)]


def test_a_server_whose_clock_is_ahead_is_asked_since_now(office: Office, source: MockAccounting) -> None:
    collect(office, source, going_on(at(20, 8), at(25)))
    collect(office, source)

    assert source.asked[1] == at(20, 12) - timedelta(minutes=15)


def test_a_source_that_fails_is_told_and_asked_for_the_rest(office: Office, source: MockAccounting) -> None:
    source.failures = [TimeoutError("no answer in 5 s")]
    other = MockAccounting()
    source.stands(HOME)
    other.stands(evolve(HOME, login="bia"))

    found = office.provider.connections.collect(actor=ANA, sources={"radius": source, "other": other})

    assert [one.source for one in found] == ["other", "radius"]
    assert found[1].problems == ("Accounting source 'radius' failed: TimeoutError: no answer in 5 s",)
    assert stated(office) == (HOME,)
    assert len(stated(office, "bia")) == 1
    collect(office, source)
    assert source.asked == [None, at(10, 8, 45)]


def test_a_bad_record_is_told_and_keeps_no_other_from_being_taken(
    office: Office, source: MockAccounting
) -> None:
    found = collect(office, source, evolve(HOME, id="bad", login=""), HOME)

    assert found.problems == ("Connection 'bad' is left out: it has no login.",)
    assert stated(office) == (HOME,)


def test_whose_a_login_was_stays_known_when_it_is_given_to_somebody_else(
    office: Office, source: MockAccounting
) -> None:
    office.subscribe(office.register())
    office.do(AddComponent(subscription=ONE, spec=Login(username="ana")))

    collect(office, source, HOME, evolve(HOME, id="2", login="nobody"))

    assert [one.subscription for one in stated(office)] == [ONE]
    assert [one.subscription for one in stated(office, "nobody")] == [None]


def test_a_tick_collects_from_devices_that_count(office: Office) -> None:
    office.provider = counting_provider(office, BringsCounting())

    chores = {chore.name: chore for chore in office.provider.tick(actor=ANA).chores}
    again = {chore.name: chore for chore in office.provider.tick(actor=ANA).chores}

    assert chores["accounting"].counts == {"new": 1, "changed": 0, "limited": 0}
    assert chores["accounting"].problems == ("Connection 'bad' is left out: it has no login.",)
    assert again["accounting"].did_nothing
    assert len(stated(office)) == 1


def test_a_tick_asks_the_sources_of_the_program_beside_the_devices(
    office: Office, source: MockAccounting
) -> None:
    office.provider = counting_provider(office, BringsCounting())
    source.stands(HOME)

    carriers = Carriers(sources={"mine": source})
    chores = {chore.name: chore for chore in office.provider.tick(actor=ANA, carriers=carriers).chores}

    assert chores["accounting"].counts["new"] == 2


def test_a_tick_lets_connections_go(office: Office, source: MockAccounting) -> None:
    collect(office, source, HOME)
    office.clock.move_to(date(2013, 3, 20))

    chores = {chore.name: chore for chore in office.provider.tick(actor=ANA).chores}

    assert chores["connections"].counts == {"let go": 1}


# --- looking


def test_a_statement_has_the_connections_of_a_login_that_overlap_the_period(
    office: Office, source: MockAccounting
) -> None:
    # The days are those of Londrina, which are three hours behind.
    over = stopped(at(9, 23), at(10, 4), id="over")
    begins = going_on(at(11, 2), at(11, 8), id="begins")
    before = stopped(at(9, 20), at(10, 2, 59), id="before")
    after = going_on(at(11, 3), at(11, 8), id="after")
    collect(office, source, begins, over, before, after, evolve(HOME, login="bia"))

    found = stated(office, period=Period(march(10), march(11)))

    assert [one.id for one in found] == ["over", "begins"]


def test_a_connection_that_did_not_stop_is_in_every_later_statement(
    office: Office, source: MockAccounting
) -> None:
    collect(office, source, going_on(at(1, 8), at(1, 9), id="open"))

    assert [one.id for one in stated(office, period=Period(march(15), march(16)))] == ["open"]


@pytest.mark.covers("S3-109")
def test_usage_is_told_by_day_and_by_month(office: Office, source: MockAccounting) -> None:
    collect(office, source, HOME, stopped(at(12, 2), at(12, 5), up=300))

    found = office.provider.connections.usage("ana", Period(march(10), march(13)), actor=ANA)

    assert found.days == {march(10): Octets(10, 90), march(11): Octets(100, 0), march(12): Octets(200, 0)}
    assert found.months == {march(1): Octets(310, 90)}


def test_the_last_connection_of_a_login_tells_when_it_was_with_which_mac_and_address(
    office: Office, source: MockAccounting
) -> None:
    newer = evolve(going_on(at(11, 8), at(11, 9)), address="192.0.2.99", mac="00:00:5E:00:53:02")
    collect(office, source, newer, HOME)

    found = office.provider.connections.last("ana", actor=ANA)

    assert (found.started_at, found.mac, found.address) == (at(11, 8), "00:00:5E:00:53:02", "192.0.2.99")
    assert found.is_open


def test_a_login_that_was_never_connected_has_no_last_connection(office: Office) -> None:
    with pytest.raises(NotFoundError, match="no connection of login 'ana'"):
        office.provider.connections.last("ana", actor=ANA)


def test_who_looked_at_a_login_is_recorded(office: Office, source: MockAccounting) -> None:
    collect(office, source, HOME)
    desk = office.provider.connections

    desk.statement("ana", MARCH, actor=ANA)
    desk.sheet("ana", MARCH, actor=ANA)
    desk.usage("ana", MARCH, actor=ANA)
    desk.last("ana", actor=Actor("rui", {"connection.read"}))

    found = desk.looks("ana", actor=ANA)
    assert [(one.actor, one.what, one.period) for one in found] == [
        ("ana", Looked.STATEMENT, MARCH),
        ("ana", Looked.STATEMENT, MARCH),
        ("ana", Looked.USAGE, MARCH),
        ("rui", Looked.LAST, None),
    ]
    assert (found[0].at, found[0].actor_address) == (at(20, 12), "192.0.2.17")
    assert desk.looks("bia", actor=ANA) == ()


def test_what_is_exported_of_a_customer_has_their_connections_and_is_a_look(
    office: Office, source: MockAccounting
) -> None:
    office.subscribe(office.register())
    office.do(AddComponent(subscription=ONE, spec=Login(username="ana")))
    collect(office, source, HOME, evolve(HOME, id="2", login="bia"))

    found = office.provider.privacy.export(CustomerId(1), actor=ANA)

    assert [one.login for one in found.connections] == ["ana"]
    assert [one.what for one in office.provider.connections.looks("ana", actor=ANA)] == [Looked.EXPORT]
    assert office.provider.connections.looks("bia", actor=ANA) == ()


@pytest.mark.covers("S2-005")
def test_who_may_look_may_not_see_who_looked(office: Office) -> None:
    with pytest.raises(NotPermittedError, match=r"connection\.looks"):
        office.provider.connections.looks("ana", actor=Actor("rui", {"connection.read"}))


# --- letting go


def test_after_a_year_connections_are_sums_that_name_nobody(office: Office, source: MockAccounting) -> None:
    collect(
        office,
        source,
        HOME,
        stopped(at(11, 8), at(11, 10), up=1, down=2, access_point="tower"),
        stopped(at(12), at(12, 1), up=5),
        stopped(at(14), at(14, 1)),
    )
    office.provider.connections.last("ana", actor=ANA)
    office.clock.move_to(date(2013, 3, 14))

    assert office.provider.connections.let_go(actor=ANA) == 3
    assert office.provider.connections.let_go(actor=ANA) == 0

    assert office.provider.connections.past(actor=ANA) == (
        PastMonth(march(1), "", 1, 3_600, Octets(5, 0)),
        PastMonth(march(1), "tower", 2, 10_800, Octets(11, 92)),
    )
    assert [one.started_at for one in stated(office)] == [at(14)]
    text = repr({name: rows for name, rows in office.dump().items() if name == "connections"})
    assert "192.0.2.7" not in text
    assert "00:00:5E" not in text


def test_what_was_let_go_is_not_taken_again(office: Office, source: MockAccounting) -> None:
    collect(office, source, HOME)
    office.clock.move_to(date(2013, 3, 20))
    office.provider.connections.let_go(actor=ANA)

    found = office.provider.connections.collect(actor=ANA, sources={"copy": source, "radius": source})

    assert [(one.told, one.new) for one in found] == [(1, 0), (1, 0)]
    assert [one.connections for one in office.provider.connections.past(actor=ANA)] == [1]


def test_the_catalogue_may_keep_connections_longer(office: Office, source: MockAccounting) -> None:
    office.load(**SECTIONS, privacy={"connection_months": 24})
    collect(office, source, HOME)

    office.clock.move_to(date(2014, 3, 10))
    assert office.provider.connections.let_go(actor=ANA) == 0
    office.clock.move_to(date(2014, 3, 11))
    assert office.provider.connections.let_go(actor=ANA) == 1


def test_who_looked_is_forgotten_at_the_same_age(office: Office, source: MockAccounting) -> None:
    collect(office, source, HOME)
    office.provider.connections.last("ana", actor=ANA)

    office.clock.move_to(date(2013, 3, 20))
    office.provider.connections.let_go(actor=ANA)
    assert len(office.provider.connections.looks("ana", actor=ANA)) == 1
    office.clock.move_to(date(2013, 3, 21))
    office.provider.connections.let_go(actor=ANA)
    assert office.provider.connections.looks("ana", actor=ANA) == ()


# --- in any order


def _state(name: str, minutes: int, *, stops: bool) -> Connection:
    seen = at(10) + timedelta(minutes=minutes)
    make = stopped if stops else going_on
    return make(at(10), seen, id=name, up=minutes)


@settings(max_examples=25)
@given(st.data())
def test_in_whatever_order_states_arrive_the_latest_stands(data: Any) -> None:
    times = data.draw(st.lists(st.integers(0, 200), min_size=1, max_size=6, unique=True))
    states = [_state("a", minutes, stops=minutes == max(times)) for minutes in times]
    shuffled = data.draw(st.permutations(states))

    with open_office() as office:
        office.clock.move_to(march(20))
        for state in shuffled:
            collect(office, MockAccounting(), state)

        assert stated(office) == (_state("a", max(times), stops=True),)
