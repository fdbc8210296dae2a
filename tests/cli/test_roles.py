"""Roles on the command line."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cli.calling import exit_code
from tests.providers import Office, open_office

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_office(tmp_path / "ispcore.db") as office:
        office.load(
            roles={"counter": {"name": "Balcão", "permissions": ["payment.*"], "extends": ["reader"]}}
        )
        yield office


@pytest.fixture
def run(office: Office, capsys: pytest.CaptureFixture[str]) -> Run:
    """Call the command line on the office's database, and return its exit code and what it printed."""

    def call(*args: str) -> tuple[int, str, str]:
        code = exit_code(["role", *args, "--db", office.url])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return call


def test_roles_are_listed_with_those_that_ship(run: Run) -> None:
    code, out, _ = run("list")

    assert code == 0
    assert "counter          Balcão (and what reader may)\n" in out
    assert "administrator    Administrador\n" in out


def test_roles_are_listed_for_programs(run: Run) -> None:
    assert json.loads(run("list", "--json")[1])["counter"] == {"name": "Balcão", "extends": ["reader"]}


def test_what_a_role_may_is_shown_permission_by_permission(run: Run) -> None:
    code, out, _ = run("show", "counter")

    assert code == 0
    assert "payment.reverse                   take a payment back\n" in out
    assert "customer.read" in out
    assert "payment.*" not in out
    assert "debt.waive" not in out


def test_what_a_role_may_is_shown_to_programs(run: Run) -> None:
    found = json.loads(run("show", "counter", "--json")[1])

    assert found["payment.record"] == "record a payment"
    assert "debt.waive" not in found


def test_an_unknown_role_is_told_with_the_nearest_one(run: Run) -> None:
    code, _, err = run("show", "countr")

    assert (code, "Did you mean 'counter'?" in err) == (3, True)
