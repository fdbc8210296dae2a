"""Signing in: what devices ask and say before there is a prompt."""

from itertools import pairwise

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from ispcore.driver import AuthFailed, Busy, RateLimited
from ispcore.transports import Credentials, Place, SigningIn
from ispcore.values import SecretText
from tests.transports.heard import follow, heard
from tests.transports.tables import HUAWEI


def signing_in() -> SigningIn:
    return SigningIn(HUAWEI, Credentials("isp", SecretText("open-sesame")))


LOGIN = ">>User name:isp\r\n>>User password:\r\n\r\n  Note:\r\n5-days-left>\r\nOLT-1.pop>\r\nOLT-1.pop>"


@given(cuts=st.lists(st.integers(0, len(LOGIN))))
def test_name_and_password_are_given_once_each_in_whatever_pieces_they_are_asked_for(cuts: list[int]) -> None:
    pieces = [LOGIN[start:end] for start, end in pairwise([0, *sorted(cuts), len(LOGIN)])]

    said, prompt = heard(signing_in(), *pieces)

    assert said == ["isp\r", "open-sesame\r", "\r"]
    assert prompt == ("OLT-1.pop", Place("user"))


def test_what_looks_like_a_prompt_is_one_when_enter_brings_it_again() -> None:
    machine = signing_in()

    said, prompt = heard(machine, "OLT>")
    said_again: list[str] = []
    for _ in range(10):
        assert follow(machine.quiet(), said_again) is None

    assert (said, prompt) == (["\r"], None)
    assert said_again == ["\r"]


def test_a_device_that_does_not_echo_ends_no_line_after_a_question() -> None:
    machine = SigningIn(evolve(HUAWEI, echoes=False), Credentials("isp", SecretText("open-sesame")))

    said, prompt = heard(machine, ">>User name: >>User password: OLT> OLT> ")

    assert said == ["isp\r", "open-sesame\r", "\r"]
    assert prompt == ("OLT", Place("user"))


def test_a_long_greeting_is_read_and_its_questions_are_declined() -> None:
    greeting = "Rules\r\n---- More ( Press 'Q' to break ) ----\r\nChange the password now? (y/n)[n]:n\r\n"

    said, _ = heard(signing_in(), greeting)

    assert said == [" ", "n\r"]


def test_silence_before_a_prompt_is_waited_for() -> None:
    machine = signing_in()
    heard(machine, "Welcome\r\n")

    assert follow(machine.quiet(), []) is None


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("  Username or password invalid.\r\n", AuthFailed),
        ("  Reenter times have reached the upper limit.\r\n", Busy),
        ("  The IP address has been locked\r\n", RateLimited),
        (">>User name:isp\r\n>>User password:\r\n>>User name:", AuthFailed),
    ],
)
def test_a_refusal_is_told_by_its_reason(text: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        heard(signing_in(), text)


def test_the_last_words_count_though_their_line_does_not_end() -> None:
    machine = signing_in()
    heard(machine, "\r\n  Reenter times have reached the upper limit")

    assert isinstance(machine.why(), Busy)


def test_an_end_without_a_word_has_no_reason() -> None:
    machine = signing_in()
    heard(machine, "Welcome\r\n")

    assert machine.why() is None
