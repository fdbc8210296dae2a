"""Handing over on the command line."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.cli.calling import exit_code
from tests.providers import Office, open_office

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """An office with a subscription that owes a month, and somebody to take it over."""
    with open_office(tmp_path / "ispcore.db") as office:
        office.subscribe(office.register("Ana"))
        office.register("Bia")
        office.close(date(2012, 2, 29))
        yield office


@pytest.fixture
def run(office: Office, capsys: pytest.CaptureFixture[str]) -> Run:
    """Call the command line on the office's database, and return its exit code and output."""

    def call(*args: str) -> tuple[int, str]:
        code = exit_code(["transfer", *args, "--db", office.url])
        return code, capsys.readouterr().out

    return call


def test_a_subscription_is_handed_over_by_the_profile_that_is_safe(run: Run) -> None:
    assert run("1", "2") == (0, "Customer 2 has it as subscription 2.\n")


def test_a_debt_that_moves_is_told_amount_by_amount(run: Run) -> None:
    code, out = run("1", "2", "--debt", "moves", "--agreed-by", "Bia", "--json")

    found = json.loads(out)
    assert (code, found["subscription"], found["customer"]) == (0, 2, 2)
    assert {one["customer"] for one in found["moved"]} == {2}


def test_what_moves_is_shown_with_its_due_day(run: Run) -> None:
    code, out = run("1", "2", "--profile", "integrator", "--agreed-by", "Bia")

    assert code == 0
    assert "is owed by customer 2 now, due 10/03/2012" in out


def test_a_debt_without_consent_is_refused(run: Run) -> None:
    assert run("1", "2", "--debt", "moves")[0] == 3
