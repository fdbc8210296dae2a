"""What happened on devices, as values: who tells it to people asks here which fields became what.

A secret is never among them; of one that was written, only that is told.
"""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import TYPE_CHECKING

from attrs import fields, frozen

from ispcore.driver import Role, Spec, claim_of, roles_of

if TYPE_CHECKING:
    from collections.abc import Iterable


class Happened(Enum):
    """What happened: to one thing on a device, or to a device."""

    MADE = "made"
    CHANGED = "changed"
    TAKEN_AWAY = "taken away"
    BY_HAND = "changed by hand"
    FOUND = "drift found"
    MENDED = "mended"
    DOWN = "down"
    UP = "up again"
    REPLACED = "replaced"
    STOPPED = "stopped"
    ACCEPTED = "accepted"


@frozen(kw_only=True)
class Happening:
    """Something that happened on a device: *before* stands there no more, *after* does now.

    ``resource`` is whose it is; None is the device's own, or nobody's. ``fields`` are those that differ.
    """

    on: date
    device: str
    what: Happened
    resource: str | None = None
    before: Spec | None = None
    after: Spec | None = None
    fields: tuple[str, ...] = ()
    text: str = ""

    @property
    def claim(self) -> str:
        """The device's name for what it happened to; nothing where it happened to the device."""
        spec = self.after or self.before
        return "" if spec is None else claim_of(spec)


@frozen
class FieldChange:
    """A field as it was and as it is, in words; ``before`` is None where nothing stood there."""

    name: str
    before: str | None
    after: str

    def __str__(self) -> str:
        """Say it in a few words."""
        told = f"{self.before} → {self.after}" if self.before is not None else self.after
        return f"{self.words}: {told}"

    @property
    def words(self) -> str:
        """What the field is called."""
        return self.name.replace("_kbit", " kbit/s").replace("_", " ")


_SECRET = "written"  # noqa: S105 - a word


def field_changes(before: Spec | None, after: Spec | None, names: Iterable[str]) -> tuple[FieldChange, ...]:
    """Return what became of the fields *names*; of what is made new, those that are not as usual."""
    if after is None:
        return ()
    asked = frozenset(names)
    usual = {each.name: each.default for each in fields(type(after))}
    found = []
    for name, role in roles_of(type(after)).items():
        old, new = getattr(before, name, None), getattr(after, name)
        if name not in asked or (before is None and (role is Role.IDENTITY or new == usual[name])):
            continue
        if role is Role.WRITE_ONLY:
            found.append(FieldChange(name, None, _SECRET))
        else:
            found.append(FieldChange(name, None if before is None else said_value(old), said_value(new)))
    return tuple(found)


def said_value(value: object) -> str:
    """Return the value of a field in words."""
    match value:
        case None | ():
            return "none"
        case bool():
            return "yes" if value else "no"
        case Enum():
            return str(value.value)
        case tuple():
            return " ".join(map(str, value))
        case _:
            return str(value)
