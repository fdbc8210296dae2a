"""Simulated OLTs, and how a driver reaches them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from attrs import evolve

from ispcore.driver import Site
from ispcore.testing.olts import HuaweiFirmware, HuaweiOlt, OltServer, simulated_olt
from ispcore.testing.olts.huawei import R015, R017, LineProfile, ServiceProfile
from ispcore.values import SecretText
from ispcore_olt_huawei import HuaweiConfig, Line
from ispcore_olt_huawei.driver import HuaweiDriver
from ispcore_olt_huawei.session import HuaweiSession

__all__ = ["R015", "R017"]

PASSWORD = "of-the-olt-4471"


def olt_of(firmware: HuaweiFirmware = R017) -> HuaweiOlt:
    """Return an OLT with line and service profiles 10, 20 and 30, whose ONTs are configured by OMCI."""
    olt = HuaweiOlt(firmware=firmware)
    olt.behaviour.password = PASSWORD
    olt.config.omci = True
    for number in (20, 30):
        mappings = {"1/0": "vlan any"}
        line = LineProfile(name=f"line {number}", tconts={1: 10}, gems={1: 1}, mappings=mappings)
        olt.config.line_profiles[number] = line
        olt.config.service_profiles[number] = ServiceProfile(name=f"home {number}")
    olt.save()
    return olt


def config_of(server: OltServer, line: Line = Line.SSH, **more: Any) -> HuaweiConfig:
    """Return how a simulated OLT is reached."""
    port = server.ssh_port if line is Line.SSH else server.telnet_port
    assert port is not None
    return HuaweiConfig(
        host=server.host,
        port=port,
        line=line,
        password=SecretText(server.olt.behaviour.password),
        host_key=server.fingerprint,
        profile="10/10",
        **more,
    )


@contextmanager
def session_on(olt: HuaweiOlt, line: Line = Line.SSH, **more: Any) -> Iterator[HuaweiSession]:
    """Serve an OLT, and give a session with it."""
    with (
        simulated_olt(olt, telnet_port=0) as server,
        HuaweiDriver().open(Site(evolve(config_of(server, line), **more))) as session,
    ):
        yield session
