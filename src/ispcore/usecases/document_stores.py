"""What the use cases need of a database about fiscal documents; ``storage`` fulfils it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol

from ispcore.billing import Document, Documented, DocumentState, ReceivableBalance, Stamp
from ispcore.catalog import DocumentRule
from ispcore.values import ChargeId, CustomerId, DocumentId, Period, SubscriptionId


class Documents(Protocol):
    """Fiscal documents."""

    def new_number(self) -> DocumentId:
        """Reserve a number."""
        ...

    def ask(self, document: Document, by: Stamp) -> None:
        """Keep a new document, which its issuer is to be asked for."""
        ...

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
        ...

    def put_off(self, document: DocumentId, try_at: datetime | None, message: str) -> None:
        """Keep that an issuer gave no answer, why, and when it is asked again; None leaves it to a person."""
        ...

    def get(self, document: DocumentId) -> Document:
        """Return a document, or raise NotFoundError."""
        ...

    def issued_until(self, subscription: SubscriptionId) -> date | None:
        """Return the first day after the cycles for which a document freezes what a subscription owes."""
        ...

    def of_customer(self, customer: CustomerId) -> tuple[Document, ...]:
        """Return a customer's documents, the oldest first."""
        ...

    def history(
        self, document: DocumentId
    ) -> tuple[tuple[DocumentState, datetime, str, Mapping[str, Any]], ...]:
        """Return what became of a document: each state, when, by whom, and what the issuer said."""
        ...

    def listed(self, state: DocumentState | None, limit: int) -> tuple[Document, ...]:
        """Return documents that stand so, the latest first."""
        ...

    def take(
        self, issuers: Collection[str], *, now: datetime, until: datetime
    ) -> tuple[Document, int] | None:
        """Return the next document to ask an issuer about, and which attempt it is; kept *until* then."""
        ...

    def to_look_at(
        self, rules: Mapping[str, DocumentRule], on: date, due: Period, after: CustomerId, limit: int
    ) -> tuple[CustomerId, ...]:
        """Return customers by number, beginning *after* one, for whom there may be a document to ask for.

        A receivable of theirs due in a period stands on none although the rule of its type asks for one on
        that day, or was credited and may want a correction.
        """
        ...

    def candidates(self, customers: Sequence[CustomerId], due: Period) -> tuple[ReceivableBalance, ...]:
        """Return the receivables of *customers* due in a period, with what became of them, read in bulk."""
        ...

    def standing(self, receivables: Sequence[ChargeId]) -> Mapping[ChargeId, Document]:
        """Return the documents that receivables stand on; corrections are none."""
        ...

    def documented(self, receivables: Sequence[ChargeId]) -> Mapping[ChargeId, Documented]:
        """Return what stands on authorised documents of receivables, less what was corrected."""
        ...

    def retry(self, document: DocumentId, now: datetime) -> None:
        """Let a document's issuer be asked at once, with all attempts before it."""
        ...
