"""What ispcore finds by the entry point ``olt-huawei``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ispcore.hooks import hookimpl
from ispcore_olt_huawei.spec import SPEC

if TYPE_CHECKING:
    from ispcore.driver import DriverSpec


@hookimpl
def ispcore_drivers() -> list[DriverSpec]:
    """Offer the driver of Huawei OLTs."""
    return [SPEC]
