"""Figures of small things: a command, what a quiet subscription owes, an import."""

from __future__ import annotations

import subprocess
import sys
import time
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from bench.catalogue import plan_of
from bench.measuring import Figure, Meter, Target, child
from bench.moulds import BEFORE, ON, make_moulds
from ispcore.billing import Books, charges_of_span, close_subscription, terms_of
from ispcore.plans import BilledSpan
from ispcore.storage import SqlDatabase
from ispcore.usecases.rows import DueRow, Slice
from ispcore.usecases.slices import SLICE, SliceCloser, terms_from
from ispcore.values import ONE_DAY, CustomerId, SubscriptionId

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bench.seeding import Base
    from bench.stores import Store
    from ispcore.billing import Profile
    from ispcore.catalog import Catalogue
    from ispcore.usecases.ports import Database

_COMMANDS = 220
_SLICE = Slice(CustomerId(1), CustomerId(SLICE), SLICE)


def command(store: Store, base: Base) -> Figure:
    """Return a change of price by `provider.do` against the same rows inserted by hand."""
    url, hand_url = store.copy(base), store.copy(base)
    try:
        told, share = Meter(store.own_cpu_seconds)(
            lambda: child(task="commands", url=url, hand_url=hand_url, count=_COMMANDS)
        )
    finally:
        store.drop(url)
        store.drop(hand_url)
    ratios = tuple(ours / theirs for ours, theirs in zip(told["ours"], told["reference"], strict=True))
    seconds = tuple({"seconds": one, "peak": told["peak"]} for one in told["ours"])
    by_hand = tuple({"seconds": one} for one in told["reference"])
    return Figure(
        f"a command: change of price, {store.name}",
        "the same rows inserted by hand, committed",
        ratios,
        Target(2.0, 1.3),
        seconds,
        by_hand,
        () if share is None else (share,),
        "groups of 20, turn by turn",
    )


def desired(count: int) -> tuple[Figure, ...]:
    """Return what a quiet subscription of two lines costs to bill, against the proration of two amounts."""
    with TemporaryDirectory(prefix="ispcore-bench-") as folder:
        url = f"sqlite:///{folder}/moulds.db"
        mould = make_moulds(url, (2,), fresh=False)[0]
        database = SqlDatabase(url)
        with database.reading() as work:
            timeline, row = work.subscriptions.get(SubscriptionId(mould.number))
            catalogue = work.catalogue.current()
            assert row.profile is not None  # noqa: S101 - it is quiet
            profiles = work.ledger.profiles([row.profile])
        database.close()
    span: BilledSpan = timeline.billed_on(ON)
    terms = terms_of(catalogue, span.cycle, "standard", [plan_of(2)])
    source = terms_from(catalogue)
    books = Books(timeline, closed_through=row.closed_through)
    quiet = _Quiet(catalogue, profiles, row.profile)
    return (
        _pure(
            "desired charges, by the general function",
            lambda: charges_of_span(timeline, terms, span),
            count,
        ),
        _pure(
            "a whole closing, by the general function",
            lambda: close_subscription(books, catalogue, source, ON),
            count,
        ),
        _pure("desired charges, quiet and shared by a slice", quiet.slice, count, Target(10, 5), times=SLICE),
    )


class _Quiet:
    """A slice of a thousand quiet subscriptions, sorted by a closer that knows nothing yet."""

    def __init__(self, catalogue: Catalogue, profiles: Mapping[str, Profile], profile: str) -> None:
        self._work: Any = _Work(_Catalogues(catalogue), _Ledger(profiles))
        since = BEFORE + ONE_DAY
        self._due = [
            DueRow(SubscriptionId(n), CustomerId(n), 1, since, None, profile) for n in range(1, SLICE + 1)
        ]

    def slice(self) -> None:
        """Sort the slice and compute what all of it owes, once."""
        closer = SliceCloser(cast("Database", None))
        closer._read(self._work)  # noqa: SLF001 - the pure half of a slice has no public name
        groups, others = closer._sorted(self._work, _SLICE, self._due, ON)  # noqa: SLF001 - as above
        if others or len(groups) != 1:
            raise AssertionError("The slice is not quiet.")


class _Ledger(NamedTuple):
    known: Mapping[str, Profile]

    def profiles(self, _: object) -> Mapping[str, Profile]:
        return self.known

    def with_balance(self, _: object, __: object) -> tuple[CustomerId, ...]:
        return ()


class _Catalogues(NamedTuple):
    known: Catalogue

    def current(self) -> Catalogue:
        return self.known


class _Work(NamedTuple):
    catalogue: _Catalogues
    ledger: _Ledger


def _pure(
    name: str, act: Callable[[], object], count: int, target: Target | None = None, *, times: int = 1
) -> Figure:
    ours, theirs = [], []
    for _ in range(count):
        ours.append(_seconds(act, max(3, 2_000 // times)) / times)
        theirs.append(_seconds(_plain, 20_000))
    return _figure(name, "`price * days` of two amounts", (ours, theirs), target)


def _figure(
    name: str, reference: str, seconds: tuple[list[float], list[float]], target: Target | None
) -> Figure:
    ours, theirs = seconds
    ratios = tuple(one / other for one, other in zip(ours, theirs, strict=True))
    sides = [tuple({"seconds": one} for one in side) for side in seconds]
    return Figure(name, reference, ratios, target, sides[0], sides[1])


def _seconds(act: Callable[[], object], times: int) -> float:
    began = time.perf_counter()
    for _ in range(times):
        act()
    return (time.perf_counter() - began) / times


def _plain() -> tuple[int, int]:
    return _share(1_990, 29, 29), _share(11_000, 29, 29)


def _share(price: int, days: int, total: int) -> int:
    return (2 * price * days + total) // (2 * total)


_IMPORTS = {
    "import ispcore": "import ispcore",
    "from ispcore import Provider": "from ispcore import Provider",
}


def imports(count: int) -> tuple[Figure, ...]:
    """Return what importing takes in a fresh interpreter, against SQLAlchemy."""
    return tuple(_imported(name, statement, count) for name, statement in _IMPORTS.items())


def _imported(name: str, statement: str, count: int) -> Figure:
    ours, theirs = [], []
    for _ in range(count):
        ours.append(_fresh(statement))
        theirs.append(_fresh("import sqlalchemy"))
    return _figure(f"`{name}`", "`import sqlalchemy`", (ours, theirs), Target(1.3, 1.1))


def _fresh(statement: str) -> float:
    """Return how long *statement* takes in a fresh interpreter, the median of three."""
    timed = f"import time; began = time.perf_counter(); {statement}; print(time.perf_counter() - began)"
    found = [
        subprocess.run([sys.executable, "-c", timed], capture_output=True, text=True, check=True).stdout
        for _ in range(3)
    ]
    return median(map(float, found))
