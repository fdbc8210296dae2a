"""Payments that come late, or twice, or not: fine and interest, reversals, refunds, what is let go."""

from datetime import date
from typing import Any

import pytest
from attrs import evolve

from ispcore.billing import DebitKind, ReceivableState, SourceKind
from ispcore.catalog import SpareCents
from ispcore.errors import InvalidValueError, NotFoundError, NotPermittedError, RefusedError
from ispcore.plans import Cancel
from ispcore.timeline import Actor
from ispcore.usecases import (
    MoneyRules,
    PayableSlip,
    RecordPayment,
    Refund,
    Renegotiate,
    ReversePayment,
    Settled,
    Waive,
    WriteOff,
)
from ispcore.values import ChargeId, CustomerId, PaymentId, SlipId, SubscriptionId
from tests.catalogues import brl
from tests.providers import ANA, Office

LEAP_DAY = date(2012, 2, 29)
DUE = date(2012, 3, 10)
MONDAY = date(2012, 3, 12)
"""The tenth is a Saturday."""
LATE = date(2012, 3, 20)


@pytest.fixture
def shop(office: Office) -> Office:
    """An office that asks two percent once and one percent a month of who pays late."""
    office.load(late={"standard": {"charges": {"fine_percent": "2", "interest_percent": "1"}}})
    return office


def owing(office: Office, plan: str = "adsl") -> CustomerId:
    """Return a customer who was billed 100.00 for February, due on 10 March."""
    customer = office.register()
    office.subscribe(customer, plan, on=date(2012, 2, 1))
    office.close(LEAP_DAY)
    return customer


def kinds_open(office: Office, customer: CustomerId) -> dict[str, str]:
    seen = office.provider.customer(customer, actor=ANA).receivables
    return {one.receivable.kind.value: str(one.open.amount) for one in seen if not one.open.is_zero}


def states(office: Office, customer: CustomerId) -> list[str]:
    return [one.state.value for one in office.provider.customer(customer, actor=ANA).receivables]


def the_one(office: Office, customer: CustomerId) -> ChargeId:
    (name,) = office.open_amounts(customer)
    return name


def settle(office: Office, command: Any) -> Settled:
    done: Settled = office.provider.do(command, actor=ANA)
    return done


def reverse(office: Office, name: str = "bank:p1", on: date | None = None) -> Settled:
    return settle(office, ReversePayment(payment=PaymentId(name), reason="bounced", on=on))


# --- fine and interest


def test_who_pays_on_the_next_business_day_pays_nothing_more(shop: Office) -> None:
    customer = owing(shop)
    shop.clock.move_to(MONDAY)

    shop.pay(customer, "100.00")

    assert states(shop, customer) == ["paid"]
    assert shop.findings() == []


@pytest.mark.covers("S3-099")
def test_who_pays_late_pays_fine_and_interest_through_the_day_of_payment(shop: Office) -> None:
    customer = owing(shop)
    shop.clock.move_to(date(2012, 3, 25))

    # The bank tells today of what was paid five days ago: ten days late.
    command = RecordPayment(
        customer=customer, amount=brl("102.33"), paid_on=LATE, provider="bank", provider_id="p1"
    )
    recorded = shop.provider.do(command, actor=ANA)

    assert [(one.kind, str(one.amount.amount)) for one in recorded.raised] == [
        (DebitKind.FINE, "2.00"),
        (DebitKind.INTEREST, "0.33"),
    ]
    assert {one.through for one in recorded.raised} == {LATE}
    assert states(shop, customer) == ["paid", "paid", "paid"]
    assert shop.findings() == []


@pytest.mark.parametrize(
    ("order", "left"),
    [
        ("interest_first", {"fee": "2.33"}),
        ("fine_first", {"fee": "2.33"}),
        ("principal_first", {"fine": "2.00", "interest": "0.33"}),
    ],
)
def test_the_policy_says_what_a_payment_reaches_last(
    office: Office, order: str, left: dict[str, str]
) -> None:
    office.load(
        late={"standard": {"order": order, "charges": {"fine_percent": "2", "interest_percent": "1"}}}
    )
    customer = owing(office)
    office.clock.move_to(LATE)

    office.pay(customer, "100.00")

    assert kinds_open(office, customer) == left
    assert office.findings() == []


