"""Telnet by telnetlib3; imported when the first connection is opened."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import telnetlib3

from ispcore.driver import Unreachable
from ispcore.transports.loop import finished, loop
from ispcore.transports.streams import Inbox

if TYPE_CHECKING:
    from ispcore.transports.dialect import Dialect
    from ispcore.transports.settings import Telnet

_CLOSING_SECONDS = 2.0
_PIECE = 65536


class TelnetStream:
    """A terminal on a device; new lines are sent as Telnet has them, a carriage return and a line feed."""

    def __init__(self, reader: Any, writer: Any) -> None:  # noqa: ANN401 - telnetlib3 tells no narrower type
        """Use a connection that is open; made on the loop."""
        self._writer = writer
        self._inbox = Inbox()
        self._reading = asyncio.ensure_future(self._read(reader))

    def send(self, some: bytes) -> None:
        """Send *some* bytes."""
        loop().call_soon_threadsafe(self._writer.write, some.replace(b"\r", b"\r\n"))

    def receive(self, seconds: float) -> bytes:
        """Return what came."""
        return self._inbox.receive(seconds)

    def close(self) -> None:
        """Close the connection."""
        with suppress(TimeoutError):
            finished(self._closed(), _CLOSING_SECONDS)

    async def _read(self, reader: Any) -> None:  # noqa: ANN401 - as above
        try:
            while piece := await reader.read(_PIECE):
                self._inbox.put(piece)
        except OSError:
            pass  # a connection that breaks has ended
        finally:
            self._inbox.end()

    async def _closed(self) -> None:
        self._writer.close()
        self._reading.cancel()
        with suppress(asyncio.CancelledError):
            await self._reading


def open_telnet(settings: Telnet, address: tuple[str, int], dialect: Dialect, seconds: float) -> TelnetStream:
    """Return a terminal on the device at *address* within *seconds*.

    Raises :class:`~ispcore.driver.Unreachable`.
    """
    try:
        return finished(_opened(address, dialect), seconds)
    except (OSError, TimeoutError) as error:
        reason = str(error) or f"no answer within {seconds:g} seconds"
        raise Unreachable(f"The {dialect.name} at {settings.host} cannot be reached: {reason}.") from error


async def _opened(address: tuple[str, int], dialect: Dialect) -> TelnetStream:
    host, port = address
    reader, writer = await telnetlib3.open_connection(
        host,
        port,
        client_factory=telnetlib3.TelnetClient,
        encoding=False,
        term="vt100",
        cols=dialect.columns,
        rows=dialect.rows,
        connect_maxwait=0,
        compression=False,
    )
    return TelnetStream(reader, writer)
