"""Opening a database: one schema on every engine, writers that never lose an update.

SQLite begins every writing transaction IMMEDIATE, so that a writer that reads first waits instead of failing.

PostgreSQL's writers read what is committed (READ COMMITTED), and wait for each other at the row of the
customer they are about (see the module ``turns``). With REPEATABLE READ a writer that waited would see
the state before the other one, and fail instead of going on. Transactions that only read see one state of
everything (REPEATABLE READ), as SQLite's do, and wait for nobody.
"""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa

from ispcore.errors import StorageError
from ispcore.storage.failures import guarded, shown
from ispcore.storage.files import SameFile
from ispcore.storage.idle import StillThere
from ispcore.storage.locks import SCHEMA, lock
from ispcore.storage.prepared import carry_out

if TYPE_CHECKING:
    from alembic.config import Config

_WAIT_SECONDS = 30
_CONNECT_SECONDS = 10
_MIGRATIONS = threading.Lock()
_WAYS = "Use 'sqlite:///provider.db' or 'postgresql://user@host/database'."
_POSTGRESQL = ("postgres", "postgresql", "postgresql+psycopg")


def open_engine(url: str) -> sa.Engine:
    """Return an engine for *url*, an SQLAlchemy URL or the path of an SQLite file.

    Raises:
        StorageError: the URL cannot be understood, or PostgreSQL's driver is not installed.
    """
    if not url.strip():
        raise StorageError("No database was named.", hint=_WAYS)
    try:
        parsed = sa.make_url(url if "://" in url else f"sqlite:///{url}")
        if parsed.drivername in _POSTGRESQL:
            return _open_postgresql(parsed)
        if parsed.get_backend_name() != "sqlite":
            raise StorageError(f"ispcore keeps nothing in {shown(url)!r}.", hint=_WAYS)
        return _open_sqlite(parsed)
    except (sa.exc.ArgumentError, ImportError, ValueError) as error:
        raise StorageError(
            f"{shown(url)!r} is not a database that can be used: {error}.", hint=_WAYS
        ) from error


def _open_postgresql(url: sa.URL) -> sa.Engine:
    try:
        import psycopg  # noqa: F401, PLC0415 - an optional dependency
    except ImportError as error:
        raise StorageError(
            f"The database {shown(url)} needs the driver psycopg: {error}.",
            hint="Install it with: pip install 'ispcore[postgres]'",
        ) from error
    usual = {"connect_timeout": _CONNECT_SECONDS, "fallback_application_name": "ispcore"}
    engine = sa.create_engine(
        url.set(drivername="postgresql+psycopg"),
        isolation_level="READ COMMITTED",
        connect_args={name: value for name, value in usual.items() if name not in url.query},
    )
    # Asks before a connection is used again, so that a restarted server is no failure.
    StillThere(engine)
    return engine


def _open_sqlite(url: sa.URL) -> sa.Engine:
    engine = sa.create_engine(url, **_sqlite_options(url))
    sa.event.listen(engine, "connect", _prepare_sqlite)
    sa.event.listen(engine, "begin", _begin_sqlite)
    if url.database and not _is_in_memory(url) and not url.database.startswith("file:"):
        SameFile(url.database).watch(engine)
    return engine


def _sqlite_options(url: sa.URL) -> dict[str, Any]:
    # A pooled connection is used by one thread at a time, but not always by the same one.
    arguments = {"timeout": _WAIT_SECONDS, "check_same_thread": False}
    pool = {"poolclass": sa.pool.StaticPool} if _is_in_memory(url) else {}
    return {"connect_args": arguments, **pool}


def _is_in_memory(url: sa.URL) -> bool:
    return url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:")


def has_one_connection(engine: sa.Engine) -> bool:
    """Tell whether all transactions share one connection, so that they must take turns."""
    return _is_in_memory(engine.url)


