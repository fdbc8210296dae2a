"""The driver passes the kit that vendors are given, over both ways to an OLT."""

from collections.abc import Iterator

import pytest

from ispcore.testing.driver_kit import DriverKit, Rig
from ispcore_olt_huawei import Line
from plugins.olt_huawei.tests.rig import HuaweiRig


class TestSsh(DriverKit):
    @pytest.fixture
    def rig(self) -> Iterator[Rig]:
        rig = HuaweiRig(Line.SSH)
        yield rig
        rig.close()


class TestTelnet(DriverKit):
    @pytest.fixture
    def rig(self) -> Iterator[Rig]:
        rig = HuaweiRig(Line.TELNET)
        yield rig
        rig.close()
