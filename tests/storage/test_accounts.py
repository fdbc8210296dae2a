"""What customers owe beside closings: amounts raised, where money was put, what is still open."""

from datetime import date

from attrs import evolve

from ispcore.billing import Allocation, DebitKind, Holder, Receivable, SourceKind, charge_id
from ispcore.values import CustomerId, ItemId
from tests.billing.test_settled import receivable
from tests.catalogues import brl
from tests.providers import ANA, Office

LEAP_DAY = date(2012, 2, 29)


def sold(customer: CustomerId, number: int, due_on: date) -> Receivable:
    key = evolve(receivable().key, item=ItemId(f"sale:{number}"))
    return evolve(receivable(), id=charge_id(key, 0), key=key, customer=customer, due_on=due_on)


def put(one: Receivable, kind: SourceKind, amount: str, source: str = "bank:1") -> Allocation:
    return Allocation(kind, source, Holder(one.customer, "main", "BRL"), one.id, brl(amount), LEAP_DAY)


def test_an_amount_that_is_raised_stands_beside_those_of_closings(office: Office) -> None:
    customer = office.register()
    office.subscribe(customer)
    office.close(LEAP_DAY)
    with office.database.writing() as work:
        work.accounts.turns([customer])
        work.accounts.raise_all([sold(customer, work.accounts.new_number(), LEAP_DAY)])

    with office.database.reading() as work:
        owed = [one.receivable for one in work.accounts.open([customer])[customer]]
        listed = [one.receivable for one in work.ledger.receivables(customer)]
    assert [one.kind for one in owed] == [DebitKind.SALE, DebitKind.FEE]
    assert owed == listed
    assert list(office.provider.check(actor=ANA)) == []
    assert office.close(date(2012, 3, 31)).problems == ()


def test_what_is_settled_whole_is_not_owed_any_more_and_is_again_when_it_is_taken_back(
    office: Office,
) -> None:
    customer = office.register()
    one = sold(customer, 1, LEAP_DAY)
    with office.database.writing() as work:
        work.accounts.raise_all([one])
        work.accounts.put([put(one, SourceKind.PAYMENT, "99.99")])
        assert work.accounts.owing(LEAP_DAY, CustomerId(0), 10) == (customer,)
        work.accounts.put([put(one, SourceKind.WAIVER, "0.01")])
        assert work.accounts.owing(LEAP_DAY, CustomerId(0), 10) == ()
        work.accounts.put([put(one, SourceKind.REVERSAL, "99.99")])
        (again,) = work.accounts.open([customer])[customer]
        assert (again.paid, again.open) == (brl("0.00"), brl("99.99"))


def test_those_who_owe_are_found_by_day_and_number(office: Office) -> None:
    customers = [office.register() for _ in range(3)]
    with office.database.writing() as work:
        days = (date(2012, 2, 1), date(2012, 3, 1), date(2012, 2, 2))
        work.accounts.raise_all(
            [sold(who, n, on) for n, (who, on) in enumerate(zip(customers, days, strict=True))]
        )
        assert work.accounts.owing(LEAP_DAY, CustomerId(0), 10) == (customers[0], customers[2])
        assert work.accounts.owing(LEAP_DAY, customers[0], 10) == (customers[2],)
        assert work.accounts.owing(date(2012, 3, 1), CustomerId(0), 2) == tuple(customers[:2])
