"""What actors may do by their roles: looked up as the catalogue says, and refused by default."""

from typing import Any

import pytest

from ispcore.errors import DocumentError, NotFoundError, NotPermittedError
from ispcore.plans import (
    AddBillingEvent,
    AddItem,
    Cancel,
    ChangeDiscount,
    ChangePlan,
    ChangePrice,
    CustomiseComposition,
    Discount,
    EventKind,
    Suspend,
    Transfer,
)
from ispcore.testing import provider_in_memory
from ispcore.timeline import PERMISSIONS, Actor
from ispcore.values import CustomerId
from tests.catalogues import START, brl, document, line
from tests.providers import ANA, Office

COUNTER = {"name": "Counter", "permissions": ["subscription.suspend"]}


def keep(office: Office, *roles: str, permissions: Any = ()) -> Actor:
    """Keep an actor with these roles, and return who is looked up."""
    office.provider.save_actor(Actor("rui", permissions, roles=roles), name="Rui", actor=ANA)
    return office.provider.actor("rui")


def test_an_actor_may_what_the_roles_allow_and_the_permissions_beside_them(office: Office) -> None:
    office.load(roles={"counter": COUNTER})

    rui = keep(office, "counter", "cashier", permissions={"debt.waive"})

    assert rui.roles == {"counter", "cashier"}
    assert rui.permissions == {"debt.waive"}
    assert all(
        rui.may(name) for name in ("subscription.suspend", "payment.record", "debt.waive", "slips.read")
    )
    assert not rui.may("payment.reverse")


def test_a_command_is_refused_without_a_role_and_carried_out_with_one(office: Office) -> None:
    office.load(roles={"counter": COUNTER})
    command = Suspend(subscription=office.subscribe(office.register()))

    with pytest.raises(NotPermittedError, match=r"'subscription\.suspend' is missing"):
        office.do(command, actor=keep(office, "reader"))

    assert office.do(command, actor=keep(office, "counter")).facts[0].recorded.actor == "rui"


def test_roles_are_looked_up_anew_and_a_withdrawn_one_allows_nothing(office: Office) -> None:
    office.load(roles={"counter": COUNTER})
    assert keep(office, "counter").may("subscription.suspend")

    office.load(roles={"counter": {**COUNTER, "permissions": ["payment.record"]}})
    assert office.provider.actor("rui").of_roles == {"payment.record"}

    office.provider.load_catalogue(document(), actor=ANA, withdraw=True)
    assert office.provider.actor("rui").of_roles == frozenset()


def test_who_is_looked_up_can_be_kept_again_without_gaining_anything(office: Office) -> None:
    rui = keep(office, "cashier", permissions={"debt.waive"})

    office.provider.save_actor(rui, name="Rui", actor=ANA)

    assert office.provider.actor("rui") == rui
    assert office.sql("select permissions from actors") == [('["debt.waive", "role:cashier"]',)]


def test_an_unknown_role_is_refused_with_the_nearest_one(office: Office) -> None:
    with pytest.raises(NotFoundError, match=r"no role 'casheer'\. Did you mean 'cashier'"):
        keep(office, "casheer")

    with pytest.raises(NotFoundError, match="no actor 'rui'"):
        office.provider.actor("rui")


def test_before_a_catalogue_is_loaded_there_are_the_roles_that_ship() -> None:
    provider, _ = provider_in_memory(START)
    with provider:
        provider.save_actor(Actor("eva", roles={"administrator"}), name="Eva", actor=ANA)

        provider.load_catalogue(document(), actor=provider.actor("eva"))


@pytest.mark.covers("S4-001")
def test_the_configuration_panel_is_a_permission(office: Office) -> None:
    other = document(plans={"radio": document()["plans"]["adsl"]})

    with pytest.raises(NotPermittedError, match=r"'catalog\.load' is missing"):
        office.provider.load_catalogue(other, actor=keep(office, "manager"))

    assert office.provider.load_catalogue(other, actor=keep(office, "configurator")).added == ("plans/radio",)


@pytest.mark.parametrize("withdraw", [False, True])
def test_who_configures_plans_gives_no_rights(office: Office, withdraw: bool) -> None:
    if withdraw:
        office.load(roles={"counter": COUNTER})
    other = document() if withdraw else document(roles={"reader": {"name": "All", "permissions": ["*"]}})

    with pytest.raises(NotPermittedError, match=r"'catalog\.roles' is missing"):
        office.provider.load_catalogue(other, actor=keep(office, "configurator"), withdraw=withdraw)

    catalogue = office.provider.catalogue(actor=ANA)
    assert not Actor("x", catalogue.permissions_of(["reader"])).may("payment.record")
    assert ("counter" in catalogue.roles) is withdraw


def test_a_permission_that_there_is_not_is_a_problem_of_the_catalogue(office: Office) -> None:
    with pytest.raises(DocumentError, match=r"no permission 'subscription\.suspnd'\. Did you mean"):
        office.load(roles={"counter": {**COUNTER, "permissions": ["subscription.suspnd"]}})


@pytest.mark.covers("S2-002")
@pytest.mark.parametrize(
    ("permission", "change"),
    [
        ("subscription.price", lambda one: ChangePrice(subscription=one, price=brl("90.00"))),
        (
            "subscription.discount",
            lambda one: ChangeDiscount(subscription=one, discount=Discount(amount=brl("5.00"))),
        ),
        ("subscription.item", lambda one: AddItem(subscription=one, service="mailbox")),
        (
            "subscription.composition",
            lambda one: CustomiseComposition(subscription=one, lines=(line("access", "60.00"),)),
        ),
    ],
)
def test_to_edit_price_discount_items_or_composition_is_a_permission_each(
    office: Office, permission: str, change: Any
) -> None:
    command = change(office.subscribe(office.register()))

    with pytest.raises(NotPermittedError, match=permission):
        office.do(
            command, actor=keep(office, "attendant" if permission != "subscription.item" else "cashier")
        )

    assert office.do(command, actor=keep(office, permissions={permission})).facts


@pytest.mark.covers("S0-085")
@pytest.mark.parametrize(
    ("permission", "operation"),
    [
        ("subscription.change-plan", lambda one: ChangePlan(subscription=one, plan="fibre")),
        ("subscription.transfer", lambda one: Transfer(subscription=one, customer=CustomerId(2))),
        ("subscription.suspend", lambda one: Suspend(subscription=one)),
        ("subscription.cancel", lambda one: Cancel(subscription=one, reason="moved")),
        (
            "subscription.event",
            lambda one: AddBillingEvent(
                subscription=one, kind=EventKind.FEE, description="Taxa", amount=brl("9.00")
            ),
        ),
    ],
)
def test_the_operations_on_a_plan_are_a_permission_each(
    office: Office, permission: str, operation: Any
) -> None:
    subscription = office.subscribe(office.register("Ana"))
    office.register("Bia")
    command = operation(subscription)
    all_others = PERMISSIONS.keys() - {permission}

    with pytest.raises(NotPermittedError, match=permission):
        office.do(command, actor=Actor("rui", all_others))

    assert office.do(command, actor=Actor("eva", {permission})).facts
