"""Somebody at a terminal: over Telnet, with no more than a socket."""

from __future__ import annotations

import re
import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ispcore.testing.olts import OltServer

_OPTIONS = re.compile(rb"\xff[\xfb-\xfe].|\xff\xfa.*?\xff\xf0", re.DOTALL)
_PATIENCE_SECONDS = 5
PROMPT = re.compile(r"[\w-]+(?:\([\w/-]+\))?(?:[>#]|%%)$")


class Terminal:
    """What is typed, and what comes back; ``seen`` is everything since it was opened."""

    def __init__(self, port: int) -> None:
        """Connect."""
        self._socket = socket.create_connection(("127.0.0.1", port), _PATIENCE_SECONDS)
        self.seen = ""

    def close(self) -> None:
        self._socket.close()

    def type(self, text: str) -> None:
        self._socket.sendall(text.encode())

    def until(self, end: str | re.Pattern[str]) -> str:
        """Return what comes until it ends so."""
        pattern = re.compile(re.escape(end) + r"\Z") if isinstance(end, str) else end
        got = ""
        while not pattern.search(got):
            some = self._socket.recv(65536)
            if not some:
                raise EOFError(got)
            got += _OPTIONS.sub(b"", some).decode()
        self.seen += got
        return got

    def rest(self) -> str:
        """Return what comes until the connection ends."""
        got = b""
        try:
            while some := self._socket.recv(65536):
                got += some
        except ConnectionResetError:
            pass
        return _OPTIONS.sub(b"", got).decode()

    def ask(self, line: str, end: str | re.Pattern[str] = PROMPT) -> str:
        """Type a line, and return what comes until the next prompt."""
        self.type(f"{line}\r\n")
        return self.until(end)

    def tell(self, line: str) -> str:
        """Type a line, and return its answer without echo and prompt."""
        answer = self.ask(line)
        _, _, after = answer.partition("\r\n")
        return after.rpartition("\r\n")[0].replace("\r\n", "\n")

    def signs_in(self, user: str = "root", password: str = "admin123") -> Self:
        self.until(">>User name:")
        self.ask(user, ">>User password:")
        self.ask(password)
        return self

    def goes(self, *lines: str) -> Self:
        for line in lines:
            self.ask(line)
        return self


@contextmanager
def terminal(server: OltServer) -> Iterator[Terminal]:
    assert server.telnet_port is not None
    one = Terminal(server.telnet_port)
    try:
        yield one
    finally:
        one.close()


@contextmanager
def at_work(server: OltServer, *lines: str) -> Iterator[Terminal]:
    """Somebody who has signed in, wants no questions and no pages, and is in configuration mode."""
    with terminal(server) as one:
        quiet = ("undo smart", "undo interactive", "enable", "config", "mmi-mode enable")
        yield one.signs_in().goes(*quiet, *lines)
