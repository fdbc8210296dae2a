"""Templates of what is printed: slips, payment books, statements, contracts.

The catalogue keeps the text and its version; what a text may say is told where it is printed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from ispcore.errors import InvalidValueError
from ispcore.values import TEXT, Kind, shown

if TYPE_CHECKING:
    from ispcore.values import Table

LONGEST_PRINT_TEMPLATE = 100_000
"""The characters of the longest template: those of a contract of some thirty pages."""


@frozen(kw_only=True)
class PrintTemplate:
    """A text with fields and tags, from which pages are made; the guide to printing tells its language.

    Whoever prints keeps ``code`` and ``version`` beside the pages, so that it is known what was printed by.
    """

    code: str
    version: str
    text: str

    def __attrs_post_init__(self) -> None:
        """Refuse fields that are no text."""
        for name in ("code", "version", "text"):
            value = getattr(self, name)
            if not isinstance(value, str):
                raise InvalidValueError(
                    f"PrintTemplate.{name} is of the type {type(value).__name__}.", hint="It takes str."
                )


def _long_text(value: object) -> str:
    if not isinstance(value, str):
        raise InvalidValueError(f"{shown(value)} is not text.", hint="Write it in quotes.")
    if len(value) > LONGEST_PRINT_TEMPLATE or not all(map(_is_kept, value)):
        raise InvalidValueError(
            f"{shown(value)} is no template of what is printed.",
            hint=f"Use up to {LONGEST_PRINT_TEMPLATE} characters that print, and ends of lines.",
        )
    return value


def _is_kept(character: str) -> bool:
    return character.isprintable() or character in "\n\r\t\xa0"


LONG_TEXT: Kind[str] = Kind(_long_text, "")
"""Text of many lines."""


def read_print_template(code: str, entry: Table) -> PrintTemplate:
    """Return the template that the table of an *entry* holds."""
    return PrintTemplate(code=code, version=entry.get("version", TEXT), text=entry.get("text", LONG_TEXT))
