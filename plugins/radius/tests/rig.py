"""What the driver kit is given: a database, and an eye on it that is not the driver's."""

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from attrs import evolve

from ispcore.driver import DriverSpec, Key, Login, Site, Spec
from ispcore.testing.driver_kit import Rig
from ispcore.values import SecretText
from ispcore_radius import SPEC, Tls
from plugins.radius.tests.databases import Database
from plugins.radius.tests.paging import NINE, write

FOREIGN = "of-somebody-else"
COUNTED = ("radcheck", "radreply", "radusergroup")


class RadiusRig(Rig):
    """A database whose changes are counted by triggers, as many as were committed."""

    spec: DriverSpec = SPEC

    def __init__(self, database: Database) -> None:
        self.database = database

    def site(self) -> Site[Any]:
        return Site(self.database.config)

    def writes(self) -> int:
        return int(self.database.run("SELECT count(*) FROM kit_writes")[0][0])

    def tamper(self, key: Key) -> None:
        self.database.run(
            "UPDATE radreply SET value = 'tampered' WHERE attribute = 'Framed-Pool' AND username = ?", key
        )

    def foreign(self) -> Callable[[], object]:
        for table in COUNTED:
            self.database.run(f"DELETE FROM {table} WHERE username = ?", FOREIGN)
        self.database.put(
            FOREIGN,
            ("radcheck", "Cleartext-Password", ":=", "theirs"),
            ("radcheck", "Calling-Station-Id", "==", "00-00-5E-00-53-FF"),
            ("radreply", "Framed-IP-Address", "=", "203.0.113.250"),
            ("radreply", "Session-Timeout", ":=", "60"),
            ("radusergroup", "walled", "", "1"),
        )
        return lambda: (self.database.rows(FOREIGN), self.database.password(FOREIGN))

    def refused(self) -> Spec | None:
        return Login(username="kit-refused", password=SecretText("Kit-refused-3310"), vlan=5000)

    def count(self) -> int | None:
        self.database.run("DELETE FROM radacct")
        hours = range(5)
        for hour in hours:
            unique = {"acctuniqueid": f"kit-{hour}", "username": FOREIGN}
            write(self.database, f"8F0{hour}", NINE + timedelta(hours=hour // 2), **unique)
        return len(hours)

    def secrets(self, spec: Spec) -> Mapping[str, str] | None:
        assert isinstance(spec, Login)
        values = [value for _, _, value in self.database.password(spec.username)]
        assert len(values) < 2
        return dict(zip(["password"], values, strict=False))


class SqliteRig(RadiusRig):
    """A file."""

    def __init__(self, database: Database) -> None:
        # Two changes go together, so that there are several transactions to be stopped between.
        super().__init__(evolve(database, config=evolve(database.config, batch=2)))
        database.run("CREATE TABLE kit_writes (n int)")
        for table in COUNTED:
            for event in ("INSERT", "UPDATE", "DELETE"):
                database.run(
                    f"CREATE TRIGGER kit_{table}_{event} AFTER {event} ON {table}"
                    " BEGIN INSERT INTO kit_writes VALUES (1); END"
                )

    def sessions_open(self) -> int:
        """Count the file's open ends in this process; where nobody can, there are none."""
        path = os.path.realpath(self.database.config.path)
        found = 0
        for end in Path("/proc/self/fd").glob("*"):
            with suppress(OSError):
                found += str(end.readlink()) == path
        return found


class PostgresqlRig(RadiusRig):
    """A server."""

    patience_seconds = 1.0
    slack_seconds = 2.0

    def __init__(self, database: Database) -> None:
        super().__init__(evolve(database, config=evolve(database.config, tls=Tls.DISABLE)))
        database.run("CREATE TABLE kit_writes (n int)")
        database.run(
            "CREATE FUNCTION kit_count() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS"
            " $$ BEGIN INSERT INTO public.kit_writes VALUES (1); RETURN NULL; END $$"
        )
        for table in COUNTED:
            database.run(
                f"CREATE TRIGGER kit AFTER INSERT OR UPDATE OR DELETE ON {table}"
                " FOR EACH ROW EXECUTE FUNCTION kit_count()"
            )

    def sessions_open(self) -> int:
        said = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'ispcore-radius'"
        return int(self.database.run(said)[0][0])

    def close(self) -> None:
        self.database.run("DROP FUNCTION kit_count CASCADE")
        self.database.run("DROP TABLE kit_writes")
