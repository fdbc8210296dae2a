"""A database that is used again is as a new copy of its template is."""

from collections.abc import Iterator

import psycopg
import pytest

from tests import engines
from tests.copies import Copies
from tests.providers import Office

pytestmark = pytest.mark.server


@pytest.fixture
def copies() -> Copies:
    """Copies of which none is idle."""
    return Copies(engines.server())


@pytest.fixture
def template() -> Iterator[str]:
    """A database with rows that nobody changes any more."""
    name = engines.server().new_database(engines.with_tables())
    office = Office(None, engines.server().url(name))
    office.load()
    office.register()
    office.provider.close_database()
    yield name
    engines.server().drop_database(name)


def plain(name: str) -> str:
    return engines.server().url(name).replace("+psycopg", "")


def content(name: str) -> dict[str, list[tuple[object, ...]]]:
    office = Office(None, engines.server().url(name), whole=True)
    dump = office.dump()
    office.provider.close_database()
    return dump


def test_what_was_written_changed_and_deleted_is_as_before(copies: Copies, template: str) -> None:
    name = copies.take(template)
    office = Office(None, engines.server().url(name), whole=True)
    office.register("Bia Lima")
    office.subscribe(office.register("Caio Reis"))
    office.provider.close_database()
    with psycopg.connect(plain(name)) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("DELETE FROM catalog_entries")
        connection.execute("UPDATE numbers SET next = next + 1000")
    assert content(name) != content(template)

    assert copies.give_back(name)

    assert copies.take(template) == name
    assert content(name) == content(template)
    engines.server().drop_database(name)


def test_whoever_is_still_connected_loses_the_database(copies: Copies, template: str) -> None:
    name = copies.take(template)
    with psycopg.connect(plain(name)) as left:
        left.execute("DELETE FROM facts")

        assert copies.give_back(name)

        with pytest.raises(psycopg.OperationalError):
            left.execute("SELECT 1")
    assert content(name) == content(template)
    engines.server().drop_database(name)


@pytest.mark.parametrize(
    "change",
    [
        "CREATE TABLE more (id int)",
        "DROP TABLE facts",
        "ALTER TABLE facts DROP COLUMN reason",
        "ALTER TABLE facts ALTER COLUMN actor DROP NOT NULL",
        "ALTER TABLE facts DROP CONSTRAINT pk_facts",
        "ALTER TABLE facts ADD CONSTRAINT never CHECK (sequence >= 0)",
        "DROP INDEX ix_facts_command_id",
        "CREATE INDEX more ON facts (actor)",
        "COMMENT ON TABLE facts IS 'other'",
        "GRANT SELECT ON facts TO PUBLIC",
        "GRANT CREATE ON SCHEMA public TO PUBLIC",
        "CREATE SEQUENCE more",
        "CREATE FUNCTION more() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "ALTER DATABASE {name} SET default_transaction_read_only = on",
        "REVOKE CONNECT ON DATABASE {name} FROM PUBLIC",
        "ALTER DATABASE {name} CONNECTION LIMIT 3",
        "CREATE SCHEMA more",
    ],
)
def test_a_copy_that_was_altered_is_gone(copies: Copies, change: str) -> None:
    name = copies.take(engines.with_tables())
    with psycopg.connect(plain(name), autocommit=True) as connection:
        connection.execute(change.format(name=name).encode())

    assert not copies.give_back(name)

    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(plain(name))


def test_a_copy_of_what_a_test_may_still_change_is_gone() -> None:
    first = engines.new_postgresql()
    name = next(name for url, name in engines._MADE.items() if url == first)
    second = engines.new_postgresql(name)

    engines.drop_database(second)

    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(second.replace("+psycopg", ""))
