"""What a customer promises and contests, and what is done by itself when payment is late."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from attrs import evolve

from ispcore.catalog import LateTreatment
from ispcore.customers import (
    ChangeCustomerLateTreatment,
    CustomerState,
    Dispute,
    DisputeOutcome,
    ExemptFromSlipFee,
    LateCustomerCommand,
    Owing,
    PromiseToPay,
    ResolveDispute,
    decide_late,
    fold_customer,
)
from ispcore.errors import InvalidValueError, NotFoundError, RefusedError
from ispcore.values import ChargeId, Currency, Money
from tests.catalogues import CUSTOMER, START, april, brl, march
from tests.people import PERSON, Known, registered

OLD, NEW = ChargeId("old"), ChargeId("new")
OWING = {OLD: Owing(brl("100.00"), march(10)), NEW: Owing(brl("50.00"), april(10))}
"""One is due on the tenth of March, the other a month later."""
TODAY, SOON = march(20), april(4)


def say(known: Known, command: LateCustomerCommand, owing: Mapping[ChargeId, Owing] = OWING) -> Known:
    state = fold_customer(known.facts)
    return known.with_events([decide_late(command, state, owing, TODAY)], TODAY)


def state_after(*commands: LateCustomerCommand) -> CustomerState:
    known = registered(PERSON)
    for command in commands:
        known = say(known, command)
    return fold_customer(known.facts)


def promise(until: date = SOON, **more: Any) -> PromiseToPay:
    return PromiseToPay(customer=CUSTOMER, until=until, **more)


def dispute(receivable: ChargeId = OLD, **more: Any) -> Dispute:
    return Dispute(customer=CUSTOMER, receivable=receivable, **more)


def resolve(receivable: ChargeId = OLD) -> ResolveDispute:
    return ResolveDispute(customer=CUSTOMER, receivable=receivable, outcome=DisputeOutcome.REJECTED)


# --- promises


def test_a_promise_is_about_everything_that_is_due() -> None:
    assert state_after(promise()).promises == {OLD: april(4)}


def test_a_promise_may_name_what_is_due_later() -> None:
    assert state_after(promise(receivables=(NEW,))).promises == {NEW: april(4)}


def test_a_later_promise_takes_the_place_of_an_earlier_one() -> None:
    assert state_after(promise(), promise(april(8))).promises == {OLD: april(8)}


def test_a_promise_may_be_for_today_and_not_for_yesterday() -> None:
    assert state_after(promise(TODAY)).promises == {OLD: TODAY}

    with pytest.raises(RefusedError, match="cannot be promised any more") as refused:
        state_after(promise(march(19)))
    assert refused.value.rule == "promise-past"


def test_who_owes_nothing_that_is_due_promises_nothing() -> None:
    with pytest.raises(RefusedError, match="owes nothing that is due"):
        say(registered(PERSON), promise(), {NEW: OWING[NEW]})


@pytest.mark.parametrize("command", [promise(receivables=(ChargeId("x"),)), dispute(ChargeId("x"))])
def test_only_what_is_open_is_promised_or_contested(command: LateCustomerCommand) -> None:
    with pytest.raises(NotFoundError, match="open receivables: old, new"):
        state_after(command)
    with pytest.raises(NotFoundError, match="open receivables: none"):
        say(registered(PERSON), command, {})


# --- disputes


def test_all_that_is_open_is_contested_unless_a_part_is_named() -> None:
    assert state_after(dispute()).disputes == {OLD: brl("100.00")}
    assert state_after(dispute(amount=brl("30.00"))).disputes == {OLD: brl("30.00")}


def test_a_dispute_that_is_resolved_leaves_the_others() -> None:
    assert state_after(dispute(), dispute(NEW), resolve()).disputes == {NEW: brl("50.00")}


def test_what_is_contested_already_is_not_contested_again() -> None:
    with pytest.raises(RefusedError, match=r"100\.00 BRL of old is contested already"):
        state_after(dispute(), dispute())


def test_no_more_than_is_open_is_contested() -> None:
    with pytest.raises(RefusedError, match=r"100\.00 BRL of it is open"):
        state_after(dispute(amount=brl("100.01")))


@pytest.mark.parametrize("amount", [brl("0.00"), Money.of("1.00", Currency("USD", 2))])
def test_no_amount_and_another_currency_are_not_contested(amount: Money) -> None:
    with pytest.raises(InvalidValueError, match="cannot be contested"):
        state_after(dispute(amount=amount))


def test_only_what_is_contested_is_resolved() -> None:
    with pytest.raises(RefusedError, match="Contested: nothing"):
        state_after(resolve())
    with pytest.raises(RefusedError, match="Contested: new"):
        state_after(dispute(NEW), resolve())


# --- switches


def test_a_switch_leaves_the_others_as_they_are() -> None:
    first = ChangeCustomerLateTreatment(customer=CUSTOMER, blocks=False)
    second = ChangeCustomerLateTreatment(customer=CUSTOMER, charges=False)

    assert state_after(first, second).late == LateTreatment(blocks=False, notices=True, charges=False)


def test_a_switch_that_stands_so_already_is_refused() -> None:
    with pytest.raises(RefusedError, match="has these settings already"):
        state_after(ChangeCustomerLateTreatment(customer=CUSTOMER, blocks=True))


def test_only_what_the_customer_and_the_subscription_allow_is_done() -> None:
    quiet, free = LateTreatment(notices=False), LateTreatment(charges=False)

    assert quiet & free == LateTreatment(blocks=True, notices=False, charges=False)


@pytest.mark.parametrize(
    "command", [promise(), dispute(), resolve(), ChangeCustomerLateTreatment(customer=CUSTOMER, blocks=False)]
)
def test_a_command_about_late_payment_is_of_today(command: LateCustomerCommand) -> None:
    with pytest.raises(RefusedError, match="Leave the day out"):
        state_after(evolve(command, on=march(19)))


# --- the fee of slips


def test_who_is_exempted_from_slip_fees_pays_them_again_once_told() -> None:
    exempted = registered(PERSON).after(ExemptFromSlipFee(customer=CUSTOMER, exempt=True), START)
    assert exempted.customer.slip_fee_exempt

    again = exempted.after(ExemptFromSlipFee(customer=CUSTOMER, exempt=False), START)

    assert not again.customer.slip_fee_exempt


def test_who_pays_slip_fees_is_not_told_to_pay_them() -> None:
    with pytest.raises(RefusedError, match="has this setting already"):
        registered(PERSON).after(ExemptFromSlipFee(customer=CUSTOMER, exempt=False))
