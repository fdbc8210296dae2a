"""Databases with FreeRADIUS's tables, and servers that read them."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from ispcore.errors import NotFoundError
from ispcore.testing import postgres_programs
from plugins.radius.tests.calls import Desk, desk
from plugins.radius.tests.databases import (
    TABLES,
    Database,
    Server,
    postgresql_database,
    postgresql_server,
    sqlite_database,
)
from plugins.radius.tests.freeradius import FreeRadius, freeradius, reason_for_no_server
from tests.skips import pytest_make_collect_report, pytest_runtest_makereport, skip_without_server

__all__ = ["pytest_make_collect_report", "pytest_runtest_makereport"]

BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.server)]


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A server of PostgreSQL for all tests."""
    try:
        postgres_programs()
    except NotFoundError as error:
        skip_without_server(str(error))
    with postgresql_server() as server:
        yield server


@pytest.fixture(params=BOTH)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    """An empty database, once on each engine."""
    if request.param == "postgresql":
        return postgresql_database(request.getfixturevalue("postgresql"))
    return sqlite_database(tmp_path)


@pytest.fixture
def at(database: Database) -> Iterator[Desk]:
    """A session on the database."""
    with desk(database) as opened:
        yield opened


@pytest.fixture(scope="session", params=BOTH)
def read_by_radius(
    request: pytest.FixtureRequest,
) -> Iterator[tuple[Database, FreeRadius]]:
    """A database, and the FreeRADIUS that reads it, once on each engine."""
    missing = reason_for_no_server()
    if missing is not None:
        skip_without_server(missing)
    with TemporaryDirectory(prefix="ispcore-radius-db-") as folder:
        Path(folder).chmod(0o777)  # the server runs without rights
        if request.param == "postgresql":
            database = postgresql_database(request.getfixturevalue("postgresql"))
        else:
            database = sqlite_database(Path(folder))
        with freeradius(database.config) as server:
            yield database, server


@pytest.fixture
def radius(read_by_radius: tuple[Database, FreeRadius]) -> FreeRadius:
    """A FreeRADIUS."""
    return read_by_radius[1]


@pytest.fixture
def read(read_by_radius: tuple[Database, FreeRadius]) -> Database:
    """The database that it reads, emptied."""
    database, _ = read_by_radius
    for table in TABLES:
        database.run(f"DELETE FROM {table}")
    return database


@pytest.fixture
def desk_of_radius(read: Database) -> Iterator[Desk]:
    """A session on the database that FreeRADIUS reads."""
    with desk(read) as opened:
        yield opened
