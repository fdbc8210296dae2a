"""A screen shows what a terminal would show, in whatever pieces the stream comes."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ispcore.transports.screen import Screen


def shown(*pieces: bytes) -> list[str]:
    screen = Screen(encoding="utf-8", ends="#>")
    for piece in pieces:
        list(screen.print(piece))
    return [*screen.lines, screen.line]


@pytest.mark.parametrize(
    ("stream", "lines"),
    [
        ("one\r\ntwo", ["one", "two"]),
        ("one\ntwo", ["one", "two"]),
        ("10%\r20%", ["20%"]),
        ("abc\b\bX", ["aXc"]),
        ("\b\babc", ["abc"]),
        ("abc\x1b[2DX", ["aXc"]),
        ("abc\x1b[DX", ["abX"]),
        ("abc\x1b[99DX", ["Xbc"]),
        ("a\x1b[2CX", ["a  X"]),
        ("a\x1b[CX", ["a X"]),
        ("abc\x1b[2GX", ["aXc"]),
        ("abc\x1b[GX", ["Xbc"]),
        ("abc\r\x1b[KX", ["X"]),
        ("abc\b\x1b[1KX", ["  X"]),
        ("abc\b\x1b[2KX", ["  X"]),
        ("\x1b[1;31mred\x1b[0m\x1b[2J\x1b7\x1b(B.", ["red."]),
        ("a\x00b\x07c\x7f", ["abc"]),
        ("a\tb", ["a\tb"]),
        ("caf\N{LATIN SMALL LETTER E WITH ACUTE}", ["caf\N{LATIN SMALL LETTER E WITH ACUTE}"]),
    ],
)
def test_a_screen_does_what_it_is_told(stream: str, lines: list[str]) -> None:
    assert shown(stream.encode()) == lines


def test_a_cursor_does_not_leave_the_screen_for_ever() -> None:
    assert len(shown(b"\x1b[999999999CX")[0]) < 5000
    assert len(shown(b"\x1b[999999999GX")[0]) < 5000


ALPHABET = st.sampled_from([*"ab#> \r\n\b\t\x00\x1b[](;?1249DGKCm", "\N{EURO SIGN}"])


@given(stream=st.text(ALPHABET), cuts=st.lists(st.integers(0, 200)))
def test_the_pieces_of_a_stream_show_the_same_as_the_whole(stream: str, cuts: list[int]) -> None:
    whole = stream.encode()
    pieces = [whole[start:end] for start, end in pairwise([0, *sorted(cuts), len(whole)])]

    assert shown(*pieces) == shown(whole)


def test_a_screen_pauses_after_lines_and_what_could_end_a_prompt() -> None:
    screen = Screen(encoding="utf-8", ends="#>")

    lines = [screen.line for _ in screen.print(b"a#b>c\nd")]

    assert lines == ["a#", "a#b>", ""]


@pytest.mark.parametrize(
    "line", ["--More--(50%)", "--More-- (space for more, q to stop)", "--name#", "-- Press q:", "--More--"]
)
def test_a_line_that_begins_with_a_rule_is_looked_at_at_its_end(line: str) -> None:
    screen = Screen(encoding="utf-8", ends="#:)-")

    assert line in [screen.line for _ in screen.print(line.encode())]
    screen = Screen(encoding="utf-8", ends=line[-1])
    assert line in [screen.line for _ in screen.print(line.encode())]


def test_a_rule_across_the_page_is_looked_at_twice_and_not_at_each_dash() -> None:
    screen = Screen(encoding="utf-8", ends="-")

    lines = [screen.line for _ in screen.print(b"  ------\n--\n")]

    assert lines == ["  -", "  ------", "", "-", "--", ""]
