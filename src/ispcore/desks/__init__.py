"""The parts of the facade, a theme each; an application reaches them through its provider."""

from ispcore.desks.acting import ActionDesk
from ispcore.desks.devices import CheckedDevice, DeviceDesk, DeviceView
from ispcore.desks.late import LateDesk
from ispcore.desks.outbox import OutboxDesk
from ispcore.desks.reach import Drivers, Reach
from ispcore.desks.secrets import SecretDesk
from ispcore.desks.system import RandomCommandIds, SystemClock

__all__ = [
    "ActionDesk",
    "CheckedDevice",
    "DeviceDesk",
    "DeviceView",
    "Drivers",
    "LateDesk",
    "OutboxDesk",
    "RandomCommandIds",
    "Reach",
    "SecretDesk",
    "SystemClock",
]
