"""Payments at the same time, on each engine: no receivable gets too much, nothing is recorded twice."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest

from ispcore.customers import Dispute, DisputeOutcome, ResolveDispute
from ispcore.errors import RefusedError
from ispcore.usecases import (
    PaymentParked,
    ReceivePayment,
    RecordPayment,
    Refund,
    ResolveParked,
    ReversePayment,
)
from ispcore.values import CustomerId, PaymentId
from tests.catalogues import brl
from tests.providers import ANA, Office
from tests.storage.test_concurrency import rule_of, together

LEAP_DAY = date(2012, 2, 29)
PAID = date(2012, 3, 20)


@pytest.fixture
def office(each_engine: str) -> Iterator[Office]:
    """An office on each engine, whatever was chosen."""
    office = Office(None, each_engine)
    office.load(late={"standard": {"charges": {"fine_percent": "2", "interest_percent": "1"}}})
    yield office
    office.provider.close_database()


def owing(office: Office) -> CustomerId:
    customer = office.register()
    office.subscribe(customer, on=date(2012, 2, 1))
    office.close(LEAP_DAY)
    office.clock.move_to(PAID)
    return customer


def paying(office: Office, customer: CustomerId, name: str) -> Callable[[], object]:
    command = RecordPayment(
        customer=customer,
        company="net",
        amount=brl("102.33"),
        paid_on=PAID,
        provider="bank",
        provider_id=name,
    )
    return lambda: office.provider.do(command, actor=ANA)


@pytest.mark.parametrize("attempt", range(3))
def test_of_payments_at_the_same_time_one_pays_and_the_others_are_kept(office: Office, attempt: int) -> None:
    customer = owing(office)

    done = together(*[paying(office, customer, f"p{n}") for n in range(4)])

    assert not [one for one in done if isinstance(one, Exception)]
    assert office.open_amounts(customer) == {}
    assert office.balances(customer) == {"net": "306.99"}
    # The fine and the interest were asked for once.
    assert len(office.provider.customer(customer, actor=ANA).receivables) == 3
    assert office.findings() == []


def test_one_payment_that_is_told_four_times_at_once_is_recorded_once(office: Office) -> None:
    customer = owing(office)

    done = together(*[paying(office, customer, "p1")] * 4)

    assert sorted(one.known for one in done) == [False, True, True, True]  # type: ignore[attr-defined]
    assert office.findings() == []


def test_a_payment_is_taken_back_once(office: Office) -> None:
    customer = owing(office)
    paying(office, customer, "p1")()
    reverse = ReversePayment(payment=PaymentId("bank:p1"), reason="bounced")

    done = together(*[lambda: office.provider.do(reverse, actor=ANA)] * 3)

    assert [rule_of(one) for one in done if isinstance(one, RefusedError)] == ["reversed", "reversed"]
    assert office.findings() == []


def test_a_balance_is_refunded_once(office: Office) -> None:
    customer = owing(office)
    for name in ("p1", "p2"):
        paying(office, customer, name)()
    refund = Refund(customer=customer, company="net", reason="asked", amount=brl("102.33"))

    done = together(*[lambda: office.provider.do(refund, actor=ANA)] * 3)

    assert [rule_of(one) for one in done if isinstance(one, RefusedError)] == ["balance", "balance"]
    assert office.balances(customer) == {}
    assert office.findings() == []


def test_one_payment_that_cannot_be_recorded_and_is_told_four_times_at_once_waits_once(
    office: Office,
) -> None:
    report = ReceivePayment(
        amount=brl("100.00"), paid_on=LEAP_DAY, provider="bank", provider_id="1", customer_code="C-99"
    )

    done = together(*[lambda: office.provider.do(report, actor=ANA)] * 4)

    assert sorted(one.known for one in done) == [False, True, True, True]  # type: ignore[attr-defined]


@pytest.mark.parametrize("attempt", range(2))
def test_what_is_paid_while_a_dispute_about_it_is_settled_is_settled_once(
    office: Office, attempt: int
) -> None:
    customer = owing(office)
    (name,) = office.open_amounts(customer)
    office.provider.do(Dispute(customer=customer, receivable=name, amount=brl("100.00")), actor=ANA)
    resolve = ResolveDispute(customer=customer, receivable=name, outcome=DisputeOutcome.SETTLED)

    together(paying(office, customer, "p1"), lambda: office.provider.do(resolve, actor=ANA))

    assert office.findings() == []
    assert office.open_amounts(customer) == {}


def test_a_parked_payment_is_recorded_once(office: Office) -> None:
    customer = owing(office)
    report = ReceivePayment(
        amount=brl("100.00"), paid_on=LEAP_DAY, provider="bank", provider_id="1", customer_code="C-99"
    )
    parked = office.provider.do(report, actor=ANA)
    assert isinstance(parked, PaymentParked)
    resolve = ResolveParked(parked=parked.parked.number, customer=customer)

    done = together(*[lambda: office.provider.do(resolve, actor=ANA)] * 3)

    assert [rule_of(one) for one in done if isinstance(one, RefusedError)] == ["resolved", "resolved"]
    assert office.findings() == []
