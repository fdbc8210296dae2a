"""Drivers that do not end when they should, or open what they should not."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

from ispcore.driver import AuthFailed, Cancelled, Change, DriverError, Operation, Result, Site, Unreachable
from ispcore.testing import MockConfig
from tests.testing.broken.sessions import BrokenDriver, BrokenSession, Results


class Unstoppable:
    """An operation whose checkpoints never stop."""

    def __init__(self, op: Operation) -> None:
        self.key = op.key
        self.remaining = op.remaining

    def checkpoint(self) -> None:
        pass


class IgnoresCheckpoints(BrokenDriver):
    class session(BrokenSession):  # noqa: N801
        def apply(self, changes: Sequence[Change], op: Operation) -> Results:
            return self.inner.apply(changes, Unstoppable(op))


class WritesOnWhenStopped(BrokenDriver):
    class session(BrokenSession):  # noqa: N801
        def apply(self, changes: Sequence[Change], op: Operation) -> Results:
            stopped = None
            for number, change in enumerate(changes):
                try:
                    if number:
                        yield from self.inner.apply([change], op)
                    else:
                        op.checkpoint()
                        yield from self.inner.apply([change], Unstoppable(op))
                except Cancelled as error:
                    stopped = error
                    yield from self.inner.apply([change], Unstoppable(op))
            if stopped is not None:
                raise stopped


class LeavesASessionOpen(BrokenDriver):
    @contextmanager
    def open(self, site: Site[MockConfig]) -> Iterator[BrokenSession]:  # type: ignore[override]
        with super().open(site) as session:
            try:
                yield session
            except DriverError:
                self.device.sessions_open += 1
                raise


class OpensASecondSession(BrokenDriver):
    @contextmanager
    def open(self, site: Site[MockConfig]) -> Iterator[BrokenSession]:  # type: ignore[override]
        with super().open(site) as session, self.device.session():
            yield session


class TriesAPasswordAgain(BrokenDriver):
    @contextmanager
    def open(self, site: Site[MockConfig]) -> Iterator[BrokenSession]:  # type: ignore[override]
        with ExitStack() as stack:
            for left in (2, 1, 0):
                try:
                    session = stack.enter_context(super().open(site))
                except AuthFailed:
                    if not left:
                        raise
                else:
                    yield session
                    return


class CallsAWrongPasswordUnreachable(BrokenDriver):
    @contextmanager
    def open(self, site: Site[MockConfig]) -> Iterator[BrokenSession]:  # type: ignore[override]
        try:
            with super().open(site) as session:
                yield session
        except AuthFailed as error:
            raise Unreachable("No connection.") from error


class NeedsItsMemory(BrokenDriver):
    """Believes that what it has not made itself is not there to be changed."""

    class session(BrokenSession):  # noqa: N801
        def apply(self, changes: Sequence[Change], op: Operation) -> Results:
            for change in changes:
                known = self.driver.remembered
                if change.before is not None and change.target.id not in known:
                    yield Result(change.target.id, Unreachable("I do not know this."))
                    continue
                known[change.target.id] = True
                yield from self.inner.apply([change], op)
