"""The port of those who issue fiscal documents: what they are asked, and what they answer.

They are asked outside of any transaction, and may be asked the same thing again after a crash: the number of
a document is the same each time, and whoever has issued it answers as before.
"""

from __future__ import annotations

from datetime import date
from typing import Protocol

from attrs import field, frozen
from attrs.validators import matches_re

from ispcore.values import DocumentId, Money, as_tuple


@frozen
class Party:
    """Somebody on a document, as they are known on the day on which it is asked for."""

    name: str
    tax_id: str | None = None


@frozen
class RequestedLine:
    """One line of a document."""

    description: str
    account: str
    amount: Money


@frozen
class DocumentRequest:
    """What an issuer is asked for: the document *number* of a company for a customer.

    A correction takes *total* off the document that the issuer called ``about``.
    """

    number: DocumentId
    company: str
    seller: Party
    customer: Party
    document_type: str
    accrual: date
    lines: tuple[RequestedLine, ...] = field(converter=as_tuple)
    total: Money
    text: str = ""
    correction: bool = False
    about: str | None = None


@frozen
class Authorised:
    """The document stands; *reference* is what the issuer calls it."""

    reference: str


@frozen
class Rejected:
    """The document does not stand, and *reason* says why; asking again changes nothing."""

    reason: str


class DocumentIssuer(Protocol):
    """Issues documents. Whatever it raises means that nobody knows yet: it is asked again later."""

    def issue(self, request: DocumentRequest) -> Authorised | Rejected:
        """Issue a document, or say that it was issued before."""
        ...

    def cancel(self, number: DocumentId, reference: str, reason: str) -> Authorised | Rejected:
        """Cancel a document; Authorised says that it is cancelled."""
        ...


@frozen
class IssuerSpec:
    """An issuer of documents by *name*; *factory* is ``"package.module:Class"``, called with nothing."""

    name: str = field(validator=matches_re(r"[a-z0-9][a-z0-9_.-]{0,39}"))
    factory: str = field(validator=matches_re(r"[\w.]+:\w+"))
