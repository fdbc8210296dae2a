"""The part of the facade that is about fiscal documents; ``provider.documents``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from ispcore import usecases as u

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import date, datetime
    from typing import Any

    from ispcore.billing import Document, DocumentDraft, DocumentState
    from ispcore.timeline import Actor
    from ispcore.values import CustomerId, DocumentId


@frozen
class DocumentDesk:
    """What is done about fiscal documents."""

    _desk: u.Desk
    _issuers: Callable[[], Mapping[str, u.DocumentIssuer]]

    def ask(
        self,
        on: date,
        *,
        actor: Actor,
        customer: CustomerId | None = None,
        watch: Callable[[u.AskedDocuments], object] | None = None,
    ) -> u.AskedDocuments:
        """Ask for every document that is due on a day, of all customers or one; *watch* sees each slice."""
        return u.ask_for_documents(self._desk, on, actor=actor, customer=customer, watch=watch)

    def preview(
        self, on: date, *, actor: Actor, customer: CustomerId | None = None
    ) -> Iterator[DocumentDraft]:
        """Yield what :meth:`ask` would ask for, and save nothing."""
        return u.documents_to_ask_for(self._desk, on, actor=actor, customer=customer)

    def issue(
        self,
        *,
        actor: Actor,
        issuers: Mapping[str, u.DocumentIssuer] | None = None,
        most: int | None = None,
    ) -> u.IssuedDocuments:
        """Have documents issued that wait for an issuer: those of plugins, and *issuers* of one's own."""
        every = {**self._issuers(), **(issuers or {})}
        return u.issue_documents(self._desk, every, actor=actor, most=most)

    def cancel(self, document: DocumentId, reason: str, *, actor: Actor) -> Document:
        """Have a document cancelled for a reason, or raise NotFoundError or RefusedError."""
        return u.cancel_document(self._desk, document, reason, actor=actor)

    def ask_again(
        self,
        document: DocumentId,
        *,
        actor: Actor,
        document_type: str | None = None,
        text: str | None = None,
    ) -> Document:
        """Ask for a document in the place of one that was rejected or cancelled, edited."""
        return u.ask_again(self._desk, document, actor=actor, document_type=document_type, text=text)

    def retry(self, document: DocumentId, *, actor: Actor) -> Document:
        """Let the issuer of a document that waits for a person be asked at once, or raise NotFoundError."""
        actor.require(u.ISSUE_DOCUMENTS)
        with self._desk.database.writing() as work:
            known = work.documents.get(document)
            work.documents.retry(document, self._desk.clock.now())
            return known

    def get(self, document: DocumentId, *, actor: Actor) -> Document:
        """Return a document, or raise NotFoundError."""
        actor.require(u.READ_DOCUMENTS)
        with self._desk.database.reading() as work:
            return work.documents.get(document)

    def of_customer(self, customer: CustomerId, *, actor: Actor) -> tuple[Document, ...]:
        """Return a customer's documents, the oldest first."""
        actor.require(u.READ_DOCUMENTS)
        with self._desk.database.reading() as work:
            return work.documents.of_customer(customer)

    def listed(
        self, *, actor: Actor, state: DocumentState | None = None, limit: int = 100
    ) -> tuple[Document, ...]:
        """Return documents that stand so, the latest first."""
        actor.require(u.READ_DOCUMENTS)
        with self._desk.database.reading() as work:
            return work.documents.listed(state, limit)

    def history(
        self, document: DocumentId, *, actor: Actor
    ) -> tuple[tuple[DocumentState, datetime, str, Mapping[str, Any]], ...]:
        """Return what became of a document: each state, when, by whom, and what the issuer said."""
        actor.require(u.READ_DOCUMENTS)
        with self._desk.database.reading() as work:
            return work.documents.history(document)
