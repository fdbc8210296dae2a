"""Processes of workers are replaced when they hang or end, and end in order when told to."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

from ispcore.effects import Supervisor
from tests.effects.labour import Marking


@contextmanager
def supervised(supervisor: Supervisor) -> Iterator[None]:
    stop = Event()
    thread = Thread(target=supervisor.run, args=(stop,))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def wait_until(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.05)


def begun(folder: Path) -> list[int]:
    return [int(path.name) for path in folder.iterdir() if path.name.isdigit()]


def test_a_process_that_hangs_is_killed_and_replaced(tmp_path: Path) -> None:
    hanging = Supervisor(Marking(str(tmp_path), hangs=True), 1, grace_seconds=0.1, rest_seconds=0)

    with supervised(hanging):
        wait_until(lambda: len(begun(tmp_path)) >= 2)


def test_a_process_that_is_lost_is_replaced_and_all_end_in_order(tmp_path: Path) -> None:
    with supervised(Supervisor(Marking(str(tmp_path)), 2, rest_seconds=0)):
        wait_until(lambda: len(begun(tmp_path)) == 2)
        os.kill(begun(tmp_path)[0], signal.SIGTERM)
        wait_until(lambda: len(begun(tmp_path)) == 3)

    assert len([path for path in tmp_path.iterdir() if path.name.endswith("-ended")]) == 3
