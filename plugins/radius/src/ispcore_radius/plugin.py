"""What ispcore finds by the entry point ``radius``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ispcore.hooks import CommandSpec, hookimpl
from ispcore_radius.spec import SPEC

if TYPE_CHECKING:
    from ispcore.driver import DriverSpec


@hookimpl
def ispcore_drivers() -> list[DriverSpec]:
    """Offer the driver of FreeRADIUS's tables."""
    return [SPEC]


@hookimpl
def ispcore_commands() -> list[CommandSpec]:
    """Add the command that sets a FreeRADIUS up."""
    return [CommandSpec("radius", "ispcore_radius.commands:radius", "Set up the FreeRADIUS of the logins.")]
