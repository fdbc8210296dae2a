"""Late payers on the command line, and the words about them in a scenario."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import engines
from tests.cli.calling import exit_code

FILE = Path("ispcore.db")
FIRST_BILL = Path(__file__).parents[2] / "examples" / "first_bill.toml"
LATE = """
[[catalogue.late.standard.stages]]
code = "slow"
action = "reduce"
days = 10

[[catalogue.late.standard.stages]]
code = "told"
action = "notify"
days = 12

[[catalogue.late.standard.stages]]
code = "stop"
action = "block"
days = 5
anchor = "notice"
after = "told"

[[catalogue.late.standard.stages]]
code = "end"
action = "propose_cancellation"
days = 60
"""

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def played(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Call the command line where a story of a bill that nobody paid is played with further steps."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ISPCORE_DB", engines.url_at(FILE))
    monkeypatch.setenv("COLUMNS", "160")

    def call(*args: str) -> tuple[int, str, str]:
        code = exit_code(args)
        out = capsys.readouterr()
        return code, out.out, out.err

    return call


def told(run: Run, steps: str = "") -> None:
    """Play the story with *steps* at its end."""
    Path("story.toml").write_text(FIRST_BILL.read_text("utf-8") + LATE + steps, "utf-8")
    code, out, err = run("play", "story.toml", "--db", engines.url_at(FILE))
    assert code == 0, out + err


def test_nobody_is_late_before_the_due_day(played: Run) -> None:
    told(played)

    assert played("late", "--on", "2012-03-01") == (0, "Nobody is late.\n", "")


def test_who_is_late_is_listed_with_what_comes_next(played: Run) -> None:
    told(played)

    code, out, _ = played("late", "--on", "2012-03-21")

    assert code == 0
    assert out.splitlines()[0].startswith("Customer 1: ")
    assert "due 10/03/2012" in out
    assert "stage slow since 21/03/2012; then told on 22/03/2012" in out


def test_a_stage_that_waits_says_for_what(played: Run) -> None:
    told(played)

    assert "then end on 09/05/2012" in played("late", "--on", "2012-04-01")[1]
    out = played("late", "--on", "2012-06-01")[1]
    assert "then stop, which waits for the notice 'told'" in out
    assert "is proposed." in out


def test_programs_read_who_is_late(played: Run) -> None:
    told(played)

    found = json.loads(played("late", "--on", "2012-03-21", "--customer", "1", "--json")[1])

    (debt,) = found[0]["debts"][:1]
    assert (found[0]["customer"], debt["stage"], debt["next"]) == (
        1,
        {"code": "slow", "on": "2012-03-21"},
        {"code": "told", "on": "2012-03-22", "waits_for": None},
    )


def test_a_run_tells_what_it_did_and_a_preview_what_it_would_do(played: Run) -> None:
    told(played)
    line = "1 late customer, 2 reduced, 0 blocked, 0 lifted"

    assert f"Would do for 01/06/2012: {line}" in played("late", "--run", "--preview", "--on", "2012-06-01")[1]
    out = played("late", "--run", "--on", "2012-06-01")[1]
    assert f"Done for 01/06/2012: {line}" in out
    assert "is proposed." in out
    again = json.loads(played("late", "--run", "--on", "2012-06-01", "--json")[1])
    assert (again["reduced"], again["late"]) == (0, 1)


@pytest.mark.parametrize("options", [["--preview"], ["--run", "--customer", "1"]])
def test_options_that_do_not_go_together_are_refused(played: Run, options: list[str]) -> None:
    assert played("late", *options)[0] == 2


def test_a_policy_without_stages_has_nothing_to_come(played: Run) -> None:
    told(played, '\n[[catalogue.late.standard.stages]]\ncode = "last"\naction = "notify"\ndays = 1\n')

    assert "stage last since" in played("late", "--on", "2012-03-14")[1]


def test_a_story_can_tell_of_promises_disputes_and_who_is_spared(played: Run) -> None:
    steps = """
[[steps]]
on = 2012-04-20
do = "promise_to_pay"
customer = "ana"
until = 2012-04-25

[[steps]]
on = 2012-04-20
do = "dispute"
customer = "ana"
receivable = { subscription = "plain" }
amount = "1.00"

[[steps]]
on = 2012-04-21
do = "resolve_dispute"
customer = "ana"
receivable = { subscription = "plain" }
outcome = "settled"

[[steps]]
on = 2012-04-21
do = "grant_bonus"
subscription = "plain"
until = 2012-05-01

[[steps]]
on = 2012-04-21
do = "exempt"
subscription = "plain"
until = 2012-06-01
"""
    told(played, steps)

    out = played("late", "--on", "2012-06-01")[1]
    assert "2:plan:" in out
    assert "1:plan:" not in out
    assert played("check")[0] == 0
