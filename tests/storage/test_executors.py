"""A closing over an executor leaves the books of a sequential one, whatever the executor does to its work."""

import multiprocessing
import os
import pickle
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ispcore.errors import RefusedError, StorageError, UnbillableError
from ispcore.storage.workers import AHEAD, ExecutorWorkers
from ispcore.usecases import Run
from ispcore.usecases.rows import Slice
from ispcore.values import CustomerId
from tests.providers import ANA, open_office
from tests.storage.bases import (
    CUSTOMERS,
    END_OF_MARCH,
    IN_A_SLICE,
    books_at,
    closed,
    expected,
    findings_at,
    opened,
    spoil,
)

Way = Callable[[], Any]


def spawned(workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"))


def forkserved(workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(workers, multiprocessing.get_context("forkserver"))


@contextmanager
def dask(*, processes: bool) -> Iterator[Executor]:
    """Give the executor of a Dask client on a cluster of this machine."""
    distributed = pytest.importorskip(
        "distributed", reason="Dask is not installed: pip install 'ispcore[cluster]'"
    )
    where = {"n_workers": 2, "threads_per_worker": 2, "dashboard_address": None, "processes": processes}
    with distributed.LocalCluster(**where) as cluster, distributed.Client(cluster) as client:
        yield client.get_executor(pure=False)


class AtOnce(Executor):
    """Does all work when it is asked to, as often as ``times`` says."""

    times = 1

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            results = [fn(*args, **kwargs) for _ in range(self.times)]
            future.set_result(results[-1])
        except Exception as error:  # noqa: BLE001 - as executors do
            future.set_exception(error)
        return future


class Twice(AtOnce):
    """Does all work twice, as a cluster does that takes a slow worker for a dead one."""

    times = 2


class Forgetful(AtOnce):
    """Does all work, and loses what comes of every third piece."""

    def __init__(self) -> None:
        self.handed_out = 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.handed_out += 1
        future = super().submit(fn, *args, **kwargs)
        if self.handed_out % 3 == 0:
            future = Future()
            future.set_exception(ConnectionResetError("the result was lost"))
        return future


WAYS: dict[str, Way] = {
    "2 processes": lambda: spawned(2),
    "4 processes": lambda: forkserved(4),
    "threads": lambda: ThreadPoolExecutor(4),
    "at once": AtOnce,
    "twice": Twice,
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_a_closing_over_an_executor_leaves_the_books_of_a_sequential_one(
    engine: str, url: str, way: Way
) -> None:
    run, books = expected(engine)

    with way() as executor:
        found = closed(url, executor=executor)
        again = closed(url, executor=executor)

    assert books_at(url) == books
    assert found == run
    assert again == Run(END_OF_MARCH, customers=CUSTOMERS)
    assert findings_at(url) == []


@pytest.mark.server
@pytest.mark.filterwarnings("ignore")  # of Dask's own, about its ports and its event loops
@pytest.mark.parametrize("processes", [True, False], ids=["processes", "threads"])
def test_a_closing_over_a_dask_cluster_leaves_the_books_of_a_sequential_one(
    engine: str, url: str, processes: bool
) -> None:
    run, books = expected(engine)

    with dask(processes=processes) as executor:
        found = closed(url, executor=executor)

    assert books_at(url) == books
    assert found == run


def test_a_database_in_memory_is_refused_with_a_way_out() -> None:
    with open_office() as office, ThreadPoolExecutor(1) as executor:
        if "memory" not in office.url:
            pytest.skip("a server has no databases in memory")
        office.subscribe(office.register())

        with pytest.raises(
            RefusedError, match=r"cannot be reached by other processes. Use a file"
        ) as refused:
            office.provider.close(date(2012, 2, 29), actor=ANA, executor=executor)

        assert refused.value.rule == "in-memory"
        assert office.provider.runs(actor=ANA) == ()


def test_results_that_are_lost_are_told_and_running_again_comes_to_the_same(engine: str, url: str) -> None:
    run, books = expected(engine)

    executor = Forgetful()
    with pytest.raises(StorageError, match=r"ConnectionResetError the result was lost.*again"):
        closed(url, executor=executor)
    with pytest.raises(StorageError):
        closed(url, executor=executor)

    assert closed(url) == run
    assert books_at(url) == books


def test_an_executor_that_was_shut_down_is_told(url: str) -> None:
    executor = ThreadPoolExecutor(1)
    executor.shutdown()

    with pytest.raises(StorageError, match=r"A worker failed or was lost: RuntimeError.*again"):
        closed(url, executor=executor)


class Murderous(ProcessPoolExecutor):
    """Kills one of its processes when it has handed out so many pieces of work."""

    after = CUSTOMERS // IN_A_SLICE // 2
    handed_out = 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.handed_out += 1
        if self.handed_out == self.after:
            os.kill(next(iter(self._processes)), signal.SIGKILL)
        return super().submit(fn, *args, **kwargs)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system cannot kill at once")
def test_a_worker_that_is_killed_is_told_and_running_again_completes(engine: str, url: str) -> None:
    run, books = expected(engine)

    with (
        Murderous(2, multiprocessing.get_context("spawn")) as executor,
        pytest.raises(StorageError, match=r"BrokenProcessPool.*again.*goes on with the others"),
    ):
        closed(url, executor=executor)
    with spawned(2) as executor:
        found = closed(url, executor=executor)

    assert found == run
    assert books_at(url) == books
    assert findings_at(url) == []


@pytest.mark.parametrize(
    "way", [lambda: spawned(2), lambda: ThreadPoolExecutor(2)], ids=["processes", "threads"]
)
def test_problems_come_back_and_the_others_are_billed(url: str, way: Way) -> None:
    for subscription in (4, 36, 38):
        spoil(url, subscription)
    seen: list[Run] = []

    with way() as executor:
        found = closed(url, executor=executor, watch=seen.append)

    assert [(one.subscription, one.rule) for one in found.problems] == [
        (4, "unreadable"),
        (36, "unreadable"),
        (38, "unreadable"),
    ]
    assert {len(part.problems) for part in seen} == {0, 1, 2}
    assert found.charges > CUSTOMERS // 2
    office = opened(url)
    (record, _) = office.provider.runs(actor=ANA)
    assert record.found.summary == found.summary
    office.provider.close_database()


def test_whoever_watches_sees_each_slice_once(url: str) -> None:
    seen: list[Run] = []

    with ThreadPoolExecutor(3) as executor:
        found = closed(url, executor=executor, watch=seen.append)

    assert [part.customers for part in seen] == [IN_A_SLICE] * (CUSTOMERS // IN_A_SLICE)
    assert sum(part.charges for part in seen) == found.charges


def test_what_a_watcher_raises_ends_the_run_which_can_be_gone_on_with(engine: str, url: str) -> None:
    run, books = expected(engine)

    def stop(part: Run) -> None:
        raise KeyboardInterrupt

    with ThreadPoolExecutor(3) as executor, pytest.raises(KeyboardInterrupt):
        closed(url, executor=executor, watch=stop)

    assert closed(url) == run
    assert books_at(url) == books


# --- what is handed out


class Counting(Executor):
    """Finishes the oldest piece of work whenever there are too many, and remembers how many there were."""

    def __init__(self) -> None:
        self.waiting: list[Future[Run]] = []
        self.most = 0
        self.handed_out = 0

    def submit(self, *_: Any) -> Future[Any]:  # type: ignore[override] # nothing is done
        future: Future[Any] = Future()
        self.waiting.append(future)
        self.handed_out += 1
        self.most = max(self.most, len(self.waiting))
        if len(self.waiting) == AHEAD:
            for done in self.waiting:
                done.set_result(Run(END_OF_MARCH, customers=1))
            self.waiting.clear()
        return future


def test_ten_thousand_slices_are_handed_out_a_few_at_a_time(tmp_path: Path) -> None:
    taken = 0

    def slices() -> Iterator[Slice]:
        nonlocal taken
        for number in range(1, AHEAD * 160 + 1):
            taken += 1
            # Whoever hands out takes no slice before there is room for it.
            assert taken <= executor.handed_out + 1
            yield Slice(CustomerId(number), CustomerId(number), 1)

    with open_office(tmp_path / "provider.db") as office:
        executor = Counting()
        done = ExecutorWorkers(office.database, office.url, executor).close("run", slices(), END_OF_MARCH)

        assert sum(part.customers for part in done) == AHEAD * 160 > 10_000
        assert executor.most == AHEAD


def test_an_error_travels_between_processes_whole() -> None:
    error = UnbillableError("Subscription 7 cannot.", subscription=7, rule="unreadable", facts=["7-1"])

    there = pickle.loads(pickle.dumps(error))

    assert (type(there), str(there), there.subscription, there.rule, there.facts) == (
        UnbillableError,
        "Subscription 7 cannot.",
        7,
        "unreadable",
        ("7-1",),
    )


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="this system cannot fork")
# Python warns of forking what has threads; people do it.
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_worker_opens_the_database_for_itself(engine: str, url: str) -> None:
    run, books = expected(engine)
    office = opened(url)
    office.provider.count_customers(actor=ANA)

    with ProcessPoolExecutor(2, multiprocessing.get_context("fork")) as executor:
        found = office.provider.close(END_OF_MARCH, actor=ANA, executor=executor)

    assert found == run
    assert books_at(url) == books
    office.provider.close_database()
