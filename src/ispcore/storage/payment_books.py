"""Payment books in the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from ispcore.errors import NotFoundError
from ispcore.storage import slip_rows as s
from ispcore.storage.numbers import MOST, take
from ispcore.storage.slip_tables import payment_books, slips
from ispcore.values import BookId

if TYPE_CHECKING:
    from datetime import date

    from ispcore.billing import PaymentBook, Slip
    from ispcore.storage.slips import SlipStore
    from ispcore.usecases.slip_stores import Stamp
    from ispcore.values import CustomerId


class PaymentBookStore:
    """Runs of slips that were made to be sent as one."""

    def __init__(self, connection: sa.Connection, slip_store: SlipStore) -> None:
        """Work in the transaction of *connection*."""
        self._connection = connection
        self._slips = slip_store

    def new_number(self) -> BookId:
        """Reserve a number."""
        return BookId(take(self._connection, "payment_book"))

    def add(self, book: PaymentBook, stamp: Stamp) -> None:
        """Keep a new book."""
        row = {
            "id": book.id,
            "customer_id": book.customer,
            "subscription_id": book.subscription,
            "months": book.months,
            "issued_on": book.issued_on,
            **s.stamped(stamp),
        }
        self._connection.execute(sa.insert(payment_books), row)

    def get(self, book: BookId) -> PaymentBook:
        """Return a book, or raise NotFoundError."""
        wanted = sa.select(payment_books).where(payment_books.c.id == book)
        row = self._connection.execute(wanted).one_or_none() if 0 <= book <= MOST else None
        if row is None:
            raise NotFoundError("payment book", book, hint="'ispcore slips books' lists them.")
        return s.book_of(row)

    def listed(self, customer: CustomerId | None, after: BookId, limit: int) -> tuple[PaymentBook, ...]:
        """Return books by number."""
        wanted = sa.select(payment_books).where(payment_books.c.id > after)
        if customer is not None:
            wanted = wanted.where(payment_books.c.customer_id == customer)
        rows = self._connection.execute(wanted.order_by(payment_books.c.id).limit(limit))
        return tuple(s.book_of(row) for row in rows)

    def slips(self, book: BookId) -> tuple[Slip, ...]:
        """Return the slips of a book, and those that took their place, the first due first."""
        found = self._slips.some(slips.c.book_id == book)
        return tuple(sorted(found, key=lambda slip: (slip.due_on, slip.id)))

    def sent(self, book: BookId, on: date, name: str) -> None:
        """Note that a book was handed over, and under which name."""
        this = sa.update(payment_books).where(payment_books.c.id == book)
        self._connection.execute(this.values(sent_on=on, sent_as=name))
