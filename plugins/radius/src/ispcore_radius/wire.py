"""The connection to the database, and the only module that makes one.

The core's deadline is kept three times: the server stops the statement, SQLite asks while it works, and a
connection that stays silent is cut.
"""

from __future__ import annotations

import math
import os
import socket
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ispcore.driver import Busy, Health, Operation, Site, Unreachable
from ispcore_radius.config import Engine, RadiusConfig
from ispcore_radius.faults import fault_of

if TYPE_CHECKING:
    import psycopg

_ASK_EVERY = 10_000
_BEFORE_THE_CUT = 0.9
_LEAST_SECONDS = 2  # of the server's library
_MILLISECONDS = 1000


class Wire:
    """A connection that keeps deadlines, and speaks of its troubles in a driver's words."""

    def __init__(self, site: Site[RadiusConfig]) -> None:
        """Connect.

        Raises:
            DeviceError: there is no connection, or we are not let in.
        """
        self._config = config = site.config
        self._dial = site.dial
        self._patience = site.patience_seconds
        self._late = False
        self._link: psycopg.Connection[Any] | sqlite3.Connection | None = None
        in_file = config.engine is Engine.SQLITE
        self._engine = sa.create_engine(
            "sqlite://" if in_file else "postgresql+psycopg://",
            creator=self._open_file if in_file else self._call_server,
            poolclass=sa.pool.NullPool,
            hide_parameters=True,
            **({} if in_file else {"use_native_hstore": False}),  # one question less
        )
        try:
            with self._told(lambda: False), self._cut_after(self._patience):
                self._connection = self._engine.connect()
        except BaseException:
            self._hang_up()
            raise

    def close(self) -> None:
        """Let go of the connection, whatever state it is in."""
        with suppress(sa.exc.DBAPIError, OSError), self._cut_after(self._patience):
            self._connection.close()
        self._hang_up()

    def _hang_up(self) -> None:
        self._engine.dispose()
        if self._link is not None:
            self._link.close()

    @contextmanager
    def transaction(self, op: Operation, *, writing: bool = False) -> Iterator[sa.Connection]:
        """Give a transaction that ends before the deadline, or is undone."""
        if writing:
            op.checkpoint()
        seconds = op.remaining()
        if seconds <= 0:
            raise Busy(f"{self._config.where} was not asked: the time was over.")
        connection = self._connection
        if connection.invalidated:
            raise Unreachable(f"{self._config.where} broke the connection before.")
        committing = False
        with self._told(lambda: committing), self._cut_after(seconds):
            try:
                self._begin(op, seconds, writing=writing)
                yield connection
                committing = writing
                connection.commit()
            finally:
                self._undo()

    def health(self, connection: sa.Connection) -> Health:
        """Return who the database is.

        A server's cluster and database have numbers, which a new one does not share. A file of SQLite has
        none; it is told by its place, and by its number in the file system, which another file gets.
        """
        if self._config.engine is Engine.SQLITE:
            path = Path(self._config.path).resolve()
            return Health(f"sqlite:{path}:{path.stat().st_ino}", f"SQLite {sqlite3.sqlite_version}")
        cluster, number, version = connection.execute(_WHO).one()
        return Health(f"postgresql:{cluster}:{number}", f"PostgreSQL {version}")

    @contextmanager
    def _told(self, committing: Callable[[], bool]) -> Iterator[None]:
        """Tell an error of the database as a fault, without the words that may hold a password."""
        try:
            yield
        except sa.exc.DBAPIError as error:
            fault = fault_of(error, self._config.where, committing=committing(), late=self._late)
        except ModuleNotFoundError as error:
            raise Unreachable(str(error), hint="Install 'ispcore-radius[postgres]'.") from error
        else:
            return
        raise fault

    def _begin(self, op: Operation, seconds: float, *, writing: bool) -> None:
        """Begin, and let the database itself stop what takes too long, or waits for others too long.

        A reader sees one state of all tables. A writer waits for others instead of failing.
        """
        connection = self._connection
        connection.begin()
        wait = max(1, int(min(seconds, self._config.lock_seconds) * _MILLISECONDS))
        if isinstance(self._link, sqlite3.Connection):
            self._link.set_progress_handler(lambda: op.remaining() <= 0, _ASK_EVERY)
            self._link.execute(f"PRAGMA busy_timeout = {wait}")
            connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
            return
        # The server is to stop before the line is cut, so that the connection stays of use.
        whole = max(1, int(seconds * _BEFORE_THE_CUT * _MILLISECONDS))
        how = "READ COMMITTED" if writing else "REPEATABLE READ READ ONLY"
        connection.exec_driver_sql(
            f"BEGIN ISOLATION LEVEL {how};"
            f" SET LOCAL statement_timeout = {whole}; SET LOCAL lock_timeout = {wait}"
        )

    def _undo(self) -> None:
        """End what was not committed; a connection that is broken has ended it."""
        if isinstance(self._link, sqlite3.Connection):
            self._link.set_progress_handler(None, 0)
        with suppress(sa.exc.DBAPIError):
            self._connection.rollback()

    @contextmanager
    def _cut_after(self, seconds: float) -> Iterator[None]:
        """Cut a connection that stays silent: nothing else ends a wait for a server that is gone."""
        if self._config.engine is Engine.SQLITE:
            yield
            return
        timer = threading.Timer(seconds, self._cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _cut(self) -> None:
        self._late = True
        link = self._link
        if link is not None and not isinstance(link, sqlite3.Connection):
            # It may be closed already, for which each library has an error of its own.
            with suppress(Exception), socket.socket(fileno=os.dup(link.fileno())) as line:
                line.shutdown(socket.SHUT_RDWR)

    def _open_file(self) -> sqlite3.Connection:
        """Open the file; one that is not there is not made."""
        uri = f"{Path(self._config.path).resolve().as_uri()}?mode=rw"
        self._link = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
        return self._link

    def _call_server(self) -> psycopg.Connection[Any]:
        """Connect; a server that says nothing is given up in time, which its library cannot do."""
        made: Future[psycopg.Connection[Any]] = Future()
        threading.Thread(target=self._connect, args=(made,), daemon=True).start()
        try:
            self._link = made.result(self._patience)
        except TimeoutError:
            if made.cancel():
                raise Unreachable(f"{self._config.where} does not answer.") from None
            self._link = made.result()
        return self._link

    def _connect(self, made: Future[psycopg.Connection[Any]]) -> None:
        """Connect, and hang up where nobody waits any more."""
        try:
            link = self._connected()
        except Exception as error:  # noqa: BLE001 - it is raised where it is waited for
            if made.set_running_or_notify_cancel():
                made.set_exception(error)
            return
        if made.set_running_or_notify_cancel():
            made.set_result(link)
        else:
            link.close()

    def _connected(self) -> psycopg.Connection[Any]:
        import psycopg  # noqa: PLC0415 - an optional dependency

        config = self._config
        host, port = config.host, config.port
        if not host.startswith("/"):
            host, port = self._dial(host, port)
        return psycopg.connect(
            host=host,
            port=port,
            dbname=config.database,
            user=config.user,
            password=None if config.password is None else config.password.reveal(),
            sslmode=config.tls.value,
            connect_timeout=max(_LEAST_SECONDS, math.ceil(self._patience)),
            gssencmode="disable",
            autocommit=True,  # each transaction begins in words of ours, with its limits
            application_name="ispcore-radius",
            prepare_threshold=None,  # poolers between us and the server do not keep statements
        )


_WHO = sa.text(
    "SELECT (SELECT system_identifier FROM pg_control_system()), d.oid, current_setting('server_version')"
    " FROM pg_database d WHERE d.datname = current_database()"
)
