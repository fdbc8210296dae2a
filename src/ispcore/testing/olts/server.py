"""A simulated OLT on ports of the loopback: SSH, Telnet or both, in a thread of their own."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from ispcore.errors import IspcoreError
from ispcore.testing.olts.console import Console
from ispcore.testing.olts.olt import Entrance
from ispcore.testing.olts.outlet import HungUp, Stream
from ispcore.testing.olts.streams import SshStream, TelnetStream

if TYPE_CHECKING:
    import asyncssh

    from ispcore.testing.olts.olt import Olt

HOST = "127.0.0.1"
_PATIENCE_SECONDS = 10


class Shell(Protocol):
    """What a dialect does with a console."""

    async def run(self, *, signed_in: bool) -> None:
        """Talk until the session is over; over Telnet it lets people sign in first."""
        ...


class OltServer:
    """Serves an *olt*; ``shell`` is its dialect. A port of 0 takes a free one, None leaves the way out.

    ``fingerprint`` is of its host key for SSH, which is another one each time.

    Raises:
        IspcoreError: asyncssh is not installed, or a port is taken.
    """

    def __init__(
        self,
        olt: Olt[Any],
        shell: Callable[[Console], Shell],
        *,
        ssh_port: int | None = 0,
        telnet_port: int | None = None,
    ) -> None:
        """Listen at once."""
        self.olt = olt
        self.host = HOST
        self.ssh_port: int | None = None
        self.telnet_port: int | None = None
        self.fingerprint = ""
        self._shell = shell
        self._wanted = (ssh_port, telnet_port)
        self._streams: set[Stream] = set()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._failures: list[BaseException] = []
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="ispcore-olt", daemon=True)
        self._thread.start()
        self._ready.wait()
        self._raise()

    def close(self) -> None:
        """End every session, and close the ports.

        Raises:
            BaseException: a session ended by an error of the simulator; it is raised here.
        """
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(_PATIENCE_SECONDS)
        self._raise()

    def _raise(self) -> None:
        if self._failures:
            self._thread.join(_PATIENCE_SECONDS)
            raise self._failures[0]

    def _serve(self) -> None:
        try:
            self._loop.run_until_complete(self._listen())
        except BaseException as error:  # noqa: BLE001 - it is raised where the server is used
            self._failures.append(error)
        finally:
            self._ready.set()
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            self._loop.close()

    async def _listen(self) -> None:
        ssh_port, telnet_port = self._wanted
        ssh = None if ssh_port is None else await self._listen_ssh(ssh_port)
        telnet = None if telnet_port is None else await self._listen_telnet(telnet_port)
        self._ready.set()
        await self._stop.wait()
        for one in (ssh, telnet):
            if one is not None:
                one.close()
        for stream in tuple(self._streams):
            stream.reset()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for one in (ssh, telnet):
            if one is not None:
                await one.wait_closed()

    async def _listen_telnet(self, port: int) -> asyncio.Server:
        try:
            server = await asyncio.start_server(self._telnet, HOST, port)
        except OSError as error:
            raise _taken(port) from error
        self.telnet_port = server.sockets[0].getsockname()[1]
        return server

    async def _listen_ssh(self, port: int) -> asyncssh.SSHAcceptor:
        ssh = _asyncssh()
        old = self.olt.behaviour.legacy_ssh
        key = ssh.generate_private_key("ssh-rsa" if old else "ssh-ed25519")
        self.fingerprint = key.get_fingerprint()
        try:
            server: asyncssh.SSHAcceptor = await ssh.create_server(
                lambda: _entrance(ssh, self.olt),
                HOST,
                port,
                server_host_keys=[key],
                process_factory=self._ssh,
                line_editor=False,
                errors="replace",
                **(_LEGACY if old else {}),
            )
        except OSError as error:
            raise _taken(port) from error
        self.ssh_port = server.get_port()
        return server

    async def _ssh(self, process: asyncssh.SSHServerProcess[str]) -> None:
        stream = SshStream(process)
        await self._session(stream, signed_in=True)
        await stream.closed()

    async def _telnet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.olt.wire.connected()
        _at_once(writer.get_extra_info("socket"))
        stream = TelnetStream(reader, writer)
        await self._session(stream, signed_in=False)
        await stream.closed()

    async def _session(self, stream: Stream, *, signed_in: bool) -> None:
        task = asyncio.current_task()
        self._streams.add(stream)
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        console = Console(stream, self.olt.wire, self.olt.behaviour, self.olt.reboot)
        try:
            await self._talk(console, signed_in=signed_in)
        except HungUp:
            pass
        except Exception as error:  # noqa: BLE001 - it is raised by close()
            self._failures.append(error)
        finally:
            self._streams.discard(stream)
            stream.close()

    async def _talk(self, console: Console, *, signed_in: bool) -> None:
        if signed_in:
            await console.exchange()
        await self._shell(console).run(signed_in=signed_in)
        await console.flush()


_LEGACY = {
    "kex_algs": ["diffie-hellman-group-exchange-sha1", "diffie-hellman-group1-sha1"],
    "encryption_algs": ["aes128-cbc"],
    "signature_algs": ["ssh-rsa"],
}


def _asyncssh() -> Any:  # noqa: ANN401 - a module
    try:
        import asyncssh  # noqa: PLC0415 - an optional dependency
    except ImportError as error:
        raise IspcoreError(
            "A simulated OLT serves SSH with asyncssh, which is not installed.",
            hint="Install it with: pip install 'ispcore[terminal]'. Telnet works without it.",
        ) from error
    return asyncssh


def _entrance(ssh: Any, olt: Olt[Any]) -> asyncssh.SSHServer:  # noqa: ANN401 - a module
    class Door(ssh.SSHServer):  # type: ignore[misc]  # the class is known when it is used
        def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
            olt.wire.connected()
            _at_once(conn.get_extra_info("socket"))

        def password_auth_supported(self) -> bool:
            return True

        def kbdint_auth_supported(self) -> bool:
            return False  # else a wrong password would be tried twice

        def validate_password(self, username: str, password: str) -> bool:
            return olt.enters(username, password) is Entrance.OPEN

    door: asyncssh.SSHServer = Door()
    return door


def _at_once(wire: socket.socket) -> None:
    wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _taken(port: int) -> IspcoreError:
    return IspcoreError(
        f"Port {port} of this machine cannot be listened on.", hint="Name another port, or 0."
    )
