"""A login and its mailbox on two devices: who has the new password, and who not yet, is told."""

from typing import Any

import pytest

from ispcore.driver import Login, PlacementId
from ispcore.plans import AddComponent, ChangePassword, RemoveComponent
from ispcore.values import ComponentId, SecretText, SubscriptionId
from tests.network_stories.stage import Stage
from tests.providers import ANA

LOGIN = ComponentId("login")


def with_mailbox(stage: Stage) -> SubscriptionId:
    """Return a subscription whose login and mailbox stand on their devices."""
    subscription = stage.subscribe()
    spec = Login(username="ana", password=SecretText("old-password"))
    stage.do(AddComponent(subscription=subscription, spec=spec, mail_domain="isp.test"))
    stage.work()
    return subscription


def passwords(stage: Stage) -> tuple[str | None, str | None]:
    """Return what the RADIUS server and the mail system let in with."""
    return stage.devices["radius"].secret("login/ana"), stage.devices["box"].secret("mailbox/ana@isp.test")


def waiting(stage: Stage, subscription: SubscriptionId) -> dict[str, bool]:
    """Return the placements of a subscription, and whether each is still to be written."""
    plan = stage.network.plan(subscription, actor=ANA)
    return {one.placement.device: not one.is_current for one in plan.placements}


@pytest.mark.covers("S0-168")
def test_a_login_and_its_mailbox_let_in_with_one_password(stage: Stage) -> None:
    with_mailbox(stage)

    assert passwords(stage) == ("old-password", "old-password")


@pytest.mark.covers("S0-168")
def test_a_mailbox_that_a_login_gets_later_lets_in_with_the_login_s_password(stage: Stage) -> None:
    subscription = stage.subscribe()
    spec = Login(username="ana", password=SecretText("old-password"))
    stage.do(AddComponent(subscription=subscription, spec=spec))
    stage.work()

    stage.do(AddComponent(subscription=subscription, password_of=LOGIN, mail_domain="isp.test"))
    stage.work()

    assert passwords(stage) == ("old-password", "old-password")


@pytest.mark.covers("S0-170", "S0-171")
@pytest.mark.parametrize(
    ("down", "half_way"),
    [("box", ("new-password", "old-password")), ("radius", ("old-password", "new-password"))],
)
def test_where_one_device_is_down_it_is_told_who_has_the_new_password_and_who_not_yet(
    stage: Stage, down: str, half_way: tuple[str, str]
) -> None:
    subscription = with_mailbox(stage)
    change = ChangePassword(subscription=subscription, component=LOGIN, password=SecretText("new-password"))

    stage.devices[down].change(reachable=False)
    stage.do(change)
    stage.work()
    then, told = passwords(stage), waiting(stage, subscription)
    (late,) = stage.lagging()
    why = stage.network.outbox.explain(PlacementId(late), actor=ANA)
    stage.devices[down].change(reachable=True)
    stage.pass_by(days=1)
    stage.work()

    assert then == half_way
    assert told == {"radius": down == "radius", "box": down == "box"}
    assert late.endswith(f"@{down}")
    assert any(f"Nobody works on {down}" in sentence for sentence in why)
    assert not any("new-password" in sentence for sentence in why)
    assert passwords(stage) == ("new-password", "new-password")
    assert stage.lagging() == []


@pytest.mark.covers("S0-171")
def test_the_login_alone_gets_a_password_and_the_mail_system_hears_nothing(stage: Stage) -> None:
    subscription = with_mailbox(stage)
    writes = stage.devices["box"].writes

    stage.do(ChangePassword(subscription=subscription, component=LOGIN, alone=True))
    stage.work()

    login, mailbox = passwords(stage)
    assert (login != "old-password", mailbox) == (True, "old-password")
    assert stage.devices["box"].writes == writes


@pytest.mark.covers("S0-079", "S0-170")
def test_a_generated_password_reaches_both_devices(stage: Stage) -> None:
    subscription = with_mailbox(stage)

    recorded: Any = stage.do(ChangePassword(subscription=subscription, component=LOGIN))
    stage.work()

    made = recorded.password.reveal()
    assert passwords(stage) == (made, made)


@pytest.mark.covers("S0-180")
def test_a_login_that_is_removed_takes_its_mailbox_off_the_mail_system(stage: Stage) -> None:
    subscription = with_mailbox(stage)

    stage.do(RemoveComponent(subscription=subscription, component=LOGIN))
    stage.work()

    assert stage.on_devices() == {}
