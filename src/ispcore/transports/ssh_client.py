"""SSH by asyncssh; imported when the first connection is opened."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import asyncssh

from ispcore.driver import AuthFailed, Busy, Unreachable
from ispcore.transports.loop import finished, loop
from ispcore.transports.streams import Inbox

if TYPE_CHECKING:
    from ispcore.transports.dialect import Dialect
    from ispcore.transports.dialogue import Credentials
    from ispcore.transports.settings import Ssh

_CLOSING_SECONDS = 2.0
# What OLTs of about 2013 speak, and nothing else does any more.
_LEGACY = {
    "kex_algs": "+diffie-hellman-group-exchange-sha1,diffie-hellman-group14-sha1,diffie-hellman-group1-sha1",
    "encryption_algs": "+aes128-cbc,3des-cbc",
    "server_host_key_algs": "+ssh-rsa",
}


class SshStream:
    """A shell on a device."""

    def __init__(self, connection: asyncssh.SSHClientConnection, channel: Any, inbox: Inbox) -> None:  # noqa: ANN401
        """Use a *channel* that is open."""
        self._connection = connection
        self._channel = channel
        self._inbox = inbox

    def send(self, some: bytes) -> None:
        """Send *some* bytes."""
        loop().call_soon_threadsafe(self._write, some)

    def receive(self, seconds: float) -> bytes:
        """Return what came."""
        return self._inbox.receive(seconds)

    def close(self) -> None:
        """Close the channel and the connection, and wait until the device has its session back."""
        try:
            finished(self._closed(), _CLOSING_SECONDS)
        except TimeoutError:
            loop().call_soon_threadsafe(self._connection.abort)

    def _write(self, some: bytes) -> None:
        with suppress(OSError):
            self._channel.write(some)

    async def _closed(self) -> None:
        self._connection.close()
        await self._connection.wait_closed()


def open_ssh(
    settings: Ssh, address: tuple[str, int], credentials: Credentials, dialect: Dialect, seconds: float
) -> SshStream:
    """Return a shell on the device at *address* within *seconds*.

    Raises :class:`~ispcore.driver.AuthFailed` for a wrong password, which is tried once, and for another host
    key; :class:`~ispcore.driver.Busy` where the device gives no session;
    :class:`~ispcore.driver.Unreachable` for everything else.
    """
    client = _Client(settings, credentials)
    device = dialect.name
    try:
        return finished(_opened(client, settings, address, dialect), seconds)
    except asyncssh.HostKeyNotVerifiable as error:
        raise AuthFailed(
            f"The {device} at {settings.host} shows a host key that is not known: {client.seen or error}.",
            hint="Compare it at the device's console, and name it in `host_key`.",
        ) from error
    except asyncssh.PermissionDenied as error:
        raise AuthFailed(f"The {device} does not accept the name or the password.") from error
    except asyncssh.ChannelOpenError as error:
        raise Busy(f"The {device} has no session left.", after_seconds=dialect.busy_seconds) from error
    except (OSError, asyncssh.Error, TimeoutError) as error:
        reason = str(error) or f"no answer within {seconds:g} seconds"
        # A device with which we have no cipher in common says so, or hangs up.
        early = isinstance(error, asyncssh.DisconnectError) and not client.was_asked
        raise Unreachable(
            f"The {device} at {settings.host} cannot be reached: {reason}.",
            hint="Old firmware needs `legacy_ciphers`." if early and not settings.legacy_ciphers else None,
        ) from error


async def _opened(client: _Client, settings: Ssh, address: tuple[str, int], dialect: Dialect) -> SshStream:
    host, port = address
    connection = await asyncssh.connect(
        host,
        port,
        config=[],
        client_factory=lambda: client,
        username=client.user,
        client_keys=None,
        agent_path=None,
        preferred_auth=("password", "keyboard-interactive"),
        host_key_alias=settings.host,
        known_hosts=_known_hosts(settings.host_key),
        keepalive_interval=settings.keepalive_seconds,
        **(_LEGACY if settings.legacy_ciphers else {}),
    )
    inbox = Inbox()
    try:
        channel, _ = await connection.create_session(
            lambda: _Shell(inbox),
            term_type="vt100",
            term_size=(dialect.columns, dialect.rows),
            encoding=None,
        )
    except BaseException:
        connection.abort()
        raise
    return SshStream(connection, channel, inbox)


def _known_hosts(host_key: str) -> Any:  # noqa: ANN401 - what asyncssh takes
    """Return a file of known hosts, or no known host at all, so that the client is asked about the key."""
    file = Path(host_key).expanduser()
    if host_key.startswith("SHA256:") or not file.exists():
        return [], [], []
    return str(file)


class _Shell(asyncssh.SSHClientSession[bytes]):
    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox

    def data_received(self, data: bytes, datatype: int | None) -> None:  # noqa: ARG002 - asyncssh's signature
        self._inbox.put(data)

    def eof_received(self) -> bool:
        self._inbox.end()
        return False

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncssh's signature
        self._inbox.end()


class _Client(asyncssh.SSHClient):
    """Gives the password once, whichever way it is asked for."""

    def __init__(self, settings: Ssh, credentials: Credentials) -> None:
        self._settings = settings
        self._credentials = credentials
        self.was_asked = False
        self.user = credentials.user
        self.seen = ""

    def validate_host_public_key(self, host: str, addr: str, port: int, key: asyncssh.SSHKey) -> bool:  # noqa: ARG002
        self.seen = key.get_fingerprint()
        return self.seen == self._settings.host_key

    def password_auth_requested(self) -> str | None:
        return self._password()

    def kbdint_auth_requested(self) -> str | None:
        return None if self.was_asked else ""

    def kbdint_challenge_received(self, *challenge: Any) -> list[str] | None:  # noqa: ANN401 - as asyncssh has it
        prompts = challenge[3]
        if not prompts:
            return []
        password = self._password() if len(prompts) == 1 else None
        return None if password is None else [password]

    def _password(self) -> str | None:
        if self.was_asked:
            return None
        self.was_asked = True
        return self._credentials.password.reveal()
