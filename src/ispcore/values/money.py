"""Money: whole minor units of one currency, never a float.

Built from text or decimals, exact in every sum; only :mod:`ispcore.values.rounding` rounds.
"""

from __future__ import annotations

import functools
import re
from decimal import Decimal
from typing import TYPE_CHECKING

from attrs import field, frozen

from ispcore.errors import InvalidValueError
from ispcore.values.rounding import Rounding, round_ratio

if TYPE_CHECKING:
    from collections.abc import Sequence

    from attrs import Attribute

# The minor digits of ISO 4217 for the currencies in use around internet providers.
_DIGITS = {
    "AOA": 2, "ARS": 2, "AUD": 2, "BHD": 3, "BOB": 2, "BRL": 2, "CAD": 2, "CHF": 2, "CLP": 0,
    "COP": 2, "CRC": 2, "CVE": 2, "DOP": 2, "EUR": 2, "GBP": 2, "GTQ": 2, "HNL": 2, "INR": 2,
    "JPY": 0, "KES": 2, "KRW": 0, "KWD": 3, "MXN": 2, "MZN": 2, "NGN": 2, "NIO": 2, "NOK": 2,
    "OMR": 3, "PAB": 2, "PEN": 2, "PHP": 2, "PLN": 2, "PYG": 0, "SEK": 2, "TND": 3, "UGX": 0,
    "USD": 2, "UYU": 2, "VND": 0, "XAF": 0, "XOF": 0, "ZAR": 2,
}  # fmt: skip
_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,9})?\Z")
_MOST = 10**24
"""Minor units that no sum of amounts reaches, and that every decimal still shows exactly."""


@frozen
class Currency:
    """A currency: its ISO 4217 code and how many digits its minor unit has."""

    code: str
    digits: int

    @staticmethod
    def of(code: str) -> Currency:
        """Return the known currency with this *code*.

        Raises:
            InvalidValueError: the code is not known.
        """
        return _known_currency(code)


@functools.cache
def _known_currency(code: str) -> Currency:
    if code not in _DIGITS:
        raise InvalidValueError(
            f"{code!r} is not a currency that ispcore knows.", hint="Use an ISO 4217 code such as 'BRL'."
        )
    return Currency(code, _DIGITS[code])


def _is_whole(_: object, __: Attribute[int], value: object) -> None:
    if type(value) is not int:
        raise InvalidValueError(
            f"Money counts whole minor units, not {value!r}.", hint="Build it with Money.of('100.00', 'BRL')."
        )
    if abs(value) >= _MOST:
        # The number itself is not shown: Python refuses to print one of many thousand digits.
        raise InvalidValueError(f"{_MOST} minor units or more are more than any books can hold.")


@frozen(order=False)
class Money:
    """An exact amount: *minor* units (cents) of a *currency*."""

    minor: int = field(validator=_is_whole)
    currency: Currency

    @staticmethod
    def of(amount: str | int | Decimal, currency: str | Currency) -> Money:
        """Return *amount* (in major units: ``"100.00"``) as money.

        Raises:
            InvalidValueError: a float, a text that is no plain number, or more digits than the
                currency has.
        """
        unit = Currency.of(currency) if isinstance(currency, str) else currency
        return Money(_minor_units(amount, unit), unit)

    @property
    def amount(self) -> Decimal:
        """The amount in major units, with all of the currency's digits."""
        return Decimal(self.minor).scaleb(-self.currency.digits)

    @property
    def is_zero(self) -> bool:
        """Whether nothing is owed."""
        return self.minor == 0

    def __add__(self, other: Money) -> Money:
        """Add money of the same currency."""
        return Money(self.minor + self._same(other).minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        """Subtract money of the same currency."""
        return Money(self.minor - self._same(other).minor, self.currency)

    def __neg__(self) -> Money:
        """Turn the sign."""
        return Money(-self.minor, self.currency)

    def __lt__(self, other: Money) -> bool:
        """Compare money of the same currency."""
        return self.minor < self._same(other).minor

    def __le__(self, other: Money) -> bool:
        """Compare money of the same currency."""
        return self.minor <= self._same(other).minor

    def __gt__(self, other: Money) -> bool:
        """Compare money of the same currency."""
        return self.minor > self._same(other).minor

    def __ge__(self, other: Money) -> bool:
        """Compare money of the same currency."""
        return self.minor >= self._same(other).minor

    def __str__(self) -> str:
        """Show the plain amount and the currency: ``20.69 BRL``."""
        return f"{self.amount} {self.currency.code}"

    def _same(self, other: Money) -> Money:
        if self.currency != other.currency:
            raise InvalidValueError(
                f"{self} and {other} are of two currencies and cannot be taken together.",
                hint="A subscription has one currency.",
            )
        return other


def _minor_units(amount: object, unit: Currency) -> int:
    if type(amount) is int:
        return amount * int(10**unit.digits)
    if isinstance(amount, str):
        if not _NUMBER.match(amount):
            raise InvalidValueError(
                f"{amount!r} is not an amount.", hint='Write digits and a point, in quotes: "100.00".'
            )
        amount = Decimal(amount)
    if not isinstance(amount, Decimal) or not amount.is_finite():
        raise InvalidValueError(
            f"{amount!r} ({type(amount).__name__}) is not an exact amount.",
            hint='Money is text, in quotes: "100.00".',
        )
    minor = amount.scaleb(unit.digits)
    if minor != minor.to_integral_value():
        raise InvalidValueError(
            f"{amount} has more digits than {unit.code} knows ({unit.digits}).",
            hint="Round it first, by a rule of your own.",
        )
    return int(minor)


def zero(currency: str | Currency) -> Money:
    """Return no money of *currency*."""
    return Money.of(0, currency)


def total(amounts: Sequence[Money], currency: str | Currency) -> Money:
    """Return the sum of *amounts*, all of one *currency*; nothing sums to zero."""
    return sum(amounts, zero(currency))


def percent_of(price: Money, percent: Decimal, mode: Rounding = Rounding.HALF_UP) -> Money:
    """Return *percent* of *price*, rounded once.

    >>> print(percent_of(Money.of("100.00", "BRL"), Decimal("10")))
    10.00 BRL
    """
    numerator, denominator = percent.as_integer_ratio()
    return Money(round_ratio(price.minor * numerator, 100 * denominator, mode), price.currency)


def split_evenly(amount: Money, parts: int) -> tuple[Money, ...]:
    """Split *amount* into *parts* that sum to it; the first ones take a spare cent each."""
    if parts < 1:
        raise InvalidValueError(f"An amount cannot be split into {parts} parts.")
    return split_by_weight(amount, [1] * parts)


def split_by_weight(amount: Money, weights: Sequence[int]) -> tuple[Money, ...]:
    """Split *amount* in proportion to *weights* by largest remainder; ties go to the first.

    The parts always sum to *amount*. Weights are whole, not negative and not all zero.
    """
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0:
        raise InvalidValueError(f"The weights {list(weights)} cannot share an amount.")
    size = abs(amount.minor)
    parts = [size * weight // whole for weight in weights]
    by_rest = sorted(range(len(weights)), key=lambda n: -(size * weights[n] % whole))
    for n in by_rest[: size - sum(parts)]:
        parts[n] += 1
    sign = 1 if amount.minor >= 0 else -1
    return tuple(Money(sign * part, amount.currency) for part in parts)