def test_two_parts_on_one_day_are_one_payment(shop: Office) -> None:
    customer = owing(shop)
    shop.clock.move_to(LATE)

    shop.pay(customer, "50.00", "p1")
    shop.pay(customer, "52.33", "p2")

    assert kinds_open(shop, customer) == {}
    assert shop.findings() == []


def test_a_part_bears_interest_only_until_it_was_paid(shop: Office) -> None:
    customer = owing(shop)
    shop.clock.move_to(LATE)
    shop.pay(customer, "52.33", "p1")
    shop.clock.move_to(date(2012, 4, 19))

    shop.pay(customer, "50.50", "p2")

    # 50.00 for thirty more days: 0.83 in all, of which 0.33 were asked for.
    assert kinds_open(shop, customer) == {}
    assert shop.findings() == []


def test_interest_of_a_debt_that_the_money_does_not_reach_is_not_asked_for(shop: Office) -> None:
    customer = owing(shop)
    shop.close(date(2012, 3, 31))
    shop.clock.move_to(date(2012, 5, 10))

    shop.pay(customer, "100.00")

    # 61 days of February's; March's, late by thirty, is left alone.
    seen = shop.provider.customer(customer, actor=ANA).receivables
    assert {one.receivable.about for one in seen if one.receivable.about} == {seen[0].receivable.id}
    assert shop.findings() == []


def test_a_named_receivable_is_paid_with_its_open_fine(shop: Office) -> None:
    customer = owing(shop)
    name = the_one(shop, customer)
    shop.clock.move_to(LATE)
    shop.pay(customer, "1.00", "p1", receivables=(name,))

    shop.pay(customer, "101.33", "p2", receivables=(name,))

    assert kinds_open(shop, customer) == {}


def test_fine_and_interest_can_be_let_go_with_the_payment(shop: Office) -> None:
    customer = owing(shop)
    shop.clock.move_to(LATE)

    shop.pay(customer, "100.00", waive_late=True)

    assert states(shop, customer) == ["paid", "cancelled", "cancelled"]
    (settlement,) = shop.provider.payments.settlements(customer, actor=ANA)
    assert (settlement.kind, settlement.amount) == (SourceKind.WAIVER, brl("2.33"))
    assert shop.findings() == []


def test_in_time_there_is_nothing_to_let_go(shop: Office) -> None:
    customer = owing(shop)

    shop.pay(customer, "100.00", waive_late=True)

    assert shop.provider.payments.settlements(customer, actor=ANA) == ()


def test_only_who_may_let_go_may_do_so_with_a_payment(shop: Office) -> None:
    customer = owing(shop)
    command = RecordPayment(
        customer=customer,
        amount=brl("100.00"),
        paid_on=LATE,
        provider="bank",
        provider_id="p1",
        waive_late=True,
    )

    with pytest.raises(NotPermittedError, match=r"debt\.waive"):
        shop.provider.do(command, actor=Actor("rui", {"payment.record"}))


# --- slips


def with_slip(office: Office, slip: PayableSlip) -> None:
    rules = MoneyRules(slip=lambda _, number: slip if number == slip.id else None)
    office.provider._desk = evolve(office.provider._desk, money=rules)


def by_slip(office: Office, amount: str, slip: int = 7, **more: Any) -> None:
    command = RecordPayment(
        slip=SlipId(slip),
        amount=brl(amount),
        paid_on=office.clock.now().date(),
        provider="bank",
        provider_id="s1",
        **more,
    )
    office.provider.do(command, actor=ANA)


@pytest.mark.covers("S3-099")
def test_a_payment_by_slip_pays_what_the_slip_asks_for(shop: Office) -> None:
    customer = owing(shop)
    shop.close(date(2012, 3, 31))
    march = [name for name in shop.open_amounts(customer) if "2012-03" in name]
    with_slip(shop, PayableSlip(SlipId(7), customer, "net", tuple(march)))

    by_slip(shop, "110.00")

    # Paid too much; what the slip does not ask for stays open, the rest is kept.
    assert list(shop.open_amounts(customer).values()) == ["100.00"]
    assert shop.balances(customer) == {"net": "10.00"}
    assert shop.findings() == []


