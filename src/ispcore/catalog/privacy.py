"""What stays of persons who are forgotten, because tax law wants it kept for some years."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import field, frozen

from ispcore.errors import InvalidValueError
from ispcore.values import Kind, as_tuple, shown, whole

if TYPE_CHECKING:
    from ispcore.values import Table

KEEPABLE = ("name", "tax_id", "trade_name", "state_registration", "email", "phone", "registered_address")
"""What can be kept of a person: their texts, and those of the registered address."""
_MOST_YEARS = 100
_MONTHS = whole(12, 12 * _MOST_YEARS)


@frozen
class PrivacyPolicy:
    """Which texts ``keeps`` of a person who is forgotten, for so many ``years`` after the last entry.

    ``connection_months`` is for how long it is kept who was connected when, at least a year.
    """

    keeps: tuple[str, ...] = field(default=("name", "tax_id"), converter=as_tuple)
    years: int = 5
    connection_months: int = 12


_PLAIN = PrivacyPolicy()


def _keepable(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(one in KEEPABLE for one in value):
        raise InvalidValueError(
            f"{shown(value)} is no list of what can be kept of a person.",
            hint=f"There are: {', '.join(KEEPABLE)}.",
        )
    return tuple(dict.fromkeys(value))


KEPT: Kind[tuple[str, ...]] = Kind(_keepable, ())
"""A list of what is kept of a person."""


def read_privacy(table: Table) -> PrivacyPolicy:
    """Return what *table* says about persons who are forgotten."""
    keeps: tuple[str, ...] = table.get("keeps", KEPT, default=_PLAIN.keeps)
    policy = PrivacyPolicy(
        keeps,
        table.get("years", whole(0, _MOST_YEARS), default=_PLAIN.years),
        table.get("connection_months", _MONTHS, default=_PLAIN.connection_months),
    )
    table.close()
    return policy
