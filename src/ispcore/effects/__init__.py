"""Carrying decisions out, after the transaction that made them: observers are told what was recorded."""

from ispcore.effects.events import FactRecorded, event_of
from ispcore.effects.observers import Delivered, Delivery, Lag, Observers, deliver
from ispcore.effects.standing import DeviceStanding

__all__ = [
    "Delivered",
    "Delivery",
    "DeviceStanding",
    "FactRecorded",
    "Lag",
    "Observers",
    "deliver",
    "event_of",
]
