"""What the use cases about slips need of a database; ``storage`` fulfils it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from attrs import frozen

from ispcore.billing import PaymentBook, ReceivableBalance, Slip
from ispcore.plans import SlipTerms
from ispcore.values import BookId, ChargeId, CustomerId, SlipId, SubscriptionId


@frozen
class SlipQuery:
    """Which slips are asked for; None asks for all. ``waiting`` leaves out those that wait for no money."""

    customer: CustomerId | None = None
    subscription: SubscriptionId | None = None
    due_from: date | None = None
    due_by: date | None = None
    waiting: bool = False
    after: SlipId = SlipId(0)
    limit: int = 1_000


@frozen
class Stamp:
    """Who writes a command down, when, and its name."""

    at: datetime
    actor: str
    command_id: str


@frozen
class HowSlips:
    """How a customer's slips are made: whether fees are asked for, and terms that are not the plain ones."""

    exempt: bool
    terms: Mapping[SubscriptionId, SlipTerms]


class Slips(Protocol):
    """What was sent to be paid."""

    def new_number(self, count: int) -> int:
        """Reserve *count* numbers of slips and return the first."""
        ...

    def get(self, slip: SlipId) -> Slip:
        """Return a slip, or raise NotFoundError."""
        ...

    def standing(self, customers: Sequence[CustomerId]) -> Mapping[CustomerId, tuple[Slip, ...]]:
        """Return the slips on which these *customers* owe something still, read in bulk."""
        ...

    def of_receivables(self, receivables: Sequence[ChargeId]) -> Mapping[ChargeId, Slip]:
        """Return the slip that each of *receivables* stands on; those that stand on none are left out."""
        ...

    def balances(self, receivables: Sequence[ChargeId]) -> Mapping[ChargeId, ReceivableBalance]:
        """Return receivables with what became of them, read in bulk."""
        ...

    def to_look_at(self, after: CustomerId, limit: int) -> tuple[CustomerId, ...]:
        """Return customers by number, beginning *after* one, whose slips may not be what they should be.

        They owe something that stands on no slip, or something on a slip of theirs was lowered.
        """
        ...

    def how(self, customers: Sequence[CustomerId]) -> Mapping[CustomerId, HowSlips]:
        """Return how the slips of these *customers* are made."""
        ...

    def listed(self, query: SlipQuery) -> tuple[Slip, ...]:
        """Return the slips that *query* asks for, by number."""
        ...

    def add(self, issued: Sequence[Slip], stamp: Stamp) -> None:
        """Keep new slips."""
        ...

    def stand_no_more(self, slips: Sequence[SlipId]) -> None:
        """Let the amounts of *slips* go, so that others may ask for them."""
        ...

    def end(self, ended: Mapping[SlipId, SlipId | None], on: date) -> None:
        """Note by which slip each of *ended* was replaced; None: it was cancelled."""
        ...

    def put_in_book(self, slips: Sequence[SlipId], book: BookId) -> None:
        """Note that *slips* belong to a payment book."""
        ...

    def stale(self, customer: CustomerId) -> Sequence[tuple[str, str, str]]:
        """Return what does not follow: of which slip, against which rule, and what was found."""
        ...


class PaymentBooks(Protocol):
    """Runs of slips that were made to be sent as one."""

    def new_number(self) -> BookId:
        """Reserve a number."""
        ...

    def add(self, book: PaymentBook, stamp: Stamp) -> None:
        """Keep a new book."""
        ...

    def get(self, book: BookId) -> PaymentBook:
        """Return a book, or raise NotFoundError."""
        ...

    def listed(self, customer: CustomerId | None, after: BookId, limit: int) -> tuple[PaymentBook, ...]:
        """Return books by number."""
        ...

    def slips(self, book: BookId) -> tuple[Slip, ...]:
        """Return the slips of a book, and those that took their place, the first due first."""
        ...

    def sent(self, book: BookId, on: date, name: str) -> None:
        """Note that a book was handed over, and under which name."""
        ...
