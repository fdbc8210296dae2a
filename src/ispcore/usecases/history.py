"""Who changed what, when and from where: the facts themselves, made readable."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from attrs import frozen

from ispcore.customers import ERASED
from ispcore.errors import NotFoundError
from ispcore.timeline import Cause, Origin, Subject, SubjectKind, voided
from ispcore.usecases.describe import cleared_by, describe, fields_of, paths_of
from ispcore.values import SubscriptionId

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ispcore.timeline import Actor, Fact
    from ispcore.usecases.desk import Desk

PERMISSIONS = {
    SubjectKind.SUBSCRIPTION: "subscription.read",
    SubjectKind.CUSTOMER: "customer.read",
    SubjectKind.CATALOG: "catalog.read",
    SubjectKind.CONTRACT: "contract.read",
}
_NONE = "(none)"
_CORE = Origin()


@frozen
class HistoryEntry:
    """One fact for people: ``detail`` says what moved, ``voided_by`` names the fact that voids it.

    ``plugin`` is the plugin whose policy added it, with its version.
    """

    sequence: int
    kind: str
    on: date
    at: datetime
    actor: str
    address: str | None
    cause: Cause
    command_id: str
    reason: str | None
    note: str | None
    detail: tuple[str, ...]
    voided_by: int | None
    plugin: str | None = None


@frozen
class Tombstone:
    """A deleted subscription: who put it away, when and why."""

    subscription: SubscriptionId
    on: date
    at: datetime
    actor: str
    why: str | None


def history(desk: Desk, subject: Subject, *, actor: Actor) -> tuple[HistoryEntry, ...]:
    """Return every fact of *subject* in the order in which they were recorded.

    Raises:
        NotFoundError: nothing was ever recorded of it.
    """
    actor.require(PERMISSIONS[subject.kind])
    with desk.database.reading() as work:
        facts = work.facts.of(subject)
        texts = work.facts.texts(subject)
    if not facts:
        raise NotFoundError(subject.kind.value, subject.id)
    gone = voided(facts)
    last: dict[str, str] = {}
    return tuple(_entry(fact, texts, gone, last) for fact in facts)


def _entry(
    fact: Fact[Any],
    texts: Mapping[tuple[int, str], str | None],
    gone: Mapping[int, Fact[Any]],
    last: dict[str, str],
) -> HistoryEntry:
    recorded = fact.recorded
    voiding = gone.get(fact.sequence)
    return HistoryEntry(
        sequence=fact.sequence,
        kind=fact.kind,
        on=fact.effective_on,
        at=recorded.at,
        actor=recorded.actor,
        address=_text(texts, fact, recorded.address_ref),
        cause=recorded.cause,
        command_id=recorded.command_id,
        reason=fact.reason,
        note=_text(texts, fact, recorded.note_ref),
        detail=(*describe(fact.payload), *_moved(fact, texts, last)),
        voided_by=voiding.sequence if voiding else None,
        plugin=_plugin_of(recorded.origin),
    )


def _plugin_of(origin: Origin) -> str | None:
    return None if origin == _CORE else f"{origin.name} {origin.version}".rstrip()


def _text(texts: Mapping[tuple[int, str], str | None], fact: Fact[Any], ref: str | None) -> str | None:
    """Return the text that *ref* of *fact* points to; None where there never was one."""
    return None if ref is None else texts.get((fact.sequence, ref)) or ERASED


def _moved(
    fact: Fact[Any], texts: Mapping[tuple[int, str], str | None], last: dict[str, str]
) -> Iterator[str]:
    """Yield the fields that moved, from what they were to what they became, and note that in *last*."""
    moved = {path: _text(texts, fact, path) or _NONE for path in paths_of(fact.payload)}
    moved |= dict.fromkeys(cleared_by(fact.payload, last), _NONE)
    for path, now in {**fields_of(fact.payload), **moved}.items():
        before = last.get(path)
        if before is None:
            yield f"{path}: {now}"
        elif before != now:
            yield f"{path}: {before} -> {now}"
        last[path] = now


def deleted(desk: Desk, *, actor: Actor) -> tuple[Tombstone, ...]:
    """Return the deleted subscriptions, with who, when and why."""
    actor.require(PERMISSIONS[SubjectKind.SUBSCRIPTION])
    found = []
    with desk.database.reading() as work:
        for number in work.subscriptions.deleted():
            subject = Subject(SubjectKind.SUBSCRIPTION, str(number))
            texts = work.facts.texts(subject)
            fact = next(fact for fact in reversed(work.facts.of(subject)) if fact.kind == "Deleted")
            why = _text(texts, fact, fact.recorded.note_ref)
            found.append(Tombstone(number, fact.effective_on, fact.recorded.at, fact.recorded.actor, why))
    return tuple(found)
