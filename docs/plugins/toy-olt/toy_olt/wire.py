"""The only module that touches the wire: signs in, sends a line, reads until the prompt."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ispcore.driver import AuthFailed, Busy, OutcomeUnknown, Unreachable

if TYPE_CHECKING:
    from ispcore.driver import Operation, Site
    from toy_olt.driver import ToyConfig

PROMPT = b"toy# "
MORE = b"--More-- (space for more, q to stop)"
SURE = b"Are you sure? (y/n) "


@contextmanager
def connected(site: Site[ToyConfig]) -> Iterator[Wire]:
    """Give a session that is signed in, and close it at the end."""
    address = site.dial(site.config.host, site.config.port)
    try:
        with socket.create_connection(address, timeout=site.patience_seconds) as sock:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            wire = Wire(sock)
            wire.sign_in(site.config)
            yield wire
            wire.leave()
    except OSError as error:
        raise Unreachable(f"The OLT cannot be reached: {error}.") from error


class Wire:
    """A session; every call takes the time that the operation leaves it."""

    def __init__(self, sock: socket.socket) -> None:
        """Talk through *sock*."""
        self._sock = sock

    def sign_in(self, config: ToyConfig) -> None:
        """Give name and password."""
        self._until(b"login: ")
        self._send(config.user)
        self._until(b"password: ")
        self._send(config.password.reveal())
        self._until(PROMPT)

    def leave(self) -> None:
        """Say good-bye, so that the session is free at once."""
        self._send("quit")

    def read(self, line: str, op: Operation) -> str:
        """Return the answer to a line that changes nothing."""
        try:
            return self._run(line, op)
        except OSError as error:
            raise Unreachable(f"The OLT stopped answering: {error}.") from error

    def write(self, line: str, op: Operation) -> str:
        """Return the answer to a line that changes something; it is sent once and never again."""
        op.checkpoint()
        try:
            return self._run(line, op)
        except OSError as error:
            raise OutcomeUnknown(f"The OLT did not answer a change: {error}.") from error

    def _run(self, line: str, op: Operation) -> str:
        self._sock.settimeout(max(op.remaining(), 0.001))
        self._send(line)
        answer = self._until(PROMPT, op)
        lines = (one.strip("\r\n ") for one in answer.decode(errors="replace").split("\n"))
        return "\n".join(one for one in lines if one and not one.startswith("! ALARM"))

    def _send(self, line: str) -> None:
        self._sock.sendall(f"{line}\n".encode())

    def _until(self, prompt: bytes, op: Operation | None = None) -> bytes:
        """Read until *prompt*, turning pages and confirming on the way."""
        heard = b""
        while not heard.endswith(prompt):
            if op is not None:
                self._sock.settimeout(max(op.remaining(), 0.001))
            some = self._sock.recv(4096)
            heard += some
            if not some or heard.startswith((b"% Access denied\r\n", b"% Too many sessions\r\n")):
                raise _refused(heard)
            if heard.endswith(MORE):
                heard = heard.removesuffix(MORE)
                self._sock.sendall(b" ")
            elif heard.endswith(SURE):
                heard = heard.removesuffix(SURE)
                self._sock.sendall(b"y\n")
        return heard.removesuffix(prompt)


def _refused(heard: bytes) -> Exception:
    if b"Access denied" in heard:
        return AuthFailed("The OLT does not accept the name or the password.")
    if b"Too many sessions" in heard:
        return Busy("The OLT has no session left.")
    return ConnectionError("it closed the connection")
