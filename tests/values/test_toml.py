from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ispcore.errors import DocumentError
from ispcore.values import Problem, locate, located, parse_toml

TEXT = '''\
# [plans.adsl] in a comment is no table
currency = "BRL"
text = """
[plans.adsl]
price = "in a text"
"""
cities = [
  "Londrina",
  ["x = 1"],
]
odd = [ "]", '[', { a = 1 } ]  # ]

[plans.adsl]  # [plans.other]
name = 'ADSL = fast'
includes = { mailbox = 2 }

[[plans.adsl.versions]]
from = 2012-01-01
price = "100.00"

[[plans.adsl.versions.lines]]
id = "a"

[[plans.adsl.versions.lines]]
id = "b"

[[ plans . adsl . versions ]]
price = "120.00"

[[plans.adsl.versions.lines]]
id = "c"
[plans.adsl.versions.extra]
a.b = 1

[accounts."3.1.1"]
name = "Receita"
"quoted \\u00e9" = 1
'''


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("currency", 2),
        ("text", 3),
        ("cities", 7),
        ("cities[1]", 7),
        ("odd[2].a", 11),
        ("plans.adsl", 13),
        ("plans.adsl.name", 14),
        ("plans.adsl.includes.mailbox", 15),
        ("plans.adsl.missing", 13),
        ("plans.adsl.versions", 17),
        ("plans.adsl.versions[0]", 17),
        ("plans.adsl.versions[0].price", 19),
        ("plans.adsl.versions[0].company", 17),
        ("plans.adsl.versions[0].lines[1].id", 25),
        ("plans.adsl.versions[1].price", 28),
        ("plans.adsl.versions[1].lines[0].id", 31),
        ("plans.adsl.versions[1].extra.a.b", 33),
        ('accounts."3.1.1".name', 36),
        ('accounts."3.1.1"."quoted é"', 37),
    ],
)
def test_a_place_is_found_in_its_line(place: str, line: int) -> None:
    assert parse_toml(TEXT, "The sample")
    assert locate(TEXT, place) == line
    assert locate(TEXT.replace("\n", "\r\n"), place) == line


@pytest.mark.parametrize("place", ["", "steps[3].on", "nothing", "[", "]["])
def test_an_unknown_place_has_no_line(place: str) -> None:
    assert locate(TEXT, place) is None


def test_problems_get_their_lines_and_are_ordered_by_them() -> None:
    error = DocumentError(
        "The sample",
        [Problem("plans.adsl.name", "b"), Problem("currency", "a"), Problem("x", "c", line=9), "plain text"],
    )

    assert [str(problem) for problem in located(error, TEXT).problems] == [
        "plain text",
        "line 2: currency: a",
        "line 9: x: c",
        "line 14: plans.adsl.name: b",
    ]


@given(st.text(alphabet="ab.[]{}=\"'#\\\n 1"), st.text(alphabet='ab.[]"01'))
def test_looking_for_a_line_never_fails(text: str, place: str) -> None:
    line = locate(text, place)

    assert line is None or 1 <= line <= text.count("\n") + 1


def test_text_and_bytes_are_read_with_or_without_a_byte_order_mark() -> None:
    assert parse_toml("a = 1", "x") == {"a": 1}
    assert parse_toml("\ufeffa = 'é'", "x") == {"a": "é"}
    assert parse_toml("\ufeffa = 'é'".encode(), "x") == {"a": "é"}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a = 1\nb = \n", "line 2: It is not TOML: Invalid value, at column 5."),
        ('\n\na = "', "line 3: It is not TOML: Unterminated string, at its end."),
        ('a = "\x00"', r"line 1: It is not TOML: Illegal character '\x00', at column 6."),
        ("a = 2011-02-29", "line 1: It is not TOML: Invalid date or datetime, at column 5."),
        (b"a = 1\nb = '\xe9'", "line 2: It is not UTF-8 text. Save it as UTF-8."),
        ("a = " + "[" * 100_000, "It is nested too deeply."),
        ("a." * 1000 + "b = 1", "It is nested more than 64 levels deep."),
        ("a = " + "[" * 70 + "]" * 70, "It is nested more than 64 levels deep."),
        ("a = " + "9" * 5000, "It holds a number that is too long."),
    ],
)
def test_text_that_is_no_toml_is_told_with_its_line(text: str | bytes, problem: str) -> None:
    with pytest.raises(DocumentError) as caught:
        parse_toml(text, "The scenario")

    assert [str(found) for found in caught.value.problems] == [problem]
    assert caught.value.what == "The scenario"


@given(st.binary() | st.text())
def test_any_text_is_read_or_refused(text: str | bytes) -> None:
    found: object = {}
    with suppress(DocumentError):
        found = parse_toml(text, "x")

    assert isinstance(found, dict)
