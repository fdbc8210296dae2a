"""Seeding: a provider's base of any size in seconds, multiplied from moulds, the same for the same seed."""

from __future__ import annotations

import random
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from attrs import frozen

from bench.moulds import Event, Mould, make_moulds
from ispcore.storage import SqlDatabase
from ispcore.storage.bulk import insert_rows
from ispcore.storage.columns import metadata

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

SEED = 2012
_BATCH = 10_000
_SHARES = {1: 40, 2: 40, 3: 15, 4: 5}
_WITH_EVENT = 10
"""Of a hundred subscriptions, how many have a fragment in the month that is billed."""

_SHARED = ("catalog_entries", "terms", "profiles", "actors")
_OWN = ("persons", "customers", "subscriptions", "facts", "texts", "charges", "receivables", "closings")
_NUMBERS = ("person", "customer", "subscription")

Row = tuple[Any, ...]


@frozen
class Base:
    """How many subscribers, with which numbers of lines; *fresh* when nothing was ever closed."""

    subscribers: int
    lines: tuple[int, ...] = tuple(_SHARES)
    fresh: bool = False

    @property
    def name(self) -> str:
        """A name for files and databases."""
        kind = "fresh" if self.fresh else "base"
        return f"{kind}_{''.join(map(str, self.lines))}_{self.subscribers}"

    def seed(self, url: str) -> None:
        """Fill the new database at *url*."""
        seed(url, self)


def seed(url: str, base: Base) -> None:
    """Fill the new database at *url* with *base*."""
    with TemporaryDirectory(prefix="ispcore-bench-") as folder:
        path = Path(folder) / "moulds.db"
        moulds = make_moulds(f"sqlite:///{path}", base.lines, fresh=base.fresh)
        with closing(sqlite3.connect(path)) as source:
            target = SqlDatabase(url)
            target.migrate()
            _fill(source, target, base, moulds)
            target.close()


def _fill(source: sqlite3.Connection, target: SqlDatabase, base: Base, moulds: Sequence[Mould]) -> None:
    with target.writing() as work:
        for name in _SHARED:
            columns, rows = _read(source, name)
            insert_rows(work.connection, metadata.tables[name], columns, rows)
        for name in ("facts", "texts"):
            columns, rows = _read(source, name, "subject_kind = 'catalog'")
            insert_rows(work.connection, metadata.tables[name], columns, rows)
        numbers = [{"name": name, "next": base.subscribers + 1} for name in _NUMBERS]
        work.connection.execute(sa.insert(metadata.tables["numbers"]), numbers)
    chosen = _chosen(base, moulds)
    patterns = {mould.number: _patterns(source, mould.number) for mould in moulds}
    columns_of = {name: _read(source, name, "0")[0] for name in _OWN}
    for first in range(1, base.subscribers + 1, _BATCH):
        batch = [(n, patterns[next(chosen)]) for n in range(first, min(first + _BATCH, base.subscribers + 1))]
        with target.writing() as work:
            for name in _OWN:
                copies = (copy(n) for n, pattern in batch for copy in pattern[name])
                insert_rows(work.connection, metadata.tables[name], columns_of[name], copies)


def _chosen(base: Base, moulds: Sequence[Mould]) -> Iterator[int]:
    """Yield the numbers of moulds without end, in the shares that the base has."""
    chance = random.Random(SEED)  # noqa: S311 - the same one every time
    groups: dict[tuple[int, bool], list[int]] = {}
    for mould in moulds:
        groups.setdefault((mould.lines, mould.event is not Event.NONE), []).append(mould.number)
    weights = [_SHARES[lines] for lines in base.lines]
    while True:
        (lines,) = chance.choices(base.lines, weights)
        yield chance.choice(groups[lines, chance.randrange(100) < _WITH_EVENT])


def _read(source: sqlite3.Connection, table: str, where: str = "1") -> tuple[list[str], list[Row]]:
    found = source.execute(f"SELECT * FROM {table} WHERE {where}")
    return [column[0] for column in found.description], found.fetchall()


_WHOSE = {
    "persons": "id = :n",
    "customers": "id = :n",
    "facts": "subject_kind <> 'catalog' AND subject_id = :n || ''",
    "texts": "subject_kind <> 'catalog' AND subject_id = :n || ''",
    "subscriptions": "id = :n",
}


def _patterns(source: sqlite3.Connection, number: int) -> dict[str, list[Callable[[int], Row]]]:
    """Return what makes a copy of each row of the mould *number*, by table."""
    found: dict[str, list[Callable[[int], Row]]] = {}
    for name in _OWN:
        where = _WHOSE.get(name, "subscription_id = :n").replace(":n", str(number))
        columns, rows = _read(source, name, where)
        found[name] = [_copier(name, columns, row, number) for row in rows]
    return found


def _copier(table: str, columns: list[str], row: Row, number: int) -> Callable[[int], Row]:
    """Return a function that gives *row* with another number in the places of *number*."""
    whole: list[int] = []
    texts: list[tuple[int, str]] = []
    for at, (column, value) in enumerate(zip(columns, row, strict=True)):
        if column in {"person_id", "customer_id", "subscription_id"} or (column == "id" and value == number):
            whole.append(at)
        elif column in {"subject_id", "code"}:
            texts.append((at, "%d"))
        elif column == "id":
            texts.append((at, "%d" + str(value).removeprefix(str(number))))
        elif table == "facts" and column == "payload":
            text = str(value)
            pattern, found = re.subn(rf'("customer": |"person": |"code": "){number}(?=[",}}])', r"\1%d", text)
            if found:
                texts.append((at, pattern))

    def copy(n: int) -> Row:
        values = list(row)
        for at in whole:
            values[at] = n
        for at, pattern in texts:
            values[at] = pattern.replace("%d", str(n))
        return tuple(values)

    return copy
