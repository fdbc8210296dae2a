"""Recording facts on customers: the texts go beside the facts, the snapshot follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ispcore.customers import fold_customer
from ispcore.timeline import Fact, Subject, SubjectKind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from ispcore.customers import CustomerEvent
    from ispcore.usecases.desk import Writing
    from ispcore.usecases.ports import UnitOfWork
    from ispcore.values import CustomerId


def record_on_customer(
    work: UnitOfWork, writing: Writing, known: tuple[CustomerId, int], on: date, event: CustomerEvent
) -> tuple[Fact[Any], ...]:
    """Record *event* on the customer *known* with a version, and return its fact."""
    customer, version = known
    subject = Subject(SubjectKind.CUSTOMER, str(customer))
    before = work.facts.of(subject)
    last = max(fact.sequence for fact in before)
    facts = writing.facts(subject, last, [(on, event.payload)])
    work.facts.append(facts, texts_of(writing, facts, [event]))
    work.customers.update(fold_customer((*before, *facts)), version)
    return facts


def texts_of(
    writing: Writing, facts: Sequence[Fact[Any]], events: Sequence[CustomerEvent]
) -> dict[tuple[int, str], str]:
    """Return the erasable texts of *facts*: those of their *events*, the remark, and the actor's address."""
    texts = writing.texts(facts)
    for fact, event in zip(facts, events, strict=True):
        texts |= {(fact.sequence, path): text for path, text in event.texts.items()}
    return texts
