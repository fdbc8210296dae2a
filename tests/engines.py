"""The engine that the tests run on, and the server that they start for themselves when it is PostgreSQL."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path

import psycopg
import pytest

from ispcore.errors import NotFoundError
from ispcore.storage import SqlDatabase
from ispcore.testing import PostgresServer, postgres_programs, postgres_server
from tests.copies import Copies

SQLITE, POSTGRESQL = "sqlite", "postgresql"


class Chosen:
    """What was chosen on the command line of pytest."""

    engine = SQLITE


sqlite_only = pytest.mark.sqlite_only
"""Marks a test that holds for files of SQLite; its argument says why."""

_AT_THE_END = ExitStack()
_MADE: dict[str, str] = {}
_BY_PATH: dict[Path, str] = {}


def on_postgresql() -> bool:
    """Tell whether the shared fixtures keep their data in PostgreSQL."""
    return Chosen.engine == POSTGRESQL


def reason_for_no_server() -> str | None:
    """Return why there can be no server on this machine; None when there can."""
    try:
        postgres_programs()
    except NotFoundError as error:
        return str(error)
    return None


@cache
def server() -> PostgresServer:
    """Return the server of this test run; the test is skipped where PostgreSQL is not installed."""
    missing = reason_for_no_server()
    if missing is not None:
        pytest.skip(missing)
    return _AT_THE_END.enter_context(postgres_server())


@cache
def copies() -> Copies:
    """Return the databases of the server that are used again."""
    return Copies(server())


def stop_server() -> None:
    """Stop the server of this test run, if there is one."""
    _AT_THE_END.close()


def migrate(url: str) -> None:
    """Give the database at *url* today's tables."""
    database = SqlDatabase(url)
    database.migrate()
    database.close()


@cache
def with_tables() -> str:
    """Return the name of a database that has today's tables and nothing in them."""
    name = "with_tables"
    # A natural language's order of texts, which is another one than SQLite's.
    order = "LOCALE_PROVIDER icu ICU_LOCALE 'en-US'"
    try:
        server().execute(f"CREATE DATABASE {name} TEMPLATE template0 {order}")
    except psycopg.Error:  # before PostgreSQL 15, or built without it
        server().execute(f"CREATE DATABASE {name}")
    migrate(server().url(name))
    return name


def empty_postgresql() -> str:
    """Return the URL of a new database without any tables."""
    name = server().new_database()
    _MADE[server().url(name)] = name
    return server().url(name)


def new_postgresql(template: str | None = None) -> str:
    """Return the URL of a database that is a copy of *template*, else one with today's tables and no rows."""
    template = template or with_tables()
    lasts = template not in _MADE.values()
    name = copies().take(template) if lasts else server().new_database(template)
    url = server().url(name)
    _MADE[url] = name
    return url


def drop_database(url: str) -> None:
    """Take a database away before the end of its test; what is no server's stays as it is."""
    if url not in _MADE:
        return
    name = _MADE.pop(url)
    if name in copies().template_of:
        copies().give_back(name)
    else:
        server().drop_database(name)


def drop_databases() -> None:
    """Take away the databases of a test that has ended."""
    _BY_PATH.clear()
    for url in list(_MADE):
        drop_database(url)


def url_at(path: Path, template: Callable[[], str] | None = None) -> str:
    """Return the URL of the database that a test knows by *path*, which is a file where files are used.

    A server makes it on the first call, as a copy of what *template* names.
    """
    if not on_postgresql():
        return f"sqlite:///{path}"
    if path not in _BY_PATH:
        _BY_PATH[path] = new_postgresql(template() if template else None)
    return _BY_PATH[path]


def name_at(path: Path) -> str:
    """Return the name of the server's database that a test knows by *path*."""
    return _MADE[_BY_PATH[path]]


def in_memory() -> str:
    """Return the URL of a new database that nobody looks for later: in memory, where the engine has that."""
    return new_postgresql() if on_postgresql() else "sqlite:///:memory:"


@contextmanager
def empty_database() -> Iterator[str]:
    """Give the URL of a database in which nothing is kept yet: in memory, where the engine has that."""
    url = in_memory()
    yield url
    drop_database(url)
