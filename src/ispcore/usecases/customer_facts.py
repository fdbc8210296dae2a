"""Recording facts on customers: the texts go beside the facts, the snapshot follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ispcore.customers import fold_customer
from ispcore.timeline import Fact, Subject, SubjectKind
from ispcore.usecases.additions import review_customer
from ispcore.usecases.review import Review

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from ispcore.customers import CustomerCommand, CustomerEvent
    from ispcore.usecases.desk import Writing
    from ispcore.usecases.ports import UnitOfWork
    from ispcore.values import CustomerId


def record_on_customer(
    work: UnitOfWork,
    writing: Writing,
    known: tuple[CustomerId, int],
    event: tuple[date, CustomerEvent],
    command: CustomerCommand | None = None,
) -> tuple[Fact[Any], ...]:
    """Record the dated *event* on the customer *known* with a version, and return its fact.

    The *command* that is about the customer is reviewed by policies.
    """
    (customer, version), (on, said) = known, event
    subject = Subject(SubjectKind.CUSTOMER, str(customer))
    before = work.facts.of(subject)
    last = max(fact.sequence for fact in before)
    facts = writing.facts(subject, last, [(on, said.payload)])
    after = fold_customer((*before, *facts))
    if command is not None:
        review_customer(work, writing, Review(command, fold_customer(before), facts, after, on))
    work.facts.append(facts, texts_of(writing, facts, [said]))
    work.customers.update(after, version)
    return facts


def texts_of(
    writing: Writing, facts: Sequence[Fact[Any]], events: Sequence[CustomerEvent]
) -> dict[tuple[int, str], str]:
    """Return the erasable texts of *facts*: those of their *events*, the remark, and the actor's address."""
    texts = writing.texts(facts)
    for fact, event in zip(facts, events, strict=True):
        texts |= {(fact.sequence, path): text for path, text in event.texts.items()}
    return texts
