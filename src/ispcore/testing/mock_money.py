"""A charge provider that answers as it is told, and keeps what it was asked."""

from __future__ import annotations

from typing import Any

from attrs import define, field

from ispcore.usecases import NotRegistered, Registered, SlipRequest
from ispcore.values import SlipId


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


def _next(answers: list[Any], usual: object) -> Any:  # noqa: ANN401 - whatever was told
    answer = answers.pop(0) if answers else usual
    if isinstance(answer, BaseException):
        raise answer
    return answer
