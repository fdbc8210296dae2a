"""What a command of a Huawei OLT is, where it may be given, and how it is refused."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from enum import Enum
from typing import TYPE_CHECKING, Final

from attrs import frozen

from ispcore.testing.olts.grammar import Grammar, Kind

if TYPE_CHECKING:
    from ispcore.testing.olts.huawei.shell import HuaweiShell

RULE: Final = "  " + "-" * 77


class Refusal(Exception):  # noqa: N818 - what the OLT answers, and no error of the simulator
    """What the OLT says instead of doing it, after ``Failure:``."""


class Mode(Enum):
    """Where in the tree of commands somebody is."""

    USER = "user"
    ENABLE = "enable"
    CONFIG = "config"
    GPON = "gpon"
    LINE_PROFILE = "line profile"
    SERVICE_PROFILE = "service profile"
    DIAGNOSE = "diagnose"


ANYWHERE: Final = frozenset(Mode)
ENABLED: Final = ANYWHERE - {Mode.USER}
CONFIG: Final = frozenset({Mode.CONFIG})
GPON: Final = frozenset({Mode.GPON})

KINDS: Final = {
    "frame/slot": Kind(r"0/\d{1,2}", "frameid/slotid<S><Length 3-4>"),
    "frame/slot/port": Kind(r"0/\d{1,2}/\d{1,2}", "frameid/slotid/portid<S><Length 5-7>"),
    "frame": Kind(r"0", "frameid<U><0,0>"),
    "slot": Kind(r"\d{1,2}", "slotid<U><0,21>"),
    "port": Kind(r"\d|1[0-5]", "portid<U><0,15>"),
    "ont": Kind(r"\d{1,2}|1[01]\d|12[0-7]", "ontid<U><0,127>"),
    "sn": Kind(r"[0-9A-Fa-f]{16}|[A-Za-z0-9]{4}[0-9A-Fa-f]{8}", "sn-value<S><Length 12,16>"),
    "number": Kind(r"\d{1,10}", "number<U>"),
    "vlan": Kind(r"[1-9]\d{0,2}|[1-3]\d{3}|40(?:[0-8]\d|9[0-3])", "vlanid<U><1,4093>"),
    "user-vlan": Kind(r"untagged|[1-9]\d{0,3}", "user-vlan<S>"),
    "priority": Kind(r"[0-7]", "priority<U><0,7>"),
    "eth": Kind(r"[1-8]", "ont-portid<U><1,8>"),
    "index": Kind(r"\d{1,5}", "index<U><0,65535>"),
    "profile": Kind(r"\d{1,4}", "profile-id<U><0,8191>"),
    "name": Kind(r".{1,64}", "name<S><Length 1-64>"),
    "text": Kind(r".{0,64}", "text<S><Length 0-64>"),
    "ip": Kind(r"\d{1,3}(?:\.\d{1,3}){3}", "ip-address<I><X.X.X.X>"),
    "rate": Kind(r"\d{1,8}|off", "rate<U>"),
}
GRAMMAR: Final = Grammar(KINDS)

Values = Mapping[str, str]
Act = Callable[["HuaweiShell", Values], "str | Awaitable[str]"]


@frozen
class Command:
    """A pattern, what is done, and in which modes it is known.

    ``writes`` says that it changes something; then it is counted, and refused while the OLT saves. ``sure``
    is what is asked before it is done.
    """

    pattern: str
    act: Act
    modes: frozenset[Mode] = ENABLED
    writes: bool = False
    sure: str = ""


def number(values: Values, name: str) -> int | None:
    """Return a value that may have been left out as a number."""
    return int(values[name]) if name in values else None


def padded(port: str) -> str:
    """Return a port as tables print it: ``0/ 1/3``."""
    frame, slot, of_slot = port.split("/")
    return f"{frame}/{slot:>2}/{of_slot}"
