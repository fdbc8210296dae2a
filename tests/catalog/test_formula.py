"""The language of penalties: what it computes, what it refuses, and that every text ends."""

import os
import random
import re
from contextlib import suppress
from fractions import Fraction
from math import ceil, floor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ispcore.catalog import NAMES, Formula
from ispcore.errors import InvalidValueError, IspcoreError, RefusedError

FORMULAS = int(os.environ.get("ISPCORE_FORMULAS", "5000"))
"""How many random and hostile texts are tried."""
VALUES = {name: Fraction(number, 3) for number, name in enumerate(NAMES, start=2)}


def value(text: str, **values: int | str) -> str:
    return str(Formula.parse(text).value(VALUES | {name: Fraction(one) for name, one in values.items()}))


@pytest.mark.covers("S0-073")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("350", "350"),
        ("0.1 + 0.2", "3/10"),
        ("benefit * remaining_months / term_months", "350"),
        ("benefit*remaining_months/term_months if remaining_months > 3 else 0", "350"),
        ("min(benefit, 99.90 * remaining_months * 0.5, 100)", "100"),
        ("max(1, -2)", "1"),
        ("ceil(7 / 2) + floor(7 / 2) + round(7 / 2) + round(10 / 4) + abs(-1)", "15"),
        ("1 if 1 < 2 <= 2 else 0", "1"),
        ("1 if (1 == 2) else 2 if 3 != 3 else 3", "3"),
        ("1 - 2 - 3", "-4"),
        ("  2\t*\n3 ", "6"),
    ],
)
def test_what_a_formula_comes_to_is_exact(text: str, expected: str) -> None:
    assert value(text, benefit="600", term_months=12, remaining_months=7) == expected


def test_a_formula_knows_the_names_that_it_uses() -> None:
    assert Formula.parse("min(benefit, 2 * monthly_price)").names == {"benefit", "monthly_price"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "it says nothing"),
        (" \n", "it says nothing"),
        ("benefit * remaning_months", "nothing is called 'remaning_months'.*Did you mean 'remaining_months'"),
        ("wages", "nothing is called 'wages'.*There are: benefit"),
        ("minn(1)", "nothing is called 'minn'.*Did you mean 'min'"),
        ("min()", "min takes numbers"),
        ("abs(1, 2)", "abs takes one number"),
        ("2 ** 9", "not well formed|no number"),
        ("2 // 9", "not well formed|no number"),
        ("(1", "not well formed"),
        ("1 2", "not well formed"),
        ("007", "not well formed"),
        ("+1", "no number"),
        ("1 < 2", r"a part of it \(compare\) is no number"),
        ("1 if 2 else 3", r"a part of it \(constant\) is no condition"),
        ("1 if 2 in 3 else 3", "compares in an unknown way"),
        ("not 1", "no number"),
        ("1 and 2", "no number"),
        ("lambda: 1", "':' at character 7 is not of it"),
        ("benefit.real", "'.' at character 8 is not of it"),
        ("'a' * 9", '"\'" at character 1 is not of it'),
        ("__import__(1)", "nothing is called '__import__'"),
        ("min(benefit)(1)", "no number"),
        ("(1, 2)", "no number"),
        ("1e9", "not well formed"),
        ("0x10", "not well formed"),
        ("٣", "at character 1 is not of it"),
        ("9" * 501, "it has 501 characters"),
        ("9" * 16, "not well formed"),
        ("(" * 99 + "1" + ")" * 99 + "-" * 41 + "1", "too intricate"),
        ("1" + "+1" * 120, "too intricate"),
    ],
)
def test_what_is_none_of_the_language_is_refused_when_it_is_read(text: str, words: str) -> None:
    with pytest.raises(InvalidValueError, match=words):
        Formula.parse(text)


def test_a_division_by_zero_names_the_formula_and_its_values() -> None:
    formula = Formula.parse("benefit / (term_months - 12)")

    with pytest.raises(RefusedError, match=r"divides by zero, with benefit 600, .*term_months 12") as refused:
        formula.value(VALUES | {"benefit": Fraction(600), "term_months": Fraction(12)})

    assert refused.value.rule == "formula"


def test_a_number_beyond_all_measure_is_refused() -> None:
    formula = Formula.parse("*".join(["999999999999999"] * 5))

    with pytest.raises(RefusedError, match="beyond all measure"):
        formula.value(VALUES)


numbers = st.decimals(0, 9999, places=2).map(str)
expressions = st.recursive(
    numbers | st.sampled_from(sorted(NAMES)),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda one: f"({one[0]} {one[1]} {one[2]})"),
        st.tuples(inner, inner, inner).map(lambda one: f"({one[0]} if {one[1]} < {one[2]} else {one[2]})"),
        st.tuples(st.sampled_from(["min", "max"]), inner, inner).map(
            lambda one: f"{one[0]}({one[1]}, {one[2]})"
        ),
        st.tuples(st.sampled_from(["abs", "ceil", "floor", "round"]), inner).map(
            lambda one: f"{one[0]}({one[1]})"
        ),
    ),
    max_leaves=8,
)


def _reference(text: str) -> Fraction:
    """Compute with Python itself, every number a fraction."""
    spelled = re.sub(r"\d+(\.\d+)?", lambda found: f"F('{found[0]}')", text)
    known: dict[str, Any] = {"F": Fraction, **VALUES}
    known["ceil"], known["floor"] = lambda one: Fraction(ceil(one)), lambda one: Fraction(floor(one))
    known["round"] = lambda one: Fraction(floor(one + Fraction(1, 2)))
    return Fraction(eval(spelled, known))


@given(expressions)
def test_it_computes_what_python_does_with_fractions(text: str) -> None:
    try:
        expected = _reference(text)
    except ZeroDivisionError:
        with pytest.raises(RefusedError, match="divides by zero"):
            Formula.parse(text).value(VALUES)
        return
    assert Formula.parse(text).value(VALUES) == expected


HOSTILE = [
    "__import__('os').system('true')",
    "().__class__.__bases__[0].__subclasses__()",
    "'%9999999999s' % 1",
    "9**9**9**9",
    "[x for x in range(10**9)]",
    "(" * 300,
    "-" * 499 + "1",
    "1if" * 160,
    "min(" * 100 + "1" + ")" * 100,
    "\x00",
    "benefit\u2028",
    "open('/etc/passwd').read()",
    "f'{benefit}'",
    "benefit if benefit else" * 20,
    "1 < " * 120 + "1",
]
WORDS = ["if", "else", "min(", "9" * 15, "<=", "==", "lambda", "**", *NAMES]
PIECES = [*"+-*/()<>,.=!'\"[]{}%:;@ \n\t\\0129eExX_", *WORDS]


@pytest.mark.endurance
def test_every_text_ends_in_a_number_or_in_an_error_of_ours() -> None:
    chance = random.Random(7)
    random_ones = ("".join(chance.choices(PIECES, k=chance.randrange(1, 60))) for _ in range(FORMULAS))
    for text in (*HOSTILE, *random_ones):
        with suppress(IspcoreError):
            assert isinstance(Formula.parse(text).value(VALUES), Fraction)
