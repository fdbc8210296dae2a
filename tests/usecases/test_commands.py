"""Stories of subscriptions through the facade: repairs, changes of plan, two companies, payments."""

from datetime import date

import pytest

from ispcore.billing import Holder, ReceivableState
from ispcore.errors import InvalidValueError, NotFoundError, RefusedError
from ispcore.plans import Annul, Cancel, ChangeAddress, ChangePlan, Retract
from ispcore.usecases import RecordPayment
from ispcore.values import ChargeId, CustomerId, Money, SubscriptionId
from tests.catalogues import brl
from tests.providers import ANA, Office

LEAP_DAY = date(2012, 2, 29)
END_OF_MARCH = date(2012, 3, 31)


# --- repairs


def test_a_retracted_cancellation_brings_the_charges_back(office: Office) -> None:
    subscription = office.subscribe(office.register())
    cancelled = office.do(Cancel(subscription=subscription, reason="moved"), today=date(2012, 2, 26))
    office.close(LEAP_DAY)
    before = office.owed(subscription)

    office.do(Retract(subscription=subscription, fact=cancelled.facts[0].sequence), today=date(2012, 3, 10))
    office.close(END_OF_MARCH)

    assert before == {"2012-02": "10.34"}
    assert office.owed(subscription) == {"2012-02": "20.69", "2012-03": "100.00"}
    assert office.findings() == []
    assert all(
        office.provider.explain(charge.id, actor=ANA).agrees for charge in office.charges(subscription)
    )


def test_what_was_never_delivered_is_taken_back_whole(office: Office) -> None:
    customer = office.register()
    subscription = office.subscribe(customer, "fibre")
    office.close(LEAP_DAY)

    office.do(Annul(subscription=subscription, on=date(2012, 2, 24)), today=date(2012, 3, 2))
    office.close(END_OF_MARCH)

    assert office.owed(subscription) == {"2012-02": "0.00"}
    assert office.open_amounts(customer) == {}
    states = {one.state for one in office.provider.customer(customer, actor=ANA).receivables}
    assert states == {ReceivableState.CANCELLED}
    assert office.findings() == []


# --- change of plan


@pytest.mark.covers("S0-025", "S0-098", "S0-099", "S2-018")
def test_a_change_of_plan_in_advance_credits_the_unused_days_and_uses_them_for_the_new_plan(
    office: Office,
) -> None:
    customer = office.register()
    old = office.subscribe(customer, "in-advance", on=date(2012, 3, 1))
    office.close(date(2012, 3, 1))
    office.pay(customer, "100.00")

    done = office.do(ChangePlan(subscription=old, plan="fibre"), today=date(2012, 3, 11))
    office.close(date(2012, 3, 11))

    # 10 of 31 days of 100.00 are owed, 67.74 were paid for nothing; 21 days of 120.00 are 81.29.
    assert done.successor is not None
    assert office.owed(old) == {"2012-03": "32.26"}
    assert office.owed(done.successor) == {"2012-03": "81.29"}
    # The films are another company's, so the balance of the first one cannot pay for them.
    assert sorted(office.open_amounts(customer).values()) == ["20.32"]
    assert office.balances(customer) == {"net": "6.77"}
    assert office.findings() == []


def test_both_sides_of_a_change_of_plan_name_each_other(office: Office) -> None:
    old = office.subscribe(office.register())

    new = office.do(ChangePlan(subscription=old, plan="fibre"), today=date(2012, 3, 11)).successor

    assert new is not None
    assert office.provider.subscription(old, actor=ANA).timeline.last.successor == new
    assert office.provider.subscription(new, actor=ANA).timeline.last.previous == old


# --- two companies


@pytest.mark.covers("S0-043", "S0-050", "S0-051", "S0-269")
def test_each_line_becomes_a_receivable_of_its_own_company(office: Office) -> None:
    customer = office.register()
    office.subscribe(customer, "fibre", on=date(2012, 2, 1))

    office.close(LEAP_DAY)

    seen = office.provider.customer(customer, actor=ANA).receivables
    assert {
        (one.receivable.key.line, one.receivable.target.company, str(one.open.amount)) for one in seen
    } == {
        ("access", "net", "80.00"),
        ("films", "media", "30.00"),
        ("remainder", "net", "10.00"),
    }


