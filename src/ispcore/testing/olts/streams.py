"""Sessions as streams of text: over SSH by asyncssh, and over Telnet with the options that terminals need."""

from __future__ import annotations

import asyncio
import struct
from contextlib import suppress
from typing import TYPE_CHECKING

from ispcore.testing.olts.outlet import HungUp

if TYPE_CHECKING:
    import asyncssh

_CHUNK = 4096
_LAST_WORDS_SECONDS = 1.0
_IAC, _DONT, _DO, _WONT, _WILL, _SB, _SE = 255, 254, 253, 252, 251, 250, 240
_ECHO, _GO_AHEAD, _WINDOW = 1, 3, 31
_GREETING = bytes((_IAC, _WILL, _ECHO, _IAC, _WILL, _GO_AHEAD, _IAC, _DO, _WINDOW))
_WINDOW_OCTETS = 4


class SshStream:
    """A session over SSH."""

    def __init__(self, process: asyncssh.SSHServerProcess[str]) -> None:
        """Take over what was opened."""
        self.width, self.rows = process.term_size[:2]
        self._process = process
        self._connection = process.get_extra_info("connection")

    async def read(self) -> str:
        """Return what came in; nothing at the end."""
        import asyncssh  # noqa: PLC0415 - an optional dependency

        while True:
            try:
                return await self._process.stdin.read(_CHUNK)
            except asyncssh.TerminalSizeChanged as change:
                self.width, self.rows = change.width, change.height
            except (asyncssh.BreakReceived, asyncssh.SignalReceived):
                return "\x03"
            except (asyncssh.Error, OSError):
                return ""

    async def write(self, text: str) -> None:
        """Send it.

        Raises:
            HungUp: the other end has gone.
        """
        try:
            self._process.stdout.write(text)
            await self._process.stdout.drain()
        except (OSError, EOFError) as error:
            raise HungUp from error

    def gone(self) -> bool:
        """Tell whether the other end has left."""
        return bool(self._process.channel.is_closing())

    def close(self) -> None:
        """End the session in order."""
        self._process.exit(0)

    async def closed(self) -> None:
        """Close the connection, when what was said has arrived."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._process.wait_closed(), _LAST_WORDS_SECONDS)
        self._connection.close()

    def reset(self) -> None:
        """Tear the connection down."""
        self._connection.abort()


class TelnetStream:
    """A session over Telnet: the OLT echoes, suppresses go-ahead, and asks how wide the window is."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Say what is offered."""
        self.width, self.rows = 0, 0
        self._reader = reader
        self._writer = writer
        self._half = b""
        writer.write(_GREETING)

    async def read(self) -> str:
        """Return what came in without the options; nothing at the end."""
        with suppress(OSError):
            while some := await self._reader.read(_CHUNK):
                if typed := self._without_options(self._half + some):
                    return typed.decode("utf-8", "replace")
        return ""

    async def write(self, text: str) -> None:
        """Send it.

        Raises:
            HungUp: the other end has gone.
        """
        try:
            self._writer.write(text.encode().replace(b"\xff", b"\xff\xff"))
            await self._writer.drain()
        except OSError as error:
            raise HungUp from error

    def close(self) -> None:
        """End the connection in order."""
        with suppress(OSError):
            self._writer.close()

    def reset(self) -> None:
        """Tear the connection down."""
        self._writer.transport.abort()

    def gone(self) -> bool:
        """Tell whether the other end has left."""
        return self._reader.at_eof() or self._writer.is_closing()

    async def closed(self) -> None:
        """Wait until the connection is closed."""
        with suppress(OSError):
            await self._writer.wait_closed()

    def _without_options(self, octets: bytes) -> bytes:
        typed, position = bytearray(), 0
        self._half = b""
        while position < len(octets):
            if octets[position] != _IAC:
                typed.append(octets[position])
                position += 1
                continue
            length = self._length(octets[position:])
            if length is None:  # the rest has not come yet
                self._half = octets[position:]
                break
            self._option(octets[position : position + length])
            typed += b"\xff" if octets[position + 1] == _IAC else b""
            position += length
        return bytes(typed)

    def _length(self, octets: bytes) -> int | None:
        """Return how many octets the option that begins here has; None when not all have come."""
        match octets[1:2]:
            case b"":
                return None
            case second if second[0] == _SB:
                end = octets.find(bytes((_IAC, _SE)))
                return None if end < 0 else end + 2
            case second if second[0] >= _WILL and second[0] != _IAC:
                return 3 if len(octets) > 2 else None  # noqa: PLR2004 - what, and which
            case _:
                return 2

    def _option(self, octets: bytes) -> None:
        what, *rest = octets[1:]
        if what == _SB and rest[0] == _WINDOW and len(rest) >= _WINDOW_OCTETS + 1:
            self.width, self.rows = struct.unpack(">HH", bytes(rest[1 : _WINDOW_OCTETS + 1]))
        elif what == _DO and rest[0] not in {_ECHO, _GO_AHEAD}:
            self._writer.write(bytes((_IAC, _WONT, rest[0])))
        elif what == _WILL and rest[0] != _WINDOW:
            self._writer.write(bytes((_IAC, _DONT, rest[0])))
