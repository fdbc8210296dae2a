"""A box with logins, kept in a file that outlives whoever works on it, and with faults of its own."""

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from random import Random
from typing import Any

from attrs import evolve, field, frozen

from ispcore.driver import (
    UNREADABLE,
    Access,
    Action,
    AuthFailed,
    Change,
    DriverError,
    DriverSpec,
    Health,
    Key,
    Login,
    Operation,
    OutcomeUnknown,
    PlacementId,
    Resource,
    Result,
    Seen,
    Site,
    Spec,
    Unreachable,
    revealed,
)
from ispcore.values import SecretText


@frozen
class BoxConfig:
    file: str
    password: SecretText = SecretText("key")


BOX = DriverSpec(name="box", factory="tests.effects.box:BoxDriver", config=BoxConfig, kinds={Login: {}})


class Box:
    """What stands on the box, as somebody sees it who stands before it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with self._open() as file:
            file.execute(
                "CREATE TABLE IF NOT EXISTS logins (name TEXT PRIMARY KEY, password, speed, access, writes)"
            )
            file.execute("CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value)")

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self.path, timeout=30, isolation_level=None)) as file:
            file.execute("PRAGMA synchronous=OFF")
            yield file

    @property
    def logins(self) -> dict[str, tuple[str | None, int | None]]:
        with self._open() as file:
            return {
                name: (password, speed)
                for name, password, speed in file.execute("SELECT name, password, speed FROM logins")
            }

    @property
    def writes(self) -> int:
        with self._open() as file:
            return int(file.execute("SELECT coalesce(sum(writes), 0) FROM logins").fetchone()[0])

    def put(self, name: str, password: str | None = None, speed: int | None = None) -> None:
        """Write something without anybody's knowledge."""
        with self._open() as file:
            file.execute("INSERT OR REPLACE INTO logins VALUES (?, ?, ?, 'open', 0)", (name, password, speed))

    def remove(self, *names: str) -> None:
        with self._open() as file:
            file.executemany("DELETE FROM logins WHERE name = ?", [(name,) for name in names])

    def set(self, **settings: Any) -> None:
        """Change how it behaves: ``lossy`` in a thousand, ``down``, ``password``, ``identity``, ``busy``."""
        with self._open() as file:
            rows = [(name, json.dumps(value)) for name, value in settings.items()]
            file.executemany("INSERT OR REPLACE INTO settings VALUES (?, ?)", rows)


class BoxDriver:
    """Talks to a box; what is done before a write, and at each moment between calls, is for tests to say.

    A moment is never between a checkpoint and its write: who stalls there cannot be fenced off by anybody.
    """

    def __init__(self) -> None:
        self.before_write: Callable[[str], None] = lambda _: None
        self.moment: Callable[[], None] = lambda: None
        self.refusals: dict[str, DriverError] = {}
        self.calls: list[str] = []

    def normal(self, spec: Spec, _: Health) -> Spec:
        assert isinstance(spec, Login)
        return evolve(spec, username=spec.username.lower())

    @contextmanager
    def open(self, site: Site[BoxConfig]) -> Iterator["BoxSession"]:
        self.calls.append("open")
        with closing(sqlite3.connect(site.config.file, timeout=30, isolation_level=None)) as file:
            file.execute("PRAGMA synchronous=OFF")
            session = BoxSession(self, file)
            if session.setting("down"):
                raise Unreachable("The box does not answer.")
            if site.config.password.reveal() != session.setting("password", "key"):
                raise AuthFailed("The box does not take the password.")
            yield session


@frozen
class BoxSession:
    driver: BoxDriver
    file: sqlite3.Connection
    chance: Random = field(factory=Random)

    def setting(self, name: str, default: Any = None) -> Any:
        row = self.file.execute("SELECT value FROM settings WHERE name = ?", (name,)).fetchone()
        return default if row is None else json.loads(row[0])

    def check(self, _: Operation) -> Health:
        self.driver.calls.append("check")
        return Health(self.setting("identity", "box-1"), "1.0")

    def observe(self, wanted: Sequence[Resource] | None, _: Operation) -> Iterator[Seen]:
        self.driver.calls.append("observe")
        names = [one.spec.username for one in wanted or () if isinstance(one.spec, Login)]
        asked = "SELECT name, speed, access FROM logins" + (
            "" if wanted is None else " WHERE name IN (SELECT value FROM json_each(?))"
        )
        values = () if wanted is None else (json.dumps(names),)
        self.driver.moment()
        for row in self.file.execute(asked, values).fetchall():
            yield seen(*row)
        self.driver.moment()

    def apply(self, changes: Sequence[Change], op: Operation) -> Iterator[Result[Seen | DriverError | None]]:
        self.driver.calls.append("apply")
        lossy = self.setting("lossy", 0)
        for change in changes:
            refusal = self.driver.refusals.get(change.target.id)
            if refusal is not None:
                yield Result(change.target.id, refusal)
                continue
            self.driver.moment()
            op.checkpoint()
            self.driver.before_write(change.target.id)
            fate = self.chance.randrange(1_000)
            if fate < lossy // 2:
                raise Unreachable("The line broke before the write.", wrote=False)
            self._write(change)
            if fate < lossy:
                raise OutcomeUnknown("The line broke after the write.")
            self.driver.moment()
            yield Result(change.target.id, self._read(change))

    def _write(self, change: Change) -> None:
        before = None if change.before is None else change.before.key
        after = change.after
        if after is None:
            self.file.execute("DELETE FROM logins WHERE name = ?", (before,))
            return
        assert isinstance(after, Login)
        if before is None:
            self.file.execute(
                "INSERT OR REPLACE INTO logins VALUES (?, NULL, NULL, NULL, 0)", (after.username,)
            )
        what = {"name": after.username, "speed": after.download_kbit, "access": after.access.value}
        if "password" in change.fields:
            what["password"] = revealed(after.password)
        sets = ", ".join(f"{name} = :{name}" for name in what)
        self.file.execute(
            f"UPDATE logins SET {sets}, writes = writes + 1 WHERE name = :before",
            {**what, "before": before or after.username},
        )

    def _read(self, change: Change) -> Seen | None:
        if not isinstance(change.after, Login):
            return None
        asked = "SELECT name, speed, access FROM logins WHERE name = ?"
        row = self.file.execute(asked, (change.after.username,)).fetchone()
        return None if row is None else seen(*row)

    def act(self, action: Action[Any], on: Sequence[Resource], op: Operation) -> Iterator[Result[object]]:
        raise NotImplementedError


def seen(name: str, speed: int | None, access: str | None) -> Seen:
    """Return what a row shows; one that a killed worker left half written lets nobody in."""
    allowed = Access.REFUSED if access is None else Access(access)
    spec = Login(username=name, password=UNREADABLE, download_kbit=speed, access=allowed)
    return Seen(Key(name), spec)


def placement(name: str, device: str = "box") -> PlacementId:
    return PlacementId(f"{name}:login@{device}")
