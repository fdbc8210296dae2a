"""The driver passes the kit that vendors are given, on both engines."""

import os
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


# Not marked as one that needs a server: cases that the driver does not claim are skipped everywhere.
class TestPostgresql(DriverKit):
    if not os.environ.get("ISPCORE_CUTS"):
        # Each takes as long as all others; the cut after every exchange stands for them.
        test_cut_before_every_exchange_it_comes_right = None  # type: ignore[assignment]  # no case
        test_torn_down_after_every_exchange_it_comes_right = None  # type: ignore[assignment]  # no case
        test_nonsense_at_every_exchange_comes_right = None  # type: ignore[assignment]  # no case

    @pytest.fixture
    def rig(self, postgresql: Server) -> Iterator[Rig]:
        rig = PostgresqlRig(postgresql_database(postgresql))
        yield rig
        rig.close()
