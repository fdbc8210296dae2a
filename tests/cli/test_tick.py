"""The command that does everything that time does, called as a timer calls it."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from ispcore.desks import SystemClock
from tests.cli.calling import exit_code
from tests.providers import Office


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A database with a bill that is due."""
    office = Office(tmp_path / "tick.db")
    office.load()
    today = SystemClock().now().date()  # as the command does
    office.clock.move_to(today - timedelta(days=90))
    office.subscribe(office.register(), on=today - timedelta(days=90))
    office.close(today - timedelta(days=20))
    office.database.close()
    return office.url


def call(capsys: pytest.CaptureFixture[str], url: str, *args: str) -> tuple[int, str, str]:
    code = exit_code(["tick", *args, "--db", url])
    told = capsys.readouterr()
    return code, told.out, told.err


def test_a_tick_tells_each_chore_and_another_one_does_nothing(
    capsys: pytest.CaptureFixture[str], url: str
) -> None:
    code, previewed, _ = call(capsys, url, "--preview")
    assert (code, previewed.splitlines()[0]) == (0, "A preview; nothing is saved.")

    code, first, _ = call(capsys, url)
    _, again, _ = call(capsys, url)

    assert code == 0
    assert "slips:        1 slips were issued, 0 of them in the place of others." in first
    assert "slips:        0 slips were issued, 0 of them in the place of others." in again
    assert previewed.splitlines()[1:] == first.splitlines()[:-4]


def test_a_tick_is_given_to_programs(capsys: pytest.CaptureFixture[str], url: str) -> None:
    _, out, _ = call(capsys, url, "--json")

    chores = {chore["name"]: chore["counts"] for chore in json.loads(out)["chores"]}
    assert chores["slips"] == {"issued": 1, "replaced": 0}


def test_a_day_to_come_is_refused_and_the_network_takes_no_day(
    capsys: pytest.CaptureFixture[str], url: str
) -> None:
    code, _, told = call(capsys, url, "--on", str(date.max.year - 1) + "-01-01")
    assert (code, "is still to come" in told) == (3, True)
    code, _, told = call(capsys, url, "--network", "--on", "2012-01-01")
    assert (code, "leave --on out" in told) == (2, True)
