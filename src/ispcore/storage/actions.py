"""Actions on devices: kept before they are carried out, ended once, and looked at later."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any

import attrs
import sqlalchemy as sa

from ispcore.driver import DriverError, PlacementId, SecretRef
from ispcore.effects import HIDDEN, ActionRecord, ActionState
from ispcore.errors import NotFoundError
from ispcore.storage.device_rows import plain_fault
from ispcore.storage.drift_tables import actions
from ispcore.storage.upsert import insert_or

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from ispcore.driver import Result
    from ispcore.effects import Fault, Started
    from ispcore.storage.database import SqlDatabase
    from ispcore.storage.instants import Instants


class SqlActions:
    """The actions in a database; each call is a transaction of its own."""

    def __init__(self, database: SqlDatabase, instants: Instants) -> None:
        """Work on *database*; *instants* tells the time."""
        self._database = database
        self._instants = instants

    def begin(self, started: Started) -> None:
        """Keep that an action is about to be carried out, for the first time or again."""
        with self._database.writing() as session:
            now = self._instants(session.connection)
            row = {
                "id": started.id,
                "device": started.device,
                "word": started.word,
                "arguments": {**started.arguments, **_kept(started.secrets)},
                "targets": list(started.targets),
                "state": ActionState.BEGUN.value,
                "results": [],
                "error": None,
                "actor": started.actor,
                "begun_at": now,
                "deadline": now + timedelta(seconds=started.seconds),
                "ended_at": None,
            }
            again = {name: row[name] for name in row if name != "id"}
            insert = insert_or(session.connection, actions)
            session.connection.execute(
                insert.on_conflict_do_update(index_elements=["id"], set_=_typed(again)), row
            )

    def go_on(
        self, action: str, results: Sequence[Result[Any]], seconds: float, *, clean: Callable[[str], str]
    ) -> None:
        """Keep what an action has come to so far; it is heard of again within so many *seconds*."""
        with self._database.writing() as session:
            now = self._instants(session.connection)
            values = {
                "results": [_plain_result(one, clean) for one in results],
                "deadline": now + timedelta(seconds=seconds),
            }
            session.connection.execute(sa.update(actions).where(actions.c.id == action).values(values))

    def end(
        self,
        action: str,
        state: ActionState,
        results: Sequence[Result[Any]],
        fault: Fault | None,
        *,
        clean: Callable[[str], str],
    ) -> ActionRecord:
        """Keep how an action ended; *clean* takes secrets out of what the device answered."""
        with self._database.writing() as session:
            now = self._instants(session.connection)
            values = {
                "state": state.value,
                "results": [_plain_result(one, clean) for one in results],
                "error": None if fault is None else plain_fault(fault, now),
                "ended_at": now,
            }
            session.connection.execute(sa.update(actions).where(actions.c.id == action).values(values))
        return self.get(action)

    def get(self, action: str) -> ActionRecord:
        """Return an action, or raise NotFoundError."""
        for one in self._found(sa.select(actions).where(actions.c.id == action)):
            return one
        raise NotFoundError("action", action)

    def latest(
        self, *, device: str | None = None, word: str | None = None, limit: int | None = None
    ) -> tuple[ActionRecord, ...]:
        """Return the actions, the latest first."""
        asked = sa.select(actions).order_by(actions.c.begun_at.desc(), actions.c.id).limit(limit)
        if device is not None:
            asked = asked.where(actions.c.device == device)
        if word is not None:
            asked = asked.where(actions.c.word == word)
        return self._found(asked)

    def _found(self, asked: sa.Select[Any]) -> tuple[ActionRecord, ...]:
        with self._database.reading() as session:
            now = self._instants(session.connection)
            return tuple(_record(row, now) for row in session.connection.execute(asked))


def _typed(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: sa.bindparam(None, value, actions.c[name].type) for name, value in values.items()}


def _record(row: sa.Row[Any], now: datetime) -> ActionRecord:
    state = ActionState(row.state)
    if state is ActionState.BEGUN and row.deadline <= now:
        state = ActionState.UNKNOWN  # whoever was at it is gone
    given: Mapping[str, Any] = row.arguments
    kept = {name: SecretRef(value["secret"]) for name, value in given.items() if isinstance(value, dict)}
    return ActionRecord(
        id=row.id,
        device=row.device,
        word=row.word,
        targets=tuple(PlacementId(name) for name in row.targets),
        state=state,
        actor=row.actor,
        begun_at=row.begun_at,
        arguments={**given, **dict.fromkeys(kept, HIDDEN)},
        secrets=kept,
        ended_at=row.ended_at,
        results=tuple(row.results),
        error=row.error,
    )


def _kept(secrets: Mapping[str, SecretRef]) -> dict[str, Any]:
    return {name: {"secret": ref.name} for name, ref in secrets.items()}


def _plain_result(result: Result[Any], clean: Callable[[str], str]) -> dict[str, Any]:
    if isinstance(result.value, DriverError):
        return {"target": result.target, "error": clean(str(result.value))}
    return {"target": result.target, "value": _plain(result.value, clean)}


def _plain(value: Any, clean: Callable[[str], str]) -> Any:  # noqa: ANN401 - what a plugin answers
    """Return *value* as plain JSON without secrets, for people to look at."""
    match value:
        case Enum():
            return value.value
        case date() | Decimal():
            return str(value)
        case None | bool() | int():
            return value
        case Mapping():
            return {clean(str(key)): _plain(inner, clean) for key, inner in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_plain(inner, clean) for inner in value]
        case _ if attrs.has(type(value)):
            names = (one.name for one in attrs.fields(type(value)))
            return {name: _plain(getattr(value, name), clean) for name in names}
        case _:
            return clean(str(value))
