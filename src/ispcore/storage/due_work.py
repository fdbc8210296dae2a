"""Which placements and lanes have something to do now, as conditions that both engines understand.

A placement that lags is the outbox row; nothing else has to be queued, lost or found again.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import sqlalchemy as sa

from ispcore.driver import KINDS
from ispcore.storage.network_tables import devices, intents, lanes, placements

NOW = sa.bindparam("now", type_=devices.c.paused_until.type)
_LOOKED_AT = 200


def passed(column: sa.ColumnElement[Any], now: Any = NOW) -> sa.ColumnElement[bool]:  # noqa: ANN401 - or a name of it
    """Return the condition that an instant is not set, or is over *now*."""
    return sa.or_(column.is_(None), column <= now)


def lagging(table: sa.FromClause = placements) -> sa.ColumnElement[bool]:
    """Return the condition that a placement is not as it is wanted."""
    return table.c.applied_generation < table.c.generation


def takes_away(table: sa.FromClause) -> sa.ColumnElement[bool]:
    """Return the condition that a customer loses something; as the rule of this name in the effects."""
    wanted = table.c.wanted
    return sa.or_(
        wanted.is_(None),
        wanted["enabled"].as_boolean().is_(sa.false()),
        sa.func.coalesce(wanted["access"].as_string(), "") == "refused",
    )


def due(dialect: str, table: sa.FromClause = placements) -> sa.ColumnElement[bool]:
    """Return the condition that a placement lags, waits for nobody, and has what it needs."""
    return sa.and_(
        lagging(table),
        table.c.trouble.is_(None),
        # What only a later version knows is left to workers of that version.
        table.c.kind.in_(KINDS),
        passed(table.c.try_at),
        passed(table.c.held_until),
        sa.or_(
            sa.func.json_array_length(table.c.needs) == 0, takes_away(table), sa.not_(unmet(dialect, table))
        ),
        sa.or_(table.c.wanted.is_not(None), table.c.resource.not_in(_still_needed(dialect))),
    )


def unmet(dialect: str, table: sa.FromClause) -> sa.ColumnElement[bool]:
    """Return the condition that something which a placement needs does not stand as it is wanted now."""
    return sa.exists(_unmet_of_one(dialect, table))


def _unmet_of_one(dialect: str, table: sa.FromClause) -> sa.Select[tuple[str]]:
    other, need = placements.alias("needed"), _each_need(dialect, table, "need")
    return (
        sa.select(need.c.value)
        .select_from(need.join(other, other.c.resource == need.c.value, isouter=True))
        .group_by(need.c.value)
        .having(_is_behind(other))
        .correlate(table)
    )


def unmet_needs(dialect: str, these: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Select what *these* placements need and what does not stand as it is wanted now, each with its id."""
    other, need = placements.alias("needed"), _each_need(dialect, placements, "need")
    return (
        sa.select(placements.c.id, need.c.value)
        .select_from(
            placements.join(need, sa.true()).join(other, other.c.resource == need.c.value, isouter=True)
        )
        .where(these)
        .group_by(placements.c.id, need.c.value)
        .having(_is_behind(other))
    )


def _is_behind(other: sa.FromClause) -> sa.ColumnElement[bool]:
    """Return the condition that a needed resource lags where it is wanted, or is wanted nowhere.

    One that was never placed is wanted nowhere: its name may be somebody else's, or nobody has bound it yet.
    """
    behind = sa.case((sa.and_(other.c.wanted.is_not(None), lagging(other)), 1), else_=0)
    return sa.or_(sa.func.sum(behind) > 0, sa.func.count(other.c.wanted) == 0)


def _still_needed(dialect: str) -> sa.Select[tuple[str]]:
    """Select what is still needed by something that is to be taken away, and stands."""
    other = placements.alias("dependent")
    need = _each_need(dialect, other, "dependency")
    return (
        sa.select(need.c.value)
        .select_from(sa.join(other, need, sa.true()))
        .where(lagging(other), other.c.wanted.is_(None), other.c.applied.is_not(None))
    )