@pytest.mark.parametrize(
    ("amount", "still_open", "balance"),
    [
        ("80.00", {"films": "30.00", "remainder": "10.00"}, {}),
        ("85.00", {"films": "30.00", "remainder": "5.00"}, {}),
        ("95.50", {"films": "30.00"}, {"net": "5.50"}),
    ],
)
def test_a_payment_pays_what_its_company_is_owed_and_the_rest_is_kept(
    office: Office, amount: str, still_open: dict[str, str], balance: dict[str, str]
) -> None:
    customer = office.register()
    office.subscribe(customer, "fibre", on=date(2012, 2, 1))
    office.close(LEAP_DAY)

    office.pay(customer, amount, company="net")

    seen = office.provider.customer(customer, actor=ANA).receivables
    assert {
        one.receivable.key.line: str(one.open.amount) for one in seen if not one.open.is_zero
    } == still_open
    assert office.balances(customer) == balance
    assert office.findings() == []


def test_an_over_payment_is_used_by_the_next_closing_of_the_same_company_only(office: Office) -> None:
    customer = office.register()
    office.subscribe(customer, "fibre", on=date(2012, 2, 1))
    office.close(LEAP_DAY)
    office.pay(customer, "190.00", company="net")

    office.close(END_OF_MARCH)

    assert sorted(office.open_amounts(customer).values()) == ["30.00", "30.00"]
    assert office.balances(customer) == {"net": "10.00"}
    assert office.findings() == []


# --- payments


def one_receivable(office: Office) -> tuple[CustomerId, ChargeId]:
    customer = office.register()
    office.subscribe(customer, on=date(2012, 2, 1))
    office.close(LEAP_DAY)
    ((name, _),) = office.open_amounts(customer).items()
    return customer, name


def test_the_same_payment_again_changes_nothing(office: Office) -> None:
    customer, _ = one_receivable(office)
    command = office.pay(customer, "40.00")
    before = office.dump()

    again = office.provider.do(command, actor=ANA)

    assert again.known
    assert again.payment.amount == brl("40.00")
    assert office.dump() == before


@pytest.mark.parametrize(("customer", "amount"), [(1, "40.01"), (2, "40.00")])
def test_the_same_id_for_another_payment_is_refused(office: Office, customer: int, amount: str) -> None:
    known, _ = one_receivable(office)
    office.register("Bia")
    office.pay(known, "40.00")
    before = office.dump()

    with pytest.raises(RefusedError, match=r"was recorded as 40.00 BRL of customer 1") as refused:
        office.pay(CustomerId(customer), amount, company="net")

    assert refused.value.rule == "payment-differs"
    assert office.dump() == before


def test_a_payment_of_a_part_leaves_the_rest_open(office: Office) -> None:
    customer, receivable = one_receivable(office)

    office.pay(customer, "40.00")

    (seen,) = office.provider.customer(customer, actor=ANA).receivables
    assert (seen.paid, seen.open, seen.state) == (brl("40.00"), brl("60.00"), ReceivableState.PARTLY_PAID)
    assert office.open_amounts(customer) == {receivable: "60.00"}


def test_a_named_receivable_is_paid_before_the_older_ones(office: Office) -> None:
    customer, _ = one_receivable(office)
    office.close(END_OF_MARCH)
    march = [name for name in office.open_amounts(customer) if "2012-03" in name]

    office.pay(customer, "100.00", receivables=tuple(march))

    assert [name for name in office.open_amounts(customer) if "2012-03" in name] == []
    assert len(office.open_amounts(customer)) == 1


def test_without_names_the_oldest_receivable_is_paid_first(office: Office) -> None:
    customer = office.register()
    office.subscribe(customer)
    office.close(LEAP_DAY)
    office.close(END_OF_MARCH)

    office.pay(customer, "20.00")

    assert list(office.open_amounts(customer).values()) == ["0.69", "100.00"]


