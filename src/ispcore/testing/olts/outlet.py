"""What goes out to a session: a whole answer at once, unless a fault of the exchange says otherwise."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol

from ispcore.testing.olts.behaviour import Behaviour
from ispcore.testing.olts.wire import OltFault, OltWire
from ispcore.testing.wire import WireFault

_GARBAGE = "%% ?? \N{REPLACEMENT CHARACTER}\r\n"
_DRIPS = 40
_DRIP_SECONDS = 0.001
_LOOK_SECONDS = 0.01


class HungUp(Exception):  # noqa: N818 - it is what happened, and no error of anybody's
    """The session is over: the other end has gone, or a fault has ended it."""


class Stream(Protocol):
    """The bytes of a session, decoded; SSH and Telnet each have one."""

    width: int
    """Columns that the other end says it has; 0 when it says nothing."""
    rows: int
    """Lines that the other end says it has; 0 when it says nothing."""

    async def read(self) -> str:
        """Return what came in; nothing at the end."""
        ...

    async def write(self, text: str) -> None:
        """Send it."""
        ...

    def gone(self) -> bool:
        """Tell whether the other end has left."""
        ...

    def close(self) -> None:
        """End the connection in order."""
        ...

    def reset(self) -> None:
        """Tear the connection down."""
        ...


class Outlet:
    """Gathers what is said until it is sent, and counts exchanges."""

    def __init__(
        self, stream: Stream, wire: OltWire, behaviour: Behaviour, reboot: Callable[[], None]
    ) -> None:
        """Send to a *stream*; ``reboot`` is what a fault of that name does."""
        self.stream = stream
        self._wire = wire
        self._behaviour = behaviour
        self._reboot = reboot
        self._said: list[str] = []
        self._answering = False
        self._fault: WireFault | OltFault | None = None

    def say(self, text: str) -> None:
        """Send *text* with what is said until the next flush."""
        self._said.append(text)

    async def exchange(self) -> None:
        """Count an exchange, and let happen what was asked for.

        Raises:
            HungUp: the connection was cut.
        """
        self._answering = True
        self._fault = self._wire.exchange()
        if self._fault is WireFault.CUT_BEFORE:
            self._said.clear()
            self.stream.close()
            raise HungUp

    async def flush(self) -> None:
        """Send what was said.

        Raises:
            HungUp: a fault ended the session.
        """
        text = "".join(self._said)
        self._said.clear()
        if self._answering and self._behaviour.slow_seconds:
            await self._wait(self._behaviour.slow_seconds)
        fault, self._fault = self._fault, None
        self._answering = False
        await (self._faulty(text, fault) if fault else self.stream.write(text))

    async def _faulty(self, text: str, fault: WireFault | OltFault) -> None:
        send, half = self.stream.write, text[: len(text) // 2]
        match fault:
            case WireFault.CUT_AFTER:
                self._end(self.stream.close)
            case WireFault.RESET:
                self._end(self.stream.reset)
            case OltFault.CUT_WITHIN:
                await send(half)
                self._end(self.stream.close)
            case OltFault.REBOOT:
                await send(half)
                self._end(self._reboot)
            case WireFault.SILENCE:
                while await self.stream.read():
                    pass
                raise HungUp
            case WireFault.LATE:
                await self._wait(self._wire.late_seconds)
                await send(text)
            case WireFault.DRIP:
                await self._drip(text)
            case WireFault.GARBAGE:
                await send(_GARBAGE + text.rpartition("\r\n")[2])
            case _:
                head, newline, rest = text.partition("\r\n")
                alarm = (self._wire.alarm or b"").decode()
                await send(f"{head}{newline}{alarm}{rest}" if newline else text)

    async def _wait(self, seconds: float) -> None:
        """Wait, but not for somebody who has left."""
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        while (left := until - loop.time()) > 0:
            if self.stream.gone():
                raise HungUp
            await asyncio.sleep(min(left, _LOOK_SECONDS))

    def _end(self, end: Callable[[], None]) -> None:
        end()
        raise HungUp

    async def _drip(self, text: str) -> None:
        """Send both ends in pieces of a character, and the middle whole."""
        head, middle, tail = text[:_DRIPS], text[_DRIPS:-_DRIPS], text[_DRIPS:][-_DRIPS:]
        for piece in (*head, middle, *tail):
            await self.stream.write(piece)
            await asyncio.sleep(_DRIP_SECONDS)
