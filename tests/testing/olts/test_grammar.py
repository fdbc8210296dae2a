"""Lines held against patterns: what matches, what is missing, and what is wrong where."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ispcore.testing.olts.grammar import Grammar, Kind, Reading, Value, Word, Wrong

GRAMMAR = Grammar({"port": Kind(r"\d", "portid<U>"), "name": Kind(r"[a-z ]+", "name<S>")})
CHOICES = (
    ("ont add <port> [<to:port>] name <name> [type <port>]", "add"),
    ("ont delete <port>", "delete"),
    ("ont delete <port> all", "delete all"),
    ("quit", "quit"),
)


def read(line: str) -> Reading[str]:
    return GRAMMAR.read(line, CHOICES)


@pytest.mark.parametrize(
    ("line", "match", "values"),
    [
        ("quit", "quit", {}),
        ("QUIT", "quit", {}),
        ("ont add 1 name ana", "add", {"port": "1", "name": "ana"}),
        ('  ont  add 1 2 name "ana maria"', "add", {"port": "1", "to": "2", "name": "ana maria"}),
        ("ont delete 1 all", "delete all", {"port": "1"}),
    ],
)
def test_a_line_that_a_pattern_takes_has_its_values(line: str, match: str, values: dict[str, str]) -> None:
    reading = read(line)

    assert (reading.match, reading.values) == (match, values)


@pytest.mark.parametrize(
    ("line", "wrong", "column"),
    [
        ("nonsense", Wrong.UNKNOWN, 0),
        ("ont remove 1", Wrong.UNKNOWN, 4),
        ("ont add x name ana", Wrong.PARAMETER, 8),
        ("ont delete 1 all now", Wrong.TOO_MANY, 17),
        ("ont add 1", Wrong.INCOMPLETE, 9),
        ("ont add 1 nmae ana", Wrong.PARAMETER, 10),
        ("", Wrong.INCOMPLETE, 0),
    ],
)
def test_what_is_wrong_is_told_where_the_furthest_pattern_ends(line: str, wrong: Wrong, column: int) -> None:
    reading = read(line)

    assert (reading.match, reading.wrong, reading.column) == (None, wrong, column)


def test_what_could_still_come_is_told_at_the_end_of_a_line() -> None:
    assert read("ont delete 1").options == (Word("all"),)
    assert read("ont add 1").options == (Value("to", "port"), Word("name"))
    assert read("ont add 1 name ana type 2").options == ()
    assert [GRAMMAR.hint(option) for option in read("ont add 1").options] == ["portid<U>", "name<K>"]


@given(st.text(max_size=40))
def test_any_text_is_read(line: str) -> None:
    reading = read(line)

    assert reading.match is not None or 0 <= reading.column <= len(line)
