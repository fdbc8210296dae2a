"""Combos: what several subscriptions in one contract cost together."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING

from attrs import field, frozen

from ispcore.errors import InvalidValueError
from ispcore.values import DECIMAL, Kind, Money, as_tuple, money, one_of, shown, whole

if TYPE_CHECKING:
    from ispcore.values import Currency, Table

_HUNDRED = 100
_MOST_MEMBERS = 1000


class ComboPricing(Enum):
    """How the price of a combo follows from those of its members."""

    SUM = "sum"
    """Each costs what it costs alone."""
    FIXED = "fixed"
    """All of them cost one price, shared in proportion to what they cost alone."""
    DISCOUNT = "discount"
    """Each gets a discount, by its plan."""


@frozen(kw_only=True)
class ComboRule:
    """What a contract with several subscriptions costs, from ``least`` members on.

    ``price`` is that of a fixed one; ``percents`` are discounts by plan, and ``percent`` that of all others.
    With ``plans`` no other can be a member.
    """

    pricing: ComboPricing
    price: Money | None = None
    percent: Decimal = Decimal(0)
    percents: Mapping[str, Decimal] = field(factory=dict)
    plans: tuple[str, ...] = field(default=(), converter=as_tuple)
    least: int = 2

    def percent_of(self, plan: str) -> Decimal:
        """Return the discount of a *plan*, in percent."""
        return self.percents.get(plan, self.percent)


def _percent(value: object) -> Decimal:
    number = DECIMAL.parse(value)
    if not 0 <= number <= _HUNDRED:
        raise InvalidValueError(f"{shown(value)} is not between 0 and 100.")
    return number


PERCENT = Kind(_percent, Decimal(0))


def read_combo(table: Table, currency: Currency) -> ComboRule | None:
    """Return the rule that *table* describes; None where it is empty."""
    if table.is_empty:
        return None
    percents = table.table("percents")
    rule = ComboRule(
        pricing=table.get("pricing", one_of(ComboPricing)),
        price=table.get("price", money(currency), default=None),
        percent=table.get("percent", PERCENT, default=Decimal(0)),
        percents=percents.counts(PERCENT),
        plans=table.refer_many("plans", "plans"),
        least=table.get("least", whole(1, _MOST_MEMBERS), default=2),
    )
    if (rule.pricing is ComboPricing.FIXED) is not (rule.price is not None) and table.clean:
        table.problem("A fixed price belongs to the pricing 'fixed', which needs one.", at="price")
    table.close()
    return rule
