"""Making one batch of placements current: look, decide, write, look at what came back.

What a driver says is believed only where it read something back. Whatever goes wrong becomes an outcome of
the placement it belongs to, or of the device; where that cannot be told apart, the worker goes on with one
placement at a time until it can.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Protocol

from attrs import evolve, field, frozen

from ispcore.driver import (
    Cancelled,
    Change,
    DriverError,
    OutcomeUnknown,
    PlacementId,
    Resource,
    Result,
    Retry,
    Role,
    Scope,
    SecretRef,
    Seen,
    Spec,
    Unsupported,
    claim_of,
    fields_of,
)
from ispcore.effects.drivers import origin
from ispcore.effects.faults import Rules, cleaner, fault_of, judge, judge_error
from ispcore.effects.operation import Deadline
from ispcore.effects.ports import Resolve
from ispcore.effects.protocol import (
    LOST_ALWAYS,
    Foreign,
    Settled,
    Write,
    decide,
    flags,
    is_emptied,
    name_of,
    named,
    rewritten,
    still_differs,
)
from ispcore.effects.sessions import DeviceDownError, OpenDevice, down
from ispcore.effects.work import Begun, Done, Fault, Left, Outcome, StopReason, Trouble, Work
from ispcore.errors import NotFoundError, StorageError
from ispcore.network import difference
from ispcore.values import SecretText

_LOOKED_AT_MORE = 40


class Lane(Protocol):
    """What a batch needs of the lane that it is worked on in."""

    def begin_writing(self, begun: Sequence[Begun]) -> frozenset[PlacementId]:
        """Say that these are about to be written, and return those that are still ours."""
        ...

    def sample(self, leave_out: Sequence[PlacementId], count: int) -> Sequence[Work]:
        """Return placements that stand on the device, as far as we know."""
        ...


@frozen
class Carried:
    """What became of a batch; ``down`` ends the work on the device, ``alone`` what was taken together."""

    outcomes: tuple[Outcome, ...]
    down: DeviceDownError | None = None
    late: bool = False
    alone: bool = False


@frozen
class _Plan:
    """A placement with what is to stand there, as the device would read it back, and names to look under."""

    work: Work
    after: Spec | None
    name: str | None
    """The claim under which it is to stand."""
    names: Mapping[str, tuple[str, Spec]]
    """By what the device calls it: our claim, and a resource to ask with."""

    def asked(self) -> Iterator[Resource]:
        for claim, spec in self.names.values():
            key = self.work.key if spec is self.work.applied or claim == self.name else None
            yield Resource(self.work.id, self.work.generation, spec, key)


@frozen
class _Step:
    """A change of one placement that is to be written."""

    plan: _Plan
    change: Change
    found: Mapping[str, Seen]
    partial: bool

    @property
    def writes(self) -> str | None:
        """The claim under which something is made to stand."""
        return self.plan.name if self.change.after is not None else None


class Batch:
    """Works on one batch, with the secrets that it needs."""

    def __init__(
        self, device: OpenDevice, lane: Lane, *, resolve: Resolve, rules: Rules, chance: Callable[[], float]
    ) -> None:
        """Work on *device*; *chance* gives numbers from 0 to 1."""
        self._device = device
        self._lane = lane
        self._resolve = resolve
        self._rules = rules
        self._chance = chance
        self._secrets: dict[str, SecretText] = {}
        self._outcomes: list[Outcome] = []

    def carry_out(self, works: Sequence[Work], operation: Deadline) -> Carried:
        """Make *works* current, as far as that is possible now."""
        plans = [plan for work in works if (plan := self._planned(work)) is not None]
        try:
            found = self._look(plans, operation)
        except DriverError as error:
            return self._broken(error, [_Open(plan.work) for plan in plans], operation, wrote=False)
        except DeviceDownError as error:
            self._outcomes.extend(_untouched(plan.work) for plan in plans)
            return Carried(tuple(self._outcomes), down=error)
        except _PluginError as error:
            return self._bug(str(error), [_Open(plan.work) for plan in plans], wrote=False)
        steps = [step for plan in plans if (step := self._decided(plan, found[plan.work.id])) is not None]
        return self._written(steps, operation) if steps else Carried(tuple(self._outcomes))

    # What is to stand

    def _planned(self, work: Work) -> _Plan | None:
        if work.tries >= LOST_ALWAYS:
            text = f"Workers were lost {work.tries} times while they worked on it."
            self._fail(work, Retry.PERSON, Fault(code="WorkerLost", text=text), doubt=work.in_doubt)
            return None
        try:
            after = None if work.wanted is None else self._normal(work.wanted)
            wanted = name_of(work.wanted)
            return _Plan(
                work,
                after,
                wanted,
                {claim_of(spec): (claim, spec) for claim, spec in self._names(work, wanted, after)},
            )
        except DriverError as error:
            self._refuse(work, error, doubt=work.in_doubt)
        except _PluginError as error:
            self._fail(work, Retry.LATER, self._fault(str(error)), doubt=work.in_doubt)
        return None

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
            raise _PluginError("normal", error) from error

    # What stands

    def _look(self, plans: Sequence[_Plan], operation: Deadline) -> dict[PlacementId, dict[str, Seen]]:
        """Return what was seen of each placement, by our claim."""
        found = self._observed(plans, operation)
        expected = [plan for plan in plans if _stands(plan.work)]
        missing = sum(1 for plan in expected if not found[plan.work.id])
        if missing:
            self._doubt_the_box(len(expected), missing, plans, operation)
        return found

    def _doubt_the_box(
        self, expected: int, missing: int, plans: Sequence[_Plan], operation: Deadline
    ) -> None:
        """Look at more of what should stand, before what is gone is taken for single losses."""
        here = [plan.work.id for plan in plans]
        more = self._lane.sample(here, _LOOKED_AT_MORE)
        others = [
            _Plan(work, work.applied, name, {name: (name, work.applied)})
            for work in more
            if work.applied is not None and (name := claim_of(work.applied))
        ]
        seen = self._observed(others, operation) if others else {}
        expected += len(others)
        gone = {plan.work.id for plan in others if not seen[plan.work.id]}
        if gone:
            # Unless somebody has taken it away just now, as was wanted.
            gone &= {work.id for work in self._lane.sample(here, _LOOKED_AT_MORE)}
        missing += len(gone)
        if is_emptied(expected, missing):
            text = (
                f"{missing} of {expected} things that we had written are gone from {self._device.row.name}."
            )
            raise DeviceDownError(Fault(code="Emptied", text=text), stop=StopReason.EMPTIED)

    def _observed(self, plans: Sequence[_Plan], operation: Deadline) -> dict[PlacementId, dict[str, Seen]]:
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
            raise _PluginError("observe", error) from error
        return found

    # What is to be done

    def _decided(self, plan: _Plan, found: Mapping[str, Seen]) -> _Step | None:
        work = plan.work
        match decide(work, plan.after, found, name=plan.name):
            case Settled(seen):
                self._outcomes.append(_done(plan, seen, found))
            case Foreign(seen):
                self._conflict(plan, found, seen)
            case Write(before, after, partial):
                return self._step(plan, found, before, after, partial=partial)
        return None

    def _step(
        self,
        plan: _Plan,
        found: Mapping[str, Seen],
        before: Seen | None,
        after: Spec | None,
        *,
        partial: bool,
    ) -> _Step | None:
        work = plan.work
        try:
            target = _target(plan, before)
            secret = None if after is None else self._with_secrets(after)
        except NotFoundError as error:
            self._fail(work, Retry.PERSON, fault_of(error, self._clean), doubt=work.in_doubt)
            return None
        except StorageError as error:  # its key is missing, or it is damaged: others may be opened
            self._fail(work, Retry.LATER, fault_of(error, self._clean), doubt=work.in_doubt)
            return None
        rewrite = frozenset[str]() if after is None else rewritten(work, after)
        change = difference(target, before, secret, rewrite=rewrite)
        if change is None:
            self._outcomes.append(_done(plan, before, found))
            return None
        return _Step(plan, change, found, partial)

    def _with_secrets(self, spec: Spec) -> Spec:
        refs = {name: getattr(spec, name) for name in fields_of(type(spec), Role.WRITE_ONLY)}
        texts = {name: self._secret(ref) for name, ref in refs.items() if isinstance(ref, SecretRef)}
        return evolve(spec, **texts) if texts else spec

    def _secret(self, ref: SecretRef) -> SecretText:
        if ref.name not in self._secrets:
            self._secrets[ref.name] = self._resolve(ref)
        return self._secrets[ref.name]

    # Writing

    def _written(self, steps: Sequence[_Step], operation: Deadline) -> Carried:
        begun = [
            Begun(step.plan.work, flags(step.plan.work, step.found, writing=step.writes)) for step in steps
        ]
        ours = self._lane.begin_writing(begun)
        steps = [step for step in steps if step.plan.work.id in ours]
        waiting = {step.plan.work.id: step for step in steps}
        try:
            for result in self._device.session.apply([step.change for step in steps], operation):
                step = _answered(result, waiting)
                self._judge(step, result.value)
                del waiting[step.plan.work.id]
        except DriverError as error:
            return self._broken(error, _open(waiting), operation, wrote=error.wrote)
        except Exception as error:  # noqa: BLE001 - a plugin's
            told = error if isinstance(error, _PluginError) else _PluginError("apply", error)
            return self._bug(str(told), _open(waiting), wrote=True)
        if waiting:
            return self._bug("apply ended without a result for a change", _open(waiting), wrote=True)
        return Carried(tuple(self._outcomes))

    def _judge(self, step: _Step, value: Seen | DriverError | None) -> None:
        work = step.plan.work
        if isinstance(value, DriverError):
            if value.scope is Scope.DEVICE:
                raise value
            self._refuse(
                work, value, doubt=work.in_doubt or value.wrote, claims=_flags(step, wrote=value.wrote)
            )
            return
        left = still_differs(step.change.target, value, step.change.after)
        if left is not None:
            text = f"{origin(self._device.spec)} says that it wrote, but {left}."
            self._fail(
                work,
                Retry.LATER,
                Fault(code="PluginFault", text=text),
                doubt=True,
                claims=_flags(step, wrote=True),
            )
        elif step.partial:
            # What is left over is taken away one after another; a driver that never does is found out.
            counted = work.attempts + 1
            trouble = Trouble.DEAD if counted >= self._rules.attempts else None
            flagged = _flags(step, wrote=False)
            self._outcomes.append(
                Left(work=work, attempts=counted, trouble=trouble, doubt=True, claims=flagged)
            )
        else:
            self._outcomes.append(_done(step.plan, value))

    # What went wrong

    def _broken(
        self, error: DriverError, left: Sequence[_Open], operation: Deadline, *, wrote: bool
    ) -> Carried:
        """Sort out an error that ended a call, with these placements not answered."""
        if isinstance(error, Cancelled):
            return self._late(error, left, operation, wrote=wrote or operation.passed > 0)
        if error.scope is Scope.DEVICE:
            closed = not isinstance(error, OutcomeUnknown)
            self._leave(left, wrote=wrote, closed=closed)
            return Carried(tuple(self._outcomes), down=down(error, self._clean))
        if len(left) == 1:
            (only,) = left
            self._refuse(only.work, error, doubt=only.work.in_doubt or wrote, claims=only.claims(wrote=wrote))
            return Carried(tuple(self._outcomes))
        self._leave(left, wrote=wrote)
        return Carried(tuple(self._outcomes), alone=True)

    def _late(self, error: Cancelled, left: Sequence[_Open], operation: Deadline, *, wrote: bool) -> Carried:
        if operation.is_late() and len(left) == 1 and not self._outcomes:
            (only,) = left
            fault = fault_of(error, self._clean)
            doubt = only.work.in_doubt or wrote
            self._fail(only.work, Retry.LATER, fault, doubt=doubt, claims=only.claims(wrote=wrote))
        else:
            self._leave(left, wrote=wrote)
        return Carried(tuple(self._outcomes), late=True)

    def _bug(self, what: str, left: Sequence[_Open], *, wrote: bool) -> Carried:
        """Blame the driver; the one placement that it failed at pays with an attempt."""
        if len(left) == 1:
            (only,) = left
            doubt = only.work.in_doubt or wrote
            self._fail(
                only.work, Retry.LATER, self._fault(what), doubt=doubt, claims=only.claims(wrote=wrote)
            )
            return Carried(tuple(self._outcomes))
        self._leave(left, wrote=wrote)
        return Carried(tuple(self._outcomes), alone=True)

    def _leave(self, left: Sequence[_Open], *, wrote: bool, closed: bool = True) -> None:
        for one in left:
            work = one.work
            self._outcomes.append(
                Left(
                    work=work,
                    attempts=work.attempts,
                    doubt=work.in_doubt or wrote,
                    closed=closed,
                    claims=one.claims(wrote=wrote),
                )
            )

    def _fault(self, what: str) -> Fault:
        text = self._clean(f"A fault of {origin(self._device.spec)}: {what}.")
        return Fault(code="PluginFault", text=text)

    def _conflict(self, plan: _Plan, found: Mapping[str, Seen], seen: Seen) -> None:
        owner = None if seen.mark is None else str(seen.mark[0])
        name = claim_of(seen.spec)
        text = f"{name} stands on {self._device.row.name} and is not ours" + (
            f": it is marked as {owner}'s." if owner else "."
        )
        fault = Fault(code="Conflict", text=text, details={"claim": name, "owner": owner})
        work = plan.work
        self._outcomes.append(
            Left(
                work=work,
                attempts=work.attempts,
                trouble=Trouble.CONFLICT,
                fault=fault,
                doubt=work.in_doubt,
                claims=flags(work, found, writing=None),
            )
        )

    def _refuse(
        self, work: Work, error: DriverError, *, doubt: bool, claims: Mapping[str, bool] | None = None
    ) -> None:
        verdict = judge_error(error, work.attempts, self._rules, self._chance())
        self._outcomes.append(
            Left(
                work=work,
                attempts=verdict.attempts,
                delay_seconds=verdict.delay_seconds,
                trouble=verdict.trouble,
                fault=fault_of(error, self._clean),
                doubt=doubt,
                claims=claims or {},
            )
        )

    def _fail(
        self,
        work: Work,
        retry: Retry,
        fault: Fault,
        *,
        doubt: bool,
        claims: Mapping[str, bool] | None = None,
    ) -> None:
        verdict = judge(retry, work.attempts, self._rules, self._chance())
        self._outcomes.append(
            Left(
                work=work,
                attempts=verdict.attempts,
                delay_seconds=verdict.delay_seconds,
                trouble=verdict.trouble,
                fault=fault,
                doubt=doubt,
                claims=claims or {},
            )
        )

    def _clean(self, text: str) -> str:
        return self._device.clean(cleaner(self._secrets.values())(text))


class _PluginError(Exception):
    """A driver failed in a way that no driver should."""

    def __init__(self, call: str, error: Exception | str) -> None:
        told = error if isinstance(error, str) else f"{call} raised {type(error).__name__}: {error}"
        super().__init__(told)


@frozen
class _Open:
    """A placement that got no answer."""

    work: Work
    step: _Step | None = field(default=None)

    def claims(self, *, wrote: bool) -> Mapping[str, bool]:
        return {} if self.step is None else _flags(self.step, wrote=wrote)


def _open(waiting: Mapping[PlacementId, _Step]) -> list[_Open]:
    return [_Open(step.plan.work, step) for step in waiting.values()]


def _flags(step: _Step, *, wrote: bool) -> dict[str, bool]:
    """Return all flags of the claims after a write that may have happened, or surely has not."""
    work = step.plan.work
    changed = flags(work, step.found, writing=step.writes if wrote else None)
    return {**work.claims, **changed}


def _answered(result: Result[object], waiting: Mapping[PlacementId, _Step]) -> _Step:
    if result.target is None or result.target not in waiting:
        raise _PluginError("apply", f"apply answered for {result.target!r}, which it was not asked about")
    return waiting[result.target]


def _target(plan: _Plan, before: Seen | None) -> Resource:
    work = plan.work
    spec = plan.after or (before.spec if before is not None else None)
    assert spec is not None  # noqa: S101 - something is to be made or deleted
    return Resource(work.id, work.generation, spec, before.key if before is not None else work.key)


def _done(plan: _Plan, seen: Seen | None, found: Mapping[str, Seen] | None = None) -> Done:
    """Return that *plan* stands; what was *found* so, not written now, may be ours by its mark alone."""
    return Done(
        work=plan.work,
        spec=plan.after,
        key=None if seen is None else seen.key,
        claim=plan.name,
        claims={} if found is None else flags(plan.work, found, writing=None),
    )


def _untouched(work: Work) -> Left:
    return Left(work=work, attempts=work.attempts, doubt=work.in_doubt)


def _stands(work: Work) -> bool:
    """Tell whether something of *work* should be found, as far as we know."""
    return work.applied is not None and work.wanted is not None and not work.in_doubt
