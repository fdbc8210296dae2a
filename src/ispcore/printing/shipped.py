"""The templates that ship with ispcore. They are plain: a provider writes its own from them."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from ispcore.catalog import PrintTemplate
from ispcore.errors import NotFoundError

SHIPPED_PRINT_TEMPLATES = ("book", "contract", "slip", "statement")
"""The codes of the templates that ship."""
_VERSION = "ispcore 1"


@cache
def shipped(code: str) -> PrintTemplate:
    """Return the template *code* that ships, or raise NotFoundError."""
    if code not in SHIPPED_PRINT_TEMPLATES:
        raise NotFoundError(
            "template that ships", code, hint=f"There are: {', '.join(SHIPPED_PRINT_TEMPLATES)}."
        )
    text = (files("ispcore.printing") / "templates" / f"{code}.html").read_text("utf-8")
    return PrintTemplate(code=code, version=_VERSION, text=text)
