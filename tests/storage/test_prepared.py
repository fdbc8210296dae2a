"""A prepared statement does what SQLAlchemy would do with it, on each engine."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from ispcore.storage import SqlDatabase
from ispcore.storage.prepared import Prepared, rows_of_each, run_each
from ispcore.storage.tables import charges, facts, numbers

ADD = Prepared(sa.insert(facts).inline())
ADD_NUMBER = Prepared(sa.insert(numbers).inline())
FACT = {
    "subject_kind": "subscription",
    "subject_id": "104",
    "sequence": 1,
    "effective_on": date(2012, 2, 29),
    "recorded_at": datetime(2012, 2, 29, 12, 30, 1, 5, UTC),
    "actor": "ana",
    "cause": "manual",
    "command_id": "c1",
    "origin": "core",
    "origin_version": "",
    "kind": "Suspended",
    "schema_version": 1,
    "payload": {"über": ["100%", ":x", None, 1, True]},
    "reason": None,
    "address_ref": None,
    "note_ref": "note",
}


@contextmanager
def connected(url: str) -> Iterator[sa.Connection]:
    database = SqlDatabase(url)
    try:
        with database.writing() as work:
            yield work.connection
    finally:
        database.close()


def test_values_go_through_the_types_of_their_columns_both_ways(each_engine: str) -> None:
    read = sa.select(facts).where(facts.c.subject_id == sa.bindparam("subject"))
    with connected(each_engine) as connection:
        assert ADD.run(connection, FACT) == 1

        (by_driver,) = Prepared(read).rows(connection, {"subject": "104"})
        (by_sqlalchemy,) = connection.execute(read, {"subject": "104"}).all()

    assert by_driver == tuple(by_sqlalchemy) == tuple(FACT.values())


def test_values_of_the_statement_itself_stand_beside_those_that_are_given(each_engine: str) -> None:
    some = sa.select(numbers.c.name).where(numbers.c.next > 5, numbers.c.name != sa.bindparam("but"))
    with connected(each_engine) as connection:
        run_each(connection, [(ADD_NUMBER, {"name": name, "next": n}) for n, name in enumerate("abcdefgh")])

        assert Prepared(some).rows(connection, {"but": "g"}) == [("h",)]


def test_statements_that_are_asked_together_see_what_those_before_them_did(each_engine: str) -> None:
    count = Prepared(sa.select(sa.func.count()).select_from(numbers))
    change = Prepared(sa.update(numbers).values(next=9))
    some = Prepared(sa.select(numbers.c.next).where(numbers.c.name == sa.bindparam("name")))
    with connected(each_engine) as connection:
        run_each(connection, [(ADD_NUMBER, {"name": "a", "next": 1}), (change, {})])

        found = rows_of_each(connection, [(some, {"name": "a"}), (count, {}), (some, {"name": "b"})])

    assert found == [[(9,)], [(1,)], []]


def test_it_tells_how_many_rows_it_changed(each_engine: str) -> None:
    change = Prepared(sa.update(numbers).where(numbers.c.name == sa.bindparam("this")).values(next=9))
    with connected(each_engine) as connection:
        ADD_NUMBER.run(connection, {"name": "a", "next": 1})

        assert [change.run(connection, {"this": name}) for name in "ab"] == [1, 0]


def twice(connection: sa.Connection) -> None:
    run_each(connection, [(ADD, FACT), (ADD, FACT)])


def of_nobody(connection: sa.Connection) -> None:
    Prepared(sa.insert(charges).inline()).run(connection, dict.fromkeys(charges.c.keys()))


@pytest.mark.parametrize("act", [twice, of_nobody])
def test_what_the_database_refuses_comes_as_an_error_of_sqlalchemy(each_engine: str, act: Any) -> None:
    with (
        connected(each_engine) as connection,
        pytest.raises(sa.exc.IntegrityError),
        connection.begin_nested(),
    ):
        act(connection)

    with connected(each_engine) as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(facts)) == 0
