"""What a session needs of a connection: bytes out, bytes in, and an end."""

from __future__ import annotations

from queue import Empty, SimpleQueue
from typing import Protocol


class StreamEndedError(Exception):
    """The other end has closed the connection, or it broke; everything that came before was received."""


class Stream(Protocol):
    """A connection to a command line; one thread uses it at a time."""

    def send(self, some: bytes) -> None:
        """Send *some* bytes; a connection that is gone is told by :meth:`receive`."""
        ...

    def receive(self, seconds: float) -> bytes:
        """Return what came, waiting up to *seconds*; nothing when nothing came.

        Raises :class:`StreamEndedError` at the end of the stream.
        """
        ...

    def close(self) -> None:
        """Close the connection; a second time does nothing."""
        ...


class Inbox:
    """What has come and was not received yet; filled by one thread, emptied by another."""

    def __init__(self) -> None:
        """Begin empty."""
        self._pieces: SimpleQueue[bytes | None] = SimpleQueue()
        self._ended = False

    def put(self, some: bytes) -> None:
        """Add what came."""
        self._pieces.put(some)

    def end(self) -> None:
        """Tell that nothing more comes."""
        self._pieces.put(None)

    def receive(self, seconds: float) -> bytes:
        """Return all that came, as :meth:`Stream.receive` does."""
        if self._ended:
            raise StreamEndedError
        came: list[bytes] = []
        try:
            while (piece := self._pieces.get(timeout=0 if came or seconds <= 0 else seconds)) is not None:
                came.append(piece)
        except Empty:
            return b"".join(came)
        self._ended = True
        if not came:
            raise StreamEndedError
        return b"".join(came)
