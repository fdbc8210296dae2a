"""The rig of the mock driver, and of drivers that are broken on purpose."""

from collections.abc import Callable, Mapping
from typing import Any

from attrs import evolve

from ispcore.driver import (
    Domain,
    Driver,
    DriverSpec,
    Invalid,
    Key,
    Mailbox,
    Role,
    Site,
    Spec,
    claim_of,
    fields_of,
)
from ispcore.testing import MOCK_SPEC, MockConfig, MockDevice, MockDriver, Wire
from ispcore.testing.driver_kit import Rig, stock
from ispcore.values import SecretText
from tests.network.connections import at, counted

PASSWORD = "Mock-device-2048"
FOREIGN = Domain(name="of-somebody-else.example")
NOT_TAKEN = Mailbox(address="not-taken@isp.example", password=SecretText("Kit-refused-9981"))


class MockRig(Rig):
    spec: DriverSpec = MOCK_SPEC
    patience_seconds = 0.1
    many = 200
    slack_seconds = 0.4

    def __init__(self, driver: Callable[[MockDevice], Driver[Any]] = MockDriver, **spec: Any) -> None:
        self.spec = evolve(MOCK_SPEC, **spec)
        self.device = MockDevice("kit", password=PASSWORD, fences=True)
        self.device.refusals[claim_of(NOT_TAKEN)] = Invalid("This mailbox is not taken.")
        self._driver = driver

    def driver(self) -> Driver[Any]:
        return self._driver(self.device)

    def site(self) -> Site[Any]:
        return Site(MockConfig("kit", SecretText(PASSWORD)))

    def writes(self) -> int:
        return self.device.writes

    def sessions_open(self) -> int:
        return self.device.sessions_open

    def tamper(self, key: Key) -> None:
        spec = self.device.standing()[key].spec
        name = fields_of(type(spec), Role.PLAIN)[0]
        first, second = stock(type(spec), 1)
        value = getattr(second if getattr(spec, name) == getattr(first, name) else first, name)
        self.device.tamper(key, **{name: value})

    def foreign(self) -> Callable[[], object]:
        key = self.device.put(FOREIGN)
        return lambda: self.device.standing().get(key)

    def refused(self) -> Spec | None:
        return NOT_TAKEN

    def count(self) -> int | None:
        self.device.counted = [
            counted(at(10, hour), at(10, 9 + hour // 2), unique_id=f"c-{hour}") for hour in range(5)
        ]
        return 5

    def secrets(self, spec: Spec) -> Mapping[str, str] | None:
        return self.device.secrets(claim_of(spec))

    def wire(self) -> Wire | None:
        return self.device.wire
