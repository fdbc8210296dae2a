"""What ispcore calls."""

from __future__ import annotations

from ispcore.driver import DriverSpec
from ispcore.hooks import hookimpl
from toy_olt.driver import SPEC


@hookimpl
def ispcore_drivers() -> list[DriverSpec]:
    """Offer the driver."""
    return [SPEC]
