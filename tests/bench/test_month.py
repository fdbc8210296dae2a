"""A month is lived on its base without a problem, and its reference writes the very same rows."""

import pickle
from datetime import date
from pathlib import Path

import pytest

from bench.month import harvest
from bench.month_base import MonthBase
from bench.month_tasks import month, paid_of
from bench.stores import SqliteStore
from bench.writing import driver_connection, writer_for

SUBSCRIBERS = 50


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> SqliteStore:
    """Files of bases that are seeded once for all tests here."""
    return SqliteStore(tmp_path_factory.mktemp("bases"))


def count(url: str, asked: str) -> int:
    with driver_connection(url) as connection:
        ((found,),) = connection.execute(f"SELECT count(*) FROM {asked}")
        return int(found)


def test_a_base_has_settled_years_and_owes_nothing(store: SqliteStore) -> None:
    url = store.copy(MonthBase(SUBSCRIBERS, years=1))

    months = count(url, "(SELECT DISTINCT cycle_start FROM receivables)")

    assert months == 12
    assert count(url, "receivables WHERE NOT settled") == 0


def test_a_month_bills_sends_warns_and_is_paid_and_its_rows_can_be_written_by_hand(
    store: SqliteStore, tmp_path: Path
) -> None:
    ours, theirs = (store.copy(MonthBase(SUBSCRIBERS)) for _ in range(2))

    told = month(ours, days=26)
    harvest(ours, tmp_path / "pages")
    with (tmp_path / "pages").open("rb") as pages, writer_for(theirs) as write:
        write.prepare(pickle.load(pages))
        while (page := pickle.load(pages)) is not None:
            write.page(page)

    assert told["done"]["slips: issued"] > SUBSCRIBERS / 2
    assert min(told["done"][what] for what in ("payments", "handing over: told", "late: reduced")) > 0
    for table in ("charges", "receivables", "slips", "payments", "allocations", "notices", "late_stages"):
        assert count(theirs, table) == count(ours, table), table


def test_of_ten_slips_nine_are_paid() -> None:
    slips = [(number, date(2012, 3, 10), 1_000) for number in range(1_000)]

    paid = [slip for day in paid_of(slips, date(2012, 3, 29)).values() for slip, _ in day]

    assert 870 < len(paid) < 930
    assert len(set(paid)) == len(paid)
