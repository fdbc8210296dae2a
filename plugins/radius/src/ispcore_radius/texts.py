"""What may stand in a column, and the one spelling of what has several.

A spelling that is none is left as it is, so that ``normal`` never fails; it is refused when it is written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from ipaddress import IPv4Address, IPv6Network

from ispcore.driver import Invalid

LONGEST_PASSWORD = 128
"""No request can carry a longer one (RFC 2865, 5.2)."""
LONGEST_VALUE = 253
MOST_MACS = 5

_LONGEST_NAME = 64
_QUOTES = "\"'`"
_FIRST_PRINTED = 32
_DELETE = 127
_HEX = re.compile(r"[0-9A-F]{12}")
_BETWEEN_HEX = re.compile(r"[-:.\s]")


def checked_name(name: str, safe: str) -> str:
    """Return a login's name, or raise Invalid where FreeRADIUS would not find it.

    The server spells characters that it thinks unsafe in another way before it asks the database. Its tables
    have 64 characters for a name.
    """
    if not name or len(name) > _LONGEST_NAME:
        raise Invalid(f"A login's name has 1 to {_LONGEST_NAME} characters, not {len(name)}.")
    if not is_sayable(name):
        raise Invalid(f"The login {name!r} has a character in it that no database takes.")
    if name != name.strip():
        raise Invalid(f"The login {name!r} begins or ends with a space, which people do not see.")
    strange = sorted({one for one in name if one.isascii() and one not in safe})
    if strange:
        raise Invalid(
            f"FreeRADIUS would not find the login {name!r}: {''.join(strange)!r} is not safe to it.",
            hint="Take another name, or widen safe_characters on the server and in the configuration.",
        )
    return name


def checked_text(what: str, text: str, *, most: int = LONGEST_VALUE) -> str:
    """Return a value of a row, or raise Invalid where FreeRADIUS would read another one.

    It takes quotes off a value that is wholly in quotes, and carries out one in backquotes. The text itself
    is not in the error: it may be a password.
    """
    if not is_sayable(text):
        raise Invalid(f"The {what} has a character in it that no database takes.")
    length = len(text.encode())
    if not 0 < length <= most:
        raise Invalid(f"The {what} has {length} bytes; FreeRADIUS takes 1 to {most}.")
    if any(ord(one) < _FIRST_PRINTED or ord(one) == _DELETE for one in text):
        raise Invalid(f"The {what} has a control character in it.")
    if text[0] in _QUOTES and text[0] == text[-1]:
        raise Invalid(f"The {what} is all in quotes, which FreeRADIUS would take off.")
    return text


def is_sayable(text: str) -> bool:
    """Tell whether a database can be asked about *text*: without half characters, and without a null."""
    return "\0" not in text and text == text.encode(errors="replace").decode()


def mac(text: str) -> str:
    """Return an address of equipment as ``AA:BB:CC:DD:EE:FF``; what is none stays as it is."""
    digits = _BETWEEN_HEX.sub("", text).upper()
    return ":".join(re.findall("..", digits)) if _HEX.fullmatch(digits) else text


def macs(given: Iterable[str]) -> tuple[str, ...]:
    """Return addresses of equipment in their spelling, each once and in order."""
    return tuple(sorted({mac(one) for one in given}))


def checked_macs(given: Iterable[str]) -> tuple[str, ...]:
    """Return addresses of equipment, or raise Invalid where one is none or there are too many."""
    spelt = macs(given)
    if len(spelt) > MOST_MACS:
        raise Invalid(f"A login is bound to {MOST_MACS} MAC addresses at most, not {len(spelt)}.")
    for one in spelt:
        if not is_mac(one):
            raise Invalid(f"{one!r} is not a MAC address.")
    return spelt


def is_mac(text: str) -> bool:
    """Tell whether *text* is an address of equipment in the spelling of :func:`mac`."""
    return mac(text) == text and _HEX.fullmatch(text.replace(":", "")) is not None


def address(text: str) -> str:
    """Return an IPv4 address in its one spelling.

    Raises:
        ValueError: it is none.
    """
    return str(IPv4Address(text.strip()))


def prefix(text: str) -> str:
    """Return an IPv6 prefix in its one spelling, without bits beyond its length.

    Raises:
        ValueError: it is none.
    """
    return str(IPv6Network(text.strip(), strict=False))


def spelt(spelling: Callable[[str], str], text: str) -> str:
    """Return *text* in its one spelling, or as it is where it has none."""
    try:
        return spelling(text)
    except ValueError:
        return text
