"""Drift: what stands on a device otherwise than it was left there, and what may be done about it.

What is still to be done is no drift. What no claim names and no mark of ours is on is foreign: it is told,
and never touched.
"""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import TYPE_CHECKING

from attrs import frozen

from ispcore.driver import Key, PlacementId, Resource, Role, Seen, Spec, roles_of
from ispcore.network.diff import difference

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_REPAIRS = 3
"""So often a placement is mended on one day; whoever changes it back more often is not fought, but told."""


class DriftKind(Enum):
    """How something drifted."""

    MISSING = "missing"
    """We wrote it, and it is gone."""
    DIFFERS = "differs"
    """Or it stands as we wrote it, and does not count."""
    LEFT_OVER = "left over"
    """It is ours, and nothing wants it there."""
    FOREIGN = "foreign"
    """No claim names it: somebody else's."""
    UNBOUND = "unbound"
    """It is wanted on a device that there is not."""


@frozen(kw_only=True)
class Expected:
    """A placement that a worker has left as it is wanted."""

    id: PlacementId
    device: str
    generation: int
    wanted: Spec
    claim: str
    key: Key | None = None
    is_held: bool = False


@frozen(kw_only=True)
class Stray:
    """Something seen under a name that nothing wants there now.

    ``owner`` is the placement whose claim or mark it has; ``is_ours`` tells whether we wrote it,
    ``is_double`` whether the same stands elsewhere as it should.
    """

    device: str
    claim: str
    key: Key
    spec: Spec
    owner: PlacementId | None = None
    is_ours: bool = False
    is_double: bool = False
    is_held: bool = False


@frozen(kw_only=True)
class Drift:
    """One thing that drifted: what was ``seen`` of it, what is ``wanted``, and the fields that differ.

    ``unsettled`` says why what stands there as it should does not count.
    """

    kind: DriftKind
    device: str
    claim: str
    placement: PlacementId | None = None
    key: Key | None = None
    seen: Spec | None = None
    wanted: Spec | None = None
    fields: tuple[str, ...] = ()
    unsettled: str | None = None
    is_held: bool = False
    is_double: bool = False

    @property
    def can_be_repaired(self) -> bool:
        """Whether a worker could make it as it is wanted; what is foreign is nobody's to mend."""
        ours = self.kind in (DriftKind.MISSING, DriftKind.DIFFERS, DriftKind.LEFT_OVER)
        return ours and not (self.is_held or self.is_double)

    def values(self) -> Iterator[tuple[str, object, object]]:
        """Yield the fields that differ, as they were seen and are wanted; and why it does not count."""
        for name in self.fields:
            yield name, getattr(self.seen, name, None), getattr(self.wanted, name)
        if self.unsettled is not None:
            yield "unsettled", self.unsettled, None


def drift_of(expected: Expected, after: Spec, seen: Seen | None) -> Drift | None:
    """Return how *seen* drifted from *after*, which is what the driver calls normal of what is wanted."""
    target = Resource(expected.id, expected.generation, after, expected.key)
    change = difference(target, seen, after)
    if change is None:
        return None
    return Drift(
        kind=DriftKind.MISSING if seen is None else DriftKind.DIFFERS,
        device=expected.device,
        claim=expected.claim,
        placement=expected.id,
        key=expected.key if seen is None else seen.key,
        seen=None if seen is None else seen.spec,
        wanted=after,
        fields=() if seen is None else tuple(name for name in roles_of(type(after)) if name in change.fields),
        unsettled=None if seen is None else seen.unsettled,
        is_held=expected.is_held,
    )


def drift_of_stray(stray: Stray) -> Drift:
    """Return what *stray* is: ours and left over, or foreign."""
    return Drift(
        kind=DriftKind.LEFT_OVER if stray.is_ours else DriftKind.FOREIGN,
        device=stray.device,
        claim=stray.claim,
        placement=stray.owner if stray.is_ours else None,
        key=stray.key,
        seen=stray.spec,
        is_held=stray.is_held,
        is_double=stray.is_double,
    )


def is_contested(repaired_on: date | None, repairs: int, today: date) -> bool:
    """Tell whether a placement was mended so often today that a person has to look."""
    return repaired_on == today and repairs >= MOST_REPAIRS


def readable(spec: Spec) -> dict[str, object]:
    """Return what can be read of *spec*, by its fields: everything but secrets."""
    shown = (name for name, role in roles_of(type(spec)).items() if role is not Role.WRITE_ONLY)
    return {name: getattr(spec, name) for name in shown}
