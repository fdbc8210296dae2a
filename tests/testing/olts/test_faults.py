"""What happens to an exchange when it is asked for; a rig of the driver kit can offer the wire."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from ispcore.testing import Wire, WireFault
from ispcore.testing.olts import HuaweiOlt, OltFault, OltServer
from tests.testing.olts.terminal import Terminal, at_work

SN = "4857544302D80001"
OFF = "ont deactivate 3 5"


@pytest.fixture
def board(server: OltServer, olt: HuaweiOlt) -> Iterator[Terminal]:
    olt.put(SN, "0/1/3", 5)
    olt.save()
    with at_work(server, "interface gpon 0/1") as one:
        yield one


def active(olt: HuaweiOlt) -> bool:
    return olt.config.onts["0/1/3:5"].active


def test_exchanges_are_counted_with_those_of_the_login(board: Terminal, olt: HuaweiOlt) -> None:
    wire: Wire = olt.wire
    asked: list[int] = []
    wire.at_exchange = lambda: asked.append(olt.writes)
    before = wire.exchanges

    board.tell(OFF)
    board.tell(OFF)

    assert (before, wire.exchanges, wire.connections, asked) == (8, 10, 1, [0, 1])


@pytest.mark.parametrize(
    ("fault", "acted", "told"),
    [
        (WireFault.CUT_BEFORE, False, ""),
        (WireFault.CUT_AFTER, True, ""),
        (WireFault.RESET, True, ""),
        (OltFault.CUT_WITHIN, True, "ont deactivate 3 5\r\nMA56"),
        (OltFault.REBOOT, False, "ont deactivate 3 5\r\nMA56"),
    ],
)
def test_a_connection_ends_before_or_after_the_olt_has_acted(
    board: Terminal, olt: HuaweiOlt, fault: WireFault | OltFault, acted: bool, told: str
) -> None:
    olt.wire.play(fault)
    board.type(f"{OFF}\r\n")

    assert board.rest() == told
    assert active(olt) is not acted


def test_silence_acts_and_answers_nothing_and_hears_nothing_more(board: Terminal, olt: HuaweiOlt) -> None:
    olt.wire.play(WireFault.SILENCE)
    board._socket.settimeout(0.1)
    board.type(f"{OFF}\r\n")
    with pytest.raises(TimeoutError):
        board.until("#")
    board.type("ont activate 3 5\r\n")
    with pytest.raises(TimeoutError):
        board.until("#")

    assert not active(olt)


def test_an_answer_in_pieces_is_the_same_answer(board: Terminal, olt: HuaweiOlt) -> None:
    whole = board.tell("display ont info 3 5")
    olt.wire.play(WireFault.DRIP)

    assert board.tell("display ont info 3 5") == whole


def test_nonsense_is_answered_with_the_prompt_after_it(board: Terminal, olt: HuaweiOlt) -> None:
    olt.wire.play(WireFault.GARBAGE)

    assert board.ask(OFF) == "%% ?? \N{REPLACEMENT CHARACTER}\r\nMA5608T(config-if-gpon-0/1)#"
    assert not active(olt)


def test_an_alarm_stands_in_the_middle_of_an_answer(board: Terminal, olt: HuaweiOlt) -> None:
    olt.wire.play(WireFault.ALARM, at=2)
    plain = board.tell("display ont info 3 all").split("\n")

    disturbed = board.tell("display ont info 3 all").split("\n")

    assert disturbed[0].startswith("! EVENT MAJOR")
    assert disturbed[1:] == plain


def test_an_answer_is_late_or_always_slow(board: Terminal, olt: HuaweiOlt) -> None:
    olt.wire.late_seconds = olt.behaviour.slow_seconds = 0.3
    board._socket.settimeout(0.1)
    board.type("quit\r\n")
    with pytest.raises(TimeoutError):
        board.until("#")
    board._socket.settimeout(5)
    board.until("MA5608T(config)#")

    olt.behaviour.slow_seconds = 0
    olt.wire.play(WireFault.LATE)
    board._socket.settimeout(0.1)
    board.type("quit\r\n")
    with pytest.raises(TimeoutError):
        board.until("#")


def test_a_busy_olt_refuses_so_many_writes(board: Terminal, olt: HuaweiOlt) -> None:
    olt.behaviour.busy = 1

    assert board.tell(OFF) == "  Failure: System is busy, please retry after a while"
    assert board.tell(OFF) == ""


def test_calm_takes_back_what_has_not_happened(board: Terminal, olt: HuaweiOlt) -> None:
    olt.wire.play(WireFault.CUT_BEFORE)
    olt.wire.calm()

    assert board.tell(OFF) == ""


def test_every_session_can_be_dropped(board: Terminal, olt: HuaweiOlt) -> None:
    olt.hang_up()

    assert board.rest() == ""


def test_nobody_waits_for_somebody_who_has_left(board: Terminal, olt: HuaweiOlt) -> None:
    olt.behaviour.slow_seconds = 60
    board.type(f"{OFF}\r\n")
    board.close()

    deadline = time.monotonic() + 5
    while olt.sessions and time.monotonic() < deadline:
        time.sleep(0.01)
    assert olt.sessions == 0
    assert not active(olt)
