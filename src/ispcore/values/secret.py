"""Text that never prints itself."""

from __future__ import annotations

import hmac

_SHOWN = "********"


class SecretText:
    """A secret that is handed over only by :meth:`reveal`.

    It shows stars in ``str``, ``repr``, formatting and tracebacks, cannot be pickled and compares in
    constant time.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        """Keep *text* out of sight."""
        self._text = text

    def reveal(self) -> str:
        """Hand over the secret itself."""
        return self._text

    def __repr__(self) -> str:
        """Show stars."""
        return f"SecretText({_SHOWN!r})"

    def __str__(self) -> str:
        """Show stars."""
        return _SHOWN

    def __format__(self, _: str) -> str:
        """Show stars, whatever the format asks for."""
        return _SHOWN

    def __eq__(self, other: object) -> bool:
        """Compare in constant time, and only with another secret."""
        if not isinstance(other, SecretText):
            return NotImplemented
        return hmac.compare_digest(self._text.encode(), other._text.encode())

    def __hash__(self) -> int:
        """Hash like the text."""
        return hash((SecretText, self._text))

    def __reduce__(self) -> tuple[object, ...]:
        """Refuse to be pickled."""
        message = "A secret is not pickled; pass a reference to it instead."
        raise TypeError(message)
