"""What is printed by: a text with fields and tags, with a code and a version; and how far it may go."""

from __future__ import annotations

from attrs import frozen

from ispcore.errors import InvalidValueError


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


@frozen(kw_only=True)
class Limits:
    """How far a template may go before it is stopped.

    ``template`` and ``filled`` count characters, before and after the fields are put in; ``turns`` those of
    all loops together.
    """

    template: int = 100_000
    filled: int = 500_000
    turns: int = 50_000
    pages: int = 500
    seconds: int = 30


USUAL_LIMITS = Limits()
"""Wide enough for a contract of a hundred pages."""
