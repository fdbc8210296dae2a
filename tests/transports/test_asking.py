"""One command: from its echo to the prompt after its answer, in whatever pieces the stream comes."""

from itertools import pairwise

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from ispcore.driver import AuthFailed, Busy, Unrecognised
from ispcore.transports import Place
from ispcore.values import SecretText
from tests.transports.heard import asking, follow, heard
from tests.transports.tables import HUAWEI

PAGER = "---- More ( Press 'Q' to break ) ----"
WIPE = f"\x1b[37D{' ' * 37}\x1b[37D"
LISTED = (
    "display ont info all\r\n"
    "  ----------\r\n"
    "  0/ 1/0  HWTC00000001\r\n"
    f"{PAGER}{WIPE}  0/ 1/1  Error Systems #1>\r\n"
    "  ! FAULT MAJOR 2026-01-02 ALARM 8921\r\n  CAUSE : dust\r\n  --- END\r\n"
    "  total: 2\r\n\r\n"
    "MA5608T(config)#"
)
LIST = "  ----------\n  0/ 1/0  HWTC00000001\n  0/ 1/1  Error Systems #1>\n  total: 2"


def test_an_answer_is_what_stands_between_the_echo_and_the_prompt() -> None:
    said, answer = heard(asking("display version"), "display version\r\nMA5608T  R015\r\n\r\nMA5608T#")

    assert (said, answer.text, answer.place, answer.error) == ([], "MA5608T  R015", Place("enable"), None)


def test_pages_are_turned_and_alarms_are_left_out() -> None:
    said, answer = heard(asking("display ont info all"), LISTED)

    assert said == [" "]
    assert answer.text == LIST


@given(cuts=st.lists(st.integers(0, len(LISTED))))
def test_the_pieces_of_a_stream_change_nothing(cuts: list[int]) -> None:
    ends = [0, *sorted(cuts), len(LISTED)]
    pieces = [LISTED[start:end] for start, end in pairwise(ends)]

    said, answer = heard(asking("display ont info all"), *pieces)

    assert (said, answer.text, answer.place) == ([" "], LIST, Place("config"))


@pytest.mark.parametrize(
    "wipe",
    [WIPE, "\b" * 37 + " " * 37 + "\b" * 37, "\r" + " " * 37 + "\r", "\r\x1b[K", "\r\n"],
    ids=["cursor left", "backspaces", "blanks", "erase", "new line"],
)
def test_a_pager_leaves_nothing_behind_however_it_is_wiped(wipe: str) -> None:
    _, answer = heard(asking("show"), f"show\r\none\r\n{PAGER}{wipe}two\r\nMA5608T#")

    assert [line for line in answer.lines if line] == ["one", "two"]


def test_an_echo_is_recognised_where_it_is_wrapped() -> None:
    wrapped = "ont add 1 sn-auth HWTC00000 \x1b[1D001 omci \r\n desc x"

    _, answer = heard(
        asking("ont add 1 sn-auth HWTC00000001 omci desc x"), f"{wrapped}\r\n  done\r\nMA5608T#"
    )

    assert answer.text == "  done"


def test_a_prompt_without_the_echo_before_it_ends_nothing() -> None:
    left_behind = "\r\n  ! ALARM fan\r\nMA5608T#"

    _, answer = heard(asking("display"), left_behind, "display\r\nfine\r\n", "MA5608T#")

    assert answer.text == "fine"


def test_a_prompt_after_an_alarm_may_only_be_shown_again() -> None:
    machine = asking("display")

    _, early = heard(machine, "display\r\n0/1/0 up\r\n  ! ALARM fan\r\nMA5608T#0/1/1 up\r\n")
    _, answer = heard(machine, "MA5608T#")

    assert early is None
    assert answer.lines == ("0/1/0 up", "0/1/1 up")


def test_a_prompt_after_an_alarm_counts_after_silence() -> None:
    machine = asking("display")

    _, early = heard(machine, "display\r\ndone\r\n  ! ALARM fan\r\nMA5608T#")

    assert early is None
    assert follow(machine.quiet(), []).text == "done"


def test_the_line_after_an_alarm_is_kept_as_it_is() -> None:
    _, answer = heard(asking("show"), "show\r\n  ! ALARM fan\r\nMA5608T-2#1\r\nMA5608T#")

    assert answer.text == "MA5608T-2#1"


def test_a_prompt_after_silence_counts_though_the_host_was_renamed() -> None:
    machine = asking("sysname NEW")

    _, early = heard(machine, "sysname NEW\r\nNEW(config)#")
    late = follow(machine.quiet(), [])

    assert early is None
    assert (late.host, late.place) == ("NEW", Place("config"))


def test_a_prompt_that_was_left_behind_is_not_taken_for_the_answer_of_a_slow_device() -> None:
    machine = asking("display")
    heard(machine, "\r\n  ! ALARM fan\r\nMA5608T#")

    soon = [follow(machine.quiet(), []) for _ in range(3)]
    _, answer = heard(machine, "display\r\nfine\r\nMA5608T#")

    assert soon == [None, None, None]
    assert answer.text == "fine"


def test_a_prompt_alone_counts_after_a_long_silence() -> None:
    machine = asking("display")
    heard(machine, "\r\nMA5608T#")

    answers = [answer for _ in range(8) if (answer := follow(machine.quiet(), [])) is not None]

    assert [answer.text for answer in answers] == [""]


def test_silence_in_the_midst_of_an_answer_ends_nothing() -> None:
    machine = asking("display")
    heard(machine, "display\r\nhalf a li")

    assert follow(machine.quiet(), []) is None


