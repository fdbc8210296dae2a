"""A secret goes to the device, and stands nowhere else."""

import logging
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ispcore.driver import Busy, DriverError
from ispcore.transports import CliSession, Credentials, Redactor
from ispcore.values import SecretText
from tests.transports.fakes import Line, Lines, Turns
from tests.transports.tables import HUAWEI
from tests.transports.tiny import TinyOlt

SECRET = SecretText("Casa-do-Zé-7")
WRAPS = st.sampled_from(["", " \x1b[1D", "\r\n", "\r\n          ", " \b", "\x1b[80D\r\n", "\\"])


@given(before=st.text(), wraps=st.lists(WRAPS, min_size=12, max_size=12), after=st.text())
def test_a_secret_is_blotted_out_however_it_is_wrapped(before: str, wraps: list[str], after: str) -> None:
    wrapped = "".join(letter + wrap for letter, wrap in zip(SECRET.reveal(), wraps, strict=True))

    shown = Redactor([SECRET])(f"{before}{wrapped}{after}")

    assert "********" in shown
    assert wrapped.strip() not in shown


def test_a_secret_that_holds_another_is_blotted_out_whole() -> None:
    redact = Redactor([SecretText("sesame"), SecretText("open-sesame-2")])

    assert redact("key open-sesame-2, key sesame") == "key ********, key ********"


def test_an_empty_secret_hides_nothing() -> None:
    assert Redactor([SecretText(""), SecretText("  ")])("all of it") == "all of it"


def test_a_redactor_shows_none_of_what_it_knows() -> None:
    redact = Redactor([SECRET])

    assert SECRET.reveal() not in repr(redact)
    assert SECRET.reveal() not in str(vars(redact)["_patterns"].keys())


COMMAND = f"wifi set key {SECRET.reveal()}"


def session_of(olt: TinyOlt) -> tuple[CliSession, Lines]:
    lines = Lines(olt, logs_in=True)
    return CliSession(HUAWEI, Credentials("isp", SecretText("open-sesame")), lines), lines


def test_an_answer_shows_no_secret_and_has_it_for_a_parser(olt: TinyOlt) -> None:
    olt.answers[COMMAND] = f"  Failure: The key {SECRET.reveal()} is too short"
    session, _ = session_of(olt)

    answer = session.write(COMMAND, Turns(), secrets=[SECRET])

    assert answer.text == f"  Failure: The key {SECRET.reveal()} is too short"
    assert answer.error == "Failure: The key ******** is too short"
    assert SECRET.reveal() not in repr(answer)


def test_no_log_has_a_secret(olt: TinyOlt, caplog: pytest.LogCaptureFixture) -> None:
    session, _ = session_of(olt)

    with caplog.at_level(logging.DEBUG):
        session.write(COMMAND, Turns(), secrets=[SECRET])

    assert "wifi set key ********" in caplog.text
    assert SECRET.reveal() not in caplog.text
    assert "open-sesame" not in caplog.text


def wifi(some: bytes) -> bool:
    return some.startswith(b"wifi")


def cut_in_the_echo(line: Line) -> None:
    line.cut = line.mute = wifi
    line.instead = COMMAND[:-2]


def cut_before_the_prompt(line: Line) -> None:
    line.cut = line.mute = wifi
    line.instead = f"{COMMAND}\r\n{COMMAND}\r\n"


def mute(line: Line) -> None:
    line.mute = wifi
    line.instead = f"{COMMAND}\r\n{COMMAND}\r\n"


@pytest.mark.parametrize("fault", [cut_in_the_echo, cut_before_the_prompt, mute])
def test_no_error_has_a_secret(olt: TinyOlt, fault: Callable[[Line], None]) -> None:
    session, lines = session_of(olt)
    lines.prepare = fault

    with pytest.raises(DriverError) as caught:
        session.write(COMMAND, Turns(), secrets=[SECRET])

    said = f"{caught.value!r}{caught.value}{caught.value.__cause__!r}{caught.value.__cause__}"
    assert "wifi set key ********" in said
    assert SECRET.reveal()[:6] not in said


def test_a_busy_device_that_repeats_a_secret_tells_it_to_nobody(olt: TinyOlt) -> None:
    olt.answers[COMMAND] = f"  Failure: System is busy with {SECRET.reveal()}"
    session, _ = session_of(olt)

    with pytest.raises(Busy) as caught:
        session.write(COMMAND, Turns(), secrets=[SECRET])

    assert "busy with ********" in str(caught.value)
