"""A session: the mode of a command, deadlines, ends of connections, and what is never sent twice."""

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from ispcore.driver import (
    AuthFailed,
    Busy,
    Cancelled,
    Invalid,
    OutcomeUnknown,
    Unreachable,
    Unrecognised,
)
from ispcore.errors import InvalidValueError
from ispcore.transports import CliSession, Credentials, Place
from ispcore.values import SecretText
from tests.transports.fakes import Line, Lines, Turns
from tests.transports.tables import HUAWEI
from tests.transports.tiny import TinyOlt

RIGHT = Credentials("isp", SecretText("open-sesame"))
PLAIN = evolve(HUAWEI, setup=())


@pytest.fixture
def lines(olt: TinyOlt) -> Lines:
    return Lines(olt)


@pytest.fixture
def session(lines: Lines) -> CliSession:
    return CliSession(PLAIN, RIGHT, lines)


def test_a_session_finds_its_way_from_any_mode_to_any_other(session: CliSession, olt: TinyOlt) -> None:
    for place in (Place("gpon", "0/1"), Place("gpon", "0/2"), Place("user"), Place("config")):
        assert session.read("display version", Turns(), mode=place).place == place

    ways = [line for line in olt.heard if line != "display version"]
    assert ways == [
        *("enable", "config", "interface gpon 0/1"),
        *("quit", "interface gpon 0/2"),
        *("return", "disable"),
        *("enable", "config"),
    ]


def test_a_place_is_kept_where_the_prompt_does_not_tell_it(olt: TinyOlt, lines: Lines) -> None:
    modes = tuple(
        evolve(mode, prompt=r"\(config-if-gpon-\S+\)#") if mode.name == "gpon" else mode
        for mode in PLAIN.modes
    )
    session = CliSession(evolve(PLAIN, modes=modes), RIGHT, lines)

    session.read("display version", Turns(), mode=Place("gpon", "0/1"))
    session.read("display version", Turns(), mode=Place("gpon", "0/1"))

    assert olt.heard.count("interface gpon 0/1") == 1
    assert session.place == Place("gpon", "0/1")


def test_a_mode_that_is_not_reached_is_told(session: CliSession) -> None:
    with pytest.raises(Unrecognised, match="did not go to the mode 'gpon' by") as caught:
        session.read("display version", Turns(), mode=Place("gpon", "9"))

    assert "Unknown command" in caught.value.raw
    assert not caught.value.wrote


def test_a_mode_that_the_dialect_does_not_lead_to_is_a_mistake(session: CliSession) -> None:
    with pytest.raises(InvalidValueError, match="tells no way from user to diagnose"):
        session.read("display version", Turns(), mode="diagnose")


@pytest.mark.parametrize("piece", [1, 2, 7])
def test_the_size_of_packets_changes_nothing(olt: TinyOlt, lines: Lines, piece: int) -> None:
    lines.prepare = lambda line: setattr(line, "step", piece)
    olt.onts = [f"HWTC{number:08X}" for number in range(30)]
    session = CliSession(HUAWEI, RIGHT, lines)

    answer = session.read("display ont info all", Turns(100_000), mode="enable")

    assert answer.lines == (*(f"  ONT {one}" for one in olt.onts), "  total")


NEWS = "  ! FAULT MAJOR 2026-01-02 ALARM 8921\r\n  CAUSE : dust\r\n  --- END\r\n"


@given(
    serials=st.lists(st.text("ABCDEF#>%:-", min_size=1, max_size=30), max_size=40),
    calls=st.lists(
        st.tuples(
            st.sampled_from(["user", "enable", "config", Place("gpon", "0/1"), Place("gpon", "0/2")]),
            st.sampled_from(["", f"\r\n{NEWS}", f"\r\n{NEWS}MA5608T>"]),
            st.sampled_from(["", NEWS]),
        ),
        max_size=6,
    ),
    piece=st.integers(1, 60),
)
def test_no_mixture_of_modes_alarms_pages_and_packets_changes_an_answer(
    serials: list[str], calls: list[tuple[Place | str, str, str]], piece: int
) -> None:
    olt = TinyOlt()
    olt.onts = serials
    lines = Lines(olt)
    session = CliSession(HUAWEI, RIGHT, lines)
    session.connect(Turns(10_000))
    lines.last.step = piece

    for mode, before, within in calls:
        lines.last.say(before)
        olt.alarm = within
        answer = session.read("display ont info all", Turns(100_000), mode=mode)

        assert answer.lines == (*(f"  ONT {one}" for one in serials), "  total")