def test_a_smart_prompt_is_answered_by_enter_and_its_repetition_is_left_out() -> None:
    line = 'ont add 1 sn-auth "5A54" omci desc "DEMO"'
    stream = (
        f"{line}\r\n{{ <cr>|ont-type<K> }}:\r\n\r\n  Command:\r\n          {line[:20]}\r\n   {line[20:]}\r\n"
        "  PortID :1, ONTID :2\r\n\r\nMA5608T(config-if-gpon-0/1)#"
    )

    said, answer = heard(asking(line), stream)

    assert said == ["\r"]
    assert (answer.text, answer.place) == ("  PortID :1, ONTID :2", Place("gpon", "0/1"))


def test_a_device_that_repeats_nothing_is_taken_at_its_word() -> None:
    plain = evolve(HUAWEI, repeat="")

    _, answer = heard(asking("x", dialect=plain), "x\r\n{ <cr>|a<K> }:\r\n  Command:\r\n x\r\nMA5608T#")

    assert answer.text == "  Command:\n x"


def test_a_smart_prompt_that_needs_more_is_left_by_control_c_and_told() -> None:
    said, answer = heard(asking("ont add"), "ont add\r\n{ portid<U><0,7> }:", "^C\r\nMA5608T#")

    assert said == ["\x03"]
    assert answer.declined == ("{ portid<U><0,7> }:",)


SURE = "Are you sure to delete the ONT? (y/n)[n]:"


def test_a_question_is_agreed_to_only_where_the_command_allows_it() -> None:
    allowed = heard(
        asking("ont delete", confirms=["delete the ONT"]), f"ont delete\r\n{SURE}y\r\ngone\r\nMA5608T#"
    )
    not_allowed = heard(asking("ont delete", confirms=["reboot"]), f"ont delete\r\n{SURE}n\r\nMA5608T#")

    assert (allowed[0], allowed[1].text, allowed[1].declined) == (["y\r"], "gone", ())
    assert (not_allowed[0], not_allowed[1].text, not_allowed[1].declined) == (["n\r"], "", (SURE,))


def test_what_stands_behind_a_question_is_not_lost() -> None:
    _, answer = heard(asking("x"), "x\r\n{ <cr>|a<K> }:%% ?!\r\nMA5608T#")

    assert answer.text == "%% ?!"


def test_a_device_that_asks_without_end_is_left() -> None:
    with pytest.raises(Unrecognised, match="one question after another"):
        heard(asking("x"), "x\r\n" + "{ <cr>|a<K> }:\r\n" * 9)


def test_an_error_is_recognised_at_the_start_of_a_line_only() -> None:
    _, fine = heard(asking("show"), "show\r\n  name: Failure: 100 % pure\r\nMA5608T#")
    _, wrong = heard(asking("show"), "show\r\n   ^\r\n  % Unknown command\r\nMA5608T#")

    assert (fine.error, wrong.error) == (None, "% Unknown command")


@pytest.mark.parametrize(
    "text", ["Failure: System is busy, please retry after a while", "It will take several minutes to save"]
)
def test_a_device_that_saves_is_busy(text: str) -> None:
    with pytest.raises(Busy, match="busy: ") as caught:
        heard(asking("ont add"), f"ont add\r\n  {text}\r\nMA5608T#")

    assert caught.value.after_seconds == HUAWEI.busy_seconds


def test_the_progress_of_saving_is_the_answer_of_save() -> None:
    told = "  It will take several minutes to save\r\n  The percentage of saved data on 0: 100%\r\n"
    stream = f"save\r\n{told}MA5608T#"

    assert len(heard(asking("save"), stream)[1].lines) == 2


def test_the_second_password_is_given_once() -> None:
    settings = {"password": r"Password:\s*", "enable": SecretText("let-me-up")}

    said, answer = heard(asking("enable", **settings), "enable\r\nPassword:", "\r\nMA5608T#")
    with pytest.raises(AuthFailed, match="does not accept the second password"):
        heard(asking("enable", **settings), "enable\r\nPassword:\r\nPassword:")

    assert (said, answer.place) == (["let-me-up\r"], Place("enable"))


def test_a_second_password_that_is_not_known_is_told() -> None:
    with pytest.raises(AuthFailed, match="none was given"):
        heard(asking("enable", password="Password:"), "enable\r\nPassword:")


def test_a_device_that_does_not_echo_is_believed_at_once() -> None:
    silent = evolve(HUAWEI, echoes=False)

    assert heard(asking("show", dialect=silent), "to show all\r\nMA5608T#")[1].text == "to show all"


def test_a_question_of_a_device_that_does_not_echo_ends_its_line() -> None:
    silent = evolve(HUAWEI, echoes=False)

    said, answer = heard(asking("delete", dialect=silent), "Sure? (y/n)[n]: ", "gone\r\nMA5608T#")

    assert (said, answer.text, answer.declined) == (["n\r"], " gone", ("Sure? (y/n)[n]:",))


def test_colours_and_carriage_returns_are_not_part_of_an_answer() -> None:
    _, answer = heard(asking("show"), "show\r\r\n\x1b[1;32mgreen\x1b[0m\r\n 10%\r 20%\r\nMA5608T#")

    assert answer.lines == ("green", " 20%")


def test_an_alarm_whose_end_is_missing_takes_its_first_line_only() -> None:
    _, answer = heard(asking("show"), "show\r\n  ! FAULT MINOR x\r\nline\r\nMA5608T#")

    assert answer.text == "line"
