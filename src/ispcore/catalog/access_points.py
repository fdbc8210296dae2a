"""Where components are bound to devices: by access point, and by default for what hangs at none.

A device is named by its code only; what it is and how it is reached is kept beside the catalogue.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from attrs import field, frozen

from ispcore.driver import KINDS
from ispcore.values import CODE, TEXT, suggestion

if TYPE_CHECKING:
    from ispcore.values import Table


@frozen
class AccessPoint:
    """A place of the network at which customers hang: a tower, a cabinet, a point of routing.

    ``devices`` names the device for each kind of component, by the kind's word; ``city`` is where it is.
    """

    code: str
    name: str
    devices: Mapping[str, str] = field(factory=dict)
    city: str | None = None


def read_access_point(code: str, table: Table) -> AccessPoint:
    """Return the access point that *table* describes."""
    return AccessPoint(
        code, table.get("name", TEXT), read_devices(table), table.get("city", TEXT, default=None)
    )


def read_devices(table: Table) -> dict[str, str]:
    """Return the devices that *table* names at ``devices``, by the words of kinds."""
    devices = table.table("devices")
    found = devices.counts(CODE)
    check_kinds(devices, found)
    return found


def check_kinds(table: Table, given: Mapping[str, object]) -> None:
    """Note each key of *given*, read from *table*, that is no word of a kind of component."""
    for word in given:
        if word not in KINDS:
            table.problem(f"{word!r} is no kind of component.", suggestion(word, KINDS), at=word)
