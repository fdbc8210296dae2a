"""A PostgreSQL server of one's own for tests: in a temporary folder, behind a socket, gone afterwards."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from ispcore.errors import NotFoundError, StorageError

if TYPE_CHECKING:
    from collections.abc import Iterator

_FOLDERS = "/usr/lib/postgresql"
_ROOT = 0
_WAIT_SECONDS = 60
_OWNER = "postgres"
_QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
_PORT = 5432
_SETTINGS = ("max_connections=100", "shared_buffers=64MB", "timezone=UTC")

# Ends with the process that holds its input, however that ends, and then stops the server.
_GUARD = 'cat > /dev/null; kill -INT "$1" 2> /dev/null; sleep 1; rm -rf "$2"'


class PostgresServer:
    """A server in a *folder* of its own, with one process that is stopped by its own number."""

    def __init__(
        self, programs: Path, folder: Path, *, durable: bool = False, port: int | None = None
    ) -> None:
        """Point at the server; nothing is started yet."""
        self.programs = programs
        self.folder = folder
        self.durable = durable
        self.port = port or _PORT
        self.listens = port is not None
        self.process: subprocess.Popen[bytes] | None = None
        self._guard: subprocess.Popen[bytes] | None = None
        self._names = count(1)

    def url(self, database: str = _OWNER, *, user: str = _OWNER) -> str:
        """Return the URL of a *database* on this server."""
        port = f"&port={self.port}" if self.listens else ""
        return f"postgresql+psycopg://{user}@/{database}?host={self.folder}{port}"

    def new_database(self, template: str = "template1") -> str:
        """Make an empty database, or a copy of the database *template*, and return its name."""
        name = f"test_{next(self._names)}"
        self.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return name

    def drop_database(self, name: str) -> None:
        """Remove a database, whoever is still connected to it."""
        self.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def execute(self, statement: str, database: str = _OWNER) -> None:
        """Run a statement as the owner of everything, in a transaction of its own."""
        import psycopg  # noqa: PLC0415 - an optional dependency

        where = f"host={self.folder} port={self.port} dbname={database} user={_OWNER}"
        with psycopg.connect(where, autocommit=True) as connection:
            connection.execute(statement.encode())

    def start(self) -> None:
        """Start the server, and wait until it takes connections.

        Raises:
            StorageError: it does not start; its own words are in the error.
        """
        listen = "127.0.0.1" if self.listens else ""
        where = (f"listen_addresses={listen}", f"port={self.port}")
        options = [*_SETTINGS, *where, *(() if self.durable else _QUICK)]
        arguments = [arg for option in options for arg in ("-c", option)]
        command = [self.programs / "postgres", "-D", self.folder / "data", "-k", self.folder, *arguments]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - programs of this machine
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, **_child()
            )
        guard = ["/bin/sh", "-c", _GUARD, "guard", str(self.process.pid), str(self.folder)]
        self._guard = subprocess.Popen(guard, stdin=subprocess.PIPE, start_new_session=True)  # noqa: S603 - as above
        self._wait()

    def _wait(self) -> None:
        ask = [str(self.programs / "pg_isready"), "-q", "-h", str(self.folder), "-p", str(self.port)]
        patience = time.monotonic() + _WAIT_SECONDS
        while subprocess.run(ask, check=False).returncode != 0:  # noqa: S603 - a program of this machine
            if self.process is None or self.process.poll() is not None or time.monotonic() > patience:
                self.stop()
                told = (self.folder / "log").read_text("utf-8", "replace")
                raise StorageError(f"The PostgreSQL server for tests did not start: {told.strip()}")
            time.sleep(0.02)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop the server: SIGINT ends what is going on in order, SIGQUIT leaves as a crash would."""
        process, guard, self.process, self._guard = self.process, self._guard, None, None
        if guard is not None:
            guard.kill()
            guard.communicate()
        if process is not None:
            process.send_signal(how)
            process.wait(_WAIT_SECONDS)


@contextmanager
def postgres_server(*, durable: bool = False, port: int | None = None) -> Iterator[PostgresServer]:
    """Give a new PostgreSQL server with the programs of this machine; it is stopped and removed at the end.

    It needs no rights: where the user is the administrator, the server runs as ``postgres`` or ``nobody``.
    Unless *durable*, it does not wait for the disk, which is faster and does not survive a power cut. With a
    *port* it can be reached on the loopback too.

    Raises:
        NotFoundError: PostgreSQL's programs are not installed.
        StorageError: the server does not start.
    """
    programs = postgres_programs()
    folder = Path(tempfile.mkdtemp(prefix="ispcore-pg-"))
    server = PostgresServer(programs, folder, durable=durable, port=port)
    try:
        _initialise(programs, folder)
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def postgres_programs() -> Path:
    """Return the folder of PostgreSQL's server programs, the newest there is, or raise NotFoundError."""
    on_path = shutil.which("initdb")
    if on_path is not None:
        return Path(on_path).resolve().parent
    found = [path.parent for path in Path(_FOLDERS).glob("*/bin/initdb")]
    if not found:
        hint = "Install PostgreSQL; on Debian the package is 'postgresql'."
        raise NotFoundError("program", "initdb", hint=hint)
    return max(found, key=lambda folder: float(folder.parent.name))


def _initialise(programs: Path, folder: Path) -> None:
    child = _child()
    if child:
        shutil.chown(folder, child["user"], child["group"])
    where = [str(programs / "initdb"), "-D", str(folder / "data"), "-U", _OWNER, "-A", "trust"]
    how = ["--no-sync", "-E", "UTF8", "--locale=C"]
    done = subprocess.run([*where, *how], capture_output=True, check=False, cwd=folder, **child)  # noqa: S603 - as above
    if done.returncode != 0:
        told = done.stderr.decode(errors="replace").strip()
        raise StorageError(f"The PostgreSQL server for tests cannot be prepared: {told}")


class _Child(TypedDict, total=False):
    user: int
    group: int
    extra_groups: list[int]


def _child() -> _Child:
    """Return how a child gives up the administrator's rights, with which PostgreSQL refuses to run."""
    if os.name != "posix" or os.geteuid() != _ROOT:
        return {}
    import pwd  # noqa: PLC0415 - missing on Windows

    known = {user.pw_name: user for user in pwd.getpwall()}
    user = known.get("postgres") or known["nobody"]
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
