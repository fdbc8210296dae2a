"""How a device stands: what a doctor asks of it, without knowing how the work on it is done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from attrs import frozen


@frozen(kw_only=True)
class DeviceStanding:
    """A device, and how far it is behind.

    ``lagging`` placements were not applied yet, the oldest wanted ``since``; ``troubled`` ones need a person.
    """

    name: str
    driver: str
    stopped: Mapping[str, Any] | None = None
    failures: int = 0
    paused_until: datetime | None = None
    held_until: datetime | None = None
    lagging: int = 0
    since: datetime | None = None
    troubled: int = 0
    drifted: int = 0
    """How much of ours had drifted at the last look."""
