"""The columns of a file, and how their values are read: each in one declared way, or not at all."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from enum import Enum
from typing import NoReturn

from attrs import frozen

from ispcore.customers import PersonKind
from ispcore.errors import InvalidValueError
from ispcore.values import DAY, Currency, Money, one_of, shown, whole


class DecimalMark(Enum):
    """What stands before the cents."""

    POINT = "point"
    COMMA = "comma"


class DateStyle(Enum):
    """How days are written."""

    ISO = "iso"
    DAY_FIRST = "dd/mm/yyyy"


@frozen(kw_only=True)
class Written:
    """How a file is written; the separator, a comma or a semicolon, is seen from its first line."""

    decimal: DecimalMark = DecimalMark.POINT
    dates: DateStyle = DateStyle.ISO
    encoding: str = "utf-8"


class Part(Enum):
    """What a column belongs to."""

    BOTH = "both"
    PAYMENT = "payment"
    CUSTOMER = "customer"
    ADDRESS = "address"
    SUBSCRIPTION = "subscription"


Parser = Callable[[str, Written, Currency], object]


@frozen
class Column:
    """A column: what it says, and the field of the command that it fills."""

    name: str
    part: Part
    field: str
    about: str
    parse: Parser
    required: bool = False
    """Whether a row that has anything of this part must have it."""

    @property
    def is_extra(self) -> bool:
        """Whether it fills an extra field of the catalogue."""
        return "." in self.name


def _text(text: str, _: Written, __: Currency) -> str:
    if not text.isprintable():
        _refuse(text, "a text of one line", "Take out what does not print: tabs, line breaks, NUL.")
    return text


_SLASHED = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{4})\Z")
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")


def _day(text: str, written: Written, _: Currency) -> date:
    slashed = _SLASHED.match(text)
    if written.dates is DateStyle.ISO:
        hint = "Write 2012-02-24"
        hint += ", or declare that days are written dd/mm/yyyy." if slashed else "."
        return DAY.parse(text) if _ISO.match(text) else _refuse(text, "a day", hint)
    if slashed is None:
        hint = "Write 24/02/2012" + (", or declare that days are ISO." if _ISO.match(text) else ".")
        _refuse(text, "a day", hint)
    day, month, year = slashed.groups()
    try:
        return DAY.parse(f"{year}-{month}-{day}")
    except InvalidValueError as error:
        _refuse(text, "a day of the calendar", error.hint)


_AMOUNTS = {
    DecimalMark.POINT: re.compile(r"[0-9]{1,15}(\.[0-9]{1,9})?\Z"),
    DecimalMark.COMMA: re.compile(r"[0-9]{1,15}(,[0-9]{1,9})?\Z"),
}
_EXAMPLES = {DecimalMark.POINT: "1234.56", DecimalMark.COMMA: "1234,56"}


def _amount(text: str, written: Written, currency: Currency) -> Money:
    if not _AMOUNTS[written.decimal].match(text):
        (other,) = set(DecimalMark) - {written.decimal}
        hint = f"Write {_EXAMPLES[written.decimal]}"
        if _AMOUNTS[other].match(text):
            hint += f", or declare that the decimal mark is a {other.value}"
        _refuse(text, f"an amount with a decimal {written.decimal.value}", hint + ".")
    return Money.of(text.replace(",", "."), currency)


def _whole(low: int, high: int) -> Parser:
    kind = whole(low, high)

    def parse(text: str, _: Written, __: Currency) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", text):
            _refuse(text, "a whole number", f"Use {low} to {high}.")
        return kind.parse(int(text))

    return parse


def _flag(text: str, _: Written, __: Currency) -> bool:
    if text not in ("yes", "no"):
        _refuse(text, "yes or no", "Write 'yes' or 'no'.")
    return text == "yes"


def _signed_amount(text: str, written: Written, currency: Currency) -> Money:
    """Read an amount that may be below zero: what was taken back waits for a person."""
    amount = _amount(text.removeprefix("-"), written, currency)
    return -amount if text.startswith("-") else amount


def _currency(text: str, _: Written, __: Currency) -> Currency:
    return Currency.of(text)


def _kind(text: str, _: Written, __: Currency) -> PersonKind:
    return one_of(PersonKind).parse(text)


def _refuse(text: str, wanted: str, hint: str | None) -> NoReturn:
    raise InvalidValueError(f"{shown(text)} is not {wanted}.", hint=hint)


def _columns(part: Part, *rows: tuple[str, str] | tuple[str, str, Parser]) -> tuple[Column, ...]:
    found = []
    for name, about, *parse in rows:
        plain = name.removesuffix("*")
        found.append(
            Column(plain, part, _FIELDS.get(plain, plain), about, parse[0] if parse else _text, name != plain)
        )
    return tuple(found)


_FIELDS = {
    "payment_id": "provider_id",
    "subscription_id": "foreign_id",
    "starts_on": "on",
    "address_info": "info",
}

COLUMNS: tuple[Column, ...] = (
    *_columns(Part.BOTH, ("customer_code*", "the customer's number or code in the old system")),
    *_columns(
        Part.CUSTOMER,
        ("name*", "the legal name"),
        ("kind", "`person` (the default) or `company`", _kind),
        ("tax_id", "the tax id, such as a CPF or CNPJ"),
        ("trade_name", "a company's trade name"),
        ("state_registration", "a company's state registration"),
        ("email", "the e-mail address"),
        ("phone", "the telephone number"),
    ),
    *_columns(
        Part.ADDRESS,
        ("city*", "the city of the registered address; the business unit follows from it"),
        ("street", "the street"),
        ("number", "the number in the street"),
        ("unit", "the room or apartment"),
        ("complement", "what else the address says"),
        ("reference", "a place nearby"),
        ("district", "the district"),
        ("city_code", "the statistical code of the city"),
        ("postal_code", "the postal code"),
        ("address_info", "a remark on the address"),
    ),
    *_columns(
        Part.SUBSCRIPTION,
        ("subscription_id*", "the subscription's number in the old system; it is imported once"),
        ("plan*", "the code of the plan"),
        ("price", "the monthly price; the catalogue's by default", _amount),
        ("status", "the code of the status on the first day that is computed here"),
        ("status_since", "when that status was entered", _day),
        ("starts_on", "the start day, if nothing was billed yet", _day),
        ("billed_through", "the last day that the old system billed", _day),
        ("activated_on", "when the service was activated", _day),
        ("fidelity_from", "when the fidelity term began", _day),
        ("trial_used", "`yes` (the default) or `no`", _flag),
        ("charge_method", "the code of the charge method"),
        ("due_day", "the day of the month on which bills are due", _whole(1, 31)),
        ("closing_day", "the day of the month on which cycles close; the policy's by default", _whole(1, 31)),
        ("advance", "`yes` or `no`: billed in advance; the policy's by default", _flag),
        ("contract", "the number of the contract"),
    ),
)
"""Every column that a file may have, beside those of the catalogue's extra fields."""

