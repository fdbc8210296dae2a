"""What all commands share: permissions, reasons, and the day."""

from datetime import date
from typing import Any

import pytest
from attrs import evolve

from ispcore.driver import Login
from ispcore.errors import NotPermittedError, RefusedError
from ispcore.plans import (
    AddBillingEvent,
    AddComponent,
    AddItem,
    Annul,
    Block,
    Cancel,
    ChangeAddress,
    ChangeBillingTerms,
    ChangeComponent,
    ChangeDiscount,
    ChangeItem,
    ChangeLateTreatment,
    ChangeNotices,
    ChangePassword,
    ChangePlan,
    ChangePrice,
    ChangeStatus,
    CollectEquipment,
    Command,
    CustomiseComposition,
    Delete,
    Enable,
    EnableProvisionally,
    EndItem,
    EndTemporaryPlan,
    EventKind,
    Exempt,
    GrantBonus,
    ImportSubscription,
    JoinContract,
    MigrateTechnology,
    OpeningCommand,
    Pause,
    Reduce,
    RemoveComponent,
    Restore,
    RestoreComposition,
    Resume,
    Retract,
    Sell,
    SetSlipTerms,
    SetSpeed,
    SetSpeedWindows,
    SlipTerms,
    StartTemporaryPlan,
    Subscribe,
    SubscriptionCommand,
    Suspend,
    Transfer,
    Unblock,
    Unpause,
    WithdrawCancellation,
    decide,
    decide_opening,
    permissions_of,
)
from ispcore.timeline import Actor
from ispcore.values import AddressId, ComponentId, ContractNumber, CustomerId, ItemId
from tests.catalogues import (
    CUSTOMER,
    START,
    SUBSCRIPTION,
    april,
    brl,
    do,
    february,
    line,
    march,
    opened,
    setting,
    subscribed,
)

ONE: Any = {"subscription": SUBSCRIPTION}
NEW: Any = {"customer": CUSTOMER, "plan": "adsl", "charge_method": "slip", "due_day": 10, "on": START}

OPENING: list[OpeningCommand] = [Subscribe(**NEW), ImportSubscription(system="old", foreign_id="9", **NEW)]
LOGIN = ComponentId("login")
ON_ITS_DAY: list[SubscriptionCommand] = [
    AddBillingEvent(**ONE, kind=EventKind.FEE, description="Visit", amount=brl("5.00")),
    AddComponent(**ONE, spec=Login(username="ana")),
    Annul(**ONE),
    Block(**ONE),
    ChangeAddress(**ONE, address=AddressId("shop")),
    ChangeNotices(**ONE, channel="email", due=False),
    CollectEquipment(**ONE, serial="ZTEG1"),
    ChangeComponent(**ONE, component=LOGIN, access_point="tower"),
    ChangeLateTreatment(**ONE, blocks=False),
    ChangePassword(**ONE, component=LOGIN),
    ChangePlan(**ONE, plan="fibre"),
    ChangeStatus(**ONE, status="suspended"),
    Delete(**ONE, note="opened twice"),
    Enable(**ONE),
    EnableProvisionally(**ONE),
    EndTemporaryPlan(**ONE),
    StartTemporaryPlan(**ONE, plan="fibre", until=march(20)),
    Exempt(**ONE, until=march(20)),
    GrantBonus(**ONE, until=march(20)),
    JoinContract(**ONE, contract=ContractNumber("1")),
    MigrateTechnology(**ONE, plan="fibre"),
    Pause(**ONE),
    Reduce(**ONE),
    RemoveComponent(**ONE, component=LOGIN),
    Restore(**ONE),
    Resume(**ONE),
    Retract(**ONE, fact=1),
    Sell(**ONE, description="Router", amount=brl("90.00"), instalments=3),
    SetSlipTerms(**ONE, slips=SlipTerms(in_mass=False)),
    SetSpeed(**ONE, component=LOGIN, speed=None),
    SetSpeedWindows(**ONE, component=LOGIN, windows=()),
    Suspend(**ONE),
    Transfer(**ONE, customer=CustomerId(8)),
    Unblock(**ONE),
    Unpause(**ONE),
    WithdrawCancellation(**ONE),
]
DATED_TERMS: list[SubscriptionCommand] = [
    AddItem(**ONE, service="mailbox"),
    ChangeBillingTerms(**ONE, due_day=20),
    ChangeDiscount(**ONE, discount=None),
    ChangeItem(**ONE, item=ItemId("mailbox"), price=brl("9.00")),
    ChangePrice(**ONE, price=brl("90.00")),
    CustomiseComposition(**ONE, lines=(line("access", "50.00"),)),
    EndItem(**ONE, item=ItemId("mailbox")),
    RestoreComposition(**ONE),
]


