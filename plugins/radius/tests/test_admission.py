"""Access points are let in by actions on the device; their secrets are kept locked, to do it anew."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from ispcore import Provider
from ispcore.cli.main import ispcore
from ispcore.driver import Invalid
from ispcore.effects import ActionState
from ispcore.storage import new_key
from ispcore.storage.drift_tables import actions
from ispcore.storage.tables import secrets
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


def test_access_points_are_let_in_anew_on_a_server_that_lost_its_table(
    provider: Provider, database: Database
) -> None:
    admit(provider, "10.20.0.1", "secret-of-tower-1", "tower-1")
    admit(provider, "10.20.0.2", "secret-of-tower-2")
    admit(provider, "10.20.0.3", "secret-of-tower-3")
    admit(provider, "10.20.0.1", "a-newer-secret", "tower-one")
    admit(provider, "10.20.0.2", "short")
    provider.network.act("radius", Dismiss(address="10.20.0.3"), actor=CLERK)
    before = known(database)

    database.run("DELETE FROM nas")
    again = provider.network.redo("radius", actor=CLERK)

    assert [one.record.state for one in again] == [ActionState.DONE] * 2
    assert known(database) == before
    assert [row[0] for row in before] == ["10.20.0.1", "10.20.0.2"]
    assert len(provider.network.lasting("radius", actor=CLERK)) == 2


def test_secrets_of_access_points_are_kept_locked_and_a_record_names_them_only(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ISPCORE_SECRET_KEYS", new_key())
    with open_shop(database.config, books=f"sqlite:///{tmp_path}/books.db") as provider:
        admit(provider, "10.20.0.1", "secret-of-tower-1")
        (record,) = provider.network.lasting("radius", actor=CLERK)
        with provider._database.reading() as work:
            kept = work.secrets.resolve(record.secrets["secret"])

    assert (kept.reveal(), record.arguments["secret"]) == ("secret-of-tower-1", "********")
    assert not any(b"secret-of-tower-1" in file.read_bytes() for file in tmp_path.glob("books.db*"))


def test_one_whose_secret_was_not_kept_is_told_and_the_others_are_let_in(
    provider: Provider, database: Database
) -> None:
    admit(provider, "10.20.0.1", "secret-of-tower-1")
    admit(provider, "10.20.0.2", "secret-of-tower-2")
    older = {"address": "10.20.0.1", "name": "", "secret": "********"}
    first = provider.network.actions(actor=CLERK)[-1].id
    with provider._database.writing() as work:
        work.connection.execute(sa.update(actions).where(actions.c.id == first).values(arguments=older))
    database.run("DELETE FROM nas")

    lost, found = provider.network.redo("radius", actor=CLERK)

    assert (lost.record.state, found.record.state) == (ActionState.FAILED, ActionState.DONE)
    assert "is not kept. Give the action anew." in (lost.record.error or {})["text"]
    assert [row[0] for row in known(database)] == ["10.20.0.2"]


def test_one_whose_secret_cannot_be_opened_any_more_is_told_and_the_others_are_let_in(
    provider: Provider, database: Database
) -> None:
    admit(provider, "10.20.0.1", "secret-of-tower-1")
    admit(provider, "10.20.0.2", "secret-of-tower-2")
    first = provider.network.actions(actor=CLERK)[-1].secrets["secret"].name
    with provider._database.writing() as work:
        work.connection.execute(sa.update(secrets).where(secrets.c.ref == first).values(key_id="deadbeef"))
    database.run("DELETE FROM nas")

    lost, found = provider.network.redo("radius", actor=CLERK)

    assert (lost.record.state, found.record.state) == (ActionState.FAILED, ActionState.DONE)
    assert "The key deadbeef" in (lost.record.error or {})["text"]


def test_an_admission_of_which_nobody_knows_whether_it_happened_is_repeated(
    provider: Provider, database: Database
) -> None:
    admit(provider, "10.20.0.1", "secret-of-tower-1")
    (done,) = provider.network.actions(actor=CLERK)
    with provider._database.writing() as work:
        work.connection.execute(sa.update(actions).values(state="unknown"))
    database.run("DELETE FROM nas")

    assert provider.network.repeat(done.id, actor=CLERK).record.state is ActionState.DONE
    assert [row[0] for row in known(database)] == ["10.20.0.1"]


def test_the_office_admits_one_by_a_command_that_takes_the_secret_from_a_file(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    books = f"sqlite:///{tmp_path}/books.db"
    (tmp_path / "secret").write_text("secret-of-tower-1\n")
    monkeypatch.setenv("TOWER", "secret-of-tower-2")
    monkeypatch.setenv("ISPCORE_SECRET_KEYS", new_key())
    with open_shop(database.config, books=books):
        pass

    def run(*command: str) -> Result:
        return CliRunner().invoke(ispcore, ["device", *command, "--db", books])

    def act(address: str, secret: str) -> Result:
        return run("act", "radius", "admit", "--set", f"address={address}", "--set", f"secret={secret}")

    assert "10.20.0.1 (10.20.0.1) may ask." in act("10.20.0.1", f"file:{tmp_path}/secret").output
    assert "10.20.0.2 (10.20.0.2) may ask." in act("10.20.0.2", "env:TOWER").output
    assert "secret is secret: write secret=env:NAME" in act("10.20.0.3", "told-to-everybody").output
    assert "There is no NOWHERE in the environment." in act("10.20.0.3", "env:NOWHERE").output
    both = [("10.20.0.1", "secret-of-tower-1"), ("10.20.0.2", "secret-of-tower-2")]
    assert [(address, secret) for address, _, _, secret in known(database)] == both
    database.run("DELETE FROM nas")
    accepted = run("accept", "radius").output
    assert "2 actions that last can be done anew: ispcore device redo radius." in accepted
    lasting = run("actions", "radius", "--lasting").output.splitlines()
    assert [line.partition("  ")[2].partition(" on ")[0] for line in lasting] == [
        "admit address=10.20.0.2 secret=********",
        "admit address=10.20.0.1 secret=********",
    ]
    redone = run("redo", "radius")
    assert (redone.exit_code, redone.output.count(": done (")) == (0, 2)
    assert [(address, secret) for address, _, _, secret in known(database)] == both
    assert run("actions", "--lasting").exit_code == 2


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
