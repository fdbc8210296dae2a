"""How components, their resources and speeds are written in a scenario.

A spec is a table with the word of its kind and what is chosen; a password stands there in the open, for a
scenario's customers are invented. A resource is written as a subscription's name and its component's:
``"internet:onu"``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, get_args, get_origin, get_type_hints

import attrs
from attrs import frozen

from ispcore.catalog import Speed
from ispcore.driver import KINDS, ConnectionMethod, Role, Spec, fields_of
from ispcore.plans import EVERY_DAY, SpeedWindow, moved_by
from ispcore.values import FLAG, TEXT, TIME, Kind, SecretText, one_of, whole, word_of

if TYPE_CHECKING:
    from ispcore.values import Table

_KBIT = whole(1, 1_000_000_000)
_ANY_NUMBER = whole(0, 10**9)
_DAY_OF_WEEK = whole(1, 7)


@frozen
class ResourceRef:
    """The resource of a subscription's component, which the player looks up."""

    subscription: str
    component: str


def read_spec(table: Table, key: str) -> Spec | None:
    """Return the spec at *key*; None where it could not be read."""
    inner = table.table(key)
    kind = KINDS[inner.get("kind", word_of(list(KINDS)))]
    if not inner.clean:  # which fields it has is not known
        return None
    hints = get_type_hints(kind)
    secret = fields_of(kind, Role.WRITE_ONLY)
    values: dict[str, Any] = {}
    for each in attrs.fields(kind):
        required = each.default is attrs.NOTHING
        if moved_by(kind, each.name) is not None or not (required or each.name in inner):
            continue
        if each.name in secret:
            values[each.name] = SecretText(inner.get(each.name, TEXT))
        elif get_origin(hints[each.name]) is tuple:
            values[each.name] = inner.many(each.name, TEXT)
        else:
            values[each.name] = inner.get(each.name, _kind_of(hints[each.name]))
    inner.close()
    return kind(**values)


def _kind_of(hint: Any) -> Kind[Any]:  # noqa: ANN401 - a type hint
    """Return how a field of this type is written."""
    kinds: Mapping[object, Kind[Any]] = {
        str: TEXT,
        bool: FLAG,
        int: _ANY_NUMBER,
        ConnectionMethod: one_of(ConnectionMethod),
    }
    return next(kinds[part] for part in (hint, *get_args(hint)) if part in kinds)


def read_speed(table: Table, key: str) -> Speed | None:
    """Return the speed at *key*; an empty table is none."""
    inner = table.table(key)
    if inner.is_empty:
        return None
    speed = Speed(inner.get("download_kbit", _KBIT), inner.get("upload_kbit", _KBIT))
    inner.close()
    return speed


def read_windows(table: Table, key: str) -> tuple[SpeedWindow, ...]:
    """Return the windows listed at *key*."""
    return tuple(_window(row) for row in table.rows(key))


def _window(row: Table) -> SpeedWindow:
    window = SpeedWindow(
        start=row.get("start", TIME),
        end=row.get("end", TIME),
        speed=Speed(row.get("download_kbit", _KBIT), row.get("upload_kbit", _KBIT)),
        days=row.many("days", _DAY_OF_WEEK) or EVERY_DAY,
    )
    row.close()
    return window


def resource_in(table: Table, at: str, text: str, subscriptions: set[str]) -> ResourceRef | None:
    """Return the resource that *text* names, a subscription and its component; None notes a problem."""
    name, _, component = text.partition(":")
    if name not in subscriptions or not component:
        table.problem(
            f"{text!r} names no resource.", "Write a subscription's name and its component's: net:onu.", at=at
        )
        return None
    return ResourceRef(name, component)
