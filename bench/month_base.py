"""The base of a month: subscribers with years of bills that were closed, sent, told of and paid."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from itertools import groupby
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from attrs import define, field, frozen

from bench.catalogue import document
from bench.moulds import BEFORE, CLERK
from bench.seeding import Base
from ispcore import Provider
from ispcore.storage import SqlDatabase
from ispcore.storage.bulk import bound, insert_rows
from ispcore.storage.columns import metadata
from ispcore.testing import MovableClock

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

MUTE = "mute"
PAID_BY = "history"
_MONTHS = 12
_BATCH = 5_000
_CLOSED = ("charges", "receivables", "closings")
_COPIED = (*_CLOSED, "slips", "slip_lines", "payments", "allocations", "notices")

Rows = dict[str, list[dict[str, Any]]]


def month_document() -> dict[str, Any]:
    """Return the catalogue with what a month of money needs: reminders, stages, fine and interest."""
    email = {"due": "3, -2", "warns": True, "notifier": MUTE, "sender": "Londrina Net <bills@example.com>"}
    stages = [
        {"code": "told", "action": "notify", "days": 2},
        {"code": "slow", "action": "reduce", "days": 5, "notice": "told"},
        {"code": "stop", "action": "block", "days": 10, "notice": "told"},
    ]
    charges = {"fine_percent": "2", "interest_percent": "1"}
    policy = {"stages": stages, "charges": charges}
    return {**document(), "late": {"standard": policy}, "notices": {"channels": {"email": email}}}


@frozen
class MonthBase:
    """So many subscribers, whose bills of so many *years* are settled."""

    subscribers: int
    years: int = 1

    @property
    def name(self) -> str:
        """A name for files and databases."""
        return f"month_{self.subscribers}_{self.years}"

    def seed(self, url: str) -> None:
        """Fill the new database at *url*."""
        Base(self.subscribers).seed(url)
        with Provider.connect(url, clock=MovableClock(BEFORE)) as provider:
            provider.load_catalogue(month_document(), actor=CLERK)
        database = SqlDatabase(url)
        history = _History()
        for first in range(1, self.subscribers + 1, _BATCH):
            with database.writing() as work:
                history.settle(work.connection, first, first + _BATCH - 1, self.years * _MONTHS)
        with database.writing() as work:
            row = {"name": "slip", "next": history.slips + 1}
            work.connection.execute(sa.insert(metadata.tables["numbers"]), row)
        database.close()


@define
class _History:
    """What was asked for and paid, made of the one month that was really closed."""

    slips: int = field(default=0)

    def settle(self, connection: sa.Connection, first: int, last: int, months: int) -> None:
        """Settle that month for some subscribers, and put as many *months* as that makes before it."""
        closed = {name: _rows(connection, name, first, last) for name in _CLOSED}
        table = metadata.tables["receivables"]
        theirs = table.c.subscription_id.between(first, last)
        connection.execute(sa.update(table).where(theirs).values(settled=True))
        for back in range(months):
            mine: Rows = {name: [_moved(row, back) for row in rows] for name, rows in closed.items()}
            for row in mine["receivables"]:
                row["settled"] = True
            mine.update(self._paid(mine["receivables"]))
            for name in _COPIED if back else _COPIED[len(_CLOSED) :]:
                _insert(connection, metadata.tables[name], mine[name])

    def _paid(self, receivables: Sequence[dict[str, Any]]) -> Rows:
        found: Rows = {name: [] for name in _COPIED[len(_CLOSED) :]}
        for _, some in groupby(receivables, key=lambda row: row["subscription_id"]):
            self.slips += 1
            for name, row in _of_slip(self.slips, list(some)):
                found[name].append(row)
        return found


def _of_slip(number: int, its: Sequence[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    one = its[0]
    whose = {name: one[name] for name in ("customer_id", "company", "currency")}
    at = datetime.combine(one["due_on"], time(9), UTC)
    by = {"recorded_at": at, "actor": CLERK.id, "command_id": f"{PAID_BY}-{number}"}
    slip = {"id": number, "charge_method": one["charge_method"], "due_on": one["due_on"]}
    yield "slips", {**whose, **slip, **by, "issued_on": one["issued_on"]}
    payment = {"id": f"{PAID_BY}:{number}", "provider": PAID_BY, "provider_id": str(number)}
    amount = sum(row["amount"] for row in its)
    yield "payments", {**whose, **payment, **by, "amount": amount, "paid_on": one["due_on"]}
    for row in its:
        line = {"slip_id": number, "receivable_id": row["id"], "amount": row["amount"], "paid_before": 0}
        yield "slip_lines", {**line, "gathered": False, "stands": True}
        put = {
            "source_kind": "payment",
            "source": payment["id"],
            "target": row["id"],
            "receivable_id": row["id"],
        }
        yield "allocations", {**whose, **put, "amount": row["amount"], "allocated_on": one["due_on"]}
    yield "notices", _reminder(one, amount, at)


def _reminder(one: dict[str, Any], amount: int, at: datetime) -> dict[str, Any]:
    bill = f"{one['customer_id']}-{one['company']}-{one['charge_method']}-{one['due_on']}"
    fields = {"number": bill, "due_on": str(one["due_on"]), "amount": str(amount)}
    return {
        "id": f"due:3:{bill}:email",
        "kind": "due",
        "customer_id": one["customer_id"],
        "subscription_id": one["subscription_id"],
        "about_kind": "bill",
        "about_id": bill,
        "step": "3",
        "channel": "email",
        "template": "due",
        "reason": "3 days before the due date",
        "topic": "due",
        "fields": fields,
        "asked_on": one["issued_on"],
        "not_before": at,
        "zone": "UTC",
        "state": "handed_over",
        "attempts": 1,
        "handed_over_at": at,
        "handed_over_on": one["issued_on"],
    }


def _rows(connection: sa.Connection, name: str, first: int, last: int) -> list[dict[str, Any]]:
    table = metadata.tables[name]
    theirs = table.c.subscription_id.between(first, last)
    found = connection.execute(sa.select(table).where(theirs).order_by(table.c.subscription_id))
    return [dict(row) for row in found.mappings()]


def _moved(row: dict[str, Any], back: int) -> dict[str, Any]:
    """Return *row* as it would be of a month so far back."""
    found = {
        name: _months_before(value, back) if isinstance(value, date) else value for name, value in row.items()
    }
    if "id" in row:
        found["id"] = row["id"].replace(str(row["cycle_start"]), str(found["cycle_start"]))
    return found


def _months_before(day: date, back: int) -> date:
    month = day.year * _MONTHS + day.month - 1 - back
    return date(month // _MONTHS, month % _MONTHS + 1, min(day.day, 28) if back else day.day)


def _insert(connection: sa.Connection, table: sa.Table, rows: Iterable[dict[str, Any]]) -> None:
    mine = list(rows)
    if mine:
        columns = list(mine[0])
        values = ([row[name] for name in columns] for row in mine)
        insert_rows(connection, table, columns, bound(connection, table, columns, values))
