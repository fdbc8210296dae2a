"""Placements, inserted in bulk: logins on one device."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import sqlalchemy as sa

from ispcore.driver import Login, SecretRef
from ispcore.storage import SqlDatabase
from ispcore.storage.bulk import bound, insert_rows
from ispcore.storage.converters import to_plain
from ispcore.storage.network_tables import claims, placements

DEVICE = "radius"
_AT = datetime(2012, 3, 1, tzinfo=UTC)
_COLUMNS = (
    "id",
    "resource",
    "device",
    "kind",
    "generation",
    "wanted",
    "layer",
    "needs",
    "moved_at",
    "applied_generation",
    "applied",
    "key",
    "attempts",
    "repairs",
)


def warm(worker: int) -> str:
    """Return the name of a device of a worker's own."""
    return f"warm-{worker}"


def login(number: int) -> Login:
    """Return what is wanted of the login of that number."""
    return Login(
        username=f"customer-{number:07}",
        password=SecretRef(f"login-{number}"),
        download_kbit=300_000,
        upload_kbit=150_000,
        macs=("00:11:22:33:44:55",),
    )


def seed_network(url: str, count: int, *, lanes: int, applied: bool) -> None:
    """Fill the new database at *url* with a device and so many placements on it."""
    database = SqlDatabase(url)
    database.migrate()
    with database.writing() as work:
        work.devices.add(DEVICE, driver="simulator", config={}, lanes=lanes)
        for number in range(lanes):
            # Each worker makes one placement current before the clock begins.
            work.devices.add(warm(number), driver="simulator", config={})
            name = f"{number}:warm@{warm(number)}"
            row = dict(zip(_COLUMNS, _row(1_000_000 + number, applied=False), strict=True))
            work.connection.execute(sa.insert(placements), {**row, "id": name, "device": warm(number)})
        insert_placements(work.connection, count, applied=applied)
    with database.writing() as work:
        work.connection.execute(sa.text("ANALYZE"))
    database.close()


def insert_placements(connection: sa.Connection, count: int, *, applied: bool) -> None:
    """Want so many logins on the device, that stand there or do not."""
    rows = (_row(number, applied=applied) for number in range(count))
    insert_rows(connection, placements, _COLUMNS, bound(connection, placements, _COLUMNS, rows))
    named = ("device", "claim", "placement", "written")
    names = ((DEVICE, f"login/customer-{n:07}", f"{n}:login@{DEVICE}", applied) for n in range(count))
    insert_rows(connection, claims, named, bound(connection, claims, named, names))


def _row(number: int, *, applied: bool) -> tuple[object, ...]:
    plain = to_plain(login(number))
    stands = (1, plain, f"customer-{number:07}") if applied else (0, None, None)
    resource = f"{number}:login"
    kept = json.loads(json.dumps(plain))
    first: list[object] = [f"{resource}@{DEVICE}", resource, DEVICE, "login", 1, kept, 2, [], _AT]
    return (*first, *stands, 0, 0)
