"""Workers on PostgreSQL that are woken, run and watched over by Procrastinate (``ispcore[postgres]``).

A job says "look at this device" and nothing more: what is to be done stands in the placements, so a job that
is lost, doubled or late does no harm. It is put in the queue by the transaction that makes the work, and is
there if and only if that one is saved.
"""

from __future__ import annotations

import re
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from ispcore.errors import RefusedError, StorageError
from ispcore.storage.locks import SCHEMA, lock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import procrastinate

    from ispcore.effects import Worker
    from ispcore.storage.database import SqlDatabase

QUEUE = "ispcore"
_WORK, _SWEEP, _RESCUE = "ispcore.work", "ispcore.sweep", "ispcore.rescue"
_STALLED_SECONDS = 60
_TABLE = "procrastinate_jobs"
_NOTE = re.compile(r"ispcore: (\d+\.\d+\.\d+)")
_MIGRATION = re.compile(r"(\d\d)\.(\d\d)\.(\d\d)_")


def is_of_the_queue(name: str | None, kind: str, _: object = None) -> bool:
    """Tell whether a table is Procrastinate's own, which the migrations of ispcore leave alone."""
    return kind == "table" and name is not None and name.startswith("procrastinate_")


def install_jobs(database: SqlDatabase) -> bool:
    """Make Procrastinate's tables, or bring them to its installed version; tell whether anything was done.

    Raises:
        RefusedError: the database is no server.
        StorageError: Procrastinate is not installed, or is older than the tables.
    """
    with database.writing() as session:
        connection = session.connection
        if connection.dialect.name != "postgresql":
            raise RefusedError(
                "Only PostgreSQL has a queue of jobs.", rule="no-queue", hint="Run a worker without it."
            )
        lock(connection, SCHEMA)
        here, wanted = _installed(connection), _version()
        if here == wanted:
            return False
        for script in _scripts(here, wanted):
            connection.exec_driver_sql(script.replace("%", "%%"))
        note = f"COMMENT ON TABLE {_TABLE} IS 'ispcore: {'.'.join(map(str, wanted))}'"
        connection.exec_driver_sql(note)
        return True


def has_jobs(connection: sa.Connection) -> bool:
    """Tell whether Procrastinate's tables are there."""
    if connection.dialect.name != "postgresql":
        return False
    return connection.execute(sa.select(sa.func.to_regclass(_TABLE))).scalar() is not None


def _version() -> tuple[int, ...]:
    return tuple(int(part) for part in version("procrastinate").split(".")[:3])


def _installed(connection: sa.Connection) -> tuple[int, ...] | None:
    if not has_jobs(connection):
        return None
    told = connection.execute(sa.text(f"SELECT obj_description('{_TABLE}'::regclass)")).scalar()
    found = _NOTE.search(told or "")
    if found is None:
        raise StorageError(
            "Procrastinate's tables are there, and were not made by ispcore.",
            hint="Keep ispcore's jobs in a database, or a schema, of their own.",
        )
    return tuple(int(part) for part in found[1].split("."))


def _scripts(here: tuple[int, ...] | None, wanted: tuple[int, ...]) -> Iterable[str]:
    from procrastinate.schema import SchemaManager  # noqa: PLC0415 - an optional dependency

    if here is None:
        return [SchemaManager.get_schema()]
    if here > wanted:
        raise StorageError(f"The queue's tables are of Procrastinate {here}, which is later than {wanted}.")
    files = sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql"))
    return [file.read_text("utf-8") for file in files if here < _version_of(file) <= wanted]


def _version_of(file: Path) -> tuple[int, ...]:
    found = _MIGRATION.match(file.name)
    return tuple(int(part) for part in found.groups()) if found else ()


class Jobs:
    """The queue of one database: wakes workers, and runs them."""

    def __init__(self, database: SqlDatabase, worker: Callable[[], Worker] | None = None) -> None:
        """Use the queue of *database*; who runs jobs says how a *worker* is made."""
        self._worker = worker
        self.app = _app(database.url)
        self._work = self.app.task(name=_WORK, queue=QUEUE)(self._run)
        sweep = self.app.task(name=_SWEEP, queue=QUEUE, queueing_lock=_SWEEP)(self._run_all)
        rescue = self.app.task(name=_RESCUE, queue=QUEUE, queueing_lock=_RESCUE)(self._rescue)
        self.app.periodic(cron="* * * * * */10")(sweep)
        self.app.periodic(cron="* * * * * */30")(rescue)

    def wake(self, connection: sa.Connection, devices: Sequence[str]) -> None:
        """Put a job for each of *devices* in the queue, within the transaction of *connection*.

        Jobs for one device that wait are one. Who saves the same one at the same time is waited for.
        """
        from procrastinate.exceptions import AlreadyEnqueued  # noqa: PLC0415 - an optional dependency

        raw = connection.connection.driver_connection
        for device in devices:
            try:
                with connection.begin_nested():
                    self._work.configure(connection=raw, queueing_lock=f"ispcore:{device}").defer(
                        device=device
                    )
            except AlreadyEnqueued:
                continue

    def run(self, *, processes_signals: bool = True, until_idle: bool = False, concurrency: int = 1) -> None:
        """Run jobs until a signal ends it, or until none waits."""
        self.app.run_worker(
            queues=[QUEUE],
            wait=not until_idle,
            concurrency=concurrency,
            fetch_job_polling_interval=1.0,
            install_signal_handlers=processes_signals,
            delete_jobs="successful",
        )

    def _run(self, device: str) -> None:
        self._made().run(device=device)

    def _run_all(self, timestamp: int) -> None:  # noqa: ARG002 - of the queue
        self._made().run()

    def _made(self) -> Worker:
        if self._worker is None:
            raise RefusedError("These jobs are only put in the queue here, and not run.", rule="no-worker")
        return self._worker()

    async def _rescue(self, timestamp: int) -> None:  # noqa: ARG002 - of the queue
        await self.rescue()

    async def rescue(self, *, seconds: float = _STALLED_SECONDS) -> int:
        """Let jobs run again whose process was lost; return how many those are."""
        jobs = list(await self.app.job_manager.get_stalled_jobs(seconds_since_heartbeat=seconds))
        for job in jobs:
            await self.app.job_manager.retry_job(job)
        return len(jobs)


def _app(url: sa.URL) -> procrastinate.App:
    import procrastinate  # noqa: PLC0415 - an optional dependency

    where = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=where))
