"""Connections on the command line."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ispcore.cli.main import main
from ispcore.testing import MockAccounting
from tests.catalogues import march
from tests.network.connections import at, going_on, stopped
from tests.providers import ANA, Office, open_office

Run = Callable[..., tuple[int, str, str]]
MARCH = ("--since", "2012-03-01", "--until", "2012-03-31")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """An office that knows two connections of ana."""
    with open_office(tmp_path / "ispcore.db") as office:
        office.clock.move_to(march(20))
        source = MockAccounting()
        source.stands(
            stopped(at(10, 8), at(10, 9), up=10, down=90, address="192.0.2.7", mac="00:00:5E:00:53:01"),
            going_on(at(11, 8), at(11, 10), up=1, down=2),
        )
        office.provider.connections.collect(actor=ANA, sources={"radius": source})
        yield office


@pytest.fixture
def run(office: Office, capsys: pytest.CaptureFixture[str]) -> Run:
    """Call the command line on the office's database, and return its exit code and output."""

    def call(*args: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stop:
            main(["connections", *args, "--db", office.url])
        code, told = stop.value.code, capsys.readouterr()
        return code if isinstance(code, int) else 0, told.out, told.err

    return call


def test_a_statement_lists_connections_and_their_totals(run: Run) -> None:
    first, second, total = run("show", "ana", *MARCH)[1].splitlines()

    assert first == (
        "10/03/2012 08:00 to 10/03/2012 09:00 (UTC)  1:00:00  90 down, 10 up  192.0.2.7 00:00:5E:00:53:01"
    )
    assert second.startswith("11/03/2012 08:00 to goes on (UTC)  2:00:00")
    assert total == "2 connections, 3:00:00, 92 bytes down, 11 up"
    found = json.loads(run("show", "ana", *MARCH, "--json")[1])
    assert found["connections"][0]["octets"] == {"up": 10, "down": 90}


def test_the_last_connection_is_shown(run: Run) -> None:
    assert run("last", "ana")[1].startswith("11/03/2012 08:00 to goes on")
    assert json.loads(run("last", "ana", "--json")[1])["id"] == "c-03110800"
    code, _, err = run("last", "bia")
    assert code != 0
    assert "no connection of login 'bia'" in err


@pytest.mark.covers("S1-139", "S1-140", "S1-141", "S1-142", "S1-143")
def test_a_statement_is_written_to_a_file_as_its_ending_says(run: Run, tmp_path: Path) -> None:
    columns = ("--column", "down=Bytes, recebidos,150,total", "--column", "mac")

    assert run("export", "ana", str(tmp_path / "a.csv"), *MARCH, *columns)[1].startswith("2 connections to ")

    assert (tmp_path / "a.csv").read_text("utf-8-sig").splitlines() == [
        '"Bytes, recebidos",MAC',
        "90,00:00:5E:00:53:01",
        "2,",
        "92,",
    ]
    run("export", "ana", str(tmp_path / "a.txt"), *MARCH, *columns)
    assert (tmp_path / "a.txt").read_text("utf-8-sig").splitlines()[1] == "90\t00:00:5E:00:53:01"
    run("export", "ana", str(tmp_path / "a.xlsx"), *MARCH, "--title", "Extrato")
    assert (tmp_path / "a.xlsx").read_bytes().startswith(b"PK")


def test_a_file_of_another_ending_and_a_column_that_is_none_are_refused(run: Run, tmp_path: Path) -> None:
    code, _, err = run("export", "ana", str(tmp_path / "a.pdf"), *MARCH)
    assert (code, "none of .xlsx, .csv, .txt" in err) == (2, True)
    code, _, err = run("export", "ana", str(tmp_path / "a.csv"), *MARCH, "--column", "mac,total")
    assert (code, "'mac' has no total" in err) == (2, True)
    assert list(tmp_path.glob("a.*")) == []


@pytest.mark.covers("S3-109")
def test_usage_is_told_by_day_and_by_month_and_drawn(run: Run, tmp_path: Path) -> None:
    days = ("--since", "2012-03-10", "--until", "2012-03-11")

    lines = run("usage", "ana", *days, "--picture", str(tmp_path / "u.svg"))[1].splitlines()

    assert [line.split() for line in lines[:2]] == [
        ["10/03/2012", "90", "down", "10", "up"],
        ["11/03/2012", "2", "down", "1", "up"],
    ]
    assert lines[2] == "92 bytes down, 11 up"
    assert "<svg" in (tmp_path / "u.svg").read_text("utf-8")
    assert json.loads(run("usage", "ana", *days, "--months", "--json")[1]) == {
        "2012-03-01": {"up": 11, "down": 92}
    }


def test_who_looked_is_listed(run: Run) -> None:
    assert run("looks", "ana")[1] == "Nobody looked.\n"
    run("show", "ana", *MARCH)
    assert "statement, 01/03/2012 to 31/03/2012, 31 days" in run("looks", "ana")[1]
    assert json.loads(run("looks", "ana", "--json")[1])[0]["login"] == "ana"


def test_sums_of_the_past_are_listed(office: Office, run: Run) -> None:
    from datetime import date

    assert run("past")[1] == "No connections were let go.\n"
    office.clock.move_to(date(2013, 3, 11))
    office.provider.connections.let_go(actor=ANA)
    assert run("past")[1] == "03/2012  -  1 connection  90 bytes down, 10 up\n"
    assert json.loads(run("past", "--json")[1])[0]["connections"] == 1


def test_without_a_device_that_counts_there_is_nothing_to_collect(run: Run) -> None:
    assert run("collect")[:2] == (0, "No device tells of connections.\n")
    assert run("collect", "--json")[:2] == (0, "[]\n")
