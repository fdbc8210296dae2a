"""The discount that a new plan begins with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ispcore.plans import Discount
from ispcore.usecases.new_plan_contract import noted
from ispcore.values import DAY, DECIMAL, money, whole

if TYPE_CHECKING:
    from ispcore.values import Currency, Table


def read_discount(table: Table, currency: Currency) -> Discount | None:
    """Return the discount of a new plan, by amount or percentage; None without one."""
    if "discount" not in table:
        return None
    written = table.table("discount")
    amount, percent = (
        written.get("amount", money(currency), default=None),
        written.get("percent", DECIMAL, default=None),
    )
    until, cycles = (
        written.get("until", DAY, default=None),
        written.get("cycles", whole(1, 120), default=None),
    )
    written.close()
    if not written.clean:
        return None
    made: list[Discount] = []
    noted(table, "discount", lambda: made.append(Discount(amount, percent, until, cycles)))
    return made[0] if made else None
