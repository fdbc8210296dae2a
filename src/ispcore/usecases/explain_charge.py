"""Explain a charge: computed again from the facts up to it and the terms of its cycle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ispcore.billing import EntryKind, explain, explain_raised, terms_of
from ispcore.timeline import Subject, SubjectKind

if TYPE_CHECKING:
    from ispcore.billing import Explanation
    from ispcore.timeline import Actor
    from ispcore.usecases.desk import Desk
    from ispcore.values import ChargeId

PERMISSION = "billing.read"


def explain_charge(desk: Desk, charge: ChargeId, *, actor: Actor) -> Explanation:
    """Return how *charge* came about.

    Raises:
        NotFoundError: there is no such charge.
    """
    actor.require(PERMISSION)
    with desk.database.reading() as work:
        entry = work.ledger.charge(charge)
        subject = Subject(SubjectKind.SUBSCRIPTION, str(entry.key.subscription))
        if entry.kind is EntryKind.RAISED:
            timeline, _ = work.subscriptions.get(entry.key.subscription)
            terms = terms_of(work.catalogue.current(), entry.key.cycle, timeline.last.policy, ())
            return explain_raised(entry, timeline.recorded, terms)
        terms = work.ledger.pinned(entry.key.subscription, entry.key.cycle)
        return explain(entry, work.facts.of(subject), terms, work.ledger.charges(entry.key.subscription))
