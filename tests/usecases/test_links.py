"""Slips, payments, documents, disputes and notices answer one another from the same database."""

from datetime import date
from typing import Any

import pytest

from ispcore.billing import DebitKind, ReceivableBalance
from ispcore.customers import Dispute, DisputeOutcome, ResolveDispute
from ispcore.errors import RefusedError
from ispcore.plans import Gathering, SetSlipTerms, SlipTerms
from ispcore.usecases import (
    CancelSlip,
    PaymentParked,
    ReceivePayment,
    RecordPayment,
    RegenerateSlip,
    Waive,
)
from ispcore.values import CustomerId, SlipId, SubscriptionId
from tests.catalogues import DOCUMENT, brl
from tests.providers import ANA, Office

LEAP_DAY = date(2012, 2, 29)
DUE = date(2012, 3, 10)
LATER = date(2012, 4, 10)
LATE = {"charges": {"fine_percent": "2", "interest_percent": "3"}}


@pytest.fixture
def customer(office: Office) -> CustomerId:
    """A customer with a bill of 20.69 for six days of February, due on 10 March, a slip and a late policy."""
    documents = {**DOCUMENT["document_types"], "nfcom": {"name": "NFCom", "asked_for": "on_due_day"}}
    office.load(late={"standard": LATE}, document_types=documents)
    number = office.register()
    office.subscribe(number)
    office.close(LEAP_DAY)
    office.provider.slips.issue(LEAP_DAY, actor=ANA)
    return number


def paid(office: Office, slip: int, amount: str, on: date = DUE, name: str = "p1") -> Any:
    office.clock.move_to(on)
    command = RecordPayment(
        slip=SlipId(slip), amount=brl(amount), paid_on=on, provider="bank", provider_id=name
    )
    return office.provider.do(command, actor=ANA)


def owed(office: Office, customer: CustomerId) -> list[ReceivableBalance]:
    every = office.provider.customer(customer, actor=ANA).receivables
    return [one for one in every if one.open.minor > 0]


def states(office: Office) -> list[str]:
    return [slip.state.value for slip in office.provider.slips.list(actor=ANA)]


def sound(office: Office) -> bool:
    return [str(finding) for finding in office.provider.check(actor=ANA)] == []


@pytest.mark.covers("S3-099")
def test_a_slip_is_paid_by_its_number(office: Office, customer: CustomerId) -> None:
    paid(office, 1, "20.69")

    assert (states(office), owed(office, customer)) == (["paid"], [])
    assert sound(office)


def test_money_for_a_slip_that_was_replaced_pays_what_stood_on_it(
    office: Office, customer: CustomerId
) -> None:
    office.provider.do(RegenerateSlip(slip=SlipId(1), due_on=LATER), actor=ANA)

    paid(office, 1, "20.69")

    assert (states(office), owed(office, customer)) == (["replaced", "paid"], [])
    assert sound(office)


def test_money_for_a_cancelled_slip_is_refused_or_waits_for_a_person(
    office: Office, customer: CustomerId
) -> None:
    office.provider.do(CancelSlip(slip=SlipId(1)), actor=ANA)

    with pytest.raises(RefusedError, match="slip 1 was cancelled"):
        paid(office, 1, "20.69")
    received = office.provider.do(
        ReceivePayment(amount=brl("20.69"), paid_on=DUE, provider="bank", provider_id="p1", slip=SlipId(1)),
        actor=ANA,
    )

    assert isinstance(received, PaymentParked)
    assert len(owed(office, customer)) == 1


def test_late_money_for_a_slip_pays_fine_and_interest_first(office: Office, customer: CustomerId) -> None:
    done = paid(office, 1, "20.69", on=LATER)

    # 2 % of 20.69, and 3 % a month for 31 days
    assert [str(one.amount.amount) for one in done.raised] == ["0.41", "0.64"]
    (left,) = owed(office, customer)
    assert left.open == brl("1.05")
    assert sound(office)


@pytest.mark.covers("S3-061")
def test_overdue_amounts_are_gathered_with_fine_and_interest_to_date(
    office: Office, customer: CustomerId
) -> None:
    gathering = SlipTerms(gathers=Gathering((DebitKind.FEE,), interest=True))
    office.do(SetSlipTerms(subscription=SubscriptionId(1), slips=gathering))
    office.close(date(2012, 3, 31))
    office.provider.slips.issue(LATER, actor=ANA)

    kinds = {one.receivable.kind for one in owed(office, customer)}
    slip = office.provider.slips.list(actor=ANA)[-1]
    assert {DebitKind.FINE, DebitKind.INTEREST} <= kinds
    assert slip.amount == brl(str(sum(one.open.amount for one in owed(office, customer))))
    assert sound(office)


def test_what_stands_on_a_document_is_not_waived(office: Office, customer: CustomerId) -> None:
    (one,) = owed(office, customer)
    office.clock.move_to(DUE)
    office.provider.documents.ask(DUE, actor=ANA)

    with pytest.raises(RefusedError, match="takes no discount"):
        office.provider.do(Waive(receivable=one.receivable.id, reason="kind"), actor=ANA)


def test_for_what_is_contested_nothing_is_charged_until_that_is_rejected(
    office: Office, customer: CustomerId
) -> None:
    (one,) = owed(office, customer)
    office.clock.move_to(LATER)
    office.provider.do(Dispute(customer=customer, receivable=one.receivable.id), actor=ANA)
    assert paid(office, 1, "0.69", on=LATER, name="part").raised == ()

    resolve = ResolveDispute(customer=customer, receivable=one.receivable.id, outcome=DisputeOutcome.REJECTED)
    office.provider.do(resolve, actor=ANA)

    assert len(paid(office, 1, "20.00", on=LATER, name="rest").raised) == 2
    assert sound(office)


def test_a_slip_made_anew_is_no_new_debt_to_those_who_count_its_days(office: Office) -> None:
    stages = [{"code": "slow", "action": "reduce", "days": 5}, {"code": "shut", "action": "block", "days": 9}]
    office.load(late={"standard": {"stages": stages}})
    customer = office.register()
    office.subscribe(customer)
    office.close(LEAP_DAY)
    office.provider.slips.issue(LEAP_DAY, actor=ANA)
    office.clock.move_to(date(2012, 3, 16))
    assert office.provider.late.run(actor=ANA).reduced == 1

    office.provider.do(RegenerateSlip(slip=SlipId(1), due_on=date(2012, 3, 16)), actor=ANA)
    again = office.provider.late.run(actor=ANA)
    office.clock.move_to(date(2012, 3, 20))

    assert (again.reduced, again.reached, again.restored) == (0, 0, 0)
    assert office.provider.late.run(actor=ANA).blocked == 1
