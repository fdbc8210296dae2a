"""A notifier that keeps messages in memory, and fails when it is told to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import define, field

from ispcore.notices import Message

if TYPE_CHECKING:
    from ispcore.notices import NoticeId


@define
class MockNotifier:
    """Keeps what it was handed, in order, the same message each time that it comes.

    Each of ``failures`` is raised in place of one message, the first one first.
    """

    handed: list[Message] = field(factory=list)
    failures: list[BaseException] = field(factory=list)

    def hand_over(self, message: Message) -> None:
        """Keep *message*, or raise the next failure."""
        if self.failures:
            raise self.failures.pop(0)
        self.handed.append(message)

    @property
    def messages(self) -> dict[NoticeId, Message]:
        """The last message of each id: what a careful receiver makes of those that come twice."""
        return {message.id: message for message in self.handed}
