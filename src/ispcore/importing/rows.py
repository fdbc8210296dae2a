"""A row of a file as commands: register the customer, import the subscription, both or neither."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from attrs import frozen

from ispcore.customers import Address, AddressType, PersonDetails, PersonKind, RegisterCustomer
from ispcore.errors import DocumentError, InvalidValueError, IspcoreError, NotFoundError, RefusedError
from ispcore.importing.columns import Part
from ispcore.importing.reading import CsvRow, CsvRows
from ispcore.plans import ImportSubscription
from ispcore.values import AddressId, Currency, shown

if TYPE_CHECKING:
    from ispcore.usecases import Find

_ADDRESS = AddressId("home")


@frozen
class RowProblem:
    """What is wrong with a row; ``column`` and ``value`` are empty when it is the row as a whole."""

    line: int
    column: str
    value: str
    rule: str
    message: str
    hint: str | None = None

    def __str__(self) -> str:
        """Say it in one line."""
        return f"line {self.line}{', ' if self.column else ': '}{self.said}"

    @property
    def said(self) -> str:
        """The problem without its line."""
        where = f"{self.column} {shown(self.value)}: " if self.column else ""
        return f"{where}{self.message}" + (f" {self.hint}" if self.hint else "") + f" [{self.rule}]"


@frozen
class Row:
    """A row, read: its cells as they were, and by part the fields that it gives."""

    read: CsvRow
    cells: Mapping[str, str]
    """What stands in each column, without spaces around it; empty ones are left out."""
    fields: Mapping[Part, Mapping[str, Any]]
    extra: Mapping[Part, Mapping[str, str]]
    problems: tuple[RowProblem, ...]
    system: str

    @property
    def code(self) -> str:
        """The customer's code."""
        return self.cells.get("customer_code", "")

    def __call__(self, find: Find) -> Iterator[RegisterCustomer | ImportSubscription]:
        """Yield the commands, as an item of ``do_many``.

        Raises:
            DocumentError: the row has problems.
        """
        if self.problems:
            raise DocumentError(f"Line {self.read.line}", self.problems)
        if self.fields[Part.CUSTOMER] or self.fields[Part.ADDRESS] or self.extra[Part.CUSTOMER]:
            yield self._registration()
        customer = find.customer(self.code)
        if self.fields[Part.SUBSCRIPTION]:
            given = self.fields[Part.SUBSCRIPTION]
            extra = self.extra[Part.SUBSCRIPTION]
            yield ImportSubscription(customer=customer, system=self.system, extra=extra, **given)

    def _registration(self) -> RegisterCustomer:
        given = dict(self.fields[Part.CUSTOMER])
        kind = given.pop("kind", PersonKind.PERSON)
        home = Address(id=_ADDRESS, type=AddressType.REGISTERED, **self.fields[Part.ADDRESS])
        return RegisterCustomer(
            code=self.code,
            kind=kind,
            details=PersonDetails(**given),
            addresses=(home,),
            extra=self.extra[Part.CUSTOMER],
        )


@frozen
class RowReader:
    """Reads the rows of a file as commands for subscriptions of a *system*, priced in a *currency*."""

    rows: CsvRows
    currency: Currency
    system: str

    def __iter__(self) -> Iterator[Row]:
        """Yield each row with everything that is wrong with it."""
        return map(self._read, self.rows)

    def _read(self, read: CsvRow) -> Row:
        fields: dict[Part, dict[str, Any]] = {part: {} for part in Part}
        extra: dict[Part, dict[str, str]] = {part: {} for part in Part}
        if read.problem is not None:
            problem = RowProblem(read.line, "", "", *read.problem)
            return Row(read, {}, fields, extra, (problem,), self.system)
        cells: dict[str, str] = {}
        problems: list[RowProblem] = []
        for column, cell in zip(self.rows.columns, read.cells, strict=False):
            text = cell.strip()
            if column is None or not text:
                continue
            cells[column.name] = text
            holder: dict[str, Any] = (extra if column.is_extra else fields)[column.part]
            try:
                holder[column.field] = column.parse(text, self.rows.written, self.currency)
            except InvalidValueError as error:
                holder[column.field] = None
                problems.append(RowProblem(read.line, column.name, text, "value", error.message, error.hint))
        problems += _missing(read.line, fields, extra)
        return Row(read, cells, fields, extra, tuple(problems), self.system)


_REQUIRED = {
    Part.CUSTOMER: (("name", Part.CUSTOMER), ("city", Part.ADDRESS)),
    Part.SUBSCRIPTION: (("subscription_id", Part.SUBSCRIPTION), ("plan", Part.SUBSCRIPTION)),
}


def _missing(
    line: int, fields: Mapping[Part, Mapping[str, Any]], extra: Mapping[Part, Mapping[str, str]]
) -> Iterator[RowProblem]:
    if not fields[Part.BOTH]:
        hint = "It tells whose the row is, and a second run knows the customer by it."
        yield RowProblem(line, "customer_code", "", "required", "It is empty.", hint)
    given = {
        Part.CUSTOMER: fields[Part.CUSTOMER] or fields[Part.ADDRESS] or extra[Part.CUSTOMER],
        Part.SUBSCRIPTION: fields[Part.SUBSCRIPTION] or extra[Part.SUBSCRIPTION],
    }
    if not given[Part.CUSTOMER] and not given[Part.SUBSCRIPTION]:
        hint = "Give the customer's name and city, a subscription, or both."
        yield RowProblem(line, "", "", "required", "It says nothing of the customer.", hint)
    for part, columns in _REQUIRED.items():
        for name, owner in columns:
            field = "foreign_id" if name == "subscription_id" else name
            if given[part] and field not in fields[owner]:
                hint = f"Fill it in, or leave all columns of the {part.value} empty."
                yield RowProblem(line, name, "", "required", "It is empty.", hint)
    subscription = fields[Part.SUBSCRIPTION]
    if subscription and not {"billed_through", "on"} & set(subscription):
        hint = "Give the last day that the old system billed, or starts_on if it billed nothing."
        yield RowProblem(line, "billed_through", "", "required", "It is empty.", hint)


_OF_KIND = {"customer with the code": "customer_code"}
_OF_RULE = {
    "billing-defaults": "charge_method",
    "charge-method-not-in-unit": "charge_method",
    "closing-day": "closing_day",
    "code-taken": "customer_code",
    "company-only": "kind",
    "due-day": "due_day",
    "due-day-not-in-unit": "due_day",
    "imported-twice": "subscription_id",
    "known-person": "tax_id",
    "no-price": "billed_through",
    "no-unit": "city",
    "plan-not-in-unit": "plan",
    "price": "price",
    "price-too-high": "price",
    "status-since": "status_since",
}


def problems_of(row: Row, error: IspcoreError) -> tuple[RowProblem, ...]:
    """Return *error* as problems of the row, at the column that it is about where that can be told."""
    if row.problems:
        return row.problems
    rule = "value"
    column = ""
    if isinstance(error, RefusedError):
        rule, column = error.rule, _OF_RULE.get(error.rule, "")
    elif isinstance(error, NotFoundError):
        rule, column = "not-found", _OF_KIND.get(error.kind, "")
    if not column:
        named = (name for name, text in row.cells.items() if repr(text) in error.message)
        column = next(named, "")
    value = row.cells.get(column, "")
    return (RowProblem(row.read.line, column, value, rule, error.message, error.hint),)
