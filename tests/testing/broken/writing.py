"""Drivers that write wrongly."""

import time
from collections.abc import Iterator, Sequence

from attrs import evolve

from ispcore.driver import (
    UNREADABLE,
    Change,
    Domain,
    DriverError,
    Invalid,
    Key,
    Login,
    Operation,
    OutcomeUnknown,
    Result,
    Role,
    Seen,
    Spec,
    Unreachable,
    Unrecognised,
    claim_of,
    fields_of,
    roles_of,
)
from ispcore.testing.mock_device import key_of
from ispcore.testing.mock_driver import MockSession
from ispcore.testing.mock_shelf import without_secrets
from tests.testing.broken.sessions import BrokenDriver, BrokenSession, Results


def as_if_done(change: Change) -> Seen | None:
    after = change.after
    return None if after is None else Seen(key_of(after), without_secrets(after, UNREADABLE))


class RetriesAWrite(BrokenDriver):
    class session(BrokenSession):  # noqa: N801
        def apply(self, changes: Sequence[Change], op: Operation) -> Results:
            for change in changes:
                try:
                    yield from self.inner.apply([change], op)
                except OutcomeUnknown:
                    self.inner = MockSession(self.device)
                    yield from self.inner.apply([change], op)


class TakesALostAnswerForNothingWritten(BrokenDriver):
    class session(BrokenSession):  # noqa: N801
        def apply(self, changes: Sequence[Change], op: Operation) -> Results:
            try:
                yield from self.inner.apply(changes, op)
            except OutcomeUnknown as error:
                raise Unreachable("The line broke.") from error


class TakesSilenceForSuccess(BrokenDriver):
    class session(BrokenSession):  # noqa: N801
        def apply(self, changes: Sequence[Change], op: Operation) -> Results:
            for change in changes:
                try:
                    yield from self.inner.apply([change], op)
                except OutcomeUnknown:
                    self.inner = MockSession(self.device)
                    yield Result(change.target.id, as_if_done(change))


class TakesNonsenseForSuccess(BrokenDriver):
    class session(BrokenSession):  # noqa: N801
        def apply(self, changes: Sequence[Change], op: Operation) -> Results:
            for change, result in zip(changes, self.inner.apply(changes, op), strict=True):
                nonsense = isinstance(result.value, Unrecognised)
                yield Result(change.target.id, as_if_done(change)) if nonsense else result


class ThrowsAwayNonsense(BrokenDriver):
    class session(BrokenSession):  # noqa: N801
        def apply(self, changes: Sequence[Change], op: Operation) -> Results:
            for result in self.inner.apply(changes, op):
                nonsense = isinstance(result.value, Unrecognised)
                yield Result(result.target, Invalid("It did not work.")) if nonsense else result


class SleepsPastTheDeadline(BrokenDriver):
    class session(BrokenSession):  # noqa: N801
        def apply(self, changes: Sequence[Change], op: Operation) -> Results:
            try:
                yield from self.inner.apply(changes, op)
            except OutcomeUnknown:
                time.sleep(0.6)
                raise


class AddsAnother(BrokenDriver):
    class session(BrokenSession):  # noqa: N801
        def apply(self, changes: Sequence[Change], op: Operation) -> Results:
            for change in changes:
                with self.device._shelf.held():
                    if change.before is None and change.after is not None:
                        old = self.device._shelf.get(key_of(change.after))
                        if old is not None:
                            self.device._shelf.put(Key(f"{key_of(change.after)}#2"), old)
                yield from self.inner.apply([change], op)


class DropsAField(BrokenDriver):
    class session(BrokenSession):  # noqa: N801
        def apply(self, changes: Sequence[Change], op: Operation) -> Results:
            return self.inner.apply([_without_vlan(change) for change in changes], op)


def _without_vlan(change: Change) -> Change:
    after = change.after
    return evolve(change, after=evolve(after, vlan=None)) if isinstance(after, Login) else change


