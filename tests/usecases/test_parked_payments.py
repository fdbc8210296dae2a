"""Payments that cannot be recorded as they are reported wait for a person; nothing is lost."""

from datetime import date
from typing import Any

import pytest
from attrs import evolve

from ispcore.errors import InvalidValueError, NotFoundError, NotPermittedError, RefusedError
from ispcore.timeline import Actor
from ispcore.usecases import (
    DropParked,
    MoneyRules,
    ParkedState,
    PayableSlip,
    PaymentParked,
    PaymentRecorded,
    Received,
    ReceivePayment,
    ResolveParked,
)
from ispcore.values import ChargeId, CustomerId, Money, SlipId
from tests.catalogues import brl
from tests.providers import ANA, Office

LEAP_DAY = date(2012, 2, 29)
PAID = date(2012, 3, 9)


def owing(office: Office, code: str = "C-17") -> CustomerId:
    customer = office.register(code=code)
    office.subscribe(customer, on=date(2012, 2, 1))
    office.close(LEAP_DAY)
    office.clock.move_to(PAID)
    return customer


def receive(office: Office, amount: Money | None = None, name: str = "1", **more: Any) -> Received:
    command = ReceivePayment(
        amount=amount or brl("100.00"), paid_on=PAID, provider="bank", provider_id=name, **more
    )
    return office.provider.do(command, actor=ANA)


def parked(received: Received) -> PaymentParked:
    assert isinstance(received, PaymentParked)
    return received


def waiting(office: Office, state: ParkedState | None = ParkedState.WAITING) -> list[tuple[int, str]]:
    found = office.provider.payments.parked(actor=ANA, state=state)
    return [(one.number, one.rule) for one in found]


def resolve(office: Office, number: int = 1, **more: Any) -> PaymentRecorded:
    return office.provider.do(ResolveParked(parked=number, **more), actor=ANA)


def test_a_payment_that_can_be_recorded_is(office: Office) -> None:
    customer = owing(office)

    received = receive(office, customer_code="C-17")

    assert isinstance(received, PaymentRecorded)
    assert office.open_amounts(customer) == {}
    assert waiting(office) == []


@pytest.mark.parametrize(
    ("amount", "more", "rule"),
    [
        (None, {}, "value"),
        (None, {"customer": CustomerId(99)}, "unknown-customer"),
        (None, {"customer_code": "C-99"}, "unknown-customer"),
        (None, {"slip": SlipId(8)}, "unknown-slip"),
        (None, {"slip": SlipId(7)}, "slip-cancelled"),
        (None, {"customer": CustomerId(1), "company": "nobody"}, "unknown-company"),
        (Money.of("100.00", "USD"), {"customer": CustomerId(1)}, "currency"),
        (-brl("100.00"), {"customer": CustomerId(1)}, "value"),
    ],
)
def test_what_a_rule_forbids_waits_with_the_rule(
    office: Office, amount: Money | None, more: dict[str, Any], rule: str
) -> None:
    customer = owing(office)
    slip = PayableSlip(SlipId(7), customer, "net", (), cancelled=True)
    rules = MoneyRules(slip=lambda _, number: slip if number == slip.id else None)
    office.provider._desk = evolve(office.provider._desk, money=rules)

    found = parked(receive(office, amount, **more))

    assert not found.known
    assert found.parked.rule == rule
    assert len(waiting(office)) == 1
    assert list(office.open_amounts(customer).values()) == ["100.00"]
    assert office.findings() == []


def test_the_same_report_is_parked_once(office: Office) -> None:
    receive(office, customer_code="C-99")
    before = office.dump()

    again = parked(receive(office, customer_code="C-99"))

    assert again.known
    assert office.dump() == before


def test_another_report_under_the_same_id_waits_beside_the_first(office: Office) -> None:
    owing(office)
    receive(office, customer_code="C-17")

    parked(receive(office, brl("99.00"), customer_code="C-17"))

    assert [rule for _, rule in waiting(office)] == ["payment-differs"]


@pytest.mark.parametrize(
    ("amount", "name", "words"),
    [
        (brl("10000000000000.00"), "1", "more than any bank moves"),
        (-brl("10000000000000.00"), "1", "more than any bank moves"),
        (brl("1.00"), "", "cannot name a payment"),
    ],
)
def test_what_cannot_be_kept_at_all_is_refused(office: Office, amount: Money, name: str, words: str) -> None:
    with pytest.raises(InvalidValueError, match=words):
        receive(office, amount, name)


def test_who_may_not_record_parks_nothing(office: Office) -> None:
    command = ReceivePayment(amount=brl("1.00"), paid_on=PAID, provider="bank", provider_id="1")

    with pytest.raises(NotPermittedError):
        office.provider.do(command, actor=Actor("rui"))

    assert waiting(office) == []


