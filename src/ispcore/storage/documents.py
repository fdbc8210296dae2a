"""Fiscal documents in the database."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from attrs import evolve

from ispcore.billing import (
    FREEZING,
    STANDING,
    Document,
    DocumentDraft,
    Documented,
    DocumentGroup,
    DocumentKind,
    DocumentLine,
    DocumentState,
    ReceivableBalance,
    SourceKind,
    Stamp,
    check_move,
)
from ispcore.catalog import DebitKind, DocumentCovers, DocumentDue, DocumentRule
from ispcore.errors import NotFoundError
from ispcore.storage import rows as r
from ispcore.storage.accounts import settled_by_kind
from ispcore.storage.bulk import among
from ispcore.storage.document_tables import document_lines, document_states, documents
from ispcore.storage.numbers import take
from ispcore.storage.tables import allocations, receivables
from ispcore.values import ChargeId, Currency, CustomerId, DocumentId, Money, SubscriptionId

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import date, datetime

    from ispcore.values import Period

_NEXT = (
    sa.select(documents.c.id, documents.c.attempts)
    .where(documents.c.try_at <= sa.bindparam("now"))
    .order_by(documents.c.try_at, documents.c.id)
    .limit(1)
    .with_for_update(skip_locked=True)
)

_ON_DOCUMENT = sa.exists(
    sa.select(sa.literal(1))
    .select_from(document_lines.join(documents, document_lines.c.document_id == documents.c.id))
    .where(
        document_lines.c.receivable_id == receivables.c.id,
        documents.c.kind == DocumentKind.DOCUMENT.value,
        documents.c.state.in_([state.value for state in STANDING]),
    )
    .correlate(receivables)
)
_CREDITED = sa.exists(
    sa.select(sa.literal(1))
    .where(
        allocations.c.receivable_id == receivables.c.id,
        allocations.c.source_kind.in_([SourceKind.CREDIT.value, SourceKind.WAIVER.value]),
    )
    .correlate(receivables)
)


def _asks(code: str, rule: DocumentRule, on: date) -> sa.ColumnElement[bool]:
    """Return which receivables of a document type a document may be asked for on a day."""
    these = receivables.c.document_type == code
    if rule.since is not None:
        these &= receivables.c.issued_on >= rule.since
    if rule.covers is DocumentCovers.FEES:
        these &= receivables.c.kind == DebitKind.FEE.value
    if rule.due is DocumentDue.ON_RECEIPT:
        these &= receivables.c.settled
    if rule.due is DocumentDue.ON_DUE_DAY:
        these &= receivables.c.due_on <= on
    return these


class DocumentStore:
    """Documents with their lines and states."""

    def __init__(self, connection: sa.Connection) -> None:
        """Work in the transaction of *connection*."""
        self._connection = connection

    def new_number(self) -> DocumentId:
        """Reserve a number."""
        return DocumentId(take(self._connection, "document"))

    def ask(self, document: Document, by: Stamp) -> None:
        """Keep a new document, which its issuer is to be asked for."""
        self._connection.execute(sa.insert(documents), {**_row(document), "try_at": by.at})
        lines = [_line_row(document.id, line) for line in document.draft.lines]
        self._connection.execute(sa.insert(document_lines), lines)
        self._append(document.id, document.state, by, {})

    def move(
        self,
        document: Document,
        to: DocumentState,
        by: Stamp,
        *,
        try_at: datetime | None = None,
        details: Mapping[str, Any] | None = None,
    ) -> Document:
        """Keep what a document has become and return it so; *try_at* says when its issuer is to be asked.

        Raises:
            RefusedError: it cannot become that.
        """
        check_move(document, to)
        said = dict(details or {})
        after = evolve(
            document,
            state=to,
            reference=said.get("reference", document.reference),
            message=said.get("message"),
        )
        values = {
            "state": to.value,
            "reference": after.reference,
            "message": after.message,
            "attempts": 0,
            "try_at": try_at,
        }
        these = documents.c.id == document.id
        self._connection.execute(sa.update(documents).where(these).values(values))
        self._append(document.id, to, by, said)
        return after

    def put_off(self, document: DocumentId, try_at: datetime | None, message: str) -> None:
        """Keep that an issuer gave no answer, why, and when it is asked again; None leaves it to a person."""
        values = {"try_at": try_at, "message": message}
        self._connection.execute(sa.update(documents).where(documents.c.id == document).values(values))

    def retry(self, document: DocumentId, now: datetime) -> None:
        """Let a document's issuer be asked at once, with all attempts before it."""
        values = {"try_at": now, "attempts": 0}
        self._connection.execute(sa.update(documents).where(documents.c.id == document).values(values))

    def get(self, document: DocumentId) -> Document:
        """Return a document, or raise NotFoundError."""
        found = self._read(documents.c.id == document)
        if not found:
            raise NotFoundError("document", document)
        return found[0]

    def issued_until(self, subscription: SubscriptionId) -> date | None:
        """Return the first day after the cycles for which a document freezes what a subscription owes."""
        its = (receivables.c.subscription_id == subscription) & (receivables.c.kind == DebitKind.FEE.value)
        frozen = documents.c.state.in_([state.value for state in FREEZING])
        wanted = (
            sa.select(sa.func.max(receivables.c.cycle_end))
            .join(document_lines, document_lines.c.receivable_id == receivables.c.id)
            .join(documents, documents.c.id == document_lines.c.document_id)
            .where(its, frozen, documents.c.kind == DocumentKind.DOCUMENT.value)
        )
        found: date | None = self._connection.scalar(wanted)
        return found

    def of_customer(self, customer: CustomerId) -> tuple[Document, ...]:
        """Return a customer's documents, the oldest first."""
        return tuple(self._read(documents.c.customer_id == customer))

    def listed(self, state: DocumentState | None, limit: int) -> tuple[Document, ...]:
        """Return documents that stand so, the latest first."""
        wanted = sa.select(documents.c.id).order_by(documents.c.id.desc()).limit(limit)
        if state is not None:
            wanted = wanted.where(documents.c.state == state.value)
        ids = list(self._connection.scalars(wanted))
        return tuple(reversed(self._read(among(self._connection, documents.c.id, ids)))) if ids else ()

    def history(
        self, document: DocumentId
    ) -> tuple[tuple[DocumentState, datetime, str, Mapping[str, Any]], ...]:
        """Return what became of a document: each state, when, by whom, and what the issuer said."""
        of = sa.select(document_states).where(document_states.c.document_id == document)
        rows = self._connection.execute(of.order_by(document_states.c.sequence))
        return tuple((DocumentState(row.state), row.at, row.actor, row.details) for row in rows)

    def take(
        self, issuers: Collection[str], *, now: datetime, until: datetime
    ) -> tuple[Document, int] | None:
        """Return the next document to ask an issuer about, and which attempt it is; kept *until* then."""
        wanted = _NEXT.where(documents.c.issuer.in_(sorted(issuers)))
        row = self._connection.execute(wanted, {"now": now}).first()
        if row is None:
            return None
        put_off = sa.update(documents).where(documents.c.id == row.id)
        self._connection.execute(put_off.values(try_at=until, attempts=row.attempts + 1))
        return self.get(DocumentId(row.id)), row.attempts + 1

    def to_look_at(
        self, rules: Mapping[str, DocumentRule], on: date, due: Period, after: CustomerId, limit: int
    ) -> tuple[CustomerId, ...]:
        """Return customers by number, beginning *after* one, for whom there may be a document to ask for.

        A receivable of theirs due in a period stands on none although the rule of its type asks for one on
        that day, or was credited and may want a correction.
        """
        customer = receivables.c.customer_id
        within = receivables.c.due_on.between(due.start, due.last)
        asks = [_asks(code, rule, on) for code, rule in rules.items() if rule.due is not DocumentDue.NEVER]
        wanted = sa.or_(sa.and_(sa.or_(sa.false(), *asks), ~_ON_DOCUMENT), _CREDITED)
        chosen = sa.select(customer).where(customer > after, within, wanted)
        found = self._connection.scalars(chosen.distinct().order_by(customer).limit(limit))
        return tuple(CustomerId(number) for number in found)

    def candidates(self, customers: Sequence[CustomerId], due: Period) -> tuple[ReceivableBalance, ...]:
        """Return the receivables of *customers* due in a period, with what became of them, read in bulk."""
        theirs = among(self._connection, receivables.c.customer_id, customers)
        within = receivables.c.due_on.between(due.start, due.last)
        rows = self._connection.execute(sa.select(receivables).where(theirs, within)).all()
        put = settled_by_kind(self._connection, [row.id for row in rows])
        found = [ReceivableBalance.of(r.receivable_of(row), put.get(row.id, {})) for row in rows]
        return tuple(sorted(found, key=lambda one: (one.receivable.due_on, one.receivable.id)))

    def standing(self, receivables: Sequence[ChargeId]) -> Mapping[ChargeId, Document]:
        """Return the documents that receivables stand on; corrections are none."""
        states = [state.value for state in STANDING]
        return {
            line.receivable: document
            for document in self._about(receivables, DocumentKind.DOCUMENT, states)
            for line in document.draft.lines
        }

    def documented(self, receivables: Sequence[ChargeId]) -> Mapping[ChargeId, Documented]:
        """Return what stands on authorised documents of receivables, less what was corrected."""
        less: dict[ChargeId, int] = defaultdict(int)
        asked = [state.value for state in STANDING - {DocumentState.REJECTED}]
        for correction in self._about(receivables, DocumentKind.CORRECTION, asked):
            for line in correction.draft.lines:
                less[line.receivable] += line.amount.minor
        return {
            line.receivable: Documented(
                document.id,
                document.draft.group,
                Money(line.amount.minor - less[line.receivable], line.amount.currency),
            )
            for document in self._about(receivables, DocumentKind.DOCUMENT, [DocumentState.AUTHORISED.value])
            for line in document.draft.lines
        }

    def _about(self, about: Sequence[ChargeId], kind: DocumentKind, states: Sequence[str]) -> list[Document]:
        if not about:
            return []
        with_them = sa.select(document_lines.c.document_id).where(
            among(self._connection, document_lines.c.receivable_id, about)
        )
        return self._read(
            documents.c.id.in_(with_them) & (documents.c.kind == kind.value) & documents.c.state.in_(states)
        )

    def _read(self, condition: sa.ColumnElement[bool]) -> list[Document]:
        rows = self._connection.execute(sa.select(documents).where(condition).order_by(documents.c.id)).all()
        lines: dict[int, list[DocumentLine]] = defaultdict(list)
        ids = [row.id for row in rows]
        these = among(self._connection, document_lines.c.document_id, ids)
        currencies = {row.id: Currency.of(row.currency) for row in rows}
        for line in self._connection.execute(sa.select(document_lines).where(these)) if ids else ():
            amount = Money(line.amount, currencies[line.document_id])
            receivable = ChargeId(line.receivable_id)
            found = DocumentLine(receivable, line.description, line.account, amount)
            lines[line.document_id].append(found)
        return [_document(row, lines[row.id]) for row in rows]

    def _append(
        self, document: DocumentId, state: DocumentState, by: Stamp, details: Mapping[str, Any]
    ) -> None:
        of = document_states.c.document_id == document
        last = self._connection.scalar(sa.select(sa.func.max(document_states.c.sequence)).where(of)) or 0
        row = {"document_id": document, "sequence": last + 1, "state": state.value}
        entry = {**row, "at": by.at, "actor": by.actor, "details": dict(details)}
        self._connection.execute(sa.insert(document_states), entry)


