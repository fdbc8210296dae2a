"""Turning blocks into what ReportLab flows over pages."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from attrs import frozen
from reportlab.lib.colors import Color
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_LEFT, TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import (
    CondPageBreak,
    Flowable,
    HRFlowable,
    KeepTogether,
    ListFlowable,
    LongTable,
    PageBreak,
    Paragraph,
)

from ispcore.printing.blocks import Align, Block, Cell, Divider, Items, Line, Mark, Rows, Run, Text, Together
from ispcore.printing.fonts import Faces
from ispcore.printing.spending import Spending

if TYPE_CHECKING:
    from collections.abc import Iterable

_ALIGNED = {
    Align.LEFT: TA_LEFT,
    Align.CENTER: TA_CENTER,
    Align.RIGHT: TA_RIGHT,
    Align.JUSTIFY: TA_JUSTIFY,
}
_GREY = Color(0.55, 0.57, 0.6)
_FAINT = Color(0.8, 0.82, 0.84)
_SHADE = Color(0.94, 0.95, 0.96)
INK = Color(0.1, 0.11, 0.13)
"""What texts are printed in."""
_SIZES = {0: (10, 14), 1: (16, 21), 2: (12, 16), 3: (10, 14)}
"""The size of a text and the height of its lines in points, by the level of the heading."""
_SPACE = {0: (0, 6), 1: (0, 8), 2: (12, 4), 3: (8, 3)}
"""The space before and after, in points."""
_SMALL = (9, 12)
_ROOM_BELOW_HEADING = 80


@frozen
class Layout:
    """Makes flowables of blocks, in some faces, for pages of a *width* in points."""

    faces: Faces
    width: float
    spending: Spending

    def flowables(self, blocks: Iterable[Block]) -> list[Flowable]:
        """Return what *blocks* are made of."""
        return [flowable for block in blocks for flowable in self._of(block)]

    def paragraph(
        self, line: Line, style: ParagraphStyle, *, bold: bool = False, page: str = "", pages: str = ""
    ) -> Paragraph:
        """Return *line* as a paragraph, with the number of the page and how many there are."""
        marks = {Mark.BREAK: "<br/>", Mark.PAGE: page, Mark.PAGES: pages}
        parts = [marks[piece] if isinstance(piece, Mark) else self._run(piece, bold=bold) for piece in line]
        return _Counted("".join(parts), style, self.spending)

    def _run(self, piece: Run, *, bold: bool) -> str:
        face = self.faces.name(bold=bold or piece.bold, italic=piece.italic)
        return f'<font name="{face}">{escape(piece.text, quote=False)}</font>'

    def _of(self, block: Block) -> list[Flowable]:
        match block:
            case Text(line=line, level=level):
                made = self.paragraph(line, self._style(level, block.align), bold=bool(level))
                return [CondPageBreak(_ROOM_BELOW_HEADING), made] if level else [made]
            case Items(items=items):
                return [self._list(block)] if items else []
            case Rows(rows=rows):
                return [self._table(block)] if rows else []
            case Together(blocks=blocks):
                return [KeepTogether(self.flowables(blocks))]
            case Divider.RULE:
                return [HRFlowable("100%", 0.6, color=_GREY, spaceBefore=6, spaceAfter=8)]
            case Divider.CUT:
                return [HRFlowable("100%", 0.6, color=_GREY, spaceBefore=16, spaceAfter=16, dash=(3, 3))]
            case Divider.PAGE:
                return [PageBreak()]

    def _style(self, level: int, align: Align = Align.LEFT, **more: Any) -> ParagraphStyle:  # noqa: ANN401
        size, leading = _SIZES[level]
        before, after = _SPACE[level]
        usual = {
            "fontName": self.faces.regular,
            "fontSize": size,
            "leading": leading,
            "spaceBefore": before,
            "spaceAfter": after,
            "alignment": _ALIGNED[align],
            "textColor": INK,
        }
        return ParagraphStyle(f"{level}-{align.value}", **{**usual, **more})

    def small(self, align: Align = Align.LEFT) -> ParagraphStyle:
        """Return the style of cells, and of what stands above and below pages."""
        size, leading = _SMALL
        return self._style(0, align, fontSize=size, leading=leading, spaceAfter=0)

    def _list(self, block: Items) -> Flowable:
        style = self._style(0, spaceAfter=3)
        return ListFlowable(
            [self.paragraph(line, style) for line in block.items],
            bulletFontName=self.faces.regular,
            bulletFontSize=10 if block.numbered else 7,
            bulletOffsetY=0 if block.numbered else -1.5,
            bulletColor=INK,
            leftIndent=18,
            spaceAfter=6,
            bulletType="1" if block.numbered else "bullet",
            bulletFormat="%s." if block.numbered else None,
        )

    def _table(self, block: Rows) -> Flowable:
        widths = block.widths or (1,) * len(block.rows[0])
        whole = sum(widths)
        table = LongTable(
            [[self._cell(cell) for cell in row] for row in block.rows],
            colWidths=[self.width * width / whole for width in widths],
            repeatRows=block.heads,
            splitInRow=1,
            spaceBefore=3,
            spaceAfter=10,
        )
        table.setStyle(_looks(block))
        return table

    def _cell(self, cell: Cell) -> Paragraph:
        return self.paragraph(cell.line, self.small(cell.align), bold=cell.head)


def _looks(block: Rows) -> list[tuple[Any, ...]]:
    space = 2 if block.plain else 4
    found: list[tuple[Any, ...]] = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("TOPPADDING", (0, 0), (-1, -1), space),
        ("BOTTOMPADDING", (0, 0), (-1, -1), space),
        ("LEFTPADDING", (0, 0), (-1, -1), 0 if block.plain else 5),
        ("RIGHTPADDING", (0, 0), (-1, -1), 5),
    ]
    if not block.plain:
        found += [
            ("LINEBELOW", (0, 0), (-1, -1), 0.4, _FAINT),
            ("LINEABOVE", (0, 0), (-1, 0), 0.4, _FAINT),
        ]
        if block.heads:
            found += [
                ("BACKGROUND", (0, 0), (-1, block.heads - 1), _SHADE),
                ("LINEBELOW", (0, block.heads - 1), (-1, block.heads - 1), 0.8, _GREY),
            ]
    return found


class _Counted(Paragraph):
    """A paragraph that looks at the clock when it is measured."""

    def __init__(
        self,
        text: str,
        style: ParagraphStyle,
        spending: Spending | None = None,
        **more: Any,  # noqa: ANN401 - as ReportLab makes the parts of one
    ) -> None:
        super().__init__(text, style, **more)
        self._spending = spending

    def wrap(self, aW: float, aH: float) -> tuple[float, float]:  # noqa: N803 - ReportLab's names
        if self._spending is not None:
            self._spending.look_at_clock()
        return super().wrap(aW, aH)
