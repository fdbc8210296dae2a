"""The command ``ispcore radius``: it writes the configuration of a FreeRADIUS that reads the logins."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path
from typing import Any

import click

from ispcore.errors import InvalidValueError
from ispcore.values import SecretText
from ispcore_radius.config import Engine
from ispcore_radius.server import OWNER_ALONE, Passwords, ServerPlan, Text, configuration, schema

_FOLDER_RIGHTS = 0o750
_DATABASE_RIGHTS = 0o660
_PASSWORD_BYTES = 24


@click.group()
def radius() -> None:
    """Set up the FreeRADIUS that reads the logins."""


def _network(_: click.Context, __: click.Parameter, given: Sequence[str]) -> tuple[IPv4Network, ...]:
    try:
        return tuple(map(IPv4Network, given))
    except ValueError as error:
        raise click.BadParameter(f"An IPv4 network is written as 10.20.0.0/16: {error}.") from error


def _address(_: click.Context, __: click.Parameter, given: str | None) -> IPv4Address | None:
    try:
        return None if given is None else IPv4Address(given)
    except ValueError as error:
        raise click.BadParameter(f"An IPv4 address is written as 10.20.0.1: {error}.") from error


@radius.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--network",
    "networks",
    multiple=True,
    required=True,
    callback=_network,
    metavar="NETWORK",
    help="Where access points ask from, 10.20.0.0/16; as often as needed.",
)
@click.option("--engine", type=click.Choice([one.value for one in Engine]), default=Engine.POSTGRESQL.value)
@click.option("--database", help="The name in PostgreSQL [radius], or the file of SQLite; it is made.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Where PostgreSQL is.")
@click.option("--port", default=5432, show_default=True, help="The port of PostgreSQL.")
@click.option("--listen", callback=_address, help="The address to listen at; all, else.")
@click.option("--auth-port", default=1812, show_default=True)
@click.option("--acct-port", default=1813, show_default=True)
@click.option("--threads", default=32, show_default=True, help="How many questions are answered at once.")
@click.option(
    "--signed/--unsigned",
    default=True,
    show_default=True,
    help="Whether access points must send a Message-Authenticator.",
)
@click.option(
    "--reject-delay", "reject_delay_seconds", default=1, show_default=True, help="Seconds; slows guessing."
)
@click.option("--ask", is_flag=True, help="Ask for the passwords of the database instead of making them.")
@click.option("--libraries", default="/usr/lib/freeradius", show_default=True, help="FreeRADIUS's modules.")
@click.option("--logs", default="/var/log/freeradius", show_default=True)
@click.option(
    "--run", default="/run/freeradius", show_default=True, help="Where the running server notes itself."
)
def init(*, folder: Path, engine: str, database: str | None, ask: bool, **given: Any) -> None:  # noqa: ANN401 - options
    """Write a whole configuration of FreeRADIUS 3.2 into the new FOLDER.

    It is complete: nothing of the configuration that the package brings is read. Nothing that exists is
    overwritten, nothing is started. Passwords are written into the files that need them and never shown.
    """
    kind = Engine(engine)
    if database is None and kind is Engine.SQLITE:
        raise click.UsageError("SQLite needs --database, the path of the file that is to be made.")
    folder = folder.absolute()
    plan = ServerPlan(folder=str(folder), engine=kind, database=database or "radius", **given)
    made = kind is Engine.SQLITE
    _refuse_to_overwrite(folder, *([Path(plan.database)] if made else []))
    _write(folder, configuration(plan, _passwords(ask=ask and not made)))
    if made:
        _make_database(Path(plan.database))
    for line in _told(plan):
        click.echo(line)


def _passwords(*, ask: bool) -> Passwords:
    def one(whose: str) -> SecretText:
        if ask:
            words = f"Password of {whose} in the database"
            return SecretText(click.prompt(words, hide_input=True, confirmation_prompt=True))
        return SecretText(secrets.token_urlsafe(_PASSWORD_BYTES))

    return Passwords(one("FreeRADIUS"), one("ispcore"))


def _refuse_to_overwrite(*paths: Path) -> None:
    for path in paths:
        if path.exists():
            raise InvalidValueError(
                f"{path} exists already, and nothing is overwritten.",
                hint="Name one that does not, or move it away.",
            )
        if not path.parent.is_dir():
            raise InvalidValueError(
                f"There is no folder {path.parent} to put {path.name} into. Make it first."
            )


def _write(folder: Path, texts: Mapping[str, Text]) -> None:
    folder.mkdir(mode=_FOLDER_RIGHTS)
    folder.chmod(_FOLDER_RIGHTS)
    for name, one in texts.items():
        (folder / name).touch(mode=OWNER_ALONE, exist_ok=False)
        (folder / name).write_text(one.text, "utf-8")
        (folder / name).chmod(one.rights)


def _make_database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(schema(Engine.SQLITE))
    path.chmod(_DATABASE_RIGHTS)


def _told(plan: ServerPlan) -> Iterable[str]:
    """Say what was written and what is to be done next; no password is among it."""
    yield f"Written: a configuration of FreeRADIUS in {plan.folder}."
    if plan.engine is Engine.SQLITE:
        yield f"Made: the database {plan.database}, without logins."
    else:
        yield f"{plan.folder}/setup.sql and sql.conf have passwords in them; keep them from other eyes."
    yield "Next, as the administrator:"
    for number, step in enumerate(_steps(plan), start=1):
        yield f"  {number}. {step}"


def _steps(plan: ServerPlan) -> Sequence[str]:
    start = [
        f"chgrp -R freerad {plan.folder}",
        f"""echo 'FREERADIUS_OPTIONS="-d {plan.folder}"' >> /etc/default/freeradius""",
        "systemctl restart freeradius    (it checks the configuration before it starts)",
    ]
    if plan.engine is Engine.SQLITE:
        where = Path(plan.database)
        mine = f"--set engine=sqlite --set path={where}"
        return [
            f"chgrp freerad {where.parent} {where} && chmod g+w {where.parent}",
            *start,
            f"ispcore device add radius --driver radius {mine}",
        ]
    mine = f"--set host={plan.host} --set port={plan.port} --set database={plan.database}"
    password = f"--set password=-    (that of {plan.database}_logins, in setup.sql)"
    return [
        f"runuser -u postgres psql < {plan.folder}/setup.sql",
        *start,
        f"ispcore device add radius --driver radius {mine} --set user={plan.database}_logins {password}",
        f"rm {plan.folder}/setup.sql",
    ]
