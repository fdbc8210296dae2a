"""Connections as an accounting server tells of them, with usual values."""

from datetime import UTC, datetime
from typing import Any

from ispcore.hooks import AccountingSourceSpec, hookimpl
from ispcore.network import Connection, Octets
from ispcore.testing import MockAccounting


def at(day: int, hour: int = 0, minute: int = 0, month: int = 3) -> datetime:
    """Return an instant of 2012, of March unless said otherwise, in UTC."""
    return datetime(2012, month, day, hour, minute, tzinfo=UTC)


def stopped(start: datetime, stop: datetime, *, up: int = 0, down: int = 0, **more: Any) -> Connection:
    """Return a connection of ana that stopped."""
    usual = {"id": f"c-{start:%m%d%H%M}", "login": "ana"}
    return Connection(
        **{**usual, **more}, started_at=start, seen_at=stop, stopped_at=stop, octets=Octets(up, down)
    )


def going_on(start: datetime, seen: datetime, *, up: int = 0, down: int = 0, **more: Any) -> Connection:
    """Return a connection of ana that was open when it was last seen."""
    usual = {"id": f"c-{start:%m%d%H%M}", "login": "ana"}
    return Connection(**{**usual, **more}, started_at=start, seen_at=seen, octets=Octets(up, down))


class Radacct(MockAccounting):
    """An accounting server that always tells of one connection, and of one without a login."""

    def __init__(self) -> None:
        super().__init__()
        self.stands(stopped(at(10, 8), at(10, 9), up=10), stopped(at(10, 8), at(10, 9), id="bad", login=""))


class BringsRadacct:
    """A plugin that brings it."""

    @hookimpl
    def ispcore_accounting_sources(self) -> list[AccountingSourceSpec]:
        return [AccountingSourceSpec("radius", f"{__name__}:Radacct")]
