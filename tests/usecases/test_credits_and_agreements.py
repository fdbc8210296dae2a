"""What a closing credits after persons let something go: it is found in the database too."""

from datetime import date
from typing import Any

from ispcore.plans import Cancel, ChangePrice
from ispcore.usecases import Renegotiate, Waive, WriteOff
from ispcore.values import CustomerId, SubscriptionId
from tests.catalogues import brl, february
from tests.providers import ANA, Office

MARCH = date(2012, 3, 31)


def billed(office: Office) -> tuple[CustomerId, SubscriptionId]:
    """Bill March, 100.00, to a new customer, who paid what was before."""
    office.load()
    customer = office.register()
    subscription = office.subscribe(customer)
    office.close(february(29))
    office.pay(customer, "20.69", "february")
    office.close(MARCH)
    return customer, subscription


def do(office: Office, command: Any) -> Any:
    return office.provider.do(command, actor=ANA)


def never_was(office: Office, subscription: SubscriptionId) -> None:
    """Cancel it from the last day of February, and close again."""
    do(office, Cancel(subscription=subscription, reason="moved", on=february(29)))
    office.close(date(2012, 4, 2))


def test_what_was_let_go_is_not_given_away_when_it_is_credited(office: Office) -> None:
    customer, subscription = billed(office)
    (march,) = office.open_amounts(customer)
    do(office, Waive(receivable=march, amount=brl("30.00"), reason="slow line"))
    office.pay(customer, "60.00")
    do(office, WriteOff(receivables=(march,), reason="lost"))

    never_was(office, subscription)

    assert office.balances(customer) == {"net": "60.00"}
    assert office.open_amounts(customer) == {}
    assert office.findings() == []


def test_a_later_credit_finds_what_an_earlier_one_replaced(office: Office) -> None:
    customer, subscription = billed(office)
    (march,) = office.open_amounts(customer)
    do(office, Waive(receivable=march, amount=brl("30.00"), reason="slow line"))
    office.pay(customer, "70.00")
    do(office, ChangePrice(subscription=subscription, price=brl("80.00"), on=date(2012, 3, 1)))
    office.close(date(2012, 4, 1))
    assert office.balances(customer) == {}

    never_was(office, subscription)

    assert office.balances(customer) == {"net": "70.00"}
    assert office.findings() == []


def test_a_credit_of_what_was_renegotiated_lowers_the_agreement(office: Office) -> None:
    customer, subscription = billed(office)
    office.pay(customer, "40.00")
    renegotiated = do(
        office,
        Renegotiate(
            customer=customer,
            receivables=tuple(office.open_amounts(customer)),
            instalments=2,
            first_due=date(2012, 4, 20),
            reason="asked for",
        ),
    )
    first, _ = renegotiated.raised
    do(office, ChangePrice(subscription=subscription, price=brl("50.00"), on=date(2012, 3, 1)))
    office.close(date(2012, 4, 1))
    assert office.open_amounts(customer) == {first.id: "10.00"}

    never_was(office, subscription)

    assert office.open_amounts(customer) == {}
    assert office.balances(customer) == {"net": "40.00"}
    assert office.findings() == []
