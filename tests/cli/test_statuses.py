"""Statuses over a calendar, on the command line."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cli.calling import exit_code
from tests.providers import ANA, Office, open_office

Run = Callable[..., tuple[int, str, str]]

EDITED = """
currency = "BRL"
use_statuses = "contract"

[statuses.courtesy]
description = "Cortesia"
bucket = "active"
bills = false
serves = "full"
days = 5
next = "NEXT"

[statuses.checked]
description = "Em análise"
bucket = "pending"
bills = false
serves = "off"
may_change_by_hand = false
MORE
"""
LOOP = EDITED.replace("NEXT", "checked").replace("MORE", 'days = 2\nnext = "courtesy"')
DEAD_END = EDITED.replace("NEXT", "checked").replace("MORE", "")
SOUND = EDITED.replace("NEXT", "enabled").replace("MORE", 'days = 2\nnext = "courtesy"')


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_office(tmp_path / "ispcore.db") as office:
        yield office


@pytest.fixture
def run(office: Office, capsys: pytest.CaptureFixture[str]) -> Run:
    """Call the command line on the office's database, and return its exit code and what it printed."""

    def call(*args: str) -> tuple[int, str, str]:
        code = exit_code([*args, "--db", office.url])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return call


def test_what_follows_a_status_by_itself_is_laid_out_over_the_calendar(run: Run) -> None:
    code, out, _ = run("statuses", "--on", "2012-03-01", "--days", "31")

    assert code == 0
    assert (
        "trial: Experimenta\n"
        "  01/03/2012 to 10/03/2012, 10 days: trial\n"
        "  11/03/2012 to 31/03/2012, 21 days: enabled\n"
        "  then it stays enabled\n"
    ) in out
    assert "  then it is changed by hand\n" in out
    assert "  then it is over\n" in out


def test_a_list_that_is_being_edited_is_laid_out_before_it_is_loaded(run: Run, tmp_path: Path) -> None:
    edited = tmp_path / "edited.toml"
    edited.write_text(SOUND, "utf-8")

    code, out, _ = run("statuses", str(edited), "--on", "2012-03-01", "--json")

    ways = {way["code"]: way for way in json.loads(out)}
    assert (code, ways["checked"]["leads_to"]) == (0, "enabled")
    assert [status for _, status in ways["checked"]["spans"]] == ["checked", "courtesy", "enabled"]


@pytest.mark.covers("S4-003")
@pytest.mark.parametrize(
    ("text", "problem"),
    [(LOOP, "run in a loop: courtesy -> checked -> courtesy"), (DEAD_END, "A dead end")],
)
def test_an_edit_by_which_a_subscription_would_get_stuck_is_refused_and_changes_nothing(
    run: Run, office: Office, tmp_path: Path, text: str, problem: str
) -> None:
    edited = tmp_path / "edited.toml"
    edited.write_text(text, "utf-8")
    before = office.provider.catalogue(actor=ANA)

    for command in (["statuses", str(edited), "--on", "2012-03-01"], ["load", str(edited)]):
        code, out, err = run(*command)
        assert (code, out) == (3, "")
        assert problem in err

    assert office.provider.catalogue(actor=ANA) == before
