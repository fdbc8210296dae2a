"""The one thing about equipment that a person says: it came back. All else follows from components."""

from __future__ import annotations

from attrs import frozen

from ispcore.driver import Onu
from ispcore.plans import facts as f


@frozen
class EquipmentCollected:
    """An ONU that was carried came back from the customer, and is in stock."""

    serial: str


def serial_given(payload: object) -> str | None:
    """Return the serial number of the ONU that a fact gives to its subscription, if it does."""
    match payload:
        case f.ComponentAdded(component) if isinstance(component.spec, Onu):
            return component.spec.serial
        case f.ComponentChanged(spec=Onu(serial=serial)):
            return serial
        case _:
            return None
