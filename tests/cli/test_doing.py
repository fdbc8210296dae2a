"""Carrying any command out on the command line."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from ispcore.plans import AddComponent
from ispcore.storage import new_key
from tests.cli.calling import exit_code
from tests.homes import LOGIN, sections
from tests.providers import Office, open_office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """An office where Ana has a login."""
    with open_office(tmp_path / "ispcore.db") as office:
        office.load(**sections())
        subscription = office.subscribe(office.register("Ana"), "home")
        office.do(AddComponent(subscription=subscription, spec=LOGIN))
        yield office


def test_a_command_is_carried_out_and_told_with_what_devices_are_to_do(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code(["do", "suspend", "subscription=1", "on=2012-03-05", "--db", office.url]) == 0

    assert capsys.readouterr().out.splitlines() == [
        "fact        subscription 1: Suspended of 05/03/2012",
        "device      1:login@radius: access changed",
    ]
    assert exit_code(["do", "suspend", "subscription=1", "--db", office.url]) == 3


def test_a_password_that_was_made_up_is_told_once(
    office: Office, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ISPCORE_SECRET_KEYS", new_key())
    asked = ["do", "change-password", "subscription=1", "component=login", "--db", office.url]

    assert exit_code(asked) == 0
    *_, told = capsys.readouterr().out.splitlines()
    assert exit_code([*asked, "--json"]) == 0
    password = json.loads(capsys.readouterr().out)["password"]

    assert told.startswith("password    ")
    assert len(password) == 12
    assert password not in told
    assert password not in str(office.dump())


def test_what_leaves_neither_facts_nor_work_says_that_it_is_done(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    payment = ["customer=1", "amount=5.00", "paid_on=2012-02-29", "provider=bank", "provider_id=7"]
    assert exit_code(["do", "record-payment", *payment, "company=net", "--db", office.url]) == 0
    assert capsys.readouterr().out == "It is done.\n"


def test_programs_get_json(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    exit_code(["do", "suspend", "subscription=1", "--json", "--db", office.url])

    assert json.loads(capsys.readouterr().out)["subscription"] == 1
