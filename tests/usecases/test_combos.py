"""Combos through the facade: members come, change and go, and the books follow."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from ispcore.billing import SlipState
from ispcore.contracts import AddToCombo, ChangeInCombo, ComboCommand, OpenContract, RemoveFromCombo
from ispcore.customers import AllowPromotions
from ispcore.errors import (
    ConcurrentChangeError,
    InvalidValueError,
    NotFoundError,
    NotPermittedError,
    RefusedError,
)
from ispcore.plans import (
    Annul,
    Block,
    Cancel,
    ChangeBillingTerms,
    ChangePlan,
    ChangePrice,
    Delete,
    Discount,
    Exempt,
    JoinContract,
    Retract,
    Suspend,
    Transfer,
)
from ispcore.timeline import Actor, SubjectKind
from ispcore.usecases import ComboRecorded
from ispcore.values import ContractNumber, CustomerId, SubscriptionId
from tests.catalogues import START, brl
from tests.providers import ANA, Office

TEMPLATES: dict[str, Any] = {
    "fixed": {"combo": {"pricing": "fixed", "price": "180.00"}},
    "dear": {"combo": {"pricing": "fixed", "price": "210.00"}},
    "dearest": {"combo": {"pricing": "fixed", "price": "250.00"}},
    "plans": {"combo": {"pricing": "discount", "percent": "10", "plans": ["adsl"]}},
    "sum": {"combo": {"pricing": "sum"}},
    "numbered": {"combo": {"pricing": "sum"}, "number": "{series}"},
    "installed": {"combo": {"pricing": "sum"}, "installation_fee": "90.00"},
    "plain": {},
}
MARCH_10, MARCH_20 = date(2012, 3, 10), date(2012, 3, 20)


@pytest.fixture(autouse=True)
def agreed(office: Office) -> None:
    office.load(contracts={code: {"name": code, "months": 12, **one} for code, one in TEMPLATES.items()})


def combo(
    office: Office, customer: CustomerId, template: str = "fixed", number: str = "C1"
) -> ContractNumber:
    command = OpenContract(customer=customer, template=template, number=number)
    return office.provider.do(command, actor=ANA).contract


def do(office: Office, kind: Any, **said: Any) -> ComboRecorded:
    command: ComboCommand = kind(contract=ContractNumber(said.pop("combo", "C1")), **said)
    return office.provider.do(command, actor=ANA)


def prices(office: Office, number: str = "C1") -> dict[int, tuple[str, str]]:
    members = office.provider.contracts.show(number, actor=ANA).members
    return {int(one.subscription): (str(one.alone.amount), str(one.to_pay.amount)) for one in members}


def refused(office: Office, kind: Any, **said: Any) -> str:
    before = office.dump()
    with pytest.raises(RefusedError) as told:
        do(office, kind, **said)
    assert office.dump() == before
    return told.value.rule


@pytest.fixture
def two(office: Office) -> tuple[SubscriptionId, SubscriptionId]:
    """The combo C1, of 180.00, with an adsl of 100.00 and a fibre of 120.00."""
    customer = office.register()
    combo(office, customer)
    both = office.subscribe(customer), office.subscribe(customer, "fibre")
    for one in both:
        do(office, AddToCombo, subscription=one)
    return both


@pytest.mark.covers("S2-076", "S2-077", "S2-011", "S2-075")
def test_members_share_one_contract_one_price_and_one_slip(office: Office, two: tuple[int, int]) -> None:
    adsl, fibre = two

    assert prices(office) == {adsl: ("100.00", "81.82"), fibre: ("120.00", "98.18")}
    view = office.provider.contracts.show("C1", actor=ANA)
    assert (view.is_combo, view.subscriptions) == (True, two)
    office.close(date(2012, 3, 31))
    office.provider.slips.issue(date(2012, 3, 31), actor=ANA)
    march = [office.owed(SubscriptionId(one))["2012-03"] for one in two]
    assert march == ["81.82", "98.18"]
    slips = office.provider.slips.list(actor=ANA)
    assert {slip.state for slip in slips} == {SlipState.OPEN}
    assert len({slip.due_on for slip in slips}) == 1
    assert office.findings() == []


def test_a_new_member_is_charged_as_the_first_one_is(office: Office) -> None:
    customer = office.register()
    combo(office, customer, "sum")
    first = office.subscribe(customer)
    other = office.subscribe(customer, "fibre", due_day=20)

    do(office, AddToCombo, subscription=first)
    done = do(office, AddToCombo, subscription=other)

    assert [fact.kind for fact in done.facts] == ["ContractJoined", "BillingTermsChanged", "ComboPriced"]
    assert office.provider.subscription(other, actor=ANA).timeline.last.terms.due_day == 10
    assert prices(office) == {first: ("100.00", "100.00"), other: ("120.00", "120.00")}


@pytest.mark.covers("S2-078")
def test_who_is_taken_out_goes_on_alone_and_so_does_who_is_left(office: Office, two: tuple[int, int]) -> None:
    adsl, fibre = two
    office.clock.move_to(MARCH_10)

    do(office, RemoveFromCombo, subscription=adsl)

    assert prices(office) == {fibre: ("120.00", "120.00")}
    state = office.provider.subscription(SubscriptionId(adsl), actor=ANA).timeline.last
    assert (state.contract, state.combo, state.plan.to_pay()) == (None, None, brl("100.00"))
    office.close(date(2012, 3, 31))
    # 9 days at 81.82 and 22 at 100.00, of 31.
    assert office.owed(SubscriptionId(adsl))["2012-03"] == "94.72"
    assert office.findings() == []


def test_who_cancels_leaves_the_others_at_their_price(office: Office, two: tuple[int, int]) -> None:
    adsl, fibre = two
    third = office.subscribe(CustomerId(1))
    do(office, AddToCombo, subscription=third)

    office.do(Cancel(subscription=SubscriptionId(adsl), reason="moved"), today=MARCH_10)

    assert prices(office) == {fibre: ("120.00", "98.18"), third: ("100.00", "81.82")}
    office.do(Cancel(subscription=SubscriptionId(fibre), reason="moved"), today=MARCH_20)
    assert prices(office) == {third: ("100.00", "100.00")}
    assert office.findings() == []


def test_where_the_rest_would_be_dearer_together_each_costs_its_own(office: Office) -> None:
    customer = office.register()
    combo(office, customer, "dear")
    one, other, third = (office.subscribe(customer, plan) for plan in ("fibre", "adsl", "adsl"))
    for each in (one, other, third):
        do(office, AddToCombo, subscription=each)

    office.do(Cancel(subscription=one, reason="moved"), today=MARCH_10)

    assert prices(office) == {other: ("100.00", "100.00"), third: ("100.00", "100.00")}
    with pytest.raises(ConcurrentChangeError):
        office.provider.do(Cancel(subscription=other, reason="moved"), actor=ANA, expected_version=1)


@pytest.mark.covers("S2-078", "S2-079")
def test_a_member_is_changed_through_its_combo_and_works_as_usual(
    office: Office, two: tuple[int, int]
) -> None:
    adsl, fibre = (SubscriptionId(one) for one in two)
    price = ChangePrice(subscription=adsl, price=brl("80.00"))
    with pytest.raises(RefusedError, match="is given through that"):
        office.do(price)

    done = do(office, ChangeInCombo, command=price)

    assert [fact.kind for fact in done.facts] == ["ComboLeft", "PriceChanged", "ComboPriced", "ComboPriced"]
    assert prices(office) == {adsl: ("80.00", "72.00"), fibre: ("120.00", "108.00")}
    office.do(Suspend(subscription=adsl))
    office.do(Block(subscription=fibre))
    office.clock.move_to(MARCH_10)
    do(office, ChangeInCombo, command=ChangePlan(subscription=fibre, plan="adsl"))
    assert sorted(prices(office).values()) == [("100.00", "100.00"), ("80.00", "80.00")]
    assert office.findings() == []


def test_the_discount_of_before_comes_back(office: Office) -> None:
    customer = office.register()
    combo(office, customer)
    ten = Discount(percent=Decimal(10))
    one = office.subscribe(customer, discount=ten)
    other = office.subscribe(customer, "fibre")
    office.provider.do(AllowPromotions(customer=customer, allowed=False), actor=ANA)
    for each in (one, other):
        do(office, AddToCombo, subscription=each)

    assert prices(office)[one] == ("90.00", "77.14")
    do(office, RemoveFromCombo, subscription=one)
    assert office.provider.subscription(one, actor=ANA).timeline.last.plan.discount == ten


@pytest.mark.covers("S2-080")
def test_a_customer_has_several_combos(office: Office, two: tuple[int, int]) -> None:
    customer = CustomerId(1)
    combo(office, customer, "plans", "C2")
    more = [office.subscribe(customer) for _ in range(2)]
    for each in more:
        do(office, AddToCombo, combo="C2", subscription=each)

    assert [one.contract.number for one in office.provider.contracts.of_customer(customer, actor=ANA)] == [
        "C1",
        "C2",
    ]
    assert prices(office, "C2") == dict.fromkeys(more, ("100.00", "90.00"))
    assert set(prices(office)) == set(two)


def test_what_cannot_be_a_member_is_told(office: Office, two: tuple[int, int]) -> None:
    adsl, _ = two
    customer, bia = CustomerId(1), office.register("Bia")
    combo(office, customer, "plans", "C2")
    combo(office, customer, "plain", "P")
    fibre, hers, gone = office.subscribe(customer, "fibre"), office.subscribe(bia), office.subscribe(customer)
    office.do(Cancel(subscription=gone, reason="moved"), today=MARCH_10)

    assert refused(office, AddToCombo, combo="C2", subscription=fibre) == "plan-not-in-combo"
    assert refused(office, AddToCombo, subscription=hers) == "contract-of-another"
    assert refused(office, AddToCombo, subscription=gone) == "ended"
    assert refused(office, AddToCombo, combo="C2", subscription=SubscriptionId(adsl)) == "in-combo"
    assert refused(office, AddToCombo, combo="P", subscription=fibre) == "no-combo"
    with pytest.raises(NotFoundError, match="Combo C1 has: 1, 2"):
        do(office, RemoveFromCombo, subscription=fibre)
    with pytest.raises(InvalidValueError, match="is not given through a combo"):
        do(office, ChangeInCombo, command=AllowPromotions(customer=customer, allowed=False))
    for joining in (JoinContract(subscription=fibre, contract=ContractNumber("C2")),):
        with pytest.raises(RefusedError, match="Contract C2 is a combo"):
            office.do(joining)
    with pytest.raises(RefusedError, match="Contract C2 is a combo"):
        office.subscribe(customer, contract="C2")


def test_what_is_dearer_together_is_refused(office: Office) -> None:
    customer = office.register()
    combo(office, customer, "dearest")
    one, other = office.subscribe(customer), office.subscribe(customer, "fibre")
    do(office, AddToCombo, subscription=one)

    assert refused(office, AddToCombo, subscription=other) == "combo-dearer"


def test_a_command_through_a_combo_needs_its_own_permission_too(office: Office, two: tuple[int, int]) -> None:
    clerk = Actor("clerk", {"combo.change"})
    price = ChangePrice(subscription=SubscriptionId(two[0]), price=brl("80.00"))

    with pytest.raises(NotPermittedError, match=r"subscription\.price"):
        office.provider.do(ChangeInCombo(contract=ContractNumber("C1"), command=price), actor=clerk)
    (*_, last) = office.provider.history(SubjectKind.SUBSCRIPTION, two[0], actor=ANA)
    assert last.detail == ("18.18 BRL in the combo",)
    assert START < MARCH_10


@pytest.mark.covers("S2-079", "S2-080")
def test_combos_are_seen_in_the_tree_of_their_customer(office: Office, two: tuple[int, int]) -> None:
    combo(office, CustomerId(1), "plans", "C2")
    third, alone = (office.subscribe(CustomerId(1)) for _ in range(2))
    do(office, AddToCombo, combo="C2", subscription=third)

    tree = office.provider.tree(CustomerId(1), actor=ANA)

    assert [(one.contract, [each.subscription for each in one.members]) for one in tree.combos] == [
        ("C1", list(two)),
        ("C2", [third]),
    ]
    assert tree.combos[0].to_pay == brl("180.00")
    assert alone in [branch.subscription for branch in tree.active]
    office.do(Cancel(subscription=third, reason="moved"))
    office.clock.move_to(MARCH_10)
    assert [one.contract for one in office.provider.tree(CustomerId(1), actor=ANA).combos] == ["C1"]


def test_a_member_ends_today_or_by_a_task(office: Office, two: tuple[int, int]) -> None:
    later = Cancel(subscription=SubscriptionId(two[0]), reason="moved", on=MARCH_10)

    with pytest.raises(RefusedError, match="Schedule a task for that day"):
        office.do(later)
    office.provider.tasks.add(later, actor=ANA)
    office.clock.move_to(MARCH_10)
    office.provider.tick(actor=ANA)

    assert prices(office) == {two[1]: ("120.00", "120.00")}


@pytest.mark.parametrize("kind", [Annul, Delete])
def test_who_was_never_a_member_leaves_the_other_at_its_own_price(
    office: Office, two: tuple[int, int], kind: Any
) -> None:
    said = {"note": "opened twice"} if kind is Delete else {}

    office.do(kind(subscription=SubscriptionId(two[0]), **said))

    assert prices(office) == {two[1]: ("120.00", "120.00")}
    assert office.findings() == []


def test_a_cancellation_that_is_taken_back_brings_the_price_of_both_back(
    office: Office, two: tuple[int, int]
) -> None:
    done = office.do(Cancel(subscription=SubscriptionId(two[0]), reason="moved"))

    office.do(Retract(subscription=SubscriptionId(two[0]), fact=done.facts[0].sequence))

    assert prices(office) == {two[0]: ("100.00", "81.82"), two[1]: ("120.00", "98.18")}


def test_nothing_of_a_combo_is_dated_back_or_retracted_alone(office: Office, two: tuple[int, int]) -> None:
    adsl = SubscriptionId(two[0])
    office.clock.move_to(MARCH_10)
    before = ChangePrice(subscription=adsl, price=brl("150.00"), on=START)

    assert refused(office, RemoveFromCombo, subscription=adsl, on=START) == "combo-day"
    assert refused(office, ChangeInCombo, command=before) == "combo-day"
    with pytest.raises(RefusedError, match="is given through that"):
        office.do(before)
    for fact in (2, 3):
        with pytest.raises(RefusedError, match="is not retracted alone"):
            office.do(Retract(subscription=adsl, fact=fact))


def test_a_number_that_subscriptions_name_is_no_combo_and_nobody_hands_one_over_into_one(
    office: Office, two: tuple[int, int]
) -> None:
    ana, bia = CustomerId(1), office.register("Bia")
    office.subscribe(bia, contract="C9")
    with pytest.raises(RefusedError, match="name the number 'C9'"):
        combo(office, bia, "sum", "C9")
    combo(office, bia, "sum", "C2")
    alone = office.subscribe(ana)

    for more in ({"contract": ContractNumber("C2")}, {"contract_template": "numbered"}):
        with pytest.raises(RefusedError, match="is a combo"):
            office.do(Transfer(subscription=alone, customer=bia, **more))


@pytest.mark.parametrize("discount", [{"until": MARCH_10}, {"cycles": 1}])
def test_a_discount_that_was_over_meanwhile_does_not_come_back(
    office: Office, discount: dict[str, Any]
) -> None:
    customer = office.register()
    combo(office, customer)
    one = office.subscribe(customer, discount=Discount(percent=Decimal(10), **discount))
    for each in (one, office.subscribe(customer, "fibre")):
        do(office, AddToCombo, subscription=each)
    office.close(date(2012, 4, 30))
    before = office.owed(one)

    do(office, RemoveFromCombo, subscription=one)
    office.close(date(2012, 5, 31))

    state = office.provider.subscription(one, actor=ANA).timeline.last
    assert (state.plan.discount, state.plan.to_pay()) == (None, brl("100.00"))
    assert office.owed(one)["2012-03"] == before["2012-03"]
    assert office.findings() == []


def test_terms_that_are_changed_through_a_combo_are_those_of_all(
    office: Office, two: tuple[int, int]
) -> None:
    terms = ChangeBillingTerms(subscription=SubscriptionId(two[0]), due_day=20)

    do(office, ChangeInCombo, command=terms)

    lives = (office.provider.subscription(SubscriptionId(one), actor=ANA).timeline.last for one in two)
    assert [state.terms.due_day for state in lives] == [20, 20]
    with pytest.raises(InvalidValueError, match="Exempt is not given through a combo"):
        do(office, ChangeInCombo, command=Exempt(subscription=SubscriptionId(two[0]), until=MARCH_10))


def test_a_combo_charges_its_installation_with_the_first_member_and_asks_for_permissions(
    office: Office,
) -> None:
    customer = office.register()
    combo(office, customer, "installed")
    one, other = office.subscribe(customer), office.subscribe(customer, "fibre", due_day=20)

    first = do(office, AddToCombo, subscription=one)
    clerk = Actor("clerk", {"combo.change"})
    with pytest.raises(NotPermittedError, match=r"subscription\.payment-terms"):
        office.provider.do(AddToCombo(contract=ContractNumber("C1"), subscription=other), actor=clerk)

    assert [fact.kind for fact in first.facts] == ["ContractJoined", "BillingEventAdded", "ComboPriced"]
    assert [fact.kind for fact in do(office, AddToCombo, subscription=other).facts] == [
        "ContractJoined",
        "BillingTermsChanged",
        "ComboPriced",
    ]
