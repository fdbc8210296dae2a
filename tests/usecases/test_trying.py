"""Any command can be tried: what it would leave is told, and nothing is saved."""

from datetime import date
from typing import Any

import pytest

from ispcore.billing import SlipState
from ispcore.contracts import AddToCombo, EditContract, OpenContract
from ispcore.customers import (
    ChangeCustomer,
    PersonDetails,
    PersonKind,
    PromiseToPay,
    RegisterCustomer,
    SaveAddress,
)
from ispcore.desks import Attempt
from ispcore.errors import NotPermittedError, RefusedError
from ispcore.plans import Cancel, ChangeAddress, Sell, Suspend, Transfer
from ispcore.timeline import Actor
from ispcore.usecases import (
    CancelSlip,
    DropParked,
    MergeSlips,
    ReceivePayment,
    RecordPayment,
    Refund,
    RegenerateSlip,
    Renegotiate,
    ReversePayment,
    Waive,
    WriteOff,
)
from ispcore.values import (
    AddressId,
    ChargeId,
    ContractNumber,
    CustomerId,
    PaymentId,
    SlipId,
    SubscriptionId,
)
from tests.catalogues import brl, march
from tests.providers import ANA, Office, address

LEAP_DAY = date(2012, 2, 29)
ONE = SubscriptionId(1)
ANNA = CustomerId(1)


NAME = ChargeId("1:plan:remainder@net:2012-02-01:0:1")
"""What Ana owes for six days of February: 20.69 BRL, due on 10 March."""


@pytest.fixture
def billed(office: Office) -> Office:
    """Ana has a subscription, a bill of 20.69 and a slip for it; Bia has nothing yet."""
    office.load(late={"standard": {}})
    office.subscribe(office.register("Ana"))
    office.close(LEAP_DAY)
    office.provider.slips.issue(LEAP_DAY, actor=ANA)
    office.register("Bia")
    return office


def tried(office: Office, command: Any) -> Attempt:
    """Try *command*, see that nothing is saved; carry it out, and see that as much came of it."""
    before = office.dump()
    found: Attempt = office.provider.try_out(command, actor=ANA)
    assert office.dump() == before
    done = office.provider.do(command, actor=ANA)
    assert type(done) is type(found.recorded)
    after = office.dump()
    more = {table: len(after[table]) - len(before[table]) for table in ("charges", "facts", "payments")}
    assert more == {
        "charges": len(found.charges) + len(found.credits),
        "facts": len(found.facts),
        "payments": len(found.payments),
    }
    return found


def pay(amount: str, name: str = "p1", **more: Any) -> RecordPayment:
    return RecordPayment(
        customer=ANNA, amount=brl(amount), paid_on=LEAP_DAY, provider="bank", provider_id=name, **more
    )


def opened(found: Attempt) -> list[tuple[str | None, str]]:
    """Return what was open of each receivable that changes, and what would be."""
    return [
        (None if one.before is None else str(one.before.open.amount), str(one.after.open.amount))
        for one in found.receivables
    ]


def test_a_payment_shows_what_it_settles_and_what_becomes_of_the_slip(billed: Office) -> None:
    found = tried(billed, pay("20.69"))

    assert opened(found) == [("20.69", "0.00")]
    assert [one.id for one in found.payments] == ["bank:p1"]
    assert [(one.before and one.before.state, one.after.state) for one in found.slips] == [
        (SlipState.OPEN, SlipState.PAID)
    ]
    assert found.balances == {}


def test_money_that_is_too_much_moves_the_balance_and_a_refund_empties_it(billed: Office) -> None:
    more = tried(billed, pay("25.00"))
    (kept,) = more.balances.values()
    back = tried(billed, Refund(customer=ANNA, company="net", reason="asked for"))
    (gone,) = back.balances.values()

    assert (kept.before, kept.after) == (None, brl("4.31"))
    assert (gone.before, gone.after) == (brl("4.31"), brl("0.00"))
    assert [one.amount for one in back.settlements] == [brl("4.31")]


