"""The driver under the kit: every case of it, on the simulator."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import pytest
from toy_olt.driver import SPEC, ToyConfig

from ispcore.driver import Key, Onu, Site, Spec, Wifi
from ispcore.testing.driver_kit import DriverKit, Rig
from ispcore.testing.toy_olt import ToyOltServer
from ispcore.testing.toy_olt_state import ToyOlt, ToyOnu
from ispcore.values import SecretText


class ToyRig(Rig):
    """A toy OLT, and an eye on it that is not the driver's."""

    spec = SPEC
    alarm = b"! ALARM link down\r\n"

    def __init__(self) -> None:
        """Begin with the ONUs that networks hang on."""
        self.olt = ToyOlt(password="open-sesame")
        for number in range(1, 9):
            self.olt.onus[f"0/9/{number}:1"] = ToyOnu(f"TOYB{number:08X}")
        self._server = ToyOltServer(self.olt)

    def site(self) -> Site[ToyConfig]:
        """Return how to reach the simulator."""
        password = SecretText(self.olt.password)
        return Site(ToyConfig(self._server.host, self.olt.user, password, self._server.port))

    def writes(self) -> int:
        """Return how many writes the OLT has seen."""
        return self.olt.writes

    def sessions_open(self) -> int:
        """Return how many sessions are open."""
        return self.olt.sessions

    def tamper(self, key: Key) -> None:
        """Change something, as a technician at the console would."""
        if key.startswith("wifi/"):
            place = self.olt.place_of(key.removeprefix("wifi/"))
            self.olt.onus[place or ""].ssid = "tampered"
        else:
            self.olt.onus[key].profile = "fibre300"

    def foreign(self) -> Callable[[], object]:
        """Put an ONU there that nobody claims."""
        self.olt.onus["0/8/1:1"] = ToyOnu("TOYF00000001", name="not ours")
        return lambda: repr(self.olt.onus.get("0/8/1:1"))

    def sample(self, kind: type[Spec], number: int) -> tuple[Spec, Spec]:
        """Return two values in the OLT's own words."""
        if kind is Wifi:
            serial = f"TOYB{number:08X}"
            return (
                Wifi(onu=serial, ssid="Casa do Zé", password=SecretText(f"First-key-{number}")),
                Wifi(onu=serial, enabled=False, ssid="Sala", password=SecretText(f"Second-key-{number}")),
            )
        serial, port = f"TOYA{number:08X}", f"0/1/{number % 90}"
        return (
            Onu(serial=serial, port=port, profile="fibre50", vlan=100, description=f"home {number}"),
            Onu(serial=serial, port=f"0/2/{number % 90}", enabled=False, profile="fibre100", vlan=None),
        )

    def refused(self) -> Spec | None:
        """Return what the OLT does not take."""
        return Onu(serial="TOYA00000099", port="0/1/1", profile="fibre9000")

    def secrets(self, spec: Spec) -> Mapping[str, str] | None:
        """Return the key that stands there."""
        if not isinstance(spec, Wifi):
            return {}
        place = self.olt.place_of(spec.onu)
        return {"password": self.olt.onus[place].wifi_key} if place else {}

    def close(self) -> None:
        """Stop the simulator."""
        self._server.close()


@pytest.fixture
def rig() -> Iterator[ToyRig]:
    """Give a fresh OLT to each case."""
    made = ToyRig()
    yield made
    made.close()


class TestToyOlt(DriverKit):
    """Every case."""
