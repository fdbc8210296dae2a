"""How a mock device tells of the connections that it counted: in order, a page at a time."""

from __future__ import annotations

from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

from attrs import evolve

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ispcore.driver import Accounting, AccountingRecord


def page_of(counted: Iterable[AccountingRecord], asked: Accounting) -> Iterator[AccountingRecord]:
    """Yield what is *asked* for of what was *counted*, each with the cursor that leads on from it."""
    since = None if asked.since is None else datetime.fromisoformat(asked.since)
    told = (evolve(one, cursor=_cursor(one)) for one in sorted(counted, key=_place))
    after = None if asked.after is None else _place_at(asked.after)
    wanted = (
        one
        for one in told
        if (since is None or one.seen_at >= since) and (after is None or _place(one) > after)
    )
    return islice(wanted, int(asked.most))


def _place(one: AccountingRecord) -> tuple[datetime, str]:
    return one.seen_at, one.unique_id


def _cursor(one: AccountingRecord) -> str:
    return f"{one.seen_at.isoformat()} {one.unique_id}"


def _place_at(cursor: str) -> tuple[datetime, str]:
    instant, _, unique_id = cursor.partition(" ")
    return datetime.fromisoformat(instant), unique_id
