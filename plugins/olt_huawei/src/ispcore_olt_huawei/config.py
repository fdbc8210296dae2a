"""How an OLT is reached, and what stands on it for an ONU that says nothing else."""

from __future__ import annotations

import re
from enum import Enum

from attrs import frozen

from ispcore.errors import InvalidValueError
from ispcore.values import SecretText

_PROFILE = re.compile(r"(\d{1,4})(?:/(\d{1,4}))?")
_HIGHEST_PORT = 65535


class Line(Enum):
    """How the command line is reached."""

    SSH = "ssh"
    TELNET = "telnet"
    """Everybody on the way reads the password."""


@frozen(kw_only=True)
class HuaweiConfig:
    """One OLT.

    ``port`` 0 is the usual one of the ``line``. ``host_key`` is the fingerprint of the OLT's key, or a file
    of known hosts; ``legacy_ciphers`` lets in what old firmware speaks only.

    ``profile`` is what an ONU gets that names none: the numbers of the line profile and of the service
    profile, ``"10/20"``. Its service goes through ``gemport`` of the line profile. ``ip_index`` is the WAN
    connection that it signs in with, bound to ``wan_profile`` where one is named; ``lan_ports`` are the
    Ethernet ports that are bridged. ``save`` keeps what was written over a restart of the OLT.

    Raises InvalidValueError for a profile or a port that cannot be one.
    """

    host: str
    user: str = "root"
    password: SecretText
    enable_password: SecretText | None = None
    line: Line = Line.SSH
    port: int = 0
    host_key: str = "~/.ssh/known_hosts"
    legacy_ciphers: bool = False
    profile: str
    gemport: int = 1
    ip_index: int = 0
    wan_profile: int | None = None
    lan_ports: tuple[int, ...] = (1,)
    save: bool = True

    def __attrs_post_init__(self) -> None:
        """Refuse what cannot work, before a connection is tried."""
        if profile_of(self.profile) is None:
            raise InvalidValueError(
                f"'profile' is {self.profile!r}, which names no profiles.",
                hint="Give the numbers of the line profile and of the service profile: '10/20'.",
            )
        if not 0 <= self.port <= _HIGHEST_PORT:
            raise InvalidValueError(f"{self.port} is not a port.", hint="Leave it out for the usual one.")


def profile_of(text: str | None) -> tuple[int, int] | None:
    """Return line and service profile of ``"10/20"`` or ``"10"``, which is both; None for another text."""
    found = _PROFILE.fullmatch(text or "")
    return None if found is None else (int(found[1]), int(found[2] or found[1]))
