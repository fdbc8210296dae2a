"""Importing a file: every row becomes an item of one stream of commands."""

from __future__ import annotations

from contextlib import closing
from enum import Enum
from typing import TYPE_CHECKING, cast

from attrs import evolve, frozen

from ispcore.customers import RegisterCustomer
from ispcore.importing.reading import CsvRow, CsvRows
from ispcore.importing.repeats import Repeats
from ispcore.importing.rows import Row, RowProblem, RowReader, problems_of
from ispcore.plans import ImportSubscription

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ispcore.app import Provider
    from ispcore.timeline import Actor
    from ispcore.usecases import Outcome


class RowState(Enum):
    """What became of a row."""

    IMPORTED = "imported"
    THERE = "there already"
    REFUSED = "refused"


@frozen
class RowOutcome:
    """A row and what became of it; a refused one has problems, and nothing of it was saved."""

    row: CsvRow
    state: RowState
    problems: tuple[RowProblem, ...] = ()


def import_csv(
    provider: Provider, rows: CsvRows, *, actor: Actor, system: str, dry_run: bool = False
) -> Iterator[RowOutcome]:
    """Yield what becomes of each row; *system* names the one that the file comes from.

    A *dry_run* checks every row against the books and against the rows before it, and saves nothing.

    Raises:
        NotPermittedError: the actor may not register, import or read the catalogue.
        NotFoundError: no catalogue was loaded.
        StorageError: the database failed; what was yielded before is saved.
    """
    for permission in (RegisterCustomer.permission, ImportSubscription.permission):
        actor.require(permission)
    source = RowReader(rows, provider.catalogue(actor=actor).currency, system)
    return _outcomes(source, lambda stream: provider.do_many(stream, actor=actor, dry_run=dry_run))


def _outcomes(
    source: RowReader, carry_out: Callable[[Iterator[Row]], Iterator[Outcome]]
) -> Iterator[RowOutcome]:
    with closing(Repeats()) as repeats:
        stream = (evolve(row, problems=(*row.problems, *repeats.problems(row))) for row in source)
        for outcome in carry_out(stream):
            yield _told(cast("Row", outcome.item), outcome)


def _told(row: Row, outcome: Outcome) -> RowOutcome:
    if outcome.error is not None:
        return RowOutcome(row.read, RowState.REFUSED, problems_of(row, outcome.error))
    return RowOutcome(row.read, RowState.IMPORTED if outcome.recorded else RowState.THERE)
