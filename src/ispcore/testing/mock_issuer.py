"""An issuer of fiscal documents for tests and stories: it keeps what it is asked, and refuses when told."""

from __future__ import annotations

from attrs import define, field

from ispcore.usecases import Authorised, DocumentRequest, Rejected
from ispcore.values import DocumentId


@define
class MockIssuer:
    """Authorises every document, once under each number.

    Each of ``refusals`` is the reason by which one document is rejected, the first one first.
    """

    asked: list[DocumentRequest] = field(factory=list)
    cancelled: list[DocumentId] = field(factory=list)
    refusals: list[str] = field(factory=list)

    def issue(self, request: DocumentRequest) -> Authorised | Rejected:
        """Keep *request* and authorise it, or reject it for the next reason."""
        if self.refusals:
            return Rejected(self.refusals.pop(0))
        if all(one.number != request.number for one in self.asked):
            self.asked.append(request)
        return Authorised(f"mock-{request.number}")

    def cancel(self, number: DocumentId, reference: str, reason: str) -> Authorised | Rejected:  # noqa: ARG002 - the port's
        """Note that a document is cancelled."""
        self.cancelled.append(number)
        return Authorised(reference)
