"""The driver passes the kit that vendors are given, on both engines."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ispcore.testing.driver_kit import DriverKit, Rig
from plugins.radius.tests.databases import Server, postgresql_database, sqlite_database
from plugins.radius.tests.rig import PostgresqlRig, SqliteRig


class TestSqlite(DriverKit):
    @pytest.fixture
    def rig(self, tmp_path: Path) -> Rig:
        return SqliteRig(sqlite_database(tmp_path))


@pytest.mark.server
class TestPostgresql(DriverKit):
    @pytest.fixture
    def rig(self, postgresql: Server) -> Iterator[Rig]:
        rig = PostgresqlRig(postgresql_database(postgresql))
        yield rig
        rig.close()
