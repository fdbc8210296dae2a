"""Rounds: ours and the reference turn by turn, and how much of the machine others used meanwhile."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

Told = dict[str, Any]


@frozen
class Target:
    """What a ratio should come under, and what would be beyond it."""

    reached: float
    beyond: float


@frozen
class Figure:
    """One row: ratios of rounds, what both sides took in each, and how busy others were."""

    name: str
    reference: str
    ratios: tuple[float, ...]
    target: Target | None = None
    ours: tuple[Mapping[str, Any], ...] = field(factory=tuple)
    theirs: tuple[Mapping[str, Any], ...] = field(factory=tuple)
    foreign: tuple[float, ...] = ()
    remark: str = ""

    @property
    def median(self) -> float:
        """The median of the ratios."""
        return median(self.ratios)

    def of(self, side: Sequence[Mapping[str, Any]], what: str) -> float | None:
        """Return the median of *what* a side told; None when it told nothing of it."""
        told = [one[what] for one in side if what in one]
        return median(told) if told else None


class Meter:
    """Measures which share of the processors others used; None where the system does not tell."""

    def __init__(self, store_seconds: Callable[[], float]) -> None:
        """Count what *store_seconds* tells as ours too."""
        self._store_seconds = store_seconds

    def __call__(self, act: Callable[[], Told]) -> tuple[Told, float | None]:
        """Return what *act* told, and the share that others used."""
        busy, ours, began = _busy_seconds(), self._ours(), time.monotonic()
        told = act()
        passed = time.monotonic() - began
        after = _busy_seconds()
        if busy is None or after is None:
            return told, None
        foreign = (after - busy) - (self._ours() - ours)
        return told, max(0.0, foreign / (passed * (os.cpu_count() or 1)))

    def _ours(self) -> float:
        used = 0.0
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN):
            usage = resource.getrusage(who)
            used += usage.ru_utime + usage.ru_stime
        return used + self._store_seconds()


def _busy_seconds() -> float | None:
    """Return what all processors have worked since the start of the machine."""
    stat = Path("/proc/stat")
    if not stat.exists():
        return None
    user, nice, system, _, _, irq, softirq, steal, *_ = map(
        int, stat.read_text("utf-8").split("\n")[0].split()[1:]
    )
    return (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")


def child(**task: Any) -> Told:  # noqa: ANN401 - plain JSON
    """Carry *task* out in a fresh process, and return what it told."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.children"],
        input=json.dumps(task),
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).resolve().parent.parent,
    )
    if done.returncode != 0:
        raise RuntimeError(f"The task {task['task']!r} failed:\n{done.stderr.strip()}")
    told: Told = json.loads(done.stdout)
    return told


def rounds(
    count: int,
    ours: Callable[[], Told],
    theirs: Callable[[], Told],
    meter: Meter,
    *,
    what: str = "seconds",
) -> tuple[tuple[float, ...], tuple[Told, ...], tuple[Told, ...], tuple[float, ...]]:
    """Take turns, and return the ratio of each round, what both sides told, and the foreign shares."""
    ratios: list[float] = []
    mine: list[Told] = []
    other: list[Told] = []
    foreign: list[float] = []
    for _ in range(count):
        for act, kept in ((ours, mine), (theirs, other)):
            told, share = meter(act)
            kept.append(told)
            if share is not None:
                foreign.append(share)
        ratios.append(mine[-1][what] / other[-1][what])
    return tuple(ratios), tuple(mine), tuple(other), tuple(foreign)
