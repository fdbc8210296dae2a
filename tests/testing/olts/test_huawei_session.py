"""A session with a Huawei OLT: who is let in, and all that stands between a command and its answer."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from ispcore.testing.olts import R017, HuaweiOlt, OltServer, simulated_olt
from tests.testing.olts.terminal import Terminal, at_work, terminal

SN = "4857544302D80001"
MORE = "---- More ( Press 'Q' to break ) ----"


@pytest.fixture
def user(server: OltServer) -> Iterator[Terminal]:
    with terminal(server) as one:
        yield one.signs_in()


def test_modes_show_in_the_prompt_and_are_left_one_by_one_or_all_at_once(user: Terminal) -> None:
    steps = {
        "undo smart": "MA5608T>",
        "enable": "MA5608T#",
        "config": "MA5608T(config)#",
        "interface gpon 0/1": "MA5608T(config-if-gpon-0/1)#",
        "quit": "MA5608T(config)#",
        "ont-lineprofile gpon profile-id 10": "MA5608T(config-gpon-lineprofile-10)#",
        "return": "MA5608T#",
        "diagnose": "MA5608T(diagnose)%%",
    }

    for line, prompt in steps.items():
        assert user.ask(line) == f"{line}\r\n{prompt}"
    assert user.goes("quit").ask("disable") == "disable\r\nMA5608T>"


def test_an_enable_password_is_asked_for_where_there_is_one(olt: HuaweiOlt, user: Terminal) -> None:
    olt.behaviour.enable_password = "lifted"
    user.ask("enable", "Password:")

    assert user.ask("wrong").endswith("  Failure: Password is wrong\r\nMA5608T>")
    user.ask("enable", "Password:")
    assert user.ask("lifted") == "\r\nMA5608T#"


def test_a_command_that_could_go_on_asks_and_tells_what_it_runs(user: Terminal) -> None:
    asked = user.ask("display version", "}:")

    assert asked == "display version\r\n{ <cr>|backplane<K>|frameid/slotid<S><Length 3-4> }:"
    user.type("\r\n")
    told = user.until(MORE)
    assert told.startswith(
        "\r\n\r\n  Command:\r\n          display version\r\n\r\n  VERSION : MA5600V800R015C00"
    )


def test_a_question_eats_the_next_command(user: Terminal) -> None:
    user.ask("display version", "}:")

    assert "% Parameter error" in user.ask("enable", "}:")
    assert "% Parameter error" in user.ask("enable", "}:")
    assert user.ask("enable").endswith("  Reenter times have reached the upper limit.\r\nMA5608T>")


def test_what_is_missing_is_asked_for_piece_by_piece(olt: HuaweiOlt, user: Terminal) -> None:
    user.goes("enable", "config")
    user.ask("interface gpon", "{ frameid/slotid<S><Length 3-4> }:")
    assert user.ask("0/1").endswith(
        "\r\n  Command:\r\n          interface gpon 0/1\r\nMA5608T(config-if-gpon-0/1)#"
    )


@pytest.mark.parametrize(
    ("line", "column", "error"),
    [
        ("screen-length 0", 8, "% Unknown command, the error locates at '^'"),
        ("display ont info all", 25, "% Parameter error, the error locates at '^'"),
        (f"display ont info by-sn {SN} all", 48, "% Too many parameters, the error locates at '^'"),
        ("display ont info by-sn", 30, "% Incomplete command, the error locates at '^'"),
    ],
)
def test_what_is_wrong_with_a_line_is_told_where(user: Terminal, line: str, column: int, error: str) -> None:
    user.goes("undo smart", "enable")

    assert user.tell(line) == f"{' ' * column}^\n  {error}\n"


def test_long_answers_come_in_pages_that_are_wiped_away(olt: HuaweiOlt, user: Terminal) -> None:
    olt.behaviour.rows = 5
    user.goes("undo smart")
    first = user.ask("display version", MORE)
    assert first.count("\r\n") == 5
    user.type(" ")
    second = user.until(MORE)

    assert second.startswith(f"\x1b[37D{' ' * 37}\x1b[37D")
    user.type("q")
    assert user.until("MA5608T>").endswith("\x1b[37D\r\nMA5608T>")


@pytest.mark.parametrize("lines", [("scroll",), ("scroll 512",), ("enable", "config", "mmi-mode enable")])
def test_paging_can_be_switched_off(user: Terminal, lines: tuple[str, ...]) -> None:
    user.goes("undo smart", *lines)

    assert MORE not in user.ask("display version")


def test_the_echo_of_a_long_line_is_broken_where_the_terminal_ends(user: Terminal) -> None:
    user.goes("undo smart")

    echo, _, _ = user.ask("x" * 100).partition("\r\n")

    assert echo == "x" * 72 + " \x1b[1D" + "x" * 28


def test_what_could_do_harm_is_asked_about(olt: HuaweiOlt, user: Terminal) -> None:
    olt.put(SN, "0/1/3", 5)
    user.goes("undo smart", "enable", "config", "interface gpon 0/1")
    user.ask("ont delete 3 all", "(y/n)[n]:")
    user.ask("n")
    assert len(olt.config.onts) == 1
    user.ask("ont delete 3 all", "(y/n)[n]:")
    user.ask("y")

    assert olt.config.onts == {}


def test_logging_out_is_asked_about(user: Terminal, olt: HuaweiOlt) -> None:
    asked = user.ask("quit", "(y/n)[n]:")
    user.type("y\r\n")

    assert "Check whether system data has been changed." in asked
    assert user.rest() == "y\r\n  Configuration console exit, please retry to log on\r\n"


def test_there_are_no_more_sessions_than_may_be(user: Terminal, server: OltServer, olt: HuaweiOlt) -> None:
    with terminal(server) as other:
        other.until(">>User name:")
        other.ask("root", ">>User password:")
        other.type("admin123\r\n")

        assert other.rest() == "\r\n  Reenter times have reached the upper limit.\r\n"
    assert olt.sessions == 1


def test_wrong_passwords_lock_the_box_until_it_is_unlocked(server: OltServer, olt: HuaweiOlt) -> None:
    with terminal(server) as one:
        one.until(">>User name:")
        for _ in range(3):
            one.ask("root", ">>User password:")
            one.type("wrong\r\n")
        told = one.rest()
    assert told.endswith(
        "  Username or password invalid.\r\n  Reenter times have reached the upper limit.\r\n"
    )
    with terminal(server) as one:
        assert one.rest() == "  The IP address has been locked\r\n"

    olt.unlock()

    with terminal(server) as one:
        one.signs_in()
    assert olt.logins_refused == 3


def test_a_right_password_can_be_refused_once(server: OltServer, olt: HuaweiOlt) -> None:
    olt.behaviour.refuse_logins = 1
    with terminal(server) as one:
        one.until(">>User name:")
        one.ask("root", ">>User password:")
        told = one.ask("admin123", ">>User name:")
        one.ask("root", ">>User password:")
        one.ask("admin123")

    assert "Username or password invalid." in told


def test_an_idle_session_is_ended(server: OltServer, olt: HuaweiOlt) -> None:
    olt.behaviour.idle_seconds = 0.05
    with terminal(server) as one:
        one.signs_in()

        assert one.rest() == "\r\n  Configuration console time out, please retry to log on\r\n"
    assert olt.sessions == 0


def test_patience_can_be_asked_for(server: OltServer, olt: HuaweiOlt) -> None:
    olt.behaviour.idle_seconds = 0.2
    with terminal(server) as one:
        one.signs_in().goes("undo smart", "undo idle-timeout")
        time.sleep(0.3)

        assert one.ask("enable") == "enable\r\nMA5608T#"


def test_an_alarm_is_printed_at_once_unless_it_is_not_wanted(server: OltServer, olt: HuaweiOlt) -> None:
    with at_work(server) as one:
        olt.alarm("! EVENT MAJOR: a fan stands still")
        assert one.until("MA5608T(config)#") == "\r\n! EVENT MAJOR: a fan stands still\r\nMA5608T(config)#"
        one.goes("infoswitch cli OFF")
        olt.alarm("! EVENT MAJOR: it still does")

        assert "EVENT" not in one.ask("display version")


def test_others_are_refused_their_writes_while_the_configuration_is_saved(
    server: OltServer, olt: HuaweiOlt
) -> None:
    olt.behaviour.sessions = 2
    olt.behaviour.saving_seconds = 0.2
    olt.put(SN, "0/1/3", 5)
    with at_work(server, "interface gpon 0/1") as one, at_work(server) as other:
        saving = threading.Thread(target=lambda: other.ask("save"))
        saving.start()
        while not olt.saving:
            time.sleep(0.001)
        told = one.tell("ont deactivate 3 5")
        saving.join()

        assert told == "  Failure: System is busy, please retry after a while"
        assert "Configuration file had been saved successfully" in other.seen
        assert one.tell("ont deactivate 3 5") == ""


def test_a_reboot_forgets_what_was_not_saved(server: OltServer, olt: HuaweiOlt) -> None:
    olt.put(SN, "0/1/3", 5)
    with at_work(server) as one:
        one.goes("save")
        olt.put("HWTC00000002", "0/1/3", 6)
        one.goes("return")
        one.type("reboot system\r\n")
        with suppress(ConnectionError):
            one.rest()

    assert list(olt.config.onts) == ["0/1/3:5"]


def test_characters_can_be_taken_back(user: Terminal) -> None:
    user.goes("undo smart")

    assert user.ask("enablf\x7fe").endswith("MA5608T#")


def test_newer_firmware_would_take_a_filter_after_every_look() -> None:
    olt = HuaweiOlt(name="MA5800", firmware=R017)
    with simulated_olt(olt, ssh_port=None, telnet_port=0) as server, terminal(server) as one:
        one.signs_in().goes("enable")
        asked = one.ask("display ont autofind all", "}:")
        told = one.ask("")

    assert asked.endswith("{ <cr>||<K> }:")
    assert "  Command:\r\n          display ont autofind all\r\n  Failure: Automatically found" in told


def test_any_answer_can_be_put_in_the_place_of_a_command(server: OltServer, olt: HuaweiOlt) -> None:
    olt.put(SN, "0/1/3", 5)
    olt.answers["ont delete"] = "  Number of ONTs that can be deleted: 1, success: 0"
    with at_work(server, "interface gpon 0/1") as one:
        assert one.tell("ont delete 3 5") == olt.answers["ont delete"]
        olt.answers.clear()
        assert one.tell("ont delete 3 5") == "  Number of ONTs that can be deleted: 1, success: 1"


def test_a_burst_of_alarms_stands_in_answers_until_it_is_switched_off(
    server: OltServer, olt: HuaweiOlt
) -> None:
    with at_work(server) as one:
        plain = one.tell("display board 0").split("\n")
        olt.behaviour.burst = "! EVENT MINOR: a burst"

        assert one.tell("display board 0").split("\n") == [*plain[:3], olt.behaviour.burst, *plain[3:]]
        one.goes("infoswitch cli OFF")
        assert one.tell("display board 0").split("\n") == plain
