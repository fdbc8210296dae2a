"""What is said of an access point beside its address: one text, ``"10.0.0.1 port=1700 vendor=cisco"``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from ipaddress import ip_address

from attrs import frozen

from ispcore.errors import InvalidValueError

_HIGHEST_PORT = 65535
_WORDS = "port=NUMBER, vendor=NAME, unsigned, closes"


class Vendor(Enum):
    """Whose attributes tell an access server the speed; :mod:`ispcore_radius.speeds` has them."""

    MIKROTIK = "mikrotik"
    WISPR = "wispr"
    """The WISPr attributes, which many makers understand."""
    HUAWEI = "huawei"
    ASCEND = "ascend"
    CISCO = "cisco"
    """Policies that the access server has by name, in ``Cisco-AVPair``."""
    JUNIPER = "juniper"
    """Policies that the access server has by name, in the ERX attributes."""
    GENERIC = "generic"
    """Two attributes of one's own, in bits a second."""


_VENDORS = {one.value for one in Vendor}


@frozen
class AccessPoint:
    """An access point, and how it takes requests.

    ``signed``: they carry a Message-Authenticator. ``adjusts``: it changes the speed of a session that is
    open; else the session is closed. ``vendor`` is whose attributes tell it a speed.
    """

    address: str
    port: int
    signed: bool = True
    adjusts: bool = True
    vendor: Vendor = Vendor.MIKROTIK


def points_of(texts: Iterable[str], port: int, vendor: Vendor = Vendor.MIKROTIK) -> Mapping[str, AccessPoint]:
    """Return the access points that *texts* tell, by address; *port* and *vendor* where a text names none.

    After the address come ``port=NUMBER``; ``vendor=NAME``; ``unsigned``, for requests without a
    Message-Authenticator; and ``closes``, where it cannot change an open session.

    Raises:
        InvalidValueError: an address, a port or a word that there is not.
    """
    told = [_point(text, port, vendor) for text in texts]
    found = {one.address: one for one in told}
    if len(found) < len(told):
        raise InvalidValueError("An access point stands twice in 'access_points'.")
    return found


def _point(text: str, port: int, vendor: Vendor) -> AccessPoint:
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
        elif name == "vendor" and value in _VENDORS:
            vendor = Vendor(value)
        else:
            raise InvalidValueError(f"{word!r} says nothing of an access point. There is: {_WORDS}.")
    return AccessPoint(address, port, signed, adjusts, vendor)
