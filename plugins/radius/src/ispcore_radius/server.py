"""The configuration of a FreeRADIUS that reads ispcore's logins: texts, with the rights that each file gets.

Nothing of the configuration that FreeRADIUS brings along is read, so that nothing in it can surprise.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.resources import files
from ipaddress import IPv4Address, IPv4Network

from attrs import frozen

from ispcore.errors import InvalidValueError
from ispcore.values import SecretText
from ispcore_radius.config import Engine

READ_BY_GROUP = 0o640
"""The rights of what FreeRADIUS reads."""
OWNER_ALONE = 0o600
"""The rights of what nobody but the administrator reads."""

_SPARE_CONNECTIONS = 8
_FEWEST_THREADS = 10
_MOST_THREADS = 1024
_HIGHEST_PORT = 65535
_PATH = re.compile(r"/[\w./-]*", re.ASCII)
_DATABASE = re.compile(r"[a-z][a-z0-9_]{0,50}")
_HOST = re.compile(r"[A-Za-z0-9.:-]+|/[\w./-]*", re.ASCII)
_PASSWORD = re.compile(r"[\w.~!@^*()+=:;,<>?/|-]{12,128}", re.ASCII)
_LEFT = re.compile(r"@[A-Z_]+@")

_WORDS: Mapping[Engine, Mapping[str, str]] = {
    Engine.POSTGRESQL: {
        "SERIAL": "bigserial PRIMARY KEY",
        "INET": "inet",
        "INSTANT": "timestamp with time zone",
        "TIME": "TO_TIMESTAMP",
        "SECONDS": "CAST(EXTRACT(EPOCH FROM (${...now} - acctstarttime)) AS bigint)",
    },
    Engine.SQLITE: {
        "SERIAL": "INTEGER PRIMARY KEY AUTOINCREMENT",
        "INET": "text",
        "INSTANT": "integer",
        "TIME": "",
        "SECONDS": "(${...now} - acctstarttime)",
    },
}


@frozen(kw_only=True)
class ServerPlan:
    """What a server is to be.

    ``database`` is a name in PostgreSQL, or the path of a file of SQLite. Access points may ask from
    ``networks``. ``threads`` is how many questions are answered at once, ``lifetime_seconds`` how long an
    access point is remembered before it is looked for anew. Without ``signed``, questions that bear no
    Message-Authenticator are answered too.
    """

    folder: str
    networks: tuple[IPv4Network, ...]
    engine: Engine = Engine.POSTGRESQL
    database: str = "radius"
    host: str = "127.0.0.1"
    port: int = 5432
    listen: IPv4Address | None = None
    auth_port: int = 1812
    acct_port: int = 1813
    threads: int = 32
    lifetime_seconds: int = 60
    reject_delay_seconds: int = 1
    signed: bool = True
    libraries: str = "/usr/lib/freeradius"
    logs: str = "/var/log/freeradius"
    run: str = "/run/freeradius"

    def __attrs_post_init__(self) -> None:
        """Refuse what FreeRADIUS could not read, or would read as something else."""
        for name in ("folder", "libraries", "logs", "run"):
            if not _PATH.fullmatch(getattr(self, name)):
                raise InvalidValueError(f"{getattr(self, name)!r} cannot be the {name}: {_A_PATH}")
        if self.engine is Engine.SQLITE and not _PATH.fullmatch(self.database):
            raise InvalidValueError(f"{self.database!r} cannot be the file of SQLite: {_A_PATH}")
        if self.engine is Engine.POSTGRESQL and not _DATABASE.fullmatch(self.database):
            raise InvalidValueError(f"{self.database!r} cannot be the database: {_A_NAME}")
        if not _HOST.fullmatch(self.host):
            raise InvalidValueError(f"{self.host!r} is no host.")
        for port in (self.port, self.auth_port, self.acct_port):
            if not 0 < port <= _HIGHEST_PORT:
                raise InvalidValueError(f"{port} is not a port.")
        if not self.networks:
            raise InvalidValueError(
                "No network is named from which access points may ask. Name one at least."
            )
        if not _FEWEST_THREADS <= self.threads <= _MOST_THREADS:
            raise InvalidValueError(f"There are {_FEWEST_THREADS} to {_MOST_THREADS} threads.")


@frozen
class Passwords:
    """How FreeRADIUS and ispcore get into the database."""

    server: SecretText
    logins: SecretText

    def __attrs_post_init__(self) -> None:
        """Refuse what has another meaning in a configuration or in SQL."""
        for password in (self.server, self.logins):
            if not _PASSWORD.fullmatch(password.reveal()):
                raise InvalidValueError(
                    "A password of the database has 12 to 128 letters, digits or signs,"
                    " without blanks, quotes, backslashes and the signs # $ % & [ ] { }."
                )


@frozen
class Text:
    """What is to be written into a file, and the rights that it gets."""

    text: str
    rights: int = READ_BY_GROUP


def configuration(plan: ServerPlan, passwords: Passwords) -> Mapping[str, Text]:
    """Return every file of the configuration by its name."""
    words = _words(plan, passwords)
    names = ("radiusd.conf", "clients.conf", "sql.conf", "site.conf", "queries.conf")
    found = {name: Text(_filled(name, words)) for name in (*names, "access_reject", "dictionary")}
    found["schema.sql"] = Text(schema(plan.engine))
    if plan.engine is Engine.POSTGRESQL:
        found["setup.sql"] = Text(_filled("setup.sql", words), OWNER_ALONE)
    return found


def schema(engine: Engine) -> str:
    """Return the statements that make the tables."""
    return _filled("schema.sql", _WORDS[engine])


def _words(plan: ServerPlan, passwords: Passwords) -> Mapping[str, str]:
    clients = {
        f"access_points_{number}": str(network) for number, network in enumerate(plan.networks, start=1)
    }
    lifetime = str(plan.lifetime_seconds)
    return {
        **_WORDS[plan.engine],
        "FOLDER": plan.folder,
        "LIBRARIES": plan.libraries,
        "LOGS": plan.logs,
        "RUN": plan.run,
        "ENGINE": plan.engine.value,
        "DATABASE": plan.database,
        "LISTEN": "*" if plan.listen is None else str(plan.listen),
        "AUTH_PORT": str(plan.auth_port),
        "ACCT_PORT": str(plan.acct_port),
        "THREADS": str(plan.threads),
        "CONNECTIONS": str(plan.threads + _SPARE_CONNECTIONS),
        "REJECT_DELAY": str(plan.reject_delay_seconds),
        "REQUIRE": "yes" if plan.signed else "no",
        "CONNECTION": _connection(plan, passwords.server),
        "CLIENTS": "".join(
            _filled("client.conf", {"NAME": name, "NETWORK": network, "LIFETIME": lifetime})
            for name, network in clients.items()
        ),
        "SERVER_PASSWORD": passwords.server.reveal(),
        "LOGINS_PASSWORD": passwords.logins.reveal(),
        "SCHEMA": schema(plan.engine),
    }


def _connection(plan: ServerPlan, password: SecretText) -> str:
    if plan.engine is Engine.SQLITE:
        lines = ["sqlite {", f'    filename = "{plan.database}"', "    busy_timeout = 5000", "}"]
    else:
        lines = [
            f'server = "{plan.host}"',
            f"port = {plan.port}",
            f'login = "{plan.database}_server"',
            f'password = "{password.reveal()}"',
            f'radius_db = "{plan.database}"',
        ]
    return "\n".join(f"    {line}" for line in lines)


def _filled(name: str, words: Mapping[str, str]) -> str:
    """Return a template with its words; what a word says is not looked at again."""
    template = (files("ispcore_radius") / "raddb" / name).read_text("utf-8")
    return _LEFT.sub(lambda found: words[found[0].strip("@")], template)


_A_PATH = "it is a whole path, from / on, of letters, digits and the signs . _ - /"
_A_NAME = "it is small letters, digits and _, and begins with a letter."
