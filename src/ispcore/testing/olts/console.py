"""One session's terminal: lines and keys in, echo and answers out.

An answer goes out in one piece with its echo, unless a fault says otherwise.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final, Protocol

from ispcore.testing.olts.behaviour import Behaviour
from ispcore.testing.olts.wire import OltFault, OltWire
from ispcore.testing.wire import WireFault

WIDTH: Final = 80
ROWS: Final = 24
_WRAP = " \x1b[1D"
_BACK = "\b \b"
_GARBAGE = "%% ?? \N{REPLACEMENT CHARACTER}\r\n"
_DRIPS = 40
_DRIP_SECONDS = 0.001
_ERASERS = "\b\x7f"
_LEAVE_OUT = "\x03\x15"
_DROPPED = "\n\0"


class HungUp(Exception):  # noqa: N818 - it is what happened, and no error of anybody's
    """The session is over: the other end has gone, or a fault has ended it."""


class Idle(HungUp):
    """Nothing was typed for too long."""


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

    def close(self) -> None:
        """End the connection in order."""
        ...

    def reset(self) -> None:
        """Tear the connection down."""
        ...


class Console:
    """Reads lines and keys from a *stream*, echoes them, and sends what was said before it reads on."""

    def __init__(
        self, stream: Stream, wire: OltWire, behaviour: Behaviour, reboot: Callable[[], None] | None = None
    ) -> None:
        """Sit at the end of a stream."""
        self.stream = stream
        self.alarms = True
        self.idle_seconds: float | None = behaviour.idle_seconds
        self._wire = wire
        self._behaviour = behaviour
        self._reboot = reboot
        self._unread: deque[str] = deque()
        self._out: list[str] = []
        self._shown = ""
        self._answering = False
        self._after_return = False
        self._fault: WireFault | OltFault | None = None
        self._loop = asyncio.get_running_loop()
        self._alarming: set[asyncio.Task[None]] = set()

    @property
    def width(self) -> int:
        """How many columns the terminal has."""
        return self._behaviour.width or self.stream.width or WIDTH

    @property
    def rows(self) -> int:
        """How many lines the terminal has."""
        return self._behaviour.rows or self.stream.rows or ROWS

    def say(self, text: str) -> None:
        """Print *text*, with the next thing that is asked."""
        self._out.append(text.replace("\n", "\r\n"))

    async def line(self, prompt: str, *, echo: bool = True) -> str:
        """Ask for a line.

        Raises:
            HungUp: the session is over.
        """
        self.say(prompt)
        self._shown = prompt
        typed: list[str] = []
        while True:
            while self._unread:
                char = self._next()
                if char in "\r\n":
                    self.say("\n")
                    await self.exchange()
                    return "".join(typed)
                self._type(char, typed, echo=echo)
            await self._more()

    async def key(self, prompt: str) -> str:
        """Ask for one key, which is not echoed.

        Raises:
            HungUp: the session is over.
        """
        self.say(prompt)
        self._shown = prompt
        while not self._unread:
            await self._more()
        char = self._next()
        await self.exchange()
        return char

    async def exchange(self) -> None:
        """Count an exchange, and let happen what was asked for.

        Raises:
            HungUp: the connection was cut.
        """
        self._answering = True
        self._fault = self._wire.exchange()
        if self._fault is WireFault.CUT_BEFORE:
            self._out.clear()
            self.stream.close()
            raise HungUp

    async def flush(self) -> None:
        """Send what was said.

        Raises:
            HungUp: a fault ended the session.
        """
        text = "".join(self._out)
        self._out.clear()
        if self._answering and self._behaviour.slow_seconds:
            await asyncio.sleep(self._behaviour.slow_seconds)
        fault, self._fault = self._fault, None
        self._answering = False
        await (self._faulty(text, fault) if fault else self.stream.write(text))

    def interrupt(self, text: str) -> None:
        """Print an alarm at once, and show again what stood there; any thread may call this."""
        self._loop.call_soon_threadsafe(self._interrupt, text)

    def hang_up(self) -> None:
        """End the session; any thread may call this."""
        self._loop.call_soon_threadsafe(self.stream.reset)

    def _interrupt(self, text: str) -> None:
        if self.alarms:
            task = self._loop.create_task(self._alarm(f"\r\n{text}\r\n{self._shown}"))
            self._alarming.add(task)
            task.add_done_callback(self._alarming.discard)

    async def _alarm(self, text: str) -> None:
        with suppress(HungUp):
            await self.stream.write(text)

    def _next(self) -> str:
        char = self._unread.popleft()
        self._after_return = char == "\r"
        return char

    async def _more(self) -> None:
        await self.flush()
        try:
            some = await asyncio.wait_for(self.stream.read(), self.idle_seconds)
        except TimeoutError:
            raise Idle from None
        if not some:
            raise HungUp
        if self._after_return and some[0] in _DROPPED:
            some = some[1:]
            self._after_return = False
        for pair in ("\r\n", "\r\0"):
            some = some.replace(pair, "\r")
        self._unread.extend(some)

    def _type(self, char: str, typed: list[str], *, echo: bool) -> None:
        if char in _LEAVE_OUT:
            typed.clear()
        elif char in _ERASERS:
            if typed:
                typed.pop()
                self.say(_BACK if echo else "")
        elif char >= " ":
            typed.append(char)
            if echo:
                self._echo(char, len(self._shown) + len(typed))

    def _echo(self, char: str, column: int) -> None:
        self._out.append(char if column % self.width else f"{char}{_WRAP}")

    async def _faulty(self, text: str, fault: WireFault | OltFault) -> None:
        send = self.stream.write
        match fault:
            case WireFault.CUT_AFTER:
                await self._end(self.stream.close)
            case WireFault.RESET:
                await self._end(self.stream.reset)
            case OltFault.CUT_WITHIN:
                await self._end(self.stream.close, send(text[: len(text) // 2]))
            case OltFault.REBOOT:
                await self._end(self._reboot or self.stream.close, send(text[: len(text) // 2]))
            case WireFault.SILENCE:
                while await self.stream.read():
                    pass
                raise HungUp
            case WireFault.LATE:
                await asyncio.sleep(self._wire.late_seconds)
                await send(text)
            case WireFault.DRIP:
                await self._drip(text)
            case WireFault.GARBAGE:
                await send(_GARBAGE + text.rpartition("\r\n")[2])
            case _:
                head, newline, rest = text.partition("\r\n")
                alarm = (self._wire.alarm or b"").decode()
                await send(f"{head}{newline}{alarm}{rest}" if newline else text)

    async def _end(self, end: Callable[[], None], first: Awaitable[None] | None = None) -> None:
        if first is not None:
            await first
        end()
        raise HungUp

    async def _drip(self, text: str) -> None:
        """Send both ends in pieces of a character, and the middle whole."""
        head, middle, tail = text[:_DRIPS], text[_DRIPS:-_DRIPS], text[_DRIPS:][-_DRIPS:]
        for piece in (*head, middle, *tail):
            await self.stream.write(piece)
            await asyncio.sleep(_DRIP_SECONDS)
