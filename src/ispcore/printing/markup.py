"""Reading the tags of a filled template. The list of tags is closed, and every tag is ended where it began.

A ``<`` that is meant as a character is written ``&lt;``, as whatever came from a field is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import NoReturn

from attrs import define, evolve, field

from ispcore.errors import PrintError
from ispcore.printing.blocks import (
    Align,
    Block,
    Cell,
    Divider,
    Items,
    Line,
    Mark,
    Rows,
    Run,
    Sheets,
    Text,
    Together,
)

_TAG = re.compile(r'<(/?)([a-z][a-z0-9-]{0,19})((?:\s+[a-z]+="[^"<>]*")*)\s*(/?)>')
_ATTRIBUTE = re.compile(r'([a-z]+)="([^"<>]*)"')
_SPACES = re.compile(r"[ \t\r\n]+")
_AROUND = 30
_MOST_COLUMNS = 20
_DEEPEST = 12
_WIDEST = 1000

_ALIGNED = ("h1", "h2", "h3", "p", "td", "th")
_BODY = frozenset({"h1", "h2", "h3", "p", "ul", "ol", "table", "hr", "cut", "page-break"})
_INSIDE = {
    "": _BODY | {"keep", "header", "footer"},
    "keep": _BODY - {"page-break"},
    "ul": {"li"},
    "ol": {"li"},
    "table": {"tr"},
    "tr": {"td", "th"},
    "header": {"b", "i", "page", "pages"},
    "footer": {"b", "i", "page", "pages"},
    **{tag: {"b", "i", "br"} for tag in (*_ALIGNED, "li", "b", "i")},
}
"""What may stand directly in what."""
_VOID = {"hr", "cut", "page-break", "br", "page", "pages"}
_ATTRIBUTES = {
    "table": {"widths", "lines"},
    **{tag: {"align"} for tag in _ALIGNED},
}
_LINES = ("rows", "none")
_LONGEST_TEXT = 10_000
_LONGEST = {"td": 3_000, "th": 500, "header": 300, "footer": 300}
"""Characters of a text that is laid out at once, for longer ones take long."""
_MOST_ROWS = 5_000
TAGS = tuple(sorted(frozenset().union(*_INSIDE.values())))
"""The tags that there are."""


@define
class _Open:
    """An element that was begun, with what was found in it."""

    tag: str
    given: dict[str, str]
    line: list[Run | Mark] = field(factory=list)
    parts: list[object] = field(factory=list)


def read_markup(code: str, text: str) -> Sheets:
    """Return what the filled *text* of the template *code* puts on pages.

    Raises:
        PrintError: a tag is unknown, misplaced or not ended, or a table is uneven.
    """
    return _Reader(code).read(text)


class _Reader:
    def __init__(self, code: str) -> None:
        self._code = code
        self._open = [_Open("", {})]
        self._above: dict[str, Line] = {}

    def read(self, text: str) -> Sheets:
        at = 0
        while at < len(text):
            if text[at] == "<":
                tag = _TAG.match(text, at)
                if tag is None:
                    self._refuse(f"{text[at : at + _AROUND]!r} is no tag", "Write &lt; for the character <.")
                self._tag(*tag.groups())
                at = tag.end()
            else:
                end = text.find("<", at)
                end = len(text) if end < 0 else end
                self._characters(unescape(text[at:end]))
                at = end
        if len(self._open) > 1:
            self._refuse(f"<{self._open[-1].tag}> is not ended", f"Write </{self._open[-1].tag}>.")
        sheets = Sheets(self._open[0].parts)
        return evolve(sheets, **self._above)

    def _tag(self, end: str, tag: str, attributes: str, closed: str) -> None:
        if tag not in TAGS:
            self._refuse(f"there is no tag <{tag}>", f"There are: {', '.join(TAGS)}.")
        if end:
            self._end(tag)
            return
        parent = self._open[-1].tag
        if tag not in _INSIDE[parent]:
            place = f"in <{parent}>" if parent else "by itself"
            self._refuse(f"<{tag}> may not stand {place}")
        given = dict(_ATTRIBUTE.findall(attributes))
        if unknown := set(given) - _ATTRIBUTES.get(tag, set()):
            self._refuse(f"<{tag}> has no {min(unknown)!r}")
        if tag in _VOID:
            self._put(Mark(tag) if parent not in {"", "keep"} else Divider(tag))
        elif closed:
            self._refuse(f"<{tag}/> holds nothing", f"Write <{tag}></{tag}>.")
        elif len(self._open) > _DEEPEST:
            self._refuse("tags are nested too deeply")
        else:
            self._open.append(_Open(tag, given))

    def _end(self, tag: str) -> None:
        top = self._open[-1]
        if top.tag != tag or tag in _VOID:
            self._refuse(f"</{tag}> ends what was not begun", f"<{top.tag}> is open." if top.tag else None)
        length = sum(len(piece.text) for piece in top.line if isinstance(piece, Run))
        if length > (most := _LONGEST.get(tag, _LONGEST_TEXT)):
            self._refuse(f"the text in a <{tag}> has {length} characters", f"{most} are the most; part it.")
        self._open.pop()
        if tag in {"b", "i"}:
            self._open[-1].line += top.line
        elif tag in {"header", "footer"}:
            self._above[tag] = tuple(top.line)
        else:
            self._put(self._made(top))

    def _made(self, top: _Open) -> object:
        match top.tag:
            case "td" | "th":
                return Cell(top.line, top.tag == "th", self._align(top))
            case "tr":
                return tuple(top.parts)
            case "li":
                return tuple(top.line)
            case "table":
                return self._table(top)
            case "ul" | "ol":
                return Items(top.parts, top.tag == "ol")
            case "keep":
                return Together(top.parts)
            case "p":
                return Text(top.line, 0, self._align(top))
            case _:
                return Text(top.line, int(top.tag[1]), self._align(top))

    def _put(self, part: object) -> None:
        if isinstance(part, Mark):
            self._open[-1].line.append(part)
        else:
            self._open[-1].parts.append(part)

    def _characters(self, text: str) -> None:
        text = _SPACES.sub(" ", text)
        top = self._open[-1]
        if _INSIDE[top.tag] & {"b"}:
            faces = {one.tag for one in self._open}
            top.line.append(Run(text, "b" in faces, "i" in faces))
        elif text.strip():
            place = f"<{top.tag}>" if top.tag else "no tag"
            self._refuse(f"the text {text.strip()[:_AROUND]!r} stands in {place}", "Put it into <p>.")

    def _table(self, top: _Open) -> Rows:
        rows: list[tuple[Cell, ...]] = [row for row in top.parts if isinstance(row, tuple)]
        sizes = {len(row) for row in rows}
        if len(sizes) > 1 or not all(1 <= size <= _MOST_COLUMNS for size in sizes):
            self._refuse(
                "the rows of a table have not as many cells each", f"Use 1 to {_MOST_COLUMNS} in every row."
            )
        if len(rows) > _MOST_ROWS:
            self._refuse(f"a table has {len(rows)} rows", f"{_MOST_ROWS} are the most; begin another table.")
        lines = top.given.get("lines", _LINES[0])
        if lines not in _LINES:
            self._refuse(f"lines={lines!r} is unknown", f"Use one of: {', '.join(_LINES)}.")
        return Rows(rows, self._widths(top, max(sizes, default=0)), lines == "none")

    def _widths(self, top: _Open, columns: int) -> tuple[int, ...]:
        given = top.given.get("widths", "").split()
        widths = tuple(int(one) for one in given if re.fullmatch("[0-9]{1,4}", one))
        if (
            given
            and columns
            and (len(widths) != columns or not all(0 < width <= _WIDEST for width in widths))
        ):
            self._refuse(
                f"widths={top.given['widths']!r} does not fit",
                f"Give a whole number to each of the {columns} columns.",
            )
        return widths

    def _align(self, top: _Open) -> Align:
        word = top.given.get("align", Align.LEFT.value)
        words = [one.value for one in Align]
        if word not in words:
            self._refuse(f"align={word!r} is unknown", f"Use one of: {', '.join(words)}.")
        return Align(word)

    def _refuse(self, what: str, hint: str | None = None) -> NoReturn:
        raise PrintError(
            f"The template {self._code!r} cannot be laid out: {what}.", rule="template-tags", hint=hint
        )


def characters(sheets: Sheets) -> Iterator[str]:
    """Yield every text that is to be printed, for a font to be asked about."""
    yield from _texts_of_line(sheets.header)
    yield from _texts_of_line(sheets.footer)
    for block in sheets.blocks:
        yield from _texts(block)


def _texts(block: Block) -> Iterator[str]:
    match block:
        case Text(line=line):
            yield from _texts_of_line(line)
        case Items(items=items):
            for line in items:
                yield from _texts_of_line(line)
        case Rows(rows=rows):
            for row in rows:
                for cell in row:
                    yield from _texts_of_line(cell.line)
        case Together(blocks=blocks):
            for one in blocks:
                yield from _texts(one)
        case Divider():
            pass


def _texts_of_line(line: Line) -> Iterator[str]:
    yield from (piece.text for piece in line if isinstance(piece, Run))
