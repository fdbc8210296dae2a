"""FreeRADIUS's tables of sessions and of access points, and the statements on them; none is run here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import INET

from ispcore.driver import Invalid, SessionRecord
from ispcore_radius.packets import Connection

CAUSE = "Admin-Reset"
"""What is written as the reason for which a session ended that its access point does not know."""

_METADATA = sa.MetaData()
_ADDRESS = sa.Text().with_variant(INET(), "postgresql")
# FreeRADIUS keeps seconds of the epoch in SQLite.
_INSTANT = sa.Integer().with_variant(sa.TIMESTAMP(timezone=True), "postgresql")

RADACCT = sa.Table(
    "radacct",
    _METADATA,
    sa.Column("radacctid", sa.BigInteger, primary_key=True),
    sa.Column("acctsessionid", sa.Text),
    sa.Column("username", sa.Text),
    sa.Column("nasipaddress", _ADDRESS),
    sa.Column("acctstarttime", _INSTANT),
    sa.Column("acctupdatetime", _INSTANT),
    sa.Column("acctstoptime", _INSTANT),
    sa.Column("callingstationid", sa.Text),
    sa.Column("acctterminatecause", sa.Text),
    sa.Column("framedipaddress", _ADDRESS),
    sa.Column("acctinputoctets", sa.BigInteger),
    sa.Column("acctoutputoctets", sa.BigInteger),
    sa.Column("class", sa.Text),
)
NAS = sa.Table("nas", _METADATA, sa.Column("nasname", sa.Text), sa.Column("secret", sa.Text))

_COLUMNS = (
    RADACCT.c.radacctid,
    RADACCT.c.acctsessionid,
    RADACCT.c.username,
    RADACCT.c.nasipaddress,
    RADACCT.c.acctstarttime,
    RADACCT.c.framedipaddress,
    RADACCT.c.callingstationid,
)


def open_of(names: Sequence[str]) -> sa.Select[Any]:
    """Select the open sessions of users."""
    return _open().where(RADACCT.c.username.in_(names))


def open_with_terms(names: Sequence[str]) -> sa.Select[Any]:
    """Select the open sessions of users, with the terms that they are on."""
    return _open().add_columns(RADACCT.c["class"]).where(RADACCT.c.username.in_(names))


def open_on(point: str) -> sa.Select[Any]:
    """Select the open sessions of an access point."""
    return _open().where(RADACCT.c.nasipaddress == point)


def a_page_of_open(after: int, most: int) -> sa.Select[Any]:
    """Select the next open sessions of everybody."""
    return _open().where(RADACCT.c.radacctid > after).limit(most)


def _open() -> sa.Select[Any]:
    return sa.select(*_COLUMNS).where(RADACCT.c.acctstoptime.is_(None)).order_by(RADACCT.c.radacctid)


def past_of(name: str, since: datetime | None, until: datetime | None, engine: str) -> sa.Select[Any]:
    """Select the sessions of a user with a part in a span, the latest first; the last one without *since*."""
    its = RADACCT.c
    rest = (its.acctstoptime, its.acctinputoctets, its.acctoutputoctets, its.acctterminatecause)
    found = sa.select(*_COLUMNS, *rest).where(its.username == name)
    found = found.order_by(its.acctstarttime.desc(), its.radacctid.desc())
    if until is not None:
        found = found.where(its.acctstarttime < written(until, engine))
    if since is None:
        return found.limit(1)
    still = its.acctstoptime.is_(None)
    return found.where(sa.or_(still, its.acctstoptime >= written(since, engine)))


def record_from(row: Sequence[Any]) -> SessionRecord:
    """Return what is told of a selected session; input is what the access point got from the customer."""
    one = connection_from(row[: len(_COLUMNS)])
    until, uploaded, downloaded, cause = row[len(_COLUMNS) :]
    return SessionRecord(
        id=one.id,
        username=one.username,
        since=one.since,
        until=instant(until),
        address=one.address,
        mac=one.mac,
        access_point=one.point,
        uploaded_bytes=uploaded,
        downloaded_bytes=downloaded,
        cause=cause or None,
    )


def written(when: datetime, engine: str) -> object:
    """Return an instant as FreeRADIUS writes it there."""
    return int(when.timestamp()) if engine == "sqlite" else when


def connection_from(row: Sequence[Any]) -> Connection:
    """Return the session that a selected row is."""
    number, session, username, point, since, address, mac, *terms = row
    return Connection(
        row=number,
        id=session,
        username=username or "",
        point=str(point),
        since=instant(since),
        address=str(address) if address else None,
        mac=mac or None,
        terms=terms[0] if terms else None,
    )


def instant(value: object) -> datetime | None:
    """Return when something was: an instant, seconds of the epoch, or a text in UTC."""
    if isinstance(value, int):
        return datetime.fromtimestamp(value, UTC)
    if isinstance(value, str) and value:
        value = datetime.fromisoformat(value)
        return value.replace(tzinfo=value.tzinfo or UTC).astimezone(UTC)
    return value.astimezone(UTC) if isinstance(value, datetime) else None


def instant_asked(text: str) -> datetime:
    """Return the instant that a person asks about.

    Raises:
        Invalid: it is none.
    """
    try:
        found = instant(text)
    except ValueError:
        found = None
    if found is None:
        raise Invalid(f"{text!r} is no instant.", hint="Write 2026-03-01, or 2026-03-01T18:00-03:00.")
    return found


def ended(row: int, now: sa.ColumnElement[Any]) -> sa.Update:
    """Close the row of a session that its access point has closed, or does not know."""
    return _closed(RADACCT.c.radacctid == row, now)


def left_behind(point: str, now: sa.ColumnElement[Any]) -> sa.Update:
    """Close the rows of an access point that is gone: nobody will tell of their end."""
    return _closed(RADACCT.c.nasipaddress == point, now)


def _closed(which: sa.ColumnElement[bool], now: sa.ColumnElement[Any]) -> sa.Update:
    change = sa.update(RADACCT).where(which, RADACCT.c.acctstoptime.is_(None))
    return change.values(acctstoptime=now, acctupdatetime=now, acctterminatecause=CAUSE)


def on_terms(row: int, terms: str) -> sa.Update:
    """Let a session that is open be on these terms."""
    still = RADACCT.c.acctstoptime.is_(None)
    return sa.update(RADACCT).where(RADACCT.c.radacctid == row, still).values({"class": terms})


def now(engine: str) -> sa.ColumnElement[Any]:
    """Return the database's own clock, as FreeRADIUS writes it there."""
    if engine == "sqlite":
        return sa.cast(sa.func.strftime("%s", "now"), sa.Integer)
    return sa.func.now()


def secret_of(point: str) -> sa.Select[tuple[str]]:
    """Select the secret of an access point."""
    return sa.select(NAS.c.secret).where(NAS.c.nasname == point)
