"""A tiny OLT behind real SSH and Telnet servers on the loopback, in a thread of their own."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import asyncssh
import telnetlib3

from tests.transports.tiny import Console, TinyOlt


class Served:
    """Where it listens, and its host key."""

    def __init__(self, olt: TinyOlt) -> None:
        self.olt = olt
        self.port = 0
        self.fingerprint = ""
        self.host_key = ""
        self.columns: list[int] = []
        self.open = 0
        self.full = False
        self.by_questions = False
        self.sessions: list[Any] = []
        self.loop = asyncio.new_event_loop()

    def cut(self) -> None:
        """Close every connection."""
        for session in list(self.sessions):
            self.loop.call_soon_threadsafe(session)


class _Server(asyncssh.SSHServer):
    def __init__(self, served: Served) -> None:
        self._served = served

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._served.open += 1
        self._served.sessions.append(conn.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        self._served.open -= 1

    def session_requested(self) -> asyncssh.SSHServerSession[bytes]:
        if self._served.full:
            raise asyncssh.ChannelOpenError(asyncssh.OPEN_RESOURCE_SHORTAGE, "full")
        return _Shell(self._served)

    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return not self._served.by_questions

    def kbdint_auth_supported(self) -> bool:
        return True

    def get_kbdint_challenge(self, username: str, lang: str, submethods: str) -> Any:
        return "", "", "", [("Password:", False)]

    def validate_kbdint_response(self, username: str, responses: Any) -> bool:
        return self.validate_password(username, responses[0])

    def validate_password(self, username: str, password: str) -> bool:
        olt = self._served.olt
        olt.logins += 1
        return (username, password) == (olt.user, olt.password)


class _Shell(asyncssh.SSHServerSession[bytes]):
    def __init__(self, served: Served) -> None:
        self._served = served
        self._olt = served.olt

    def connection_made(self, chan: Any) -> None:
        self._chan = chan

    def pty_requested(self, term_type: str, term_size: Any, term_modes: Any) -> bool:
        self._served.columns.append(term_size[0])
        return True

    def shell_requested(self) -> bool:
        return True

    def session_started(self) -> None:
        self._console: Console = self._olt.console()
        self._chan.write(self._console.take())

    def data_received(self, data: bytes, datatype: int | None) -> None:
        self._chan.write(self._console.type(data))
        if self._console.ended:
            self._chan.close()


@contextmanager
def ssh_server(olt: TinyOlt, **options: Any) -> Iterator[Served]:
    served = Served(olt)
    key = asyncssh.generate_private_key(options.pop("key", "ssh-ed25519"))
    served.fingerprint = key.get_fingerprint()
    served.host_key = key.export_public_key("openssh").decode().strip()

    async def start() -> Any:
        return await asyncssh.create_server(
            lambda: _Server(served),
            "127.0.0.1",
            0,
            server_host_keys=[key],
            line_editor=False,
            encoding=None,
            **options,
        )

    with _running(served, start):
        yield served


@contextmanager
def telnet_server(olt: TinyOlt) -> Iterator[Served]:
    served = Served(olt)

    async def shell(reader: Any, writer: Any) -> None:
        served.open += 1
        served.sessions.append(writer.close)
        served.columns.append(writer.get_extra_info("cols"))
        console = olt.console(logs_in=True)
        writer.write(console.take())
        try:
            while not console.ended and (some := await reader.read(4096)):
                writer.write(console.type(some))
        finally:
            served.open -= 1
            writer.close()

    async def start() -> Any:
        return await telnetlib3.create_server(
            "127.0.0.1", 0, shell=shell, encoding=False, connect_maxwait=0.5
        )

    with _running(served, start):
        yield served


@contextmanager
def _running(served: Served, start: Any) -> Iterator[None]:
    thread = threading.Thread(target=served.loop.run_forever, daemon=True)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(start(), served.loop).result(10)
    sockets = server.sockets
    served.port = sockets[0].getsockname()[1]

    async def stop() -> None:
        server.close()
        for session in served.sessions:
            session()
        await asyncio.sleep(0.05)

    try:
        yield
    finally:
        asyncio.run_coroutine_threadsafe(stop(), served.loop).result(10)
        served.loop.call_soon_threadsafe(served.loop.stop)
        thread.join(10)
        served.loop.close()
