"""Carry out many commands: in slices, each a transaction, and each item of its own within it.

What is refused is undone alone and reported. What was there already is reported as such, so that a run that
was cut short can be run again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from typing import Any, TypeAlias

from attrs import evolve, frozen

from ispcore.customers import RegisterCustomer
from ispcore.errors import InvalidValueError, IspcoreError, NotFoundError, RefusedError
from ispcore.plans import ImportSubscription
from ispcore.timeline import Actor
from ispcore.usecases.desk import Desk, OneTransaction
from ispcore.usecases.do import AnyCommand, AnyRecorded, do
from ispcore.usecases.parked_payments import PaymentParked
from ispcore.usecases.ports import UnitOfWork
from ispcore.usecases.record_payment import PaymentRecorded
from ispcore.values import CustomerId, PaymentId, SubscriptionId


@frozen
class Find:
    """Finds what is there by the names that other systems know, what the stream has made itself too."""

    _work: UnitOfWork

    def customer(self, code: str) -> CustomerId:
        """Return the customer with this code, or raise NotFoundError."""
        found = self._work.known.customer(code)
        if found is None:
            raise NotFoundError("customer with the code", code, hint="Register the customer first.")
        return found

    def subscription(self, system: str, foreign_id: str) -> SubscriptionId:
        """Return the subscription that was imported from *system* as *foreign_id*, or raise NotFoundError."""
        found = self._work.known.subscription(system, foreign_id)
        if found is None:
            raise NotFoundError(
                f"subscription of {system!r} with the id", foreign_id, hint="Import the subscription first."
            )
        return found[0]


Item: TypeAlias = AnyCommand | Callable[[Find], AnyCommand | Iterable[AnyCommand]]
"""What a stream is made of: a command, or a function that finds what it needs and returns or yields commands.

The commands of one function are carried out together or not at all.
"""


@frozen(kw_only=True)
class Outcome:
    """What became of an item.

    ``recorded`` is what its commands left, ``known`` what was there already and left alone. With an ``error``
    nothing of the item was saved.
    """

    index: int
    item: Item
    recorded: tuple[AnyRecorded, ...] = ()
    known: tuple[CustomerId | SubscriptionId | PaymentId, ...] = ()
    error: IspcoreError | None = None


def do_many(desk: Desk, items: Iterable[Item], *, actor: Actor, slice_size: int = 500) -> Iterator[Outcome]:
    """Yield what becomes of each item, once its slice is saved.

    *items* are read a slice at a time, outside of any transaction.

    Raises:
        InvalidValueError: *slice_size* is below 1.
        TypeError: an item is no command; its slice is undone.
        ConcurrentChangeError: somebody else changed the same customers meanwhile; the slice is undone.
        StorageError: the database failed; its slice is undone.
    """
    if slice_size < 1:
        raise InvalidValueError(f"A slice of {slice_size} is none.", hint="Use 1 or more.")
    return _outcomes(desk, items, actor, slice_size)


def _outcomes(desk: Desk, items: Iterable[Item], actor: Actor, slice_size: int) -> Iterator[Outcome]:
    source = enumerate(items)
    while batch := tuple(islice(source, slice_size)):
        with desk.database.bulk() as work:
            slice_ = _Slice(evolve(desk, database=OneTransaction(work)), work, actor)
            outcomes = [slice_.attempt(index, item) for index, item in batch]
        yield from outcomes


@frozen
class _Slice:
    """Some items in one transaction."""

    desk: Desk
    work: UnitOfWork
    actor: Actor

    def attempt(self, index: int, item: Item) -> Outcome:
        recorded: list[AnyRecorded] = []
        known: list[CustomerId | SubscriptionId | PaymentId] = []
        try:
            commands = iter(_commands(item, Find(self.work)))
            for first in commands:  # what cannot even begin needs no savepoint
                with self.work.savepoint():
                    for command in chain((first,), commands):
                        self._carry_out(command, recorded, known)
        except IspcoreError as error:
            return Outcome(index=index, item=item, error=error)
        return Outcome(index=index, item=item, recorded=tuple(recorded), known=tuple(known))

    def _carry_out(
        self,
        command: AnyCommand,
        recorded: list[AnyRecorded],
        known: list[CustomerId | SubscriptionId | PaymentId],
    ) -> None:
        there = self._there(command)
        if there is not None:
            known.append(there)
            return
        left = do(self.desk, command, actor=self.actor)
        if isinstance(left, PaymentRecorded) and left.known:
            known.append(left.payment.id)
        elif isinstance(left, PaymentParked) and left.known:
            known.append(PaymentId(f"{left.parked.provider}:{left.parked.provider_id}"))
        else:
            recorded.append(left)

    def _there(self, command: AnyCommand) -> CustomerId | SubscriptionId | None:
        """Return what *command* would make, if a run before has made it."""
        match command:
            case RegisterCustomer():
                self.actor.require(command.permission)
                return self._customer(command)
            case ImportSubscription():
                self.actor.require(command.permission)
                found = self.work.known.subscription(command.system, command.foreign_id)
                return found[0] if found is not None and found[1] == command.customer else None
            case _:
                return None

    def _customer(self, command: RegisterCustomer) -> CustomerId | None:
        given = command.details.tax_id
        if command.code is None and not given:
            raise RefusedError(
                f"{command.details.name!r} has neither code nor tax id.",
                rule="unrecognisable",
                hint="Give one of them, so that a second run knows the customer again.",
            )
        tax_id = self.desk.tax_ids.normalise(given, command.kind) if given else None
        return self.work.known.registered(command.code, tax_id)


def _commands(item: Any, find: Find) -> Iterable[AnyCommand]:  # noqa: ANN401 - what is no command is told so
    made = item(find) if callable(item) else item
    return made if isinstance(made, Iterable) else (made,)