def _row(document: Document) -> dict[str, Any]:
    draft = document.draft
    group = draft.group
    return {
        "id": document.id,
        "kind": draft.kind.value,
        "about": draft.about,
        "customer_id": group.customer,
        "company": group.company,
        "document_type": group.document_type,
        "accrual_month": group.accrual,
        "apart": group.apart,
        "currency": draft.total.currency.code,
        "asked_on": document.asked_on,
        "text": document.text,
        "issuer": document.issuer,
        "state": document.state.value,
    }


def _line_row(document: DocumentId, line: DocumentLine) -> dict[str, Any]:
    return {
        "document_id": document,
        "receivable_id": line.receivable,
        "description": line.description,
        "account": line.account,
        "amount": line.amount.minor,
    }


def _document(row: sa.Row[Any], lines: Iterable[DocumentLine]) -> Document:
    group = DocumentGroup(
        CustomerId(row.customer_id),
        row.company,
        row.document_type,
        row.accrual_month,
        None if row.apart is None else SubscriptionId(row.apart),
    )
    about = None if row.about is None else DocumentId(row.about)
    ordered = sorted(lines, key=lambda line: line.receivable)
    return Document(
        id=DocumentId(row.id),
        draft=DocumentDraft(group, ordered, DocumentKind(row.kind), about),
        state=DocumentState(row.state),
        asked_on=row.asked_on,
        text=row.text,
        issuer=row.issuer,
        reference=row.reference,
        message=row.message,
    )
