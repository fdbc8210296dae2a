"""A simulated OLT for the time of a ``with`` block."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from ispcore.testing.olts.huawei import HuaweiOlt, HuaweiShell
from ispcore.testing.olts.server import OltServer
from ispcore.testing.olts.zte import ZteOlt, ZteShell


def serve(olt: HuaweiOlt | ZteOlt, *, ssh_port: int | None = 0, telnet_port: int | None = None) -> OltServer:
    """Serve an OLT in its dialect; :meth:`OltServer.close` ends it.

    Raises:
        IspcoreError: asyncssh is not installed, or a port is taken.
    """
    shell = partial(HuaweiShell, olt) if isinstance(olt, HuaweiOlt) else partial(ZteShell, olt)
    return OltServer(olt, shell, ssh_port=ssh_port, telnet_port=telnet_port)


@contextmanager
def simulated_olt(
    olt: HuaweiOlt | ZteOlt | None = None, *, ssh_port: int | None = 0, telnet_port: int | None = None
) -> Iterator[OltServer]:
    """Serve an OLT for the time of a ``with`` block; without one, a Huawei OLT that is empty.

    A port of 0 takes a free one, None leaves the way out.

    Raises:
        IspcoreError: asyncssh is not installed, or a port is taken.
    """
    server = serve(olt or HuaweiOlt(), ssh_port=ssh_port, telnet_port=telnet_port)
    try:
        yield server
    finally:
        server.close()
