"""Kinds of plain values in documents: text, codes, days, whole numbers, exact amounts.

Each kind turns what a document holds into a value, or says what is wrong with it. A day may be a TOML
date or ISO text. Money and decimals are text, for a float has lost the cents before anybody looks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Generic, NoReturn, TypeVar

from attrs import frozen

from ispcore.errors import InvalidValueError
from ispcore.values.every import Every
from ispcore.values.identifiers import check_code
from ispcore.values.money import Currency, Money, zero
from ispcore.values.typed import FIRST_DAY, LAST_DAY

T = TypeVar("T")
E = TypeVar("E", bound=Enum)

_SHOWN = 60
_WIDEST = 200
"""Bits of the widest whole number that is shown: Python refuses to print huge ones."""
_LONGEST_NAME = 200
_LONGEST_PROSE = 10_000
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]\Z")
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_DECIMAL = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,9})?\Z")


@frozen
class Kind(Generic[T]):
    """How a value of a document is read.

    ``parse`` raises InvalidValueError; ``stand_in`` takes the place of what could not be read.
    """

    parse: Callable[[object], T]
    stand_in: T


def shown(value: object) -> str:
    """Return *value* as it may be shown in a sentence, however long, deep or odd it is."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict | list | tuple):
        return "A list" if not isinstance(value, dict) else "A table"
    if isinstance(value, int) and value.bit_length() > _WIDEST:
        return "A huge number"
    if isinstance(value, date):
        return value.isoformat()
    text = repr(value[: _SHOWN + 1] if isinstance(value, str) else value)
    return text if len(text) <= _SHOWN + 2 else f"{text[:_SHOWN]}..."


def _refuse(value: object, wanted: str, hint: str | None = None) -> NoReturn:
    kind = "" if isinstance(value, str | dict | list | bool) else f" ({type(value).__name__})"
    raise InvalidValueError(f"{shown(value)}{kind} is not {wanted}.", hint=hint)


def _text(value: object) -> str:
    if not isinstance(value, str):
        _refuse(value, "text", "Write it in quotes.")
    if not value.isprintable() or len(value) > _LONGEST_NAME or not value or value != value.strip():
        _refuse(
            value,
            "a plain text",
            f"Use 1 to {_LONGEST_NAME} characters on one line, without a space at either end.",
        )
    return value


def _prose(value: object) -> str:
    if not isinstance(value, str):
        _refuse(value, "text", "Write it in quotes.")
    if len(value) > _LONGEST_PROSE or not all(line.isprintable() for line in value.split("\n")):
        _refuse(value, "a plain text", f"Use up to {_LONGEST_PROSE} characters, without control characters.")
    return value


def _code(value: object) -> str:
    try:
        return check_code(value)
    except InvalidValueError as error:
        _refuse(value, "a code", error.hint)


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        _refuse(value, "true or false")
    return value


def _day(value: object) -> date:
    day = value
    if isinstance(value, str) and _ISO_DAY.match(value):
        try:
            day = date.fromisoformat(value)
        except ValueError:
            _refuse(value, "a day of the calendar")
    if not isinstance(day, date) or isinstance(day, datetime):
        _refuse(value, "a day", "Write year, month and day: 2012-02-24.")
    if not FIRST_DAY <= day <= LAST_DAY:
        _refuse(value, "a day that anybody can mean", f"Use {FIRST_DAY} to {LAST_DAY}.")
    return day


def _time(value: object) -> time:
    if isinstance(value, time):
        value = value.isoformat("seconds").removesuffix(":00")
    if not isinstance(value, str) or not _CLOCK.match(value):
        _refuse(value, "a time of the day", "Write hours and minutes: 18:30.")
    return time.fromisoformat(value)


def _decimal(value: object) -> Decimal:
    if not isinstance(value, str) or not _DECIMAL.match(value):
        _refuse(value, "an exact decimal", 'Decimals are text, in quotes: "12.5".')
    return Decimal(value)


def _length(value: object) -> Every:
    if not isinstance(value, str):
        _refuse(value, "a length of a cycle", "Write 'month', 'quarter' or '2 weeks', in quotes.")
    return Every.parse(value)


TEXT: Kind[str] = Kind(_text, "")
"""A name or description: one line that prints."""
PROSE: Kind[str] = Kind(_prose, "")
"""Text that may have several lines."""
CODE: Kind[str] = Kind(_code, "")
"""A code that names an entry."""
FLAG: Kind[bool] = Kind(_flag, stand_in=False)
"""True or false."""
DAY: Kind[date] = Kind(_day, FIRST_DAY)
"""A day: a TOML date, or ISO text."""
TIME: Kind[time] = Kind(_time, time())
"""A time of the day, to the minute: a TOML time, or text."""
DECIMAL: Kind[Decimal] = Kind(_decimal, Decimal(0))
"""An exact decimal, as text."""
LENGTH: Kind[Every] = Kind(_length, Every())
"""How long a cycle is: ``"month"``, ``"quarter"``, ``"2 weeks"``."""


def whole(low: int, high: int) -> Kind[int]:
    """Return the kind of whole numbers from *low* to *high*, both included."""

    def parse(value: object) -> int:
        if type(value) is not int:
            _refuse(value, "a whole number", f"Use {low} to {high}.")
        if not low <= value <= high:
            raise InvalidValueError(f"{shown(value)} is not between {low} and {high}.")
        return value

    return Kind(parse, low)


def money(currency: Currency, *, signed: bool = False, most: Money | None = None) -> Kind[Money]:
    """Return the kind of amounts of a *currency*, up to *most*; only *signed* ones may be below zero."""

    def parse(value: object) -> Money:
        if not isinstance(value, str) or not _DECIMAL.match(value):
            _refuse(value, "an exact amount", 'Money is text, in quotes: "100.00".')
        amount = Money.of(value, currency)
        if amount.minor < 0 and not signed:
            raise InvalidValueError(f"{amount} is below zero.", hint="Write the amount without a sign.")
        if most is not None and amount > most:
            raise InvalidValueError(f"{amount} is too high to be billed.", hint=f"Use {most} or less.")
        return amount

    return Kind(parse, zero(currency))


def one_of(choices: type[E]) -> Kind[E]:
    """Return the kind of the members of an enum, written as their values."""
    by_word = {str(choice.value): choice for choice in choices}
    words = word_of(by_word)
    return Kind(lambda value: by_word[words.parse(value)], next(iter(choices)))


def word_of(words: Collection[str]) -> Kind[str]:
    """Return the kind of a few fixed *words*."""

    def parse(value: object) -> str:
        if not isinstance(value, str) or value not in words:
            _refuse(value, "known here", f"Use one of: {', '.join(words)}.")
        return value

    return Kind(parse, next(iter(words)))
