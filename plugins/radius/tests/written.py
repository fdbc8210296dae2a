"""A FreeRADIUS with what ``ispcore radius init`` wrote, and a database made as it says."""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg
from click.testing import CliRunner, Result

from ispcore.testing import PostgresServer, postgres_server
from ispcore.values import SecretText
from ispcore_radius import Engine, RadiusConfig
from ispcore_radius.commands import radius
from plugins.radius.tests.databases import DATABASE, Database, Server, connected, free_tcp_port
from plugins.radius.tests.freeradius import (
    SECRET,
    FreeRadius,
    attributes,
    child,
    free_port,
    give,
    libraries,
    program,
)

NAS = "127.0.0.1"


def init(folder: Path, *options: str, given: str | None = None) -> Result:
    """Run ``ispcore radius init`` for access points on the loopback."""
    where = ["--libraries", str(libraries()), "--logs", str(folder.parent), "--run", str(folder.parent)]
    command = ["init", str(folder), "--network", "127.0.0.0/8", "--listen", "127.0.0.1", *where, *options]
    return CliRunner().invoke(radius, command, input=given)


class LiveServer(FreeRadius):
    """A server with the configuration that was written; questions bear a Message-Authenticator."""

    def __init__(self, folder: Path, database: Database, *, port: int, acct_port: int) -> None:
        super().__init__(folder, database.config)
        self.port, self.acct_port = port, acct_port

    def configure(self) -> None:
        """Leave the configuration as it is."""

    def radclient(
        self, command: str, attributes: Mapping[str, str], *, tries: int = 3, signed: bool = True
    ) -> str:
        """Ask with *attributes*, signed unless it is said otherwise."""
        if signed and command == "auth":
            attributes = {**attributes, "Message-Authenticator": "0x00"}
        return super().radclient(command, attributes, tries=tries)

    def _said(self, told: str) -> Mapping[str, str]:
        """Return the attributes of an answer with its signature, if it has one."""
        return attributes(told)

    def answers(self, username: str, password: str, *, nas: str = NAS, signed: bool = True) -> bool:
        """Tell whether there is any answer to a login that an access point sends."""
        asked = {"User-Name": username, "User-Password": password, "Packet-Src-IP-Address": nas}
        return "Received" in self.radclient("auth", asked, tries=1, signed=signed)

    def account(self, status: str, **attributes: str) -> bool:
        """Send a record of a session, and tell whether it was answered."""
        names = {name.replace("_", "-"): value for name, value in attributes.items()}
        port, self.port = self.port, self.acct_port
        try:
            return "Received Accounting-Response" in self.radclient(
                "acct", {"Acct-Status-Type": status, "NAS-IP-Address": NAS} | names
            )
        finally:
            self.port = port


def check(folder: Path) -> str:
    """Let FreeRADIUS check a configuration, and return what it says at the end."""
    command = [program("freeradius"), "-C", "-X", "-d", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, **child())
    return (done.stdout + done.stderr).strip().splitlines()[-1]


@contextmanager
def live(engine: str, *options: str) -> Iterator[tuple[Database, LiveServer]]:
    """Give a server and its database, with one access point on the loopback."""
    outer = Path(tempfile.mkdtemp(prefix="ispcore-radius-live-"))
    ports = {"port": free_port(), "acct_port": free_port()}
    asked = ["--auth-port", str(ports["port"]), "--acct-port", str(ports["acct_port"]), *options]
    try:
        made = _sqlite if engine == "sqlite" else _postgresql
        with made(outer, asked) as database:
            add_nas(database, NAS)
            server = LiveServer(outer / "raddb", database, **ports)
            server.start()
            try:
                yield database, server
            finally:
                server.stop()
    finally:
        shutil.rmtree(outer, ignore_errors=True)


def add_nas(database: Database, address: str) -> None:
    """Let an access point stand in the table."""
    row = "INSERT INTO nas (nasname, shortname, secret) VALUES (?, ?, ?)"
    database.run(row, address, f"nas-{address}", SECRET)


@contextmanager
def _sqlite(outer: Path, asked: Sequence[str]) -> Iterator[Database]:
    path = outer / "radius.db"
    done = init(outer / "raddb", "--engine", "sqlite", "--database", str(path), *asked)
    assert done.exit_code == 0, done.output
    give(outer)
    give(outer / "raddb")
    yield Database(RadiusConfig(engine=Engine.SQLITE, path=str(path)))


@contextmanager
def _postgresql(outer: Path, asked: Sequence[str]) -> Iterator[Database]:
    with postgres_server(port=free_tcp_port()) as server:
        done = init(outer / "raddb", "--port", str(server.port), *asked)
        assert done.exit_code == 0, done.output
        set_up(server, outer / "raddb" / "setup.sql")
        give(outer)
        give(outer / "raddb")
        (password,) = re.findall(
            r"_logins LOGIN PASSWORD '(.*)'", (outer / "raddb" / "setup.sql").read_text()
        )
        config = RadiusConfig(
            host=NAS, port=server.port, database=DATABASE, user="radius_logins", password=SecretText(password)
        )
        with connected(server) as owner:
            owner.autocommit = True
            yield Database(config, Server(server, owner))


def set_up(server: PostgresServer, script: Path) -> None:
    """Run the script as the administrator, and let its users in by their passwords only."""
    rules = server.folder / "data" / "pg_hba.conf"
    rules.write_text(f"host {DATABASE} all 127.0.0.1/32 scram-sha-256\n{rules.read_text()}")
    server.execute("SELECT pg_reload_conf()")
    psql = shutil.which("psql", path=f"{server.programs}:/usr/bin")
    assert psql is not None
    where = ["-h", str(server.folder), "-p", str(server.port), "-U", "postgres", "-q"]
    with script.open() as text:
        subprocess.run([psql, *where], stdin=text, check=True, timeout=60)


def may(database: Database, statement: str) -> bool:
    """Tell whether ispcore's own user may run a statement."""
    config = database.config
    password = "" if config.password is None else config.password.reveal()
    with psycopg.connect(
        host=config.host, port=config.port, dbname=config.database, user=config.user, password=password
    ) as connection:
        try:
            connection.execute(statement.encode())
        except psycopg.errors.InsufficientPrivilege:
            return False
    return True
