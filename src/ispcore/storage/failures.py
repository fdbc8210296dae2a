"""What a driver reports, as a StorageError that names the database and a way out, and never a password."""

from __future__ import annotations

import json
import sqlite3
import traceback
from contextlib import contextmanager
from typing import TYPE_CHECKING

import sqlalchemy as sa

from ispcore.errors import IspcoreError, StorageError

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOLD_OF_A_URL = ("dbname", "host", "mode", "port", "service", "uri", "user")
_NOTHING = "Nothing of this transaction was saved."
_AGAIN = "Nothing of this transaction was saved; try again."

_OF_SQLITE = {
    sqlite3.SQLITE_CANTOPEN: "Its folder must exist, and it must be a file that may be written.",
    sqlite3.SQLITE_NOTADB: "Name an SQLite file that ispcore made, or one that does not exist yet.",
    sqlite3.SQLITE_READONLY: "It must be a file that may be written, in a folder that may be written.",
    sqlite3.SQLITE_FULL: "Make room on it. " + _NOTHING,
    sqlite3.SQLITE_IOERR: "Its disk does not take or give what was asked. " + _NOTHING,
    sqlite3.SQLITE_CORRUPT: "The file is damaged: keep a copy of it, and restore a backup.",
    sqlite3.SQLITE_BUSY: "Another program is writing. " + _AGAIN,
}

# By SQLSTATE, the five characters with which a server names an error.
_OF_POSTGRESQL = {
    "22001": "A text is longer than its column takes; shorten it. Nothing of this transaction was saved.",
    "25006": "This server or user only reads, as a standby does. Name one that may write.",
    "40001": "Another transaction stood in the way. " + _AGAIN,
    "40P01": "Another transaction stood in the way. " + _AGAIN,
    "42501": "The user lacks a right there: it must own its schema, or be granted its tables.",
    "42P01": "Nothing of this transaction was saved. If it is no ispcore database yet, run 'ispcore init'.",
    "53100": "The server's disk is full. Nothing of this transaction was saved.",
    "53300": "The server has no connection left. Raise its max_connections, or use fewer programs at once.",
    "55P03": "Another transaction stood in the way. " + _AGAIN,
    "57014": "The server broke it off, as a time limit there says. " + _AGAIN,
}

_WAYS_IN = (
    ("password", "Check the user and the password; both may also stand in ~/.pgpass or PGPASSWORD."),
    ("pg_hba.conf", "The server's pg_hba.conf does not let this user in from here."),
    ("role", "Make the user on the server first: 'createuser'."),
    ("database", "Make the database on the server first: 'createdb'."),
)
_NO_WAY_IN = "The server must run there, and be reachable from here."


@contextmanager
def guarded(engine: sa.Engine) -> Iterator[None]:
    """Turn a driver's failure to open, read or write the database into a StorageError."""
    try:
        yield
    except (sa.exc.DBAPIError, sqlite3.Error) as error:
        cause = getattr(error, "orig", None) or error
        told = f"The database {shown(engine.url)} failed: {_said(cause)}."
        raise StorageError(told, hint=_way_out(error, cause)) from error
    except sa.exc.TimeoutError as error:
        raise StorageError(
            f"The database {shown(engine.url)} was asked by too many threads at once.",
            hint="No connection became free in time; let fewer threads work.",
        ) from error
    except IspcoreError:
        raise
    except _OF_VALUES as error:
        if not isinstance(error, json.JSONDecodeError) and not _is_of_a_row(error):
            raise
        raise StorageError(
            f"The database {shown(engine.url)} is damaged, it holds what ispcore never writes: {error}.",
            hint="Nothing of this transaction was saved. Restore a backup.",
        ) from error


@contextmanager
def told_as_damage() -> Iterator[None]:
    """Turn what fails by a value that ispcore never writes into a StorageError.

    The database's own failures pass: damage is a matter of the rows that are read, and of nothing else.
    """
    try:
        yield
    except sa.exc.DBAPIError as error:
        if "decode to UTF-8" not in str(error.orig):
            raise
        raise StorageError(f"{_said(error.orig)}.") from error
    except _OF_VALUES as error:
        raise StorageError(f"{error}") from error


_OF_VALUES = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
_READ_ROWS = (
    *(f"ispcore.storage.{name}" for name in ("books", "converters", "ledger", "network", "rows", "tables")),
    "ispcore.usecases.runs",
)


def _is_of_a_row(error: Exception) -> bool:
    """Tell whether it was raised while a row was made a value: the last of our frames says so.

    A subscription's row is read where commands are looked up, too, whose numbers callers may get wrong.
    """
    ours = [
        name
        for frame, _ in traceback.walk_tb(error.__traceback__)
        if (name := str(frame.f_globals.get("__name__"))).startswith("ispcore.")
    ]
    of_a_day = "isoformat" in str(error) and ours[-1].startswith("ispcore.storage.")
    return of_a_day or ours[-1] in _READ_ROWS


@contextmanager
def committing(engine: sa.Engine) -> Iterator[None]:
    """Tell a connection that was lost while committing: only then may what was written stand or not."""
    try:
        yield
    except sa.exc.DBAPIError as error:
        if not error.connection_invalidated:
            raise
        raise StorageError(
            f"The connection to {shown(engine.url)} was lost while a transaction was being saved.",
            hint="It was saved whole or not at all: look, before you repeat it.",
        ) from error


def shown(url: sa.URL | str) -> str:
    """Show *url*, or the path of a file, without what may be a password, wherever in it that stands."""
    try:
        parsed = url if isinstance(url, sa.URL) else sa.make_url(url if "://" in url else f"sqlite:///{url}")
    except (sa.exc.ArgumentError, ValueError):
        scheme, found, rest = str(url).partition("://")
        return f"{scheme}{found}...{rest.rpartition('@')[2].partition('?')[0]}" if "@" in rest else str(url)
    if isinstance(url, str) and parsed.get_backend_name() == "sqlite":
        return url
    told = {name: value for name, value in parsed.query.items() if name in _TOLD_OF_A_URL}
    scheme = parsed.drivername.removesuffix("+psycopg")
    return parsed.set(drivername=scheme, query=told).render_as_string(hide_password=True)


def _said(cause: object) -> str:
    """Return the driver's sentence; a server's details are left out, since they may hold personal values."""
    primary = getattr(getattr(cause, "diag", None), "message_primary", None)
    return " ".join(str(primary or cause).split()).rstrip(".")


def _way_out(error: Exception, cause: object) -> str:
    state = getattr(cause, "sqlstate", None)
    # SQLite's primary code; the extended one is above the lowest byte.
    known = _OF_POSTGRESQL.get(state or "") or _OF_SQLITE.get(getattr(cause, "sqlite_errorcode", 0) & 0xFF)
    if known is not None:
        return known
    if getattr(error, "connection_invalidated", False):
        return "The server went away, or ended the connection. " + _AGAIN
    if isinstance(error, sa.exc.OperationalError) and not isinstance(cause, sqlite3.Error):
        return next((hint for word, hint in _WAYS_IN if word in str(cause)), _NO_WAY_IN)
    return "Nothing of this transaction was saved."
