"""Opening a database: one schema on every engine, writers that never lose an update.

SQLite begins every writing transaction IMMEDIATE, so that a writer that reads first waits instead of failing.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ispcore.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic.config import Config

_WAIT_SECONDS = 30
_MIGRATIONS = threading.Lock()


def open_engine(url: str) -> sa.Engine:
    """Return an engine for *url*, an SQLAlchemy URL or the path of an SQLite file.

    Raises:
        StorageError: the URL cannot be understood.
    """
    if not url.strip():
        raise StorageError("No database was named.", hint="Use 'sqlite:///provider.db'.")
    try:
        parsed = sa.make_url(url if "://" in url else f"sqlite:///{url}")
        if parsed.get_backend_name() != "sqlite":
            return sa.create_engine(parsed)
        engine = sa.create_engine(parsed, **_sqlite_options(parsed))
    except (sa.exc.ArgumentError, ImportError, ValueError) as error:
        raise StorageError(
            f"{_shown(url)} is not a database that can be used: {error}.",
            hint="Use 'sqlite:///provider.db'.",
        ) from error
    sa.event.listen(engine, "connect", _prepare_sqlite)
    sa.event.listen(engine, "begin", _begin_sqlite)
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


def _shown(url: str) -> str:
    """Show *url* without what may be a password."""
    scheme, found, rest = url.partition("://")
    return f"'{scheme}://...{rest.rpartition('@')[2]}'" if found and "@" in rest else repr(url)


def _prepare_sqlite(connection: Any, _: object) -> None:  # noqa: ANN401 - a driver's connection
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN " + connection.get_execution_options().get("sqlite_begin", "DEFERRED"))


def migrate(engine: sa.Engine) -> None:
    """Bring the database to today's schema; an empty one gets it whole.

    Raises:
        StorageError: it cannot be opened, or is of a later version.
    """
    from alembic import command  # noqa: PLC0415 - slow to import, and only needed here
    from alembic.util import CommandError  # noqa: PLC0415

    with (
        _MIGRATIONS,
        guarded(engine),
        engine.connect().execution_options(sqlite_begin="IMMEDIATE") as connection,
    ):
        try:
            with connection.begin():
                command.upgrade(_config(connection), "head")
        except CommandError as error:
            raise StorageError(
                f"The database {engine.url} is of another version: {error}",
                hint="Use the ispcore that wrote it.",
            ) from error


def check_schema(engine: sa.Engine) -> None:
    """Refuse a database that is not of today's schema; one that is not there is not made."""
    _check_file(engine.url)
    from alembic.runtime.migration import MigrationContext  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    with guarded(engine), engine.connect() as connection, connection.begin():
        here = MigrationContext.configure(connection).get_current_revision()
        head = ScriptDirectory.from_config(_config(connection)).get_current_head()
    if here != head:
        found = f"of revision {here}" if here else "not an ispcore database yet"
        raise StorageError(f"The database {engine.url} is {found}.", hint="Run 'ispcore init' on it first.")


def _check_file(url: sa.URL) -> None:
    named = url.database if url.get_backend_name() == "sqlite" and not _is_in_memory(url) else None
    if named is not None and not named.startswith("file:") and not Path(named).exists():
        raise StorageError(f"There is no database {named!r}.", hint="Make it first: 'ispcore init'.")


@contextmanager
def guarded(engine: sa.Engine) -> Iterator[None]:
    """Turn a driver's failure to open, read or write the database into a StorageError."""
    try:
        yield
    except (sa.exc.DBAPIError, sqlite3.Error) as error:
        cause = getattr(error, "orig", None) or error
        raise StorageError(
            f"The database {engine.url} failed: {cause}.",
            hint=_WAYS_OUT.get(_code(cause), "Nothing of this transaction was saved."),
        ) from error
    except json.JSONDecodeError as error:
        raise StorageError(
            f"The database {engine.url} is damaged: {error}.", hint="Restore it from a backup."
        ) from error


_WAYS_OUT = {
    sqlite3.SQLITE_CANTOPEN: "Its folder must exist, and it must be a file that may be written.",
    sqlite3.SQLITE_NOTADB: "Name an SQLite file that ispcore made, or one that does not exist yet.",
    sqlite3.SQLITE_READONLY: "It must be a file that may be written, in a folder that may be written.",
    sqlite3.SQLITE_BUSY: "Another program is writing. Nothing of this transaction was saved; try again.",
}


def _code(cause: object) -> int:
    """Return SQLite's primary error code; the extended one is above the lowest byte."""
    return getattr(cause, "sqlite_errorcode", 0) & 0xFF


def _config(connection: sa.Connection) -> Config:
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    migrations = str(resources.files("ispcore.storage") / "migrations")
    config.set_main_option("script_location", migrations.replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
