"""Policies that hold from a day on: read from the catalogue's document, and the one in force on a day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Generic, TypeVar

from attrs import frozen

from ispcore.values import DAY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ispcore.values import Table

P = TypeVar("P")


@frozen
class Dated(Generic[P]):
    """A policy since a day; None since ever."""

    since: date | None
    policy: P


def in_force(versions: Sequence[Dated[P]], day: date) -> P:
    """Return the policy in force on *day*; the earliest one rules the time before it too."""
    ordered = sorted(versions, key=lambda version: version.since or date.min)
    known = [version for version in ordered if version.since is None or version.since <= day]
    return (known[-1] if known else ordered[0]).policy


def read_dated(table: Table, read: Callable[[Table], P]) -> tuple[Dated[P], ...]:
    """Return the versions of a policy; one that is written without versions holds since ever."""
    if "versions" not in table:
        return (Dated(None, read(table)),)
    rows = table.rows("versions")
    if not rows and table.clean:
        table.problem("A policy needs a version.", at="versions")
    found: list[Dated[P]] = []
    for row in rows:
        since = row.get("from", DAY)
        policy = read(row)
        row.close()
        if row.clean and since in [version.since for version in found]:
            row.problem(f"Another version is from {since} too.", at="from")
        found.append(Dated(since, policy))
    return tuple(found)
