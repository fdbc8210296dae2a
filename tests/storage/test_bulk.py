"""Many rows at once, the same on each engine."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from ispcore.errors import InvalidValueError
from ispcore.storage.bulk import bound, insert_rows
from ispcore.storage.engine import open_engine
from ispcore.storage.tables import actors, facts, payments, persons, receivables, subscriptions
from tests.engines import new_postgresql

PERSONS = ("id", "kind", "tax_id")
ODD_TEXTS = ["tab\there", "two\nlines", "back\\slash", "\\N", "\\.", "a 'quote'", 'a "quote"', "São João", ""]


@pytest.fixture
def connection(each_engine: str) -> Iterator[sa.Connection]:
    engine = open_engine(each_engine)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def count(connection: sa.Connection, table: sa.Table) -> int:
    return connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def fact(**fields: Any) -> dict[str, Any]:
    usual = {column.name: "x" for column in facts.columns}
    days = {"effective_on": date(2012, 2, 29), "recorded_at": datetime(2012, 2, 29, 12, 30, 1, 5, UTC)}
    numbers = {"sequence": 1, "schema_version": 1}
    return {**usual, **days, **numbers, "payload": {}, **fields}


def stored(connection: sa.Connection, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Insert facts and return what is read back."""
    columns = [column.name for column in facts.columns]
    given = [[row[name] for name in columns] for row in rows]
    with connection.begin():
        insert_rows(connection, facts, columns, bound(connection, facts, columns, given))
        found = connection.execute(sa.select(facts).order_by(facts.c.sequence))
        return [dict(row) for row in found.mappings()]


def test_rows_come_back_as_they_went_in(connection: sa.Connection) -> None:
    rows = [fact(sequence=n, kind=text or "-", note_ref=text) for n, text in enumerate(ODD_TEXTS)]

    assert stored(connection, rows) == rows


@pytest.mark.parametrize(
    "payload", [{"a": [1, None, True, "tab\t\\N"]}, [], "text", 0, {"nul": "\0"}, None, {"deep": {"é": "ã"}}]
)
def test_json_comes_back_as_it_went_in(connection: sa.Connection, payload: object) -> None:
    columns = ("id", "name", "permissions")

    with connection.begin():
        connection.execute(sa.text("alter table actors rename to kept"))
        connection.execute(sa.text("create table actors (id varchar(9), name varchar(9), permissions json)"))
        insert_rows(connection, actors, columns, bound(connection, actors, columns, [("a", "b", payload)]))
        row = connection.execute(sa.select(actors)).one()

    assert row.permissions == payload


def test_json_may_be_given_as_text(connection: sa.Connection) -> None:
    with connection.begin():
        insert_rows(connection, actors, ("id", "name", "permissions"), [("ana", "Ana", '["a", "b\\t"]')])
        row = connection.execute(sa.select(actors)).one()

    assert row.permissions == ["a", "b\t"]


def test_an_instant_is_kept_in_utc_and_a_missing_value_is_missing(connection: sa.Connection) -> None:
    there = datetime.fromisoformat("2012-03-01T01:00:00+09:00")

    (row,) = stored(connection, [fact(recorded_at=there, reason=None)])

    assert row["recorded_at"] == datetime(2012, 2, 29, 16, tzinfo=UTC)
    assert row["reason"] is None


def test_booleans_and_days_keep_their_types(connection: sa.Connection) -> None:
    columns = ("separate_slip", "separate_document", "due_on", "amount")

    taken = list(bound(connection, receivables, columns, [(True, False, date(2012, 3, 10), 2**60)]))
    with connection.begin():
        names = ", ".join(columns)
        connection.execute(sa.text(f"create table few as select {names} from receivables"))
        few = sa.Table("few", sa.MetaData(), *[sa.Column(name, receivables.c[name].type) for name in columns])
        insert_rows(connection, few, columns, taken)
        row = connection.execute(sa.select(few)).one()

    assert tuple(row) == (True, False, date(2012, 3, 10), 2**60)
    assert [type(value) for value in row] == [bool, bool, date, int]


