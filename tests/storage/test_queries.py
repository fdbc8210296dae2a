"""A slice of customers is read and written in bulk: the number of statements does not grow with it."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from ispcore.plans import ChangePrice
from tests.catalogues import DOCUMENT, brl
from tests.providers import ANA, Office, open_office

LEAP_DAY = date(2012, 2, 29)
END_OF_MARCH = date(2012, 3, 31)
QUIET_DAY = date(2012, 3, 16)
"""Everybody is late since the 13th, was told of it and is slow, and nothing else happens today."""
STAGES = (
    {"code": "told", "action": "notify", "days": 1},
    {"code": "slow", "action": "reduce", "days": 2},
    {"code": "stop", "action": "block", "days": 30},
)


@contextmanager
def statements_of(office: Office) -> Iterator[Counter[str]]:
    """Count the statements that are sent to the database, by their first word."""
    seen: Counter[str] = Counter()

    def count(_: Any, __: Any, statement: str, *___: Any) -> None:
        seen[statement.split(maxsplit=1)[0].upper()] += 1

    engine = office.database._engine
    sa.event.listen(engine, "before_cursor_execute", count)
    yield seen
    sa.event.remove(engine, "before_cursor_execute", count)


def first_closing(office: Office) -> None:
    office.close(LEAP_DAY)


def closing_of_dirty_subscriptions(office: Office) -> None:
    office.close(END_OF_MARCH)


def preview(office: Office) -> None:
    assert list(office.provider.preview(END_OF_MARCH, actor=ANA))


def prepared(path: Path, customers: int, act: Callable[[Office], None]) -> Counter[str]:
    with open_office(path) as office:
        for number in range(customers):
            subscription = office.subscribe(office.register(str(number)), "fibre")
            if act is not first_closing:
                office.close(LEAP_DAY)
                office.do(
                    ChangePrice(
                        subscription=subscription, price=brl("130.00"), on=date(2012, 2, 25 + number % 4)
                    )
                )
        with statements_of(office) as seen:
            act(office)
        return seen


@pytest.mark.parametrize("act", [first_closing, closing_of_dirty_subscriptions, preview])
def test_the_statements_do_not_grow_with_the_number_of_subscriptions(
    tmp_path: Path, act: Callable[[Office], None]
) -> None:
    few = prepared(tmp_path / "few.db", 2, act)
    many = prepared(tmp_path / "many.db", 12, act)

    assert many == few


def quiet_tick(path: Path, customers: int, *, late: bool) -> Counter[str]:
    types = {**DOCUMENT["document_types"], "nfcom": {"name": "NFCom", "asked_for": "on_due_day"}}
    with open_office(path) as office:
        office.load(
            late={"standard": {"stages": list(STAGES)}},
            notices={"channels": {"email": {"due": "2, -2"}}},
            document_types=types,
        )
        mine = [office.register(str(number)) for number in range(customers)]
        for customer in mine:
            office.subscribe(customer, "fibre")
        office.close(LEAP_DAY)
        for day in range(6, QUIET_DAY.day):
            office.clock.move_to(QUIET_DAY.replace(day=day))
            done = office.provider.tick(actor=ANA)
            if day == 6 and not late:
                for number, customer in enumerate(mine):
                    office.pay(customer, "1000.00", f"net-{number}", company="net")
                    office.pay(customer, "1000.00", f"media-{number}", company="media")
            assert done.problems == ()
        office.clock.move_to(QUIET_DAY)
        with statements_of(office) as seen:
            assert office.provider.tick(actor=ANA).did_nothing
        return seen


@pytest.mark.parametrize(("late", "most"), [(True, 42), (False, 27)])
def test_a_tick_with_nothing_to_do_reads_little_whoever_is_late_and_writes_nothing(
    tmp_path: Path, *, late: bool, most: int
) -> None:
    few = quiet_tick(tmp_path / "few.db", 10, late=late)
    many = quiet_tick(tmp_path / "many.db", 100, late=late)

    assert many == few
    assert many.keys() == {"SELECT"}
    assert many.total() <= most
