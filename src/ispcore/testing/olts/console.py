"""One session's terminal: lines and keys in, echo and answers out.

An answer goes out in one piece with its echo, unless a fault says otherwise.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from ispcore.testing.olts.behaviour import Behaviour
from ispcore.testing.olts.outlet import HungUp, Outlet, Stream
from ispcore.testing.olts.wire import OltWire

WIDTH: Final = 80
ROWS: Final = 24
_WRAP = " \x1b[1D"
_BACK = "\b \b"
_ERASERS = "\b\x7f"
_INTERRUPT = "\x03"
_CLEAR = "\x15"
_DROPPED = "\n\0"


class Idle(HungUp):
    """Nothing was typed for too long."""


class Interrupted(Exception):  # noqa: N818 - it is what happened, as HungUp
    """Somebody has pressed Ctrl-C instead of giving an answer."""


class Console:
    """Reads lines and keys from a *stream*, echoes them, and sends what was said before it reads on."""

    def __init__(
        self, stream: Stream, wire: OltWire, behaviour: Behaviour, reboot: Callable[[], None]
    ) -> None:
        """Sit at the end of a stream."""
        self.stream = stream
        self.alarms = True
        self.interruptible = False
        self.idle_seconds: float | None = behaviour.idle_seconds
        self._behaviour = behaviour
        self._outlet = Outlet(stream, wire, behaviour, reboot)
        self._unread: deque[str] = deque()
        self._shown = ""
        self._after_return = False
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
        self._outlet.say(text.replace("\n", "\r\n"))

    async def line(self, prompt: str, *, echo: bool = True) -> str:
        """Ask for a line.

        Raises:
            HungUp: the session is over.
            Interrupted: somebody has pressed Ctrl-C in a console that is ``interruptible``.
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
                if char == _INTERRUPT and self.interruptible:
                    await self.exchange()
                    raise Interrupted
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
        """Count an exchange; see :meth:`Outlet.exchange`."""
        await self._outlet.exchange()

    async def flush(self) -> None:
        """Send what was said; see :meth:`Outlet.flush`."""
        await self._outlet.flush()

    def disturbed(self, lines: list[str]) -> list[str]:
        """Return the lines of an answer, with an alarm among them while there is a burst of alarms."""
        if not (lines and self.alarms and self._behaviour.burst):
            return lines
        half = len(lines) // 2
        return [*lines[:half], self._behaviour.burst, *lines[half:]]

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
        if char == _CLEAR:
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
        self._outlet.say(char if column % self.width else f"{char}{_WRAP}")
