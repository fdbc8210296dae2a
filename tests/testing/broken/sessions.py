"""What broken drivers are made of: a driver like the mock one, whose sessions do one thing wrong."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar

from ispcore.driver import Action, Change, DriverError, Health, Operation, Resource, Result, Seen, Site
from ispcore.testing import MockConfig, MockDevice, MockDriver
from ispcore.testing.mock_driver import MockSession

Results = Iterator[Result[Seen | DriverError | None]]


class BrokenSession:
    """Does what the mock session does; what is wrong is overridden."""

    def __init__(self, inner: MockSession, device: MockDevice, driver: "BrokenDriver") -> None:
        self.inner = inner
        self.device = device
        self.driver = driver

    def check(self, op: Operation) -> Health:
        return self.inner.check(op)

    def observe(self, wanted: Sequence[Resource] | None, op: Operation) -> Iterator[Seen]:
        return self.inner.observe(wanted, op)

    def apply(self, changes: Sequence[Change], op: Operation) -> Results:
        return self.inner.apply(changes, op)

    def act(self, action: Action[Any], on: Sequence[Resource], op: Operation) -> Iterator[Result[object]]:
        return self.inner.act(action, on, op)


class BrokenDriver(MockDriver):
    """The mock driver with other sessions."""

    session: ClassVar[type[BrokenSession]] = BrokenSession

    def __init__(self, device: MockDevice) -> None:
        super().__init__(device)
        self.device = device
        self.remembered: dict[str, Any] = {}

    @contextmanager
    def open(self, site: Site[MockConfig]) -> Iterator[BrokenSession]:  # type: ignore[override]
        with super().open(site) as inner:
            yield self.session(inner, self.device, self)