def test_alarms_between_and_within_answers_are_no_answers(
    session: CliSession, olt: TinyOlt, lines: Lines
) -> None:
    session.connect(Turns())
    olt.alarm = "  ! FAULT MAJOR 2026-01-02 ALARM 8921\r\n  CAUSE : dust\r\n  --- END\r\n"
    lines.last.say("\r\n  ! ALARM fan 3 stopped\r\nMA5608T>")

    answer = session.read("display ont info all", Turns())

    assert answer.text == "  total"


def test_a_renamed_host_is_known_by_its_new_name(session: CliSession, olt: TinyOlt) -> None:
    session.connect(Turns())
    olt.host = "POP-2"

    assert session.read("display ont info all", Turns()).text == "  total"
    assert session.host == "POP-2"


def test_silence_after_a_write_is_not_known_and_after_a_read_is_no_connection(
    olt: TinyOlt, lines: Lines
) -> None:
    lines.prepare = lambda line: setattr(line, "mute", lambda some: some.startswith(b"ont add"))
    session = CliSession(PLAIN, RIGHT, lines)

    with pytest.raises(OutcomeUnknown, match="did not answer in time, after 'ont add X'"):
        session.write("ont add X", Turns())
    with pytest.raises(Unreachable, match="did not answer in time"):
        session.read("ont add X", Turns())

    assert [line.closed for line in lines.opened] == [True, True]


@pytest.mark.parametrize("writes", [True, False])
def test_an_end_in_the_midst_of_a_command_is_told_and_it_is_not_sent_again(
    olt: TinyOlt, lines: Lines, *, writes: bool
) -> None:
    lines.prepare = lambda line: setattr(line, "cut", lambda some: some.startswith(b"ont delete"))
    session = CliSession(PLAIN, RIGHT, lines)

    with pytest.raises(OutcomeUnknown if writes else Unreachable, match="closed the connection") as caught:
        (session.write if writes else session.read)("ont delete 1", Turns())

    assert caught.value.wrote is writes
    assert "Are you sure" in str(caught.value)
    assert [some for line in lines.opened for some in line.sent].count(b"ont delete 1\r") == 1


def test_a_connection_that_ended_while_idle_is_opened_anew_before_a_command(
    session: CliSession, olt: TinyOlt, lines: Lines
) -> None:
    session.read("display ont info all", Turns(), mode="config")
    lines.last.say("\r\n  Configuration console time out, please retry to log on\r\n")
    lines.last.end()

    answer = session.write("ont add HWTC1", Turns(), mode="config")

    assert "success: 1" in answer.text
    assert len(lines.opened) == 2
    assert lines.opened[0].closed


def test_without_time_nothing_is_sent(session: CliSession, olt: TinyOlt, lines: Lines) -> None:
    session.connect(Turns())
    before = list(lines.last.sent)

    with pytest.raises(Cancelled, match="no time left for 'ont add X'"):
        session.write("ont add X", Turns(0))

    assert lines.opened[0].sent == before


def test_a_device_that_shows_no_prompt_cannot_be_reached(olt: TinyOlt, lines: Lines) -> None:
    lines.prepare = lambda line: setattr(line, "mute", lambda _: True)
    session = CliSession(PLAIN, RIGHT, lines, patience_seconds=0.01)

    with pytest.raises(Unreachable, match="shows no prompt"):
        session.connect(Turns())

    assert lines.last.closed


def test_a_device_that_is_busy_takes_the_next_command(
    session: CliSession, olt: TinyOlt, lines: Lines
) -> None:
    olt.answers["ont add X"] = "  Failure: System is busy, please retry after a while"

    with pytest.raises(Busy):
        session.write("ont add X", Turns())

    assert session.read("display ont info all", Turns()).text == "  total"
    assert len(lines.opened) == 1


