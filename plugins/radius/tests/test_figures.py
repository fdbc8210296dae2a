"""What many logins cost beside the plain rows, printed; ISPCORE_LOGINS says how many.

ISPCORE_LOGINS=10000 pytest -s -m endurance plugins/radius/tests/test_figures.py
"""

import os
import time
import tracemalloc
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import pytest
import sqlalchemy as sa
from attrs import evolve

from bench.network_rows import insert_placements, login
from ispcore.driver import Access, Login, SecretRef
from ispcore.effects import Lender, Looker, Settings, Ways, Worker
from ispcore.storage import SqlDatabase, SqlEffects
from ispcore.storage.network_tables import placements
from ispcore.values import SecretText
from ispcore_radius import SPEC
from ispcore_radius.layout import Layout
from ispcore_radius.rows import Table
from plugins.radius.tests.calls import EVERY_FIELD, Call, change, desk, making
from plugins.radius.tests.databases import Database

pytestmark = pytest.mark.endurance

LOGINS = int(os.environ.get("ISPCORE_LOGINS", "300"))
SECONDS = 3_600
MOST_BYTES = 30_000_000
"""Of a look at everything, however many there are: one chunk of it, and its comparison."""


def with_secret(number: int) -> Login:
    return evolve(login(number), password=SecretText(f"login-{number}"), upload_kbit=150_000)


def seconds_of(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def plain_rows(database: Database) -> Mapping[Table, list[tuple[str, str, str, str]]]:
    """Return the rows of all logins, as the driver writes them."""
    layout = Layout(database.config)
    found: dict[Table, list[tuple[str, str, str, str]]] = {Table.CHECK: [], Table.REPLY: []}
    for number in range(LOGINS):
        one = with_secret(number)
        for row in layout.written([], one, EVERY_FIELD, b"").add:
            found[row.table].append((one.username, row.attribute, row.op, row.value))
    return found


def tell(database: Database, what: str, seconds: float, least: float | None = None) -> None:
    ratio = "" if least is None else f", {seconds / least:.1f} times the plain rows ({least:.2f} s)"
    engine = database.config.engine.value
    print(f"\n{engine}: {LOGINS} logins {what}: {seconds:.2f} s, {LOGINS / seconds:.0f} a second{ratio}")  # noqa: T201 - it is what the test is for


def test_logins_are_written_and_suspended_beside_the_plain_rows(database: Database) -> None:
    rows = plain_rows(database)

    def copy() -> None:
        for table, those in rows.items():
            database._insert(table.value, those)

    copied = seconds_of(copy)
    for table in rows:
        database.run(f"DELETE FROM {table.value}")
    with desk(database) as at:
        changes = [making(with_secret(number)) for number in range(LOGINS)]
        made = seconds_of(lambda: at.apply(*changes, call=Call(seconds=SECONDS)))
        standing = list(at.all().values())
        refused = [change(one, access=Access.REFUSED) for one in standing]
        suspended = seconds_of(lambda: at.apply(*refused, call=Call(seconds=SECONDS)))

    tell(database, "provisioned by the driver", made, copied)
    tell(database, "suspended by the driver", suspended)
    said = "SELECT count(*) FROM radcheck WHERE attribute = 'Auth-Type'"
    assert (len(standing), database.run(said)) == (LOGINS, [(LOGINS,)])


def test_a_worker_provisions_suspends_and_finds_no_drift_in_flat_memory(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, ways = network_of(database, tmp_path, monkeypatch)
    worker = Worker(SqlEffects(kept), ways, resolve=resolve, settings=Settings(hold_seconds=SECONDS))

    tell(database, "provisioned by a worker", seconds_of(worker.run))
    with kept.writing() as work:
        suspend(work.connection)
    tell(database, "suspended by a worker", seconds_of(worker.run))
    looker = Looker(Lender(kept.effects, ways), kept.drift)
    tell(database, "compared", seconds_of(lambda: looker.look("radius")))
    tracemalloc.start()
    report = looker.look("radius")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    print(f"{database.config.engine.value}: {LOGINS} logins compared in {peak / 1e6:.1f} MB at most")  # noqa: T201 - as above
    kept.close()

    assert (report.seen, report.expected, report.is_clean) == (LOGINS, LOGINS, True)
    assert peak < MOST_BYTES
    said = "SELECT count(*) FROM radcheck WHERE attribute = 'Auth-Type'"
    assert database.run(said) == [(LOGINS,)]


def test_a_database_that_was_there_before_is_adopted_whole(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for table, those in plain_rows(database).items():
        database._insert(table.value, those)
    kept, ways = network_of(database, tmp_path, monkeypatch)
    worker = Worker(SqlEffects(kept), ways, resolve=resolve, settings=Settings(hold_seconds=SECONDS))

    def adopt() -> int:
        with kept.writing() as work:
            return work.outbox.adopt_all("radius")

    tell(database, "adopted", seconds_of(adopt))
    tell(database, "compared with what is wanted, and their passwords written", seconds_of(worker.run))
    report = Looker(Lender(kept.effects, ways), kept.drift).look("radius")
    kept.close()

    assert (report.seen, report.expected, report.is_clean) == (LOGINS, LOGINS, True)
    assert database.run("SELECT count(*) FROM radreply") == [(LOGINS * 2,)]


def network_of(database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[SqlDatabase, Ways]:
    """Return a network that wants so many logins in *database*, and the ways to it."""
    kept = SqlDatabase(f"sqlite:///{folder / 'network.db'}")
    kept.migrate()
    config = database.config
    given: dict[str, object] = {"engine": config.engine.value, "path": config.path}
    if not config.path:
        monkeypatch.setenv("RADIUS_PASSWORD", config.password.reveal() if config.password else "")
        names = ("host", "port", "database", "user")
        given = {name: getattr(config, name) for name in names} | {"password": {"env": "RADIUS_PASSWORD"}}
    with kept.writing() as work:
        work.devices.add("radius", driver="radius", config=given)
        insert_placements(work.connection, LOGINS, applied=False)
    return kept, Ways(lambda _: SPEC, secrets=lambda source: SecretText(os.environ[source.name]))


def resolve(refs: Iterable[SecretRef]) -> Mapping[SecretRef, SecretText]:
    return {ref: SecretText(ref.name) for ref in refs}


def suspend(connection: sa.Connection) -> None:
    """Want every login refused, as one statement of a clerk would in the end."""
    asked = sa.select(placements.c.id, placements.c.wanted)
    rows = connection.execute(asked).all()
    refused = [{"this": row.id, "spec": row.wanted | {"access": "refused"}} for row in rows]
    change_all = sa.update(placements).where(placements.c.id == sa.bindparam("this"))
    values = {"wanted": sa.bindparam("spec"), "generation": placements.c.generation + 1}
    connection.execute(change_all.values(values), refused)
