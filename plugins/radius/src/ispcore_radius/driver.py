"""The driver: what FreeRADIUS's tables would read back, and a connection to them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ispcore.driver import Health, Login, Site, Spec
from ispcore_radius.config import RadiusConfig
from ispcore_radius.layout import normal
from ispcore_radius.session import RadiusSession
from ispcore_radius.wire import Wire


class RadiusDriver:
    """Logins in FreeRADIUS's tables."""

    def normal(self, spec: Spec, health: Health) -> Spec:  # noqa: ARG002 - all databases read back the same
        """Return *spec* with addresses in their one spelling, and MACs sorted."""
        return normal(spec) if isinstance(spec, Login) else spec

    @contextmanager
    def open(self, site: Site[RadiusConfig]) -> Iterator[RadiusSession]:
        """Connect to the database."""
        wire = Wire(site)
        try:
            yield RadiusSession(wire, site.config, site.dial)
        finally:
            wire.close()
