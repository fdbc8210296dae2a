"""The figures of a month: against its own rows, and over years of history against one."""

from __future__ import annotations

import pickle
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bench.measuring import Figure, Meter, Target, child, rounds
from bench.month_base import PAID_BY, MonthBase
from bench.moulds import ON
from bench.writing import PAGES, driver_connection, engine_of, header
from ispcore.storage.columns import metadata

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from bench.measuring import Told
    from bench.stores import Store

YEARS = (1, 5)
_ALONE = ("payments", "notices")
_OF_MONTH = {
    "facts": f"recorded_at >= '{ON}' AND subject_kind = 'subscription' AND cause = 'automatic'",
    "charges": f"issued_on >= '{ON}'",
    "receivables": f"issued_on >= '{ON}'",
    "closings": f"closed_on >= '{ON}'",
    "slips": f"command_id NOT LIKE '{PAID_BY}-%'",
    "slip_lines": f"slip_id IN (SELECT id FROM slips WHERE command_id NOT LIKE '{PAID_BY}-%')",
    "payments": f"provider <> '{PAID_BY}'",
    "allocations": f"source NOT LIKE '{PAID_BY}:%' AND allocated_on >= '{ON}'",
    "notices": f"asked_on >= '{ON}'",
    "late_stages": f"reached_on >= '{ON}'",
}
"""Which rows a month appends, by table; the tables come in the order of their keys."""


def figures(store: Store, subscribers: int, days: int, count: int) -> Iterator[Figure]:
    """Yield a month against its rows, and one after many years against one after few, at a tenth of that."""
    yield from against_rows(store, MonthBase(subscribers), days, count)
    small, large = (MonthBase(max(subscribers // 10, 1), years) for years in YEARS)
    yield of_years(store, small, large, days, count)


def against_rows(store: Store, base: MonthBase, days: int, count: int) -> tuple[Figure, Figure]:
    """Return a month against its rows: in bulk, and with a commit for each payment and notice."""
    with TemporaryDirectory(prefix="ispcore-bench-") as folder:
        bulk, alone = Path(folder) / "bulk", Path(folder) / "alone"
        first = store.copy(base)
        child(task="month", url=first, days=days)
        written = harvest(first, bulk)
        harvest(first, alone, alone=_ALONE)
        store.drop(first)
        ratios, ours, theirs, foreign = rounds(
            count,
            lambda: _on_copy(store, base, task="month", days=days),
            lambda: _on_copy(store, base, task="replay", path=str(bulk)),
            Meter(store.own_cpu_seconds),
        )
        others = tuple(_on_copy(store, base, task="replay", path=str(alone)) for _ in range(count))
    name = f"a month, {store.name}, {base.subscribers:,} subscribers, {days} ticks"
    remark = f"{written:,} rows; {_parts(ours)}"
    reference = "the same rows by `executemany` or COPY, prepared"
    each = tuple(mine["seconds"] / other["seconds"] for mine, other in zip(ours, others, strict=True))
    return (
        Figure(name, reference, ratios, None, ours, theirs, foreign, remark),
        Figure(name, "with a commit for each payment and notice", each, None, ours, others),
    )


def of_years(store: Store, small: MonthBase, large: MonthBase, days: int, count: int) -> Figure:
    """Return a month after many years against one after few."""
    ratios, ours, theirs, foreign = rounds(
        count,
        lambda: _on_copy(store, large, task="month", days=days),
        lambda: _on_copy(store, small, task="month", days=days),
        Meter(store.own_cpu_seconds),
    )
    name = f"a month after {large.years} years, {store.name}, {large.subscribers:,} subscribers"
    return Figure(name, f"after {small.years}", ratios, Target(1.2, 1.05), ours, theirs, foreign)


def _parts(told: tuple[Told, ...]) -> str:
    """Return which shares of the time the parts of a month took in the last round."""
    return ", ".join(f"{name} {share:.0%}" for name, share in told[-1]["parts"].items())


def _on_copy(store: Store, base: MonthBase, **task: object) -> Told:
    url = store.copy(base)
    try:
        return child(url=url, **task)
    finally:
        store.drop(url)


def harvest(url: str, path: Path, *, alone: Collection[str] = ()) -> int:
    """Keep the rows that a month appended to the database at *url*, and return how many they are.

    Those of the tables *alone* are written a transaction each.
    """
    usual, count = PAGES[engine_of(url)], 0
    tables = [table.name for table in metadata.sorted_tables if table.name in _OF_MONTH]
    with driver_connection(url) as connection, path.open("wb") as pages:
        pickle.dump(header(connection, tables), pages)
        for name in tables:
            found = _rows(connection, name)
            count += len(found)
            size = 1 if name in alone else usual
            for first in range(0, len(found), size):
                pickle.dump({name: found[first : first + size]}, pages)
        pickle.dump(None, pages)
    return count


def _rows(connection: Any, name: str) -> list[tuple[Any, ...]]:  # noqa: ANN401 - of either driver
    columns = metadata.tables[name].columns
    chosen = (f"CAST({one.name} AS TEXT)" if isinstance(one.type, sa.JSON) else one.name for one in columns)
    asked = f"SELECT {', '.join(chosen)} FROM {name} WHERE {_OF_MONTH[name]}"
    found: list[tuple[Any, ...]] = connection.execute(asked).fetchall()
    return found
