"""Payments of everybody at once: a story is about a few, and the others pay their slips."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ispcore.usecases import RecordPayment, SlipQuery
from ispcore.values import CustomerId, SlipId, total

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from ispcore.app import Provider
    from ispcore.timeline import Actor

BANK = "bank"


def pay_slips(provider: Provider, on: date, but: Collection[int], *, actor: Actor) -> int:
    """Pay every slip that is due by a day, each on its due day, but those of some; return how many."""
    paid, after = 0, SlipId(0)
    while slips := provider.slips.list(SlipQuery(due_by=on, waiting=True, after=after), actor=actor):
        after = slips[-1].id
        for slip in slips:
            if slip.customer in but:
                continue
            amounts = provider.slips.get(slip.id, actor=actor).amounts
            payment = RecordPayment(
                customer=CustomerId(slip.customer),
                slip=slip.id,
                amount=total([one.open for one in amounts], slip.amount.currency),
                paid_on=min(on, max(slip.due_on, slip.issued_on)),
                provider=BANK,
                provider_id=f"slip-{slip.id}",
            )
            provider.do(payment, actor=actor)
            paid += 1
    return paid
