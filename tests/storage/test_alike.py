"""One row for many subscriptions, the same on each engine."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from ispcore.errors import InvalidValueError
from ispcore.storage.alike import insert_for_each
from ispcore.storage.engine import open_engine
from ispcore.storage.tables import charges, customers, persons, subscriptions

LAST_FACTS = {7: 1, 104: 3, 105: 1}


@pytest.fixture
def connection(each_engine: str) -> Iterator[sa.Connection]:
    """A transaction with three subscriptions, 104 and 105 of one customer."""
    engine = open_engine(each_engine)
    with engine.connect() as connection, connection.begin():
        for number in (1, 2):
            connection.execute(sa.insert(persons), filled(persons, id=number, tax_id=None))
            connection.execute(
                sa.insert(customers), filled(customers, id=number, person_id=number, code=number)
            )
        for number, last_fact in LAST_FACTS.items():
            own = {"id": number, "customer_id": 1 + number // 100, "last_fact": last_fact, "foreign_id": None}
            connection.execute(sa.insert(subscriptions), filled(subscriptions, **own))
        yield connection
    engine.dispose()


def filled(table: sa.Table, **fields: Any) -> dict[str, Any]:
    """Return a row that has something in every column."""
    usual = {int: 1, bool: False, str: "x", date: date(2012, 2, 29), object: {}}
    row = {column.name: usual[column.type.python_type] for column in table.columns}
    return {**row, **{name: str(its) if name == "code" else its for name, its in fields.items()}}


def stored(connection: sa.Connection) -> list[dict[str, Any]]:
    wanted = sa.select(charges).order_by(charges.c.subscription_id)
    return [dict(row) for row in connection.execute(wanted).mappings()]


def nobodys(**fields: Any) -> dict[str, Any]:
    return filled(charges, id="0:plan:access@main:2012-02-01:0:0", through=None, **fields)


def test_each_subscription_has_the_row_with_its_own_numbers(connection: sa.Connection) -> None:
    insert_for_each(connection, charges, [(nobodys(amount=1990), [7, 104])])

    seven = {"id": "7:plan:access@main:2012-02-01:0:1", "subscription_id": 7, "customer_id": 1, "fact": 1}
    other = {"id": "104:plan:access@main:2012-02-01:0:3", "subscription_id": 104, "customer_id": 2, "fact": 3}
    assert stored(connection) == [{**nobodys(amount=1990), **own} for own in (seven, other)]


def test_rows_that_differ_go_to_their_own_subscriptions(connection: sa.Connection) -> None:
    insert_for_each(
        connection,
        charges,
        [(nobodys(amount=1), [7]), (nobodys(amount=2), [104]), (nobodys(amount=1), [105])],
    )

    assert [(row["subscription_id"], row["amount"]) for row in stored(connection)] == [
        (7, 1),
        (104, 2),
        (105, 1),
    ]


def test_no_rows_are_nothing_to_insert(connection: sa.Connection) -> None:
    insert_for_each(connection, charges, [])

    assert stored(connection) == []


def test_a_key_that_is_taken_is_refused(connection: sa.Connection) -> None:
    insert_for_each(connection, charges, [(nobodys(), [7])])

    with pytest.raises(sa.exc.IntegrityError), connection.begin_nested():
        insert_for_each(connection, charges, [(nobodys(), [104, 7])])

    assert len(stored(connection)) == 1


def test_a_nul_character_is_refused(connection: sa.Connection) -> None:
    with pytest.raises(InvalidValueError, match="description"):
        insert_for_each(connection, charges, [(nobodys(description="a\0b"), [7])])
