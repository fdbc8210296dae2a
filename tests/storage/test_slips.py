"""Slips in the database: no amount on two of them, also when several are at work at once."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest
import sqlalchemy as sa

from ispcore.billing import Slip
from ispcore.errors import RefusedError
from ispcore.storage import SqlDatabase
from ispcore.usecases import BookMade, SlipRun
from ispcore.values import CustomerId
from tests.providers import ANA, Office
from tests.storage.test_concurrency import together

LEAP_DAY = date(2012, 2, 29)


@pytest.fixture
def office(each_engine: str) -> Iterator[Office]:
    """An office on each engine, with six customers who are billed for two subscriptions each."""
    office = Office(None, each_engine)
    office.load(charge_methods={"slip": {"name": "Boleto", "slip_fee": "2.50"}})
    for _ in range(6):
        customer = office.register()
        office.subscribe(customer)
        office.subscribe(customer, due_day=20)
    office.close(LEAP_DAY)
    yield office
    office.provider.close_database()


def every(office: Office) -> tuple[Slip, ...]:
    return office.provider.slips.list(actor=ANA)


def issued(office: Office, day: date = LEAP_DAY, customer: CustomerId | None = None) -> SlipRun:
    return office.provider.slips.issue(day, actor=ANA, customer=customer)


def test_two_who_issue_at_once_issue_each_slip_once(office: Office) -> None:
    done = together(*(lambda: issued(office) for _ in range(4)))

    runs = [run for run in done if isinstance(run, SlipRun)]
    assert (len(runs), sum(run.issued for run in runs)) == (4, 12)
    on = Counter(name for slip in every(office) for name in slip.receivables)
    assert (set(on.values()), len(on)) == ({1}, 24)
    assert office.findings() == []


def test_of_two_who_make_a_slip_anew_at_once_one_is_told_where_it_went(office: Office) -> None:
    issued(office)
    first = every(office)[0]

    done = together(*(lambda: office.provider.slips.regenerate(first.id, actor=ANA) for _ in range(2)))

    (made,) = (one for one in done if isinstance(one, Slip))
    (told,) = (one for one in done if isinstance(one, RefusedError))
    assert told.rule == "slip-replaced"
    assert f"slip {made.id} took its place" in str(told)
    assert office.findings() == []


def test_of_two_who_make_a_book_at_once_one_gets_that_of_the_other(office: Office) -> None:
    done = together(*(lambda: office.provider.slips.book(CustomerId(1), 3, actor=ANA) for _ in range(2)))

    books = [one for one in done if isinstance(one, BookMade)]
    assert sorted(one.known for one in books) == [False, True]
    assert len(office.provider.slips.books(actor=ANA)) == 1
    assert office.findings() == []


def test_the_database_itself_keeps_an_amount_from_standing_on_two_slips(each_engine: str) -> None:
    office = Office(None, each_engine)
    office.load()
    office.subscribe(office.register())
    office.close(LEAP_DAY)
    issued(office)
    office.sql(
        "insert into slips (id, customer_id, company, charge_method, currency, due_on, issued_on, "
        "recorded_at, actor, command_id) select 9, customer_id, company, charge_method, currency, "
        "due_on, issued_on, recorded_at, actor, command_id from slips"
    )
    second = sa.text(
        "insert into slip_lines (slip_id, receivable_id, amount, paid_before) "
        "select 9, receivable_id, amount, paid_before from slip_lines"
    )
    database = SqlDatabase(each_engine)

    with pytest.raises(sa.exc.IntegrityError), database.engine.begin() as connection:
        connection.execute(second)

    database.close()
    office.provider.close_database()


@pytest.mark.parametrize(
    ("mangled", "found"),
    [
        (
            "update slips set ended = 'replaced' where id = 1",
            "stands on it, and it is replaced",
        ),
        ("update slips set customer_id = 2 where id = 1", "is owed to or by somebody else"),
        ("update slips set replaced_by = 2 where id = 1", "it is not ended, and replaced by 2"),
    ],
)
def test_a_check_finds_slips_that_do_not_follow(office: Office, mangled: str, found: str) -> None:
    issued(office)
    assert office.findings() == []

    office.sql(mangled)

    assert any(found in line for line in office.findings())
