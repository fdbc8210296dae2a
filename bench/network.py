"""The figure of provisioning: many placements made current by workers, against claiming them by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from bench.measuring import Figure, Meter, Target, child, rounds
from bench.network_rows import seed_network

if TYPE_CHECKING:
    from bench.measuring import Told
    from bench.stores import Store

WORKERS = 4
BATCH = 500


@frozen
class Network:
    """So many placements that nobody has applied yet, on one device."""

    placements: int
    applied: bool = False

    @property
    def name(self) -> str:
        """A name for files and databases."""
        return f"network_{self.placements}{'_applied' if self.applied else ''}"

    def seed(self, url: str) -> None:
        """Fill the new database at *url*."""
        seed_network(url, self.placements, lanes=WORKERS, applied=self.applied)


def provisioning(store: Store, placements: int, count: int) -> Figure:
    """Return so many placements made current, against claiming and acknowledging as many rows by hand.

    On both sides the workers have been started, and each has done one row, before the clock begins; and both
    take as many rows at a time.
    """
    base = Network(placements)
    ratios, ours, theirs, foreign = rounds(
        count,
        lambda: _on_copy(store, base, "network.worked"),
        lambda: _on_copy(store, base, "network.claimed"),
        Meter(store.own_cpu_seconds),
    )
    name = f"{placements:,} resources made current by {WORKERS} workers, {store.name}"
    reference = f"claim and acknowledge of as many rows by hand, {BATCH} at a time"
    return Figure(name, reference, ratios, Target(3.0, 2.0), ours, theirs, foreign)


def _on_copy(store: Store, base: Network, task: str) -> Told:
    url = store.copy(base)
    try:
        told = child(task=task, url=url, workers=WORKERS, batch=BATCH)
        if told["done"] != base.placements:
            raise AssertionError(f"{task} has done {told['done']} of {base.placements}.")
        return told
    finally:
        store.drop(url)


def looked_at(store: Store, placements: int) -> Figure:
    """Return the peak of memory of looking at everything on a device, against that at a tenth."""
    small, large = Network(placements // 10, applied=True), Network(placements, applied=True)
    ratios, ours, theirs, foreign = rounds(
        1,
        lambda: _looked_at(store, large),
        lambda: _looked_at(store, small),
        Meter(store.own_cpu_seconds),
        what="peak",
    )
    name = f"peak memory of observing and comparing {placements:,} placements, {store.name}"
    return Figure(name, f"at {placements // 10:,}", ratios, Target(1.2, 1.0), ours, theirs, foreign)


def _looked_at(store: Store, base: Network) -> Told:
    url = store.copy(base)
    try:
        return child(task="network.compared", url=url)
    finally:
        store.drop(url)
