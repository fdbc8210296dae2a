"""The commands about fiscal documents, from asking to asking again."""

import json
from datetime import date
from pathlib import Path

import pytest

from tests.catalogues import DOCUMENT
from tests.cli.calling import exit_code
from tests.providers import Office

LEAP_DAY = date(2012, 2, 29)


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A database with one closing and a document type that asks on the due day."""
    office = Office(tmp_path / "documents.db")
    rule = {"asked_for": "on_due_day"}
    office.load(document_types={**DOCUMENT["document_types"], "nfcom": {"name": "NFCom", **rule}})
    office.subscribe(office.register())
    office.close(LEAP_DAY)
    office.database.close()
    return office.url


def call(capsys: pytest.CaptureFixture[str], url: str, *args: object) -> tuple[int, str]:
    """Return the exit code and the output of a command."""
    code = exit_code(["documents", *map(str, args), "--db", url])
    return code, capsys.readouterr().out


def test_documents_are_asked_for_issued_cancelled_and_asked_for_again(
    capsys: pytest.CaptureFixture[str], url: str, tmp_path: Path
) -> None:
    on = ("--on", "2012-03-10")
    assert "Would ask for 1 document." in call(capsys, url, "ask", *on, "--preview")[1]
    assert "customer 1  net  nfcom  2012-03  20.69 BRL" in call(capsys, url, "ask", *on)[1]
    assert "Asked for 0 documents." in call(capsys, url, "ask", *on)[1]

    assert "1 authorised" in call(capsys, url, "issue", "--into", tmp_path / "out")[1]
    assert (tmp_path / "out" / "1.json").exists()
    assert "1  cancelling" in call(capsys, url, "cancel", 1, "--reason", "wrong type")[1]
    assert "1 cancelled" in call(capsys, url, "issue", "--into", tmp_path / "out")[1]
    assert "2  pending" in call(capsys, url, "again", 1, "--type", "nfse")[1]

    assert "1  replaced" in call(capsys, url, "list", "--customer", 1, "--state", "replaced")[1]
    listed = json.loads(call(capsys, url, "list", "--json")[1])
    assert [one["state"] for one in listed] == ["pending", "replaced"]
    assert "Document 2 is asked for" in call(capsys, url, "retry", 2)[1]
    assert "There are none." in call(capsys, url, "list", "--state", "rejected")[1]


def test_the_steps_are_given_to_programs(capsys: pytest.CaptureFixture[str], url: str) -> None:
    asked = json.loads(call(capsys, url, "ask", "--on", "2012-03-10", "--customer", 1, "--json")[1])
    code, out = call(capsys, url, "issue", "--json")

    assert [one["kind"] for one in asked] == ["document"]
    assert (code, json.loads(out)["authorised"]) == (0, 0)
