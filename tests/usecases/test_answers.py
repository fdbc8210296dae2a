"""What the chapters about money know of one another: documents, slips, switches, notices, in one database."""

from datetime import date
from typing import Any

import pytest

from ispcore.billing import SlipState
from ispcore.customers import (
    ChangeCustomerLateTreatment,
    Dispute,
    DisputeOutcome,
    PromiseToPay,
    ResolveDispute,
)
from ispcore.errors import RefusedError
from ispcore.plans import ChangeDiscount, ChangeLateTreatment, ChangePlan, Discount, Exempt
from ispcore.values import CustomerId, SubscriptionId
from tests.catalogues import DOCUMENT, brl, march
from tests.providers import ANA, Office

LEAP_DAY = date(2012, 2, 29)
DUE = march(10)
MAY = date(2012, 5, 1)
ON_PAPER = {
    "nfcom": {"name": "NFCom", "asked_for": "on_due_day", "text": "Lei", "issuer": "hall"},
}
LATE = {
    "standard": {
        "charges": {"fine_percent": "2", "interest_percent": "1"},
        "stages": [{"code": "told", "action": "notify", "days": 5, "template": "late"}],
    }
}


def billed(office: Office, **sections: Any) -> tuple[CustomerId, SubscriptionId]:
    """Bill February, 100.00, due on 10 March, to a new customer."""
    office.load(**sections)
    customer = office.register(tax_id="123")
    subscription = office.subscribe(customer, on=date(2012, 2, 1))
    office.close(LEAP_DAY)
    return customer, subscription


def do(office: Office, command: Any) -> Any:
    return office.provider.do(command, actor=ANA)


# --- documents


@pytest.fixture
def documented(office: Office) -> tuple[Office, CustomerId, SubscriptionId]:
    customer, subscription = billed(office, document_types={**DOCUMENT["document_types"], **ON_PAPER})
    office.clock.move_to(DUE)
    assert len(office.provider.documents.ask(DUE, actor=ANA).documents) == 1
    return office, customer, subscription


Documented = tuple[Office, CustomerId, SubscriptionId]


def test_nothing_is_exempt_that_stands_on_an_issued_document(documented: Documented) -> None:
    office, _, subscription = documented
    before = office.dump()

    with pytest.raises(RefusedError) as refused:
        do(office, Exempt(subscription=subscription, until=MAY))

    assert refused.value.rule == "document-issued"
    assert office.dump() == before


def test_a_dispute_about_what_stands_on_an_issued_document_is_not_settled(documented: Documented) -> None:
    office, customer, _ = documented
    (name,) = office.open_amounts(customer)
    do(office, Dispute(customer=customer, receivable=name, amount=brl("10.00")))
    resolve = ResolveDispute(customer=customer, receivable=name, outcome=DisputeOutcome.SETTLED)

    with pytest.raises(RefusedError) as refused:
        do(office, resolve)

    assert refused.value.rule == "document-issued"
    assert office.open_amounts(customer) == {name: "100.00"}


@pytest.mark.covers("S0-268")
def test_a_period_whose_document_was_issued_takes_no_discount(documented: Documented) -> None:
    office, _, subscription = documented
    discount = Discount(amount=brl("10.00"))

    with pytest.raises(RefusedError) as refused:
        do(office, ChangeDiscount(subscription=subscription, discount=discount, on=LEAP_DAY))
    assert refused.value.rule == "document-issued"

    do(office, ChangeDiscount(subscription=subscription, discount=discount, on=march(1)))
    office.close(march(31))
    assert office.owed(subscription) == {"2012-02": "100.00", "2012-03": "90.00"}


# --- slips


@pytest.mark.covers("S3-032")
def test_the_slips_of_an_exempt_contract_are_taken_back_at_once(office: Office) -> None:
    customer, subscription = billed(office)
    other = office.subscribe(customer, on=march(1))
    office.close(march(31))
    ((first, both),) = [[slip.id for slip in slips_of(office, customer, issue=date(2012, 4, 1))]]

    do(office, Exempt(subscription=subscription, until=MAY))

    first_now, both_now, again = slips_of(office, customer)
    assert (first_now.id, first_now.state) == (first, SlipState.CANCELLED)
    assert (both_now.id, both_now.state, both_now.replaced_by) == (both, SlipState.REPLACED, again.id)
    assert [line.receivable.split(":")[0] for line in again.lines] == [str(other)]
    assert office.provider.slips.issue(date(2012, 4, 1), actor=ANA).issued == 0
    assert office.findings() == []


