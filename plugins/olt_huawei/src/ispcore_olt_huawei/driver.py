"""The driver: how an OLT would read a wish back, and a session with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ispcore.driver import Health, Onu, Site, Spec
from ispcore.transports import Credentials, Ssh, Telnet, connected
from ispcore_olt_huawei.config import HuaweiConfig, Line
from ispcore_olt_huawei.dialect import HUAWEI
from ispcore_olt_huawei.faults import unsupported
from ispcore_olt_huawei.session import HuaweiSession
from ispcore_olt_huawei.standing import normal


class HuaweiDriver:
    """Reads and writes ONUs on Huawei SmartAX OLTs."""

    def normal(self, spec: Spec, health: Health) -> Spec:  # noqa: ARG002 - no firmware reads back otherwise
        """Return *spec* as the OLT would read it back; raises Unsupported for what it has not."""
        if not isinstance(spec, Onu):
            raise unsupported(spec)
        return normal(spec)

    @contextmanager
    def open(self, site: Site[HuaweiConfig]) -> Iterator[HuaweiSession]:
        """Give a session."""
        config = site.config
        device = (
            Telnet(config.host, config.port or 23)
            if config.line is Line.TELNET
            else Ssh(config.host, config.port or 22, config.host_key, config.legacy_ciphers)
        )
        credentials = Credentials(config.user, config.password, config.enable_password)
        with connected(site, device, credentials, HUAWEI) as cli:
            yield HuaweiSession(cli, config)
