"""A statement of connections as a sheet: which columns, under which titles, how wide, and which are totalled.

What a sheet holds is values; :mod:`ispcore.printing` writes them to a file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import TypeAlias

from attrs import field, frozen

from ispcore.errors import InvalidValueError
from ispcore.network.connection import Connection, ConnectionStatement
from ispcore.values import as_tuple, suggestion

Cell: TypeAlias = str | int | datetime | timedelta | None
_WIDEST = 2_000
_LONGEST_TITLE = 200


@frozen
class _Field:
    """What can stand in a column, and what stands below it where it has a total."""

    title: str
    width_px: int
    value: Callable[[Connection], Cell]
    total: Callable[[ConnectionStatement], Cell] | None = None


_FIELDS: Mapping[str, _Field] = {
    "login": _Field("Login", 140, lambda one: one.login),
    "started": _Field("Start", 140, lambda one: one.started_at),
    "stopped": _Field("Stop", 140, lambda one: one.stopped_at),
    "duration": _Field("Duration", 90, lambda one: one.duration, lambda whole: whole.duration),
    "up": _Field("Up, bytes", 120, lambda one: one.octets.up, lambda whole: whole.octets.up),
    "down": _Field("Down, bytes", 120, lambda one: one.octets.down, lambda whole: whole.octets.down),
    "both": _Field("Both ways, bytes", 120, lambda one: one.octets.total, lambda whole: whole.octets.total),
    "address": _Field("Address", 120, lambda one: one.address),
    "ipv6_prefix": _Field("IPv6 prefix", 200, lambda one: one.ipv6_prefix),
    "delegated_prefix": _Field("Delegated prefix", 200, lambda one: one.delegated_prefix),
    "mac": _Field("MAC", 130, lambda one: one.mac),
    "access_point": _Field("Access point", 120, lambda one: one.access_point),
    "cause": _Field("Cause", 130, lambda one: one.cause),
    "session": _Field("Session", 140, lambda one: one.session),
}
SHEET_FIELDS = tuple(_FIELDS)
"""What can stand in the columns of a sheet, in their usual order."""


@frozen
class SheetColumn:
    """A column with one of :data:`SHEET_FIELDS`; None is the usual title, in English, and the usual width.

    A width is in pixels. ``total`` puts the sum of the column below it.
    """

    field: str
    title: str | None = None
    width_px: int | None = None
    total: bool = False

    def __attrs_post_init__(self) -> None:
        """Refuse what no sheet can show."""
        if self.field not in _FIELDS:
            hint = suggestion(self.field, _FIELDS)
            raise InvalidValueError(f"There is no column {self.field!r} of connections.", hint=hint)
        if self.total and _FIELDS[self.field].total is None:
            able = ", ".join(name for name, one in _FIELDS.items() if one.total)
            raise InvalidValueError(
                f"Column {self.field!r} has no total.", hint=f"There are totals of: {able}."
            )
        if self.width_px is not None and not 0 < self.width_px <= _WIDEST:
            raise InvalidValueError(
                f"Column {self.field!r} cannot be {self.width_px} pixels wide.", hint=f"Use 1 to {_WIDEST}."
            )
        if self.title is not None and len(self.title) > _LONGEST_TITLE:
            raise InvalidValueError(
                f"The title of column {self.field!r} is too long.",
                hint=f"Use up to {_LONGEST_TITLE} characters.",
            )


USUAL_COLUMNS = tuple(
    SheetColumn(name, total=name in {"duration", "up", "down"})
    for name in SHEET_FIELDS
    if name not in {"login", "both", "session"}
)
"""The columns of a sheet for which nobody chose any."""


@frozen
class Sheet:
    """A table to be written to a file; instants are in the zone that was asked for, without its name.

    ``total`` is the last row, None where no column is totalled.
    """

    title: str
    titles: tuple[str, ...] = field(converter=as_tuple)
    widths_px: tuple[int, ...] = field(converter=as_tuple)
    rows: tuple[tuple[Cell, ...], ...] = field(converter=as_tuple)
    total: tuple[Cell, ...] | None = None


def sheet_of(
    statement: ConnectionStatement,
    zone: tzinfo,
    *,
    title: str | None = None,
    columns: Sequence[SheetColumn] = USUAL_COLUMNS,
) -> Sheet:
    """Return *statement* as a sheet with these *columns*, its times being those of *zone*.

    Raises:
        InvalidValueError: there are no columns, or the *title* is too long.
    """
    if not columns:
        raise InvalidValueError("A sheet needs a column.", hint=f"There are: {', '.join(SHEET_FIELDS)}.")
    if title is not None and len(title) > _LONGEST_TITLE:
        raise InvalidValueError(
            "The title of the sheet is too long.", hint=f"Use up to {_LONGEST_TITLE} characters."
        )
    fields = [_FIELDS[column.field] for column in columns]
    return Sheet(
        title or f"Connections of {statement.login}",
        tuple(column.title or one.title for column, one in zip(columns, fields, strict=True)),
        tuple(column.width_px or one.width_px for column, one in zip(columns, fields, strict=True)),
        tuple(
            tuple(_shown(one.value(connection), zone) for one in fields)
            for connection in statement.connections
        ),
        _totals(columns, statement) if any(column.total for column in columns) else None,
    )


def _shown(cell: Cell, zone: tzinfo) -> Cell:
    return cell.astimezone(zone).replace(tzinfo=None) if isinstance(cell, datetime) else cell


def _totals(columns: Sequence[SheetColumn], statement: ConnectionStatement) -> tuple[Cell, ...]:
    wanted = (_FIELDS[column.field].total if column.total else None for column in columns)
    return tuple(None if total is None else total(statement) for total in wanted)
