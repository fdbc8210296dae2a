"""What the command line tells of notices."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from ispcore.customers import ChangeCustomer
from tests.catalogues import march
from tests.cli.calling import exit_code
from tests.providers import ANA, Office, open_office

Run = Callable[..., tuple[int, str]]
NO_ADDRESS = "Customer 1 has no email. Add it to the customer, and try the notice again."
BILL = "due:5:1-net-slip-2012-03-10:email"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """An office that reminds by files, with a customer whose bill is due on 10 March."""
    with open_office(tmp_path / "ispcore.db") as office:
        email = {"due": "5", "notifier": "files", "config": {"folder": str(tmp_path / "out")}}
        office.load(notices={"channels": {"email": email}, "stale_days": 60})
        office.subscribe(office.register())
        office.close(date(2012, 2, 29))
        yield office


@pytest.fixture
def run(office: Office, capsys: pytest.CaptureFixture[str]) -> Run:
    """Call the command line on the office's database, and return its exit code and output."""

    def call(*args: str) -> tuple[int, str]:
        code = exit_code(["notices", *args, "--db", office.url])
        return code, capsys.readouterr().out

    return call


def test_reminders_are_previewed_asked_for_and_listed(run: Run) -> None:
    line = f"{BILL}  customer 1, 5 days before the due date"

    assert run("ask", "--on", "2012-03-05", "--preview") == (
        0,
        f"{line}\n1 notice would be asked for, 0 withdrawn.\n",
    )
    assert run("list") == (0, "There is no such notice.\n")
    assert run("ask", "--on", "2012-03-05") == (0, f"{line}\n1 notice asked for, 0 withdrawn.\n")
    assert run("list") == (0, f"{line}, waiting\n")
    assert run("list", "--state", "failed") == (0, "There is no such notice.\n")


def test_what_could_not_be_handed_over_is_told_and_tried_again(
    run: Run, office: Office, tmp_path: Path
) -> None:
    office.clock.move_to(march(5))
    office.provider.notices.ask(actor=ANA)
    office.sql("update notices set asked_on = '2100-01-01'")  # so that it is fresh whenever this runs

    assert run("send") == (1, "0 notices handed over, 0 to be tried again, 1 given up, 0 not wanted.\n")
    assert run("list", "--customer", "1", "--channel", "email") == (
        1,
        f"{BILL}  customer 1, 5 days before the due date, failed: {NO_ADDRESS} [no-address]\n",
    )
    office.provider.do(ChangeCustomer(customer=1, details={"email": "ana@example.org"}), actor=ANA)  # type: ignore[arg-type]
    assert run("retry", BILL) == (0, "1 notice will be tried again.\n")
    assert run("send", "--most", "5") == (
        0,
        "1 notice handed over, 0 to be tried again, 0 given up, 0 not wanted.\n",
    )
    assert len(list((tmp_path / "out").iterdir())) == 1


def test_programs_get_json(run: Run) -> None:
    code, out = run("ask", "--on", "2012-03-05", "--json")
    assert (code, json.loads(out)["notices"][0]["id"]) == (0, BILL)

    code, out = run("list", "--json")
    assert (code, json.loads(out)[0]["state"]) == (0, "waiting")
    assert json.loads(run("retry", "--all", "--json")[1]) == {"retried": 0}
    assert json.loads(run("send", "--json")[1])["dropped"] == 1


def test_what_is_tried_again_is_named(run: Run) -> None:
    assert run("retry")[0] == 2
    assert run("retry", BILL, "--all")[0] == 2
