"""Connections and operations that need neither a network nor time."""

from collections.abc import Callable

from ispcore.transports import StreamEndedError
from tests.transports.tiny import Console, TinyOlt


class Turns:
    """An operation whose time goes by with every look at it, and with nothing else."""

    key = "turns"

    def __init__(self, turns: int = 1000) -> None:
        self.turns = turns

    def remaining(self) -> float:
        self.turns -= 1
        return max(0.0, float(self.turns))

    def checkpoint(self) -> None:
        """Allow everything."""


class Line:
    """A connection to a tiny OLT: what is *mute* is not answered, and after what is *cut* it ends."""

    def __init__(self, olt: TinyOlt, *, logs_in: bool = False) -> None:
        self._console: Console = olt.console(logs_in=logs_in)
        self._came = self._console.take()
        self.closed = False
        self.mute: Callable[[bytes], bool] = lambda _: False
        self.instead = ""
        """What is printed for something that is mute."""
        self.cut: Callable[[bytes], bool] = lambda _: False
        self.step = 0
        self.sent: list[bytes] = []
        self._broken = False

    def send(self, some: bytes) -> None:
        self.sent.append(some)
        if self._broken:
            return
        answer = self._console.type(some)
        self._came += self.instead.encode() if self.mute(some) else answer
        if self.cut(some):
            self.end()

    def end(self) -> None:
        """Break, as a connection does that was idle for too long."""
        self._broken = True

    def say(self, text: str) -> None:
        """Print something unasked."""
        self._came += text.encode()

    def receive(self, seconds: float) -> bytes:
        if self._came:
            size = self.step or len(self._came)
            some, self._came = self._came[:size], self._came[size:]
            return some
        if self._broken or self._console.ended:
            raise StreamEndedError
        return b""

    def close(self) -> None:
        self.closed = True


class Lines:
    """Opens a line to an OLT for each connection; *prepare* is done to each new one."""

    def __init__(self, olt: TinyOlt, *, logs_in: bool = False) -> None:
        self._olt = olt
        self._logs_in = logs_in
        self.opened: list[Line] = []
        self.prepare: Callable[[Line], object] = lambda _: None

    def __call__(self, seconds: float) -> Line:
        line = Line(self._olt, logs_in=self._logs_in)
        self.prepare(line)
        self.opened.append(line)
        return line

    @property
    def last(self) -> Line:
        return self.opened[-1]
