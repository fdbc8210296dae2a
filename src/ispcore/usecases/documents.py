"""Ask for fiscal documents, have them issued, cancel them, ask again: each a difference to what stands.

Asking is a batch in slices of customers; issuing takes one document after the other, and the issuer is called
outside of any transaction. Both may be done twice, by several at once, or be killed, without harm.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from ispcore.billing import (
    Document,
    DocumentDraft,
    DocumentKind,
    DocumentState,
    Stamp,
    check_move,
    desired_corrections,
    desired_documents,
)
from ispcore.catalog import DocumentDue, DocumentRule
from ispcore.errors import RefusedError
from ispcore.usecases.document_texts import said_with, texts_of_contracts
from ispcore.usecases.issuing import Authorised, DocumentRequest, Party, Rejected, RequestedLine
from ispcore.values import ATTEMPTS, TAKEN_FOR, CustomerId, DocumentId, Period, pause_after

if TYPE_CHECKING:
    from ispcore.timeline import Actor
    from ispcore.usecases.desk import Desk
    from ispcore.usecases.issuing import DocumentIssuer
    from ispcore.usecases.ports import UnitOfWork
    from ispcore.values import ChargeId

ASK, ISSUE_DOCUMENTS, CANCEL, READ_DOCUMENTS = (
    "document.ask",
    "document.issue",
    "document.cancel",
    "document.read",
)
SLICE, _AT_ONCE = 500, 20_000
_BACK, _AHEAD = timedelta(days=400), timedelta(days=62)
_LONGEST, _LONGEST_REFERENCE = 1_000, 200
_NO_TEXTS: Mapping[ChargeId, str] = {}


@frozen
class AskedDocuments:
    """What asking came to: how many customers were looked at, and the documents."""

    customers: int = 0
    documents: tuple[Document, ...] = ()

    def __add__(self, other: AskedDocuments) -> AskedDocuments:
        """Return both together."""
        return AskedDocuments(self.customers + other.customers, (*self.documents, *other.documents))


@frozen
class IssuedDocuments:
    """What issuing came to: how many stand, how many were refused, and about how many nobody knows yet."""

    authorised: int = 0
    rejected: int = 0
    cancelled: int = 0
    unanswered: int = 0


def ask_for_documents(
    desk: Desk,
    on: date,
    *,
    actor: Actor,
    customer: CustomerId | None = None,
    watch: Callable[[AskedDocuments], object] | None = None,
) -> AskedDocuments:
    """Ask for every document that is due on a day, of all customers or one; *watch* sees each slice.

    Raises:
        NotFoundError: there is no such customer.
    """
    actor.require(ASK)
    total = AskedDocuments()
    for part in _parts(desk, customer, on):
        with desk.database.writing() as work:
            work.accounts.turns(part)
            drafts = _due(work, part, on)
            texts = texts_of_contracts(work, part) if drafts else {}
            asked = [_document(work.documents.new_number(), draft, work, on, texts) for draft in drafts]
            for document in asked:
                work.documents.ask(document, Stamp(desk.clock.now(), actor.id))
        found = AskedDocuments(len(part), tuple(asked))
        if watch is not None:
            watch(found)
        total += found
    return total


def documents_to_ask_for(
    desk: Desk, on: date, *, actor: Actor, customer: CustomerId | None = None
) -> Iterator[DocumentDraft]:
    """Yield what :func:`ask_for_documents` would ask for, and save nothing."""
    actor.require(ASK)
    return _drafts(desk, on, customer)


def _drafts(desk: Desk, on: date, customer: CustomerId | None) -> Iterator[DocumentDraft]:
    for part in _parts(desk, customer, on):
        with desk.database.reading() as work:
            drafts = _due(work, part, on)
        yield from drafts


def _parts(desk: Desk, customer: CustomerId | None, on: date) -> Iterator[Sequence[CustomerId]]:
    """Yield the customers to look at, some at a time; none where no document is ever asked for."""
    with desk.database.reading() as work:
        rules = _rules(work)
        if customer is not None:
            work.customers.get(customer)
    if all(rule.due is DocumentDue.NEVER for rule in rules.values()):
        return
    if customer is not None:
        yield (customer,)
    else:
        yield from _slices(desk, rules, on)


def _slices(desk: Desk, rules: Mapping[str, DocumentRule], on: date) -> Iterator[tuple[CustomerId, ...]]:
    after = CustomerId(0)
    while True:
        with desk.database.reading() as work:
            found = work.documents.to_look_at(rules, on, _looked_at(on), after, _AT_ONCE)
        yield from (found[at : at + SLICE] for at in range(0, len(found), SLICE))
        if len(found) < _AT_ONCE:
            return
        after = found[-1]


def _rules(work: UnitOfWork) -> dict[str, DocumentRule]:
    return {code: one.rule for code, one in work.catalogue.current().document_types.items()}


def _looked_at(on: date) -> Period:
    return Period(on - _BACK, on + _AHEAD)


def _due(work: UnitOfWork, customers: Sequence[CustomerId], on: date) -> tuple[DocumentDraft, ...]:
    """Return what should be asked for and is not, for some customers."""
    owed = work.documents.candidates(customers, _looked_at(on))
    ids = [one.receivable.id for one in owed]
    return (
        *desired_documents(owed, work.documents.standing(ids), _rules(work), on),
        *desired_corrections(owed, work.documents.documented(ids)),
    )


def _document(
    number: DocumentId,
    draft: DocumentDraft,
    work: UnitOfWork,
    on: date,
    texts: Mapping[ChargeId, str] = _NO_TEXTS,
) -> Document:
    kind = work.catalogue.current().document_types.get(draft.group.document_type)
    rule = kind.rule if kind else DocumentRule()
    text = said_with(draft, rule.text, texts)
    return Document(number, draft, DocumentState.PENDING, on, text, rule.issuer)


def issue_documents(
    desk: Desk, issuers: Mapping[str, DocumentIssuer], *, actor: Actor, most: int | None = None
) -> IssuedDocuments:
    """Ask the *issuers*, by name, about every document that waits for one of them; at *most* so many.

    One that gives no answer is asked again later, with growing pauses; after ten times a person must look.
    """
    actor.require(ISSUE_DOCUMENTS)
    found = IssuedDocuments()
    done = 0
    while most is None or done < most:
        now = desk.clock.now()
        with desk.database.writing() as work:
            taken = work.documents.take(tuple(issuers), now=now, until=now + TAKEN_FOR) if issuers else None
            request = None if taken is None else _request(work, taken[0])
        if taken is None or request is None:
            return found
        document, attempt = taken
        answer = _answer(issuers[document.issuer], document, request)
        with desk.database.writing() as work:
            count = _settle(work, document, attempt, answer, Stamp(desk.clock.now(), actor.id))
        found = evolve(found, **{count: getattr(found, count) + 1})
        done += 1
    return found


def _answer(
    issuer: DocumentIssuer, document: Document, request: DocumentRequest
) -> Authorised | Rejected | Exception:
    try:
        if document.state is DocumentState.CANCELLING:
            return issuer.cancel(document.id, document.reference or "", document.message or "")
        return issuer.issue(request)
    except Exception as error:  # noqa: BLE001 - whatever an issuer raises means that nobody knows
        return error


_COUNTED = {
    DocumentState.AUTHORISED: "authorised",
    DocumentState.CANCELLING: "authorised",
    DocumentState.CANCELLED: "cancelled",
    DocumentState.PENDING: "unanswered",
    DocumentState.REJECTED: "rejected",
    DocumentState.REPLACED: "rejected",
}
"""What a document that was answered about before counts as."""


def _settle(
    work: UnitOfWork, document: Document, attempt: int, answer: Authorised | Rejected | Exception, by: Stamp
) -> str:
    """Keep what an issuer said, and return the count that it adds to.

    Where two asked, since an answer took too long, the first one to be answered is believed.
    """
    now = _in_turn(work, document.id)
    if now.state is not document.state:
        return "unanswered" if isinstance(answer, Exception) else _COUNTED[now.state]
    cancelling = document.state is DocumentState.CANCELLING
    match answer:
        case Authorised(reference=reference):
            to = DocumentState.CANCELLED if cancelling else DocumentState.AUTHORISED
            kept = document.reference if cancelling else str(reference)[:_LONGEST_REFERENCE]
            work.documents.move(document, to, by, details={"reference": kept})
            return to.value
        case Rejected(reason=reason):
            # A document that cannot be cancelled goes on standing.
            to = DocumentState.AUTHORISED if cancelling else DocumentState.REJECTED
            work.documents.move(document, to, by, details={"message": str(reason)[:_LONGEST]})
            return DocumentState.REJECTED.value
        case error:
            again = None if attempt >= ATTEMPTS else by.at + pause_after(attempt)
            work.documents.put_off(document.id, again, f"{type(error).__name__}: {error}"[:_LONGEST])
            return "unanswered"


def _request(work: UnitOfWork, document: Document) -> DocumentRequest:
    catalogue, group = work.catalogue.current(), document.draft.group
    company = catalogue.companies.get(group.company)
    customer, _ = work.customers.get(group.customer)
    about = None if document.draft.about is None else work.documents.get(document.draft.about).reference
    return DocumentRequest(
        number=document.id,
        company=group.company,
        seller=Party(company.name, company.tax_id) if company else Party(group.company),
        customer=Party(customer.details.name, customer.details.tax_id),
        document_type=group.document_type,
        accrual=group.accrual,
        lines=tuple(RequestedLine(one.description, one.account, one.amount) for one in document.draft.lines),
        total=document.draft.total,
        text=document.text,
        correction=document.draft.kind is DocumentKind.CORRECTION,
        about=about,
    )


def cancel_document(desk: Desk, document: DocumentId, reason: str, *, actor: Actor) -> Document:
    """Have an authorised document cancelled, or give a rejected one up; return it as it stands then.

    Raises:
        NotFoundError: there is no such document.
        RefusedError: it is not authorised or rejected, or no reason is given.
    """
    actor.require(CANCEL)
    if not reason.strip() or len(reason) > _LONGEST:
        raise RefusedError(
            "A document is cancelled for a reason.",
            rule="reason",
            hint=f"Give one of 1 to {_LONGEST} characters.",
        )
    with desk.database.writing() as work:
        known = _in_turn(work, document)
        by = Stamp(desk.clock.now(), actor.id)
        if known.state is DocumentState.REJECTED:
            return work.documents.move(known, DocumentState.CANCELLED, by, details={"message": reason})
        to = DocumentState.CANCELLING
        return work.documents.move(known, to, by, try_at=by.at, details={"message": reason})


def ask_again(
    desk: Desk,
    document: DocumentId,
    *,
    actor: Actor,
    document_type: str | None = None,
    text: str | None = None,
) -> Document:
    """Ask for a document in the place of one that was rejected or cancelled, edited; return the new one.

    Its lines are those of the old one. Of what was credited meanwhile nothing is asked for.

    Raises:
        NotFoundError: there is no such document, or document type.
        RefusedError: the old one stands, or nothing is left of it.
    """
    actor.require(ASK)
    with desk.database.writing() as work:
        old = _in_turn(work, document)
        check_move(old, DocumentState.REPLACED)
        catalogue = work.catalogue.current()
        group = old.draft.group
        if document_type is not None:
            catalogue.document_type(document_type)
            group = evolve(group, document_type=document_type)
        draft = evolve(old.draft, group=group, about=old.id)
        new = _document(work.documents.new_number(), draft, work, desk.today_of(catalogue))
        new = evolve(new, text=old.text if text is None else text)
        by = Stamp(desk.clock.now(), actor.id)
        work.documents.move(old, DocumentState.REPLACED, by)
        work.documents.ask(new, by)
        return new


def _in_turn(work: UnitOfWork, document: DocumentId) -> Document:
    """Return a document once nobody else changes what its customer owes."""
    customer = work.documents.get(document).draft.group.customer
    work.accounts.turns([customer])
    return work.documents.get(document)
