"""Days, amounts and facts as the page says them."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ispcore.values import Money, round_ratio

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from ispcore.plans import Discount
    from ispcore.timeline import Fact
    from ispcore.values import Currency, ItemId, Period

_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")
_SHOWN_PART = 100
"""Amounts between cents are shown to the hundredth of a cent."""
_GROUPED_FROM = 10_000
_THIN_SPACE = "\u202f"
MINUS = "\u2212"


def day(value: date) -> str:
    """Return a day as people write it."""
    return f"{value:%d/%m/%Y}"


def short_day(value: date) -> str:
    """Return a day without its year."""
    return f"{value:%d/%m}"


def short_span(period: Period) -> str:
    """Return the first and the last day of *period*, without their years."""
    first, last = short_day(period.start), short_day(period.last)
    return first if period.days == 1 else f"{first} – {last}"


def counted(number: int, word: str) -> str:
    """Return the number with its word: ``1 day``, ``2 days``."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def amount(money: Money, *, signed: bool = False) -> str:
    """Return an amount without its currency; *signed* puts a minus before it."""
    whole, point, part = f"{abs(money.amount)}".partition(".")
    grouped = f"{int(whole):,}".replace(",", _THIN_SPACE) if int(whole) >= _GROUPED_FROM else whole
    minus = MINUS if signed or money.minor < 0 else ""
    return f"{minus}{grouped}{point}{part}"


def with_currency(money: Money, *, signed: bool = False) -> str:
    """Return an amount and its currency."""
    return f"{amount(money, signed=signed)} {money.currency.code}"


def decimal(minor: Fraction, unit: Currency) -> str:
    """Return an amount of minor units in major ones, to the hundredth of the smallest."""
    hundredths = round_ratio(abs(minor.numerator) * _SHOWN_PART, minor.denominator)
    whole, part = divmod(hundredths, _SHOWN_PART)
    minus = MINUS if minor < 0 and hundredths else ""
    point = "" if unit.digits else "."
    return f"{minus}{amount(Money(whole, unit))}" + (f"{point}{part:02d}" if part else "")


def exact(minor: Fraction, unit: Currency) -> str:
    """Return an exact amount of minor units in major ones, as a fraction too where no decimal ends."""
    major = minor / 10**unit.digits
    if (minor * _SHOWN_PART).denominator == 1:
        return decimal(minor, unit)
    return f"{major.numerator}/{major.denominator} = {decimal(minor, unit)}"


def plain_words(name: str) -> str:
    """Return the name of a type or of a state as words: ``price changed``, ``partly paid``."""
    return _CAPITAL.sub(" ", name).replace("_", " ").lower()


def said(fact: Fact[Any], names: Mapping[ItemId, str]) -> str:
    """Return what *fact* did, in a few words; *names* are those of the items."""
    payload = fact.payload
    match fact.kind:
        case "HoldPlaced":
            return f"{payload.hold.kind.value}, {payload.hold.cause.value}"
        case "HoldLifted":
            return f"no longer {payload.kind.value}"
        case "StatusChanged":
            return str(payload.status.description)
        case "PriceChanged":
            return f"price {with_currency(payload.price)}"
        case "DiscountChanged":
            return _discount(payload.discount)
        case "ItemAdded":
            return f"{payload.item.description} added"
        case "BillingEventAdded":
            return f"{payload.event.description}, {with_currency(payload.event.amount)}"
        case "Sold":
            return f"{payload.sale.description} sold, {with_currency(payload.sale.amount)}"
        case "ItemEnded":
            return f"{names.get(payload.item, payload.item)} ended"
        case _:
            return plain_words(fact.kind)


def _discount(discount: Discount | None) -> str:
    if discount is None:
        return "no discount"
    return f"discount {discount.amount}" if discount.amount is not None else f"discount {discount.percent} %"
