"""From changes to rows: what is written for each, and which changes go together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from attrs import frozen

from ispcore.driver import Change, Conflict, Login, Spec, Unsupported, roles_of
from ispcore_radius.layout import Layout, Written
from ispcore_radius.rows import Row
from ispcore_radius.terms import TERMS

Rows = Mapping[str, Sequence[Row]]
"""What stands there, by user."""


@frozen
class Plan:
    """What one change does: a user gets another name, then loses rows, then gets rows."""

    name: str
    renamed_from: str | None
    written: Written


def name_of(spec: Spec) -> str:
    """Return the name of a login; what is none has no name."""
    return spec.username if isinstance(spec, Login) else ""


def name_before(change: Change) -> str | None:
    """Return the name under which the login stands before *change*; None where it is made."""
    if change.before is not None:
        return change.before.key
    return None if change.after is not None else change.target.key or name_of(change.target.spec)


def name_after(change: Change) -> str:
    """Return the name to look under when *change* is done."""
    if change.after is not None:
        return name_of(change.after)
    return name_before(change) or ""


def names_of(change: Change) -> frozenset[str]:
    """Return every name whose rows *change* may touch."""
    return frozenset(filter(None, (name_before(change), name_after(change))))


def batches(changes: Iterable[Change], most: int) -> Iterator[list[Change]]:
    """Cut *changes* into batches, in their order; no two changes of one batch are about one name."""
    batch: list[Change] = []
    named: set[str] = set()
    for change in changes:
        names = names_of(change)
        if batch and (len(batch) == most or named & names):
            yield batch
            batch, named = [], set()
        batch.append(change)
        named |= names
    if batch:
        yield batch


def plan(layout: Layout, change: Change, there: Rows, salt: bytes) -> Plan:
    """Return what *change* does to the rows that are there.

    A login that has gone meanwhile is made whole again.

    Raises:
        Refusal: it cannot be done.
    """
    if not isinstance(change.target.spec, Login):
        raise Unsupported(f"FreeRADIUS's tables hold logins, not {type(change.target.spec).__name__}.")
    before, name = name_before(change), name_after(change)
    stands = before is not None and bool(layout.ours(there.get(before, ())))
    if not isinstance(change.after, Login):
        return Plan(name, None, Written(drop=tuple(layout.ours(there.get(name, ())))))
    if name != before and layout.ours(there.get(name, ())):
        raise Conflict(f"There is a login {name!r} already, and it is not ours.")
    renamed = before if stands and before != name else None
    fields = change.fields or TERMS if stands else frozenset(roles_of(Login))
    rows = there.get(before or "", ()) if stands else there.get(name, ())
    return Plan(name, renamed, layout.written(rows, change.after, fields, salt))
