"""Whole lives on the network, with the real provider, workers and mock devices."""

import pytest

from ispcore.driver import (
    Access,
    Change,
    Domain,
    FtpUser,
    HostedDatabase,
    IpAssignment,
    Login,
    Mailbox,
    Onu,
    Spec,
    TvPoint,
    VoiceTerminal,
    Wifi,
    claim_of,
)
from ispcore.effects import Lagging
from ispcore.plans import Cancel, ChangeComponent, ChangePlan, Resume, Suspend
from ispcore.values import ComponentId, SecretText
from tests.network_stories.stage import Stage
from tests.providers import ANA

LOGIN, ONU, MAILBOX = (
    Login(username="ana"),
    Onu(serial="ZTEG1", port="0/1/4"),
    Mailbox(address="ana@isp.test"),
)


@pytest.fixture
def written(stage: Stage) -> list[str]:
    """What was written on any device, in the order in which it was."""
    lines: list[str] = []

    def note(change: Change) -> None:
        lines.append(claim_of(change.target.spec).partition("/")[0])

    for device in stage.devices.values():
        device.before_write = note
    return lines


@pytest.mark.covers("S0-110")
def test_a_suspension_takes_all_away_from_the_top_down_and_its_end_gives_it_back_from_below(
    stage: Stage, written: list[str]
) -> None:
    subscription = stage.subscribe(LOGIN, ONU, MAILBOX)
    stage.work()
    assert written == ["onu", "login", "mailbox"]
    before = {name: device.standing() for name, device in stage.devices.items()}
    written.clear()

    stage.do(Suspend(subscription=subscription))
    stage.work()

    assert written == ["mailbox", "login", "onu"]
    assert stage.login().access is Access.REFUSED
    assert stage.devices["olt"].spec("onu/ZTEG1").enabled is False  # type: ignore[union-attr] # an ONU
    assert stage.devices["box"].spec("mailbox/ana@isp.test").enabled is False  # type: ignore[union-attr] # a mailbox
    written.clear()

    stage.do(Resume(subscription=subscription))
    stage.work()

    assert written == ["onu", "login", "mailbox"]
    specs = {name: {key: one.spec for key, one in standing.items()} for name, standing in before.items()}
    assert specs == {
        name: {key: one.spec for key, one in device.standing().items()}
        for name, device in stage.devices.items()
    }


EVERYTHING = (
    LOGIN,
    ONU,
    MAILBOX,
    Wifi(onu="ZTEG1", ssid="Ana"),
    IpAssignment(name="office"),
    Domain(name="isp.test"),
    FtpUser(username="ana"),
    HostedDatabase(name="ana"),
    VoiceTerminal(number="4333210000"),
    TvPoint(serial="TV0001"),
)


@pytest.mark.covers("S0-110")
def test_a_suspension_disables_every_component_on_its_device_and_loses_none(stage: Stage) -> None:
    subscription = stage.subscribe(*EVERYTHING)
    stage.work()
    assert len(stage.on_devices()) == len(EVERYTHING)

    stage.do(Suspend(subscription=subscription))
    stage.work()

    assert stage.lagging() == []
    assert {claim: _works(spec) for claim, spec in stage.on_devices().items()} == {
        claim_of(spec): False for spec in EVERYTHING
    }

    stage.do(Resume(subscription=subscription))
    stage.work()

    assert all(_works(spec) for spec in stage.on_devices().values())


def _works(spec: Spec) -> bool:
    return spec.access is Access.OPEN if isinstance(spec, Login) else spec.enabled  # type: ignore[attr-defined] # all others have it


@pytest.mark.covers("S0-110")
def test_a_dead_olt_keeps_no_login_alive(stage: Stage) -> None:
    subscription = stage.subscribe(LOGIN, ONU, MAILBOX)
    stage.work()
    stage.devices["olt"].change(reachable=False)

    stage.do(Suspend(subscription=subscription))
    stage.work()

    assert stage.login().access is Access.REFUSED
    assert stage.lagging() == ["1:onu@olt"]


