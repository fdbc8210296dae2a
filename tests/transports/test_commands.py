"""A command is one line, and an argument one word, whatever somebody has typed at the counter."""

import shlex

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from ispcore.driver import Invalid
from ispcore.transports import checked, quoted
from tests.transports.tables import HUAWEI


@pytest.mark.parametrize(
    ("text", "argument"),
    [("HWTC00000001", "HWTC00000001"), ("0/1", "0/1"), ("Casa do Zé", '"Casa do Zé"'), ("", '""')],
)
def test_an_argument_is_quoted_where_it_needs_quotes(text: str, argument: str) -> None:
    assert quoted(text, HUAWEI) == argument


@pytest.mark.parametrize("text", ['a" reboot "', "a;b", "a?b", "a\nb", "a\x1b[A"])
def test_an_argument_that_no_quotes_can_hold_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="An argument for Huawei SmartAX cannot have the character"):
        quoted(text, HUAWEI)


def test_a_dialect_without_quotes_takes_no_blanks() -> None:
    zte = evolve(HUAWEI, quote="")

    assert quoted("Casa_do_Zé", zte) == "Casa_do_Zé"
    assert quoted("Casa:Zé(2)", zte) == "Casa:Zé(2)"
    with pytest.raises(Invalid, match="' '"):
        quoted("Casa do Zé", zte)


@given(text=st.text())
def test_no_text_becomes_more_than_one_argument_of_one_command(text: str) -> None:
    try:
        command = checked(f"ont modify 1 desc {quoted(text, HUAWEI)} end", HUAWEI)
    except Invalid:
        return

    lexer = shlex.shlex(command, posix=True, punctuation_chars="")
    lexer.whitespace_split, lexer.escape, lexer.quotes, lexer.commenters = True, "", '"', ""
    assert list(lexer) == ["ont", "modify", "1", "desc", text, "end"]


def test_a_refusal_does_not_repeat_the_command() -> None:
    with pytest.raises(Invalid) as caught:
        checked("wifi set key open-sesame; reboot", HUAWEI)

    assert "open-sesame" not in str(caught.value)
