"""What is wanted of a device, and the changes that follow from a look at it: claims, doubt, what is owed."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from typing import Any

from attrs import define, field

from ispcore.driver import (
    Change,
    Driver,
    DriverError,
    Health,
    Key,
    Operation,
    PlacementId,
    Resource,
    Result,
    Role,
    Seen,
    Session,
    Spec,
    Support,
    claim_of,
    fields_of,
)
from ispcore.network import difference
from ispcore.testing.driver_kit.rig import Rig


@define
class Placed:
    """One resource that the lab looks after."""

    id: PlacementId
    wanted: Spec | None = None
    names: list[Spec] = field(factory=list)
    """Values under whose claims it may stand: the wanted one, and former ones until that is applied."""
    generation: int = 0
    key: Key | None = None
    owed: set[str] = field(factory=set)
    """Write-only fields that are to be written."""
    doubtful: bool = False


class Wishes:
    """What a :class:`Lab` wants, as the core would keep it."""

    def __init__(self, rig: Rig) -> None:
        """Want nothing yet."""
        self.rig = rig
        self.driver: Driver[Any] = rig.driver()
        self.placed: dict[str, Placed] = {}
        self.heard: list[str] = []

    def bears(self, kind: type[Spec], name: str, health: Health) -> bool:
        """Return whether a field is claimed, asking the device where the claim says so."""
        claim = self.rig.spec.kinds.get(kind, {}).get(name, Support.YES)
        if claim is Support.ASK:
            claim = health.answers.get(f"{kind.__name__}.{name}", Support.NO)
        return claim is Support.YES

    def want(self, name: str, spec: Spec | None) -> PlacementId:
        """Let *spec* be wanted for the resource *name*; None wants nothing to stand."""
        placed = self.placed.setdefault(name, Placed(PlacementId(f"{name}@kit")))
        if spec is not None:
            old = placed.wanted
            hidden = fields_of(type(spec), Role.WRITE_ONLY)
            placed.owed |= {it for it in hidden if getattr(old, it, None) != getattr(spec, it)}
            placed.names.append(spec)
        placed.wanted = spec
        placed.generation += 1
        return placed.id

    def doubt(self) -> None:
        """Hold everything for half done."""
        for placed in self.placed.values():
            placed.doubtful = True

    def changes(self, session: Session, op: Operation) -> list[Change]:
        """Return what is to be done; nothing is written."""
        health = session.check(op)
        asked = [
            Resource(placed.id, placed.generation, spec, placed.key)
            for placed in self.placed.values()
            for spec in placed.names
        ]
        seen = list(session.observe(asked, op)) if asked else []
        return [change for placed in self.placed.values() for change in self._changes(placed, seen, health)]

    def _changes(self, placed: Placed, seen: Sequence[Seen], health: Health) -> list[Change]:
        if not placed.names:
            return []
        claims = {claim_of(self.driver.normal(spec, health)) for spec in placed.names}
        ours = [one for one in seen if claim_of(one.spec) in claims]
        after = None if placed.wanted is None else self.driver.normal(placed.wanted, health)
        name = "" if after is None else claim_of(after)
        ours.sort(key=lambda one: claim_of(one.spec) != name)
        main = ours[0] if ours else None
        target = Resource(
            placed.id,
            placed.generation,
            placed.wanted or placed.names[-1],
            placed.key if main is None else main.key,
        )
        if len(ours) > 1:  # a rename was cut: what stands under the former name goes first
            return [Change(target, one, None, frozenset()) for one in ours[1:]]
        rewrite = self._rewritten(placed, health)
        change = difference(target, main, after, rewrite=rewrite)
        return [] if change is None else [change]

    def _rewritten(self, placed: Placed, health: Health) -> set[str]:
        if placed.wanted is None:
            return set()
        kind = type(placed.wanted)
        names = set(fields_of(kind, Role.WRITE_ONLY)) if placed.doubtful else placed.owed
        return {name for name in names if self.bears(kind, name, health)}

    def begun(self, changes: Sequence[Change]) -> None:
        """Hold what is about to be written for half done."""
        targets = {change.target.id for change in changes}
        for placed in self.placed.values():
            placed.doubtful |= placed.id in targets

    def took(self, result: Result[Seen | DriverError | None], changes: Sequence[Change]) -> None:
        """Keep what became of a change."""
        change = next((one for one in changes if one.target.id == result.target), None)
        placed = next((one for one in self.placed.values() if one.id == result.target), None)
        if change is None or placed is None:
            return
        value = result.value
        if isinstance(value, DriverError):
            self.hear(value)
            placed.doubtful = value.wrote
        elif difference(change.target, value, change.after) is None:
            placed.doubtful = False
            if change.fields:
                placed.owed -= change.fields
            if change.after is not None:
                placed.names = [spec for spec in placed.names if spec is placed.wanted] or placed.names
            placed.key = None if value is None else value.key

    def hear(self, error: DriverError) -> DriverError:
        """Keep all that an error tells, to look for secrets in it."""
        self.heard += [*traceback.format_exception(error), repr(error), repr(vars(error))]
        return error
