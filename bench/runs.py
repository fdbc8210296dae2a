"""Figures of the billing run: against its own rows, run again, killed, and at many sizes."""

from __future__ import annotations

import hashlib
import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from bench.measuring import Figure, Meter, Target, Told, child, rounds
from bench.stores import SQLITE
from bench.writing import driver_connection, harvest

if TYPE_CHECKING:
    from bench.seeding import Base
    from bench.stores import Store

_TARGETS = {SQLITE: Target(2.5, 2.0), "PostgreSQL": Target(2.0, 1.5)}
_REFERENCES = {
    SQLITE: "the same rows by `executemany`",
    "PostgreSQL": "the same rows by COPY and `INSERT ... ON CONFLICT`",
}
_AGAIN = Target(0.3, 0.1)


def billing_run(store: Store, base: Base, count: int) -> tuple[Figure, Figure]:
    """Return a run against its rows, and a second run of the same day against the first."""
    with TemporaryDirectory(prefix="ispcore-bench-") as folder:
        rows = Path(folder) / "rows"
        first = store.copy(base)
        child(task="close", url=first)
        written = harvest(first, base.subscribers, rows)
        store.drop(first)
        meter = Meter(store.own_cpu_seconds)
        ratios, ours, theirs, foreign = rounds(
            count,
            lambda: _on_copy(store, base, task="close", twice=True),
            lambda: _on_copy(store, base, task="replay", path=str(rows)),
            meter,
        )
    name = f"billing run, {store.name}, {_kind(base)}"
    again = tuple(told["again"] / told["seconds"] for told in ours)
    remark = f"{written:,} rows"
    against = Figure(
        name, _REFERENCES[store.name], ratios, _TARGETS[store.name], ours, theirs, foreign, remark
    )
    second = Figure(
        f"second run over unchanged data, {store.name}, {_kind(base)}", "the first run", again, _AGAIN
    )
    return against, second


def _kind(base: Base) -> str:
    lines = "1 to 4 lines" if len(base.lines) > 1 else f"{base.lines[0]} lines"
    return f"{base.subscribers:,} subscribers, {lines}" + (", nothing closed before" if base.fresh else "")


def _on_copy(store: Store, base: Base, **task: object) -> Told:
    url = store.copy(base)
    try:
        return child(url=url, **task)
    finally:
        store.drop(url)


def growth(store: Store, small: Base, large: Base, count: int) -> Figure:
    """Return the time of a large base against that of a small one."""
    ratios, ours, theirs, foreign = rounds(
        count,
        lambda: _on_copy(store, large, task="close"),
        lambda: _on_copy(store, small, task="close"),
        Meter(store.own_cpu_seconds),
    )
    name = f"time at {large.subscribers:,} subscribers, {store.name}"
    target = Target(10.5, 10) if large.subscribers == 10 * small.subscribers else None
    return Figure(name, f"at {small.subscribers:,}", ratios, target, ours, theirs, foreign)


def memory(store: Store, small: Base, large: Base) -> Figure:
    """Return the peak of memory at a large base against that at a small one."""
    ratios, ours, theirs, foreign = rounds(
        1,
        lambda: _on_copy(store, large, task="close"),
        lambda: _on_copy(store, small, task="close"),
        Meter(store.own_cpu_seconds),
        what="peak",
    )
    name = f"peak memory at {large.subscribers:,} subscribers, {store.name}"
    return Figure(name, f"at {small.subscribers:,}", ratios, Target(1.2, 1.0), ours, theirs, foreign)


def killed(store: Store, base: Base) -> str:
    """Kill a run half-way, run again, and tell whether the books are those of an undisturbed run."""
    undisturbed, disturbed = store.copy(base), store.copy(base)
    seconds = child(task="close", url=undisturbed)["seconds"]
    done = _killed_after(disturbed, seconds / 2)
    child(task="close", url=disturbed)
    same = _digest(undisturbed) == _digest(disturbed)
    for url in (undisturbed, disturbed):
        store.drop(url)
    told = "exact" if same else "NOT EXACT"
    return f"{store.name}, {_kind(base)}: killed with {done:,} cycles closed, repeated: {told}"


def _killed_after(url: str, seconds: float) -> int:
    """Kill a run after some *seconds* of closing, and return how many cycles it had closed."""
    before = _closed(url)
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.children"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        cwd=Path(__file__).resolve().parent.parent,
    )
    assert process.stdin is not None  # noqa: S101 - it was asked for
    process.stdin.write(json.dumps({"task": "close", "url": url}).encode())
    process.stdin.close()
    while _closed(url) == before and process.poll() is None:
        time.sleep(0.01)
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    process.wait()
    return _closed(url) - before


def _closed(url: str) -> int:
    with driver_connection(url) as connection:
        ((count,),) = connection.execute("SELECT count(*) FROM closings")
        return int(count)


def _digest(url: str) -> str:
    digest = hashlib.sha256()
    with driver_connection(url) as connection:
        for table in ("charges", "receivables", "allocations", "closings", "subscriptions"):
            rows = connection.execute(f"SELECT * FROM {table}").fetchall()
            for row in sorted(map(repr, rows)):
                digest.update(row.encode())
    return digest.hexdigest()
