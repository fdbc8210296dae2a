"""What is timed, each in a process of its own: read a task from the input, print what it took.

A fresh process has warmed nothing up, keeps nothing from the round before, and has its own peak of memory.
"""

from __future__ import annotations

import gc
import json
import pickle
import resource
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.by_hand import Hand, read_left
from bench.month_tasks import TASKS as MONTH_TASKS
from bench.moulds import CLERK, ON
from bench.network_tasks import TASKS as NETWORK_TASKS
from bench.writing import driver_connection, engine_of, writer_for
from ispcore import Provider
from ispcore.plans import ChangePrice
from ispcore.testing import MovableClock
from ispcore.values import Money, SubscriptionId

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def close(url: str, *, twice: bool = False) -> dict[str, Any]:
    """Close the month that is billed, from the call to the last commit; once more when *twice*."""
    with Provider.connect(url, clock=MovableClock(ON)) as provider:
        gc.collect()
        found, seconds, cpu = _timed(lambda: provider.close(ON, actor=CLERK))
        told = {"seconds": seconds, "cpu": cpu, "charges": found.charges, "problems": len(found.problems)}
        if twice:
            again, told["again"], _ = _timed(lambda: provider.close(ON, actor=CLERK))
            if not again.issued_nothing:
                raise AssertionError("A second closing of the same day issued something.")
        return told


def replay(url: str, path: str) -> dict[str, Any]:
    """Write prepared rows as plainly as the driver can; reading them from *path* is not timed."""
    seconds = cpu = 0.0
    with Path(path).open("rb") as pages, writer_for(url) as write:
        write.prepare(pickle.load(pages))
        while (page := pickle.load(pages)) is not None:
            if sum(map(len, page.values())) > 1:  # a page of one row leaves nothing to be collected
                gc.collect()
            _, spent, used = _timed(lambda page=page: write.page(page))
            seconds, cpu = seconds + spent, cpu + used
    return {"seconds": seconds, "cpu": cpu}


def commands(url: str, hand_url: str, count: int) -> dict[str, Any]:
    """Change prices by commands, and write the same rows by hand to another copy, turn by turn.

    The first turn warms up and does not count.
    """
    ours: list[float] = []
    theirs: list[float] = []
    with (
        Provider.connect(url, clock=MovableClock(ON)) as provider,
        driver_connection(hand_url) as connection,
    ):
        untouched = connection.execute(
            f"SELECT id FROM subscriptions WHERE last_fact = 1 ORDER BY id LIMIT {count}"
        ).fetchall()
        for turn in range(count // _TURN):
            numbers = [number for (number,) in untouched[turn * _TURN : (turn + 1) * _TURN]]
            spent = _timed(lambda numbers=numbers: _change_prices(provider, numbers))[1]
            left, columns = read_left(url, numbers)
            hand = Hand(connection, engine_of(hand_url), columns, left[0])
            by_hand = _timed(lambda left=left, hand=hand: [hand.write(one) for one in left])[1]
            if turn:
                ours.append(spent / _TURN)
                theirs.append(by_hand / _TURN)
    return {"ours": ours, "reference": theirs}


_TURN = 20


def _change_prices(provider: Provider, numbers: Sequence[int]) -> None:
    for number in numbers:
        command = ChangePrice(
            subscription=SubscriptionId(number), on=ON, price=Money.of("79.90", "BRL"), note="asked for it"
        )
        provider.do(command, actor=CLERK)


def _timed(act: Any) -> tuple[Any, float, float]:  # noqa: ANN401 - whatever it gives
    began, used = time.perf_counter(), time.process_time()
    found = act()
    return found, time.perf_counter() - began, time.process_time() - used


def _peak_mib() -> float:
    """Return this process's peak of memory; where the system tells, without what it was started from."""
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text("utf-8").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


TASKS: dict[str, Callable[..., dict[str, Any]]] = {
    "close": close,
    "replay": replay,
    "commands": commands,
    **MONTH_TASKS,
    **NETWORK_TASKS,
}

if __name__ == "__main__":
    asked = json.load(sys.stdin)
    told = TASKS[asked.pop("task")](**asked)
    json.dump({**told, "peak": _peak_mib()}, sys.stdout)
