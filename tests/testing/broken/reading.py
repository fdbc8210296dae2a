"""Drivers that read wrongly, or say wrongly what they are."""

import hashlib
import logging
import secrets
import socket
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import count
from typing import Any

from attrs import evolve, frozen

from ispcore.driver import (
    Action,
    Change,
    Health,
    Key,
    Login,
    Onu,
    Operation,
    Resource,
    Result,
    Seen,
    Spec,
    Support,
    Unrecognised,
    revealed,
)
from ispcore.testing import MockDevice
from ispcore.values import SecretText
from tests.testing.broken.sessions import BrokenDriver, BrokenSession, Results

_COUNT = count()
_LOG = logging.getLogger("broken")


class ReadsPasswordsBack(BrokenDriver):
    """As salted hashes, which are others each time."""

    class session(BrokenSession):  # noqa: N801
        def observe(self, wanted: Sequence[Resource] | None, op: Operation) -> Iterator[Seen]:
            for seen in self.inner.observe(wanted, op):
                if isinstance(seen.spec, Login):
                    text = hashlib.sha256(secrets.token_bytes(8)).hexdigest()
                    yield evolve(seen, spec=evolve(seen.spec, password=SecretText(text)))
                else:
                    yield seen


class TellsOursAlone(BrokenDriver):
    class session(BrokenSession):  # noqa: N801
        def observe(self, wanted: Sequence[Resource] | None, op: Operation) -> Iterator[Seen]:
            return (seen for seen in self.inner.observe(wanted, op) if seen.mark is not None)


class TellsEverything(BrokenDriver):
    class session(BrokenSession):  # noqa: N801
        def observe(self, wanted: Sequence[Resource] | None, op: Operation) -> Iterator[Seen]:
            return self.inner.observe(None, op)


class TellsOfWhatIsAbsent(BrokenDriver):
    class session(BrokenSession):  # noqa: N801
        def observe(self, wanted: Sequence[Resource] | None, op: Operation) -> Iterator[Seen]:
            yield from self.inner.observe(wanted, op)
            for resource in wanted or ():
                if isinstance(resource.spec, Onu) and not any(
                    resource.spec.serial in key for key in self.device.standing()
                ):
                    yield Seen(Key("?"), evolve(resource.spec, enabled=False))


class WritesWhileItReads(BrokenDriver):
    class session(BrokenSession):  # noqa: N801
        def observe(self, wanted: Sequence[Resource] | None, op: Operation) -> Iterator[Seen]:
            with self.device._shelf.held():
                self.device._shelf.keep("writes", self.device.writes + 1)
            return self.inner.observe(wanted, op)


class NumbersItsAnswers(BrokenDriver):
    class session(BrokenSession):  # noqa: N801
        def observe(self, wanted: Sequence[Resource] | None, op: Operation) -> Iterator[Seen]:
            for seen in self.inner.observe(wanted, op):
                yield evolve(seen, key=Key(str(next(_COUNT))))


class RemembersWhatItSaw(BrokenDriver):
    class session(BrokenSession):  # noqa: N801
        def observe(self, wanted: Sequence[Resource] | None, op: Operation) -> Iterator[Seen]:
            for seen in self.inner.observe(wanted, op):
                yield self.driver.remembered.setdefault(seen.key, seen)

        def apply(self, changes: Sequence[Change], op: Operation) -> Results:
            self.driver.remembered.clear()
            return self.inner.apply(changes, op)


class ReadsIntoAList(BrokenDriver):
    class session(BrokenSession):  # noqa: N801
        def observe(self, wanted: Sequence[Resource] | None, op: Operation) -> Iterator[Seen]:
            return list(self.inner.observe(wanted, op))  # type: ignore[return-value]


class HoldsEverything(BrokenDriver):
    class session(BrokenSession):  # noqa: N801
        def observe(self, wanted: Sequence[Resource] | None, op: Operation) -> Iterator[Seen]:
            return iter(list(self.inner.observe(wanted, op)))


# What they say of themselves


@frozen
class OpenConfig:
    device: str
    password: str
    file: str | None = None


class AnswersNothingThatDepends(BrokenDriver):
    class session(BrokenSession):  # noqa: N801
        def check(self, op: Operation) -> Health:
            return evolve(self.inner.check(op), answers={})


class ClaimsToFence(BrokenDriver):
    def __init__(self, device: MockDevice) -> None:
        super().__init__(device.change(fences=False))

    class session(BrokenSession):  # noqa: N801
        def check(self, op: Operation) -> Health:
            health = self.inner.check(op)
            return evolve(health, answers={**health.answers, "FENCE": Support.YES})


class IsSomebodyElseEachTime(BrokenDriver):
    class session(BrokenSession):  # noqa: N801
        def check(self, op: Operation) -> Health:
            return evolve(self.inner.check(op), identity=str(next(_COUNT)))


class YieldsAnythingFromActions(BrokenDriver):
    class session(BrokenSession):  # noqa: N801
        def act(self, action: Action[Any], on: Sequence[Resource], op: Operation) -> Iterator[Result[object]]:
            return (Result(result.target, {"level": "good"}) for result in self.inner.act(action, on, op))


class ActsUponAnything(BrokenDriver):
    """Carries out what is not claimed; the mock driver does."""


class CountsInNormal(BrokenDriver):
    def normal(self, spec: Spec, health: Health) -> Spec:
        return evolve(spec, description=str(next(_COUNT))) if isinstance(spec, Onu) else spec


class AsksTheNetworkInNormal(BrokenDriver):
    def normal(self, spec: Spec, health: Health) -> Spec:
        with socket.socket() as sock:
            sock.settimeout(0.01)
            with suppress(OSError):
                sock.connect(("127.0.0.1", 1))
        return super().normal(spec, health)


class GrowsInNormal(BrokenDriver):
    def normal(self, spec: Spec, health: Health) -> Spec:
        return evolve(spec, description=f"{spec.description}!") if isinstance(spec, Onu) else spec


class SaltsInNormal(BrokenDriver):
    def normal(self, spec: Spec, health: Health) -> Spec:
        normal = super().normal(spec, health)
        return evolve(normal, password=SecretText("$6$salt$hash")) if isinstance(normal, Login) else normal


class DropsInNormal(BrokenDriver):
    def normal(self, spec: Spec, health: Health) -> Spec:
        normal = super().normal(spec, health)
        return evolve(normal, pool=None) if isinstance(normal, Login) else normal


# Secrets


class ShowsItsPassword(BrokenDriver):
    def __repr__(self) -> str:
        return f"Driver({self.device.settings.password})"


class LogsWhatItWrites(BrokenDriver):
    class session(BrokenSession):  # noqa: N801
        def apply(self, changes: Sequence[Change], op: Operation) -> Results:
            for change in changes:
                if isinstance(change.after, Login):
                    _LOG.debug("set %s password %s", change.after.username, revealed(change.after.password))
            return self.inner.apply(changes, op)


class QuotesWhatItWrote(BrokenDriver):
    class session(BrokenSession):  # noqa: N801
        def apply(self, changes: Sequence[Change], op: Operation) -> Results:
            for change, result in zip(changes, self.inner.apply(changes, op), strict=True):
                if isinstance(result.value, Unrecognised):
                    result.value.raw = repr(revealed(getattr(change.after, "password", None)))
                yield result
