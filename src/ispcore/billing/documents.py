"""Fiscal documents: what the tax office sees of receivables, as the difference to what was asked for.

A document is about receivables of one customer, company, document type and accrual month. Its lines never
change once it was asked for. What is credited afterwards stands apart, in a correction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import Enum
from typing import TYPE_CHECKING

from attrs import field, frozen

from ispcore.billing.entries import ReceivableState
from ispcore.catalog import AdvanceMonth, DebitKind, DocumentCovers, DocumentDue, DocumentRule
from ispcore.errors import RefusedError
from ispcore.values import (
    ChargeId,
    CustomerId,
    DocumentId,
    Money,
    SubscriptionId,
    add_months,
    as_tuple,
    total,
)

if TYPE_CHECKING:
    from ispcore.billing.entries import ReceivableBalance


class DocumentKind(Enum):
    """What is asked for."""

    DOCUMENT = "document"
    CORRECTION = "correction"
    """Less, for a document that was issued already."""


class DocumentState(Enum):
    """What has become of a document."""

    PENDING = "pending"
    """It is asked for, and not answered yet."""
    AUTHORISED = "authorised"
    REJECTED = "rejected"
    CANCELLING = "cancelling"
    """It is asked to be cancelled, and that is not answered yet."""
    CANCELLED = "cancelled"
    REPLACED = "replaced"
    """Another one was asked for in its place."""


_MOVES = {
    DocumentState.PENDING: {DocumentState.AUTHORISED, DocumentState.REJECTED},
    DocumentState.AUTHORISED: {DocumentState.CANCELLING},
    DocumentState.REJECTED: {DocumentState.CANCELLED, DocumentState.REPLACED},
    DocumentState.CANCELLING: {DocumentState.CANCELLED, DocumentState.AUTHORISED},
    DocumentState.CANCELLED: {DocumentState.REPLACED},
    DocumentState.REPLACED: set(),
}
FREEZING = frozenset({DocumentState.PENDING, DocumentState.AUTHORISED, DocumentState.CANCELLING})
"""As long as a document stands so, its receivables take no discount and no change."""
STANDING = FREEZING | {DocumentState.REJECTED}
"""As long as a document stands so, none other is asked for by itself."""


@frozen
class DocumentLine:
    """One receivable on a document, as it was when the document was asked for."""

    receivable: ChargeId
    description: str
    account: str
    amount: Money


@frozen(order=True)
class DocumentGroup:
    """What goes on one document together; ``apart`` is a subscription with documents of its own."""

    customer: CustomerId
    company: str
    document_type: str
    accrual: date
    apart: SubscriptionId | None = field(default=None, order=lambda one: one or 0)


@frozen
class DocumentDraft:
    """A document that should be asked for."""

    group: DocumentGroup
    lines: tuple[DocumentLine, ...] = field(converter=as_tuple)
    kind: DocumentKind = DocumentKind.DOCUMENT
    about: DocumentId | None = None
    """The document that is corrected, or replaced."""

    @property
    def total(self) -> Money:
        """What its lines come to."""
        return total([line.amount for line in self.lines], self.lines[0].amount.currency)


@frozen
class Document:
    """A document as it stands; ``reference`` is what the issuer calls it."""

    id: DocumentId
    draft: DocumentDraft
    state: DocumentState
    asked_on: date
    text: str = ""
    issuer: str = ""
    reference: str | None = None
    message: str | None = None


@frozen
class Stamp:
    """When something became of a document, and by whose doing."""

    at: datetime
    actor: str


@frozen
class Documented:
    """What stands on an authorised document of a receivable, less what was corrected since."""

    document: DocumentId
    group: DocumentGroup
    amount: Money


def check_move(document: Document, to: DocumentState) -> None:
    """Refuse a document to become what it cannot be from where it stands."""
    if to not in _MOVES[document.state]:
        possible = ", ".join(sorted(one.value for one in _MOVES[document.state])) or "nothing any more"
        raise RefusedError(
            f"Document {document.id} is {document.state.value}, it cannot become {to.value}.",
            rule="document-state",
            hint=f"It can become: {possible}.",
        )


def desired_documents(
    owed: Iterable[ReceivableBalance],
    standing: Mapping[ChargeId, object],
    rules: Mapping[str, DocumentRule],
    on: date,
) -> tuple[DocumentDraft, ...]:
    """Return the documents to ask for on a day; receivables that are *standing* on one are left alone."""
    groups: dict[DocumentGroup, list[DocumentLine]] = defaultdict(list)
    for one in owed:
        rule = rules.get(one.receivable.target.document_type, _NO_RULE)
        if one.receivable.id not in standing and _is_due(one, rule, on):
            groups[group_of(one)].append(_line(one))
    return tuple(DocumentDraft(group, groups[group]) for group in sorted(groups))


def desired_corrections(
    owed: Iterable[ReceivableBalance], documented: Mapping[ChargeId, Documented]
) -> tuple[DocumentDraft, ...]:
    """Return the corrections to ask for: of receivables that were credited after their document."""
    found: dict[tuple[DocumentGroup, DocumentId], list[DocumentLine]] = defaultdict(list)
    for one in owed:
        known = documented.get(one.receivable.id)
        if known is None:
            continue
        less = known.amount - (one.receivable.amount - one.credited)
        if less.minor > 0:
            found[known.group, known.document].append(_line(one, less))
    return tuple(
        DocumentDraft(group, found[group, about], DocumentKind.CORRECTION, about)
        for group, about in sorted(found)
    )


def group_of(one: ReceivableBalance) -> DocumentGroup:
    """Return the document that a receivable belongs on."""
    receivable = one.receivable
    return DocumentGroup(
        receivable.customer,
        receivable.target.company,
        receivable.target.document_type,
        receivable.document_accrual,
        receivable.key.subscription if receivable.separate_document else None,
    )


_NO_RULE = DocumentRule()


def _line(one: ReceivableBalance, amount: Money | None = None) -> DocumentLine:
    receivable = one.receivable
    return DocumentLine(
        receivable.id,
        receivable.description,
        receivable.target.account,
        receivable.amount - one.credited if amount is None else amount,
    )


def _is_due(one: ReceivableBalance, rule: DocumentRule, on: date) -> bool:
    receivable = one.receivable
    if rule.since is not None and receivable.issued_on < rule.since:
        return False
    if rule.covers is DocumentCovers.FEES and receivable.kind is not DebitKind.FEE:
        return False
    if (receivable.amount - one.credited).minor <= 0:
        return False
    match rule.due:
        case DocumentDue.ON_RECEIPT:
            return one.state is ReceivableState.PAID
        case DocumentDue.ON_DUE_DAY:
            return receivable.due_on <= on
        case DocumentDue.IN_ADVANCE:
            return advance_day(receivable.due_on, rule) <= on
        case _:
            return False


def advance_day(due_on: date, rule: DocumentRule) -> date:
    """Return the day on which a document in advance is asked for, of what is due on *due_on*."""
    back = 1 if rule.month is AdvanceMonth.NEXT else 0
    return add_months(due_on.replace(day=1), -back, anchor_day=rule.day)
