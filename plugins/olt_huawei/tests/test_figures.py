"""What many ONUs cost, printed, beside what the simulated OLT itself takes; ISPCORE_ONUS says how many.

ISPCORE_ONUS=1000 pytest -s -m endurance plugins/olt_huawei/tests/test_figures.py
"""

import os
import time
from collections.abc import Callable

import pytest

from ispcore.driver import Onu, Seen
from ispcore.testing.driver_kit.operation import KitOperation
from ispcore.testing.olts import HuaweiOlt
from ispcore.testing.olts.huawei import ServicePort, TrafficTable, Wan
from plugins.olt_huawei.tests.calls import At, at, onu
from plugins.olt_huawei.tests.olts import olt_of

pytestmark = pytest.mark.endurance

ONUS = int(os.environ.get("ISPCORE_ONUS", "200"))
MADE = 20
A_PORT = 64


def wish(number: int) -> Onu:
    port = number // A_PORT
    return onu(number, port=f"0/{1 + port // 16}/{port % 16}", vlan=100 + port)


def crowded() -> HuaweiOlt:
    """Return an OLT on which everything stands as it is wanted."""
    olt = olt_of()
    olt.config.traffic_tables |= {
        1: TrafficTable(name="up", cir=10_000, pir=10_000),
        2: TrafficTable(name="down", cir=20_000, pir=20_000),
    }
    for number in range(ONUS):
        one = wish(number)
        assert one.port is not None
        assert one.vlan is not None
        wan = Wan(mode="pppoe", vlan=one.vlan, user=str(one.username), internet=True)
        olt.put(one.serial, one.port, number % A_PORT, wans={0: wan})
        olt.config.service_ports[number] = ServicePort(
            vlan=one.vlan,
            port=one.port,
            ont=number % A_PORT,
            gemport=1,
            user_vlan=str(one.vlan),
            inbound=1,
            outbound=2,
        )
    return olt


def measured(olt: HuaweiOlt, act: Callable[[], object]) -> tuple[float, int]:
    """Return the seconds that it takes, and the exchanges."""
    began, before = time.perf_counter(), olt.wire.exchanges
    act()
    return time.perf_counter() - began, olt.wire.exchanges - before


def a_command(here: At) -> float:
    """Return the seconds of the shortest command: what the line and the simulated OLT cost."""
    op = KitOperation(60.0)
    began = time.perf_counter()
    for _ in range(100):
        here.session._wire.read("display service-port next-free-index", op)
    return (time.perf_counter() - began) / 100


def test_a_whole_look_and_a_comparison_that_finds_nothing() -> None:
    olt = crowded()
    with at(olt) as here:
        one = a_command(here)
        looked, commands = measured(olt, here.see)
        changes: list[object] = []
        wanted = [wish(number) for number in range(ONUS)]
        compared, _ = measured(olt, lambda: changes.extend(here.changes(*wanted)))

    different = [change for change in changes if getattr(change, "fields", None) != {"password"}]
    print(  # noqa: T201 - it is what the test is for
        f"\n{ONUS} ONUs: a look {looked:.2f} s in {commands} commands, {looked / commands * 1000:.1f} ms each"
        f" (the shortest {one * 1000:.1f} ms); a comparison {compared:.2f} s"
    )
    assert different == []
    assert commands < 10 + ONUS / A_PORT + 10


def test_the_rate_of_activations_beside_the_shortest_commands() -> None:
    olt = olt_of()
    with at(olt) as here:
        one = a_command(here)
        wishes = [wish(number) for number in range(MADE)]
        done: list[Seen] = []
        took, commands = measured(
            olt, lambda: done.extend(it for it in here.put(*wishes) if isinstance(it, Seen))
        )

    print(  # noqa: T201 - it is what the test is for
        f"\n{MADE} ONUs taken in: {MADE / took:.1f} a second, {commands / MADE:.1f} commands each, "
        f"{took / (commands * one):.1f} times as many of the shortest commands"
    )
    assert len(done) == MADE