def test_a_question_that_the_command_does_not_agree_to_is_told(session: CliSession, olt: TinyOlt) -> None:
    olt.onts = ["HWTC1"]

    with pytest.raises(Unrecognised, match="does not agree to") as caught:
        session.write("ont delete 1", Turns(), confirms=["reboot"])
    session.write("ont delete 1", Turns(), confirms=["delete the ONT"])

    assert not caught.value.wrote
    assert olt.onts == []


@pytest.mark.parametrize(
    "command",
    [
        "",
        "   ",
        "display version\nreboot",
        "display version\rreboot",
        "display version; reboot",
        "display ?",
        "display\x1b[A",
        "display\x03",
        "display \u20ac",
        "display \x85reboot",
        "x" * 513,
    ],
)
def test_nothing_is_sent_that_is_not_one_command(lines: Lines, command: str) -> None:
    session = CliSession(evolve(PLAIN, encoding="ascii"), RIGHT, lines)

    with pytest.raises(Invalid):
        session.write(command, Turns())

    assert lines.opened == []


def test_the_place_in_a_way_is_checked_like_a_command(session: CliSession, olt: TinyOlt) -> None:
    with pytest.raises(Invalid):
        session.read("display version", Turns(), mode=Place("gpon", "0/1\rreboot"))

    assert "reboot" not in olt.heard


def test_the_second_password_is_given_where_it_is_asked_for(olt: TinyOlt, lines: Lines) -> None:
    olt.enable = "let-me-up"
    session = CliSession(PLAIN, evolve(RIGHT, enable=SecretText("let-me-up")), lines)

    assert session.read("display version", Turns(), mode="enable").place == Place("enable")


@pytest.mark.parametrize("enable", [SecretText("wrong"), None])
def test_a_second_password_that_is_refused_is_never_given_twice(
    olt: TinyOlt, lines: Lines, enable: SecretText | None
) -> None:
    olt.enable = "let-me-up"
    session = CliSession(PLAIN, evolve(RIGHT, enable=enable), lines)

    for _ in range(3):
        with pytest.raises(AuthFailed, match="second password"):
            session.read("display version", Turns(), mode="enable")

    assert olt.heard == ["enable"]
    assert [line.closed for line in lines.opened] == [True]


def test_a_session_that_is_half_set_up_is_set_up_anew(olt: TinyOlt, lines: Lines) -> None:
    olt.answers["scroll 512"] = "  It will take several minutes to save"
    session = CliSession(HUAWEI, RIGHT, lines)

    with pytest.raises(Busy):
        session.connect(Turns())
    del olt.answers["scroll 512"]
    session.connect(Turns())

    assert olt.heard.count("scroll 512") == 2


# --- signing in


def signed_in(olt: TinyOlt, password: str = "open-sesame") -> tuple[CliSession, Lines]:
    lines = Lines(olt, logs_in=True)
    return CliSession(PLAIN, Credentials("isp", SecretText(password)), lines), lines


def test_name_and_password_are_given_where_they_are_asked_for(olt: TinyOlt) -> None:
    session, lines = signed_in(olt)

    session.connect(Turns())

    assert lines.last.sent == [b"isp\r", b"open-sesame\r", b"\r"]
    assert (session.host, session.place) == ("MA5608T", Place("user"))


@pytest.mark.parametrize(
    ("words", "error"),
    [("Reenter times have reached the upper limit.", Busy), ("", Unreachable)],
    ids=["no session free", "no word"],
)
def test_a_device_that_hangs_up_before_the_prompt_is_told_by_its_last_words(
    olt: TinyOlt, lines: Lines, words: str, error: type[Exception]
) -> None:
    def hang_up(line: Line) -> None:
        line.receive(0)
        line.say(words)
        line.end()

    lines.prepare = hang_up

    with pytest.raises(error):
        CliSession(PLAIN, RIGHT, lines).connect(Turns())


def test_a_wrong_password_is_never_given_twice(olt: TinyOlt) -> None:
    session, lines = signed_in(olt, "wrong")

    for _ in range(3):
        with pytest.raises(AuthFailed):
            session.read("display version", Turns())

    assert olt.logins == 1
    assert len(lines.opened) == 1
