"""A toy OLT: a command line over TCP, with everything in it that makes real ones hard to talk to.

It asks for name and password, pages long answers, wants deletions confirmed, bears few sessions, and shows no
key that it was given. ``python -m ispcore.testing.toy_olt`` lets one talk to it by hand; no real device
has this dialect.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from ispcore.testing.toy_olt_state import ToyOlt, ToyOnu

if TYPE_CHECKING:
    from io import BufferedRWPair

PROMPT: Final = "toy# "
MORE: Final = "--More-- (space for more, q to stop)"
SURE: Final = "Are you sure? (y/n) "
_PAGE = 15


class ToyOltServer:
    """Serves a :class:`ToyOlt` on a port of the loopback, a thread for each session."""

    def __init__(self, olt: ToyOlt | None = None, port: int = 0) -> None:
        """Listen at once; port 0 takes a free one."""
        self.olt = olt or ToyOlt()
        self._listener = socket.create_server(("127.0.0.1", port))
        self.host, self.port = self._listener.getsockname()[:2]
        self._threads: list[threading.Thread] = []
        self._open: set[socket.socket] = set()
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Close the port and every session."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for wire in list(self._open):
            with suppress(OSError):
                wire.shutdown(socket.SHUT_RDWR)
        self._thread.join(5)
        for thread in self._threads:
            thread.join(5)

    def _accept(self) -> None:
        while True:
            try:
                wire, _ = self._listener.accept()
            except OSError:
                return
            wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._open.add(wire)
            thread = threading.Thread(target=self._serve, args=(wire,), daemon=True)
            self._threads = [*(one for one in self._threads if one.is_alive()), thread]
            thread.start()

    def _serve(self, wire: socket.socket) -> None:
        try:
            with suppress(OSError, ValueError), wire, wire.makefile("rwb") as stream:
                _Session(self.olt, stream).run()
        finally:
            self._open.discard(wire)


class _Session:
    def __init__(self, olt: ToyOlt, stream: BufferedRWPair) -> None:
        self._olt = olt
        self._stream = stream

    def run(self) -> None:
        with self._olt.lock:
            full = self._olt.sessions >= self._olt.lanes
            self._olt.sessions += not full
        if full:
            self._say("% Too many sessions\r\n")
            return
        try:
            if self._signs_in():
                self._commands()
        finally:
            with self._olt.lock:
                self._olt.sessions -= 1

    def _signs_in(self) -> bool:
        user, password = self._asked("Toy OLT\r\nlogin: "), self._asked("password: ")
        if (user, password) == (self._olt.user, self._olt.password):
            return True
        self._olt.logins_refused += 1
        self._say("% Access denied\r\n")
        return False

    def _commands(self) -> None:
        while (line := self._asked(PROMPT)) is not None and line != "quit":
            if line.startswith("onu delete") and self._asked(SURE) != "y":
                self._tell("Cancelled\r\n")
            elif line:
                self._answer(self._olt.run(line))

    def _answer(self, text: str) -> None:
        if self._olt.mute:
            return
        lines = text.split("\n")
        alarm, self._olt.alarm = self._olt.alarm, ""
        if alarm:
            lines.insert(len(lines) // 2, f"! ALARM {alarm}")
        for first in range(0, len(lines), _PAGE):
            self._tell("".join(f"{line}\r\n" for line in lines[first : first + _PAGE]))
            if first + _PAGE < len(lines) and self._asked(MORE, whole_line=False) == "q":
                return

    def _tell(self, text: str) -> None:
        """Print *text* together with what is said next, so that an answer is one packet."""
        self._stream.write(text.encode())

    def _say(self, text: str) -> None:
        self._tell(text)
        self._stream.flush()

    def _asked(self, prompt: str, *, whole_line: bool = True) -> str | None:
        if not (self._olt.mute and prompt == PROMPT):
            self._say(prompt)
        if not whole_line:
            read = self._stream.read(1)
            if not read:
                raise OSError
            self._tell("\r" + " " * len(prompt) + "\r")
            return read.decode()
        line = self._stream.readline()
        return line.decode().strip() if line else None


@contextmanager
def toy_olt(olt: ToyOlt | None = None) -> Iterator[ToyOltServer]:
    """Serve a toy OLT for the time of a ``with`` block."""
    server = ToyOltServer(olt)
    try:
        yield server
    finally:
        server.close()


def main() -> None:
    """Serve until the process is stopped, with some ONUs to look at."""
    olt = ToyOlt(lanes=4)
    olt.waiting["TOYA0000000F"] = "0/1/2"
    for number in range(1, 4):
        olt.onus[f"0/1/1:{number}"] = ToyOnu(f"TOYA0000000{number}", name=f"home {number}")
    server = ToyOltServer(olt, 2323)
    print(f"A toy OLT listens on {server.host}, port {server.port}: admin, toy.")  # noqa: T201 - it is a program
    server._thread.join()  # noqa: SLF001 - its own


if __name__ == "__main__":
    main()