def test_a_slip_that_is_paid_twice_becomes_balance(shop: Office) -> None:
    customer = owing(shop)
    with_slip(shop, PayableSlip(SlipId(7), customer, "net", (the_one(shop, customer),)))
    shop.pay(customer, "100.00")

    by_slip(shop, "100.00")

    assert shop.balances(customer) == {"net": "100.00"}
    assert shop.findings() == []


@pytest.mark.parametrize(
    ("slip", "more", "error", "words"),
    [
        (8, {}, NotFoundError, "no slip 8"),
        (7, {"customer": CustomerId(99)}, RefusedError, "is of customer 1"),
        (7, {"company": "media"}, RefusedError, "is of company 'net'"),
    ],
)
def test_a_slip_of_somebody_else_is_refused(
    shop: Office, slip: int, more: dict[str, Any], error: type[Exception], words: str
) -> None:
    customer = owing(shop)
    with_slip(shop, PayableSlip(SlipId(7), customer, "net", (the_one(shop, customer),)))

    with pytest.raises(error, match=words):
        by_slip(shop, "100.00", slip, **more)


def test_a_cancelled_slip_is_not_paid(shop: Office) -> None:
    customer = owing(shop)
    with_slip(shop, PayableSlip(SlipId(7), customer, "net", (), cancelled=True))

    with pytest.raises(RefusedError, match="slip 7 was cancelled") as refused:
        by_slip(shop, "100.00")

    assert refused.value.rule == "slip-cancelled"


def test_nobody_who_pays_is_refused(shop: Office) -> None:
    command = RecordPayment(amount=brl("1.00"), paid_on=LATE, provider="bank", provider_id="1")

    with pytest.raises(InvalidValueError, match="Name the customer or the slip"):
        shop.provider.do(command, actor=ANA)


# --- taken back


def test_a_payment_that_bounces_leaves_everything_open_again(shop: Office) -> None:
    customer = owing(shop)
    shop.pay(customer, "100.00")

    done = reverse(shop)

    assert shop.open_amounts(customer) == {the_one(shop, customer): "100.00"}
    assert done.settlements[0].reason == "bounced"
    assert shop.findings() == []


def test_a_payment_bounces_once(shop: Office) -> None:
    customer = owing(shop)
    shop.pay(customer, "100.00")
    reverse(shop)
    before = shop.dump()

    with pytest.raises(RefusedError, match="was taken back before"):
        reverse(shop)

    assert shop.dump() == before


def test_a_payment_that_is_not_known_cannot_bounce(shop: Office) -> None:
    with pytest.raises(NotFoundError, match="no payment 'bank:p9'"):
        reverse(shop, "bank:p9")


def test_a_payment_that_bounced_was_never_interest_free(shop: Office) -> None:
    customer = owing(shop)
    shop.pay(customer, "100.00")
    shop.clock.move_to(date(2012, 3, 15))
    reverse(shop)
    shop.clock.move_to(LATE)

    shop.pay(customer, "102.33", "p2")

    assert kinds_open(shop, customer) == {}
    assert shop.findings() == []


def test_what_a_bounced_payment_lent_by_the_balance_comes_back(shop: Office) -> None:
    customer = owing(shop)
    shop.pay(customer, "160.00")
    shop.close(date(2012, 3, 31))
    assert list(shop.open_amounts(customer).values()) == ["40.00"]

    reverse(shop)

    assert list(shop.open_amounts(customer).values()) == ["100.00", "100.00"]
    assert shop.balances(customer) == {}
    assert shop.findings() == []


def test_only_as_much_comes_back_as_is_missing(shop: Office) -> None:
    customer = owing(shop)
    shop.pay(customer, "130.00", "p1")
    shop.pay(customer, "40.00", "p2", company="net")
    shop.close(date(2012, 3, 31))

    reverse(shop, "bank:p1")

    # 30.00 of the 70.00 that March was paid with came from the payment that bounced.
    assert list(shop.open_amounts(customer).values()) == ["100.00", "60.00"]
    assert shop.findings() == []


def test_a_balance_that_came_back_is_used_and_comes_back_again(shop: Office) -> None:
    customer = owing(shop)
    shop.pay(customer, "150.00", "p1")
    shop.close(date(2012, 3, 31))
    reverse(shop, "bank:p1")
    for name in ("p2", "p3", "p4"):
        shop.pay(customer, "150.00", name, company="net", receivables=())
        shop.close(date(2012, 3, 31))
        reverse(shop, f"bank:{name}")

    assert list(shop.open_amounts(customer).values()) == ["100.00", "100.00"]
    assert shop.balances(customer) == {}
    assert shop.findings() == []


