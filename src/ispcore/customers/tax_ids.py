"""Tax ids: text for the core; a national pack validates them through this port."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from ispcore.errors import InvalidValueError

if TYPE_CHECKING:
    from ispcore.customers.people import PersonKind

_LONGEST = 40


class TaxIds(Protocol):
    """Knows what a tax id looks like."""

    def normalise(self, text: str, kind: PersonKind) -> str:
        """Return *text* in the one form in which it is kept and compared.

        Raises:
            InvalidValueError: it cannot be the tax id of such a person.
        """
        ...


class PlainTaxIds:
    """Takes any short text, and keeps it without spaces around it."""

    def normalise(self, text: str, kind: PersonKind) -> str:
        """Return *text* trimmed; refuse nothing, too much, or what cannot be printed."""
        plain = text.strip()
        if not plain or len(plain) > _LONGEST or not plain.isprintable():
            raise InvalidValueError(
                f"{text!r} cannot be the tax id of a {kind.value}.",
                hint=f"Use 1 to {_LONGEST} printable characters.",
            )
        return plain
