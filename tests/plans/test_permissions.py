"""Which permissions a command needs: its own, and those of what it does on the way."""

from typing import Any

import pytest

from ispcore.driver import Login
from ispcore.errors import NotPermittedError
from ispcore.plans import (
    ChangeBillingTerms,
    ChangeComponent,
    ChangePlan,
    Command,
    Discount,
    RemoveComponent,
    SetSlipTerms,
    SlipTerms,
    Subscribe,
    check_permitted,
    permissions_of,
)
from ispcore.timeline import Actor
from ispcore.values import ComponentId, CustomerId, SubscriptionId
from tests.catalogues import brl, march

ONE: Any = {"subscription": SubscriptionId(1)}
LOGIN: Any = {**ONE, "component": ComponentId("login")}
TO_FIBRE: Any = {**ONE, "plan": "fibre"}
NEW: Any = {"customer": CustomerId(1), "plan": "fibre"}
OFF = Discount(amount=brl("1.00"))


def needed(command: Command) -> set[str]:
    return {name.removeprefix("subscription.") for name in permissions_of(command)}


@pytest.mark.parametrize(
    ("terms", "permission"),
    [
        ({"due_day": 20}, {"payment-terms"}),
        ({"charge_method": "card"}, {"payment-terms"}),
        ({"closing_day": 15}, {"billing-terms"}),
        ({"separate_slip": False}, {"billing-terms"}),
        ({"due_day": 20, "advance": False}, {"payment-terms", "billing-terms"}),
        ({}, {"billing-terms"}),
    ],
)
def test_charge_method_and_due_day_have_a_permission_of_their_own(terms: Any, permission: set[str]) -> None:
    assert needed(ChangeBillingTerms(**ONE, **terms)) == permission
    assert needed(SetSlipTerms(**ONE, slips=SlipTerms(in_mass=False))) == {"billing-terms"}


@pytest.mark.covers("S2-008")
@pytest.mark.parametrize(
    ("terms", "more"),
    [
        ({}, set()),
        ({"due_day": 20}, {"payment-terms"}),
        ({"anchor_on": march(10)}, {"billing-terms"}),
        ({"price": brl("80.00")}, {"price"}),
        ({"discount": OFF}, {"discount"}),
        ({"lines": ()}, {"composition"}),
    ],
)
def test_another_plan_is_a_permission_and_other_terms_than_the_offered_ones_are_more(
    terms: Any, more: set[str]
) -> None:
    assert needed(ChangePlan(**TO_FIBRE, **terms)) == {"change-plan", *more}


@pytest.mark.parametrize(
    ("terms", "more"),
    [
        ({"due_day": 20, "closing_day": 5}, set()),
        ({"price": brl("80.00"), "discount": OFF}, {"price", "discount"}),
    ],
)
def test_whoever_opens_a_subscription_chooses_its_terms_and_sells_at_the_catalogues_price(
    terms: Any, more: set[str]
) -> None:
    assert needed(Subscribe(**NEW, **terms)) == {"open", *more}


@pytest.mark.covers("S2-001")
def test_another_access_point_is_a_permission_of_its_own() -> None:
    move = ChangeComponent(**LOGIN, access_point="north")
    both = ChangeComponent(**LOGIN, access_point="north", spec=Login(username="ana"))

    assert permissions_of(move) == {"component.access-point"}
    assert permissions_of(both) == {"component.access-point", "component.change"}
    assert permissions_of(ChangeComponent(**LOGIN)) == {"component.change"}
    with pytest.raises(NotPermittedError, match=r"'component\.access-point' is missing"):
        check_permitted(both, Actor("rui", {"component.change"}))


def test_to_remove_a_login_is_a_permission_of_its_own() -> None:
    with pytest.raises(NotPermittedError, match=r"'component\.remove' is missing"):
        check_permitted(RemoveComponent(**LOGIN), Actor("rui", {"component.add", "component.change"}))

    check_permitted(RemoveComponent(**LOGIN), Actor("eva", {"component.remove"}))


def test_the_commands_own_permission_is_the_first_that_is_asked_for() -> None:
    command = ChangePlan(**TO_FIBRE, discount=OFF, price=brl("80.00"))

    for had, missing in (
        ((), "change-plan"),
        (("change-plan",), "discount"),
        (("change-plan", "discount"), "price"),
    ):
        with pytest.raises(NotPermittedError) as refused:
            check_permitted(command, Actor("rui", {f"subscription.{name}" for name in had}))
        assert refused.value.permission == f"subscription.{missing}"
