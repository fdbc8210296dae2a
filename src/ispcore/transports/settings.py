"""How a device is reached: by SSH, or by Telnet where it has nothing better."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from ispcore.driver import Unreachable

if TYPE_CHECKING:
    from ispcore.transports.dialect import Dialect
    from ispcore.transports.dialogue import Credentials
    from ispcore.transports.streams import Stream

_INSTALL = "Install it with: pip install 'ispcore[terminal]'"


@frozen
class Ssh:
    """A device that speaks SSH.

    ``host_key`` is the fingerprint of its key (``SHA256:…``), or a file of known hosts. ``legacy_ciphers``
    lets in what is broken and what old OLTs speak only. Nothing is asked of the user's own SSH settings.
    """

    host: str
    port: int = 22
    host_key: str = "~/.ssh/known_hosts"
    legacy_ciphers: bool = False
    keepalive_seconds: float = 30.0


@frozen
class Telnet:
    """A device that speaks Telnet: everybody on the way reads the password."""

    host: str
    port: int = 23


def open_stream(
    settings: Ssh | Telnet,
    address: tuple[str, int],
    credentials: Credentials,
    dialect: Dialect,
    seconds: float,
) -> Stream:
    """Return a connection to *address* within *seconds*, before anything was said.

    Raises :class:`~ispcore.driver.Unreachable`, :class:`~ispcore.driver.Busy` or
    :class:`~ispcore.driver.AuthFailed`, and the first of them where the library for it is not installed.
    """
    try:
        if isinstance(settings, Ssh):
            from ispcore.transports.ssh_client import open_ssh  # noqa: PLC0415 - needs the extra

            return open_ssh(settings, address, credentials, dialect, seconds)
        from ispcore.transports.telnet_client import open_telnet  # noqa: PLC0415 - needs the extra

        return open_telnet(settings, address, dialect, seconds)
    except ModuleNotFoundError as error:
        raise Unreachable(
            f"Reaching the {dialect.name} needs a package that is not installed: {error.name}.", hint=_INSTALL
        ) from error