CANCEL = Cancel(**ONE, reason="moved")
EXISTING = [*ON_ITS_DAY, *DATED_TERMS, CANCEL]


def name_of(command: Command) -> str:
    return type(command).__name__


def test_every_command_is_tested_here() -> None:
    tested = {type(command) for command in [*OPENING, *EXISTING]}

    assert tested == set(_ends_of(Command))


def _ends_of(kind: type[Command]) -> list[type[Command]]:
    below = kind.__subclasses__()
    return [end for each in below for end in _ends_of(each)] if below else [kind]


@pytest.mark.parametrize("command", EXISTING, ids=name_of)
def test_without_its_permission_a_command_is_refused(command: SubscriptionCommand) -> None:
    stranger = Actor("stranger")

    with pytest.raises(NotPermittedError) as refused:
        decide(command, subscribed(), setting(march(10), stranger))

    assert refused.value.actor == "stranger"
    assert refused.value.permission in permissions_of(command)


@pytest.mark.parametrize("command", OPENING, ids=name_of)
def test_without_its_permission_nothing_is_opened(command: OpeningCommand) -> None:
    with pytest.raises(NotPermittedError, match=f"'{command.permission}' is missing"):
        decide_opening(command, setting(actor=Actor("stranger")))


def test_one_permission_gives_no_other() -> None:
    clerk = Actor("rui", frozenset({"subscription.suspend"}))

    suspended = do(subscribed(), Suspend(**ONE), march(10), actor=clerk)

    with pytest.raises(NotPermittedError, match=r"'subscription\.resume' is missing"):
        do(suspended, Resume(**ONE), march(11), actor=clerk)


@pytest.mark.parametrize(
    "command",
    [*ON_ITS_DAY, *DATED_TERMS],
    ids=name_of,
)
def test_only_cancelling_has_reasons(command: SubscriptionCommand) -> None:
    with pytest.raises(RefusedError, match=f"{name_of(command)} takes no reason; 'moved' was given"):
        decide(evolve(command, reason="moved"), subscribed(), setting(march(10)))


@pytest.mark.parametrize("command", ON_ITS_DAY, ids=name_of)
def test_what_is_not_a_dated_term_is_done_on_its_day(command: SubscriptionCommand) -> None:
    with pytest.raises(RefusedError, match="cannot be done for 2012-03-11: today is 2012-03-10"):
        decide(evolve(command, on=march(11)), subscribed(), setting(march(10)))


@pytest.mark.parametrize("command", DATED_TERMS, ids=name_of)
def test_dated_terms_may_be_set_for_a_later_day(command: SubscriptionCommand) -> None:
    timeline = do(subscribed(), AddItem(**ONE, service="mailbox"), march(1))
    if isinstance(command, RestoreComposition):
        timeline = do(timeline, CustomiseComposition(**ONE, lines=()), march(1))

    decision = decide(evolve(command, on=april(5)), timeline, setting(march(10)))

    assert [event.on for event in decision.events] == [april(5)]


@pytest.mark.parametrize("command", OPENING, ids=name_of)
def test_a_subscription_may_be_opened_for_a_later_day(command: OpeningCommand) -> None:
    timeline = opened(evolve(command, on=april(5)), setting(march(10)))

    assert timeline.last.started_on == april(5)


@pytest.mark.parametrize("day", [None, march(9)])
def test_a_command_without_a_day_is_of_today(day: date | None) -> None:
    decision = decide(Suspend(**ONE, on=day), subscribed(), setting(march(10)))

    assert [event.on for event in decision.events] == [day or march(10)]


def test_nothing_is_done_before_the_subscription_begins() -> None:
    with pytest.raises(RefusedError) as refused:
        decide(Suspend(**ONE, on=february(23)), subscribed(on=february(24)), setting(march(10)))

    assert str(refused.value) == (
        "Subscription 104 does not exist on 2012-02-23 yet. It starts on 2012-02-24."
    )
