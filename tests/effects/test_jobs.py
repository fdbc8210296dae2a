"""Workers on a server that Procrastinate wakes: by the transaction that makes work, and again when lost."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from ispcore.storage.columns import metadata
from ispcore.storage.jobs import Jobs, install_jobs, is_of_the_queue
from tests import engines
from tests.effects.network import Network, login, network_at

pytestmark = pytest.mark.server


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Network]:
    """A network on a server that has a queue of jobs."""
    with network_at(engines.new_postgresql(), tmp_path) as network:
        network.add_box()
        install_jobs(network.database)
        yield network


def jobs_of(network: Network) -> list[tuple[str, str]]:
    with network.database.reading() as work:
        asked = sa.text("SELECT args->>'device', status::text FROM procrastinate_jobs ORDER BY id")
        return [(row[0], row[1]) for row in work.connection.execute(asked)]


def test_a_job_is_there_when_its_transaction_is_saved_and_merged_with_one_that_waits(served: Network) -> None:
    with served.database.writing() as work:
        work.outbox.wake(["box", "box"])
        work.outbox.wake(["box"])
        assert jobs_of(served) == []

    with served.database.writing() as work:
        work.outbox.wake(["box", "olt"])

    assert jobs_of(served) == [("box", "todo"), ("olt", "todo")]


def test_what_is_not_saved_wakes_nobody(served: Network) -> None:
    def broken() -> None:
        with served.database.writing() as work:
            work.outbox.wake(["box"])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken()

    assert jobs_of(served) == []


def test_a_job_makes_its_device_current(served: Network) -> None:
    served.want(login("ana"))
    with served.database.writing() as work:
        work.outbox.wake(["box"])

    Jobs(served.database, served.worker).run(until_idle=True, processes_signals=False)

    assert served.box.logins == {"ana": ("text of one", 100)}
    assert ("box", "todo") not in jobs_of(served)


def test_a_job_whose_process_was_lost_is_run_again(served: Network) -> None:
    served.want(login("ana"))
    with served.database.writing() as work:
        work.outbox.wake(["box"])
        work.connection.execute(sa.text("UPDATE procrastinate_jobs SET status = 'doing'"))
    jobs = Jobs(served.database, served.worker)

    async def rescue() -> int:
        async with jobs.app.open_async():
            return await jobs.rescue(seconds=0)

    assert asyncio.run(rescue()) == 1
    assert jobs_of(served) == [("box", "todo")]


def test_without_a_queue_nobody_is_woken_and_nothing_fails(tmp_path: Path) -> None:
    with network_at(engines.new_postgresql(), tmp_path) as network:
        with network.database.writing() as work:
            work.outbox.wake(["box"])
        assert install_jobs(network.database)
        assert not install_jobs(network.database)


def test_the_queue_is_no_part_of_our_schema(served: Network) -> None:
    engine = served.database._engine
    with engine.connect() as connection:
        options = {"include_name": lambda *told: not is_of_the_queue(*told)}
        found = compare_metadata(MigrationContext.configure(connection, opts=options), metadata)

    assert found == []
