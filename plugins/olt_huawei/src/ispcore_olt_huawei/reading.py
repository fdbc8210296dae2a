"""Reading ONTs: one by its serial number, or all of the OLT with a few commands for each board and port."""

from __future__ import annotations

from collections.abc import Iterator

from ispcore.driver import Operation, Seen
from ispcore_olt_huawei.config import HuaweiConfig
from ispcore_olt_huawei.parsing.onts import one_ont, onts_on_port
from ispcore_olt_huawei.parsing.running import Configured, configured, one_configured, services_of
from ispcore_olt_huawei.parsing.services import traffic_tables
from ispcore_olt_huawei.parsing.system import pon_boards
from ispcore_olt_huawei.places import Place, long_serial
from ispcore_olt_huawei.standing import Setting, Standing, Tables, seen, service_of
from ispcore_olt_huawei.wire import Wire

OPENS_WANS = "ont internet-config"


class Reader:
    """Reads what stands on an OLT; it keeps nothing of it."""

    def __init__(self, wire: Wire, config: HuaweiConfig) -> None:
        """Read through *wire*."""
        self._wire = wire
        self._config = config

    def setting(self, at: str, op: Operation) -> Setting:
        """Return what counts for all ONTs; the board *at* is asked what the firmware knows."""
        return Setting(config=self._config, opens_wans=self._wire.knows(OPENS_WANS, at, op))

    def boards(self, op: Operation) -> tuple[str, ...]:
        """Return the boards that have PON ports."""
        return pon_boards(self._wire.read("display board 0", op))

    def tables(self, op: Operation) -> Tables:
        """Return every traffic table by its number."""
        answer = self._wire.read("display traffic table ip from-index 0", op)
        return {one.index: one for one in traffic_tables(answer)}

    def standing(self, serial: str, op: Operation) -> Standing | None:
        """Return the ONT of this serial number; None where the OLT has none."""
        state = one_ont(self._wire.read(f"display ont info by-sn {long_serial(serial)}", op))
        if state is None:
            return None
        port, ont = state.place.port, state.place.ont
        made = one_configured(self._wire.read(f"display current-configuration ont {port} {ont}", op))
        return None if made is None else Standing(made=made, state=state)

    def seen(self, standing: Standing, op: Operation, tables: Tables | None = None) -> Seen:
        """Return what ispcore calls an ONT; *tables* are read where it has any and they are not known."""
        service = service_of(standing.made, self._config)
        bound = service is not None and (service.inbound, service.outbound) != (None, None)
        known = tables if tables is not None else (self.tables(op) if bound else {})
        return seen(standing, known, self.setting(standing.made.place.board, op))

    def everything(self, op: Operation) -> Iterator[Seen]:
        """Yield every ONT of the OLT."""
        services = services_of(self._wire.read("display current-configuration section bbs-config", op))
        tables = self.tables(op)
        for board in self.boards(op):
            made = configured(
                self._wire.read(f"display current-configuration section gpon-{board}", op), services
            )
            yield from self._on_board(board, made, tables, op)

    def _on_board(
        self, board: str, made: dict[Place, Configured], tables: Tables, op: Operation
    ) -> Iterator[Seen]:
        for port in dict.fromkeys(place.port for place in sorted(made)):
            frame, slot, number = port.split("/")
            states = onts_on_port(self._wire.read(f"display ont info {frame} {slot} {number} all", op))
            for state in states:
                if (one := made.get(state.place)) is not None:
                    yield seen(Standing(made=one, state=state), tables, self.setting(board, op))
