"""What ``ispcore radius init`` writes, with which rights, and what it refuses."""

import re
import sqlite3
import stat
from contextlib import closing
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from ispcore.cli.extensions import PluginCommand
from ispcore.errors import InvalidValueError
from ispcore.hooks import Plugins
from ispcore.values import SecretText
from ispcore_radius import Engine, plugin
from ispcore_radius.commands import radius
from ispcore_radius.server import Passwords, ServerPlan, configuration

LOOPBACK = IPv4Network("127.0.0.0/8")
GOOD = Passwords(SecretText("first-password"), SecretText("second-password"))


def run(*options: str, given: str | None = None) -> Result:
    return CliRunner().invoke(radius, ["init", *options, "--network", "10.20.0.0/16"], input=given)


def rights(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def plan(**fields: Any) -> ServerPlan:
    return ServerPlan(**({"folder": "/etc/freeradius/ispcore", "networks": (LOOPBACK,)} | fields))


def test_the_plugin_brings_the_command() -> None:
    found = Plugins.of(plugin).commands()["radius"]

    listed = PluginCommand(*found).make_context("radius", ["init"]).command
    assert isinstance(listed, click.Group)
    assert set(listed.commands) >= {"init"}


def test_others_can_read_nothing_and_the_group_no_file_of_the_administrator(tmp_path: Path) -> None:
    folder = tmp_path / "raddb"

    assert run(str(folder)).exit_code == 0

    assert rights(folder) == 0o750
    assert {path.name: rights(path) for path in folder.iterdir()} == {
        "access_reject": 0o640,
        "clients.conf": 0o640,
        "dictionary": 0o640,
        "queries.conf": 0o640,
        "radiusd.conf": 0o640,
        "schema.sql": 0o640,
        "setup.sql": 0o600,
        "site.conf": 0o640,
        "sql.conf": 0o640,
    }


def test_passwords_are_made_anew_each_time_and_never_shown(tmp_path: Path) -> None:
    done = [run(str(tmp_path / name)) for name in ("one", "two")]

    made = [
        set(re.findall(r"PASSWORD '(.*)'", (tmp_path / name / "setup.sql").read_text()))
        for name in ("one", "two")
    ]
    assert [len(passwords) for passwords in made] == [2, 2]
    assert made[0].isdisjoint(made[1])
    assert not any(password in one.output for one in done for password in made[0] | made[1])
    (server,) = re.findall(r'^ *password = "(.*)"', (tmp_path / "one" / "sql.conf").read_text(), re.MULTILINE)
    assert server in made[0]


def test_passwords_may_be_asked_for_and_are_not_shown_either(tmp_path: Path) -> None:
    typed = "".join(f"{password}\n" * 2 for password in ("of-the-server-1", "of-ispcore-22"))

    done = run(str(tmp_path / "raddb"), "--ask", given=typed)

    assert done.exit_code == 0
    setup = (tmp_path / "raddb" / "setup.sql").read_text()
    assert re.findall(r"PASSWORD '(.*)'", setup) == ["of-the-server-1", "of-ispcore-22"]
    assert "of-the-server" not in done.output
    assert "of-ispcore" not in done.output


@pytest.mark.parametrize(
    "wrong", ["short", "with'quote12345", "with blank 12345", "${dollar}12345", "per%{cent}1234"]
)
def test_a_password_that_a_configuration_would_read_otherwise_is_refused(wrong: str) -> None:
    with pytest.raises(InvalidValueError, match="without blanks, quotes") as told:
        Passwords(SecretText("good-enough-1"), SecretText(wrong))

    assert wrong not in str(told.value)


def test_nothing_that_exists_is_overwritten(tmp_path: Path) -> None:
    folder = tmp_path / "raddb"
    folder.mkdir()
    (folder / "radiusd.conf").write_text("mine")

    done = run(str(folder))

    assert isinstance(done.exception, InvalidValueError)
    assert str(done.exception) == (
        f"{folder} exists already, and nothing is overwritten. Name one that does not, or move it away."
    )
    assert [path.read_text() for path in folder.iterdir()] == ["mine"]


def test_a_database_that_exists_is_not_touched_and_no_folder_is_made(tmp_path: Path) -> None:
    database = tmp_path / "radius.db"
    database.write_text("mine")

    done = run(str(tmp_path / "raddb"), "--engine", "sqlite", "--database", str(database))

    assert isinstance(done.exception, InvalidValueError)
    assert database.read_text() == "mine"
    assert not (tmp_path / "raddb").exists()


def test_a_folder_that_would_have_to_be_made_first_is_named(tmp_path: Path) -> None:
    done = run(str(tmp_path / "away" / "raddb"))

    assert f"There is no folder {tmp_path / 'away'}" in str(done.exception)


def test_the_database_of_sqlite_is_made_and_only_its_group_may_write_it(tmp_path: Path) -> None:
    database = tmp_path / "radius.db"

    assert run(str(tmp_path / "raddb"), "--engine", "sqlite", "--database", str(database)).exit_code == 0

    assert rights(database) == 0o660
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("SELECT count(*) FROM radcheck").fetchall() == [(0,)]


def test_sqlite_needs_to_be_told_which_file(tmp_path: Path) -> None:
    assert "SQLite needs --database" in run(str(tmp_path / "raddb"), "--engine", "sqlite").output


def test_what_is_to_be_done_next_is_told(tmp_path: Path) -> None:
    told = run(str(tmp_path / "raddb"), "--database", "logins").output

    assert f"psql < {tmp_path}/raddb/setup.sql" in told
    assert f"chgrp -R freerad {tmp_path}/raddb" in told
    assert "--set database=logins --set user=logins_logins --set password=-" in told
    assert f"rm {tmp_path}/raddb/setup.sql" in told


@pytest.mark.parametrize("wrong", ["10.20.0.1/16", "the office", "2001:db8::/32"])
def test_a_network_that_is_none_is_refused(tmp_path: Path, wrong: str) -> None:
    done = run(str(tmp_path / "raddb"), "--network", wrong)

    assert done.exit_code == 2
    assert "An IPv4 network is written as 10.20.0.0/16" in done.output


def test_an_address_that_is_none_is_refused(tmp_path: Path) -> None:
    done = run(str(tmp_path / "raddb"), "--listen", "everywhere")

    assert done.exit_code == 2
    assert "An IPv4 address is written as 10.20.0.1" in done.output


@pytest.mark.parametrize(
    "fields",
    [
        {"folder": "raddb"},
        {"folder": "/etc/a folder"},
        {"logs": "/var/${log}"},
        {"database": "radius;drop"},
        {"database": "Radius"},
        {"engine": Engine.SQLITE, "database": "radius.db"},
        {"host": 'a"b'},
        {"port": 0},
        {"auth_port": 70_000},
        {"networks": ()},
        {"threads": 9},
        {"threads": 2000},
    ],
)
def test_what_a_configuration_would_read_otherwise_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(InvalidValueError):
        plan(**fields)


@pytest.mark.parametrize("threads", [10, 32, 1024])
def test_there_is_a_connection_for_every_thread(threads: int) -> None:
    written = configuration(plan(threads=threads), GOOD)

    (workers,) = re.findall(r"max_servers = (\d+)", written["radiusd.conf"].text)
    (connections,) = re.findall(r"max = (\d+)", written["sql.conf"].text)
    assert int(workers) == threads
    assert int(connections) >= threads


def test_every_network_is_one_from_which_access_points_may_ask() -> None:
    networks = (LOOPBACK, IPv4Network("10.20.0.0/16"))

    written = configuration(plan(networks=networks), GOOD)["clients.conf"].text

    assert re.findall(r"ipaddr = (.*)", written) == ["127.0.0.0/8", "10.20.0.0/16"]


@pytest.mark.parametrize("engine", Engine)
def test_no_gap_is_left_in_what_is_written(engine: Engine) -> None:
    texts = configuration(
        plan(engine=engine, database="/radius.db" if engine is Engine.SQLITE else "radius"), GOOD
    )

    assert not any(re.search(r"@[A-Z_]+@", one.text) for one in texts.values())
