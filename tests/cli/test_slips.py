"""The commands about slips and payment books."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.cli.calling import exit_code
from tests.providers import open_office

LEAP_DAY = date(2012, 2, 29)
Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Give a command to a database in which one customer is billed for two subscriptions."""
    with open_office(tmp_path / "slips.db") as office:
        customer = office.register()
        for day in (10, 20):
            office.subscribe(customer, due_day=day)
        office.close(LEAP_DAY)
        url = office.url

    def call(*args: object) -> tuple[int, str]:
        code = exit_code(["slips", *map(str, args), "--db", url])
        out = capsys.readouterr()
        return code, out.out + out.err

    return call


def as_json(run: Run, *args: object) -> Any:
    return json.loads(run(*args, "--json")[1])


def test_slips_are_issued_listed_and_shown(run: Run) -> None:
    assert run("list") == (0, "There are no such slips. 'ispcore slips issue --on DAY' issues them.\n")

    assert run("issue", "--on", "2012-02-29") == (
        0,
        "Issued 29/02/2012: 1 customer, 2 slips (41.38 BRL).\n",
    )
    assert run("issue", "--on", "2012-02-29")[1] == "Issued 29/02/2012: 0 customers, 0 slips.\n"
    assert run("list", "--customer", 1)[1].splitlines() == [
        "1  customer 1, net, slip, due 10/03/2012: 20.69 BRL, open",
        "2  customer 1, net, slip, due 20/03/2012: 20.69 BRL, open",
    ]
    assert run("show", 1)[1].endswith("open\n  ADSL: 20.69 BRL, open 20.69 BRL\n")


def test_slips_are_changed_by_commands(run: Run) -> None:
    run("issue", "--on", "2012-02-29")

    merged = as_json(run, "merge", 1, 2, "--due-on", "2199-01-01")
    again = run("regenerate", 3, "--due-on", "2199-01-02")[1]
    cancelled = run("cancel", 4)[1]

    assert (merged["id"], len(merged["lines"])) == (3, 2)
    assert again == "4  customer 1, net, slip, due 02/01/2199: 41.38 BRL, open\n"
    assert cancelled == "Slip 4 is cancelled.\n"
    assert as_json(run, "list", "--waiting") == []
    assert run("show", 3)[1].splitlines()[0].endswith("replaced by slip 4")
    assert run("cancel", 4)[0] == 3


def test_the_next_slip_is_shown_before_it_is_issued(run: Run) -> None:
    shown = run("preview", 1, "--on", "2012-02-29")[1]

    assert shown.count("  ADSL: 20.69 BRL") == 2
    assert as_json(run, "list") == []
    run("issue", "--on", "2012-02-29")
    assert run("preview", 1, "--on", "2012-02-29")[1] == "There would be no new slip.\n"


def test_a_payment_book_is_made_listed_printed_and_sent(run: Run, tmp_path: Path) -> None:
    assert run("books")[1].startswith("There is no payment book yet.")

    made = as_json(run, "book", 1, "--months", 1)
    printed = run("print-book", 1)[1]
    sent = run("send-book", 1, "--to", tmp_path)[1]

    assert made["book"]["id"] == 1
    assert printed.count("To pay:") == len(made["slips"])
    assert sent == "Payment book 1 is sent as payment-book-1.txt.\n"
    assert (tmp_path / "payment-book-1.txt").read_text(encoding="utf-8") == printed
    assert "sent on" in run("books")[1]
    assert run("send-book", 1, "--to", tmp_path)[0] == 3
    assert "which was there already" in run("book", 1, "--months", 1, "--subscription", 1)[1]