def test_of_one_use_of_the_balance_several_parts_come_back(shop: Office) -> None:
    customer = owing(shop)
    shop.pay(customer, "100.00", "p1")
    shop.pay(customer, "40.00", "p2", company="net")
    shop.pay(customer, "60.00", "p3", company="net")
    shop.close(date(2012, 3, 31))

    reverse(shop, "bank:p2")
    reverse(shop, "bank:p3")

    assert list(shop.open_amounts(customer).values()) == ["100.00"]
    assert shop.findings() == []


def test_what_was_refunded_of_a_bounced_payment_is_owed_again(shop: Office) -> None:
    customer = owing(shop)
    shop.pay(customer, "130.00")
    settle(shop, Refund(customer=customer, company="net", reason="asked"))

    done = reverse(shop)

    assert [(one.kind, str(one.amount.amount)) for one in done.raised] == [(DebitKind.REFUND, "30.00")]
    assert sorted(shop.open_amounts(customer).values()) == ["100.00", "30.00"]
    assert shop.balances(customer) == {}
    assert shop.findings() == []


def test_a_refund_without_any_bill_must_come_back_first(shop: Office) -> None:
    customer = shop.register()
    shop.subscribe(customer)
    shop.pay(customer, "30.00", company="net")
    settle(shop, Refund(customer=customer, company="net", reason="asked"))

    with pytest.raises(RefusedError, match="was refunded") as refused:
        reverse(shop)

    assert refused.value.rule == "refunded"


# --- refunds


def test_a_part_of_a_balance_is_refunded(shop: Office) -> None:
    customer = owing(shop)
    shop.pay(customer, "150.00")

    settle(shop, Refund(customer=customer, company="net", reason="asked", amount=brl("20.00")))

    assert shop.balances(customer) == {"net": "30.00"}
    assert shop.findings() == []


@pytest.mark.parametrize("amount", ["50.01", "0.00"])
def test_no_more_than_the_balance_is_refunded(shop: Office, amount: str) -> None:
    customer = owing(shop)
    shop.pay(customer, "150.00")

    with pytest.raises(RefusedError, match=r"is 50\.00 BRL") as refused:
        settle(shop, Refund(customer=customer, company="net", reason="asked", amount=brl(amount)))

    assert refused.value.rule == "balance"


# --- written off, let go


def test_what_nobody_will_pay_is_written_off(shop: Office) -> None:
    customer = owing(shop, "fibre")
    names = tuple(shop.open_amounts(customer))
    shop.pay(customer, "30.00", company="net")

    done = settle(shop, WriteOff(receivables=names, reason="moved abroad"))

    # One settlement a company.
    assert {one.holder.company: str(one.amount.amount) for one in done.settlements} == {
        "net": "60.00",
        "media": "30.00",
    }
    assert shop.open_amounts(customer) == {}
    assert shop.findings() == []


def test_an_amount_is_let_go(shop: Office) -> None:
    customer = owing(shop)
    name = the_one(shop, customer)

    settle(shop, Waive(receivable=name, reason="kindness", amount=brl("15.00")))
    settle(shop, Waive(receivable=name, reason="kindness"))

    assert states(shop, customer) == ["cancelled"]
    assert shop.findings() == []


@pytest.mark.parametrize("amount", ["100.01", "0.00"])
def test_no_more_than_what_is_open_is_let_go(shop: Office, amount: str) -> None:
    customer = owing(shop)

    with pytest.raises(RefusedError, match=r"100\.00 BRL of it is open"):
        settle(shop, Waive(receivable=the_one(shop, customer), reason="k", amount=brl(amount)))


def test_what_stands_on_an_issued_document_takes_no_discount(shop: Office) -> None:
    customer = owing(shop)
    rules = MoneyRules(issued=lambda _, ids: dict.fromkeys(ids, "NF 12"))
    shop.provider._desk = evolve(shop.provider._desk, money=rules)

    with pytest.raises(RefusedError, match="stands on the document NF 12") as refused:
        settle(shop, Waive(receivable=the_one(shop, customer), reason="k"))

    assert refused.value.rule == "document-issued"


