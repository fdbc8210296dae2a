"""What a provider agrees with customers: kinds of contracts, their penalties and numbers, and who sells."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from enum import Enum

from attrs import field, frozen

from ispcore.catalog.combos import ComboRule
from ispcore.catalog.formula import Formula
from ispcore.errors import InvalidValueError
from ispcore.values import Money, Rounding, percent_of, total

MOST_MONTHS = 1200
MOST_INSTALMENTS = 120
LONGEST_NUMBER = 40
_LONGEST_PATTERN = 30
_WIDEST = 12

_FIELD = re.compile(r"\{(year|month|series)(?::(\d{1,2}))?\}")


class TermEnd(Enum):
    """What happens at the end of a contract's term."""

    NONE = "none"
    """Nothing: it goes on without a term."""
    SILENT = "silent"
    """A term of the same length follows by itself."""
    BY_ACT = "by_act"
    """It is over until somebody renews it; what it serves goes on."""


class Acceptance(Enum):
    """Whether the customer has to accept a contract."""

    NONE = "none"
    ASKED = "asked"
    """It is asked for, and hinders nothing."""
    BEFORE_ENABLING = "before_enabling"
    """Nothing is enabled before it was accepted."""


def _in_order(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(codes)))


@frozen(kw_only=True)
class PenaltyRule:
    """What leaving a contract early costs; either ``fixed`` or a ``formula``, or neither: nothing.

    ``most_percent`` of the benefit is the most that can be asked for, None is no limit. ``exempting`` are
    codes of reasons that cost nothing. Within ``regret_days`` after signing everybody may leave. With
    ``pauses_stop`` days of pauses do not count as time that has passed. It is paid in ``instalments``.
    """

    fixed: Money | None = None
    formula: Formula | None = None
    most_percent: Decimal | None = Decimal(100)
    exempting: tuple[str, ...] = field(default=(), converter=_in_order)
    regret_days: int = 0
    pauses_stop: bool = True
    rounding: Rounding = Rounding.HALF_UP
    instalments: int = 1

    def __attrs_post_init__(self) -> None:
        """Refuse a rule that says two things, or one that cannot be."""
        if self.fixed is not None and self.formula is not None:
            raise InvalidValueError("A penalty is a fixed value or a formula, not both.")
        if self.fixed is not None and self.fixed.minor < 0:
            raise InvalidValueError("A penalty is not below zero.")
        if not 1 <= self.instalments <= MOST_INSTALMENTS:
            raise InvalidValueError(
                f"A penalty cannot be paid in {self.instalments} instalments.",
                hint=f"Use 1 to {MOST_INSTALMENTS}.",
            )


@frozen
class NumberPattern:
    """How numbers of contracts look: ``{year}-{series:6}`` gives 2012-000001, 2012-000002, ...

    Each text around the series, once year and month are filled in, has a series of its own without gaps.
    """

    text: str

    @staticmethod
    def parse(text: str) -> NumberPattern:
        """Return the pattern that *text* writes.

        Raises:
            InvalidValueError: it has no series or several, or something else in braces.
        """
        rest = _FIELD.sub("", text)
        series = [name for name, _ in _FIELD.findall(text)].count("series")
        widths = [int(width) for _, width in _FIELD.findall(text) if width]
        if (
            series != 1
            or max(widths, default=0) > _WIDEST
            or "{" in rest
            or "}" in rest
            or len(text) > _LONGEST_PATTERN
        ):
            raise InvalidValueError(
                f"{text[:60]!r} is no pattern for numbers.",
                hint="Write one {series} or {series:6}; {year} and {month} where you like.",
            )
        return NumberPattern(text)

    def series(self, on: date) -> str:
        """Return the name of the series that counts on a day."""
        return self._filled(on, "#")

    def number(self, on: date, count: int) -> str:
        """Return the number that is *count* in its series."""
        return self._filled(on, str(count))

    def _filled(self, on: date, series: str) -> str:
        values = {"year": f"{on.year:04}", "month": f"{on.month:02}", "series": series}
        return _FIELD.sub(lambda found: values[found[1]].zfill(int(found[2] or 0)), self.text)


@frozen(kw_only=True)
class ContractTemplate:
    """A kind of contract, and what one of it says unless something else is agreed.

    ``months`` None is to be agreed each time. ``most_fidelity_person`` and ``most_fidelity_company`` are the
    months for which such a customer is bound at most; ``renews_fidelity`` binds them anew at each renewal.
    The price of a plan rises ``price_rise_months`` after it was agreed at the earliest. With a ``combo`` its
    subscriptions are members of one. ``order_service`` is what is ordered with each contract: its
    installation. ``text`` is what is printed, with the contract's fields in it. Without ``number`` each
    number is given.
    """

    code: str
    name: str
    service: str = ""
    months: int | None = None
    fidelity_months: int = 0
    price_rise_months: int = 0
    most_fidelity_person: int = MOST_MONTHS
    most_fidelity_company: int = MOST_MONTHS
    renewal: TermEnd = TermEnd.NONE
    renews_fidelity: bool = False
    acceptance: Acceptance = Acceptance.NONE
    penalty: PenaltyRule = PenaltyRule()
    benefit: Money | None = None
    combo: ComboRule | None = None
    installation_fee: Money | None = None
    instalments: int = 1
    order_service: str = ""
    number: NumberPattern | None = None
    text: str = ""


@frozen(kw_only=True)
class Commission:
    """What a salesperson, whose actor has this ``code``, earns by a sale.

    A ``fixed`` amount, ``percent_of_monthly`` of what a full month costs, and ``percent_of_installation`` of
    what is asked for the installation, together.
    """

    code: str
    name: str
    fixed: Money | None = None
    percent_of_monthly: Decimal = Decimal(0)
    percent_of_installation: Decimal = Decimal(0)

    def of_sale(self, monthly: Money, installation: Money) -> Money:
        """Return what a sale earns: of a full month's price, and of what the installation costs."""
        parts = ((monthly, self.percent_of_monthly), (installation, self.percent_of_installation))
        shares = [percent_of(amount, percent, Rounding.HALF_UP) for amount, percent in parts]
        return total([*shares, *([self.fixed] if self.fixed else [])], monthly.currency)
