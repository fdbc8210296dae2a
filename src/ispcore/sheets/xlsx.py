"""A sheet as a spreadsheet of Office Open XML: a zip file with a few small documents in it.

The title stands above the titles of the columns, which are as wide as asked for. Texts are never formulas.
The same sheet makes the same bytes.
"""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime, timedelta
from decimal import Decimal
from string import ascii_uppercase
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from ispcore.sheets.delimited import total_row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ispcore.network import Cell, Sheet

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_SHEET = "xl/worksheets/sheet1.xml"
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/{_SHEET}" ContentType="{_TYPE}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><numFmts count="2">'
    '<numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd hh:mm:ss"/>'
    '<numFmt numFmtId="165" formatCode="[h]:mm:ss"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="8">'
    + "".join(
        f'<xf numFmtId="{form}" fontId="{font}" fillId="0" borderId="0" xfId="0" '
        'applyNumberFormat="1" applyFont="1"/>'
        for font in (0, 1)
        for form in (0, 3, 164, 165)
    )
    + "</cellXfs>"
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
}
_PLAIN, _NUMBER, _INSTANT, _DURATION = range(4)
_BOLD = 4
"""What is added to a style to make it bold."""
_NO_NAME = re.compile(r"[\[\]:*?/\\']")
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LONGEST_NAME = 31
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's days know no zone
_DAY_SECONDS = 86_400
_OLDEST = (1980, 1, 1, 0, 0, 0)


def to_xlsx(sheet: Sheet) -> bytes:
    """Return *sheet* as the bytes of an ``.xlsx`` file."""
    parts = {**_PARTS, "xl/workbook.xml": _workbook(sheet.title), _SHEET: _worksheet(sheet)}
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in parts.items():
            entry = zipfile.ZipInfo(name, _OLDEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, (_HEAD + text).encode())
    return file.getvalue()


def _workbook(title: str) -> str:
    name = _escaped(_NO_NAME.sub(" ", title)[:_LONGEST_NAME].strip() or "1")
    return (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        f'<sheet name="{name}" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )


def _worksheet(sheet: Sheet) -> str:
    columns = "".join(
        f'<col min="{n}" max="{n}" width="{_characters(width)}" customWidth="1"/>'
        for n, width in enumerate(sheet.widths_px, start=1)
    )
    rows = "".join(
        f'<row r="{n}">{"".join(_cells(n, row, bold=bold))}</row>'
        for n, (row, bold) in enumerate(_rows(sheet), start=1)
    )
    return f'<worksheet xmlns="{_MAIN}"><cols>{columns}</cols><sheetData>{rows}</sheetData></worksheet>'


def _rows(sheet: Sheet) -> Iterator[tuple[tuple[Cell, ...], bool]]:
    yield (sheet.title,), True
    yield sheet.titles, True
    for row in sheet.rows:
        yield row, False
    last = total_row(sheet)
    if last is not None:
        yield last, True


def _cells(row: int, cells: Iterable[Cell], *, bold: bool) -> Iterator[str]:
    for number, cell in enumerate(cells):
        if cell is None:
            continue
        place = f"{_letters(number)}{row}"
        style, kind, inner = _written(cell)
        yield f'<c r="{place}" s="{style + (_BOLD if bold else 0)}"{kind}>{inner}</c>'


def _written(cell: str | int | datetime | timedelta) -> tuple[int, str, str]:
    match cell:
        case datetime():
            return _INSTANT, "", f"<v>{_days(cell - _EPOCH)}</v>"
        case timedelta():
            return _DURATION, "", f"<v>{_days(cell)}</v>"
        case int():
            return _NUMBER, "", f"<v>{cell}</v>"
        case str():
            text = f'<is><t xml:space="preserve">{_escaped(cell)}</t></is>'
            return _PLAIN, ' t="inlineStr"', text


def _days(span: timedelta) -> Decimal:
    """Return days with ten decimals, which tell each second."""
    return span.days + round(Decimal(span.seconds) / _DAY_SECONDS, 10)


def _characters(width_px: int) -> Decimal:
    """Return the width of a column in digits of the usual font, which are seven pixels wide."""
    return round(max(Decimal(width_px) - 5, Decimal(1)) / 7, 2)


def _letters(number: int) -> str:
    head, last = divmod(number, len(ascii_uppercase))
    return (_letters(head - 1) if head else "") + ascii_uppercase[last]


def _escaped(text: str) -> str:
    return escape(_NO_XML.sub("", text), {'"': "&quot;"})
