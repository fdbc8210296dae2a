"""Opening a database, and bringing it to today's schema."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from ispcore.errors import StorageError
from ispcore.storage import SqlDatabase
from ispcore.storage.columns import metadata
from ispcore.storage.engine import open_engine
from tests.providers import sql_at


def opened(url: str, act: Callable[[SqlDatabase], object]) -> None:
    database = SqlDatabase(url)
    try:
        act(database)
    finally:
        database.close()


def migrated(url: str) -> None:
    opened(url, SqlDatabase.migrate)


def tables_of(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as raw:
        return {name for (name,) in raw.execute("select name from sqlite_master where type = 'table'")}


# --- the schema


def test_an_empty_database_gets_every_table(unmade_database: str) -> None:
    migrated(unmade_database)

    engine = open_engine(unmade_database)
    assert set(sa.inspect(engine).get_table_names()) == {*metadata.tables, "alembic_version"}
    engine.dispose()


def test_the_migrated_schema_is_that_of_the_tables(each_engine: str) -> None:
    engine = open_engine(each_engine)
    with engine.connect() as connection:
        options = {"compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)
        differences = compare_metadata(context, metadata)
    engine.dispose()

    assert differences == []


def test_the_migrated_constraints_are_those_of_the_tables(each_engine: str) -> None:
    engine = open_engine(each_engine)
    seen = sa.inspect(engine)
    checks = {name: {check["name"] for check in seen.get_check_constraints(name)} for name in metadata.tables}
    keys = {name: seen.get_pk_constraint(name)["constrained_columns"] for name in metadata.tables}
    engine.dispose()

    assert keys == {name: [one.name for one in table.primary_key] for name, table in metadata.tables.items()}
    assert checks == {
        name: {one.name for one in table.constraints if isinstance(one, sa.CheckConstraint)}
        for name, table in metadata.tables.items()
    }


def test_migrating_twice_is_harmless(tmp_path: Path) -> None:
    path = tmp_path / "provider.db"
    migrated(f"sqlite:///{path}")
    before = path.read_bytes()

    migrated(f"sqlite:///{path}")

    assert path.read_bytes() == before


def test_a_path_is_an_sqlite_file(tmp_path: Path) -> None:
    path = tmp_path / "100%.db"

    migrated(str(path))

    assert "facts" in tables_of(path)


# --- refusals


def test_an_empty_database_is_sent_to_init(unmade_database: str) -> None:
    sql_at(unmade_database, "select 1")

    with pytest.raises(StorageError, match=r"not an ispcore database yet.*Run 'ispcore init' on it first"):
        opened(unmade_database, SqlDatabase.check_schema)


def test_the_database_of_another_program_is_sent_to_init(unmade_database: str) -> None:
    sql_at(unmade_database, "create table songs (title text)")

    with pytest.raises(StorageError, match="not an ispcore database yet"):
        opened(unmade_database, SqlDatabase.check_schema)

    engine = open_engine(unmade_database)
    assert sa.inspect(engine).get_table_names() == ["songs"]
    engine.dispose()


@pytest.mark.parametrize("act", [SqlDatabase.migrate, SqlDatabase.check_schema])
def test_a_database_of_a_later_version_is_refused(
    each_engine: str, act: Callable[[SqlDatabase], None]
) -> None:
    sql_at(each_engine, "update alembic_version set version_num = '9999'")

    with pytest.raises(StorageError, match="9999"):
        opened(each_engine, act)


@pytest.mark.parametrize("act", [SqlDatabase.migrate, SqlDatabase.check_schema])
def test_a_file_that_is_no_database_is_named_with_a_way_out(
    tmp_path: Path, act: Callable[[SqlDatabase], None]
) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear Ana, " * 100)

    with pytest.raises(StorageError, match=r"file is not a database.*Name an SQLite file") as refused:
        opened(f"sqlite:///{path}", act)

    assert "letter.txt" in str(refused.value)


@pytest.mark.parametrize("where", ["", "missing/provider.db"])
def test_a_folder_and_a_missing_folder_are_named_with_a_way_out(tmp_path: Path, where: str) -> None:
    with pytest.raises(StorageError, match="unable to open database file") as refused:
        migrated(f"sqlite:///{tmp_path / where}")

    assert refused.value.hint == "Its folder must exist, and it must be a file that may be written."


def test_a_file_that_may_not_be_written_is_named_with_a_way_out(tmp_path: Path) -> None:
    path = tmp_path / "provider.db"
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("create table songs (title text)")

    with pytest.raises(StorageError, match=r"readonly database.*may be written"):
        migrated(f"sqlite:///file:{path}?mode=ro&uri=true")


@pytest.mark.parametrize(
    "url",
    [
        "nonsense://x",
        "mysql://host/db",
        "postgresql+psycopg2://host/db",
        "sqlite+nonsense:///x.db",
        "sqlite+aiosqlite_is_missing:///x.db",
        "postgresql+nonsense://host/db",
        "postgresql://host:port/db",
        "://",
    ],
)
def test_an_unknown_driver_is_named_with_a_way_out(url: str) -> None:
    with pytest.raises(StorageError) as refused:
        SqlDatabase(url)

    assert refused.value.hint == "Use 'sqlite:///provider.db' or 'postgresql://user@host/database'."


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+nonsense://ana:s3cret@db.example/isp",
        "postgresql+nonsense://db.example/isp?password=s3cret",
        "postgresql://ana:s3cret@db.example:port/isp?passfile=s3cret",
        "mysql://ana:s3cret@db.example/isp",
    ],
)
def test_no_password_stands_in_an_error(url: str) -> None:
    with pytest.raises(StorageError) as refused:
        SqlDatabase(url)

    assert "s3cret" not in str(refused.value)
    assert "db.example" in str(refused.value)


def test_what_a_failed_transaction_did_is_undone(each_engine: str) -> None:
    database = SqlDatabase(each_engine)

    def fail() -> None:
        with database.writing() as work:
            work.customers.new_number()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    with database.writing() as work:
        assert work.customers.new_number() == 1
    database.close()