def test_a_slip_asks_no_more_for_what_a_dispute_let_go(office: Office) -> None:
    customer, _ = billed(office)
    slips_of(office, customer, issue=LEAP_DAY)
    (name,) = office.open_amounts(customer)
    do(office, Dispute(customer=customer, receivable=name, amount=brl("10.00")))

    do(office, ResolveDispute(customer=customer, receivable=name, outcome=DisputeOutcome.SETTLED))

    _, again = slips_of(office, customer)
    assert (again.state, again.amount) == (SlipState.OPEN, brl("90.00"))
    assert office.findings() == []


def slips_of(office: Office, customer: CustomerId, issue: date | None = None) -> list[Any]:
    if issue is not None:
        office.clock.move_to(issue)
        office.provider.slips.issue(issue, actor=ANA)
    return sorted(
        (one for one in office.provider.slips.list(actor=ANA) if one.customer == customer),
        key=lambda slip: slip.id,
    )


# --- switches


def test_nobody_is_asked_for_fine_or_interest_whose_switch_is_off(office: Office) -> None:
    customer, _ = billed(office, late=LATE)
    do(office, ChangeCustomerLateTreatment(customer=customer, charges=False))
    office.clock.move_to(date(2012, 3, 20))

    office.pay(customer, "100.00")

    assert (office.open_amounts(customer), office.balances(customer)) == ({}, {})


def test_the_switch_of_one_subscription_goes_along_to_another_plan(office: Office) -> None:
    customer, subscription = billed(office, late=LATE)
    office.clock.move_to(march(12))
    successor = do(office, ChangePlan(subscription=subscription, plan="fibre")).successor
    do(office, ChangeLateTreatment(subscription=successor, charges=False))
    office.clock.move_to(date(2012, 3, 20))

    office.pay(customer, "100.00", company="net")

    assert list(office.open_amounts(customer).values()) == []


def test_others_of_the_customer_are_still_asked(office: Office) -> None:
    customer, subscription = billed(office, late=LATE)
    other = office.subscribe(customer, on=march(1))
    office.clock.move_to(march(12))
    do(office, ChangeLateTreatment(subscription=other, charges=False))
    office.clock.move_to(date(2012, 3, 20))

    office.pay(customer, "100.00")

    assert {name.split(":")[0] for name in office.open_amounts(customer)} == {str(subscription)}


# --- notices


def told(office: Office) -> list[str]:
    return [one.state.value for one in office.provider.notices.list(actor=ANA)]


@pytest.fixture
def warned(office: Office) -> tuple[Office, CustomerId]:
    """Return a late customer for whom the notice of a stage waits."""
    customer, _ = billed(office, late=LATE, notices={"channels": {"email": {"due": ""}}})
    office.clock.move_to(march(15))
    office.provider.late.run(actor=ANA)
    assert told(office) == ["waiting"]
    return office, customer


def test_who_has_paid_is_not_told_that_it_is_late(warned: tuple[Office, CustomerId]) -> None:
    office, customer = warned

    office.pay(customer, "110.00")

    assert told(office) == ["withdrawn"]


def test_who_has_promised_to_pay_is_not_told_that_it_is_late(warned: tuple[Office, CustomerId]) -> None:
    office, customer = warned

    do(office, PromiseToPay(customer=customer, until=march(20)))

    assert told(office) == ["withdrawn"]
    office.clock.move_to(march(21))
    office.provider.late.run(actor=ANA)
    assert told(office) == ["waiting"]


def test_who_has_paid_in_part_is_still_told(warned: tuple[Office, CustomerId]) -> None:
    office, customer = warned

    office.pay(customer, "10.00")

    assert told(office) == ["waiting"]
    office.provider.late.run(actor=ANA)
    assert told(office) == ["waiting"]
