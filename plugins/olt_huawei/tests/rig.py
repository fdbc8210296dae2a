"""What the driver kit is given: a simulated OLT, and an eye on it that is not the driver's."""

from collections.abc import Callable, Mapping
from typing import Any, cast

from attrs import evolve

from ispcore.driver import ConnectionMethod, DriverSpec, Key, Onu, Site, Spec
from ispcore.testing.driver_kit import Rig
from ispcore.testing.olts import HuaweiFirmware, simulated_olt
from ispcore.testing.olts.huawei import TrafficTable
from ispcore.testing.wire import Wire
from ispcore_olt_huawei import SPEC, Line
from plugins.olt_huawei.tests.olts import config_of, olt_of

FOREIGN = "FRGN00000001"
_OF_A_FIXED_ADDRESS = ("address", "netmask", "gateway", "dns")


class HuaweiRig(Rig):
    """An OLT that has an ONT of somebody else."""

    spec: DriverSpec = SPEC
    breaks = 12
    patience_seconds = 1.0
    slack_seconds = 2.0
    alarm = b"  ! RUNNING MAJOR 2026-03-01 10:00:00 ALARM NAME: link down\r\n"

    def __init__(self, line: Line, firmware: HuaweiFirmware, *, legacy: bool = False) -> None:
        self.olt = olt_of(firmware)
        self.olt.behaviour.legacy_ssh = legacy
        # Tables are made once for all time: the stories of the kit are to have the same writes each time.
        for kbit in (1024, 2048, 5120):
            table = TrafficTable(name=f"ispcore-{kbit}", cir=kbit, pir=kbit)
            self.olt.config.traffic_tables[kbit] = table
        self._line = line
        self._serving = simulated_olt(self.olt, telnet_port=0)
        self._server = self._serving.__enter__()

    def site(self) -> Site[Any]:
        return Site(config_of(self._server, self._line, legacy_ciphers=self.olt.behaviour.legacy_ssh))

    def writes(self) -> int:
        return self.olt.writes

    def sessions_open(self) -> int:
        return self.olt.sessions

    def tamper(self, key: Key) -> None:
        with self.olt.lock:
            self.olt.config.onts[key].description = "tampered"

    def foreign(self) -> Callable[[], object]:
        self.olt.put(FOREIGN, "0/2/3", 7, description="Error Systems Ltd")
        return lambda: repr(self.olt.config.onts.get("0/2/3:7"))

    def sample(self, kind: type[Spec], number: int) -> tuple[Spec, Spec]:
        first, second = cast("tuple[Onu, Onu]", super().sample(kind, number))
        return (
            evolve(first, profile="20", connection=ConnectionMethod.PPPOE),
            evolve(second, profile="30/20", connection=ConnectionMethod.PPPOE),
        )

    def claimed(self, kind: type[Spec], name: str) -> tuple[Spec, Spec]:
        first, changed = cast("tuple[Onu, Onu]", super().claimed(kind, name))
        if name in _OF_A_FIXED_ADDRESS:
            first, changed = (evolve(one, connection=ConnectionMethod.STATIC) for one in (first, changed))
        elif name == "connection":
            changed = evolve(first, connection=ConnectionMethod.STATIC)
        return first, changed

    def refused(self) -> Spec | None:
        first, _ = cast("tuple[Onu, Onu]", self.sample(Onu, 99))
        return evolve(first, profile="4000")

    def secrets(self, spec: Spec) -> Mapping[str, str] | None:
        assert isinstance(spec, Onu)
        place = self.olt.place_of(spec.serial)
        wans = {} if place is None else self.olt.config.onts[str(place)].wans
        return {"password": wans[0].password} if 0 in wans else {}

    def wire(self) -> Wire | None:
        """Break the OLT's own terminal: on the way, nobody tells packets and options apart."""
        return self.olt.wire

    def close(self) -> None:
        self._serving.__exit__(None, None, None)
