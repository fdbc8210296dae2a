"""Writing pages to PDF: the same bytes for the same blocks, on every machine and in every process.

Nothing of the clock and nothing of chance goes into the file, and it is not compressed, for two builds of a
compressor need not agree.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate
from reportlab.platypus.doctemplate import LayoutError

from ispcore.errors import PrintError
from ispcore.printing.blocks import Align, Sheets
from ispcore.printing.layout import Layout

if TYPE_CHECKING:
    from ispcore.printing.fonts import Faces
    from ispcore.printing.spending import Spending

_WIDTH, _HEIGHT = A4
_SIDE, _TOP, _BOTTOM = 20 * mm, 22 * mm, 22 * mm
_ABOVE, _BELOW = 12 * mm, 9 * mm
"""Where header and footer stand, from the page's edges."""


def written(code: str, sheets: Sheets, faces: Faces, spending: Spending) -> bytes:
    """Return *sheets* as PDF.

    Raises:
        PrintError: something is too high for a page, there are too many pages, or it takes too long.
    """
    file = BytesIO()
    inner = _WIDTH - 2 * _SIDE
    layout = Layout(faces, inner, spending)
    frame = Frame(_SIDE, _BOTTOM, inner, _HEIGHT - _TOP - _BOTTOM, 0, 0, 0, 0, id="text")
    document = BaseDocTemplate(
        file,
        pagesize=A4,
        title=sheets.title or code,
        author="",
        creator="ispcore",
        invariant=1,
        pageCompression=0,
    )
    document.addPageTemplates(
        PageTemplate("page", [frame], onPage=lambda canvas, _: spending.page(canvas.getPageNumber()))
    )

    def canvas(*given: Any, **more: Any) -> Canvas:  # noqa: ANN401 - what ReportLab hands over
        return _Numbered(sheets, layout, *given, **more)

    try:
        document.build(layout.flowables(sheets.blocks), canvasmaker=canvas)
    except LayoutError as error:
        raise PrintError(
            f"The template {code!r} has something that is too high for a page.",
            rule="too-high",
            hint="Part it: what is kept together and the heads of a table must fit on one page.",
        ) from error
    return file.getvalue()


class _Numbered(Canvas):
    """Keeps the pages until it is known how many there are, and puts header and footer on each then."""

    def __init__(self, sheets: Sheets, layout: Layout, *given: Any, **more: Any) -> None:  # noqa: ANN401
        super().__init__(*given, **more)
        self._sheets = sheets
        self._layout = layout
        self._kept: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802 - ReportLab's name
        """Keep the page that is finished."""
        self._kept.append(dict(self.__dict__))
        self._startPage()  # type: ignore[attr-defined] # as ReportLab's own begins one

    def save(self) -> None:
        """Write every page with its number, and the file."""
        kept = self._kept
        for number, page in enumerate(kept, start=1):
            self.__dict__.update(page)
            self._draw_around(str(number), str(len(kept)))
            super().showPage()
        super().save()

    def _draw_around(self, page: str, pages: str) -> None:
        layout, sheets = self._layout, self._sheets
        if sheets.header:
            made = layout.paragraph(sheets.header, layout.small(), page=page, pages=pages)
            _, height = made.wrap(layout.width, _TOP)
            made.drawOn(self, _SIDE, _HEIGHT - _ABOVE - height)
        made = layout.paragraph(sheets.footer, layout.small(Align.CENTER), page=page, pages=pages)
        _, height = made.wrap(layout.width, _BOTTOM)
        made.drawOn(self, _SIDE, _BELOW)
