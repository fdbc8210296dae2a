"""Doing several things that each want a transaction in the one that is open."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from attrs import frozen

from ispcore.usecases.ports import UnitOfWork


@frozen
class OneTransaction:
    """Hands out the transaction that is open already."""

    work: UnitOfWork

    @contextmanager
    def reading(self) -> Iterator[UnitOfWork]:
        """Give the transaction."""
        yield self.work

    bulk = reading
    writing = reading
