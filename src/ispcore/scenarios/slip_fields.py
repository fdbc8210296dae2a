"""How the terms of slips are written in a scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ispcore.catalog import DebitKind
from ispcore.plans import Gathering, SlipTerms
from ispcore.values import DAY, FLAG, one_of, whole

if TYPE_CHECKING:
    from ispcore.values import Table


def read_slip_terms(table: Table, key: str) -> SlipTerms:
    """Return how the slips of a subscription are made, as written at *key*."""
    inner = table.table(key)
    gathering = inner.table("gathers")
    gathers = None if gathering.is_empty else _gathering(gathering)
    terms = SlipTerms(
        unified_from=inner.get("unified_from", DAY, default=None),
        in_mass=inner.get("in_mass", FLAG, default=True),
        gathers=gathers,
    )
    inner.close()
    return terms


def _gathering(table: Table) -> Gathering:
    kinds = tuple(table.many("kinds", one_of(DebitKind))) or (DebitKind.FEE,)
    gathers = Gathering(
        kinds=kinds,
        months=table.get("months", whole(1, 120), default=None),
        interest=table.get("interest", FLAG, default=False),
    )
    table.close()
    return gathers
