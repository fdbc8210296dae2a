"""What the use cases about late payment need: of a database, and of whoever hands notices over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol

from attrs import frozen

from ispcore.billing import StageNotice
from ispcore.catalog import LateAction
from ispcore.values import CustomerId

if TYPE_CHECKING:
    from ispcore.notices import Bill
    from ispcore.usecases.ports import UnitOfWork


@frozen
class StageRow:
    """A stage that a debt reached; it ended on the day on which nothing was open any more."""

    subject: str
    stage: str
    action: LateAction
    reached_on: date
    ended_on: date | None = None


class LateStages(Protocol):
    """The stages that were reached."""

    def stages(self, customers: Sequence[CustomerId]) -> Mapping[CustomerId, tuple[StageRow, ...]]:
        """Return the stages that debts of these *customers* ever reached."""
        ...

    def standing(self, after: CustomerId, limit: int) -> tuple[CustomerId, ...]:
        """Return customers who have stages that did not end, by number, beginning *after* one."""
        ...

    def holding(self, customer: CustomerId) -> bool:
        """Tell whether a stage of the *customer* that reduces or blocks did not end."""
        ...

    def reach(self, customer: CustomerId, rows: Sequence[StageRow], at: datetime) -> None:
        """Note stages that were reached; what is known keeps its day, and does not end any more."""
        ...

    def end(self, customer: CustomerId, subjects: Sequence[str], on: date) -> None:
        """Note that nothing is open any more of what these *subjects* ask for."""
        ...


class NoticeBook(Protocol):
    """Asks for the notices of stages, and knows which were handed over."""

    def handed_over(
        self, work: UnitOfWork, customers: Sequence[CustomerId]
    ) -> Mapping[CustomerId, Mapping[tuple[str, str], date]]:
        """Return by customer on which day the notice of a subject and a stage was handed over."""
        ...

    def news(self, work: UnitOfWork, notices: Sequence[StageNotice]) -> frozenset[CustomerId]:
        """Return the customers about whom asking for *notices* would change anything."""
        ...

    def ask(self, work: UnitOfWork, notices: Sequence[StageNotice]) -> None:
        """Have *notices* handed over; one that was asked for is not asked for again."""
        ...

    def bills(self, work: UnitOfWork, customers: Sequence[CustomerId], on: date) -> Iterable[Bill]:
        """Return what these *customers* owe on a day, as they are reminded of it."""
        ...

    def waits(self, work: UnitOfWork, customer: CustomerId) -> bool:
        """Tell whether a notice of a stage was asked for, and not handed over yet."""
        ...

    def keep(self, work: UnitOfWork, customer: CustomerId, notices: Sequence[StageNotice]) -> None:
        """Withdraw every notice of a stage that waits, but *notices*."""
        ...


class NoNotices:
    """Hands nothing over: stages that need a notice are never reached."""

    def handed_over(
        self,
        work: UnitOfWork,  # noqa: ARG002 - the port's
        customers: Sequence[CustomerId],  # noqa: ARG002 - the port's
    ) -> Mapping[CustomerId, Mapping[tuple[str, str], date]]:
        """Return nothing."""
        return {}

    def news(
        self,
        work: UnitOfWork,  # noqa: ARG002 - the port's
        notices: Sequence[StageNotice],  # noqa: ARG002 - the port's
    ) -> frozenset[CustomerId]:
        """Return nobody."""
        return frozenset()

    def ask(self, work: UnitOfWork, notices: Sequence[StageNotice]) -> None:
        """Ask nobody."""

    def bills(
        self,
        work: UnitOfWork,  # noqa: ARG002 - the port's
        customers: Sequence[CustomerId],  # noqa: ARG002 - the port's
        on: date,  # noqa: ARG002 - the port's
    ) -> Iterable[Bill]:
        """Return nothing."""
        return ()

    def waits(self, work: UnitOfWork, customer: CustomerId) -> bool:  # noqa: ARG002 - the port's
        """Say that nothing waits."""
        return False

    def keep(self, work: UnitOfWork, customer: CustomerId, notices: Sequence[StageNotice]) -> None:
        """Withdraw nothing."""


NO_NOTICES = NoNotices()
"""What is asked where nobody hands notices over."""