@pytest.mark.parametrize("reason", ["", "  ", "a\nb"])
def test_what_a_person_does_needs_a_reason(shop: Office, reason: str) -> None:
    customer = owing(shop)

    with pytest.raises(RefusedError) as refused:
        settle(shop, Waive(receivable=the_one(shop, customer), reason=reason))

    assert refused.value.rule == "reason-required"


def test_receivables_that_are_settled_unknown_or_of_others_are_refused(shop: Office) -> None:
    customer = owing(shop)
    name = the_one(shop, customer)
    other = shop.register("Bia")
    shop.subscribe(other, on=date(2012, 2, 1))
    shop.close(LEAP_DAY)
    others = the_one(shop, other)

    with pytest.raises(RefusedError, match="of the customers 1, 2"):
        settle(shop, WriteOff(receivables=(name, others), reason="gone"))
    with pytest.raises(NotFoundError, match="no receivable 'x'"):
        settle(shop, WriteOff(receivables=(ChargeId("x"),), reason="gone"))
    with pytest.raises(InvalidValueError, match="No receivable is named"):
        settle(shop, WriteOff(receivables=(), reason="gone"))
    shop.pay(customer, "100.00")
    with pytest.raises(RefusedError, match="it is paid"):
        settle(shop, WriteOff(receivables=(name,), reason="gone"))


# --- renegotiated


def agree(office: Office, customer: CustomerId, instalments: int = 3, **more: Any) -> Settled:
    usual: dict[str, Any] = {"first_due": date(2012, 4, 30), "reason": "asked"}
    return settle(office, Renegotiate(customer=customer, instalments=instalments, **{**usual, **more}))


def test_overdue_debts_become_instalments_with_fine_and_interest(shop: Office) -> None:
    customer = owing(shop)
    shop.clock.move_to(LATE)

    done = agree(shop, customer)

    assert [str(one.amount.amount) for one in done.raised] == ["34.11"] * 3
    assert [one.due_on for one in done.raised] == [
        date(2012, 4, 30),
        date(2012, 5, 30),
        date(2012, 6, 30),
    ]
    assert kinds_open(shop, customer) == {"agreement": "34.11"}
    assert states(shop, customer)[:3] == [ReceivableState.RENEGOTIATED.value] * 3
    assert shop.findings() == []


@pytest.mark.parametrize(
    ("spare", "parts"),
    [(SpareCents.FIRST, ["33.34", "33.33", "33.33"]), (SpareCents.LAST, ["33.33", "33.33", "33.34"])],
)
def test_spare_cents_are_on_the_first_instalments_or_the_last(
    office: Office, spare: SpareCents, parts: list[str]
) -> None:
    customer = owing(office)
    office.clock.move_to(LATE)

    done = agree(office, customer, spare_cents=spare)

    assert [str(one.amount.amount) for one in done.raised] == parts
    assert office.findings() == []


def test_each_company_has_instalments_of_its_own(shop: Office) -> None:
    customer = owing(shop, "fibre")

    done = agree(shop, customer, 2, receivables=tuple(shop.open_amounts(customer)), with_late=False)

    assert sorted((one.target.company, str(one.amount.amount)) for one in done.raised) == [
        ("media", "15.00"),
        ("media", "15.00"),
        ("net", "45.00"),
        ("net", "45.00"),
    ]
    assert shop.findings() == []


def test_an_open_fine_goes_into_the_agreement(shop: Office) -> None:
    customer = owing(shop)
    name = the_one(shop, customer)
    shop.clock.move_to(LATE)
    shop.pay(customer, "0.33")

    done = agree(shop, customer, 1, receivables=(name,))

    assert [str(one.amount.amount) for one in done.raised] == ["102.00"]
    assert shop.findings() == []


def test_an_instalment_that_is_late_bears_interest_too(shop: Office) -> None:
    customer = owing(shop)
    shop.clock.move_to(LATE)
    agree(shop, customer, 1, first_due=date(2012, 4, 2))
    shop.clock.move_to(date(2012, 5, 2))

    shop.pay(customer, "105.40")

    # 102.33, 2.05 once and 1.02 for thirty days.
    assert kinds_open(shop, customer) == {}
    assert shop.findings() == []


