"""The base that benchmarks are measured on is one that ispcore itself could have made."""

import pickle
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bench.moulds import BEFORE, CLERK, ON
from bench.seeding import Base, seed
from bench.stores import SqliteStore
from bench.writing import driver_connection, harvest, writer_for
from ispcore import Provider
from ispcore.testing import MovableClock
from ispcore.values import CustomerId

SUBSCRIBERS = 120


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> SqliteStore:
    """Files of bases that are seeded once for all tests here."""
    return SqliteStore(tmp_path_factory.mktemp("bases"))


def path_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def closed(url: str) -> None:
    with Provider.connect(url, clock=MovableClock(ON)) as provider:
        provider.close(ON, actor=CLERK)


def rows(path: Path, statement: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(statement).fetchall()


@pytest.mark.parametrize("fresh", [False, True])
def test_a_check_finds_nothing_in_a_seeded_base_before_and_after_its_closing(
    store: SqliteStore, *, fresh: bool
) -> None:
    url = store.copy(Base(SUBSCRIBERS, fresh=fresh))

    with Provider.connect(url, clock=MovableClock(ON)) as provider:
        before = list(provider.check(actor=CLERK))
        run = provider.close(ON, actor=CLERK)
        after = list(provider.check(actor=CLERK))

    assert before == []
    assert run.customers == SUBSCRIBERS
    assert run.problems == ()
    assert after == []


def test_the_same_base_is_seeded_every_time(store: SqliteStore, tmp_path: Path) -> None:
    seed(f"sqlite:///{tmp_path / 'again.db'}", Base(SUBSCRIBERS))

    wanted = "SELECT id, plan, ended_on FROM subscriptions"
    assert rows(tmp_path / "again.db", wanted) == rows(path_of(store.copy(Base(SUBSCRIBERS))), wanted)


def test_what_is_seeded_differs_by_lines_and_by_what_happened_in_the_month(store: SqliteStore) -> None:
    path = path_of(store.copy(Base(1_000)))

    by_plan = dict(rows(path, "SELECT plan, count(*) FROM subscriptions GROUP BY plan"))
    ((quiet,),) = rows(path, "SELECT count(*) FROM subscriptions WHERE profile_id IS NOT NULL")

    assert by_plan["lines-1"] + by_plan["lines-2"] > 700
    assert 0 < by_plan["lines-4"] < 100
    assert 850 < quiet < 950


def test_the_month_before_was_closed_unless_the_base_is_fresh(store: SqliteStore) -> None:
    seeded, fresh = (path_of(store.copy(Base(SUBSCRIBERS, fresh=fresh))) for fresh in (False, True))

    assert rows(seeded, "SELECT DISTINCT closed_on FROM closings") == [(f"{BEFORE}",)]
    assert rows(fresh, "SELECT * FROM closings") == []


def test_the_reference_writes_the_very_rows_that_the_closing_wrote(
    store: SqliteStore, tmp_path: Path
) -> None:
    ours, theirs = (store.copy(Base(SUBSCRIBERS)) for _ in range(2))
    closed(ours)
    harvest(ours, SUBSCRIBERS, tmp_path / "pages")

    with (tmp_path / "pages").open("rb") as pages, writer_for(theirs) as write:
        write.prepare(pickle.load(pages))
        while (page := pickle.load(pages)) is not None:
            write.page(page)

    for table in ("charges", "receivables", "closings"):
        with driver_connection(ours) as mine, driver_connection(theirs) as other:
            wanted = f"SELECT * FROM {table} ORDER BY 1, 2"
            assert mine.execute(wanted).fetchall() == other.execute(wanted).fetchall()


def test_a_copied_subscriber_can_be_looked_at_like_any_other(store: SqliteStore) -> None:
    with Provider.connect(store.copy(Base(SUBSCRIBERS)), clock=MovableClock(ON)) as provider:
        seen = provider.customer(CustomerId(SUBSCRIBERS), actor=CLERK)

    assert seen.customer.id == SUBSCRIBERS
    assert len(seen.subscriptions) == 1
