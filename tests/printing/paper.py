"""Short ways to print, and to read what was printed."""

from typing import Any

import pypdfium2  # type: ignore[import-untyped] # it has no types

from ispcore.printing import USUAL_LIMITS, Limits, PrintTemplate, render


def printed(text: str, limits: Limits = USUAL_LIMITS, **fields: Any) -> bytes:
    return render(PrintTemplate(code="letter", version="1", text=text), fields, limits=limits)


def pages_of(pdf: bytes) -> list[str]:
    """Return what can be read on each page, a line for each line."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [
            document[at].get_textpage().get_text_range().replace("\r\n", "\n") for at in range(len(document))
        ]


def text_of(text: str, **fields: Any) -> str:
    """Return what can be read of a template on its only page, without the page's number."""
    (page,) = pages_of(printed(text, **fields))
    return page.removesuffix("\n1 of 1").removesuffix("1 of 1")
