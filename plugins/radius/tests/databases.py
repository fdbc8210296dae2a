"""Databases of FreeRADIUS for tests: its tables in SQLite and PostgreSQL, seen from beside the driver."""

import socket
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
from attrs import evolve, field, frozen

from ispcore.testing import PostgresServer, postgres_server
from ispcore.values import SecretText
from ispcore_radius import Engine, RadiusConfig

DATA = Path(__file__).parent / "data"
DATABASE = "radius"
USER = "radius"
PASSWORD = SecretText("Radius-database-6021")
TABLES = ("radcheck", "radreply", "radusergroup", "radgroupcheck", "radgroupreply", "radacct", "nas")

Fact = tuple[Any, ...]


@frozen
class Server:
    """A server of PostgreSQL, and a connection of its owner that stays open."""

    postgres: PostgresServer
    owner: psycopg.Connection[Any]


@frozen
class Database:
    """One database: how the driver reaches it, and a way past the driver."""

    config: RadiusConfig
    server: Server | None = field(default=None, repr=False)

    def run(self, statement: str, *values: object) -> list[Fact]:
        """Run a statement with ``?`` for values, and return its rows."""
        if self.server is None:
            with closing(sqlite3.connect(self.config.path)) as connection, connection:
                return connection.execute(statement, values).fetchall()
        said = statement.replace("%", "%%").replace("?", "%s").encode()
        cursor = self.server.owner.execute(said, values)
        return cursor.fetchall() if cursor.description else []

    def put(self, username: str, *rows: tuple[str, str, str, str]) -> None:
        """Let rows of a user stand there: table, attribute, operator and value."""
        for table, attribute, op, value in rows:
            if table == "radusergroup":
                said = "INSERT INTO radusergroup (username, groupname, priority) VALUES (?, ?, ?)"
                self.run(said, username, attribute, int(value))
            else:
                said = f"INSERT INTO {table} (username, attribute, op, value) VALUES (?, ?, ?, ?)"
                self.run(said, username, attribute, op, value)

    def rows(self, username: str) -> list[tuple[str, str, str, str]]:
        """Return what stands there of a user, in the shape of :meth:`put`, without password and Class."""
        told = []
        for table in ("radcheck", "radreply"):
            said = f"SELECT attribute, op, value FROM {table} WHERE username = ? ORDER BY id"
            found = self.run(said, username)
            told += [(table, *row) for row in found if "Password" not in row[0] and row[0] != "Class"]
        groups = self.run("SELECT groupname, priority FROM radusergroup WHERE username = ?", username)
        return told + [("radusergroup", name, "", str(priority)) for name, priority in groups]

    def password(self, username: str) -> list[tuple[str, str, str]]:
        """Return the rows of a user's password."""
        said = "SELECT attribute, op, value FROM radcheck WHERE username = ? AND attribute LIKE '%Password%'"
        return [(attribute, op, value) for attribute, op, value in self.run(said, username)]

    def everything(self) -> list[Fact]:
        """Return every row of every table."""
        return [(table, *row) for table in TABLES for row in self.run(f"SELECT * FROM {table}")]

    def fill(self, logins: int) -> None:
        """Let many logins stand there: ``many0`` with a password, and a speed."""
        names = [f"many{number}" for number in range(logins)]
        check = [(name, "Cleartext-Password", ":=", "x") for name in names]
        check += [(name, "Simultaneous-Use", ":=", "1") for name in names]
        reply = [(name, "Mikrotik-Rate-Limit", ":=", "1000k/2000k") for name in names]
        self._insert("radcheck", check)
        self._insert("radreply", reply)

    def _insert(self, table: str, rows: Iterable[Fact]) -> None:
        columns = "(username, attribute, op, value)"
        if self.server is None:
            with closing(sqlite3.connect(self.config.path)) as connection, connection:
                connection.executemany(f"INSERT INTO {table} {columns} VALUES (?, ?, ?, ?)", rows)
            return
        with self.server.owner.cursor() as cursor:
            with cursor.copy(f"COPY {table} {columns} FROM STDIN".encode()) as copy:
                for row in rows:
                    copy.write_row(row)
            cursor.execute(f"ANALYZE {table}".encode())


def sqlite_database(folder: Path, **settings: Any) -> Database:
    """Make a file with FreeRADIUS's tables that a server without rights may write."""
    path = folder / "radius.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((DATA / "sqlite.sql").read_text())
    path.chmod(0o666)
    return Database(RadiusConfig(engine=Engine.SQLITE, path=str(path), **settings))


@contextmanager
def postgresql_server() -> Iterator[Server]:
    """Give a server that has a database with FreeRADIUS's tables, and a user who may only work with them."""
    with postgres_server(port=free_tcp_port()) as server:
        server.execute(f"CREATE USER {USER} PASSWORD '{PASSWORD.reveal()}'")
        rules = server.folder / "data" / "pg_hba.conf"
        rules.write_text(f"host all {USER} 127.0.0.1/32 password\n{rules.read_text()}")
        server.execute("SELECT pg_reload_conf()")
        # Another order of texts than Python's.
        order = "LOCALE_PROVIDER icu ICU_LOCALE 'en-US'"
        try:
            server.execute(f"CREATE DATABASE {DATABASE} TEMPLATE template0 {order}")
        except psycopg.Error:  # before PostgreSQL 15, or built without it
            server.execute(f"CREATE DATABASE {DATABASE}")
        server.execute((DATA / "postgresql.sql").read_text(), DATABASE)
        for rights, things in (("SELECT, INSERT, UPDATE, DELETE", "TABLES"), ("ALL", "SEQUENCES")):
            server.execute(f"GRANT {rights} ON ALL {things} IN SCHEMA public TO {USER}", DATABASE)
        with connected(server) as owner:
            owner.autocommit = True
            yield Server(server, owner)


def postgresql_database(server: Server, **settings: Any) -> Database:
    """Empty the server's database, and give it."""
    port = server.postgres.port
    config = RadiusConfig(host="127.0.0.1", port=port, database=DATABASE, user=USER, password=PASSWORD)
    database = Database(evolve(config, **settings), server)
    database.run(f"TRUNCATE {', '.join(TABLES)} RESTART IDENTITY")
    return database


def connected(server: PostgresServer) -> psycopg.Connection[Any]:
    """Connect as the owner of everything; what is done is committed at the end of the block."""
    return psycopg.connect(host=str(server.folder), port=server.port, dbname=DATABASE, user="postgres")


def free_tcp_port() -> int:
    """Return a port of TCP that nobody listens at."""
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        port: int = line.getsockname()[1]
    return port
