"""A charge provider and a document issuer that answer as they are told, and keep what they were asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import define, field

from ispcore.usecases import Authorised, Registered

if TYPE_CHECKING:
    from ispcore.usecases import DocumentRequest, NotRegistered, Rejected, SlipRequest
    from ispcore.values import DocumentId, SlipId


@define
class MockChargeProvider:
    """Registers slips in memory. Each of ``answers`` is given, or raised, in place of one."""

    answers: list[Any] = field(factory=list)
    registered: dict[SlipId, SlipRequest] = field(factory=dict)
    cancelled: list[SlipId] = field(factory=list)

    def register(self, request: SlipRequest) -> Registered | NotRegistered:
        """Keep the slip, or answer as told."""
        answer = _next(self.answers, Registered(f"mock-{request.number}"))
        if isinstance(answer, Registered):
            self.registered[request.number] = request
        return answer  # type: ignore[no-any-return] # as it was told to

    def cancel(self, number: SlipId, reference: str) -> None:  # noqa: ARG002 - the port's
        """Note that the slip was taken back, or raise as told."""
        _next(self.answers, None)
        self.cancelled.append(number)


@define
class MockDocumentIssuer:
    """Authorises documents in memory. Each of ``answers`` is given, or raised, in place of one."""

    answers: list[Any] = field(factory=list)
    asked: list[DocumentRequest] = field(factory=list)
    cancelled: list[DocumentId] = field(factory=list)

    def issue(self, request: DocumentRequest) -> Authorised | Rejected:
        """Keep the request, and answer."""
        self.asked.append(request)
        return _next(self.answers, Authorised(f"mock-{request.number}"))  # type: ignore[no-any-return] # as told

    def cancel(self, number: DocumentId, reference: str, reason: str) -> Authorised | Rejected:  # noqa: ARG002
        """Note that the document was to be cancelled, and answer."""
        self.cancelled.append(number)
        return _next(self.answers, Authorised(reference))  # type: ignore[no-any-return] # as told


def _next(answers: list[Any], usual: object) -> Any:  # noqa: ANN401 - whatever was told
    answer = answers.pop(0) if answers else usual
    if isinstance(answer, BaseException):
        raise answer
    return answer
