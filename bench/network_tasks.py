"""What is timed of the network: workers of ours, and claims and acknowledgements by hand, side by side."""

from __future__ import annotations

import gc
import json
import multiprocessing
import sqlite3
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from attrs import frozen

from bench.network_rows import DEVICE, login, warm
from bench.simulator import SIMULATOR, Vast
from bench.writing import driver_connection, engine_of
from ispcore.effects import Lender, Looker, Settings, Ways, Worker
from ispcore.storage import SqlDatabase, SqlEffects
from ispcore.storage.network_tables import placements
from ispcore.values import SecretText

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from multiprocessing.queues import Queue
    from multiprocessing.synchronize import Barrier

    from ispcore.driver import DriverSpec, SecretRef


@frozen
class Place:
    """Where a worker works, and how it tells what it has done."""

    url: str
    number: int
    batch: int
    begins: Barrier
    told: Queue[tuple[int, float]]


def worked(url: str, workers: int, batch: int) -> dict[str, Any]:
    """Let workers of ours make everything current."""
    return _side_by_side(_work, url, workers, batch)


def claimed(url: str, workers: int, batch: int) -> dict[str, Any]:
    """Claim every row and acknowledge it, each in a transaction of its own, as plainly as the driver can."""
    return _side_by_side(_claim, url, workers, batch)


def _side_by_side(act: Callable[..., None], url: str, workers: int, batch: int) -> dict[str, Any]:
    context = multiprocessing.get_context("spawn")
    begins: Barrier = context.Barrier(workers + 1)
    told: Queue[tuple[int, float]] = context.Queue()
    places = [Place(url, number, batch, begins, told) for number in range(workers)]
    children = [context.Process(target=act, args=(place,)) for place in places]
    for one in children:
        one.start()
    begins.wait(120)
    began = time.perf_counter()
    found = [told.get(timeout=600) for _ in children]
    seconds = time.perf_counter() - began
    for one in children:
        one.join()
    return {"seconds": seconds, "done": sum(done for done, _ in found), "cpu": sum(cpu for _, cpu in found)}


def _drivers(_: str) -> DriverSpec:
    return SIMULATOR


def _resolve(refs: Iterable[SecretRef]) -> Mapping[SecretRef, SecretText]:
    return {ref: SecretText(ref.name) for ref in refs}


def _work(place: Place) -> None:
    database = SqlDatabase(place.url)
    settings = Settings(batch=place.batch)
    worker = Worker(SqlEffects(database), Ways(_drivers), resolve=_resolve, settings=settings)
    worker.run(device=warm(place.number))
    gc.freeze()  # as the processes of a supervisor do
    place.begins.wait(120)
    used = time.process_time()
    place.told.put((worker.run().done, time.process_time() - used))
    database.close()


def _claim(place: Place) -> None:
    sqlite = engine_of(place.url) == "sqlite"
    with driver_connection(place.url) as connection:
        if sqlite:
            connection.execute("PRAGMA busy_timeout=30000")
        claim, done = (_claim_sqlite, _done_sqlite) if sqlite else (_claim_server, _done_server)
        done(connection, claim(connection, warm(place.number), place.batch))
        place.begins.wait(120)
        used, count = time.process_time(), 0
        while rows := claim(connection, DEVICE, place.batch):
            done(connection, rows)
            count += len(rows)
        place.told.put((count, time.process_time() - used))


_LEASED = timedelta(seconds=60)
_MINE = (
    "SELECT id FROM placements WHERE device = '{device}' AND applied_generation < generation "
    "AND (try_at IS NULL OR try_at <= {now}) ORDER BY layer LIMIT {batch}"
)


def _claim_sqlite(connection: sqlite3.Connection, device: str, batch: int) -> list[tuple[str, str]]:
    mine = _MINE.format(device=device, now="?", batch=batch)
    claim = (
        f"UPDATE placements SET attempts = attempts + 1, try_at = ? WHERE id IN ({mine}) RETURNING id, wanted"
    )
    connection.execute("BEGIN IMMEDIATE")
    rows = connection.execute(claim, (_text(_now() + _LEASED), _text(_now()))).fetchall()
    connection.execute("COMMIT")
    return rows


def _done_sqlite(connection: sqlite3.Connection, rows: list[tuple[str, str]]) -> None:
    done = (
        "UPDATE placements SET applied = wanted, applied_generation = generation, applied_at = ?, "
        "try_at = NULL WHERE id IN (SELECT value FROM json_each(?))"
    )
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(done, (_text(_now()), json.dumps([row[0] for row in rows])))
    connection.execute("COMMIT")


def _claim_server(connection: Any, device: str, batch: int) -> list[tuple[str, str]]:  # noqa: ANN401 - psycopg's
    mine = _MINE.format(device=device, now="clock_timestamp()", batch=batch) + " FOR UPDATE SKIP LOCKED"
    claim = (
        f"WITH mine AS MATERIALIZED ({mine}) UPDATE placements AS p SET attempts = attempts + 1, "
        "try_at = clock_timestamp() + interval '60 seconds' FROM mine WHERE p.id = mine.id "
        "RETURNING p.id, p.wanted"
    )
    rows: list[tuple[str, str]] = connection.execute(claim).fetchall()
    return rows


def _done_server(connection: Any, rows: list[tuple[str, str]]) -> None:  # noqa: ANN401 - psycopg's
    done = (
        "UPDATE placements SET applied = wanted, applied_generation = generation, "
        "applied_at = clock_timestamp(), try_at = NULL WHERE id = ANY(%s)"
    )
    connection.execute(done, ([row[0] for row in rows],))


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - a lease by hand


def _text(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%d %H:%M:%S.%f")


def compared(url: str) -> dict[str, Any]:
    """Look at the device, and compare everything that stands there with what was left there."""
    database = SqlDatabase(url)
    with database.reading() as work:
        here = sa.select(sa.func.count()).where(placements.c.device == DEVICE)
        count = work.connection.execute(here).scalar_one()
    ways = Ways(_drivers, make=lambda _: Vast(login, count))
    gc.collect()
    began = time.perf_counter()
    report = Looker(Lender(database.effects, ways), database.drift).look(DEVICE)
    seconds = time.perf_counter() - began
    database.close()
    if (report.seen, report.expected, report.is_clean) != (count, count, True):
        raise AssertionError(f"The look found {report}.")
    return {"seconds": seconds, "done": count}


TASKS: dict[str, Callable[..., dict[str, Any]]] = {
    "network.worked": worked,
    "network.claimed": claimed,
    "network.compared": compared,
}