def test_a_device_that_was_down_for_a_day_is_caught_up_without_a_hand(stage: Stage) -> None:
    stage.devices["radius"].change(reachable=False)
    for number in range(8):
        stage.subscribe(Login(username=f"home-{number}"))
    stage.work()
    for _ in range(8):
        stage.pass_by(hours=3)
        stage.work()
    assert len(stage.lagging()) == 8

    stage.devices["radius"].change(reachable=True)
    stage.pass_by(minutes=10)
    stage.work()

    assert stage.lagging() == []
    assert len(stage.devices["radius"].standing()) == 8
    assert {one.attempts for one in _all(stage)} == {0}


def test_an_empty_box_in_the_place_of_a_device_stops_and_asks(stage: Stage) -> None:
    subscription = stage.subscribe(LOGIN)
    stage.work()
    stage.devices["radius"].replace("another box")

    stage.do(ChangePlan(subscription=subscription, plan="fast"))
    stage.work()

    assert stage.devices["radius"].standing() == {}
    stopped = stage.network.devices.get("radius", actor=ANA).row.stopped
    assert stopped is not None
    assert "'another box' answers in its place" in stopped.text

    assert stage.network.devices.accept("radius", actor=ANA) == 1
    stage.work()
    assert stage.login().download_kbit == 1024


def test_a_password_that_goes_back_and_forth_ends_as_the_last_one(stage: Stage) -> None:
    subscription = stage.subscribe(Login(username="ana", password=SecretText("A")))
    stage.work()

    for text in ("B", "A"):
        stage.do(
            ChangeComponent(
                subscription=subscription,
                component=ComponentId("login"),
                spec=Login(username="ana", password=SecretText(text)),
            )
        )
        if text == "B":
            stage.devices["radius"].before_write = lambda _: None
            stage.work()
            assert stage.devices["radius"].secret("login/ana") == "B"
    stage.work()

    assert stage.devices["radius"].secret("login/ana") == "A"


@pytest.mark.covers("S0-087", "S0-100", "S0-101")
def test_another_plan_reaches_the_device_the_same_day(stage: Stage) -> None:
    subscription = stage.subscribe(LOGIN, ONU)
    stage.work()
    assert stage.login().download_kbit == 512

    stage.do(ChangePlan(subscription=subscription, plan="fast"))
    done = stage.network.apply(subscription, actor=ANA)

    assert ([one.id for one in done.placements], done.left) == (["1:login@radius", "1:onu@olt"], ())
    assert stage.login().download_kbit == 1024
    assert stage.devices["radius"].log[-1] == "change login/ana: download_kbit, upload_kbit"


def test_the_end_takes_everything_of_a_customer_away_and_nothing_of_others(stage: Stage) -> None:
    subscription = stage.subscribe(LOGIN, ONU)
    stage.subscribe(Login(username="bob"))
    stage.devices["radius"].put(Login(username="carlos"))
    stage.work()

    stage.do(Cancel(subscription=subscription, reason="moved"))
    stage.work()

    assert sorted(stage.devices["radius"].standing()) == ["login/bob", "login/carlos"]
    assert stage.devices["olt"].standing() == {}


def test_what_is_applied_now_tells_what_still_waits_and_why(stage: Stage) -> None:
    subscription = stage.subscribe(LOGIN, ONU)
    stage.devices["olt"].change(reachable=False)

    done = stage.network.apply(subscription, actor=ANA)

    assert [one.id for one in done.left] == ["1:onu@olt"]
    why = stage.network.outbox.explain(done.left[0].id, actor=ANA)
    assert "olt does not answer." in why[-1]


def _all(stage: Stage) -> list[Lagging]:
    placements = stage.provider.network.placements
    return [
        stage.network.outbox.get(one.id, actor=ANA)
        for number in range(1, 9)
        for one in placements(number, actor=ANA)  # type: ignore[arg-type] # a number
    ]
