"""What came is received once, and an end is the end."""

import pytest

from ispcore.transports import StreamEndedError
from ispcore.transports.streams import Inbox


def test_everything_that_came_is_received_at_once_and_then_nothing() -> None:
    inbox = Inbox()
    inbox.put(b"one ")
    inbox.put(b"two")

    assert inbox.receive(1) == b"one two"
    assert inbox.receive(0) == b""
    assert inbox.receive(0.001) == b""


def test_what_came_before_the_end_is_received_before_it() -> None:
    inbox = Inbox()
    inbox.put(b"bye")
    inbox.end()

    assert inbox.receive(1) == b"bye"
    for _ in range(2):
        with pytest.raises(StreamEndedError):
            inbox.receive(1)


def test_an_end_alone_is_told() -> None:
    inbox = Inbox()
    inbox.end()

    with pytest.raises(StreamEndedError):
        inbox.receive(1)