def as_reader(connection: sa.Connection) -> sa.Connection:
    """Make the next transaction of *connection* one that only reads, and sees one state of everything."""
    if connection.dialect.name == "sqlite":
        return connection
    return connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def as_writer(connection: sa.Connection) -> sa.Connection:
    """Make the next transaction of *connection* one that may write, as a server's are."""
    if connection.dialect.name == "sqlite":
        return connection.execution_options(sqlite_begin="IMMEDIATE")
    return connection


def _prepare_sqlite(connection: Any, _: object) -> None:  # noqa: ANN401 - a driver's connection
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: sa.Connection) -> None:
    carry_out(connection, "BEGIN " + connection.get_execution_options().get("sqlite_begin", "DEFERRED"))


def migrate(engine: sa.Engine) -> None:
    """Bring the database to today's schema; an empty one gets it whole.

    Raises:
        StorageError: it cannot be opened, or is of a later version.
    """
    with _MIGRATIONS, guarded(engine), as_writer(engine.connect()) as connection:
        if has_one_connection(engine) and not sa.inspect(connection).get_table_names():
            connection.rollback()
            _copy_into(connection, _in_memory())
        else:
            _upgrade(connection)


def _upgrade(connection: sa.Connection) -> None:
    from alembic import command  # noqa: PLC0415 - slow to import, and only needed here
    from alembic.util import CommandError  # noqa: PLC0415

    try:
        with connection.begin():
            _check_encoding(connection)
            lock(connection, SCHEMA)
            command.upgrade(_config(connection), "head")
    except CommandError as error:
        raise StorageError(
            f"The database {shown(connection.engine.url)} is of another version: {error}",
            hint="Use the ispcore that wrote it.",
        ) from error


@cache
def _in_memory() -> bytes:
    """Return a database in memory that has today's tables: tests make many, and alike."""
    engine = open_engine("sqlite://")
    with engine.connect() as connection:
        _upgrade(connection)
        whole: bytes = _driver_of(connection).serialize()
    engine.dispose()
    return whole


def _copy_into(connection: sa.Connection, whole: bytes) -> None:
    with closing(sqlite3.connect(":memory:")) as source:
        source.deserialize(whole)
        source.backup(_driver_of(connection))


def _driver_of(connection: sa.Connection) -> sqlite3.Connection:
    return cast("sqlite3.Connection", connection.connection.driver_connection)


def check_schema(engine: sa.Engine) -> None:
    """Refuse a database that is not of today's schema; one that is not there is not made."""
    _check_file(engine.url)
    from alembic.runtime.migration import MigrationContext  # noqa: PLC0415

    with guarded(engine), as_reader(engine.connect()) as connection, connection.begin():
        here = MigrationContext.configure(connection).get_current_revision()
    if here != _todays_revision():
        found = f"of revision {here}" if here else "not an ispcore database yet"
        raise StorageError(
            f"The database {shown(engine.url)} is {found}.", hint="Run 'ispcore init' on it first."
        )


def _check_file(url: sa.URL) -> None:
    named = url.database if url.get_backend_name() == "sqlite" and not _is_in_memory(url) else None
    if named is not None and not named.startswith("file:") and not Path(named).exists():
        raise StorageError(f"There is no database {named!r}.", hint="Make it first: 'ispcore init'.")


def _check_encoding(connection: sa.Connection) -> None:
    if connection.dialect.name == "sqlite":
        return
    encoding = connection.scalar(sa.text("SHOW server_encoding"))
    if encoding != "UTF8":
        raise StorageError(
            f"The database {shown(connection.engine.url)} keeps texts as {encoding}, which cannot hold all.",
            hint="Make it anew: 'createdb --encoding=UTF8 --template=template0'.",
        )


def _config(connection: sa.Connection | None = None) -> Config:
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    migrations = str(resources.files("ispcore.storage") / "migrations")
    config.set_main_option("script_location", migrations.replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


@cache
def _todays_revision() -> str | None:
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    return ScriptDirectory.from_config(_config()).get_current_head()