def _each_need(dialect: str, table: sa.FromClause, name: str) -> sa.TableValuedAlias:
    each = sa.func.json_each if dialect == "sqlite" else sa.func.json_array_elements_text
    return each(table.c.needs).table_valued("value", name=name, joins_implicitly=True)


def _untaken(table: sa.FromClause) -> sa.ColumnElement[bool]:
    """Return the condition that nobody has a placement, or may still be writing it."""
    taken = sa.exists().where(intents.c.placement == table.c.id, intents.c.deadline > NOW)
    return sa.not_(taken.correlate(table))


def workable() -> sa.ColumnElement[bool]:
    """Return the condition that nobody keeps a device from being worked on."""
    return sa.and_(devices.c.stopped.is_(None), passed(devices.c.held_until), passed(devices.c.paused_until))


def _is_used() -> sa.ColumnElement[bool]:
    """Return the condition that a lane is one of those that its device bears now."""
    return lanes.c.lane < devices.c.lanes


@cache
def claimable(dialect: str, *, named: bool) -> sa.Select[Any]:
    """Select a lane that is free and has something to do, by the soft order; what rested longest first."""
    few = (
        sa.select(placements)
        .where(placements.c.device == devices.c.name, due(dialect), _untaken(placements))
        .limit(_LOOKED_AT)
        .correlate(devices)
        .subquery("few")
    )
    order = sa.case((takes_away(few), -few.c.layer), else_=few.c.layer)
    rank = sa.select(sa.func.min(order)).scalar_subquery()
    found = (
        sa.select(devices, lanes.c.lane, rank.label("rank"))
        .join_from(lanes, devices)
        .where(
            passed(lanes.c.leased_until),
            passed(lanes.c.asked_until),
            _is_used(),
            workable(),
            sa.exists()
            .where(placements.c.device == devices.c.name, due(dialect), _untaken(placements))
            .correlate(devices),
        )
        .order_by(sa.text("rank"), lanes.c.leased_until.nulls_first(), lanes.c.device, lanes.c.lane)
        .limit(1)
        .with_for_update(of=lanes, skip_locked=True)
    )
    return found.where(devices.c.name == sa.bindparam("device")) if named else found


@cache
def borrowable() -> sa.Select[Any]:
    """Select a lane of a device for a clerk, whether there is something to do or not."""
    return (
        sa.select(devices, lanes.c.lane)
        .join_from(lanes, devices)
        .where(devices.c.name == sa.bindparam("device"), passed(lanes.c.leased_until), _is_used())
        .limit(1)
        .with_for_update(of=lanes, skip_locked=True)
    )


@cache
def takeable(dialect: str) -> sa.Select[Any]:
    """Select what a lane may take: what is due, and has no intent that somebody may still be writing by."""
    own = sa.and_(intents.c.lane == sa.bindparam("lane"), intents.c.token == sa.bindparam("token"))
    device = sa.exists().where(
        devices.c.name == sa.bindparam("device"), devices.c.version == sa.bindparam("version"), workable()
    )
    return (
        sa.select(
            placements.c.id,
            placements.c.resource,
            placements.c.generation,
            # As text: who reads it does so when nobody waits for the transaction any more.
            sa.cast(placements.c.wanted, sa.Text).label("wanted"),
            sa.cast(placements.c.applied, sa.Text).label("applied"),
            placements.c.key,
            placements.c.layer,
            placements.c.attempts,
            sa.func.coalesce(intents.c.writing, sa.false()).label("writing"),
            sa.func.coalesce(intents.c.tries + sa.case((own, 0), else_=1), 0).label("tries"),
        )
        .join_from(placements, intents, isouter=True)
        .where(
            placements.c.device == sa.bindparam("device"),
            due(dialect),
            sa.or_(intents.c.placement.is_(None), intents.c.deadline <= NOW, own),
            device,
        )
        .order_by(placements.c.layer)
        .limit(sa.bindparam("count"))
        .with_for_update(of=placements, skip_locked=True, key_share=True)
    )
