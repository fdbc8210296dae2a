"""Looking at a device: under which names, and whether it is still the box that it was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from ispcore.driver import Cancelled, DriverError, PlacementId, Seen, Spec, Unsupported, claim_of
from ispcore.effects.drivers import origin
from ispcore.effects.operation import Deadline
from ispcore.effects.protocol import is_emptied, name_of, named
from ispcore.effects.sessions import DeviceDownError, OpenDevice
from ispcore.effects.steps import Plan, PluginError
from ispcore.effects.work import Begun, Fault, StopReason, Work

_LOOKED_AT_MORE = 40

Found = Mapping[str, Seen]
"""What was seen of one placement, by our claim."""


class Lane(Protocol):
    """What a batch needs of the lane that it is worked on in."""

    def begin_writing(self, begun: Sequence[Begun]) -> frozenset[PlacementId]:
        """Say that these are about to be written, and return those that are still ours."""
        ...

    def sample(self, leave_out: Sequence[PlacementId], count: int) -> Sequence[Work]:
        """Return placements that stand on the device, as far as we know."""
        ...


class Looking:
    """Plans for a device, and looks at it."""

    def __init__(self, device: OpenDevice, lane: Lane) -> None:
        """Look at *device*."""
        self._device = device
        self._lane = lane

    def plan(self, work: Work) -> Plan:
        """Return what is to stand, and where to look.

        Raises:
            DriverError: the device does not bear it.
            PluginError: the driver failed.
        """
        after = None if work.wanted is None else self._normal(work.wanted)
        wanted = name_of(work.wanted)
        if wanted is not None and after is not None and work.claims.keys() == {wanted}:  # as nearly all have
            name = wanted if after is work.wanted else claim_of(after)
            return Plan(work, after, wanted, {name: (wanted, after)})
        names = {claim_of(spec): (claim, spec) for claim, spec in self._names(work, wanted, after)}
        return Plan(work, after, wanted, names)

    def _names(self, work: Work, wanted: str | None, after: Spec | None) -> Iterator[tuple[str, Spec]]:
        applied = name_of(work.applied)
        for claim in work.claims:
            if claim == applied and work.applied is not None:
                yield claim, work.applied
            elif claim != wanted:
                yield claim, self._normal(named(claim))
        if wanted is not None and after is not None:
            yield wanted, after

    def _normal(self, spec: Spec) -> Spec:
        device = self._device
        if type(spec) not in device.spec.kinds:
            raise Unsupported(f"{origin(device.spec)} has no {spec.word}.")
        try:
            return device.driver.normal(spec, device.health)
        except DriverError:
            raise
        except Exception as error:
            raise PluginError("normal", error) from error

    def look(self, plans: Sequence[Plan], operation: Deadline) -> Mapping[PlacementId, Found]:
        """Return what was seen of each placement.

        Raises:
            DeviceDownError: too much of what we had written is gone.
            DriverError, PluginError: the device, or its driver, failed.
        """
        found = self._observed(plans, operation)
        if operation.is_over():
            # By now others may have changed what was looked at.
            raise Cancelled(f"Looking at {self._device.row.name} took longer than it may.")
        expected = [plan for plan in plans if plan.should_be_found]
        missing = sum(1 for plan in expected if not found[plan.work.id])
        if missing:
            more, gone = self._of_others(plans, operation)
            self._check(len(expected) + more, missing + gone)
        return found

    def _of_others(self, plans: Sequence[Plan], operation: Deadline) -> tuple[int, int]:
        """Look at more of what should stand, before what is gone is taken for single losses."""
        here = [plan.work.id for plan in plans]
        others = [
            Plan(work, work.applied, name, {name: (name, work.applied)})
            for work in self._lane.sample(here, _LOOKED_AT_MORE)
            if work.applied is not None and (name := claim_of(work.applied))
        ]
        seen = self._observed(others, operation) if others else {}
        gone = {plan.work.id for plan in others if not seen[plan.work.id]}
        if gone:
            # Unless somebody has taken it away just now, as was wanted.
            gone &= {work.id for work in self._lane.sample(here, _LOOKED_AT_MORE)}
        return len(others), len(gone)

    def _check(self, expected: int, missing: int) -> None:
        if is_emptied(expected, missing):
            name = self._device.row.name
            text = f"{missing} of {expected} things that we had written are gone from {name}."
            raise DeviceDownError(Fault(code="Emptied", text=text), stop=StopReason.EMPTIED)

    def _observed(self, plans: Sequence[Plan], operation: Deadline) -> dict[PlacementId, dict[str, Seen]]:
        owners = {name: (plan.work.id, claim) for plan in plans for name, (claim, _) in plan.names.items()}
        found: dict[PlacementId, dict[str, Seen]] = {plan.work.id: {} for plan in plans}
        wanted = [resource for plan in plans for resource in plan.asked()]
        try:
            for seen in self._device.session.observe(wanted, operation):
                owner = owners.get(claim_of(seen.spec))
                if owner is not None:
                    found[owner[0]][owner[1]] = seen
        except DriverError:
            raise
        except Exception as error:
            raise PluginError("observe", error) from error
        return found
