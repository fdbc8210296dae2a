"""Access points are let in by actions on the device, and their secrets stand in FreeRADIUS's table alone."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from ispcore import Provider
from ispcore.cli.main import ispcore
from ispcore.driver import Invalid
from ispcore.effects import ActionState
from ispcore.storage import new_key
from ispcore.values import SecretText
from ispcore_radius import Admit, Dismiss
from ispcore_radius.admission import admitted, checked_address
from plugins.radius.tests.databases import Database
from plugins.radius.tests.shop import CLERK, admit, open_shop


@pytest.fixture
def provider(database: Database) -> Iterator[Provider]:
    """A provider whose logins stand in the database."""
    with open_shop(database.config) as opened:
        yield opened


def known(database: Database) -> list[tuple[Any, ...]]:
    return database.run("SELECT nasname, shortname, type, secret FROM nas ORDER BY nasname")


def test_an_access_point_is_admitted_with_its_name_and_secret(provider: Provider, database: Database) -> None:
    admit(provider, "10.20.0.1", "secret-of-tower-1", "tower-1")
    admit(provider, "10.20.0.2", "secret-of-tower-2")

    assert known(database) == [
        ("10.20.0.1", "tower-1", "other", "secret-of-tower-1"),
        ("10.20.0.2", "10.20.0.2", "other", "secret-of-tower-2"),
    ]


def test_one_that_is_admitted_again_gets_the_new_secret_and_stays_one(
    provider: Provider, database: Database
) -> None:
    admit(provider, "10.20.0.1", "secret-of-tower-1", "tower-1")

    admit(provider, "10.20.0.1", "a-newer-secret", "tower-one")

    assert known(database) == [("10.20.0.1", "tower-one", "other", "a-newer-secret")]


def test_one_that_is_dismissed_is_gone_and_the_others_are_left_alone(
    provider: Provider, database: Database
) -> None:
    for number in (1, 2):
        admit(provider, f"10.20.0.{number}", "secret-of-a-tower")

    gone, unknown = (
        provider.network.act("radius", Dismiss(address=address), actor=CLERK).values[0].note
        for address in ("10.20.0.1", "10.20.0.9")
    )

    assert [address for address, *_ in known(database)] == ["10.20.0.2"]
    assert (gone, unknown) == ("10.20.0.1 may not ask any more.", "10.20.0.9 was not known.")


def test_nobody_is_online_any_more_on_one_that_is_dismissed(provider: Provider, database: Database) -> None:
    for number in (1, 2):
        database.run(
            "INSERT INTO radacct (acctsessionid, acctuniqueid, username, nasipaddress, framedipaddress,"
            " acctterminatecause) VALUES (?, ?, 'maria', ?, '100.64.0.9', '')",
            f"a{number}",
            f"a{number}",
            f"10.20.0.{number}",
        )

    provider.network.act("radius", Dismiss(address="10.20.0.1"), actor=CLERK)

    online = database.run("SELECT acctsessionid FROM radacct WHERE acctstoptime IS NULL")
    assert online == [("a2",)]


def test_what_is_kept_of_an_admission_tells_who_and_never_the_secret(provider: Provider) -> None:
    admit(provider, "10.20.0.1", "secret-of-tower-1", "tower-1")

    (record,) = provider.network.actions(device="radius", actor=CLERK)
    assert record.state is ActionState.DONE
    assert (record.word, record.arguments["address"], record.actor) == ("admit", "10.20.0.1", "ana")
    assert "secret-of-tower-1" not in repr(record)


def test_the_office_admits_one_by_a_command_that_takes_the_secret_from_a_file(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    books = f"sqlite:///{tmp_path}/books.db"
    (tmp_path / "secret").write_text("secret-of-tower-1\n")
    monkeypatch.setenv("TOWER", "secret-of-tower-2")
    monkeypatch.setenv("ISPCORE_SECRET_KEYS", new_key())
    with open_shop(database.config, books=books):
        pass

    def act(address: str, secret: str) -> Result:
        given = ["--set", f"address={address}", "--set", f"secret={secret}"]
        return CliRunner().invoke(ispcore, ["device", "act", "radius", "admit", *given, "--db", books])

    assert "10.20.0.1 (10.20.0.1) may ask." in act("10.20.0.1", f"file:{tmp_path}/secret").output
    assert "10.20.0.2 (10.20.0.2) may ask." in act("10.20.0.2", "env:TOWER").output
    assert "secret is secret: write secret=env:NAME" in act("10.20.0.3", "told-to-everybody").output
    assert "There is no NOWHERE in the environment." in act("10.20.0.3", "env:NOWHERE").output
    assert [(address, secret) for address, _, _, secret in known(database)] == [
        ("10.20.0.1", "secret-of-tower-1"),
        ("10.20.0.2", "secret-of-tower-2"),
    ]


def test_what_freeradius_would_read_otherwise_is_refused_before_anything_is_written(
    provider: Provider, database: Database
) -> None:
    acted = admit(provider, "10.20.0.1", 'with"quote', "tower-1")

    assert acted.record.state is ActionState.FAILED
    assert 'with"quote' not in repr(acted)
    assert known(database) == []


@pytest.mark.parametrize("address", ["", "tower", "10.20.0.1/16", "2001:db8::1", "10.20.0.01"])
def test_an_access_point_has_one_address_of_ipv4(address: str) -> None:
    with pytest.raises(Invalid, match="is not the IPv4 address"):
        checked_address(address)


@pytest.mark.parametrize("name", ["a name", "x" * 33, "tower'1"])
def test_a_name_is_a_word(name: str) -> None:
    with pytest.raises(Invalid, match="cannot be the name"):
        admitted(Admit(address="10.20.0.1", name=name, secret=SecretText("long-enough")))


@pytest.mark.parametrize(
    "secret", [None, "seven77", "x" * 61, "with blank", "with'quote", "per%{cent}", "back\\slash"]
)
def test_a_secret_is_one_that_every_side_reads_alike(secret: str | None) -> None:
    with pytest.raises(Invalid, match="needs a secret of 8 to 60") as told:
        admitted(Admit(address="10.20.0.1", secret=None if secret is None else SecretText(secret)))

    assert secret is None or secret not in str(told.value)
