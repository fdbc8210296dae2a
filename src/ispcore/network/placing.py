"""Placements: one resource on one device, whose generation moves when what is wanted of it moves.

A resource that moves to another device leaves a placement behind that wants nothing any more.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from ispcore.driver import Key, PlacementId, Resource, Role, Seen, Spec, fields_of, roles_of
from ispcore.network.diff import difference
from ispcore.network.effects import EFFECTIVE
from ispcore.network.merge import LAYERS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ispcore.driver import Change
    from ispcore.network.merge import Wanted


@frozen(kw_only=True)
class Placement:
    """What is wanted of a resource on a device, and what was last seen to stand there.

    ``generation`` counts what was wanted since the beginning; the work to be done is told by an
    ``applied_generation`` that lags behind. ``trouble`` waits for a person.
    """

    id: PlacementId
    resource: str
    device: str
    kind: type[Spec]
    generation: int
    wanted: Spec | None
    layer: int
    needs: tuple[str, ...]
    moved_at: datetime
    applied_generation: int = 0
    applied: Spec | None = None
    key: Key | None = None
    trouble: str | None = None


@frozen
class Move:
    """A placement whose wanted spec became another one, in those ``fields``."""

    placement: PlacementId
    generation: int
    before: Spec | None
    after: Spec | None
    fields: tuple[str, ...] = ()


def move_of(before: Placement | None, after: Placement) -> Move | None:
    """Return how *after* wants something else than *before*, a placement or none; None where it does not."""
    old = None if before is None else before.wanted
    change = outstanding(after, old, after.wanted)
    if change is None:
        return None
    order = roles_of(after.kind)
    fields = tuple(name for name in order if name in change.fields)
    return Move(after.id, after.generation, old, after.wanted, fields)


def placement_id(resource: str, device: str) -> PlacementId:
    """Return the name of the placement of *resource* on *device*, for ever the same."""
    return PlacementId(f"{resource}@{device}")


def resource_of(placement: PlacementId) -> str:
    """Return the resource that a placement of this name is of."""
    return placement.rpartition("@")[0]


def device_of(standing: Iterable[Placement]) -> str | None:
    """Return the device on which a resource is to stand, of the placements that it has."""
    return next((one.device for one in standing if one.wanted is not None), None)


def held_back(wanted: Wanted, standing: Iterable[Placement]) -> Wanted | None:
    """Return *wanted* where the resource stands, with what it is there but for what its status makes of it.

    None where it stands nowhere, or as something else.
    """
    here = next((one for one in standing if one.wanted is not None), None)
    if here is None or here.kind is not type(wanted.spec):
        return None
    names = [name for name in roles_of(here.kind) if name in EFFECTIVE]
    status: dict[str, Any] = {name: getattr(wanted.spec, name) for name in names}
    spec: Any = here.wanted
    return evolve(wanted, device=here.device, spec=evolve(spec, **status))


def placed(
    resource: str, wanted: Wanted | None, standing: Iterable[Placement], at: datetime
) -> tuple[Placement, ...]:
    """Return the placements of *resource* that are to be saved, of those *standing* and perhaps a new one."""
    known = {one.id: one for one in standing}
    here = None if wanted is None else placement_id(resource, wanted.device)
    found = [_without(one, at) for one in known.values() if one.id != here and one.wanted is not None]
    if wanted is not None and here is not None:
        found += _with(known.get(here), here, wanted, at)
    return tuple(found)


def _without(placement: Placement, at: datetime) -> Placement:
    return evolve(
        placement,
        wanted=None,
        generation=placement.generation + 1,
        moved_at=at,
    )


def _with(known: Placement | None, here: PlacementId, wanted: Wanted, at: datetime) -> list[Placement]:
    """Return the placement as *wanted*, if that is not as it is."""
    if known is None:
        return [
            Placement(
                id=here,
                resource=wanted.resource,
                device=wanted.device,
                kind=type(wanted.spec),
                generation=1,
                wanted=wanted.spec,
                layer=LAYERS[type(wanted.spec)],
                needs=wanted.needs,
                moved_at=at,
            )
        ]
    kind = type(wanted.spec)
    same = evolve(known, kind=kind, layer=LAYERS[kind], needs=wanted.needs)
    if known.wanted == wanted.spec:
        return [] if same == known else [same]
    return [evolve(same, wanted=wanted.spec, generation=known.generation + 1, moved_at=at)]


def outstanding(placement: Placement, before: Spec | None, after: Spec | None) -> Change | None:
    """Return the change that brings *placement* from one spec to the other, as a driver would be given it.

    A write-only field is written when another secret is to be there.
    """
    spec = after or before
    if spec is None:
        return None
    target = Resource(placement.id, placement.generation, spec, placement.key)
    seen = None if before is None else Seen(placement.key or Key(""), before)
    return difference(target, seen, after, rewrite=renewed(before, after))


def renewed(before: Spec | None, after: Spec | None) -> frozenset[str]:
    """Return the write-only fields whose secret is another one in *after*."""
    if before is None or after is None or type(before) is not type(after):
        return frozenset()
    hidden = fields_of(type(after), Role.WRITE_ONLY)
    return frozenset(name for name in hidden if getattr(before, name) != getattr(after, name))