class SaysWhatItWasTold(BrokenDriver):
    """Yields the wanted value instead of what is read back, and writes something else."""

    class session(BrokenSession):  # noqa: N801
        def apply(self, changes: Sequence[Change], op: Operation) -> Results:
            written = [_without_vlan(change) for change in changes]
            for change, result in zip(changes, self.inner.apply(written, op), strict=True):
                good = not isinstance(result.value, DriverError)
                yield Result(result.target, as_if_done(change)) if good else result


class ReadsBackTooEarly(BrokenDriver):
    class session(BrokenSession):  # noqa: N801
        def apply(self, changes: Sequence[Change], op: Operation) -> Results:
            for change, result in zip(changes, self.inner.apply(changes, op), strict=True):
                early = isinstance(result.value, Seen) and change.before is not None
                yield Result(result.target, change.before) if early else result


class MakesNothing(BrokenDriver):
    class session(BrokenSession):  # noqa: N801
        def apply(self, changes: Sequence[Change], op: Operation) -> Results:
            op.checkpoint()
            return (Result(change.target.id, as_if_done(change)) for change in changes)


class RefusesASecondDeletion(BrokenDriver):
    class session(BrokenSession):  # noqa: N801
        def apply(self, changes: Sequence[Change], op: Operation) -> Results:
            for change in changes:
                before = change.before
                if change.after is None and before is not None and before.key not in self.device.standing():
                    yield Result(change.target.id, Invalid("There is no such object."))
                else:
                    yield from self.inner.apply([change], op)


class EndsWithoutAResult(BrokenDriver):
    class session(BrokenSession):  # noqa: N801
        def apply(self, changes: Sequence[Change], op: Operation) -> Results:
            for result in self.inner.apply(changes, op):
                if result.value is not None:
                    yield result


class LosesTheRest(BrokenDriver):
    class session(BrokenSession):  # noqa: N801
        def apply(self, changes: Sequence[Change], op: Operation) -> Results:
            for result in self.inner.apply(changes, op):
                if isinstance(result.value, DriverError):
                    raise result.value
                yield result


class DeniesWhatItWrote(BrokenDriver):
    class session(BrokenSession):  # noqa: N801
        def apply(self, changes: Sequence[Change], op: Operation) -> Results:
            for result in self.inner.apply(changes, op):
                if isinstance(result.value, DriverError):
                    with self.device._shelf.held():
                        self.device._shelf.keep("writes", self.device.writes + 1)
                yield result


class MakesAnotherOfAChangeOfName(BrokenDriver):
    class session(BrokenSession):  # noqa: N801
        def apply(self, changes: Sequence[Change], op: Operation) -> Results:
            return self.inner.apply([self._made(change) for change in changes], op)

        @staticmethod
        def _made(change: Change) -> Change:
            before, after = change.before, change.after
            if (
                before is None
                or after is None
                or not change.fields & set(fields_of(type(after), Role.IDENTITY))
            ):
                return change
            return evolve(change, before=None, fields=frozenset(roles_of(type(after))))


class WritesEverySecret(BrokenDriver):
    """Sends a whole object each time, with an empty password where none is to be written."""

    class session(BrokenSession):  # noqa: N801
        def apply(self, changes: Sequence[Change], op: Operation) -> Results:
            return self.inner.apply([self._whole(change) for change in changes], op)

        @staticmethod
        def _whole(change: Change) -> Change:
            if change.after is None or change.before is None:
                return change
            hidden = set(fields_of(type(change.after), Role.WRITE_ONLY)) - change.fields
            after: Spec = evolve(change.after, **dict.fromkeys(hidden))
            return evolve(change, after=after, fields=change.fields | hidden)


class TidiesUp(BrokenDriver):
    """Disables what it does not know."""

    class session(BrokenSession):  # noqa: N801
        def apply(self, changes: Sequence[Change], op: Operation) -> Results:
            for key, standing in self.device.standing().items():
                if isinstance(standing.spec, Domain) and standing.mark is None:
                    self.device.tamper(key, enabled=False)
            return self.inner.apply(changes, op)


