"""The one difference between what should stand on a device and what does.

It serves the plan that is shown, the worker that writes, the reading back after each write, and the search
for drift; so none of them can say anything else than the others.
"""

from __future__ import annotations

from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING

from ispcore.driver import Change, Role, fields_of, roles_of

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from ispcore.driver import Resource, Seen, Spec


def difference(
    target: Resource, seen: Seen | None, after: Spec | None, *, rewrite: AbstractSet[str] = frozenset()
) -> Change | None:
    """Return the change that makes *seen* into *after*, or None where nothing is to be done.

    *after* is what the driver calls normal of the wanted spec; None wants nothing to stand there. *rewrite*
    names write-only fields that must be written even though nothing can be compared. What stands there as it
    should and is unsettled is changed in no field.
    """
    if after is None:
        return None if seen is None else Change(target, seen, None, frozenset())
    if seen is None:
        return Change(target, None, after, _all_fields(type(after)))  # type: ignore[arg-type]  # as below
    changed = differing(seen.spec, after)
    if rewrite:
        changed |= rewrite & set(fields_of(type(after), Role.WRITE_ONLY))
    if not changed and seen.unsettled is None:
        return None
    return Change(target, seen, after, frozenset(changed))


def differing(before: Spec, after: Spec) -> set[str]:
    """Return the names of the fields that can be compared and differ."""
    names, values = _compared(type(after))  # type: ignore[arg-type]  # as where roles are looked up
    if type(before) is type(after) and values(before) == values(after):
        return set()
    return {name for name in names if getattr(before, name, None) != getattr(after, name)}


@cache
def _all_fields(kind: type[Spec]) -> frozenset[str]:
    return frozenset(roles_of(kind))


@cache
def _compared(kind: type) -> tuple[tuple[str, ...], attrgetter[object]]:
    """Return the fields that can be compared, and what reads all of them at once."""
    names = tuple(name for name, role in roles_of(kind).items() if role is not Role.WRITE_ONLY)
    return names, attrgetter(*names)
