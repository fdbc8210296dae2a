"""Making one batch of placements current: look, decide, write, look at what came back.

What a driver says is believed only where it read something back. Whatever goes wrong becomes an outcome of
the placement it belongs to, or of the device; where that cannot be told apart, the worker goes on with one
placement at a time until it can.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from attrs import evolve

from ispcore.driver import (
    DriverError,
    PlacementId,
    Result,
    Retry,
    Role,
    Scope,
    SecretRef,
    Seen,
    Spec,
    fields_of,
)
from ispcore.effects.faults import fault_of
from ispcore.effects.operation import Deadline
from ispcore.effects.outcomes import Carried, Outcomes
from ispcore.effects.ports import Resolve
from ispcore.effects.protocol import (
    LOST_ALWAYS,
    Foreign,
    Settled,
    Write,
    decide,
    flags,
    rewritten,
    still_differs,
)
from ispcore.effects.sessions import DeviceDownError, OpenDevice
from ispcore.effects.sighting import Found, Lane, Looking
from ispcore.effects.steps import Open, Plan, PluginError, Step, unanswered
from ispcore.effects.work import Begun, Fault, Work
from ispcore.errors import NotFoundError, StorageError
from ispcore.network import difference


class Batch:
    """Works on one batch, with the secrets that it needs."""

    def __init__(self, device: OpenDevice, lane: Lane, *, resolve: Resolve, outcomes: Outcomes) -> None:
        """Work on *device*, and tell *outcomes* what comes of it."""
        self._session = device.session
        self._looking = Looking(device, lane)
        self._lane = lane
        self._resolve = resolve
        self._outcomes = outcomes

    def carry_out(self, works: Sequence[Work], operation: Deadline) -> Carried:
        """Make *works* current, as far as that is possible now."""
        plans = [plan for work in works if (plan := self._planned(work)) is not None]
        left = [Open(plan.work) for plan in plans]
        try:
            found = self._looking.look(plans, operation)
        except DriverError as error:
            return self._outcomes.broken(error, left, operation, wrote=False)
        except DeviceDownError as error:
            self._outcomes.leave(left, wrote=False)
            return self._outcomes.carried(error)
        except PluginError as error:
            return self._outcomes.bug(error, left, wrote=False)
        writes = [(plan, write) for plan in plans if (write := self._decided(plan, found[plan.work.id]))]
        self._look_up([write.after for _, write in writes if write.after is not None])
        steps = [step for plan, write in writes if (step := self._step(plan, found[plan.work.id], write))]
        return self._written(steps, operation) if steps else self._outcomes.carried()

    def _planned(self, work: Work) -> Plan | None:
        if work.tries >= LOST_ALWAYS:
            text = f"Workers were lost {work.tries} times while they worked on it."
            self._outcomes.fail(Open(work), Retry.PERSON, Fault(code="WorkerLost", text=text))
            return None
        try:
            return self._looking.plan(work)
        except DriverError as error:
            self._outcomes.refuse(Open(work), error, wrote=False)
        except PluginError as error:
            self._outcomes.fail(Open(work), Retry.LATER, self._outcomes.blamed(str(error)))
        return None

    # What is to be done

    def _decided(self, plan: Plan, found: Found) -> Write | None:
        match decide(plan.work, plan.after, found, name=plan.name):
            case Settled(seen):
                self._outcomes.told.append(plan.done(seen, found))
            case Foreign(seen):
                self._outcomes.conflict(plan, found, seen)
            case Write() as write:
                return write
        return None

    def _step(self, plan: Plan, found: Found, write: Write) -> Step | None:
        before, after = write.before, write.after
        try:
            secret = None if after is None else self._with_secrets(after)
        except NotFoundError as error:
            self._outcomes.fail(Open(plan.work), Retry.PERSON, fault_of(error, self._outcomes.clean))
            return None
        except StorageError as error:  # its key is missing, or it is damaged: others may be opened
            self._outcomes.fail(Open(plan.work), Retry.LATER, fault_of(error, self._outcomes.clean))
            return None
        # What is made anew is written whole.
        rewrite = frozenset[str]() if after is None or before is None else rewritten(plan.work, after)
        change = difference(plan.target(before), before, secret, rewrite=rewrite)
        if change is None:
            self._outcomes.told.append(plan.done(before, found))
            return None
        return Step(plan, change, found, write.partial)

    def _look_up(self, specs: Sequence[Spec]) -> None:
        """Look up the secrets of many at once; where one cannot be had, each looks up its own later."""
        refs = {ref for spec in specs for ref in _refs(spec).values()}
        if refs:
            with suppress(NotFoundError, StorageError):
                self._outcomes.secrets |= self._resolve(refs)

    def _with_secrets(self, spec: Spec) -> Spec:
        refs = _refs(spec)
        missing = set(refs.values()) - self._outcomes.secrets.keys()
        if missing:
            self._outcomes.secrets |= self._resolve(missing)
        texts: dict[str, Any] = {name: self._outcomes.secrets[ref] for name, ref in refs.items()}
        return evolve(spec, **texts) if texts else spec

    # Writing

    def _written(self, steps: Sequence[Step], operation: Deadline) -> Carried:
        begun = [
            Begun(step.plan.work, flags(step.plan.work, step.found, writing=step.writes)) for step in steps
        ]
        ours = self._lane.begin_writing(begun)
        waiting = {step.plan.work.id: step for step in steps if step.plan.work.id in ours}
        changes = [step.change for step in waiting.values()]
        try:
            for result in self._session.apply(changes, operation):
                step = _answered(result, waiting)
                self._judge(step, result.value)
                del waiting[step.plan.work.id]
        except DriverError as error:
            return self._outcomes.broken(error, unanswered(waiting), operation, wrote=error.wrote)
        except PluginError as error:
            return self._outcomes.bug(error, unanswered(waiting), wrote=True)
        except Exception as error:  # noqa: BLE001 - a plugin's
            return self._outcomes.bug(PluginError("apply", error), unanswered(waiting), wrote=True)
        if waiting:
            silence = PluginError("apply", "apply ended without a result for a change")
            return self._outcomes.bug(silence, unanswered(waiting), wrote=True)
        return self._outcomes.carried()

    def _judge(self, step: Step, value: Seen | DriverError | None) -> None:
        if isinstance(value, DriverError):
            if value.scope is Scope.DEVICE:
                raise value
            self._outcomes.refuse(Open(step.plan.work, step), value, wrote=value.wrote)
            return
        left = still_differs(step.change.target, value, step.change.after)
        if left is not None:
            blamed = self._outcomes.blamed(f"it says that it wrote, but {left}")
            self._outcomes.fail(Open(step.plan.work, step), Retry.LATER, blamed, wrote=True)
        elif step.partial:
            self._outcomes.remains(Open(step.plan.work, step))
        else:
            self._outcomes.told.append(step.plan.done(value))


def _refs(spec: Spec) -> dict[str, SecretRef]:
    """Return the secrets that *spec* refers to, by field."""
    held = {name: getattr(spec, name) for name in fields_of(type(spec), Role.WRITE_ONLY)}
    return {name: ref for name, ref in held.items() if isinstance(ref, SecretRef)}


def _answered(result: Result[object], waiting: Mapping[PlacementId, Step]) -> Step:
    if result.target is None or result.target not in waiting:
        raise PluginError("apply", f"apply answered for {result.target!r}, which it was not asked about")
    return waiting[result.target]