class ForgetsMarks(BrokenDriver):
    class session(BrokenSession):  # noqa: N801
        def apply(self, changes: Sequence[Change], op: Operation) -> Results:
            for result in self.inner.apply(changes, op):
                self._forget()
                yield result

        def _forget(self) -> None:
            shelf = self.device._shelf
            with shelf.held():
                for key in shelf.in_use():
                    standing = shelf.get(key)
                    if standing is not None:
                        shelf.put(key, evolve(standing, mark=None))


class MakesAnewWhatMoves(BrokenDriver):
    """Deletes an ONU and adds it at the other port; a real one loses its wireless network by that."""

    class session(BrokenSession):  # noqa: N801
        def apply(self, changes: Sequence[Change], op: Operation) -> Results:
            for change in changes:
                if "port" in change.fields and change.before is not None:
                    network = Key(claim_of(change.before.spec).replace("onu/", "wifi/"))
                    if network in self.device.standing():
                        self.device.remove(network)
                yield from self.inner.apply([change], op)


class StaysWhereItIs(BrokenDriver):
    """Takes a move for done and leaves the ONU where it is."""

    class session(BrokenSession):  # noqa: N801
        def apply(self, changes: Sequence[Change], op: Operation) -> Results:
            for change in changes:
                if "port" in change.fields and change.before is not None:
                    op.checkpoint()
                    yield Result(change.target.id, as_if_done(change))
                else:
                    yield from self.inner.apply([change], op)


class ChangesFieldByField(BrokenDriver):
    """Writes a field at a time, and leaves what it has written when it cannot go on."""

    class session(BrokenSession):  # noqa: N801
        def apply(self, changes: Sequence[Change], op: Operation) -> Results:
            for change in changes:
                before, after = change.before, change.after
                if before is not None and after is not None and type(before.spec) is type(after):
                    plain = sorted(change.fields & set(fields_of(type(after), Role.PLAIN)))
                    half = {name: getattr(before.spec, name) for name in plain[1:]}
                    list(self.inner.apply([evolve(change, after=evolve(after, **half))], op))
                yield from self.inner.apply([change], op)


class KeepsWhatItRefused(BrokenDriver):
    class session(BrokenSession):  # noqa: N801
        def apply(self, changes: Sequence[Change], op: Operation) -> Results:
            for change, result in zip(changes, self.inner.apply(changes, op), strict=True):
                if isinstance(result.value, DriverError) and change.after is not None:
                    self.device.put(change.after)
                yield result


class LetsInWhatIsNotClaimed(BrokenDriver):
    """Takes any kind of resource, whatever its spec says; the mock driver does."""


class GivesUpHalfway(BrokenDriver):
    """After a change that broke off, never touches that object again."""

    class session(BrokenSession):  # noqa: N801
        def apply(self, changes: Sequence[Change], op: Operation) -> Results:
            for change in changes:
                begun = self.driver.device.__dict__.setdefault("begun", set())
                if change.target.id in begun:
                    yield Result(change.target.id, Invalid("It is in a state that is not expected."))
                    continue
                begun.add(change.target.id)
                yield from self.inner.apply([change], op)
                begun.discard(change.target.id)


class SpeaksPython(BrokenDriver):
    class session(BrokenSession):  # noqa: N801
        def apply(self, changes: Sequence[Change], op: Operation) -> Results:
            try:
                yield from self.inner.apply(changes, op)
            except DriverError as error:
                raise KeyError(str(error)) from error

        def observe(self, wanted, op) -> Iterator[Seen]:  # type: ignore[no-untyped-def]  # noqa: ANN001
            try:
                yield from self.inner.observe(wanted, op)
            except DriverError as error:
                raise KeyError(str(error)) from error
