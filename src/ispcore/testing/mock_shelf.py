"""Where a mock device keeps what stands on it: in memory, or in a file that several processes share."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from attrs import evolve, field, frozen

from ispcore.driver import Key, PlacementId, Role, Spec, fields_of
from ispcore.storage.converters import from_plain, to_plain

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

_WAIT_SECONDS = 60
_TABLES = """
CREATE TABLE IF NOT EXISTS standing (key TEXT PRIMARY KEY, plain TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, plain TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS log (number INTEGER PRIMARY KEY, line TEXT NOT NULL);
"""


@frozen
class Standing:
    """One object on a mock device: what can be read of it, and the secrets that were written.

    ``unsettled`` is why it does not count yet; the next write settles it.
    """

    spec: Spec
    mark: tuple[PlacementId, int] | None = None
    secrets: Mapping[str, str] = field(factory=dict, repr=lambda secrets: repr(sorted(secrets)))
    unsettled: str | None = None


class Shelf(Protocol):
    """What a mock device needs of the place where its objects are; all of it within :meth:`held`."""

    def held(self) -> AbstractContextManager[None]:
        """Keep everybody else out, and keep all that is done or, after an error, nothing of it."""
        ...

    def get(self, key: Key) -> Standing | None:
        """Return what stands under *key*."""
        ...

    def put(self, key: Key, standing: Standing | None) -> None:
        """Let that stand under *key*; None takes away what does."""
        ...

    def in_use(self) -> list[Key]:
        """Return every key in use, sorted."""
        ...

    def fact(self, name: str, default: Any) -> Any:  # noqa: ANN401 - plain JSON
        """Return what was kept under *name*."""
        ...

    def keep(self, name: str, plain: Any) -> None:  # noqa: ANN401 - plain JSON
        """Keep *plain* under *name*."""
        ...

    def note(self, line: str) -> None:
        """Add a line to the log."""
        ...

    def notes(self) -> list[str]:
        """Return the log."""
        ...


class MemoryShelf:
    """A shelf that lasts as long as its device."""

    def __init__(self) -> None:
        """Begin empty."""
        self._lock = threading.RLock()
        self._standing: dict[Key, Standing] = {}
        self._facts: dict[str, Any] = {}
        self._log: list[str] = []

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep other threads out; a device checks before it changes anything, so nothing is undone."""
        with self._lock:
            yield

    def get(self, key: Key) -> Standing | None:
        """Return what stands under *key*."""
        return self._standing.get(key)

    def put(self, key: Key, standing: Standing | None) -> None:
        """Let that stand under *key*."""
        if standing is None:
            self._standing.pop(key, None)
        else:
            self._standing[key] = standing

    def in_use(self) -> list[Key]:
        """Return every key in use, sorted."""
        return sorted(self._standing)

    def fact(self, name: str, default: Any) -> Any:  # noqa: ANN401 - plain JSON
        """Return what was kept under *name*."""
        return self._facts.get(name, default)

    def keep(self, name: str, plain: Any) -> None:  # noqa: ANN401 - plain JSON
        """Keep *plain* under *name*."""
        self._facts[name] = plain

    def note(self, line: str) -> None:
        """Add a line to the log."""
        self._log.append(line)

    def notes(self) -> list[str]:
        """Return the log."""
        return list(self._log)


class FileShelf:
    """A shelf in an SQLite file, for processes that may be killed at any moment.

    The file is open only while the shelf is held, so there is nothing to close.
    """

    def __init__(self, path: Path) -> None:
        """Use the file at *path*; it is made when it is not there."""
        self._path = path
        self._lock = threading.RLock()
        self._open: sqlite3.Connection | None = None
        with closing(self._connect()) as connection:
            connection.executescript(_TABLES)

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path, timeout=_WAIT_SECONDS, isolation_level=None, check_same_thread=False
        )
        connection.execute("PRAGMA synchronous=OFF")  # outlives its process, if not a power cut
        return connection

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep other threads and processes out, in one transaction."""
        with self._lock:
            if self._open is not None:
                yield
                return
            with closing(self._connect()) as connection:
                connection.execute("BEGIN IMMEDIATE")
                self._open = connection
                try:
                    yield
                    connection.execute("COMMIT")
                finally:
                    self._open = None

    def _run(self, statement: str, *values: object) -> list[Any]:
        with self.held():
            assert self._open is not None  # noqa: S101 - it is held
            return self._open.execute(statement, values).fetchall()

    def get(self, key: Key) -> Standing | None:
        """Return what stands under *key*."""
        rows = self._run("SELECT plain FROM standing WHERE key = ?", key)
        return _standing(json.loads(rows[0][0])) if rows else None

    def put(self, key: Key, standing: Standing | None) -> None:
        """Let that stand under *key*."""
        if standing is None:
            self._run("DELETE FROM standing WHERE key = ?", key)
        else:
            self._run("REPLACE INTO standing VALUES (?, ?)", key, json.dumps(_plain(standing)))

    def in_use(self) -> list[Key]:
        """Return every key in use, sorted."""
        return [Key(row[0]) for row in self._run("SELECT key FROM standing ORDER BY key")]

    def fact(self, name: str, default: Any) -> Any:  # noqa: ANN401 - plain JSON
        """Return what was kept under *name*."""
        rows = self._run("SELECT plain FROM facts WHERE name = ?", name)
        return json.loads(rows[0][0]) if rows else default

    def keep(self, name: str, plain: Any) -> None:  # noqa: ANN401 - plain JSON
        """Keep *plain* under *name*."""
        self._run("REPLACE INTO facts VALUES (?, ?)", name, json.dumps(plain))

    def note(self, line: str) -> None:
        """Add a line to the log."""
        self._run("INSERT INTO log (line) VALUES (?)", line)

    def notes(self) -> list[str]:
        """Return the log."""
        return [row[0] for row in self._run("SELECT line FROM log ORDER BY number")]


def _plain(standing: Standing) -> dict[str, Any]:
    return {
        "spec": to_plain(without_secrets(standing.spec, None)),
        "mark": standing.mark,
        "secrets": dict(standing.secrets),
        "unsettled": standing.unsettled,
    }


def _standing(plain: Mapping[str, Any]) -> Standing:
    mark = plain["mark"]
    return Standing(
        from_plain(plain["spec"], Spec),
        None if mark is None else (PlacementId(mark[0]), mark[1]),
        plain["secrets"],
        plain.get("unsettled"),
    )


def without_secrets(spec: Spec, instead: object) -> Spec:
    """Return *spec* with *instead* in its write-only fields."""
    return evolve(spec, **dict.fromkeys(fields_of(type(spec), Role.WRITE_ONLY), instead))
