"""What a cancellation comes to, before it is given and after."""

from datetime import date

import pytest

from ispcore.contracts import OpenContract
from ispcore.errors import RefusedError
from ispcore.plans import Cancel
from ispcore.values import ContractNumber, SubscriptionId
from tests.catalogues import brl, march
from tests.providers import ANA, Office

ONE = SubscriptionId(1)
LEAVING = Cancel(subscription=ONE, on=march(15), reason="moved")


@pytest.fixture
def billed(office: Office) -> Office:
    """An office with a customer who owes 20.69 of February."""
    office.subscribe(office.register("Maria da Silva"))
    office.close(date(2012, 2, 29))
    office.clock.move_to(march(10))
    return office


@pytest.mark.covers("S2-013", "S2-014", "S3-040")
def test_the_summary_shows_totals_the_proportional_part_and_a_protocol_number(billed: Office) -> None:
    before = billed.dump()

    found = billed.provider.cancellation(LEAVING, actor=ANA)

    assert billed.dump() == before
    # Fifteen days of March, of 100.00 a month.
    assert [(one.amount, one.days, one.days_of) for one in found.proportional] == [(brl("48.39"), 15, 31)]
    assert (found.owed_before, found.to_pay, found.balance) == (brl("20.69"), brl("69.08"), brl("0.00"))
    assert found.protocol == "2012-1-2"
    assert found.text == (
        "Cancellation 2012-1-2\n"
        "Maria da Silva, customer 1\n"
        "Subscription 1, ADSL, ends on 15/03/2012: Mudou-se\n"
        "\n"
        "ADSL                       15 of 31 days           48.39 BRL\n"
        "Owed before                                        20.69 BRL\n"
        "To pay                                             69.08 BRL\n"
        "Kept for you                                        0.00 BRL"
    )


def test_what_was_tried_is_what_it_comes_to(billed: Office) -> None:
    tried = billed.provider.cancellation(LEAVING, actor=ANA)

    billed.do(LEAVING)

    assert billed.provider.cancellation(ONE, actor=ANA) == tried
    billed.close(march(31))
    assert billed.provider.cancellation(ONE, actor=ANA).proportional[0].amount == brl("48.39")


def test_a_cancellation_of_days_that_were_paid_shows_the_credit_and_what_is_kept(billed: Office) -> None:
    billed.pay(billed.provider.subscription(ONE, actor=ANA).row.customer, "20.69")

    found = billed.provider.cancellation(
        Cancel(subscription=ONE, on=date(2012, 2, 26), reason="moved"), actor=ANA
    )

    # Three of the six days in February were served.
    assert [(one.amount, one.days) for one in found.credits] == [(brl("10.35"), 3)]
    assert (found.owed_before, found.to_pay, found.balance) == (brl("0.00"), brl("0.00"), brl("10.35"))
    assert "-10.35 BRL" in found.text


@pytest.mark.covers("S0-073")
def test_the_penalty_is_told_whole_and_so_are_its_instalments_to_come(office: Office) -> None:
    penalty = {"fixed": "300.00", "instalments": 3}
    year = {"name": "Year", "months": 12, "fidelity_months": 12, "benefit": "600.00", "penalty": penalty}
    office.load(contracts={"year": year})
    customer = office.register("Maria da Silva")
    office.provider.do(OpenContract(customer=customer, template="year", number="A1"), actor=ANA)
    office.subscribe(customer, contract=ContractNumber("A1"))
    office.clock.move_to(march(10))

    found = office.provider.cancellation(LEAVING, actor=ANA)

    assert (found.penalty, found.to_come) == (brl("300.00"), brl("200.00"))
    assert (
        "Penalty of contract A1, 1 of 3                    100.00 BRL\n"
        "ADSL                       15 of 31 days           48.39 BRL\n"
        "Owed before                                         0.00 BRL\n"
        "To pay                                            169.08 BRL\n"
        "To come in instalments                            200.00 BRL\n"
        "Penalty for leaving early, in all                 300.00 BRL\n"
        "Kept for you                                        0.00 BRL"
    ) in found.text
    office.clock.move_to(march(15))
    office.do(LEAVING)
    office.clock.move_to(date(2012, 4, 30))
    office.close(date(2012, 4, 30))
    assert office.provider.cancellation(ONE, actor=ANA).to_come == brl("100.00")
    office.clock.move_to(date(2012, 5, 31))
    office.close(date(2012, 5, 31))
    assert office.provider.cancellation(ONE, actor=ANA).to_come == brl("0.00")
    assert office.findings() == []


def test_what_goes_on_has_no_summary_of_its_end(billed: Office) -> None:
    with pytest.raises(RefusedError, match="Subscription 1 is not cancelled") as refused:
        billed.provider.cancellation(ONE, actor=ANA)
    with pytest.raises(RefusedError, match="without a reason"):
        billed.provider.cancellation(Cancel(subscription=ONE), actor=ANA)

    assert refused.value.rule == "not-cancelled"
