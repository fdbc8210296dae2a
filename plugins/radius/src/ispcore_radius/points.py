"""What is said of an access point beside its address: one text, ``"10.0.0.1 port=1700 unsigned"``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from ipaddress import ip_address

from attrs import frozen

from ispcore.errors import InvalidValueError

_HIGHEST_PORT = 65535
_WORDS = "port=NUMBER, unsigned, closes"


@frozen
class AccessPoint:
    """An access point, and how it takes requests.

    ``signed``: they carry a Message-Authenticator. ``adjusts``: it changes the speed of a session that is
    open; else the session is closed.
    """

    address: str
    port: int
    signed: bool = True
    adjusts: bool = True


def points_of(texts: Iterable[str], port: int) -> Mapping[str, AccessPoint]:
    """Return the access points that *texts* tell, by address; *port* is that of those that name none.

    After the address come ``port=NUMBER``; ``unsigned``, for requests without a Message-Authenticator; and
    ``closes``, where it cannot change an open session.

    Raises:
        InvalidValueError: an address, a port or a word that there is not.
    """
    told = [_point(text, port) for text in texts]
    found = {one.address: one for one in told}
    if len(found) < len(told):
        raise InvalidValueError("An access point stands twice in 'access_points'.")
    return found


def _point(text: str, port: int) -> AccessPoint:
    address, *words = text.split() or [""]
    try:
        address = str(ip_address(address))
    except ValueError:
        raise InvalidValueError(f"{text!r} should begin with the address of an access point.") from None
    signed = adjusts = True
    for word in words:
        name, _, value = word.partition("=")
        if word == "unsigned":
            signed = False
        elif word == "closes":
            adjusts = False
        elif name == "port" and value.isdecimal() and 0 < int(value) <= _HIGHEST_PORT:
            port = int(value)
        else:
            raise InvalidValueError(f"{word!r} says nothing of an access point. There is: {_WORDS}.")
    return AccessPoint(address, port, signed, adjusts)