@pytest.mark.parametrize(
    ("more", "error", "words"),
    [
        ({"instalments": 0}, InvalidValueError, "of 0 instalments"),
        ({"instalments": 121}, InvalidValueError, "of 121 instalments"),
        ({"first_due": date(2012, 3, 1)}, RefusedError, "before the agreement"),
        ({"receivables": (ChargeId("x"),)}, NotFoundError, "no open receivable 'x'"),
        ({"receivables": ()}, InvalidValueError, "No receivable is named"),
        ({"customer": CustomerId(99)}, NotFoundError, "no customer 99"),
    ],
)
def test_an_agreement_that_cannot_be_is_refused(
    shop: Office, more: dict[str, Any], error: type[Exception], words: str
) -> None:
    customer = owing(shop)
    shop.clock.move_to(LATE)
    before = shop.dump()
    usual: dict[str, Any] = {
        "customer": customer,
        "instalments": 2,
        "first_due": date(2012, 4, 30),
        "reason": "asked",
    }

    with pytest.raises(error, match=words):
        settle(shop, Renegotiate(**{**usual, **more}))

    assert shop.dump() == before


def test_what_is_not_overdue_must_be_named_to_be_renegotiated(shop: Office) -> None:
    customer = owing(shop)

    with pytest.raises(RefusedError) as refused:
        agree(shop, customer)

    assert refused.value.rule == "nothing-overdue"


# --- the statement


@pytest.mark.covers("S3-098")
def test_a_statement_tells_every_movement_with_the_balance_after_it(shop: Office) -> None:
    customer = owing(shop)
    shop.clock.move_to(LATE)
    shop.pay(customer, "122.33")
    shop.close(date(2012, 3, 31))
    reverse(shop)

    (account,) = shop.provider.payments.statement(customer, actor=ANA)

    told = [(line.kind.value, str(line.amount.amount), str(line.balance.amount)) for line in account.lines]
    assert told == [
        ("debit", "100.00", "100.00"),
        ("debit", "2.00", "102.00"),
        ("debit", "0.33", "102.33"),
        ("payment", "-122.33", "-20.00"),
        ("debit", "100.00", "80.00"),
        ("reversal", "122.33", "202.33"),
    ]
    assert shop.findings() == []


def test_a_statement_of_some_days_begins_with_what_was_owed(shop: Office) -> None:
    customer = owing(shop)
    shop.close(date(2012, 3, 31))
    shop.close(date(2012, 4, 30))

    (account,) = shop.provider.payments.statement(
        customer, actor=ANA, since=date(2012, 3, 1), until=date(2012, 4, 1)
    )

    assert (account.before, len(account.lines), account.balance) == (brl("100.00"), 1, brl("200.00"))


def test_a_statement_of_no_days_ends_as_it_begins(shop: Office) -> None:
    customer = owing(shop)

    (account,) = shop.provider.payments.statement(customer, actor=ANA, since=date(2012, 3, 1))

    assert (account.lines, account.balance) == ((), brl("100.00"))


def test_each_company_has_a_statement_of_its_own(shop: Office) -> None:
    customer = owing(shop, "fibre")

    found = shop.provider.payments.statement(customer, actor=ANA)

    assert {one.holder.company: str(one.balance.amount) for one in found} == {
        "media": "30.00",
        "net": "90.00",
    }


def test_fine_and_interest_of_what_was_never_owed_are_let_go(shop: Office) -> None:
    customer = owing(shop)
    shop.clock.move_to(LATE)
    shop.pay(customer, "1.00")
    assert kinds_open(shop, customer) == {"fee": "100.00", "fine": "1.33"}
    shop.do(Cancel(subscription=SubscriptionId(1), on=date(2012, 2, 16), reason="moved"))
    shop.close(LATE)

    run = shop.provider.late.run(actor=ANA)

    # Sixteen days of 29 were owed, and two percent of them are 1.10.
    assert run.let_go == 1
    assert kinds_open(shop, customer) == {"fee": "55.17", "fine": "0.43"}
    (noted,) = shop.provider.payments.settlements(customer, actor=ANA)
    assert (noted.amount, noted.reason) == (brl("0.90"), "What they are about was never owed.")
    assert shop.provider.late.run(actor=ANA).let_go == 0
    assert shop.findings() == []
