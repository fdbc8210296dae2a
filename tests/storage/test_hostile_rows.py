"""Rows that were changed behind the library's back: problems of their subscriptions, and never a crash."""

import json
import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ispcore.errors import IspcoreError
from ispcore.usecases import Run
from tests.mangling import HOSTILE, fuzzed, in_time, mangled
from tests.providers import Office
from tests.storage.bases import END_OF_MARCH, fill

pytestmark = [pytest.mark.endurance, pytest.mark.sqlite_only("rows are changed in the file")]

CUSTOMERS = 10
WORDS = (
    "fibre",
    "adsl",
    "plan",
    "amount",
    "currency",
    "BRL",
    "opening",
    "item",
    "lines",
    "value",
    "id",
    "price",
)

DOCUMENTS = {
    "facts": "payload",
    "catalog_entries": "document",
    "terms": "document",
    "profiles": "document",
    "runs": "summary",
    "run_slices": "summary",
}
"""The columns that hold JSON."""

COLUMNS = {
    "facts": ("effective_on", "kind", "schema_version", "sequence", "recorded_at", "actor", "subject_id"),
    "subscriptions": (
        *("closed_through", "dirty_from", "due_from", "quiet_until", "profile_id", "last_fact", "version"),
        *("plan", "status", "bucket", "anchor_day", "customer_id", "started_on"),
    ),
    "charges": ("amount", "currency", "cycle_start", "cycle_end", "kind", "line", "item", "fact"),
    "receivables": ("amount", "currency", "due_on", "customer_id"),
    "allocations": ("amount", "currency", "source_kind", "receivable_id", "allocated_on"),
    "closings": ("cycle_start", "cycle_end", "terms_id", "billed_through", "closing_move"),
    "customers": ("version", "due_day"),
}
"""The columns that hold something else."""

SCALARS = st.sampled_from(
    [one for one in HOSTILE if isinstance(one, str | int | float | None) and one not in {10**400, "\ud800"}]
).filter(lambda one: not isinstance(one, int) or -(2**63) <= one < 2**63)


@cache
def made() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "made.db"
        office = Office(path)
        fill(office, CUSTOMERS)
        office.provider.close_database()
        return path.read_bytes()


@cache
def stored(table: str, column: str) -> list[tuple[int, Any]]:
    """Return the rows of a *table* by number, each with the value of *column*."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "read.db"
        path.write_bytes(made())
        with closing(sqlite3.connect(path)) as raw:
            return raw.execute(f"select rowid, {column} from {table}").fetchall()


def spoilt(path: Path, table: str, column: str, row: int, value: object) -> Office | None:
    """Return an office in whose database one value is another; None where the table does not take it."""
    path.write_bytes(made())
    with closing(sqlite3.connect(path)) as raw:
        try:
            raw.execute(f"update {table} set {column} = ? where rowid = ?", (value, row))
        except sqlite3.Error:
            return None
        raw.commit()
    office = Office(path)
    office.clock.move_to(END_OF_MARCH)
    return office


def outcome(office: Office) -> tuple[Run | IspcoreError, list[str] | IspcoreError]:
    """Close and check; only errors of ispcore are returned."""
    found: list[Any] = []
    for act in (lambda: office.close(END_OF_MARCH), office.findings):
        try:
            with in_time():
                found.append(act())
        except IspcoreError as error:
            found.append(error)
    office.provider.close_database()
    run, findings = found
    assert all(str(one) for one in found if isinstance(one, IspcoreError))
    return run, findings


@cache
def undisturbed() -> dict[int, int]:
    """Return how many entries each subscription has after an undisturbed closing."""
    with TemporaryDirectory() as folder:
        office = spoilt(Path(folder) / "good.db", "facts", "actor", 0, "")
        assert office is not None
        office.close(END_OF_MARCH)
        return entries(office)


def entries(office: Office) -> dict[int, int]:
    found = dict(office.sql("select subscription_id, count(*) from charges group by subscription_id"))
    office.provider.close_database()
    return found


def a_document(draw: st.DrawFn, table: str) -> tuple[int, str]:
    row, text = draw(st.sampled_from(stored(table, DOCUMENTS[table])))
    if draw(st.booleans()) and text:
        start = draw(st.integers(0, len(text)))
        return row, text[:start] + draw(st.sampled_from(("", "{", '"', "null", "1e999", "[[", "\x00")))
    document = draw(mangled((json.loads(text or "{}"),), WORDS, most=2))
    return row, json.dumps(document, default=str, skipkeys=True)


@st.composite
def documents(draw: st.DrawFn) -> tuple[str, str, int, object]:
    table = draw(st.sampled_from(sorted(DOCUMENTS)))
    return table, DOCUMENTS[table], *a_document(draw, table)


@st.composite
def scalars(draw: st.DrawFn) -> tuple[str, str, int, object]:
    table = draw(st.sampled_from(sorted(COLUMNS)))
    column = draw(st.sampled_from(COLUMNS[table]))
    row, value = draw(st.sampled_from(stored(table, column)))
    others = [other for _, other in stored(table, column)]
    near = st.integers(-400, 400).map(lambda by: value + by) if isinstance(value, int) else st.nothing()
    return table, column, row, draw(near | st.sampled_from(others) | SCALARS)


@fuzzed(share=10)
@given(documents() | scalars())
def test_a_spoilt_row_is_told_by_errors_of_ispcore_alone(spoiling: tuple[str, str, int, object]) -> None:
    with TemporaryDirectory() as folder:
        office = spoilt(Path(folder) / "spoilt.db", *spoiling)
        if office is not None:
            outcome(office)


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("allocations", "source_kind", -1),
        ("allocations", "amount", "much"),
        ("receivables", "due_on", 1),
    ],
)
def test_a_value_that_ispcore_never_writes_is_told_as_damage_with_a_way_out(
    tmp_path: Path, table: str, column: str, value: object
) -> None:
    office = spoilt(tmp_path / "spoilt.db", table, column, 1 if table == "allocations" else 4, value)
    assert office is not None

    told = [str(one) for one in outcome(office) if isinstance(one, IspcoreError)]

    assert told
    assert all("is damaged, it holds what ispcore never writes" in one for one in told)
    assert all(one.endswith("Restore a backup.") for one in told)


@st.composite
def payloads(draw: st.DrawFn) -> tuple[int, object]:
    return a_document(draw, "facts")


@fuzzed(share=10)
@given(payloads())
def test_a_spoilt_fact_is_a_problem_of_its_subscription_and_the_others_are_billed(
    spoiling: tuple[int, object],
) -> None:
    with TemporaryDirectory() as folder:
        office = spoilt(Path(folder) / "spoilt.db", "facts", "payload", *spoiling)
        assert office is not None
        kind, subject = office.sql("select subject_kind, subject_id from facts where rowid = ?", spoiling[0])[
            0
        ]

        run, _ = outcome(office)

        assert isinstance(run, Run), run
        mine = {int(subject)} if kind == "subscription" else set()
        assert {one.subscription for one in run.problems} <= mine
        found = entries(office)
        assert {one: many for one, many in found.items() if one not in mine} == {
            one: many for one, many in undisturbed().items() if one not in mine
        }
