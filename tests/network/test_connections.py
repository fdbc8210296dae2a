"""Connections: what they lasted and moved, which records are taken, and how usage falls on days."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from ispcore.network import ConnectionStatement, Octets, shares, supersedes, trouble_of, usage_of
from ispcore.values import Period
from tests.network.connections import at, going_on, stopped

LONDRINA = ZoneInfo("America/Sao_Paulo")
GOOD = stopped(at(10, 8), at(10, 9), up=10, down=90)
TIME = st.datetimes(datetime(2011, 1, 1), datetime(2013, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - in UTC
COUNT = st.integers(0, 2**50 - 1)


# --- what it is


def test_a_connection_that_stopped_lasted_from_its_start_to_its_stop() -> None:
    assert GOOD.duration == timedelta(hours=1)
    assert not GOOD.is_open


def test_a_connection_that_goes_on_lasted_until_it_was_last_seen() -> None:
    found = going_on(at(10, 8), at(10, 11))

    assert found.is_open
    assert found.ends_at == at(10, 11)
    assert found.duration == timedelta(hours=3)


def test_where_the_clock_of_a_source_went_backwards_a_connection_lasted_no_time() -> None:
    assert stopped(at(10, 8), at(10, 7)).duration == timedelta()
    assert going_on(at(10, 8), at(10, 7)).ends_at == at(10, 8)


def test_instants_of_any_zone_are_kept_in_utc() -> None:
    found = stopped(datetime(2012, 3, 10, 5, tzinfo=LONDRINA), at(10, 9))

    assert found.started_at == at(10, 8)
    assert found.started_at.tzinfo is UTC


def test_a_statement_adds_up_what_its_connections_moved_and_lasted() -> None:
    found = ConnectionStatement("ana", at(1), at(31), (GOOD, stopped(at(11), at(11, 2), up=1, down=2)))

    assert found.octets == Octets(up=11, down=92)
    assert found.octets.total == 103
    assert found.duration == timedelta(hours=3)


# --- what is taken


def test_a_good_record_is_taken() -> None:
    assert trouble_of(GOOD) is None


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"id": ""}, "has no id"),
        ({"login": ""}, "has no login"),
        ({"login": "x" * 254}, "login is no printable text of up to 253"),
        ({"cause": "\0"}, "cause is no printable text"),
        ({"mac": "x" * 51}, "mac is no printable text of up to 50"),
        ({"stopped_at": datetime(2012, 3, 10)}, "bears no zone"),  # noqa: DTZ001 - that is what is wrong
        ({"octets": Octets(-1, 0)}, "moved -1 and 0"),
        ({"octets": Octets(0, 2**50)}, "moved 0 and"),
    ],
)
def test_a_record_that_cannot_be_kept_is_told_with_what_is_wrong(change: dict[str, Any], why: str) -> None:
    found = trouble_of(evolve(GOOD, **change))

    assert found is not None
    assert why in found


def test_what_was_seen_later_takes_the_place_of_what_is_known() -> None:
    known = going_on(at(10, 8), at(10, 9))

    assert supersedes(evolve(known, seen_at=at(10, 10)), known)
    assert not supersedes(known, known)
    assert not supersedes(evolve(known, seen_at=at(10, 8)), known)


def test_of_two_that_were_seen_in_the_same_second_that_which_moved_more_is_the_later() -> None:
    known = going_on(at(10, 8), at(10, 9), up=10)

    assert supersedes(evolve(known, octets=Octets(10, 1)), known)
    assert not supersedes(evolve(known, octets=Octets(9, 0)), known)


def test_a_stop_takes_the_place_of_anything_open_and_is_never_taken_back() -> None:
    late = going_on(at(10, 8), at(10, 23))

    assert supersedes(GOOD, late)
    assert not supersedes(late, GOOD)


# --- usage


def test_what_a_connection_moves_on_one_day_is_of_that_day() -> None:
    assert list(shares(GOOD, UTC)) == [(date(2012, 3, 10), Octets(10, 90))]


def test_a_connection_over_midnight_is_split_by_the_time_on_either_side() -> None:
    found = stopped(at(10, 23), at(11, 2), up=300, down=3_000)

    assert list(shares(found, UTC)) == [
        (date(2012, 3, 10), Octets(100, 1_000)),
        (date(2012, 3, 11), Octets(200, 2_000)),
    ]


def test_midnight_is_that_of_the_zone() -> None:
    found = stopped(at(11, 2), at(11, 5), up=300)

    assert list(shares(found, LONDRINA)) == [
        (date(2012, 3, 10), Octets(100, 0)),
        (date(2012, 3, 11), Octets(200, 0)),
    ]


def test_a_connection_that_lasted_no_time_is_of_the_day_on_which_it_started() -> None:
    assert list(shares(stopped(at(10), at(9), up=7), UTC)) == [(date(2012, 3, 10), Octets(7, 0))]


@given(TIME, st.timedeltas(timedelta(), timedelta(days=40)), COUNT, COUNT, st.sampled_from([UTC, LONDRINA]))
def test_the_parts_of_a_connection_sum_to_the_whole_and_none_is_negative(
    start: datetime, length: timedelta, up: int, down: int, zone: Any
) -> None:
    connection = stopped(start, start + length, up=up, down=down)

    parts = [octets for _, octets in shares(connection, zone)]

    assert sum(parts, Octets()) == Octets(up, down)
    assert min(min(part.up, part.down) for part in parts) >= 0


def test_usage_names_every_day_of_the_period_and_leaves_out_others() -> None:
    connections = [stopped(at(9, 22), at(10, 2), up=400), stopped(at(11, 5), at(11, 6), down=5)]

    found = usage_of("ana", connections, Period(date(2012, 3, 10), date(2012, 3, 13)), UTC)

    assert found.days == {
        date(2012, 3, 10): Octets(200, 0),
        date(2012, 3, 11): Octets(0, 5),
        date(2012, 3, 12): Octets(),
    }
    assert found.octets == Octets(200, 5)


def test_usage_by_month_is_that_of_its_days() -> None:
    connection = stopped(at(31, 12), at(1, 12, month=4), up=10, down=30)

    found = usage_of("ana", [connection], Period(date(2012, 3, 1), date(2012, 5, 1)), UTC)

    assert found.months == {date(2012, 3, 1): Octets(5, 15), date(2012, 4, 1): Octets(5, 15)}
