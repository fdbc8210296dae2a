"""Where the benchmarks keep their data: files of SQLite, and a server that waits for the disk."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from ispcore.testing import PostgresServer, postgres_server

if TYPE_CHECKING:
    from collections.abc import Iterator

SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"


class Seeded(Protocol):
    """What a database is filled with."""

    @property
    def name(self) -> str:
        """A name for files and databases."""
        ...

    def seed(self, url: str) -> None:
        """Fill the new database at *url*."""
        ...


class Store(Protocol):
    """Gives copies of seeded bases, of which each measurement takes a new one."""

    @property
    def name(self) -> str:
        """The engine."""
        ...

    def copy(self, base: Seeded) -> str:
        """Return the URL of a new copy of *base*."""
        ...

    def drop(self, url: str) -> None:
        """Remove a copy."""
        ...

    def own_cpu_seconds(self) -> float:
        """Return what processes of the store have used, beside those that ask it."""
        ...


class SqliteStore:
    """Files in a folder."""

    name = SQLITE

    def __init__(self, folder: Path) -> None:
        """Keep everything in *folder*."""
        self._folder = folder
        self._copies = 0

    def copy(self, base: Seeded) -> str:
        """Return the URL of a new copy of *base*."""
        seeded = self._folder / f"{base.name}.db"
        if not seeded.exists():
            base.seed(f"sqlite:///{seeded}")
        self._copies += 1
        path = self._folder / f"copy_{self._copies}.db"
        shutil.copyfile(seeded, path)
        return f"sqlite:///{path}"

    def drop(self, url: str) -> None:
        """Remove a copy."""
        path = url.removeprefix("sqlite:///")
        for file in (path, f"{path}-wal", f"{path}-shm"):
            Path(file).unlink(missing_ok=True)

    def own_cpu_seconds(self) -> float:
        """Return nothing: SQLite works in the process that asks."""
        return 0.0


class PostgresStore:
    """Databases of a server."""

    name = POSTGRESQL

    def __init__(self, server: PostgresServer) -> None:
        """Keep everything on *server*."""
        self._server = server
        self._seeded: set[str] = set()

    def copy(self, base: Seeded) -> str:
        """Return the URL of a new copy of *base*, all of it on disk."""
        if base.name not in self._seeded:
            self._server.execute(f'CREATE DATABASE "{base.name}"')
            base.seed(self._server.url(base.name))
            self._server.execute("VACUUM ANALYZE", base.name)
            self._seeded.add(base.name)
        url = self._server.url(self._server.new_database(base.name))
        self._server.execute("CHECKPOINT")
        return url

    def drop(self, url: str) -> None:
        """Remove a copy."""
        self._server.drop_database(url.partition("@/")[2].partition("?")[0])

    def own_cpu_seconds(self) -> float:
        """Return what the server and its children have used, as far as the system tells."""
        return sum(_cpu_seconds(process) for process in _family(self._server))


@contextmanager
def postgres_store() -> Iterator[PostgresStore]:
    """Give a store on a new server that waits for the disk."""
    with postgres_server(durable=True) as server:
        # Checkpoints and vacuums at random moments would be noise on both sides.
        for setting in ("max_wal_size = '8GB'", "checkpoint_timeout = '1h'", "autovacuum = off"):
            server.execute(f"ALTER SYSTEM SET {setting}")
        server.execute("SELECT pg_reload_conf()")
        yield PostgresStore(server)


def _family(server: PostgresServer) -> list[Path]:
    if server.process is None or not Path("/proc/self/stat").exists():
        return []
    own = str(server.process.pid)
    return [
        process
        for process in Path("/proc").glob("[0-9]*")
        if process.name == own or (_fields(process) or ["", ""])[1] == own
    ]


def _fields(process: Path) -> list[str]:
    """Return what the system tells of a *process* after its name; nothing when it has ended."""
    try:
        return (process / "stat").read_text("utf-8").rpartition(") ")[2].split()
    except OSError:
        return []


def _cpu_seconds(process: Path) -> float:
    # user and system time of the process, and of its children that have ended
    return sum(map(int, _fields(process)[11:15])) / os.sysconf("SC_CLK_TCK")
