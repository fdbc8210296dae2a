"""Where an ONT is on an OLT, and how serial numbers are written."""

from __future__ import annotations

import re

from attrs import frozen

from ispcore.driver import Invalid, Key

_PORT = re.compile(r"(\d{1,3})\s*/\s*(\d{1,3})\s*/\s*(\d{1,3})")
_KEY = re.compile(r"(\d+/\d+/\d+):(\d+)")
_LONG = re.compile(r"[0-9A-Z]{16}")
_SHORT = re.compile(r"[0-9A-Z]{4}[0-9A-F]{8}")
_VENDOR_DIGITS = 8


@frozen(order=True)
class Place:
    """A place on a port, ``"0/1/4"`` and 7; printed as ``0/1/4:7``."""

    port: str
    ont: int

    def __str__(self) -> str:
        """Return it as people write it."""
        return f"{self.port}:{self.ont}"

    @property
    def key(self) -> Key:
        """The device's name for what is there."""
        return Key(str(self))

    @property
    def board(self) -> str:
        """Frame and slot: ``"0/1"``."""
        return self.port.rpartition("/")[0]

    @property
    def number(self) -> str:
        """The port on its board, and the ONT: ``"4 7"``, as commands of a board want it."""
        return f"{self.port.rpartition('/')[2]} {self.ont}"


def port_of(text: str) -> str | None:
    """Return a port without the blanks that tables put into it; None where the text is none."""
    found = _PORT.fullmatch(text.strip())
    return None if found is None else "/".join(str(int(part)) for part in found.groups())


def place_of(key: str) -> Place | None:
    """Return the place that a key names; None for another key."""
    found = _KEY.fullmatch(key)
    return None if found is None else Place(found[1], int(found[2]))


def short_serial(serial: str) -> str:
    """Return a serial number in 12 characters, ``HWTC02D80001``.

    One whose vendor cannot be printed stays as 16 digits; anything else stays as it is, in capitals.
    """
    upper = serial.strip().upper()
    if not _LONG.fullmatch(upper):
        return upper
    try:
        vendor = bytes.fromhex(upper[:_VENDOR_DIGITS]).decode("ascii")
    except ValueError:
        return upper
    printable = vendor.isalnum() and vendor == vendor.upper()
    return vendor + upper[_VENDOR_DIGITS:] if printable else upper


def long_serial(serial: str) -> str:
    """Return a serial number as the 16 digits that commands take.

    Raises Invalid for what is no serial number.
    """
    upper = serial.strip().upper()
    if _SHORT.fullmatch(upper):
        return upper[:4].encode("ascii").hex().upper() + upper[4:]
    if len(upper) == len("0" * 16) and re.fullmatch(r"[0-9A-F]+", upper):
        return upper
    raise Invalid(
        f"{serial!r} is no serial number of an ONU.",
        hint="Give 16 hex digits, or the vendor's four characters and eight hex digits: HWTC02D80001.",
    )
