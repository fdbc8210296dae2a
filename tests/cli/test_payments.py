"""Payments and statements from the command line."""

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
    monkeypatch.setenv("COLUMNS", "160")

    def call(*args: str) -> tuple[int, str, str]:
        code = exit_code(args)
        out = capsys.readouterr()
        return code, out.out, out.err

    assert call("play", str(FIRST_BILL), "--db", engines.url_at(FILE))[0] == 0
    return call


def record(books: Run, amount: str = "30.00", name: str = "7", *more: str) -> tuple[int, str, str]:
    options = ("--customer", "1", "--on", "2012-04-05", "--provider", "bank", "--id", name)
    return books("pay", "record", amount, *options, *more)


def test_a_payment_is_recorded_and_told_where_it_went(books: Run) -> None:
    code, out, err = record(books)

    assert (code, err) == (0, "")
    assert "BRL payment of 1:plan:" in out
    assert record(books)[1] == "The payment bank:7 was recorded before; nothing was done.\n"
    assert json.loads(record(books, "30.00", "7", "--json")[1])["known"] is True


def test_a_payment_of_nobody_is_refused(books: Run) -> None:
    code, _, err = books("pay", "record", "1.00", "--on", "2012-04-05", "--provider", "b", "--id", "1")

    assert code == 3
    assert "Name the customer or the slip" in err


def test_a_payment_is_taken_back(books: Run) -> None:
    record(books, "30.00", "7")

    code, out, _ = books("pay", "reverse", "bank:7", "--reason", "bounced")

    assert code == 0
    assert "reversal of 1:plan:" in out
    assert books("pay", "reverse", "bank:7", "--reason", "bounced", "--json")[0] == 3


def test_a_file_is_read_and_what_waits_is_resolved_or_given_up(books: Run) -> None:
    Path("paid.csv").write_text(
        "payment_id,amount,paid_on,customer,currency\n"
        "1,10.00,2012-04-05,1,\n2,10.00,2012-04-05,99,\n3,5.00,2012-04-05,1,USD\n4,ten,2012-04-05,1,\n",
        "utf-8",
    )

    code, out, _ = books("pay", "file", "paid.csv", "--provider", "bank", "--errors", "bad.csv")

    assert code == 1
    assert "line 3: parked as " in out
    assert "line 5, amount 'ten'" in out
    assert out.endswith("1 payment recorded, 2 parked, 0 there already, 1 refused.\n")
    assert "ten" in Path("bad.csv").read_text("utf-8-sig")
    code, out, _ = books("pay", "parked")
    assert (code, len(out.splitlines())) == (1, 2)
    assert "customer 99: There is no customer 99." in out
    first, second = (line.split()[0] for line in out.splitlines())
    assert books("pay", "resolve", first, "--customer", "1")[0] == 0
    assert books("pay", "resolve", second, "--customer", "1", "--amount", "9.00", "--json")[0] == 0
    assert books("pay", "parked")[1] == "No payment waits.\n"
    assert "(recorded by " in books("pay", "parked", "--all")[1]
    assert len(json.loads(books("pay", "parked", "--all", "--json")[1])) == 2
    assert books("check")[0] == 0


def test_a_parked_payment_is_given_up(books: Run) -> None:
    Path("paid.csv").write_text("payment_id,amount,paid_on\n1,10.00,2012-04-05\n", "utf-8")
    books("pay", "file", "paid.csv", "--provider", "bank")
    number = books("pay", "parked")[1].split()[0]

    code, out, _ = books("pay", "drop", number, "--reason", "sent back")

    assert (code, out) == (0, f"The parked payment {number} was given up: sent back\n")


def test_a_rehearsed_file_saves_nothing(books: Run) -> None:
    Path("paid.csv").write_text("payment_id,amount,paid_on,customer\n1,10.00,2012-04-05,1\n", "utf-8")

    code, out, _ = books("pay", "file", "paid.csv", "--provider", "bank", "--dry-run")

    assert code == 0
    assert out == ("1 payment would be recorded, 0 parked, 0 there already, 0 refused.\nNothing was saved.\n")
    told = json.loads(books("pay", "file", "paid.csv", "--provider", "bank", "--json")[1])
    assert (told["recorded"], told["dry_run"], told["problems"]) == (1, False, [])


def test_bad_rows_are_not_written_over_the_file(books: Run) -> None:
    Path("paid.csv").write_text("payment_id,amount,paid_on\n", "utf-8")

    code, _, err = books("pay", "file", "paid.csv", "--provider", "bank", "--errors", "paid.csv")

    assert code == 2
    assert "over the file itself" in err


@pytest.mark.covers("S3-098")
def test_a_statement_shows_each_day_with_the_balance_after_it(books: Run) -> None:
    record(books, "500.00")

    code, out, _ = books("statement", "1")

    lines = out.splitlines()
    assert code == 0
    assert lines[0].endswith(", BRL")
    assert lines[1].split() == ["day", "what", "for", "due", "amount", "balance"]
    assert "payment" in lines[-2]
    assert lines[-1].endswith("BRL are kept")
    assert "before" in books("statement", "1", "--since", "2012-04-01")[1]
    assert json.loads(books("statement", "1", "--json")[1])[0]["lines"]
