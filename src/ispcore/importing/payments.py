"""Payment files: every row is a payment that a provider reports, recorded or parked.

The same file again changes nothing, and a run that was cut short is run again. A row that cannot be read is
told; one that a rule forbids waits for a person, with the rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum
from typing import TYPE_CHECKING, Any, cast

from attrs import frozen

from ispcore.errors import DocumentError, InvalidValueError
from ispcore.importing.columns import PAYMENT_COLUMNS
from ispcore.importing.reading import CsvRow, CsvRows
from ispcore.importing.rows import RowProblem
from ispcore.usecases import ParkedPayment, PaymentParked, ReceivePayment
from ispcore.values import Currency

if TYPE_CHECKING:
    from ispcore.app import Provider
    from ispcore.timeline import Actor
    from ispcore.usecases import Find, Outcome


class PaymentRowState(Enum):
    """What became of a row."""

    RECORDED = "recorded"
    PARKED = "parked"
    THERE = "there already"
    REFUSED = "refused"


@frozen
class PaymentRowOutcome:
    """A row and what became of it; a parked one says why, a refused one has problems and is not kept."""

    row: CsvRow
    state: PaymentRowState
    parked: ParkedPayment | None = None
    problems: tuple[RowProblem, ...] = ()


@frozen
class PaymentRow:
    """A row, read: the fields that it gives, and what is wrong with it."""

    read: CsvRow
    fields: Mapping[str, Any]
    problems: tuple[RowProblem, ...]
    source: str

    def __call__(self, find: Find) -> ReceivePayment:  # noqa: ARG002 - as every item of do_many
        """Return the command.

        Raises:
            DocumentError: the row has problems.
        """
        if self.problems:
            raise DocumentError(f"Line {self.read.line}", self.problems)
        given = {name: value for name, value in self.fields.items() if name != "currency"}
        return ReceivePayment(provider=self.source, **given)


def import_payments(
    provider: Provider, rows: CsvRows, *, actor: Actor, source: str, dry_run: bool = False
) -> Iterator[PaymentRowOutcome]:
    """Yield what becomes of each row of a file that the provider of payments *source* wrote.

    Read *rows* with ``PAYMENT_COLUMNS``. A *dry_run* tries every row, and saves nothing.

    Raises:
        NotPermittedError: the actor may not record payments or read the catalogue.
        NotFoundError: no catalogue was loaded.
        StorageError: the database failed; what was yielded before is saved.
    """
    actor.require(ReceivePayment.permission)
    usual = provider.catalogue(actor=actor).currency
    stream = (_read(row, rows, usual, source) for row in rows)
    return map(_told, provider.do_many(stream, actor=actor, dry_run=dry_run))


def _read(read: CsvRow, rows: CsvRows, usual: Currency, source: str) -> PaymentRow:
    if read.problem is not None:
        return PaymentRow(read, {}, (RowProblem(read.line, "", "", *read.problem),), source)
    cells = {
        column: cell.strip()
        for column, cell in zip(rows.columns, read.cells, strict=False)
        if column is not None and cell.strip()
    }
    fields: dict[str, Any] = {}
    problems: list[RowProblem] = []
    currency = usual
    # The currency says how the amount is read.
    for column, text in sorted(cells.items(), key=lambda pair: pair[0].field != "currency"):
        try:
            fields[column.field] = column.parse(text, rows.written, currency)
        except InvalidValueError as error:
            problems.append(RowProblem(read.line, column.name, text, "value", error.message, error.hint))
        else:
            currency = fields.get("currency", currency)
    given = {column.name for column in cells}
    problems += [
        RowProblem(read.line, column.name, "", "required", "It is empty.", "Fill it in.")
        for column in PAYMENT_COLUMNS
        if column.required and column.name not in given
    ]
    return PaymentRow(read, fields, tuple(problems), source)


def _told(outcome: Outcome) -> PaymentRowOutcome:
    row = cast("PaymentRow", outcome.item)
    if outcome.error is not None:
        error = outcome.error
        problem = RowProblem(row.read.line, "", "", "value", error.message, error.hint)
        return PaymentRowOutcome(row.read, PaymentRowState.REFUSED, problems=row.problems or (problem,))
    if not outcome.recorded:
        return PaymentRowOutcome(row.read, PaymentRowState.THERE)
    (left,) = outcome.recorded
    if isinstance(left, PaymentParked):
        return PaymentRowOutcome(row.read, PaymentRowState.PARKED, parked=left.parked)
    return PaymentRowOutcome(row.read, PaymentRowState.RECORDED)
