"""Drivers that are no good on a real line."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ispcore.driver import Site
from tests.testing.line_device import PROMPT, LineConfig, LineDriver, LineSession


class ReadsOnePiece(LineDriver):
    class session(LineSession):  # noqa: N801
        @staticmethod
        def heard(sock: socket.socket, remaining: Callable[[], float]) -> str:
            sock.settimeout(max(remaining(), 0.001))
            some = sock.recv(4096)
            if not some:
                raise ConnectionError("it hung up")
            return some.removesuffix(PROMPT).decode()


class ReadsNotices(LineDriver):
    class session(LineSession):  # noqa: N801
        @staticmethod
        def without_notices(answer: str) -> str:
            return answer


class WaitsForEver(LineDriver):
    """At least for longer than it may."""

    class session(LineSession):  # noqa: N801
        @staticmethod
        def heard(sock: socket.socket, remaining: Callable[[], float]) -> str:
            return LineSession.heard(sock, lambda: remaining() + 5)


class LetsErrorsThrough(LineDriver):
    @contextmanager
    def open(self, site: Site[LineConfig]) -> Iterator[LineSession]:
        with socket.create_connection(site.dial("127.0.0.1", site.config.port), timeout=5) as sock:
            sock.sendall(site.config.password.reveal().encode() + b"\n")
            self.session.heard(sock, lambda: 5.0)
            yield self.session(sock)
