"""A closing that is killed in the middle leaves whole slices, and is repaired by running it again."""

import os
import random
import signal
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests.storage.bases import books_at, closed, expected, findings_at, fresh, runs_at
from tests.storage.closing_processes import closing

if not hasattr(signal, "SIGKILL"):
    pytest.skip("this system cannot kill at once", allow_module_level=True)

pytestmark = pytest.mark.endurance

KILLS = int(os.environ.get("ISPCORE_KILLS", "16"))
"""In all; 1000 in the environment ``endurance`` of tox."""


def time_of(url: str, workers: int) -> float:
    """Return how many seconds a closing takes that nobody disturbs."""
    child = closing(url, workers)
    began = time.monotonic()
    child.join()
    assert child.exitcode == 0
    return time.monotonic() - began


def killed(url: str, workers: int, after: float, *, all_at_once: bool) -> bool:
    """Close, and kill the process *after* so many seconds; tell whether that came in time.

    Its workers are killed too, or notice by themselves, some time later.
    """
    child = closing(url, workers)
    assert child.pid is not None
    time.sleep(after)
    with suppress(ProcessLookupError):
        if all_at_once:
            os.killpg(child.pid, signal.SIGKILL)
        else:
            child.kill()
    child.join()
    return child.exitcode == -signal.SIGKILL


@pytest.mark.parametrize("workers", [1, 4])
def test_a_killed_closing_that_is_run_again_leaves_the_books_of_an_undisturbed_one(
    engine: str, small_slices: None, tmp_path: Path, workers: int
) -> None:
    run, books = expected(engine)
    whole = time_of(fresh(engine, tmp_path / "timed.db"), workers)
    chance = random.Random(f"{engine} {workers}")
    in_time = 0

    for number in range(KILLS // 4):
        url = fresh(engine, tmp_path / f"{number}.db")
        # Sometimes what goes on after a kill is killed as well.
        for _ in range(chance.choice((1, 1, 2, 3))):
            moment = chance.uniform(0, whole)
            if killed(url, workers, moment, all_at_once=chance.random() < 0.5):
                in_time += 1
            else:
                # The machine was busier when the time was taken.
                whole = min(whole, moment)

        again = closed(url)

        assert books_at(url) == books
        assert findings_at(url) == []
        # All attempts are one run; whoever closes after it was finished begins another one, which is empty.
        records = runs_at(url)
        (found,) = [one.found for one in records if not one.found.issued_nothing]
        assert found.summary == run.summary
        assert all(one.finished_at for one in records)
        assert again.issued_nothing == (len(records) > 1)

    assert in_time >= KILLS // 4 * 2 / 3
