"""Devices that count: what they tell of connections is asked for in pages, each in a lane of its own."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from attrs import frozen

from ispcore.driver import Accounting, AccountingRecord, Support, Unsupported
from ispcore.effects import DeviceDownError, Fault, Lender, Stop, ask, waiting
from ispcore.errors import PluginError
from ispcore.network import Connection, Octets

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from ispcore.desks.reach import Reach
    from ispcore.effects import DeviceRow
    from ispcore.storage import Session

_PAGE = 1_000
"""How many connections a device is asked for at once."""
_NO_END = "was asked for the page after a connection, and told that page once more: its driver is at fault."


@frozen
class CountingDevice:
    """A device as an accounting source; its lane is free while what it told is taken."""

    _lender: Lender
    _name: str
    _stop: Stop | None = None
    _page: int = _PAGE

    def changed(self, since: datetime | None) -> Iterator[Connection]:
        """Yield what the device heard of at *since* or later, or all, in its order.

        Raises:
            DeviceDownError: it cannot be worked with, waits for a person, or tells the same page again and
                again.
            LaneLostError: no lane became free in time.
        """
        if self._stop is not None:
            raise waiting(self._name, self._stop)
        told = None if since is None else since.astimezone(UTC).isoformat()
        after: str | None = None
        while True:
            try:
                records = ask(
                    self._lender, self._name, Accounting(since=told, after=after, most=str(self._page))
                )
            except Unsupported:  # which a device may say of itself, whatever its driver can
                return
            yield from (connection_of(one) for one in records)
            if len(records) < self._page:
                return
            if records[-1].cursor == after:
                raise DeviceDownError(Fault(code="PluginFault", text=f"{self._name} {_NO_END}"))
            after = records[-1].cursor


def counting_devices(reach: Reach) -> dict[str, CountingDevice]:
    """Return the devices that count, by their names, but for those that are left alone.

    One whose driver is not there any more is among them where it has told before: so that it is missed.
    """
    now = reach.database.now()
    with reach.database.reading() as work:
        rows = [row for row in work.devices.all() if _counts(reach, work, row)]
    free = [row for row in rows if row.held_until is None or row.held_until <= now]
    return {row.name: CountingDevice(reach.lender(), row.name, row.stopped) for row in free}


def _counts(reach: Reach, work: Session, row: DeviceRow) -> bool:
    try:
        spec = reach.driver(row.driver)
    except PluginError:
        return work.connections.reached(row.name) is not None
    return spec.actions.get(Accounting, Support.NO) is not Support.NO


def connection_of(record: AccountingRecord) -> Connection:
    """Return the connection that a device tells of; it began when it was seen, where nobody told that."""
    return Connection(
        id=record.unique_id,
        login=record.username,
        started_at=record.since or record.seen_at,
        seen_at=record.seen_at,
        stopped_at=record.until,
        octets=Octets(up=record.uploaded_bytes or 0, down=record.downloaded_bytes or 0),
        session=record.id or None,
        address=record.address,
        ipv6_prefix=record.ipv6_prefix,
        delegated_prefix=record.delegated_prefix,
        mac=record.mac,
        access_point=record.access_point,
        cause=record.cause,
    )
