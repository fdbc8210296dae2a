"""Billing one subscription from the command line."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import engines
from tests.cli.calling import exit_code

FILE = Path("ispcore.db")
FIRST_BILL = Path(__file__).parents[2] / "examples" / "first_bill.toml"

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def books(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Call the command line where the manual's first bill was played, and return code, output and errors."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ISPCORE_DB", engines.url_at(FILE))

    def call(*args: str) -> tuple[int, str, str]:
        code = exit_code(args)
        out = capsys.readouterr()
        return code, out.out, out.err

    assert call("play", str(FIRST_BILL), "--db", engines.url_at(FILE))[0] == 0
    return call


@pytest.mark.covers("S3-102")
def test_an_open_cycle_is_billed_up_to_a_day_once(books: Run) -> None:
    tried = books("bill", "1", "--on", "2012-04-15", "--dry-run")
    done = books("bill", "1", "--on", "2012-04-15")

    assert tried == done
    assert done[1].startswith("charge 50.00 BRL ")
    assert ", due " in done[1]
    assert books("bill", "1", "--on", "2012-04-15")[1] == "There was nothing to bill.\n"


def test_what_was_billed_can_be_had_as_json(books: Run) -> None:
    code, out, _ = books("bill", "1", "--on", "2012-04-15", "--json")

    (closing,) = json.loads(out)
    assert code == 0
    assert closing["subscriptions"][0]["entries"][0]["amount"] == {"amount": "50.00", "currency": "BRL"}


@pytest.mark.parametrize("given", [(), ("--on", "2012-04-15", "--months", "2")])
def test_it_is_an_open_cycle_or_cycles_ahead(books: Run, given: tuple[str, ...]) -> None:
    code, _, err = books("bill", "1", *given)

    assert code == 2
    assert "Give --on DAY or --months N." in err


@pytest.mark.covers("S3-101")
def test_cycles_ahead_have_due_dates_of_their_own(books: Run) -> None:
    code, out, _ = books("bill", "1", "--months", "2")

    *overdue, first, second = out.splitlines()
    assert code == 0
    assert overdue
    assert first.partition(", due ")[2] != second.partition(", due ")[2]
