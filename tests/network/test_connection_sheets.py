"""A statement as a sheet: titles, widths and totals are chosen column by column."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ispcore.errors import InvalidValueError
from ispcore.network import USUAL_COLUMNS, ConnectionStatement, Sheet, SheetColumn, sheet_of
from tests.network.connections import at, going_on, stopped

STATEMENT = ConnectionStatement(
    "ana",
    at(1),
    at(31),
    (
        stopped(at(10, 8), at(10, 9), up=10, down=90, address="192.0.2.7"),
        going_on(at(11, 8), at(11, 10), up=1, down=2),
    ),
)


def test_a_sheet_has_a_title_and_the_columns_that_were_chosen_with_their_titles_widths_and_totals() -> None:
    columns = [
        SheetColumn("started", "Início", width_px=150),
        SheetColumn("address"),
        SheetColumn("both", "Bytes", total=True),
        SheetColumn("duration", total=True),
    ]

    assert sheet_of(STATEMENT, UTC, title="Extrato", columns=columns) == Sheet(
        title="Extrato",
        titles=("Início", "Address", "Bytes", "Duration"),
        widths_px=(150, 120, 120, 90),
        rows=(
            (datetime(2012, 3, 10, 8), "192.0.2.7", 100, timedelta(hours=1)),  # noqa: DTZ001 - as a sheet has it
            (datetime(2012, 3, 11, 8), None, 3, timedelta(hours=2)),  # noqa: DTZ001 - as a sheet has it
        ),
        total=(None, None, 103, timedelta(hours=3)),
    )


def test_usually_a_sheet_has_totals_of_what_was_moved_and_how_long_it_took() -> None:
    found = sheet_of(STATEMENT, UTC)

    assert found.title == "Connections of ana"
    assert len(found.titles) == len(USUAL_COLUMNS)
    assert found.total is not None
    assert [cell for cell in found.total if cell is not None] == [timedelta(hours=3), 11, 92]


def test_times_are_those_of_the_zone_and_one_that_is_not_there_is_empty() -> None:
    found = sheet_of(STATEMENT, ZoneInfo("America/Sao_Paulo"), columns=[SheetColumn("stopped")])

    assert found.rows == ((datetime(2012, 3, 10, 6),), (None,))  # noqa: DTZ001 - as a sheet has it
    assert found.total is None


@pytest.mark.parametrize(
    ("column", "why"),
    [
        ({"field": "upp"}, "no column 'upp'.*up"),
        ({"field": "mac", "total": True}, "'mac' has no total.*duration, up, down, both"),
        ({"field": "mac", "width_px": 0}, "0 pixels wide.*1 to 2000"),
        ({"field": "mac", "width_px": 2_001}, "2001 pixels wide"),
        ({"field": "mac", "title": "x" * 201}, "too long"),
    ],
)
def test_a_column_that_no_sheet_can_show_is_refused(column: dict[str, Any], why: str) -> None:
    with pytest.raises(InvalidValueError, match=f"(?s){why}"):
        SheetColumn(**column)


def test_a_sheet_needs_a_column_and_a_short_title() -> None:
    with pytest.raises(InvalidValueError, match="needs a column"):
        sheet_of(STATEMENT, UTC, columns=[])
    with pytest.raises(InvalidValueError, match="title of the sheet is too long"):
        sheet_of(STATEMENT, UTC, title="x" * 201)
