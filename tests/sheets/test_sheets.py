"""Sheets as files: what is written can be read again, and no text becomes a formula."""

import csv
import io
import zipfile
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ispcore.network import ConnectionStatement, Sheet, SheetColumn, sheet_of
from ispcore.sheets import to_csv, to_text, to_xlsx
from tests.network.connections import at, stopped

COLUMNS = [
    SheetColumn("login", "Login", width_px=145),
    SheetColumn("started", "Início"),
    SheetColumn("duration", "Tempo", total=True),
    SheetColumn("up", "Enviados", width_px=75, total=True),
    SheetColumn("cause"),
]
FOUND = (
    stopped(at(10, 8), at(11, 10), up=1_234, cause="User-Request"),
    stopped(at(12, 8), at(12, 8, 5), up=66, cause='=HYPERLINK("x")'),
)
SHEET = sheet_of(
    ConnectionStatement("ana", at(1), at(31), FOUND), UTC, title="Extrato de ana", columns=COLUMNS
)
SPACE = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def part(written: bytes, name: str) -> ET.Element:
    with zipfile.ZipFile(io.BytesIO(written)) as packed:
        assert packed.testzip() is None
        return ET.fromstring(packed.read(name))


def cells(written: bytes) -> list[dict[str, tuple[str, str]]]:
    """Return each row of a spreadsheet: by place the style and the text."""
    rows = part(written, "xl/worksheets/sheet1.xml").findall(".//m:row", SPACE)
    return [{one.attrib["r"]: (one.attrib["s"], "".join(one.itertext())) for one in row} for row in rows]


@pytest.mark.covers("S1-139")
def test_csv_has_titles_rows_and_totals() -> None:
    assert to_csv(SHEET) == (
        "Login,Início,Tempo,Enviados,Cause\n"
        "ana,2012-03-10 08:00:00,26:00:00,1234,User-Request\n"
        'ana,2012-03-12 08:00:00,0:05:00,66,"\'=HYPERLINK(""x"")"\n'
        "Total,,26:05:00,1300,\n"
    )


@pytest.mark.covers("S1-139")
def test_text_has_the_same_with_tabs_between() -> None:
    assert to_text(SHEET).splitlines()[1] == "ana\t2012-03-10 08:00:00\t26:00:00\t1234\tUser-Request"


def test_a_sheet_without_totals_ends_with_its_last_row() -> None:
    plain = sheet_of(ConnectionStatement("ana", at(1), at(31), FOUND), UTC, columns=[SheetColumn("up")])

    assert to_csv(plain) == '"Up, bytes"\n1234\n66\n'
    assert len(cells(to_xlsx(plain))) == 4


def test_a_total_in_the_first_column_stands_without_a_word() -> None:
    plain = sheet_of(
        ConnectionStatement("ana", at(1), at(31), FOUND), UTC, columns=[SheetColumn("up", total=True)]
    )

    assert to_csv(plain).splitlines()[-1] == "1300"


@pytest.mark.covers("S1-139", "S1-140", "S1-141", "S1-143")
def test_a_spreadsheet_has_a_title_the_titles_of_columns_numbers_times_and_totals() -> None:
    written = to_xlsx(SHEET)

    assert part(written, "xl/workbook.xml").find(".//m:sheet", SPACE).attrib["name"] == "Extrato de ana"  # type: ignore[union-attr] # it is there
    title, titles, first, second, total = cells(written)
    assert title == {"A1": ("4", "Extrato de ana")}
    assert [text for _, text in titles.values()] == ["Login", "Início", "Tempo", "Enviados", "Cause"]
    assert first == {
        "A3": ("0", "ana"),
        "B3": ("2", "40978.3333333333"),
        "C3": ("3", "1.0833333333"),
        "D3": ("1", "1234"),
        "E3": ("0", "User-Request"),
    }
    assert second["E4"] == ("0", '=HYPERLINK("x")')
    assert total == {"A5": ("4", "Total"), "C5": ("7", "1.0868055556"), "D5": ("5", "1300")}


@pytest.mark.covers("S1-142")
def test_columns_of_a_spreadsheet_are_as_wide_as_asked_for() -> None:
    found = part(to_xlsx(SHEET), "xl/worksheets/sheet1.xml").findall(".//m:col", SPACE)

    assert [one.attrib["width"] for one in found[::3]] == ["20.00", "10.00"]


def test_the_same_sheet_makes_the_same_bytes() -> None:
    assert to_xlsx(SHEET) == to_xlsx(SHEET)


def test_the_name_of_a_spreadsheet_has_no_signs_that_are_forbidden_and_is_not_too_long() -> None:
    found = part(to_xlsx(Sheet("a/b: " + "x" * 40, ("A",), (10,), ())), "xl/workbook.xml")

    assert found.find(".//m:sheet", SPACE).attrib["name"] == "a b  " + "x" * 26  # type: ignore[union-attr] # it is there


def test_the_twenty_seventh_column_is_aa() -> None:
    wide = Sheet("t", ("x",) * 28, (10,) * 28, ())

    assert list(cells(to_xlsx(wide))[1])[25:] == ["Z2", "AA2", "AB2"]


@given(st.text(max_size=50))
def test_whatever_a_text_is_a_spreadsheet_can_be_read_and_csv_starts_no_formula(text: str) -> None:
    sheet = Sheet("t", ("x", "y"), (10, 10), ((text, "1"),))

    _, (first, second) = csv.reader(io.StringIO(to_csv(sheet), newline=""))

    assert list(cells(to_xlsx(sheet))[2]) == ["A3", "B3"]
    assert not first.startswith(("=", "+", "-", "@"))
    assert second == "1"


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)).map(  # noqa: DTZ001 - as a sheet has it
        lambda one: one.replace(microsecond=0)
    )
)
def test_a_time_in_a_spreadsheet_is_that_second(instant: datetime) -> None:
    (found,) = cells(to_xlsx(Sheet("t", ("x",), (10,), ((instant,),))))[2].values()

    days, _, rest = found[1].partition(".")
    seconds = round(int(f"{rest:0<10}") * 86_400 / 10**10)
    assert datetime(1899, 12, 30) + timedelta(days=int(days), seconds=seconds) == instant  # noqa: DTZ001 - as above
