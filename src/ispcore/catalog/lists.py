"""The provider's own lists: companies, charge methods, document types, accounts, reasons, extra fields."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import TYPE_CHECKING

from attrs import field, frozen

from ispcore.catalog.documents import DocumentRule
from ispcore.errors import InvalidValueError
from ispcore.values import Money, as_tuple, shown

if TYPE_CHECKING:
    from collections.abc import Mapping


_LONGEST = 500
"""Characters of the longest text that an extra field holds."""


@frozen
class Company:
    """A company of the provider that bills; the ``address`` is for what is printed."""

    code: str
    name: str
    tax_id: str | None = None
    address: str | None = None


@frozen
class ChargeMethod:
    """How money is asked for: a bank's slip, a card, cash. ``wallet`` is the bank's name for it.

    A slip that is made by it costs ``slip_fee`` more, unless the customer is exempt. ``provider`` names who
    is told of slips, so that they can be paid.
    """

    code: str
    name: str
    wallet: str | None = None
    slip_fee: Money | None = None
    provider: str | None = None


@frozen
class DocumentType:
    """A kind of fiscal document, and when one is asked for."""

    code: str
    name: str
    rule: DocumentRule = DocumentRule()


@frozen
class LedgerAccount:
    """An account of the income statement."""

    code: str
    name: str


class ReasonUse(Enum):
    """The list that a reason belongs to."""

    CANCELLATION = "cancellation"


@frozen
class Reason:
    """Why something was done, from the provider's list."""

    code: str
    description: str
    use: ReasonUse = ReasonUse.CANCELLATION


class FieldOwner(Enum):
    """What an extra field is declared for."""

    CUSTOMER = "customer"
    CONTACT = "contact"
    SUBSCRIPTION = "subscription"
    CONTRACT = "contract"
    MAILBOX = "mailbox"


class FieldType(Enum):
    """What an extra field holds."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    BOOLEAN = "boolean"
    CHOICE = "choice"


_WANTED = {
    FieldType.INTEGER: "a whole number",
    FieldType.BOOLEAN: "a truth value",
    FieldType.TEXT: f"a text of up to {_LONGEST} printable characters on one line",
    FieldType.DECIMAL: "a decimal, as text",
    FieldType.DATE: "a day",
    FieldType.CHOICE: "one of its choices",
}


@frozen
class ExtraField:
    """A field that the provider declares beside the built-in ones."""

    owner: FieldOwner
    code: str
    name: str
    type: FieldType
    required: bool = False
    choices: tuple[str, ...] = field(default=(), converter=as_tuple)

    def parse(self, value: object) -> str:
        """Return *value* as the plain text that is kept.

        Raises:
            InvalidValueError: it is not of the declared type.
        """
        text = _as_text(self.type, value)
        if text is None or not self._admits(text):
            wanted = f"one of {', '.join(self.choices)}" if self.choices else _WANTED[self.type]
            raise InvalidValueError(
                f"{shown(value)} does not fit the extra field {self.code!r} of a {self.owner.value}.",
                hint=f"It takes {wanted}.",
            )
        return text

    def _admits(self, text: str) -> bool:
        fits = self.type is not FieldType.CHOICE or text in self.choices
        return fits and len(text) <= _LONGEST and text.isprintable()


def _as_text(kind: FieldType, value: object) -> str | None:
    match kind, value:
        case FieldType.BOOLEAN, bool():
            return "true" if value else "false"
        case FieldType.INTEGER, int() if not isinstance(value, bool):
            return str(value)
        case FieldType.DATE, date():
            return value.isoformat()
        case ((FieldType.TEXT | FieldType.CHOICE), str()):
            return value
        case FieldType.DECIMAL, (str() | Decimal()):
            return _decimal_text(value)
        case _:
            return None


def _decimal_text(value: str | Decimal) -> str | None:
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return str(number) if number.is_finite() else None


def parse_extra_fields(
    declared: Mapping[str, ExtraField], given: Mapping[str, object], owner: FieldOwner
) -> dict[str, str]:
    """Return the *given* extra fields as text, checked against those *declared* for *owner*.

    Raises:
        InvalidValueError: a field is unknown, missing or of another type.
    """
    mine = {extra.code: extra for extra in declared.values() if extra.owner is owner}
    for code in given:
        if code not in mine:
            known = ", ".join(sorted(mine)) or "none"
            raise InvalidValueError(
                f"A {owner.value} has no extra field {code!r}.", hint=f"Declared in the catalogue: {known}."
            )
    for code, extra in mine.items():
        if extra.required and code not in given:
            raise InvalidValueError(f"The extra field {code!r} of a {owner.value} is required.")
    return {code: mine[code].parse(value) for code, value in given.items()}
