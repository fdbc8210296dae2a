"""Contracts on the command line."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ispcore.cli.main import main
from ispcore.contracts import AddToCombo
from ispcore.values import ContractNumber, CustomerId
from tests.cli.calling import exit_code
from tests.contracts.agreed import REASONS, TEMPLATES
from tests.providers import ANA, Office, open_office

TWO = {"name": "Two", "months": 12, "combo": {"pricing": "fixed", "price": "180.00"}}

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """An office that sells by contracts, with a customer."""
    with open_office(tmp_path / "ispcore.db") as office:
        earns = {"caio": {"name": "Caio", "fixed": "5.00"}}
        office.load(contracts=TEMPLATES, reasons=REASONS, commissions=earns)
        office.register("Ana")
        yield office


@pytest.fixture
def run(office: Office, capsys: pytest.CaptureFixture[str]) -> Run:
    """Call the command line on the office's database, and return its exit code and output."""

    def call(*args: str) -> tuple[int, str]:
        code = exit_code(["contract", *args, "--db", office.url])
        return code, capsys.readouterr().out

    return call


def test_a_contract_is_made_shown_renewed_and_listed(run: Run, office: Office) -> None:
    made = run("open", "1", "home", "--starts-on", "2012-02-24", "--salesperson", "caio")
    year = made[1].split()[1][:4]
    number = f"{year}-000001"

    assert made == (0, f"Contract {number} was made.\n")
    office.subscribe(office.register("Bia"))
    code, shown = run("show", number, "--on", "2012-03-01")
    assert code == 0
    assert "term          12 months, until 24/02/2013" in shown
    assert "bound until   24/02/2013" in shown
    assert "installation  in progress" in shown
    assert run("renew", number, "--starts-on", "2013-02-24", "--fidelity", "0") == (
        0,
        f"Contract {number}: until 24/02/2014.\n",
    )
    assert run("list", "1") == (
        0,
        f"{number}  pre_registration  until 24/02/2014\n1 contract of customer 1.\n",
    )
    assert json.loads(run("list", "1", "--json")[1])[0]["standing"] == "pre_registration"
    assert json.loads(run("show", number, "--json")[1])["contract"]["state"]["number"] == number


def test_it_is_accepted_as_a_file_shows_it(run: Run, tmp_path: Path) -> None:
    number = run("open", "1", "home", "--number", "17")[1].split()[1]
    (tmp_path / "signed.pdf").write_bytes(b"signed")

    code, said = run("accept", number, str(tmp_path / "signed.pdf"), "--by", "Ana")

    assert (code, said[:37]) == (0, "Contract 17 was accepted by Ana: 4a3c")
    assert "acceptance    accepted" in run("show", "17")[1]
    assert "term          12 months, not begun" in run("show", "17")[1]
    assert run("accept", number, str(tmp_path / "signed.pdf"), "--by", "Ana")[0] == 3


def test_what_salespeople_earned_is_told(run: Run) -> None:
    run("open", "1", "home", "--number", "17", "--salesperson", "caio")

    code, said = run("commissions", "--since", "2012-01-01", "--until", "2100-01-01")

    assert code == 0
    assert said.endswith("  17  caio  5.00 BRL\n1 sale.\n")
    found = json.loads(run("commissions", "--since", "2012-01-01", "--until", "2100-01-01", "--json")[1])
    assert [one["salesperson"] for one in found] == ["caio"]


def test_a_combo_shows_what_its_members_cost_and_the_customer_shows_the_combo(
    office: Office, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    earns = {"caio": {"name": "Caio", "fixed": "5.00"}}
    office.load(contracts={**TEMPLATES, "two": TWO}, reasons=REASONS, commissions=earns)
    run("open", "1", "two", "--number", "C1")
    for plan in ("adsl", "fibre"):
        member = office.subscribe(CustomerId(1), plan)
        command = AddToCombo(contract=ContractNumber("C1"), subscription=member)
        office.provider.do(command, actor=ANA)

    code, shown = run("show", "C1", "--on", "2012-02-24")

    assert code == 0
    assert "combo         180.00 BRL together" in shown
    assert "81.82 BRL instead of 100.00 BRL" in shown
    with pytest.raises(SystemExit):
        main(["show", "1", "--db", office.url])
    assert "  combos\n    C1: subscriptions 1, 2 at 180.00 BRL together" in capsys.readouterr().out
