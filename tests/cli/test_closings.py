"""Closings from the command line: with workers, listed, unfinished ones told."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from ispcore.cli.main import main
from tests import engines
from tests.cli.calling import exit_code
from tests.providers import sql_at

FILE = Path("ispcore.db")
FIRST_BILL = Path(__file__).parents[2] / "examples" / "first_bill.toml"

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def books(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Call the command line where the manual's first bill was played, and return code, output and errors."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ISPCORE_DB", engines.url_at(FILE))
    monkeypatch.setenv("COLUMNS", "160")

    def call(*args: str) -> tuple[int, str, str]:
        code = exit_code(args)
        out = capsys.readouterr()
        return code, out.out, out.err

    assert call("play", str(FIRST_BILL), "--db", engines.url_at(FILE))[0] == 0
    return call


def test_a_closing_with_workers_prints_what_one_without_does(books: Run) -> None:
    code, out, err = books("close", "--on", "2012-04-30", "--workers", "2")

    assert (code, err) == (0, "")
    assert "Closed 30/04/2012: 1 customer, 2 charges (200.00 BRL), 0 credits, 2 receivables." in out
    assert books("close", "--on", "2012-04-30")[1] == (
        "Closed 30/04/2012: 1 customer, 0 charges, 0 credits, 0 receivables.\n"
    )


def test_the_number_of_workers_has_bounds(books: Run) -> None:
    code, _, err = books("close", "--on", "2012-04-30", "--workers", "0")

    assert code == 2
    assert "0 is not in the range 1<=x<=256" in err


def test_closings_are_listed_with_what_they_came_to(books: Run) -> None:
    books("close", "--on", "2012-04-30")

    code, out, _ = books("runs")

    first = out.splitlines()[0]
    assert code == 0
    assert first.startswith("30/04/2012, begun ")
    assert first.endswith(": 1 customer, 2 charges (200.00 BRL), 0 credits, 2 receivables.")


def test_an_unfinished_closing_is_told_with_the_way_to_go_on(books: Run) -> None:
    books("close", "--on", "2012-04-30")
    sql_at(
        engines.url_at(FILE),
        "update runs set finished_at = null, summary = null where closed_on = '2012-04-30'",
    )

    code, out, _ = books("runs")

    assert code == 1
    assert "not finished; so far 2 charges (200.00 BRL)" in out
    assert "To go on: ispcore close --on 2012-04-30" in out
    assert books("close", "--on", "2012-04-30")[1] == (
        "Closed 30/04/2012: 1 customer, 2 charges (200.00 BRL), 0 credits, 2 receivables.\n"
    )
    assert books("runs")[0] == 0


def test_closings_are_listed_for_programs(books: Run) -> None:
    books("close", "--on", "2012-04-30")

    code, out, _ = books("runs", "--json")

    latest = json.loads(out)[0]
    assert code == 0
    assert (latest["on"], latest["customers"], latest["charges"], latest["customer"]) == (
        "2012-04-30",
        1,
        2,
        None,
    )
    assert latest["finished_at"] > latest["started_at"]


def test_where_nothing_was_closed_the_way_to_begin_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["init", "--db", str(tmp_path / "new.db")])
    with pytest.raises(SystemExit):
        main(["runs", "--db", str(tmp_path / "new.db")])

    assert "No closing was begun yet. Begin one with 'ispcore close --on DAY'." in capsys.readouterr().out
