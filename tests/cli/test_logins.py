"""Logins and their mailboxes on the command line."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ispcore.app import Provider
from ispcore.storage import SqlDatabase, new_key
from tests.cli.calling import exit_code
from tests.components import SECTIONS
from tests.providers import Office, open_office

Run = Callable[..., tuple[int, str]]

POINTS = {**SECTIONS["access_points"], "tower": {**SECTIONS["access_points"]["tower"], "city": "Londrina"}}


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """An office with a subscription that may have a login and mailboxes, and with a key for secrets."""
    with open_office(tmp_path / "ispcore.db") as office:
        office.provider.close_database()
        key = new_key()
        monkeypatch.setenv("ISPCORE_SECRET_KEYS", key)
        office.database = SqlDatabase(office.url, secret_keys=lambda: (key,))
        office.provider = Provider(office.database, clock=office.clock)
        office.load(**{**SECTIONS, "access_points": POINTS})
        office.subscribe(office.register(), "fibre")
        yield office


@pytest.fixture
def run(office: Office, capsys: pytest.CaptureFixture[str]) -> Run:
    """Call the command line on the office's database, and return its exit code and output."""

    def call(*args: str) -> tuple[int, str]:
        code = exit_code([*args, "--db", office.url])
        return code, capsys.readouterr().out

    return call


def passwords(office: Office) -> dict[str, str]:
    found = {}
    with office.database.reading() as work:
        for one in work.subscriptions.get(SUBSCRIPTION)[0].last.components:
            spec: Any = one.spec
            found[str(one.id)] = work.secrets.resolve(spec.password).reveal()
    return found


SUBSCRIPTION: Any = 1


@pytest.mark.covers("S0-079", "S1-105")
def test_a_password_that_is_made_up_is_printed_once(office: Office, run: Run) -> None:
    code, out = run("login", "add", "1", "Ana", "--mail-domain", "isp.test")

    told = re.fullmatch("login added\nmailbox added\nPassword: (.{12})\n", out)
    assert code == 0
    assert told is not None
    assert passwords(office) == {"login": told[1], "mailbox": told[1]}
    assert told[1] not in run("timeline", "1")[1] + run("plan", "1")[1]


@pytest.mark.covers("S0-079", "S0-166")
def test_a_password_that_is_typed_is_told_by_where_it_is_and_never_printed(
    office: Office, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANAS", "correct horse")

    assert run("login", "add", "1", "ana", "--password", "env:ANAS") == (0, "login added\n")
    assert passwords(office) == {"login": "correct horse"}


def test_a_password_on_the_command_line_itself_is_wrong_usage(run: Run) -> None:
    assert run("login", "add", "1", "ana", "--password", "correct horse") == (2, "")


@pytest.mark.parametrize(("mail", "address"), [("ISP.test", "ana@isp.test"), ("sales@isp.test",) * 2])
def test_a_login_gets_a_mailbox_later_by_a_domain_or_by_a_whole_address(
    office: Office, run: Run, mail: str, address: str
) -> None:
    made = json.loads(run("login", "add", "1", "ana", "--json")[1])["password"]

    assert run("login", "mailbox", "1", mail) == (0, "mailbox added\n")

    assert passwords(office) == {"login": made, "mailbox": made}
    with office.database.reading() as work:
        box: Any = work.subscriptions.get(SUBSCRIPTION)[0].last.components[-1].spec
    assert box.address == address


@pytest.mark.covers("S0-170", "S0-171")
def test_another_password_is_for_both_or_the_login_alone(office: Office, run: Run) -> None:
    run("login", "add", "1", "ana", "--mail-domain", "isp.test")

    both = json.loads(run("login", "password", "1", "--json")[1])
    alone = json.loads(run("login", "password", "1", "--alone", "--json")[1])

    assert [one["component"] for one in both["components"]] == ["login", "mailbox"]
    assert alone["components"] == [{"component": "login", "done": "changed"}]
    assert passwords(office) == {"login": alone["password"], "mailbox": both["password"]}


@pytest.mark.covers("S2-044")
def test_a_login_that_moves_is_told_with_its_access_point_and_city(run: Run) -> None:
    run("login", "add", "1", "ana")

    assert run("login", "move", "1", "tower") == (0, "login hangs at Torre, Londrina now.\n")
    assert run("login", "move", "1", "cabinet") == (0, "login hangs at Armário now.\n")
    assert run("login", "move", "1", "roof")[0] == 3


@pytest.mark.covers("S0-180", "S2-074")
def test_a_login_is_removed_with_its_mailbox(office: Office, run: Run) -> None:
    run("login", "add", "1", "ana", "--mail-domain", "isp.test")

    assert run("login", "remove", "1") == (0, "mailbox removed\nlogin removed\n")
    assert passwords(office) == {}


def test_what_is_tried_tells_no_password(office: Office, run: Run) -> None:
    run("login", "add", "1", "ana", "--mail-domain", "isp.test")
    before = passwords(office)

    text = run("try", "change-password", "subscription=1", "component=login")
    plain = run("try", "change-password", "subscription=1", "component=login", "--json")

    assert text[1].count("ComponentChanged") == 2
    assert json.loads(plain[1])["recorded"]["password"] == "********"
    assert passwords(office) == before
