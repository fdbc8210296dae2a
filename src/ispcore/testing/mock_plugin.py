"""A plugin that brings the mock driver: ``Plugins.of(mock_plugin)``; its devices are kept in files."""

from __future__ import annotations

from ispcore.driver import DriverSpec
from ispcore.hooks import hookimpl
from ispcore.testing.mock_driver import MOCK_SPEC


@hookimpl
def ispcore_drivers() -> list[DriverSpec]:
    """Offer the driver."""
    return [MOCK_SPEC]
