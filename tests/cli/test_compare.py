"""Two plans beside each other on the command line."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from ispcore.cli.main import main
from ispcore.plans import AddItem
from tests.providers import Office, open_office

Run = Callable[..., str]
CHANGE = ("1", "in-advance", "--on", "2012-02-29", "--drop", "antivirus")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_office(tmp_path / "ispcore.db") as office:
        fibre = office.subscribe(office.register(), "fibre")
        office.do(AddItem(subscription=fibre, service="antivirus"))
        office.close(date(2012, 2, 29))
        yield office


@pytest.fixture
def run(office: Office, capsys: pytest.CaptureFixture[str]) -> Run:
    """Call the command line on the office's database, and return what it prints."""

    def call(*args: str) -> str:
        with pytest.raises(SystemExit) as stop:
            main(["compare", *args, "--db", office.url])
        assert stop.value.code == 0
        return capsys.readouterr().out

    return call


def test_both_plans_and_both_bills_stand_side_by_side(office: Office, run: Run) -> None:
    before = office.dump()

    rows = [line.split() for line in run(*CHANGE).splitlines()]

    assert ["from", "29/02/2012", "Fibra", "300", "Antecipado"] in rows
    assert ["speed", "(kbit/s)", "300000", "/", "150000"] in rows
    assert ["price", "of", "a", "cycle", "120.00", "BRL", "100.00", "BRL"] in rows
    assert ["Filmes", "30.00", "BRL"] in rows
    assert ["+", "antivirus", "5.00", "BRL"] in rows
    assert "Antecipado is 25.00 BRL cheaper for a cycle." in run(*CHANGE)
    assert office.dump() == before


def test_programs_get_the_same_as_json(run: Run) -> None:
    found = json.loads(run(*CHANGE, "--closing-on", "2012-03-31", "--json"))

    assert (found["other"]["code"], found["bill"]["closing_on"]) == ("in-advance", "2012-03-31")
    assert found["dearer_by"] == {"amount": "-25.00", "currency": "BRL"}
    assert found["dropped"] == ["antivirus"]
