"""Copies of a template on a server that are used again: what a test left in one is taken out of it.

Making and dropping a database costs a server far more than deleting what a test has written. A copy whose
tables, rights or settings are no longer its template's is dropped instead, as is one that anything fails in.
"""

from collections import defaultdict
from functools import cached_property

import psycopg
from attrs import define, field, frozen
from psycopg import sql

from ispcore.testing import PostgresServer

_WAIT_MS = 10_000

_ALONE = f"""
SELECT coalesce(bool_and(pg_terminate_backend(pid, {_WAIT_MS})), true) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""

_OUTLINE = """
WITH base AS (SELECT 16384 AS first),
parts (part) AS (
    SELECT 'class ' || oid || ' ' || xmin FROM pg_class, base WHERE oid >= first
    UNION ALL SELECT 'column ' || attrelid || ' ' || attnum || ' ' || xmin FROM pg_attribute, base
        WHERE attrelid >= first
    UNION ALL SELECT 'constraint ' || oid || ' ' || xmin FROM pg_constraint, base WHERE oid >= first
    UNION ALL SELECT 'default ' || oid || ' ' || xmin FROM pg_attrdef
    UNION ALL SELECT 'trigger ' || oid || ' ' || xmin FROM pg_trigger
    UNION ALL SELECT 'policy ' || oid || ' ' || xmin FROM pg_policy
    UNION ALL SELECT 'rule ' || oid || ' ' || xmin FROM pg_rewrite, base WHERE oid >= first
    UNION ALL SELECT 'function ' || oid || ' ' || xmin FROM pg_proc, base WHERE oid >= first
    UNION ALL SELECT 'type ' || oid || ' ' || xmin FROM pg_type, base WHERE oid >= first
    UNION ALL SELECT 'sequence ' || schemaname || ' ' || sequencename || ' ' || coalesce(last_value, 0)
        FROM pg_sequences
    UNION ALL SELECT 'schema ' || oid || ' ' || xmin FROM pg_namespace WHERE nspname !~ '^pg_(toast_)?temp_'
    UNION ALL SELECT 'comment ' || objoid || ' ' || objsubid || ' ' || xmin FROM pg_description, base
        WHERE objoid >= first
    UNION ALL SELECT 'rights ' || oid || ' ' || xmin FROM pg_default_acl
    UNION ALL SELECT 'setting ' || setrole || ' ' || xmin FROM pg_db_role_setting
        WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
    UNION ALL SELECT 'database ' || coalesce(datacl::text, '') || ' ' || datdba || ' ' || datconnlimit
        FROM pg_database WHERE datname = current_database()
)
SELECT md5(string_agg(part, ',' ORDER BY part COLLATE "C")) FROM parts
"""
"""Changes with whatever is done to a database but to the rows of its tables."""

_TABLES = """
SELECT quote_ident(nspname) || '.' || quote_ident(relname) FROM pg_class
JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE relkind = 'r' AND pg_class.oid >= 16384 AND nspname <> 'information_schema'
ORDER BY pg_class.oid
"""


@frozen
class Kept:
    """What a template holds: its outline, and the rows of each table."""

    outline: str
    rows: dict[str, bytes]

    @cached_property
    def deletions(self) -> bytes:
        """The statements that empty every table."""
        return "; ".join(f"DELETE FROM {table}" for table in self.rows).encode()


@define
class Copies:
    """The copies on a *server* that nobody uses at the moment, by the template that they were made of."""

    server: PostgresServer
    kept: dict[str, Kept] = field(factory=dict)
    idle: defaultdict[str, list[str]] = field(factory=lambda: defaultdict(list))
    template_of: dict[str, str] = field(factory=dict)

    def take(self, template: str) -> str:
        """Return the name of a database that is as *template* is, which nobody may change from now on."""
        if template not in self.kept:
            with self._connected(template) as connection:
                self.kept[template] = _read(connection)
        name = self.idle[template].pop() if self.idle[template] else self.server.new_database(template)
        self.template_of[name] = template
        return name

    def give_back(self, name: str) -> bool:
        """Make a database as its template is, whoever is still connected; tell whether it stays."""
        template = self.template_of.pop(name)
        try:
            with self._connected(name) as connection:
                stays = _restored(connection, self.kept[template])
        except psycopg.Error:
            stays = False
        if stays:
            self.idle[template].append(name)
        else:
            self.server.drop_database(name)
        return stays

    def _connected(self, name: str) -> psycopg.Connection:
        return psycopg.connect(self.server.url(name).replace("+psycopg", ""), autocommit=True)


def _read(connection: psycopg.Connection) -> Kept:
    tables = [str(table) for (table,) in connection.execute(_TABLES)]
    rows = {}
    for table in tables:
        with connection.cursor().copy(_copy(table, "TO STDOUT")) as out:
            rows[table] = b"".join(bytes(part) for part in out)
    return Kept(_outline(connection), rows)


def _restored(connection: psycopg.Connection, kept: Kept) -> bool:
    (alone,) = connection.execute(_ALONE).fetchone() or (False,)
    if not alone or _outline(connection) != kept.outline:
        return False
    # Foreign keys are looked after by triggers, which a replica leaves to where it copies from.
    connection.execute("SET session_replication_role = replica")
    with connection.transaction():
        connection.execute(kept.deletions)
        for table, rows in kept.rows.items():
            if rows:
                with connection.cursor().copy(_copy(table, "FROM STDIN")) as into:
                    into.write(rows)
    return True


def _outline(connection: psycopg.Connection) -> str:
    (outline,) = connection.execute(_OUTLINE).fetchone() or ("",)
    return str(outline)


def _copy(table: str, way: str) -> sql.SQL:
    return sql.SQL(f"COPY {table} {way}")
