"""How far printing may go."""

from __future__ import annotations

from attrs import frozen

from ispcore.catalog import LONGEST_PRINT_TEMPLATE


@frozen(kw_only=True)
class Limits:
    """How far a template may go before it is stopped.

    ``template`` and ``filled`` count characters, before and after the fields are put in; ``turns`` those of
    all loops together.
    """

    template: int = LONGEST_PRINT_TEMPLATE
    filled: int = 500_000
    turns: int = 50_000
    pages: int = 500
    seconds: int = 30


USUAL_LIMITS = Limits()
"""Wide enough for a contract of a hundred pages."""