@pytest.mark.parametrize(
    ("more", "error", "words"),
    [
        ({"company": "nobody"}, NotFoundError, "no company 'nobody'"),
        ({"receivables": (ChargeId("9:plan"),)}, NotFoundError, "no receivable '9:plan'"),
        ({"amount": brl("0.00")}, InvalidValueError, "is none"),
        ({"amount": -brl("1.00")}, InvalidValueError, "is none"),
        ({"amount": brl("10000000000000.00")}, InvalidValueError, "is more than any bill"),
        ({"amount": Money.of("1.00", "USD")}, RefusedError, "the books are in BRL"),
        ({"provider": ""}, InvalidValueError, "cannot name a payment"),
        ({"provider": "a:b"}, InvalidValueError, "cannot name a provider"),
        ({"provider_id": "x" * 41}, InvalidValueError, "cannot name a payment"),
        ({"provider_id": "a\nb"}, InvalidValueError, "cannot name a payment"),
        ({"customer": CustomerId(99)}, NotFoundError, "no customer 99"),
    ],
)
def test_a_payment_that_cannot_be_is_refused_and_nothing_is_saved(
    office: Office, more: dict[str, object], error: type[Exception], words: str
) -> None:
    customer, _ = one_receivable(office)
    before = office.dump()
    usual: dict[str, object] = {
        "customer": customer,
        "amount": brl("10.00"),
        "paid_on": LEAP_DAY,
        "provider": "bank",
        "provider_id": "1",
    }

    with pytest.raises(error, match=words):
        office.provider.do(RecordPayment(**{**usual, **more}), actor=ANA)  # type: ignore[arg-type]

    assert office.dump() == before


def test_a_payment_to_a_customer_of_two_companies_names_one(office: Office) -> None:
    customer = office.register()
    office.subscribe(customer, "fibre")
    office.close(LEAP_DAY)

    with pytest.raises(RefusedError, match="media, net"):
        office.pay(customer, "10.00")


def test_a_payment_of_one_company_cannot_name_a_receivable_of_another(office: Office) -> None:
    customer = office.register()
    office.subscribe(customer, "fibre")
    office.close(LEAP_DAY)
    films = next(name for name in office.open_amounts(customer) if ":films@" in name)

    with pytest.raises(RefusedError, match="not one of company 'net'"):
        office.pay(customer, "10.00", receivables=(films,), company="net")


def test_money_before_the_first_bill_is_kept_for_it(office: Office) -> None:
    customer = office.register()
    office.subscribe(customer)
    office.pay(customer, "30.00", company="net")

    before = office.provider.customer(customer, actor=ANA).balances
    office.close(LEAP_DAY)

    assert before == {Holder(customer, "net", "BRL"): brl("30.00")}
    assert office.open_amounts(customer) == {}
    assert office.balances(customer) == {"net": "9.31"}


# --- refusals leave nothing


def test_a_refused_command_leaves_nothing_behind(office: Office) -> None:
    subscription = office.subscribe(office.register())
    before = office.dump()

    for command in (
        Cancel(subscription=subscription),
        Cancel(subscription=subscription, reason="unheard-of"),
        ChangePlan(subscription=subscription, plan="adsl"),
        ChangePlan(subscription=subscription, plan="unheard-of"),
        ChangeAddress(subscription=subscription, address="nowhere"),  # type: ignore[arg-type]
        Retract(subscription=subscription, fact=9),
    ):
        with pytest.raises((RefusedError, NotFoundError)):
            office.do(command)

    assert office.dump() == before


# --- taking a change of plan back


def upgraded(office: Office) -> tuple[SubscriptionId, SubscriptionId]:
    old = office.subscribe(office.register(), on=date(2012, 2, 1))
    new = office.do(
        ChangePlan(subscription=old, plan="fibre", on=date(2012, 2, 20)), today=LEAP_DAY
    ).successor
    assert new is not None
    return old, new


def test_a_change_of_plan_is_taken_back_once_its_successor_is_annulled(office: Office) -> None:
    old, new = upgraded(office)
    retract = Retract(subscription=old, fact=2)
    with pytest.raises(RefusedError, match="cannot be retracted alone"):
        office.do(retract)

    office.do(Annul(subscription=new, on=date(2012, 2, 20)))
    office.do(retract)
    office.close(LEAP_DAY)

    assert (office.owed(old), office.owed(new)) == ({"2012-02": "100.00"}, {})


def test_a_cancellation_before_a_change_of_plan_waits_for_the_successor_to_be_annulled(
    office: Office,
) -> None:
    old, new = upgraded(office)
    cancel = Cancel(subscription=old, on=date(2012, 2, 10), reason="moved")
    with pytest.raises(RefusedError, match="moved to subscription 2"):
        office.do(cancel)

    office.do(Annul(subscription=new, on=date(2012, 2, 20)))
    done = office.do(cancel)

    assert [fact.kind for fact in done.voided] == ["PlanChanged"]
