"""Tasks on the command line."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.catalogues import march
from tests.cli.calling import exit_code
from tests.providers import ANA, Office, open_office

Run = Callable[..., tuple[int, str, str]]
LATER = "2099-03-10"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """An office with two subscriptions."""
    with open_office(tmp_path / "ispcore.db") as office:
        office.subscribe(office.register("Ana"))
        office.subscribe(office.register("Bia"))
        yield office


@pytest.fixture
def run(office: Office, capsys: pytest.CaptureFixture[str]) -> Run:
    """Call the command line on the office's database, and return its exit code and output."""

    def call(*args: str) -> tuple[int, str, str]:
        code = exit_code(["tasks", *args, "--db", office.url])
        told = capsys.readouterr()
        return code, told.out, told.err

    return call


def test_many_are_scheduled_listed_and_withdrawn(run: Run) -> None:
    code, out, _ = run("add", "cancel", "1", "2", "--on", LATER, "--reason", "moved", "--json")
    assert (code, [one["id"] for one in json.loads(out)]) == (0, [1, 2])

    assert run("withdraw", "2")[:2] == (0, run("list", "--state", "cancelled")[1])

    (waits,) = json.loads(run("list", "--state", "pending", "--customer", "1", "--json")[1])
    assert (waits["kind"], waits["on"], waits["command"]["reason"]) == ("Cancel", LATER, "moved")
    assert "10/03/2099  Cancel of subscription 1  (pending, by cli:" in run("list", "--subscription", "1")[1]
    assert run("list", "--until", "2099-03-09")[1] == "There are no tasks.\n"


def test_what_a_kind_needs_is_asked_for_and_nothing_else_is_taken(run: Run) -> None:
    assert "'plan' needs --plan" in run("add", "plan", "1", "--on", LATER)[2]
    assert "'suspend' takes no --customer" in run("add", "suspend", "1", "--on", LATER, "--customer", "2")[2]
    assert run("add", "transfer", "1", "--on", LATER, "--customer", "2")[0] == 0
    assert run("add", "suspend", "1", "--on", "2012-02-25")[0] == 3


def test_a_refused_task_is_listed_with_its_attempts_and_why(office: Office, run: Run) -> None:
    from ispcore.plans import Resume
    from ispcore.values import SubscriptionId

    office.provider.tasks.add(Resume(subscription=SubscriptionId(1), on=march(1)), actor=ANA)
    office.clock.move_to(march(1))
    office.provider.tasks.run(actor=ANA)

    told = run("list")[1]

    assert "(pending, by ana, 1 attempt)" in told
    assert "only an inactive subscription is resumed" in told
