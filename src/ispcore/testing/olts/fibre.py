"""What hangs on the fibres of an OLT, whatever stands in its configuration."""

from __future__ import annotations

import re
from decimal import Decimal

from attrs import define, field

from ispcore.errors import InvalidValueError

_HEX = re.compile(r"[0-9A-F]{16}")
_SHORT = re.compile(r"([A-Z0-9]{4})([0-9A-F]{8})")
_VENDOR = 8


def hex_serial(serial: str) -> str:
    """Return a serial number as its 16 hex digits: ``HWTC02D80001`` is ``4857544302D80001``.

    Raises:
        InvalidValueError: it is neither 16 hex digits nor four characters and eight hex digits.
    """
    upper = serial.upper()
    if _HEX.fullmatch(upper):
        return upper
    if (short := _SHORT.fullmatch(upper)) is None:
        raise InvalidValueError(
            f"{serial!r} is no serial number of an ONU. Give 16 hex digits, or the vendor's four characters "
            "and eight hex digits."
        )
    return short[1].encode("ascii").hex().upper() + short[2]


def short_serial(serial: str) -> str:
    """Return a serial number of 16 hex digits in 12 characters; a vendor that cannot be printed stays hex."""
    vendor = bytes.fromhex(serial[:_VENDOR])
    shown = vendor.decode("ascii", "replace")
    return (shown if shown.isascii() and shown.isalnum() else serial[:_VENDOR]) + serial[_VENDOR:]


@define(kw_only=True)
class Onu:
    """An ONU on a fibre: where it hangs, what it says of itself, and how well it is heard.

    Powers are in dBm, the distance in metres, the temperature in degrees Celsius. Without light (``lit``)
    nobody hears it.
    """

    serial: str = field(converter=hex_serial)
    port: str
    lit: bool = True
    model: str = "310M"
    version: str = "6A5.A"
    software: str = "V3R015C10S106"
    mac: str = "1234-ABCD-0001"
    rx_dbm: Decimal = Decimal("-21.50")
    tx_dbm: Decimal = Decimal("2.20")
    olt_rx_dbm: Decimal = Decimal("-23.10")
    temperature: int = 45
    current_ma: int = 12
    distance: int = 1033
    reboots: int = 0

    @property
    def vendor(self) -> str:
        """The four characters of who made it."""
        return short_serial(self.serial)[:-_VENDOR]
