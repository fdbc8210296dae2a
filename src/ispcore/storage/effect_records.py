"""What workers write: intents before a device is touched, outcomes afterwards."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from attrs import frozen

from ispcore.driver import PlacementId, Spec
from ispcore.effects import Begun, Done, Held, Left, Outcome
from ispcore.storage.converters import to_plain
from ispcore.storage.device_rows import plain_fault
from ispcore.storage.instants import among_texts, array_of
from ispcore.storage.locks import in_one_order
from ispcore.storage.network_tables import claims, devices, intents, placements

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime


Ids = frozenset[PlacementId]


def begin(
    connection: sa.Connection, held: Held, rows: Sequence[sa.Row[Any]], until: datetime, now: datetime
) -> Ids:
    """Keep an intent for each of *rows*, and return those that nobody else has taken meanwhile.

    An intent that was left behind stays *writing*, and counts one more who was lost.
    """
    if not rows:
        return frozenset()
    ids, generations = [row.id for row in rows], [row.generation for row in rows]
    if connection.dialect.name == "sqlite":
        at, own = _bound(connection, until), (held.device.name, held.lane, held.token)
        # Nobody else writes meanwhile, so all are ours.
        intended = [(*own, *one, at) for one in zip(ids, generations, strict=True)]
        connection.exec_driver_sql(_BEGIN_SQLITE, intended)
        return frozenset(ids)
    values = {
        "device": held.device.name,
        "lane": held.lane,
        "token": held.token,
        "ids": array_of(ids),
        "generations": array_of(map(str, generations)),
        "until": until,
        "now": now,
    }
    return frozenset(PlacementId(name) for name in connection.execute(_BEGIN_POSTGRESQL, values).scalars())


_INTENT = "(device, lane, token, placement, generation, deadline, writing, tries)"
_TAKEN_OVER = (
    "ON CONFLICT (placement) DO UPDATE SET device = excluded.device, lane = excluded.lane, "
    "token = excluded.token, generation = excluded.generation, "
    "deadline = excluded.deadline, tries = intents.tries "
    "+ CASE WHEN intents.lane = excluded.lane AND intents.token = excluded.token THEN 0 ELSE 1 END"
)
_BEGIN_SQLITE = f"INSERT INTO intents {_INTENT} VALUES (?, ?, ?, ?, ?, ?, 0, 0) {_TAKEN_OVER}"  # noqa: S608 - ours
_BEGIN_POSTGRESQL = sa.text(
    f"INSERT INTO intents {_INTENT} "  # noqa: S608 - our own words
    "SELECT :device, :lane, :token, v.id, v.generation, :until, false, 0 "
    "FROM unnest(CAST(:ids AS text[]), CAST(:generations AS integer[])) AS v(id, generation) "
    f"{_TAKEN_OVER} "
    "WHERE intents.deadline <= :now OR (intents.lane = excluded.lane AND intents.token = excluded.token) "
    "RETURNING placement"
).bindparams(
    sa.bindparam("until", type_=intents.c.deadline.type), sa.bindparam("now", type_=intents.c.deadline.type)
)


def _bound(connection: sa.Connection, instant: datetime) -> Any:  # noqa: ANN401 - what the driver takes
    step = intents.c.deadline.type.dialect_impl(connection.dialect).bind_processor(connection.dialect)
    return instant if step is None else step(instant)


def begin_writing(connection: sa.Connection, held: Held, begun: Sequence[Begun]) -> Ids:
    """Say that these are about to be written; return those whose intents are still ours."""
    ids = [one.work.id for one in begun]
    these = sa.and_(among_texts(connection, intents.c.placement, ids), *_of(held))
    written = connection.execute(sa.update(intents).where(these).values(writing=True)).rowcount
    ours = frozenset(ids)
    if written < len(ours):
        asked = sa.select(intents.c.placement).where(these, intents.c.writing)
        ours = frozenset(PlacementId(name) for name in connection.execute(asked).scalars())
    flagged = [one for one in begun if one.claims and one.work.id in ours]
    _flag(connection, held.device.name, ((one.work.id, one.claims) for one in flagged))
    return ours


@frozen
class Kept:
    """An outcome, prepared before the transaction begins.

    ``applied`` is what was read back, as it is stored; nothing where that is what was wanted.
    """

    outcome: Outcome
    applied: str | None = None
    as_wanted: bool = False


def kept(outcomes: Sequence[Outcome]) -> list[Kept]:
    """Return *outcomes* as they are stored."""
    return [_kept(one) if isinstance(one, Done) else Kept(one) for one in outcomes]


def _kept(done: Done) -> Kept:
    if done.spec == done.work.wanted:
        return Kept(done, as_wanted=True)
    return Kept(done, _text(done.spec))


def _text(spec: Spec | None) -> str | None:
    return None if spec is None else json.dumps(to_plain(spec))


def record(connection: sa.Connection, held: Held, outcomes: Sequence[Kept], now: datetime) -> None:
    """Keep what became of a batch; what others have taken meanwhile is theirs."""
    ids = sorted(one.outcome.work.id for one in outcomes)
    if connection.dialect.name != "sqlite":
        locking = sa.select(placements.c.id).where(among_texts(connection, placements.c.id, ids))
        in_order = locking.order_by(in_one_order(connection, placements.c.id))  # as commands sort them
        connection.execute(in_order.with_for_update(key_share=True))
    ours = _still_ours(connection, held, ids)
    done = [one for one in outcomes if isinstance(one.outcome, Done) and one.outcome.work.id in ours]
    left = [one.outcome for one in outcomes if isinstance(one.outcome, Left) and one.outcome.work.id in ours]
    if done:
        _record_done(connection, held, done, now)
    if left:
        _record_left(connection, held, left, now)


def _still_ours(connection: sa.Connection, held: Held, ids: Sequence[PlacementId]) -> Ids:
    """Return which of these have an intent of ours: all of them, as a rule, so they are counted first."""
    these = sa.and_(among_texts(connection, intents.c.placement, ids), *_of(held))
    count = connection.execute(sa.select(sa.func.count()).select_from(intents).where(these)).scalar_one()
    if count == len(ids):
        return frozenset(ids)
    return frozenset(
        PlacementId(name) for name in connection.scalars(sa.select(intents.c.placement).where(these))
    )


def _of(held: Held) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        intents.c.device == held.device.name,
        intents.c.lane == held.lane,
        intents.c.token == held.token,
    )


# Done

_SQLITE = (
    'UPDATE placements SET applied = {applied}, applied_generation = ?, "key" = ?, applied_at = ?, '
    "attempts = 0, try_at = NULL, error = NULL WHERE id = ? {these}"
)
_POSTGRESQL = (
    "UPDATE placements AS p SET applied = {applied}, applied_generation = v.generation, "
    "key = v.key, applied_at = :now, attempts = 0, try_at = NULL, error = NULL "
    "FROM unnest(CAST(:ids AS text[]), CAST(:generations AS integer[]), CAST(:keys AS text[]), "
    "CAST(:applied AS text[])) AS v(id, generation, key, applied) WHERE p.id = v.id {these}"
)
# What is wanted is there already, and not sent again; unless something else is wanted by now.
_AS_WANTED_SQLITE = _SQLITE.format(applied="wanted", these="AND generation = ?")
_AS_WANTED_POSTGRESQL = sa.text(
    _POSTGRESQL.format(applied="p.wanted", these="AND p.generation = v.generation")
)
_AS_READ_SQLITE = _SQLITE.format(applied="?", these="")
_AS_READ_POSTGRESQL = sa.text(_POSTGRESQL.format(applied="CAST(v.applied AS json)", these=""))


def _record_done(connection: sa.Connection, held: Held, kept: Sequence[Kept], now: datetime) -> None:
    done = [one.outcome for one in kept if isinstance(one.outcome, Done)]
    as_wanted = [one.outcome for one in kept if isinstance(one.outcome, Done) and one.as_wanted]
    texts = [
        (one.outcome, one.applied) for one in kept if isinstance(one.outcome, Done) and not one.as_wanted
    ]
    texts += [(one, _text(one.spec)) for one in _moved(connection, as_wanted, now)]
    if texts:
        _record_as_read(connection, texts, now)
    ids = [one.work.id for one in done]
    connection.execute(sa.delete(intents).where(among_texts(connection, intents.c.placement, ids)))
    _flag(connection, held.device.name, ((one.work.id, one.claims) for one in done if one.spec is not None))
    _drop_claims(connection, held.device.name, done)
    if held.device.failures:
        well = {"failures": 0, "error": None}
        connection.execute(sa.update(devices).where(devices.c.name == held.device.name).values(well))


def _moved(connection: sa.Connection, done: Sequence[Done], now: datetime) -> Sequence[Done]:
    """Keep that these stand as they are wanted; return those of which something else is wanted by now."""
    if not done:
        return ()
    if connection.dialect.name == "sqlite":
        at = _bound(connection, now)
        rows = [(one.work.generation, one.key, at, one.work.id, one.work.generation) for one in done]
        count = connection.exec_driver_sql(_AS_WANTED_SQLITE, rows).rowcount
    else:
        count = connection.execute(_AS_WANTED_POSTGRESQL, _arrays(done, (), now)).rowcount
    if count == len(done):
        return ()
    these = among_texts(connection, placements.c.id, [one.work.id for one in done])
    found = connection.execute(sa.select(placements.c.id, placements.c.generation).where(these))
    generations = {name: generation for name, generation in found}  # noqa: C416 - rows, to mypy
    return [one for one in done if generations[one.work.id] != one.work.generation]


def _record_as_read(
    connection: sa.Connection, kept: Sequence[tuple[Done, str | None]], now: datetime
) -> None:
    """Keep how these were read back."""
    if connection.dialect.name == "sqlite":
        at = _bound(connection, now)
        rows = [(text, one.work.generation, one.key, at, one.work.id) for one, text in kept]
        connection.exec_driver_sql(_AS_READ_SQLITE, rows)
    else:
        arrays = _arrays([one for one, _ in kept], [text for _, text in kept], now)
        connection.execute(_AS_READ_POSTGRESQL, arrays)


def _arrays(done: Sequence[Done], applied: Sequence[str | None], now: datetime) -> dict[str, Any]:
    return {
        "ids": array_of(one.work.id for one in done),
        "generations": array_of(str(one.work.generation) for one in done),
        "keys": array_of(one.key for one in done),
        "applied": array_of(applied),
        "now": now,
    }


def _drop_claims(connection: sa.Connection, device: str, done: Iterable[Done]) -> None:
    """Give up the names that are no longer used, unless they are wanted again."""
    rows = [
        {"gone": claim, "owner": one.work.id, "reached": one.work.generation}
        for one in done
        for claim in one.work.claims
        if claim != one.claim
    ]
    if rows:
        current = sa.exists().where(
            placements.c.id == sa.bindparam("owner"), placements.c.generation == sa.bindparam("reached")
        )
        this = sa.and_(
            claims.c.device == device,
            claims.c.claim == sa.bindparam("gone"),
            claims.c.placement == sa.bindparam("owner"),
        )
        connection.execute(sa.delete(claims).where(this, current), rows)


# Left


def _record_left(connection: sa.Connection, held: Held, left: Sequence[Left], now: datetime) -> None:
    told = [_told(one, now) for one in left if one.fault is not None or one.attempts != one.work.attempts]
    if told:
        this = sa.and_(
            placements.c.id == sa.bindparam("placement"), placements.c.generation == sa.bindparam("reached")
        )
        named = ("attempts", "try_at", "trouble", "error")
        values = {name: sa.bindparam(f"new_{name}", type_=placements.c[name].type) for name in named}
        connection.execute(sa.update(placements).where(this).values(values), told)
    sure = [one.work.id for one in left if not one.doubt]
    if sure:
        connection.execute(sa.delete(intents).where(among_texts(connection, intents.c.placement, sure)))
    for closed in (True, False):
        doubtful = [one.work.id for one in left if one.doubt and one.closed is closed]
        if doubtful:
            # Whoever tells of it was not lost. What is surely over may be taken up at once; what may still
            # arrive, after its deadline.
            over: dict[str, Any] = {"writing": True, "tries": 0, **({"deadline": now} if closed else {})}
            these = among_texts(connection, intents.c.placement, doubtful)
            connection.execute(sa.update(intents).where(these).values(over))
    _flag(connection, held.device.name, ((one.work.id, one.claims) for one in left))


def _told(one: Left, now: datetime) -> dict[str, Any]:
    delay = one.delay_seconds
    return {
        "placement": one.work.id,
        "reached": one.work.generation,
        "new_attempts": one.attempts,
        "new_try_at": None if delay is None else now + timedelta(seconds=delay),
        "new_trouble": None if one.trouble is None else one.trouble.value,
        "new_error": None if one.fault is None else plain_fault(one.fault, now),
    }


def _flag(connection: sa.Connection, device: str, flagged: Iterable[tuple[PlacementId, Any]]) -> None:
    """Keep which names we may have written under."""
    rows = [(claim, placement, written) for placement, flags in flagged for claim, written in flags.items()]
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(_FLAG_SQLITE, [(device, *row) for row in rows])
        return
    names, owners, written = zip(*rows, strict=True)
    values = {"names": array_of(names), "owners": array_of(owners), "written": array_of(map(str, written))}
    connection.execute(_FLAG_POSTGRESQL, {"device": device, **values})


_FLAGGED = (
    "ON CONFLICT (device, claim) DO UPDATE SET written = excluded.written "
    "WHERE claims.placement = excluded.placement"
)
_FLAG_SQLITE = f"INSERT INTO claims (device, claim, placement, written) VALUES (?, ?, ?, ?) {_FLAGGED}"  # noqa: S608 - ours
_FLAG_POSTGRESQL = sa.text(
    "INSERT INTO claims (device, claim, placement, written) "  # noqa: S608 - our own words
    "SELECT :device, v.claim, v.placement, v.written "
    "FROM unnest(CAST(:names AS text[]), CAST(:owners AS text[]), CAST(:written AS boolean[])) "
    f"AS v(claim, placement, written) ORDER BY v.claim {_FLAGGED}"
)
