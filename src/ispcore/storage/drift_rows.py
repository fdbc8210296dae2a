"""What was seen and what should be there, to rows and back."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from attrs import evolve

from ispcore.driver import Key, PlacementId, Role, Seen, Spec, claim_of, fields_of
from ispcore.network import Drift, DriftKind, Expected, Stray
from ispcore.storage.converters import from_plain, to_plain

if TYPE_CHECKING:
    import sqlalchemy as sa

    from ispcore.effects import Look


def observed_row(look: Look, seen: Seen) -> dict[str, Any]:
    """Return what was seen, as it is kept: without secrets."""
    hidden = fields_of(type(seen.spec), Role.WRITE_ONLY)
    return {
        "device": look.device,
        "look": look.number,
        "key": _storable(seen.key, 200),
        "claim": _storable(claim_of(seen.spec), 240),
        "spec": to_plain(evolve(seen.spec, **dict.fromkeys(hidden))),
        "marked": None if seen.mark is None else seen.mark[0],
        "unsettled": None if seen.unsettled is None else _storable(seen.unsettled, 2_000),
        "matched": False,
    }


def _storable(text: str, most: int) -> str:
    """Return a name as a column takes it: what is foreign may be called anything."""
    told = text.encode("utf-8", "backslashreplace").decode().replace("\x00", "\\x00")
    if len(told) <= most:
        return told
    digest = hashlib.sha256(told.encode()).hexdigest()[:16]
    return f"{told[: most - 17]}~{digest}"


def expected_of(row: sa.Row[Any]) -> Expected:
    """Return the placement in a row."""
    wanted = from_plain(row.wanted, Spec)
    return Expected(
        id=PlacementId(row.id),
        device=row.device,
        generation=row.generation,
        wanted=wanted,
        claim=claim_of(wanted),
        key=None if row.key is None else Key(row.key),
        is_held=bool(row.held),
    )


def seen_of(row: sa.Row[Any]) -> Seen:
    """Return what was seen, in a row."""
    return Seen(Key(row.key), from_plain(row.spec, Spec), unsettled=row.unsettled)


def stray_of(row: sa.Row[Any]) -> Stray:
    """Return what matched nothing, in a row with its owner."""
    marked = row.owner is not None and row.marked == row.owner
    written = row.owner is not None and row.placement == row.owner and bool(row.written)
    return Stray(
        device=row.device,
        claim=row.claim,
        key=Key(row.key),
        spec=from_plain(row.spec, Spec),
        owner=None if row.owner is None else PlacementId(row.owner),
        is_ours=marked or written,
        is_double=bool(row.double),
        is_held=bool(row.held),
    )


def unbound_of(row: sa.Row[Any]) -> Drift:
    """Return what is wanted on a device that there is not."""
    wanted = from_plain(row.wanted, Spec)
    return Drift(
        kind=DriftKind.UNBOUND,
        device=row.device,
        claim=claim_of(wanted),
        placement=PlacementId(row.id),
        wanted=wanted,
    )
