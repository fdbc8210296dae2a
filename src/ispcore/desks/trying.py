"""Trying any command: what it would leave behind, as the difference between what is kept before and after.

No command is known here by its name. What it names, and what it leaves, says whose books it touches; those
are compared. Nothing is saved.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from attrs import evolve, field, frozen

from ispcore import usecases as u
from ispcore.billing import Charge, EntryKind, Holder, Payment, ReceivableBalance, Slip
from ispcore.network import Move, Placement, move_of, resources_of
from ispcore.notices import KeptNotice
from ispcore.timeline import Fact, Subject, SubjectKind
from ispcore.values import ChargeId, CustomerId, Money, PaymentId, SlipId, SubscriptionId, zero

if TYPE_CHECKING:
    from ispcore.storage import SqlDatabase
    from ispcore.timeline import Actor
    from ispcore.usecases.ports import UnitOfWork

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)

_ALL = 1_000_000


@frozen
class Changed(Generic[T]):
    """Something that became another; it was not there where ``before`` is None."""

    before: T | None
    after: T


@frozen
class Attempt:
    """What a command would leave behind; nothing was saved.

    ``recorded`` is what carrying it out returns. ``receivables`` are those that are new, or of which another
    amount is open; ``slips`` and ``notices`` those that are new or stand otherwise; ``balances`` those that
    move. ``moves`` are what would be done on devices.
    """

    recorded: u.AnyRecorded
    facts: tuple[Fact[Any], ...]
    charges: tuple[Charge, ...]
    credits: tuple[Charge, ...]
    receivables: tuple[Changed[ReceivableBalance], ...]
    payments: tuple[Payment, ...]
    settlements: tuple[u.Settlement, ...]
    balances: Mapping[Holder, Changed[Money]]
    slips: tuple[Changed[Slip], ...]
    notices: tuple[Changed[KeptNotice], ...]
    moves: tuple[Move, ...]


@frozen
class Kept:
    """What is kept of some customers, each thing by its name."""

    facts: dict[Hashable, Fact[Any]] = field(factory=dict)
    charges: dict[Hashable, Charge] = field(factory=dict)
    receivables: dict[Hashable, ReceivableBalance] = field(factory=dict)
    payments: dict[Hashable, Payment] = field(factory=dict)
    settlements: dict[Hashable, u.Settlement] = field(factory=dict)
    balances: dict[Holder, Money] = field(factory=dict)
    slips: dict[Hashable, Slip] = field(factory=dict)
    notices: dict[Hashable, KeptNotice] = field(factory=dict)
    placements: dict[Hashable, Placement] = field(factory=dict)


def attempt(desk: u.Desk, database: SqlDatabase, command: object, *, actor: Actor) -> Attempt:
    """Return what *command* would leave behind.

    Raises:
        RefusedError, NotFoundError, InvalidValueError: a rule forbids it.
        TypeError: it is no command.
    """
    with database.rehearsal() as before:
        with before.rehearsal() as rehearsed:
            recorded = u.do(evolve(desk, database=rehearsed), command, actor=actor)
            with rehearsed.reading() as work:
                customers = sorted({*_named(work, command), *_named(work, recorded)})
                after = _kept(work, customers)
        with before.reading() as work:
            return _difference(recorded, _kept(work, customers), after)


def _difference(recorded: u.AnyRecorded, before: Kept, after: Kept) -> Attempt:
    entries = _new(before.charges, after.charges)
    changes = ((before.placements.get(name), one) for name, one in after.placements.items())
    moves = (move_of(old, new) for old, new in changes if old != new)
    return Attempt(
        recorded=recorded,
        facts=_new(before.facts, after.facts),
        charges=tuple(entry for entry in entries if entry.kind is not EntryKind.CREDIT),
        credits=tuple(entry for entry in entries if entry.kind is EntryKind.CREDIT),
        receivables=tuple(_changed(before.receivables, after.receivables).values()),
        payments=_new(before.payments, after.payments),
        settlements=_new(before.settlements, after.settlements),
        balances=_changed(before.balances, _with_empty(after.balances, before.balances)),
        slips=tuple(_changed(before.slips, after.slips).values()),
        notices=tuple(_changed(before.notices, after.notices).values()),
        moves=tuple(move for move in moves if move is not None),
    )


def _new(before: Mapping[K, T], after: Mapping[K, T]) -> tuple[T, ...]:
    return tuple(one for name, one in after.items() if name not in before)


def _changed(before: Mapping[K, T], after: Mapping[K, T]) -> dict[K, Changed[T]]:
    return {name: Changed(before.get(name), one) for name, one in after.items() if before.get(name) != one}


def _with_empty(balances: dict[Holder, Money], before: dict[Holder, Money]) -> dict[Holder, Money]:
    """Return *balances* with those that there were before and that are used up."""
    return {**{holder: zero(amount.currency) for holder, amount in before.items()}, **balances}


def _kept(work: UnitOfWork, customers: Iterable[CustomerId]) -> Kept:
    found = Kept()
    for customer in customers:
        facts = work.facts.of(Subject(SubjectKind.CUSTOMER, str(customer)))
        if not facts:  # who is registered by the command was not there before
            continue
        lives = work.subscriptions.of_customer(customer)
        facts += tuple(fact for life, _ in lives for fact in life.recorded)
        for contract in work.contracts.of_customer(customer):
            facts += work.facts.of(Subject(SubjectKind.CONTRACT, contract.number))
        found.facts.update({(fact.subject, fact.sequence): fact for fact in facts})
        found.charges.update({one.id: one for _, row in lives for one in work.ledger.charges(row.id)})
        found.receivables.update({one.receivable.id: one for one in work.ledger.receivables(customer)})
        found.payments.update({one.id: one for one in work.ledger.payments(customer)})
        found.settlements.update({one.id: one for one in work.payments.settlements(customer)})
        found.balances.update(work.ledger.balances(customer))
        found.slips.update(
            {one.id: one for one in work.slips.listed(u.SlipQuery(customer=customer, limit=_ALL))}
        )
        found.notices.update({one.notice.id: one for one in work.notices.list(customer=customer)})
        resources = sorted({resource for life, _ in lives for resource in resources_of(life)})
        found.placements.update({one.id: one for one in work.network.placements(resources)})
    return found


def _named(work: UnitOfWork, thing: object) -> Iterator[CustomerId]:
    """Yield the customers whom the fields of *thing* name, be it a command or what one left."""
    for name, whose in _WHOSE.items():
        value = getattr(thing, name, None)
        for one in value if isinstance(value, tuple) else (value,):
            customer = None if one is None else whose(work, one)
            if customer is not None:
                yield customer


def _of_subscription(work: UnitOfWork, number: SubscriptionId) -> CustomerId:
    return work.subscriptions.get(number)[1].customer


def _of_contract(work: UnitOfWork, number: str) -> CustomerId | None:
    found = work.contracts.find(number)
    return None if found is None else found[0].state.customer


def _of_slip(work: UnitOfWork, number: SlipId) -> CustomerId:
    return work.slips.get(number).customer


def _of_receivable(work: UnitOfWork, name: ChargeId) -> CustomerId:
    return work.payments.receivables([name])[name].receivable.customer


def _of_payment(work: UnitOfWork, one: PaymentId | Payment) -> CustomerId | None:
    payment = one if isinstance(one, Payment) else work.payments.get(one)
    return None if payment is None else payment.customer


_WHOSE: Mapping[str, Callable[[UnitOfWork, Any], CustomerId | None]] = {
    "customer": lambda _, customer: customer,
    "subscription": _of_subscription,
    "contract": _of_contract,
    "slip": _of_slip,
    "slips": _of_slip,
    "receivable": _of_receivable,
    "receivables": _of_receivable,
    "payment": _of_payment,
}
"""Whose books a field of this name touches."""
