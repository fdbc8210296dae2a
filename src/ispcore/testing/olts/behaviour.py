"""How a simulated OLT behaves: who may sign in, how many, how patient it is, how its terminal looks."""

from __future__ import annotations

from attrs import define


@define(kw_only=True)
class Behaviour:
    """Settings that a test changes at any time.

    ``sessions`` is how many may be open at once, ``refusals`` after how many wrong passwords it lets nobody
    in. ``width`` and ``rows`` are of the terminal; without them they are what the other end says, else 80
    and 24.
    ``slow_seconds`` is what every answer takes, ``saving_seconds`` how long saving does; meanwhile other
    sessions are refused their writes.
    """

    user: str = "root"
    password: str = "admin123"  # noqa: S105 - of a device that does not exist
    enable_password: str | None = None
    sessions: int = 1
    refusals: int = 3
    idle_seconds: float = 300.0
    width: int | None = None
    rows: int | None = None
    slow_seconds: float = 0.0
    saving_seconds: float = 0.0
    refuse_logins: int = 0
    """So many logins are refused though the password is right."""
    busy: int = 0
    """So many writes are answered that the system is busy."""
    burst: str = ""
    """An alarm that stands in the middle of every answer, in sessions that want to see alarms."""
    legacy_ssh: bool = False
    """Offer only what old firmwares have: SHA-1 key exchange, ``ssh-rsa``, CBC ciphers."""
