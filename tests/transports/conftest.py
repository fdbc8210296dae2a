"""Devices, and sessions with them."""

from collections.abc import Iterator

import pytest

from ispcore.testing.driver_kit.operation import KitOperation
from tests.transports.serving import Served, ssh_server, telnet_server
from tests.transports.tiny import TinyOlt


@pytest.fixture
def olt() -> TinyOlt:
    return TinyOlt()


@pytest.fixture
def ssh(olt: TinyOlt) -> Iterator[Served]:
    with ssh_server(olt) as served:
        yield served


@pytest.fixture
def telnet(olt: TinyOlt) -> Iterator[Served]:
    with telnet_server(olt) as served:
        yield served


@pytest.fixture
def op() -> KitOperation:
    return KitOperation(10)
