"""The file of an SQLite database: it must be there, and be the one that was opened.

A file that is removed or replaced (by a backup, say) lives on without a name for those who have it open, and
what they write is lost without a word. So connections are made anew when another file stands at the path,
and nothing is committed to a file that has no name any more.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ispcore.errors import StorageError

if TYPE_CHECKING:
    from sqlalchemy.pool import ConnectionPoolEntry

_FILE = "file"


class SameFile:
    """Watches over the file of one engine."""

    def __init__(self, path: str) -> None:
        """Watch the file at *path*; the first connection may make it."""
        self._path = str(Path(path).absolute())
        self._named = path
        self._opened = False

    def watch(self, engine: sa.Engine) -> None:
        """Have *engine* tell what it does."""
        sa.event.listen(engine, "do_connect", self._before_connecting)
        sa.event.listen(engine, "connect", self._connected)
        sa.event.listen(engine, "checkout", self._checked_out)
        sa.event.listen(engine, "commit", self._before_committing)

    def _before_connecting(self, *_: object) -> None:
        if self._opened and self._identity() is None:
            raise StorageError(
                f"The database {self._named!r} was removed while it was in use.",
                hint="Put it back, or restore a backup; nothing of this transaction was saved.",
            )

    def _connected(self, _: object, entry: ConnectionPoolEntry) -> None:
        self._opened = True
        entry.info[_FILE] = self._identity()

    def _checked_out(self, _: object, entry: ConnectionPoolEntry, __: object) -> None:
        if entry.info[_FILE] != self._identity():
            raise sa.exc.DisconnectionError

    def _before_committing(self, connection: sa.Connection) -> None:
        if (
            "sqlite_begin" in connection.get_execution_options()
            and connection.info[_FILE] != self._identity()
        ):
            raise StorageError(
                f"The database {self._named!r} was removed or replaced while it was being written.",
                hint="Nothing of this transaction was saved. Do it again when the file is in its place.",
            )

    def _identity(self) -> tuple[Any, ...] | None:
        try:
            found = os.stat(self._path)  # noqa: PTH116 - on every transaction; a Path is slower
        except OSError:
            return None
        return found.st_dev, found.st_ino
