"""What was counted: the rows of ``radacct`` in the order in which the server wrote them, a page at a time.

That order is ``acctupdatetime``, which is to be the clock of the server and not of an access point: a record
that comes hours late is written now. A row that has none is where it ended, or began.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from attrs import frozen

from ispcore.driver import Accounting, AccountingRecord, Invalid, Operation, Result
from ispcore_radius.accounting import RADACCT, instant, instant_asked, written
from ispcore_radius.config import RadiusConfig
from ispcore_radius.wire import Wire

_MOST = 10_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_WRITTEN = ("acctupdatetime", "acctstoptime", "acctstarttime")
_ORDER = (sa.func.coalesce(*(RADACCT.c[name] for name in _WRITTEN)), RADACCT.c.radacctid)


@frozen
class Place:
    """Where a row stands in the order: when it was written, as the database has that, and its number."""

    written: object
    row: int

    def __str__(self) -> str:
        """Return it as it is handed out, and taken back by :func:`place_from`."""
        return f"{self.written}/{self.row}"


def counted(wire: Wire, config: RadiusConfig, action: Accounting, op: Operation) -> Iterator[Result[object]]:
    """Yield the page that is asked for; the transaction is over by then.

    Raises:
        Invalid: it is asked for in words that say nothing.
    """
    engine = config.engine.value
    page = page_of(action, engine)
    with wire.transaction(op) as connection:
        rows = [dict(row) for row in connection.execute(page).mappings()]
    yield from (Result(None, record_of({name.lower(): row[name] for name in row})) for row in rows)


def page_of(action: Accounting, engine: str) -> sa.Select[Any]:
    """Return the statement that selects a page: whole rows, for not every table has every column."""
    if not (action.most.isascii() and action.most.isdecimal() and 0 < int(action.most) <= _MOST):
        raise Invalid(f"A page cannot have {action.most!r} sessions.", hint=f"Ask for 1 to {_MOST}.")
    when, number = _ORDER
    found = sa.select(sa.text("*")).select_from(RADACCT).order_by(when, number).limit(int(action.most))
    if action.after is not None:
        place = place_from(action.after, engine)
        return found.where(when >= place.written, (when > place.written) | (number > place.row))
    since = None if action.since is None else written(instant_asked(action.since), engine)
    return found.where(when.is_not(None) if since is None else when >= since)


def place_from(cursor: str, engine: str) -> Place:
    """Return the place that a cursor names, or raise Invalid."""
    when, _, row = cursor.rpartition("/")
    if not (row.isascii() and row.isdecimal()):
        raise Invalid(f"{cursor!r} is no cursor.", hint="Hand back that of the last session.")
    if engine == "sqlite":
        return Place(int(when) if when.isascii() and when.isdecimal() else when, int(row))
    return Place(written(instant_asked(when), engine), int(row))


def record_of(row: Mapping[str, Any]) -> AccountingRecord:
    """Return what is told of a row; input is what the access point got from the customer.

    An instant that nobody can read is none. So a row that somebody else has spoilt holds up no other.
    """
    raw = next(row[name] for name in _WRITTEN if row.get(name) is not None)
    when = {name: _readable(row.get(name)) for name in _WRITTEN}
    return AccountingRecord(
        id=row["acctsessionid"] or "",
        username=row["username"] or "",
        unique_id=row.get("acctuniqueid") or str(row["radacctid"]),
        since=when["acctstarttime"],
        until=when["acctstoptime"],
        seen_at=next(filter(None, when.values()), _EPOCH),
        address=_text(row["framedipaddress"]),
        ipv6_prefix=_text(row.get("framedipv6prefix")),
        delegated_prefix=_text(row.get("delegatedipv6prefix")),
        mac=_text(row["callingstationid"]),
        access_point=_text(row["nasipaddress"]),
        uploaded_bytes=row["acctinputoctets"],
        downloaded_bytes=row["acctoutputoctets"],
        cause=_text(row["acctterminatecause"]),
        cursor=str(Place(raw, row["radacctid"])),
    )


def _text(value: object) -> str | None:
    return str(value) if value else None


def _readable(value: object) -> datetime | None:
    try:
        return instant(value)
    except ValueError:
        return None
