"""Every case is played against a provider in memory, and passes or stands in the table with its reason."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from ispcore import customers, plans, usecases
from tests.cases import (
    brazil,
    brazil_dunning,
    brazil_late,
    brazil_penalty,
    brazil_terms,
    kill_bill_cycles,
    kill_bill_invoices,
    kill_bill_repairs,
    kill_bill_stories,
    lago,
    others,
    page,
)
from tests.cases.outcome import Outcome, Row
from tests.cases.playing import PLAYERS, play
from tests.cases.reading import BRAZIL, CASES, ENGINES
from tests.cases.table import DIFFERENT, NOT_EXPRESSIBLE, Different, NotExpressible

_MODULES = (
    brazil,
    brazil_dunning,
    brazil_late,
    brazil_penalty,
    brazil_terms,
    kill_bill_cycles,
    kill_bill_invoices,
    kill_bill_repairs,
    kill_bill_stories,
    lago,
    others,
)
"""Importing a module makes its players known."""

LEAP_DAY = date(2012, 2, 29)

_PASSING = [name for name in CASES if name not in DIFFERENT and name not in NOT_EXPRESSIBLE]


@pytest.mark.parametrize("name", _PASSING)
def test_a_case_comes_out_as_where_it_was_found(name: str) -> None:
    assert play(name).differences() == {}


@pytest.mark.parametrize("name", DIFFERENT)
def test_a_case_that_is_different_on_purpose_differs_by_exactly_so_much(name: str) -> None:
    assert play(name).differences() == DIFFERENT[name].by


@pytest.mark.parametrize("name", NOT_EXPRESSIBLE)
def test_a_case_that_cannot_be_told_still_has_no_command(name: str) -> None:
    modules = (plans, usecases, customers)
    commands = [one for module in modules for one in module.__all__ if _is_command(module, one)]

    found = [one for one in commands for word in NOT_EXPRESSIBLE[name].words if word in one.lower()]

    assert {"Pause", "RecordPayment", "ChangeCustomer"} <= set(commands)
    assert not found, f"{name} can perhaps be told now, with {found}."


def _is_command(module: object, name: str) -> bool:
    value = getattr(module, name)
    bases = (plans.Command, customers.CustomerCommand, usecases.MoneyCommand)
    return isinstance(value, type) and issubclass(value, bases)


def test_every_case_is_played_or_cannot_be_told() -> None:
    assert len(ENGINES) == 78
    assert len(BRAZIL) == 34
    assert set(PLAYERS) == set(CASES) - set(NOT_EXPRESSIBLE)


def test_few_cases_of_other_engines_do_not_pass_and_each_says_why() -> None:
    table: dict[str, Different | NotExpressible] = {**DIFFERENT, **NOT_EXPRESSIBLE}

    assert len(set(table) & set(ENGINES)) < 15
    assert not set(table) - set(CASES)
    assert all(one.by for one in DIFFERENT.values())


@pytest.mark.parametrize(
    ("found", "differences"),
    [
        ({"a": Row(100)}, {}),
        ({"a": Row(101)}, {"a": Row(1)}),
        ({}, {"a": Row(-100)}),
        ({"a": Row(100, LEAP_DAY, Fraction(1))}, {}),
        ({"a": Row(100), "b": Row(5)}, {"b": Row(5)}),
        ({"a": Row(100), "c": "2012-02-29"}, {"c": "2012-02-29"}),
    ],
)
def test_an_outcome_tells_what_is_wrong_missing_or_too_much(
    found: dict[str, Any], differences: dict[str, Any]
) -> None:
    assert Outcome({"a": Row(100)}, found).differences() == differences


def test_rows_differ_in_their_end_and_share_only_where_these_are_expected() -> None:
    expected, found = Row(100, LEAP_DAY, Fraction(1, 2)), Row(100, date(2012, 3, 1), Fraction(1, 3))

    assert Outcome({"a": expected}, {"a": found}).differences() == {
        "a": Row(0, date(2012, 3, 1), Fraction(1, 3))
    }
    assert Outcome({"a": Row(100)}, {"a": found}).differences() == {}


def test_the_page_shows_the_table_as_it_is() -> None:
    text = page.PAGE.read_text("utf-8")

    assert page.with_tables(text) == text, "Write it again: python -m tests.cases.page"
