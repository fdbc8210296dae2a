"""How high a price may be.

Far above what anybody charges, and low enough that whatever is computed from it can be kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ispcore.errors import RefusedError
from ispcore.values import Money

if TYPE_CHECKING:
    from ispcore.values import Currency

_HIGHEST = 10**12 - 1


def highest_price(currency: Currency) -> Money:
    """Return the highest price of an item, or value of a line, that can be billed.

    >>> from ispcore.values import Currency
    >>> print(highest_price(Currency.of("BRL")))
    9999999999.99 BRL
    """
    return Money(_HIGHEST, currency)


def check_height(amount: Money, what: str, name: str) -> None:
    """Refuse an *amount*, that of *what* is called *name*, if it is too high to be billed.

    Raises:
        RefusedError: it is above the highest price.
    """
    if amount.minor > _HIGHEST:
        raise RefusedError(
            f"{amount} is too high for the {what} {name!r}.",
            rule="price-too-high",
            hint=f"Use {highest_price(amount.currency)} or less.",
        )