PAYMENT_COLUMNS: tuple[Column, ...] = _columns(
    Part.PAYMENT,
    ("payment_id*", "the provider's number of the payment; it is recorded once"),
    ("amount*", "what was paid", _signed_amount),
    ("paid_on*", "the day on which it was paid", _day),
    ("currency", "the currency's code; the catalogue's by default", _currency),
    ("slip", "the number of the slip that was paid", _whole(1, 999_999_999)),
    ("customer", "the customer's number", _whole(1, 999_999_999)),
    ("customer_code", "the customer's code"),
    ("company", "the code of the company that was paid"),
)
"""Every column that a payment file may have."""

_BY_NAME = {column.name: column for column in COLUMNS}

EXTRA = {"extra.": Part.CUSTOMER, "subscription_extra.": Part.SUBSCRIPTION}
"""The beginnings of the columns of extra fields; the field's code follows."""

IGNORED = ("line", "problem")
"""Columns that a file of bad rows has."""


def part_of(name: str) -> Part | None:
    """Return what the column *name* belongs to."""
    column = _BY_NAME.get(name) or extra_column(name)
    return column.part if column else None


def extra_column(name: str) -> Column | None:
    """Return the column of an extra field, if *name* is one."""
    for beginning, part in EXTRA.items():
        code = name.removeprefix(beginning)
        if code not in (name, ""):
            return Column(name, part, code, "an extra field", _text)
    return None
