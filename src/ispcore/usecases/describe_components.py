"""What a fact of a component says, in words; a secret is never among them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ispcore.driver import claim_of
from ispcore.plans import EVERY_DAY, EquipmentCollected
from ispcore.plans import facts as f

if TYPE_CHECKING:
    from ispcore.catalog import Speed
    from ispcore.plans import SpeedWindow

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def of_component(payload: object) -> tuple[str, ...]:
    """Return what *payload* says, a sentence part each."""
    match payload:
        case f.ComponentAdded(component):
            place = (f"at {component.access_point}",) if component.access_point else ()
            shared = (f"password of {component.password_of}",) if component.password_of else ()
            named = (f"{component.id}: {claim_of(component.spec)}", f"resource {component.resource}")
            return (*named, *place, *shared)
        case f.ComponentChanged(component, spec, access_point):
            place = (f"at {access_point}",) if access_point else ()
            return (f"{component}: {claim_of(spec)}", *place)
        case f.SpeedSet(component, None):
            return (f"{component}: the plan's speed",)
        case f.SpeedSet(component, speed, until) if speed is not None:
            return (f"{component}: {_speed(speed)}", *((f"until {until}",) if until else ()))
        case f.SpeedWindowsSet(component, windows):
            said = "; ".join(_window(window) for window in windows) or "no windows"
            return (f"{component}: {said}",)
        case EquipmentCollected(serial):
            return (serial,)
        case _:
            return (str(getattr(payload, "component", "")),)


def _speed(speed: Speed) -> str:
    return f"{speed.download_kbit}/{speed.upload_kbit} kbit/s"


def _window(window: SpeedWindow) -> str:
    days = "" if window.days == EVERY_DAY else f" {' '.join(_DAYS[day - 1] for day in window.days)}"
    return f"{_speed(window.speed)} {window.start:%H:%M} to {window.end:%H:%M}{days}"
