"""A Huawei OLT with an ONU that waits on a port, served over Telnet."""

from collections.abc import Iterator

import pytest

from ispcore.testing.olts import HuaweiOlt, OltServer, simulated_olt


@pytest.fixture
def olt() -> HuaweiOlt:
    olt = HuaweiOlt()
    olt.plug("HWTC02D80001", "0/1/3")
    return olt


@pytest.fixture
def server(olt: HuaweiOlt) -> Iterator[OltServer]:
    with simulated_olt(olt, ssh_port=None, telnet_port=0) as server:
        yield server
