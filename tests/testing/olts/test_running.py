"""The configuration of a Huawei OLT, told as the commands that make it."""

from __future__ import annotations

import pytest

from ispcore.testing.olts import HuaweiOlt, OltServer
from tests.testing.olts.terminal import at_work

SN = "4857544302D80001"


@pytest.fixture
def olt(olt: HuaweiOlt) -> HuaweiOlt:
    olt.put(SN, "0/1/3", 5, description="Ana")
    return olt


def test_a_board_is_told_without_service_ports_which_have_a_section_of_their_own(
    server: OltServer, olt: HuaweiOlt
) -> None:
    with at_work(server) as terminal:
        board = terminal.tell("display current-configuration section gpon-0/1")
        empty = terminal.tell("display current-configuration section gpon-0/2")
        ports = terminal.tell("display current-configuration section bbs-config")

    assert "ont add 3 5" in board
    assert "ont add" not in empty
    assert ports.split("\n") == ["[bbs-config]", "  <bbs-config>", "#", "return"]


def test_an_ont_or_a_board_that_is_not_there_is_refused(server: OltServer, olt: HuaweiOlt) -> None:
    with at_work(server) as terminal:
        assert "ONT does not exist" in terminal.tell("display current-configuration ont 0/1/3 6")
        assert "Failure" in terminal.tell("display current-configuration section gpon-0/9")