def test_a_parked_payment_is_recorded_for_whom_a_person_names(office: Office) -> None:
    number = parked(receive(office, customer_code="C-99")).parked.number
    customer = owing(office)

    recorded = resolve(office, number, customer=customer)

    assert recorded.payment.paid_on == PAID
    assert office.open_amounts(customer) == {}
    assert waiting(office) == []
    (done,) = office.provider.payments.parked(actor=ANA, state=ParkedState.RECORDED)
    assert (done.payment, done.resolved_by) == (recorded.payment.id, "ana")
    assert office.findings() == []


def test_a_parked_payment_is_recorded_once_its_customer_is_known(office: Office) -> None:
    number = parked(receive(office, customer_code="C-17")).parked.number
    customer = owing(office)

    resolve(office, number)

    assert office.open_amounts(customer) == {}


def test_a_parked_payment_is_recorded_for_named_receivables(office: Office) -> None:
    number = parked(receive(office)).parked.number
    customer = owing(office)
    (name,) = office.open_amounts(customer)

    resolve(office, number, receivables=(name,))

    assert office.open_amounts(customer) == {}


def test_receivables_that_are_not_known_leave_it_waiting(office: Office) -> None:
    number = parked(receive(office)).parked.number

    with pytest.raises(InvalidValueError, match="Name the customer"):
        resolve(office, number, receivables=(ChargeId("x"),))

    assert len(waiting(office)) == 1


def test_money_in_another_currency_is_recorded_at_what_it_is_worth(office: Office) -> None:
    customer = owing(office)
    number = parked(receive(office, Money.of("20.00", "USD"), customer=customer)).parked.number

    resolve(office, number, amount=brl("100.00"))

    assert office.open_amounts(customer) == {}
    assert office.findings() == []


def test_what_still_cannot_be_recorded_goes_on_waiting(office: Office) -> None:
    number = parked(receive(office, customer_code="C-99")).parked.number
    before = office.dump()

    with pytest.raises(NotFoundError, match="C-99"):
        resolve(office, number)

    assert office.dump() == before


def test_a_parked_payment_is_given_up_with_a_reason(office: Office) -> None:
    number = parked(receive(office)).parked.number

    done = office.provider.do(DropParked(parked=number, reason="sent back to the payer"), actor=ANA)

    assert done.parked.reason == "sent back to the payer"
    assert waiting(office) == []
    assert waiting(office, None) == [(number, "value")]
    assert parked(receive(office)).parked.state is ParkedState.DROPPED


def test_what_was_resolved_is_resolved(office: Office) -> None:
    number = parked(receive(office)).parked.number
    drop = DropParked(parked=number, reason="sent back")
    office.provider.do(drop, actor=ANA)

    with pytest.raises(RefusedError, match="was dropped by ana"):
        office.provider.do(drop, actor=ANA)
    with pytest.raises(RefusedError, match="was dropped by ana"):
        resolve(office, number, customer=CustomerId(1))


@pytest.mark.parametrize("number", [7, 10**30])
def test_a_parked_payment_that_there_is_not_is_not_found(office: Office, number: int) -> None:
    with pytest.raises(NotFoundError, match="no parked payment"):
        resolve(office, number)


def test_a_payment_of_a_day_to_come_waits_until_a_person_says_which_day_was_meant(office: Office) -> None:
    customer = owing(office)
    later = ReceivePayment(
        amount=brl("100.00"), paid_on=date(2112, 3, 9), provider="bank", provider_id="1", customer=customer
    )
    number = parked(office.provider.do(later, actor=ANA)).parked.number
    assert waiting(office) == [(number, "paid-later")]

    with pytest.raises(RefusedError, match="2112-03-09 is still to come: today is 2012-03-09") as refused:
        resolve(office, number)
    recorded = resolve(office, number, paid_on=PAID)

    assert refused.value.rule == "paid-later"
    assert (recorded.payment.paid_on, recorded.raised) == (PAID, ())
    assert office.findings() == []


def test_many_payments_are_received_in_one_go(office: Office) -> None:
    customer = owing(office)
    reports = [
        ReceivePayment(
            amount=brl("40.00"), paid_on=PAID, provider="bank", provider_id=name, customer_code=code
        )
        for name, code in (("1", "C-17"), ("2", "C-99"), ("3", "C-17"))
    ]

    first = list(office.provider.do_many(reports, actor=ANA))
    second = list(office.provider.do_many(reports, actor=ANA))

    assert [len(one.recorded) for one in first] == [1, 1, 1]
    assert [one.known for one in second] == [("bank:1",), ("bank:2",), ("bank:3",)]
    assert list(office.open_amounts(customer).values()) == ["20.00"]
    assert len(waiting(office)) == 1
    assert office.findings() == []