def test_a_payment_that_is_taken_back_opens_again_what_it_had_settled(billed: Office) -> None:
    billed.provider.do(pay("20.69"), actor=ANA)

    found = tried(billed, ReversePayment(payment=PaymentId("bank:p1"), reason="bounced"))

    assert opened(found) == [("0.00", "20.69")]
    assert [one.reason for one in found.settlements] == ["bounced"]


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (WriteOff(receivables=(NAME,), reason="gone away"), [("20.69", "0.00")]),
        (Waive(receivable=NAME, amount=brl("0.69"), reason="kindness"), [("20.69", "20.00")]),
        (
            Renegotiate(
                customer=ANNA, receivables=(NAME,), instalments=2, first_due=march(20), reason="asked"
            ),
            [("20.69", "0.00"), (None, "10.35"), (None, "10.34")],
        ),
    ],
    ids=lambda each: type(each).__name__,
)
def test_what_is_done_about_a_debt_shows_what_is_open_then(
    billed: Office, command: Any, expected: list[tuple[str | None, str]]
) -> None:
    found = tried(billed, command)

    assert sorted(opened(found), key=str) == sorted(expected, key=str)
    assert [one.reason for one in found.settlements] == [command.reason]


@pytest.mark.parametrize(
    ("command", "states"),
    [
        (CancelSlip(slip=SlipId(1)), ["open -> cancelled"]),
        (RegenerateSlip(slip=SlipId(1), due_on=march(20)), ["open -> replaced", "new -> open"]),
    ],
    ids=lambda each: type(each).__name__,
)
def test_commands_about_slips_show_what_becomes_of_them(
    billed: Office, command: Any, states: list[str]
) -> None:
    found = tried(billed, command)

    assert [
        f"{'new' if one.before is None else one.before.state.value} -> {one.after.state.value}"
        for one in found.slips
    ] == states


def test_two_slips_that_are_merged_are_found_by_either_number(billed: Office) -> None:
    billed.close(date(2012, 3, 31))
    billed.provider.slips.issue(date(2012, 3, 31), actor=ANA)

    found = tried(billed, MergeSlips(slips=(SlipId(1), SlipId(2))))

    assert [one.after.state.value for one in found.slips] == ["replaced", "replaced", "open"]


def test_who_is_registered_is_all_new(billed: Office) -> None:
    details = PersonDetails(name="Caio")
    found = tried(
        billed,
        RegisterCustomer(kind=PersonKind.PERSON, details=details, addresses=(address("home", "Londrina"),)),
    )

    assert [(fact.kind, fact.subject.id) for fact in found.facts] == [
        ("Registered", "3"),
        ("AddressSaved", "3"),
    ]
    assert (found.charges, found.receivables, found.slips) == ((), (), ())


def test_a_customer_who_moves_to_another_city_takes_subscriptions_along(billed: Office) -> None:
    found = tried(billed, SaveAddress(customer=ANNA, address=address("home", "Maringá")))

    assert sorted(fact.subject.kind.value for fact in found.facts) == ["customer", "subscription"]


def test_a_sale_shows_its_receivable(billed: Office) -> None:
    sale = Sell(subscription=ONE, description="Router", amount=brl("90.00"), due_on=march(20))

    found = tried(billed, sale)

    assert opened(found) == [(None, "90.00")]
    assert [entry.amount for entry in found.charges] == [brl("90.00")]


def test_a_transfer_shows_both_sides(billed: Office) -> None:
    found = tried(billed, Transfer(subscription=ONE, customer=CustomerId(2)))

    assert {fact.subject.id for fact in found.facts if fact.subject.kind.value == "subscription"} == {
        "1",
        "2",
    }


