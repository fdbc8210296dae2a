"""What a command of a ZTE OLT is, where it may be given, and how it is refused."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, Final

from attrs import frozen

from ispcore.testing.olts.grammar import Grammar, Kind

if TYPE_CHECKING:
    from ispcore.testing.olts.zte.config import ZteFamily
    from ispcore.testing.olts.zte.shell import ZteShell

NOTHING: Final = "%Code 62310-GPONSRV : No related information to show."
SUCCESS: Final = ".[Successful]"


class Refusal(Exception):  # noqa: N818 - what the OLT answers, and no error of the simulator
    """The line that the OLT answers instead of doing it."""


class Invalid(Exception):  # noqa: N818 - as Refusal
    """A name that is not there: the OLT says no more than that the input is invalid."""


class Mode(Enum):
    """Where in the tree of commands somebody is."""

    USER = "user"
    ENABLE = "enable"
    CONFIG = "config"
    PORT = "port"
    ONU = "onu"
    VPORT = "vport"
    MNG = "mng"
    GPON = "gpon"
    PON = "pon"


ANYWHERE: Final = frozenset(Mode)
ENABLED: Final = ANYWHERE - {Mode.USER}
CONFIGURING: Final = ENABLED - {Mode.ENABLE}
ENABLE: Final = frozenset({Mode.ENABLE})
PORT: Final = frozenset({Mode.PORT})
ONU: Final = frozenset({Mode.ONU})
VPORT: Final = frozenset({Mode.VPORT})
MNG: Final = frozenset({Mode.MNG})
GPON: Final = frozenset({Mode.GPON})
PON: Final = frozenset({Mode.PON})


@cache
def grammar(family: ZteFamily) -> Grammar:
    """Return the grammar of a family, which names its interfaces in a way of its own."""
    place = r"1/\d{1,2}/\d{1,2}"
    number = r"[1-9]\d?|1[01]\d|12[0-8]"
    return Grammar(
        {
            "olt": Kind(rf"{family.olt}{place}", ""),
            "onu": Kind(rf"{family.onu}{place}:(?:{number})", ""),
            "vport": Kind(rf"vport-{place}\.(?:{number}):\d", ""),
            "id": Kind(number, ""),
            "sn": Kind(r"[A-Za-z0-9]{4}[0-9A-Fa-f]{8}", ""),
            "number": Kind(r"\d{1,8}", ""),
            "vlan": Kind(r"[1-9]\d{0,2}|[1-3]\d{3}|40(?:[0-8]\d|9[0-4])", ""),
            "word": Kind(r"\S{1,80}", ""),
            "eth": Kind(r"eth_0/\d{1,2}", ""),
            "wifi": Kind(r"wifi_0/\d", ""),
            "ssid": Kind(r".{1,32}", ""),
            "key": Kind(r".{8,63}", ""),
            "ip": Kind(r"\d{1,3}(?:\.\d{1,3}){3}", ""),
        }
    )


Values = Mapping[str, str]
Act = Callable[["ZteShell", Values], "str | Awaitable[str]"]


@frozen
class Command:
    """A pattern, what is done, in which modes it is known, and by which family when not by both."""

    pattern: str
    act: Act
    modes: frozenset[Mode] = ENABLED
    writes: bool = False
    family: str = ""
