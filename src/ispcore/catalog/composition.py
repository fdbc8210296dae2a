"""Composition: how an item's price is split into lines, each of which becomes a receivable.

Lines may not exceed the price. What they leave is a line of its own, on the plan's default company.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from attrs import evolve, field, frozen

from ispcore.errors import RefusedError
from ispcore.values import LineId, Money, as_tuple, split_by_weight, total

if TYPE_CHECKING:
    from collections.abc import Sequence

REMAINDER = LineId("remainder")
"""The id of the line that takes what the other lines leave of the price."""


@frozen
class Target:
    """Where an amount is booked: ledger account, company, kind of fiscal document, charge method.

    ``charge_method`` None means the subscription's own.
    """

    account: str
    company: str
    document_type: str
    charge_method: str | None = None


@frozen
class Line:
    """One part of an item's price, for a full cycle."""

    id: LineId
    description: str
    value: Money
    target: Target


@frozen(cache_hash=True)
class Composition:
    """The lines of a price, and where the remainder goes."""

    lines: tuple[Line, ...] = field(converter=as_tuple)
    remainder: Target
    remainder_description: str

    def of_price(self, price: Money, *, strict: bool = False) -> tuple[Line, ...]:
        """Return the lines that sum exactly to *price*, with the remainder line when one is left.

        A price of zero without lines is one line of zero, so that a free item is billed like any other.

        Raises:
            RefusedError: the lines exceed the price, or (*strict*) do not reach it.
        """
        return _lines_of(self, price, strict)


# A provider has a few compositions and prices, and a closing splits them for each subscription.
@lru_cache(maxsize=4_096)
def _lines_of(composition: Composition, price: Money, strict: bool) -> tuple[Line, ...]:  # noqa: FBT001 - asked for by position, as a cache is
    rest = check_lines(composition.lines, price, strict=strict)
    if rest.is_zero and composition.lines:
        return composition.lines
    return (
        *composition.lines,
        Line(REMAINDER, composition.remainder_description, rest, composition.remainder),
    )


def check_lines(lines: Sequence[Line], price: Money, *, strict: bool = False) -> Money:
    """Return what *lines* leave of *price*.

    Raises:
        RefusedError: the lines exceed the price, or (*strict*) do not reach it.
    """
    taken = total([line.value for line in lines], price.currency)
    if taken > price:
        raise RefusedError(
            f"The lines of the composition sum to {taken}, more than the price {price}.",
            rule="composition-over-price",
            hint="Lower a line, raise the price, or ask for the lines to be rescaled.",
        )
    if strict and taken < price:
        raise RefusedError(
            f"The lines of the composition sum to {taken}, less than the price {price}.",
            rule="composition-under-price",
            hint="The policy is strict: the lines must make up the whole price.",
        )
    return price - taken


def rescaled(lines: Sequence[Line], old: Money, new: Money) -> tuple[Line, ...]:
    """Return *lines* of an *old* price in the same proportions of a *new* one, to the cent.

    What the lines left of the old price stays in proportion too.
    """
    rest = check_lines(lines, old)
    weights = [*(line.value.minor for line in lines), rest.minor]
    if sum(weights) == 0:
        return tuple(lines)
    parts = split_by_weight(new, weights)
    return tuple(evolve(line, value=part) for line, part in zip(lines, parts, strict=False))
