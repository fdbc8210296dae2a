"""Closings of one day by several processes, and commands given meanwhile: nothing is lost or billed twice."""

import random
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from ispcore.errors import RefusedError
from ispcore.plans import Cancel, ChangePrice
from ispcore.values import CustomerId, SubscriptionId
from tests.catalogues import brl
from tests.providers import Office
from tests.storage.bases import (
    CUSTOMERS,
    END_OF_MARCH,
    books_at,
    closed,
    expected,
    findings_at,
    fresh,
    opened,
    runs_at,
)
from tests.storage.closing_processes import closing

Act = Callable[[Office], object]


@pytest.mark.parametrize("workers", [(1, 1), (1, 3), (2, 2)], ids=str)
def test_two_processes_that_close_at_once_leave_the_books_of_one(
    engine: str, url: str, workers: tuple[int, int]
) -> None:
    run, books = expected(engine)

    children = [closing(url, many) for many in workers]
    for child in children:
        child.join()

    assert [child.exitcode for child in children] == [0, 0]
    assert books_at(url) == books
    assert findings_at(url) == []
    # They share a run, unless one had finished before the other began.
    (found,) = [one.found for one in runs_at(url) if not one.found.issued_nothing]
    assert found.summary == run.summary


def commands() -> list[Act]:
    """Return what the office does while a closing goes on: prices, cancellations, payments."""
    acts: list[Act] = []
    for number in range(1, CUSTOMERS + 1):
        match number % 5:
            case 0:
                acts.append(partial(price, SubscriptionId(number)))
            case 1:
                acts.append(partial(cancel, SubscriptionId(number)))
            case 2:
                acts.append(partial(pay, CustomerId(number)))
    random.Random(31).shuffle(acts)
    return acts


def price(subscription: SubscriptionId, office: Office) -> None:
    asked = ChangePrice(
        subscription=subscription, price=brl("88.88"), rescale=True, on=END_OF_MARCH.replace(day=20)
    )
    office.do(asked)


def cancel(subscription: SubscriptionId, office: Office) -> None:
    office.do(Cancel(subscription=subscription, reason="moved", on=END_OF_MARCH.replace(day=25)))


def pay(customer: CustomerId, office: Office) -> None:
    office.pay(customer, "250.00", f"late {customer}", company="net")


@pytest.mark.parametrize("workers", [0, 1, 3])
def test_commands_given_during_a_closing_end_in_the_books_that_the_facts_say(
    engine: str, url: str, tmp_path: Path, workers: int
) -> None:
    before = fresh(engine, tmp_path / "before.db")
    office = opened(before)
    done_before = [carried_out(office, act) for act in commands()]
    office.provider.close_database()
    closed(before)

    child = closing(url, workers) if workers else None
    office = opened(url)
    done = []
    for act in commands():
        done.append(carried_out(office, act))
        time.sleep(0.005)
    office.provider.close_database()
    if child is not None:
        child.join()
        assert child.exitcode == 0
    closed(url)

    assert done == done_before
    assert findings_at(url) == []
    assert nets(url) == nets(before)


def carried_out(office: Office, act: Act) -> str:
    """Carry out *act*; what was cancelled before the closing is refused, and told."""
    try:
        act(office)
    except RefusedError as refused:
        return refused.rule
    return "done"


def nets(url: str) -> dict[int, dict[str, str]]:
    """Return what each subscription owes by month, whatever entries it consists of."""
    office = opened(url)
    try:
        return {number: office.owed(SubscriptionId(number)) for number in range(1, CUSTOMERS + 1)}
    finally:
        office.provider.close_database()
