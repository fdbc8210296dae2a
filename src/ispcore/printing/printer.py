"""From a template and its fields to a PDF."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ispcore.errors import PrintError
from ispcore.printing.filling import filled
from ispcore.printing.fonts import Fonts, faces_of
from ispcore.printing.limits import USUAL_LIMITS, Limits
from ispcore.printing.markup import characters, read_markup
from ispcore.printing.pages import written
from ispcore.printing.spending import Spending, Stopped

if TYPE_CHECKING:
    from ispcore.catalog import PrintTemplate
    from ispcore.printing.filling import Fields


def render(
    template: PrintTemplate, fields: Fields, *, fonts: Fonts | None = None, limits: Limits = USUAL_LIMITS
) -> bytes:
    """Return the PDF of *template* with its *fields*: the same bytes for the same template and fields.

    Without *fonts* it is printed in Helvetica, which has the characters of Western Europe.

    Raises:
        PrintError: the template cannot be read, fields are missing (all of them are named), a character
            cannot be printed, or it goes beyond the *limits*; ``rule`` tells which.
    """
    spending = Spending(template, limits)
    try:
        spending.begin(template.text)
        sheets = read_markup(template.code, filled(template, fields, spending))
        faces = faces_of(fonts)
        faces.check(characters(sheets))
        return written(template.code, sheets, faces, spending)
    except Stopped:
        raise spending.reason or PrintError("Printing was stopped.", rule="stopped") from None
