"""What observers are told: one frozen event for each fact that was recorded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from attrs import frozen

from ispcore.catalog import EntrySaved
from ispcore.customers import fold_customer
from ispcore.errors import RefusedError
from ispcore.plans import fold
from ispcore.timeline import Cause, Fact, Origin, Subject, SubjectKind


@frozen(kw_only=True)
class FactRecorded:
    """A fact was recorded and committed.

    ``id`` is the same each time the event is delivered. ``type`` and ``version`` are those of the fact and of
    the shape of ``payload``. ``before`` and ``after`` are the subject without this fact and with it, on the
    day ``on`` on which it counts: a state of a subscription, a customer without the texts, the document of a
    catalogue entry; None where there is none. ``correlation`` is the id of the command: events of one command
    have it in common.
    """

    id: str
    type: str
    version: int
    time: datetime
    subject: Subject
    on: date
    actor: str
    cause: Cause
    origin: Origin
    reason: str | None
    payload: Any
    before: Any
    after: Any
    correlation: str


def event_of(recorded: Sequence[Fact[Any]], sequence: int) -> FactRecorded:
    """Return the event of the fact with this *sequence*, among everything *recorded* of its subject.

    Raises:
        LookupError: there is no such fact.
    """
    fact = next((one for one in recorded if one.sequence == sequence), None)
    if fact is None:
        raise LookupError(f"There is no fact {sequence} among the {len(recorded)} of its subject.")
    earlier = tuple(one for one in recorded if one.sequence < sequence)
    return FactRecorded(
        id=fact.id,
        type=fact.kind,
        version=fact.schema_version,
        time=fact.recorded.at,
        subject=fact.subject,
        on=fact.effective_on,
        actor=fact.recorded.actor,
        cause=fact.recorded.cause,
        origin=fact.recorded.origin,
        reason=fact.reason,
        payload=fact.payload,
        before=_state(fact.subject.kind, earlier, fact.effective_on),
        after=_state(fact.subject.kind, (*earlier, fact), fact.effective_on),
        correlation=fact.recorded.command_id,
    )


def _state(kind: SubjectKind, facts: tuple[Fact[Any], ...], on: date) -> object:
    match kind:
        case _ if not facts:
            return None
        case SubjectKind.SUBSCRIPTION:
            return _subscription(facts, on)
        case SubjectKind.CUSTOMER:
            return fold_customer(facts)
        case SubjectKind.CATALOG if isinstance(facts[-1].payload, EntrySaved):
            return facts[-1].payload.document
        case _:
            return None


def _subscription(facts: tuple[Fact[Any], ...], on: date) -> object:
    try:
        return fold(facts).on(on)
    except RefusedError:  # a part of what one command recorded, or everything was retracted
        return None
