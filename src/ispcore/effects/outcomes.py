"""What becomes of the placements of a batch when something goes wrong: who pays, and what is in doubt."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from attrs import frozen

from ispcore.driver import Cancelled, DriverError, OutcomeUnknown, Retry, Scope, SecretRef, Seen, claim_of
from ispcore.effects.drivers import origin
from ispcore.effects.faults import Rules, Verdict, cleaner, fault_of, judge, judge_error
from ispcore.effects.operation import Deadline
from ispcore.effects.protocol import flags
from ispcore.effects.sessions import DeviceDownError, OpenDevice, down
from ispcore.effects.steps import Open, Plan, PluginError
from ispcore.effects.work import Fault, Left, Outcome, Trouble
from ispcore.values import SecretText


@frozen
class Carried:
    """What became of a batch; ``down`` ends the work on the device, ``alone`` what was taken together."""

    outcomes: tuple[Outcome, ...]
    down: DeviceDownError | None = None
    late: bool = False
    alone: bool = False


class Outcomes:
    """Collects what becomes of the placements of one batch."""

    def __init__(self, device: OpenDevice, rules: Rules, chance: Callable[[], float]) -> None:
        """Collect for *device*; *chance* gives numbers from 0 to 1."""
        self._device = device
        self.rules = rules
        self._chance = chance
        self.secrets: dict[SecretRef, SecretText] = {}
        """What must not be told, by the names of the references."""
        self.told: list[Outcome] = []

    def carried(
        self, down: DeviceDownError | None = None, *, late: bool = False, alone: bool = False
    ) -> Carried:
        """Return what became of the batch."""
        return Carried(tuple(self.told), down, late, alone)

    def clean(self, text: str) -> str:
        """Take secrets out of *text*."""
        return self._device.clean(cleaner(self.secrets.values())(text))

    # One placement

    def refuse(self, one: Open, error: DriverError, *, wrote: bool) -> None:
        """Say that the device refused a placement."""
        verdict = judge_error(error, one.work.attempts, self.rules, self._chance())
        self._fail(one, verdict, fault_of(error, self.clean), wrote=wrote)

    def fail(self, one: Open, retry: Retry, fault: Fault, *, wrote: bool = False) -> None:
        """Say that a placement failed by its own fault, or that of the driver."""
        self._fail(one, judge(retry, one.work.attempts, self.rules, self._chance()), fault, wrote=wrote)

    def _fail(self, one: Open, verdict: Verdict, fault: Fault, *, wrote: bool) -> None:
        self.told.append(
            Left(
                work=one.work,
                attempts=verdict.attempts,
                delay_seconds=verdict.delay_seconds,
                trouble=verdict.trouble,
                fault=fault,
                doubt=one.work.in_doubt or wrote,
                claims=one.claims(wrote=wrote),
            )
        )

    def leave(self, left: Sequence[Open], *, wrote: bool, closed: bool = True) -> None:
        """Say of placements that nothing is their fault."""
        self.told.extend(
            Left(
                work=one.work,
                attempts=one.work.attempts,
                doubt=one.work.in_doubt or wrote,
                closed=closed,
                claims=one.claims(wrote=wrote),
            )
            for one in left
        )

    def conflict(self, plan: Plan, found: Mapping[str, Seen], seen: Seen) -> None:
        """Say that something foreign stands in the way."""
        owner = None if seen.mark is None else str(seen.mark[0])
        name, work = claim_of(seen.spec), plan.work
        marked = f": it is marked as {owner}'s." if owner else "."
        at = "" if seen.key in name else f" at {seen.key}"
        text = f"{name} stands on {self._device.row.name}{at} and is not ours{marked}"
        self.told.append(
            Left(
                work=work,
                attempts=work.attempts,
                trouble=Trouble.CONFLICT,
                fault=Fault(code="Conflict", text=text, details={"claim": name, "owner": owner}),
                doubt=work.in_doubt,
                claims=flags(work, found, writing=None),
            )
        )

    def remains(self, one: Open) -> None:
        """Say that a part was done; a driver with which it never comes to an end is found out."""
        counted = one.work.attempts + 1
        trouble = Trouble.DEAD if counted >= self.rules.attempts else None
        claims = one.claims(wrote=False)
        self.told.append(Left(work=one.work, attempts=counted, trouble=trouble, doubt=True, claims=claims))

    # The rest of a batch

    def broken(
        self, error: DriverError, left: Sequence[Open], operation: Deadline, *, wrote: bool
    ) -> Carried:
        """Sort out an error that ended a call, with these placements not answered."""
        if isinstance(error, Cancelled) and operation.is_over():
            return self._late(error, left, operation, wrote=wrote or operation.passed > 0)
        if error.scope is Scope.DEVICE:
            self.leave(left, wrote=wrote, closed=not isinstance(error, OutcomeUnknown))
            return self.carried(down(error, self.clean))
        if len(left) == 1:
            self.refuse(left[0], error, wrote=wrote)
            return self.carried()
        self.leave(left, wrote=wrote)
        return self.carried(alone=True)

    def _late(self, error: Cancelled, left: Sequence[Open], operation: Deadline, *, wrote: bool) -> Carried:
        if operation.is_late() and len(left) == 1 and not self.told:
            self.fail(left[0], Retry.LATER, fault_of(error, self.clean), wrote=wrote)
        else:
            self.leave(left, wrote=wrote)
        return self.carried(late=True)

    def bug(self, error: PluginError, left: Sequence[Open], *, wrote: bool) -> Carried:
        """Blame the driver; the one placement that it failed at pays with an attempt."""
        if len(left) == 1:
            self.fail(left[0], Retry.LATER, self.blamed(str(error)), wrote=wrote)
            return self.carried()
        self.leave(left, wrote=wrote)
        return self.carried(alone=True)

    def blamed(self, what: str) -> Fault:
        """Return a fault that names the driver."""
        text = self.clean(f"A fault of {origin(self._device.spec)}: {what}.")
        return Fault(code="PluginFault", text=text)