def test_what_is_parked_and_dropped_touches_nobody(billed: Office) -> None:
    stray = ReceivePayment(
        amount=brl("7.00"), paid_on=LEAP_DAY, provider="bank", provider_id="x", customer_code="nobody"
    )

    parked = tried(billed, stray)
    dropped = tried(billed, DropParked(parked=1, reason="not ours"))

    assert (parked.payments, parked.receivables, dropped.facts) == ((), (), ())


def test_a_promise_is_tried_like_anything_else(billed: Office) -> None:
    billed.clock.move_to(march(11))

    found = tried(billed, PromiseToPay(customer=ANNA, until=march(20)))

    assert [fact.kind for fact in found.facts] == ["PaymentPromised"]


def test_what_is_told_is_shown_with_the_command_that_asks_for_it(office: Office) -> None:
    channels = {"sms": {"to": "phone", "notifier": "files"}}
    told = {
        "description": "Suspenso",
        "bucket": "inactive",
        "bills": False,
        "serves": "off",
        "role": "suspended",
        "sms": {"send": True},
    }
    office.load(statuses={"suspended": told}, notices={"channels": channels})
    subscription = office.subscribe(office.register())

    found = tried(office, Suspend(subscription=subscription))

    assert [(one.before, one.after.notice.step) for one in found.notices] == [(None, "suspended")]


def test_a_command_that_is_refused_is_refused_when_it_is_tried(billed: Office) -> None:
    before = billed.dump()

    with pytest.raises(RefusedError):
        billed.provider.try_out(Refund(customer=ANNA, company="net", reason="none"), actor=ANA)
    with pytest.raises(NotPermittedError, match=r"'payment\.record' is missing"):
        billed.provider.try_out(pay("1.00"), actor=Actor("rui", {"customer.read"}))
    with pytest.raises(TypeError, match="is no command"):
        billed.provider.try_out(None, actor=ANA)  # type: ignore[call-overload]

    assert billed.dump() == before


def test_a_subscriptions_command_needs_no_closing_to_be_tried(billed: Office) -> None:
    found = tried(billed, Cancel(subscription=ONE, reason="moved"))

    assert [fact.kind for fact in found.facts] == ["Cancelled"]


def test_it_is_the_same_with_a_change_of_data(billed: Office) -> None:
    found = tried(billed, ChangeCustomer(customer=ANNA, details={"name": "Ana Lima"}))

    assert len(found.facts) == 1


def test_what_is_agreed_in_contracts_and_combos_is_tried_too(office: Office) -> None:
    two = {"name": "Two", "months": 12, "combo": {"pricing": "fixed", "price": "150.00"}}
    office.load(contracts={"two": two})
    customer = office.register()
    opening = OpenContract(customer=customer, template="two", number="C")
    before = office.dump()

    tried = office.provider.try_out(opening, actor=ANA)

    assert [fact.kind for fact in tried.facts] == ["ContractOpened"]
    assert office.dump() == before
    office.provider.do(opening, actor=ANA)
    edited = EditContract(contract=ContractNumber("C"), salesperson="caio")
    assert [fact.kind for fact in office.provider.try_out(edited, actor=ANA).facts] == ["ContractEdited"]
    added = AddToCombo(contract=ContractNumber("C"), subscription=office.subscribe(customer))
    assert [fact.kind for fact in office.provider.try_out(added, actor=ANA).facts] == [
        "ContractJoined",
        "ComboPriced",
    ]


def test_another_address_says_before_to_which_business_unit_it_would_bring(office: Office) -> None:
    customer = office.register()
    subscription = office.subscribe(customer)
    shop = SaveAddress(customer=customer, address=address("shop", "Maringá"))
    office.provider.do(shop, actor=ANA)

    moving = ChangeAddress(subscription=subscription, address=AddressId("shop"))
    tried = office.provider.try_out(moving, actor=ANA)

    assert [(fact.kind, fact.payload.unit) for fact in tried.facts] == [("AddressChanged", "maringa")]
    assert office.provider.subscription(subscription, actor=ANA).timeline.last.unit == "londrina"
