"""What the use cases about money need of a database; ``storage`` fulfils it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol

from ispcore.billing import Allocation, Receivable, ReceivableBalance
from ispcore.values import CustomerId


class Accounts(Protocol):
    """What customers owe and what became of it."""

    def turns(self, customers: Sequence[CustomerId]) -> None:
        """Wait until nobody else changes what these *customers* owe, and keep others waiting."""
        ...

    def raise_all(self, asked: Sequence[Receivable]) -> None:
        """Append amounts to receive that no closing made, each with its charge."""
        ...

    def put(self, put: Sequence[Allocation]) -> None:
        """Append where amounts were *put*."""
        ...

    def new_number(self, count: int = 1) -> int:
        """Reserve *count* numbers for amounts that no closing makes, and return the first."""
        ...

    def open(self, customers: Sequence[CustomerId]) -> Mapping[CustomerId, tuple[ReceivableBalance, ...]]:
        """Return what these *customers* still owe, the first due first, read in bulk."""
        ...

    def owing(self, due_by: date, after: CustomerId, limit: int) -> tuple[CustomerId, ...]:
        """Return customers who owe something due on *due_by* or before, by number, beginning *after* one."""
        ...
