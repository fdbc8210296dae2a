"""Measure and print the table: ``python -m bench``, with ``--full`` for all sizes."""

from __future__ import annotations

import argparse
import json
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from attrs import field, frozen

from bench import month, network, runs, small
from bench.measuring import Figure
from bench.seeding import Base
from bench.stores import POSTGRESQL, SqliteStore, Store, postgres_store
from bench.table import as_markdown, machine, noise, raw, show

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_TWO = (2,)
_PARTS = (
    "runs",
    "main",
    "fresh",
    "growth",
    "killed",
    "command",
    "desired",
    "imports",
    "network",
    "month",
)
_MONTH, _DAYS, _ROUNDS = 20_000, 30, 3


@frozen
class Size:
    """So many subscribers, in so many rounds."""

    subscribers: int
    rounds: int
    only_sqlite: bool = False


_USUAL = (Size(1_000, 5), Size(10_000, 5), Size(100_000, 2))
_FULL = (Size(1_000, 5), Size(10_000, 5), Size(100_000, 5), Size(1_000_000, 2, only_sqlite=True))
_QUICK = (Size(1_000, 3),)


@frozen
class Wanted:
    """What is to be measured."""

    parts: frozenset[str]
    sizes: tuple[Size, ...]
    stores: tuple[Store, ...]
    month: Size = Size(_MONTH, 2)
    days: int = _DAYS
    remarks: list[str] = field(factory=list)

    def figures(self) -> Iterator[Figure]:
        """Measure, and yield each figure when it is there."""
        steps: dict[str, Callable[[], Iterable[Figure]]] = {
            "runs": self._runs,
            "main": self._main_case,
            "fresh": self._fresh,
            "growth": self._growth,
            "killed": self._killed,
            "command": lambda: (small.command(store, Base(self._usual.subscribers)) for store in self.stores),
            "desired": lambda: small.desired(5),
            "imports": lambda: small.imports(5),
            "network": self._network,
            "month": self._month,
        }
        for part, step in steps.items():
            if part in self.parts:
                yield from step()

    @property
    def _usual(self) -> Size:
        """The size of what is measured at one size only."""
        return min(self.sizes, key=lambda size: abs(size.subscribers - 10_000))

    def _runs(self) -> Iterator[Figure]:
        for size in self.sizes:
            for store in self.stores:
                if not (size.only_sqlite and store.name == POSTGRESQL):
                    yield from runs.billing_run(store, Base(size.subscribers), size.rounds)

    def _main_case(self) -> Iterator[Figure]:
        for store in self.stores:
            yield runs.billing_run(store, Base(self._usual.subscribers, lines=_TWO), self._usual.rounds)[0]

    def _fresh(self) -> Iterator[Figure]:
        for store in self.stores:
            yield runs.billing_run(store, Base(self._usual.subscribers, fresh=True), 3)[0]

    def _growth(self) -> Iterator[Figure]:
        sizes = sorted(self.sizes, key=lambda size: size.subscribers)
        if len(sizes) > 1:
            before, last = sizes[-2:]
            bases = Base(before.subscribers), Base(last.subscribers)
            yield runs.growth(self.stores[0], *bases, last.rounds)
            yield runs.memory(self.stores[0], Base(self._usual.subscribers), bases[1])

    def _network(self) -> Iterator[Figure]:
        for store in self.stores:
            yield network.provisioning(store, self._usual.subscribers, self._usual.rounds)
            yield network.looked_at(store, 10 * self._usual.subscribers)

    def _month(self) -> Iterator[Figure]:
        for store in self.stores:
            yield from month.figures(store, self.month.subscribers, self.days, self.month.rounds)

    def _killed(self) -> Iterator[Figure]:
        self.remarks.extend(runs.killed(store, Base(self._usual.subscribers)) for store in self.stores)
        yield from ()


def main() -> None:
    """Measure what the command line asks for."""
    asked = _arguments()
    began = time.monotonic()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="ispcore-bench-", dir=asked.folder)))
        stores: list[Store] = [SqliteStore(folder)]
        if not asked.only_sqlite:
            stores.append(stack.enter_context(postgres_store()))
        sizes = _sizes(asked)
        wanted = Wanted(
            frozenset(asked.parts or _PARTS), sizes, tuple(stores), _month_of(asked, sizes), asked.days
        )
        figures = []
        for figure in wanted.figures():
            figures.append(figure)
            print(f"{figure.name}: {figure.median:.2f}", file=sys.stderr, flush=True)
    remarks = [*wanted.remarks, noise(figures), machine(), _took(time.monotonic() - began)]
    if asked.json is not None:
        asked.json.write_text(json.dumps(raw(figures, remarks), indent=1) + "\n", "utf-8")
    if asked.markdown:
        print(as_markdown(figures, remarks))
    else:
        show(figures, remarks)


def _sizes(asked: argparse.Namespace) -> tuple[Size, ...]:
    if asked.size:
        return tuple(Size(subscribers, asked.rounds) for subscribers in asked.size)
    return _FULL if asked.full else _QUICK if asked.quick else _USUAL


def _month_of(asked: argparse.Namespace, sizes: tuple[Size, ...]) -> Size:
    """Return at which size a month is lived: the one that is asked for, or else a provider's usual one."""
    return sizes[0] if asked.size or asked.quick else Size(_MONTH, 2)


def _took(seconds: float) -> str:
    return f"Measured in {seconds / 60:.0f} minutes."


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--full", action="store_true", help="all sizes, up to a million subscribers")
    parser.add_argument("--quick", action="store_true", help="a thousand subscribers only, to see it work")
    parser.add_argument("--size", type=int, action="append", help="so many subscribers")
    parser.add_argument(
        "--rounds", type=int, default=_ROUNDS, help="with --size: in so many rounds, %(default)s by default"
    )
    parser.add_argument(
        "--days", type=int, default=_DAYS, help="so many ticks in a month, %(default)s by default"
    )
    parser.add_argument("--only-sqlite", action="store_true", help="without a PostgreSQL server")
    parser.add_argument("--markdown", action="store_true", help="print Markdown")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the raw figures there")
    parser.add_argument(
        "--folder", type=Path, help="where files are kept meanwhile, on the disk to be measured"
    )
    parser.add_argument("parts", nargs="*", help=f"what to measure, all by default: {', '.join(_PARTS)}")
    asked = parser.parse_args()
    unknown = set(asked.parts) - set(_PARTS)
    if unknown:
        parser.error(f"There is nothing called {', '.join(sorted(unknown))}; there are: {', '.join(_PARTS)}.")
    return asked


if __name__ == "__main__":
    main()
