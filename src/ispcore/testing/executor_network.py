"""A small network in a database, whose clock tests move, and workers that can be killed at a statement."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from attrs import define, field

from ispcore.driver import Login, SecretRef, claim_of
from ispcore.effects import Pace, Settings, Ways, Worker
from ispcore.errors import StorageError
from ispcore.storage import SqlDatabase, SqlEffects
from ispcore.storage.kit_rows import kill_at, lagging, rows_of, want
from ispcore.testing.executor_box import KIT_BOX, KitBox, NoSettings
from ispcore.values import SecretText

if TYPE_CHECKING:
    from ispcore.driver import DriverSpec, Spec

_DEVICE = "box"
_BEGIN = datetime(2024, 1, 1, tzinfo=UTC)

__all__ = ["KitNetwork", "NoSettings", "WorkerKilledError", "login"]


class WorkerKilledError(BaseException):
    """A worker came to the statement at which it is to be killed: nothing of it is heard of any more."""


def login(number: int, password: str, *, name: str | None = None) -> Login:
    """Return what is wanted of a home."""
    return Login(username=name or f"home-{number}", password=SecretRef(password), download_kbit=100)


def _resolve(refs: Iterable[SecretRef]) -> Mapping[SecretRef, SecretText]:
    return {ref: SecretText(ref.name) for ref in refs}


def _drivers(_: str) -> DriverSpec:
    return KIT_BOX


@define
class KitNetwork:
    """The database at *url*, one box, and what is wanted there."""

    url: str
    box: KitBox = field(factory=KitBox)
    now: datetime = _BEGIN
    passed: float = 0
    wanted: dict[str, Login | None] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        """Make the tables, and keep the box."""
        database = SqlDatabase(self.url)
        database.migrate()
        with database.writing() as work:
            work.devices.add(_DEVICE, driver=KIT_BOX.name, config={}, lanes=2)
        database.close()

    def jump(self, seconds: float) -> None:
        """Move the database's clock alone."""
        self.now += timedelta(seconds=seconds)

    def pass_by(self, seconds: float) -> None:
        """Let time pass, by every clock."""
        self.jump(seconds)
        self.passed += seconds

    def want(self, number: int, spec: Login | None) -> None:
        """Want this of a home, as a command does."""
        name = f"home-{number}:login@{_DEVICE}"
        self.wanted[name] = spec
        self._with(lambda database: want(database, name, spec, self.now))

    def want_kind(self, number: int, kind: str) -> None:
        """Want something of a kind that only a later version knows."""
        name = f"later-{number}:{kind}@{_DEVICE}"
        self._with(lambda database: want(database, name, {"kind": kind}, self.now))

    def job(self, *, kill: int | None = None, pace: float = 60, batch: int = 5) -> Callable[[], None]:
        """Return a wake-up: a worker that works until nothing is left, or is killed at a statement."""

        def run() -> None:
            database = SqlDatabase(self.url)
            ended = kill_at(database, kill, WorkerKilledError)
            settings = Settings(pace=Pace(pace), batch=batch, monotonic=self._monotonic)
            store = SqlEffects(database, instants=lambda _: self.now)
            worker = Worker(store, Ways(_drivers, make=self.box.made), resolve=_resolve, settings=settings)
            try:
                worker.run()
            except (WorkerKilledError, StorageError):
                # Nobody hears of what a killed worker fails at afterwards.
                if not ended():
                    raise
            finally:
                database.close()

        return run

    def _monotonic(self) -> float:
        return time.monotonic() + self.passed

    @property
    def lagging(self) -> list[str]:
        """What is not as it is wanted."""
        found: list[str] = self._with(lagging)
        return found

    @property
    def left_over(self) -> dict[str, int]:
        """How many intents there are, and claims under which nothing was written."""
        found: dict[str, int] = self._with(rows_of)
        return found

    def _with(self, act: Callable[[SqlDatabase], Any]) -> Any:  # noqa: ANN401 - whatever it gives
        database = SqlDatabase(self.url)
        try:
            return act(database)
        finally:
            database.close()

    def check(self, foreign: dict[str, tuple[Spec, str]]) -> None:
        """Raise AssertionError unless everything stands as it is wanted, and what is foreign as it was."""
        passwords = {name: password for name, (_, password) in foreign.items()}
        for spec in self.wanted.values():
            if spec is not None and isinstance(spec.password, SecretRef):
                passwords[claim_of(spec)] = spec.password.name
        _same("left behind", self.lagging, [])
        _same("passwords on the box", self.box.passwords, passwords)
        _same("rows left over", self.left_over, {"intents": 0})


def _same(what: str, found: object, expected: object) -> None:
    if found != expected:
        raise AssertionError(f"{what}: {found}, and not {expected}")
