"""The tree: a customer's subscriptions where they are listed, each with its services and what is to come."""

import pytest

from ispcore.errors import NotFoundError
from ispcore.plans import (
    AddItem,
    Block,
    Cancel,
    Delete,
    EndItem,
    HoldCause,
    Pause,
    Resume,
    Standing,
    Suspend,
)
from ispcore.usecases import Tree
from ispcore.values import CustomerId, ItemId
from tests.catalogues import brl, march
from tests.providers import ANA, Office


def listed(tree: Tree) -> dict[str, list[tuple[int, int]]]:
    found = tree.lists.items()
    return {name: [(one.number, int(one.subscription)) for one in some] for name, some in found}


@pytest.mark.covers("S0-001", "S0-082", "S1-008", "S1-095", "S1-107", "S1-109")
def test_subscriptions_are_listed_by_bucket_and_numbered_as_they_were_made(office: Office) -> None:
    customer = office.register()
    one, two, three, four, five = (office.subscribe(customer) for _ in range(5))
    office.subscribe(customer, status="awaiting")
    office.do(Suspend(subscription=two), today=march(1))
    office.do(Cancel(subscription=three, reason="moved"))
    office.do(Delete(subscription=five, force=True, note="entered twice"))

    tree = office.provider.tree(customer, actor=ANA)

    assert listed(tree) == {
        "active": [(1, one), (2, four)],
        "pending": [(1, 6)],
        "inactive": [(1, two)],
        "cancelled": [(1, three)],
        "deleted": [(1, five)],
    }
    assert tree.is_active


def test_a_customer_without_an_active_subscription_is_inactive(office: Office) -> None:
    customer = office.register()
    office.do(Suspend(subscription=office.subscribe(customer)), today=march(1))

    assert not office.provider.tree(customer, actor=ANA).is_active


def test_a_branch_has_its_services_its_last_activation_and_what_is_to_come(office: Office) -> None:
    customer = office.register()
    number = office.subscribe(customer)
    office.do(AddItem(subscription=number, service="mailbox"), today=march(1))
    office.do(AddItem(subscription=number, service="mailbox"))
    office.do(EndItem(subscription=number, item=ItemId("mailbox")))
    office.do(Suspend(subscription=number), today=march(5))
    office.do(Resume(subscription=number), today=march(8))
    office.do(Pause(subscription=number, until=march(20)), today=march(10))

    (branch,) = office.provider.tree(customer, actor=ANA).active

    assert [(one.item.id, one.to_pay) for one in branch.services] == [(ItemId("mailbox-2"), brl("10.00"))]
    assert (branch.to_pay, branch.last_activation) == (brl("100.00"), march(8))
    assert [(one.on, one.text) for one in branch.coming] == [(march(20), "it is paused (manual) no more")]


def test_there_is_no_tree_of_nobody(office: Office) -> None:
    with pytest.raises(NotFoundError, match="no customer 7"):
        office.provider.tree(CustomerId(7), actor=ANA)


def test_each_subscription_tells_how_it_stands_by_status_and_holds(office: Office) -> None:
    customer = office.register()
    adsl = office.subscribe(customer)
    office.do(Block(subscription=adsl, cause=HoldCause.AUTOMATIC))

    (branch,) = office.provider.tree(customer, actor=ANA).active

    assert branch.standing is Standing.BLOCKED_AUTOMATIC
