"""Looking at slips: which there are, and each with the amounts on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from ispcore.billing import Allocation, PaymentBook, ReceivableBalance, Slip
from ispcore.values import BookId, SlipId

if TYPE_CHECKING:
    from ispcore.timeline import Actor
    from ispcore.usecases.desk import Desk
    from ispcore.usecases.slip_stores import SlipQuery
    from ispcore.values import CustomerId

READ = "slips.read"


@frozen
class SlipView:
    """A slip with the amounts that stand, or stood, on it and what became of them.

    ``put`` is what was put to them, and to the fines and the interest that are about them.
    """

    slip: Slip
    amounts: tuple[ReceivableBalance, ...]
    put: tuple[Allocation, ...] = ()


def slip_view(desk: Desk, slip: SlipId, *, actor: Actor) -> SlipView:
    """Return a slip with its amounts, or raise NotFoundError."""
    actor.require(READ)
    with desk.database.reading() as work:
        found = work.slips.get(slip)
        balances = work.slips.balances(found.receivables)
        about = work.payments.about(found.receivables)
        late = (one.id for name in found.receivables for one in about.get(name, ()))
        names = tuple(
            dict.fromkeys((*found.receivables, *late))
        )  # a slip's fee is about what stands beside it
        put = work.payments.put_to(names)
    amounts = tuple(balances[name] for name in found.receivables)
    return SlipView(found, amounts, tuple(one for name in names for one in put.get(name, ())))


def list_slips(desk: Desk, query: SlipQuery, *, actor: Actor) -> tuple[Slip, ...]:
    """Return the slips that *query* asks for, by number."""
    actor.require(READ)
    with desk.database.reading() as work:
        return work.slips.listed(query)


def list_books(
    desk: Desk, customer: CustomerId | None, *, actor: Actor, after: BookId, limit: int
) -> tuple[PaymentBook, ...]:
    """Return payment books by number, of everybody or of one *customer*."""
    actor.require(READ)
    with desk.database.reading() as work:
        return work.payment_books.listed(customer, after, limit)
