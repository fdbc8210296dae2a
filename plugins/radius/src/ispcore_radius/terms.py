"""The terms on which a login's sessions are open, as one value that travels with them.

FreeRADIUS hands the attribute ``Class`` to the access point when somebody signs in, and gets it back with
every record of that session. It holds what the login said then, in short; so the table of sessions tells
which of them are still open on other terms. A session that bears no such value (the access point sends none
back, or it began before) is taken to be on the terms that stood when its login changes next.
"""

from __future__ import annotations

from hashlib import sha256

from attrs import frozen

from ispcore.driver import Access, Login

CLASS = "Class"
_BEGINNING = b"ispcore/"
_OURS = f"0x{_BEGINNING.hex()}"
_SHOWN = 8

SPEED = frozenset({"download_kbit", "upload_kbit"})
TERMS = SPEED | {"access", "address", "pool", "ipv6_prefix", "delegated_prefix", "vlan"}
"""The fields that a session takes over when it begins; others count when somebody signs in next."""


@frozen
class Terms:
    """What a session has of its login: the speed, which some access points change, and the rest."""

    rest: str
    speed: str

    @property
    def value(self) -> str:
        """The value of ``Class``, as a row has it and as FreeRADIUS writes it down."""
        return f"0x{_BEGINNING.hex()}{f'{self.rest}/{self.speed}'.encode().hex()}"


def terms_of(login: Login) -> Terms:
    """Return the terms that *login* gives whoever signs in now."""
    rest = sorted(TERMS - SPEED)
    return Terms(_short(login, rest), _short(login, sorted(SPEED)))


def _short(login: Login, names: list[str]) -> str:
    told = ";".join(f"{name}={getattr(login, name)}" for name in names)
    return sha256(told.encode()).hexdigest()[:_SHOWN]


def is_ours(value: str | None) -> bool:
    """Tell whether a value of ``Class`` is one of terms."""
    return value is not None and value.lower().startswith(_OURS)


def is_on(login: Login, value: str | None) -> bool:
    """Tell whether a session with this ``Class`` may stay open as it is; one that tells nothing may."""
    if login.access is Access.REFUSED:
        return False
    return value is None or not is_ours(value) or value.lower() == terms_of(login).value


def differs_in_speed(login: Login, value: str | None) -> bool:
    """Tell whether a session has all that *login* gives but the speed."""
    terms = terms_of(login)
    return value is not None and value.lower().startswith(Terms(terms.rest, "").value)