def test_it_tells_how_many_rows_there_were_also_of_none(connection: sa.Connection) -> None:
    rows = ((number, "person", None) for number in range(12_345))

    with connection.begin():
        assert insert_rows(connection, persons, PERSONS, rows) == 12_345
        assert insert_rows(connection, persons, PERSONS, []) == 0
        assert count(connection, persons) == 12_345


def test_a_rollback_undoes_the_rows(connection: sa.Connection) -> None:
    with connection.begin() as transaction:
        insert_rows(connection, persons, PERSONS, [(1, "person", None)])
        transaction.rollback()

    with connection.begin():
        assert count(connection, persons) == 0


def test_a_taken_key_is_told_alike_and_the_savepoint_saves_the_rest(connection: sa.Connection) -> None:
    with connection.begin():
        insert_rows(connection, persons, PERSONS, [(1, "person", None)])
        with pytest.raises(sa.exc.IntegrityError), connection.begin_nested():
            insert_rows(connection, persons, PERSONS, [(2, "person", None), (1, "person", None)])
        insert_rows(connection, persons, PERSONS, [(3, "person", None)])

    with connection.begin():
        assert list(connection.scalars(sa.select(persons.c.id))) == [1, 3]


@pytest.mark.parametrize(
    ("table", "row"),
    [
        (persons, {"id": 1, "kind": None, "tax_id": None}),
        (payments, {"id": "p", "customer_id": 404}),
    ],
    ids=["a value that must be there", "a customer that is not there"],
)
def test_a_constraint_that_forbids_a_row_is_told_alike(
    connection: sa.Connection, table: sa.Table, row: dict[str, Any]
) -> None:
    usual: dict[str, Any] = {
        column.name: 1 if column.type.python_type is int else "x" for column in table.columns
    }
    usual |= {"paid_on": date(2012, 2, 29), "recorded_at": datetime(2012, 2, 29, tzinfo=UTC)}
    names = [column.name for column in table.columns]
    values = [{**usual, **row}[name] for name in names]

    with connection.begin() as transaction:
        with pytest.raises(sa.exc.IntegrityError):
            insert_rows(connection, table, names, bound(connection, table, names, [values]))
        transaction.rollback()


def test_rows_that_end_in_an_error_leave_nothing(connection: sa.Connection) -> None:
    def rows() -> Iterator[tuple[Any, ...]]:
        yield (1, "person", None)
        raise ZeroDivisionError

    with connection.begin():
        with pytest.raises(ZeroDivisionError), connection.begin_nested():
            insert_rows(connection, persons, PERSONS, rows())
        assert count(connection, persons) == 0


def test_a_nul_character_is_refused_on_each_engine(connection: sa.Connection) -> None:
    with pytest.raises(InvalidValueError, match=r"persons\.tax_id holds a NUL"):
        list(bound(connection, persons, PERSONS, [(1, "person", "12\0")]))


def test_without_a_transaction_nothing_is_begun(connection: sa.Connection) -> None:
    with pytest.raises(sa.exc.InvalidRequestError, match="begin one first"):
        insert_rows(connection, subscriptions, ("id",), [(1,)])


@pytest.mark.server
def test_a_copy_that_loses_its_server_says_so_and_the_next_one_works() -> None:
    engine = open_engine(new_postgresql())

    def rows(of: int) -> Iterator[tuple[Any, ...]]:
        yield (1, "person", None)
        with engine.connect() as other:
            other.execute(sa.text("select pg_terminate_backend(:of)"), {"of": of})
        for number in range(2, 100_000):
            yield (number, "person", None)

    with engine.connect() as connection, connection.begin() as transaction:
        backend = connection.scalar(sa.text("select pg_backend_pid()")) or 0
        with pytest.raises(sa.exc.OperationalError):
            insert_rows(connection, persons, PERSONS, rows(backend))
        transaction.rollback()

    with engine.begin() as connection:
        insert_rows(connection, persons, PERSONS, [(1, "person", None)])
        assert count(connection, persons) == 1
    engine.dispose()
