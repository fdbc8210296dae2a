"""Components through the whole library: secrets put away, resources shared, all of it stored and read."""

from collections.abc import Iterator
from datetime import time
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from ispcore.app import Provider
from ispcore.catalog import Speed
from ispcore.driver import Login, Onu, SecretRef, Wifi
from ispcore.errors import InvalidValueError, NotFoundError, NotPermittedError, RefusedError, StorageError
from ispcore.plans import (
    AddComponent,
    Cancel,
    ChangeComponent,
    ChangePassword,
    ChangePlan,
    Component,
    RemoveComponent,
    Retract,
    SetSpeed,
    SetSpeedWindows,
    SpeedWindow,
    Suspend,
)
from ispcore.storage import SqlDatabase, new_key
from ispcore.timeline import Actor, Subject, SubjectKind
from ispcore.usecases import Item
from ispcore.values import ComponentId, CustomerId, SecretText, SubscriptionId
from tests.catalogues import START, march
from tests.components import HER_ONU, LOGIN, ONU, SECTIONS, box
from tests.providers import ANA, Office, open_office

SECRET = SecretText("hunter2-hunter2")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """An office whose catalogue carries components, and which has a key for secrets."""
    with open_office(tmp_path / "provider.db") as office:
        office.provider.close_database()
        key = new_key()
        office.database = SqlDatabase(office.url, secret_keys=lambda: (key,))
        office.provider = Provider(office.database, clock=office.clock)
        office.load(**SECTIONS)
        yield office


@pytest.fixture
def ana(office: Office) -> CustomerId:
    """The customer of most of these tests."""
    return office.register()


def add(office: Office, subscription: SubscriptionId, spec: Any = None, **more: Any) -> None:
    office.do(AddComponent(subscription=subscription, spec=spec, **more))


def components(office: Office, subscription: SubscriptionId) -> tuple[Component, ...]:
    return office.provider.subscription(subscription, actor=ANA).state.components


def password(office: Office, subscription: SubscriptionId) -> str:
    spec: Any = components(office, subscription)[0].spec
    with office.database.reading() as work:
        return work.secrets.resolve(spec.password).reveal()


def history(office: Office, subscription: SubscriptionId) -> list[tuple[str, tuple[str, ...]]]:
    return [
        (one.kind, one.detail)
        for one in office.provider.history(SubjectKind.SUBSCRIPTION, str(subscription), actor=ANA)
    ]


# --- stored and read again


def test_everything_about_components_is_stored_and_read_again(office: Office, ana: CustomerId) -> None:
    one = office.subscribe(ana, "fibre")
    hours = SpeedWindow(time(22), time(6), Speed(9_000, 9_000), (1, 7))
    add(office, one, Login(username="ana"), access_point="tower")
    add(office, one, HER_ONU, component=ComponentId("box"))
    add(office, one, Wifi(onu=HER_ONU.serial), needs=("box",))
    office.do(ChangeComponent(subscription=one, component=LOGIN, spec=Login(username="ana2")))
    office.do(SetSpeed(subscription=one, component=LOGIN, speed=Speed(512, 256)))
    office.do(SetSpeed(subscription=one, component=LOGIN, speed=Speed(1, 2), until=march(9)))
    office.do(SetSpeedWindows(subscription=one, component=LOGIN, windows=(hours,)))
    office.do(RemoveComponent(subscription=one, component=ComponentId("wifi")))

    login, box_ = components(office, one)

    assert login.spec == Login(username="ana2")
    assert (login.override, login.windows) == (Speed(512, 256), (hours,))
    assert box_ == Component(ComponentId("box"), f"{one}:box", HER_ONU, START)
    assert office.findings() == []
    assert history(office, one)[1:] == [
        ("ComponentAdded", ("login: login/ana", f"resource {one}:login", "at tower")),
        ("ComponentAdded", ("box: onu/ABCD12345678", f"resource {one}:box")),
        ("ComponentAdded", ("wifi: wifi/ABCD12345678", f"resource {one}:wifi")),
        ("ComponentChanged", ("login: login/ana2", "at tower")),
        ("SpeedSet", ("login: 512/256 kbit/s",)),
        ("SpeedSet", ("login: 1/2 kbit/s", "until 2012-03-09")),
        ("SpeedWindowsSet", ("login: 9000/9000 kbit/s 22:00 to 06:00 Mon Sun",)),
        ("ComponentRemoved", ("wifi",)),
    ]


def test_a_key_that_is_too_short_is_refused_before_it_is_kept(office: Office, ana: CustomerId) -> None:
    one = office.subscribe(ana, "fibre")

    with pytest.raises(InvalidValueError, match="no key of a wireless network"):
        add(office, one, Wifi(onu="ABCD12345678", password=SecretText("short")))

    assert components(office, one) == ()


def test_another_key_that_is_too_short_is_refused_too(office: Office, ana: CustomerId) -> None:
    one = office.subscribe(ana, "fibre")
    add(office, one, HER_ONU)
    add(office, one, Wifi(onu=HER_ONU.serial, password=SECRET))
    command = ChangePassword(subscription=one, component=ComponentId("wifi"), password=SecretText("short"))

    with pytest.raises(InvalidValueError, match="no key of a wireless network"):
        office.do(command)

    office.do(evolve(command, password=SecretText("battery staple")))


def test_a_successor_has_the_components_of_what_it_follows(office: Office, ana: CustomerId) -> None:
    one = office.subscribe(ana, "adsl")
    add(office, one, Login(username="ana"))

    moved = office.do(ChangePlan(subscription=one, plan="fibre"), today=march(5))

    assert moved.successor is not None
    assert components(office, moved.successor) == components(office, one)


@pytest.mark.covers("S0-215", "S0-216")
def test_a_message_about_a_speed_is_kept_as_a_note_that_can_be_erased(
    office: Office, ana: CustomerId
) -> None:
    one = office.subscribe(ana, "fibre")
    add(office, one, Login(username="ana"))
    slow = SetSpeed(subscription=one, component=LOGIN, speed=Speed(1, 1), note="Asked for it by telephone")

    office.do(slow)

    assert (
        office.provider.history(SubjectKind.SUBSCRIPTION, str(one), actor=ANA)[-1].note
        == "Asked for it by telephone"
    )
    assert "telephone" not in str(office.dump()["facts"])


@pytest.mark.parametrize(
    "command",
    [
        AddComponent(subscription=SubscriptionId(1), spec=Login(username="ana")),
        ChangeComponent(subscription=SubscriptionId(1), component=LOGIN, access_point="tower"),
        RemoveComponent(subscription=SubscriptionId(1), component=LOGIN),
        SetSpeed(subscription=SubscriptionId(1), component=LOGIN, speed=None),
        SetSpeedWindows(subscription=SubscriptionId(1), component=LOGIN, windows=()),
    ],
    ids=lambda command: type(command).__name__,
)
def test_who_may_do_everything_else_may_not_touch_components(command: Any, office: Office) -> None:
    with pytest.raises(NotPermittedError) as refused:
        office.provider.do(command, actor=Actor("clerk", {"subscription.open"}))

    assert refused.value.permission.startswith("component.")


# --- what components owe


def test_components_owe_nothing_and_leave_what_was_closed_alone(office: Office, ana: CustomerId) -> None:
    one = office.subscribe(ana, "fibre")
    office.close(march(31))
    closed = office.charges(one)

    office.do(AddComponent(subscription=one, spec=Login(username="ana"), on=march(3)))
    office.do(SetSpeed(subscription=one, component=LOGIN, speed=Speed(9, 9), until=march(20), on=march(4)))

    assert office.provider.subscription(one, actor=ANA).row.dirty_from is None
    office.close(march(31))
    assert office.charges(one) == closed
    assert office.findings() == []


def test_what_is_owed_is_closed_again_beside_components(office: Office, ana: CustomerId) -> None:
    one = office.subscribe(ana, "fibre")
    office.close(march(31))

    office.do(Suspend(subscription=one, on=march(3)))

    assert office.provider.subscription(one, actor=ANA).row.dirty_from == march(3)


# --- secrets


def test_a_password_is_put_away_and_its_name_recorded(office: Office, ana: CustomerId) -> None:
    one = office.subscribe(ana, "fibre")

    add(office, one, Login(username="ana", password=SECRET))

    assert password(office, one) == SECRET.reveal()
    assert SECRET.reveal() not in str(office.dump())


def test_another_password_gets_another_name_and_the_same_name_keeps_it(
    office: Office, ana: CustomerId
) -> None:
    one = office.subscribe(ana, "fibre")
    add(office, one, Login(username="ana", password=SECRET))
    first: Any = components(office, one)[0].spec

    for spec in (
        Login(username="ana", password=SecretText("another one")),
        Login(username="ana", password=first.password),
    ):
        office.do(ChangeComponent(subscription=one, component=LOGIN, spec=spec))

    assert password(office, one) == SECRET.reveal()


def test_the_secret_of_somebody_else_is_not_taken(office: Office, ana: CustomerId) -> None:
    one = office.subscribe(ana, "fibre")

    with pytest.raises(RefusedError, match="never had the secret 's1'") as refused:
        add(office, one, Login(username="ana", password=SecretRef("s1")))

    assert refused.value.rule == "foreign-secret"


def test_a_refused_command_puts_no_secret_away(office: Office, ana: CustomerId) -> None:
    one = office.subscribe(ana, "adsl")

    with pytest.raises(RefusedError):
        add(office, one, Wifi(onu="ABCD12345678", password=SECRET))

    assert office.dump()["secrets"] == []


def test_without_a_key_a_password_is_refused_and_anything_else_is_not(tmp_path: Path) -> None:
    with open_office(tmp_path / "keyless.db") as office:
        office.load(**SECTIONS)
        one = office.subscribe(office.register(), "fibre")

        with pytest.raises(StorageError, match="keys"):
            add(office, one, Login(username="ana", password=SECRET))
        add(office, one, Login(username="ana"))

        assert len(components(office, one)) == 1


def test_secrets_are_put_away_among_many_commands(office: Office, ana: CustomerId) -> None:
    one = office.subscribe(ana, "fibre")
    items: list[Item] = [
        AddComponent(subscription=one, spec=Login(username="ana", password=SECRET)),
        AddComponent(subscription=one, spec=Login(username="bia", password=SecretText("refused"))),
    ]

    outcomes = list(office.provider.do_many(items, actor=ANA))

    assert [outcome.error is None for outcome in outcomes] == [True, False]
    assert password(office, one) == SECRET.reveal()
    assert len(office.dump()["secrets"]) == 1


# --- resources that are shared


def share(office: Office, ana: CustomerId) -> tuple[SubscriptionId, SubscriptionId]:
    """Return two subscriptions of a customer that stand for one ONU."""
    internet, voice = office.subscribe(ana, "fibre"), office.subscribe(ana, "strict")
    add(office, internet, HER_ONU, access_point="tower")
    add(office, voice, resource=f"{internet}:onu")
    return internet, voice


def test_two_subscriptions_of_a_customer_stand_for_one_resource(office: Office, ana: CustomerId) -> None:
    internet, voice = share(office, ana)

    assert components(office, voice) == components(office, internet)


def test_a_resource_of_another_customer_is_not_shared(office: Office, ana: CustomerId) -> None:
    theirs, mine = office.subscribe(office.register("Bia"), "fibre"), office.subscribe(ana, "strict")
    add(office, theirs, HER_ONU)

    with pytest.raises(RefusedError) as refused:
        add(office, mine, resource=f"{theirs}:onu")

    assert refused.value.rule == "foreign-resource"


def test_a_resource_of_what_has_ended_is_not_shared(office: Office, ana: CustomerId) -> None:
    old, new = office.subscribe(ana, "fibre"), office.subscribe(ana, "strict")
    add(office, old, HER_ONU)
    office.do(Cancel(subscription=old, reason="moved"))

    with pytest.raises(RefusedError) as refused:
        add(office, new, resource=f"{old}:onu")

    assert refused.value.rule == "foreign-resource"


def test_a_resource_that_went_along_to_another_plan_is_shared_with_the_successor(
    office: Office, ana: CustomerId
) -> None:
    internet, voice = office.subscribe(ana, "fibre"), office.subscribe(ana, "strict")
    add(office, internet, HER_ONU)
    successor = office.do(ChangePlan(subscription=internet, plan="fibre-600")).successor
    assert successor is not None

    add(office, voice, resource=f"{internet}:onu")
    office.do(ChangeComponent(subscription=voice, component=ONU, spec=Onu(serial="WXYZ00000001")))

    assert components(office, successor) == components(office, voice)
    assert components(office, internet)[0].spec == HER_ONU


def test_equipment_that_is_exchanged_is_exchanged_for_all_who_share_it(
    office: Office, ana: CustomerId
) -> None:
    internet, voice = share(office, ana)
    other = office.subscribe(ana, "fibre")
    add(office, other, Onu(serial="OTHER0000001"))
    add(office, internet, Wifi(onu=HER_ONU.serial))

    new = Onu(serial="WXYZ00000001")
    office.do(ChangeComponent(subscription=voice, component=ONU, spec=new), today=march(3))

    assert components(office, internet)[:1] == components(office, voice)
    assert components(office, voice)[0].spec == new
    assert components(office, internet)[1].spec == Wifi(onu=new.serial)
    assert components(office, other)[0].spec == Onu(serial="OTHER0000001")
    assert history(office, internet)[-1][0] == "ComponentChanged"
    assert office.findings() == []


def changes_of(office: Office, subscription: SubscriptionId) -> list[int]:
    """Return the sequences of the changes of the subscription's components."""
    with office.database.reading() as work:
        facts = work.facts.of(Subject(SubjectKind.SUBSCRIPTION, str(subscription)))
    return [fact.sequence for fact in facts if fact.kind == "ComponentChanged"]


def test_a_change_is_retracted_for_all_who_share_the_resource_and_so_is_its_retraction(
    office: Office, ana: CustomerId
) -> None:
    internet, voice = share(office, ana)
    add(office, internet, Wifi(onu=HER_ONU.serial))
    new = Onu(serial="WXYZ00000001")
    office.do(ChangeComponent(subscription=voice, component=ONU, spec=new))
    onu, wifi = changes_of(office, internet)

    retracted = office.do(Retract(subscription=internet, fact=wifi))
    back = [[one.spec for one in components(office, each)] for each in (internet, voice)]
    office.do(Retract(subscription=internet, fact=retracted.facts[0].sequence))
    again = [[one.spec for one in components(office, each)] for each in (internet, voice)]

    assert {fact.sequence for fact in retracted.voided} == {onu, wifi}
    assert back == [[HER_ONU, Wifi(onu=HER_ONU.serial)], [HER_ONU]]
    assert again == [[new, Wifi(onu=new.serial)], [new]]
    assert office.findings() == []


def test_who_shares_the_equipment_and_its_wifi_is_changed_once_and_back_once(
    office: Office, ana: CustomerId
) -> None:
    internet, second = office.subscribe(ana, "fibre"), office.subscribe(ana, "fibre")
    add(office, internet, HER_ONU)
    add(office, internet, Wifi(onu=HER_ONU.serial))
    for name in ("onu", "wifi"):
        add(office, second, resource=f"{internet}:{name}")
    before = components(office, second)

    changed = office.do(
        ChangeComponent(subscription=internet, component=ONU, spec=Onu(serial="WXYZ00000001"))
    )
    facts, after = changes_of(office, second), components(office, second)
    office.do(Retract(subscription=internet, fact=changed.facts[0].sequence))

    assert len(facts) == 2
    assert [one.spec for one in after] == [Onu(serial="WXYZ00000001"), Wifi(onu="WXYZ00000001")]
    assert components(office, second) == before == components(office, internet)
    assert office.findings() == []


@pytest.mark.parametrize("at_the_other", [False, True])
def test_a_password_of_before_is_not_changed_for_a_mailbox_that_came_to_share_it_wherever_the_login_is_named(
    office: Office, ana: CustomerId, at_the_other: bool
) -> None:
    first, second = office.subscribe(ana, "fibre", on=march(1)), office.subscribe(ana, "fibre", on=march(1))
    office.clock.move_to(march(1))
    add(office, first, Login(username="ana", password=SECRET))
    add(office, second, resource=f"{first}:login")
    there = second if at_the_other else first
    office.clock.move_to(march(2))
    changed = office.do(ChangePassword(subscription=there, component=LOGIN, password=SecretText("battery")))
    office.clock.move_to(march(5))
    add(office, second, password_of=LOGIN, mail_domain="isp.test")
    before = components(office, second)

    for late in (
        ChangePassword(subscription=there, component=LOGIN, on=march(3)),
        Retract(subscription=there, fact=changed.facts[0].sequence),
    ):
        with pytest.raises(RefusedError, match="'mailbox' came to share a password") as refused:
            office.do(late)
        assert refused.value.rule == "password-shared"

    assert components(office, second) == before
    assert office.findings() == []


def test_a_change_is_not_retracted_from_who_came_to_the_resource_as_it_was_changed(
    office: Office, ana: CustomerId
) -> None:
    internet, _ = share(office, ana)
    office.do(ChangeComponent(subscription=internet, component=ONU, spec=Onu(serial="WXYZ00000001")))
    (change,) = changes_of(office, internet)
    third = office.subscribe(ana, "strict")
    add(office, third, resource=f"{internet}:onu")
    before = office.dump()

    with pytest.raises(RefusedError, match=f"subscriptions {internet} and {third} share it") as refused:
        office.do(Retract(subscription=internet, fact=change))

    assert (refused.value.rule, refused.value.hint) == (
        "resource-differs",
        "Change the component back instead.",
    )
    assert office.dump() == before
    office.do(ChangeComponent(subscription=internet, component=ONU, spec=HER_ONU))
    assert components(office, third)[0].spec == HER_ONU
    assert office.findings() == []


def test_a_change_is_not_retracted_behind_a_change_of_plan_that_took_it_along(
    office: Office, ana: CustomerId
) -> None:
    internet, voice = share(office, ana)
    office.do(ChangeComponent(subscription=voice, component=ONU, spec=Onu(serial="WXYZ00000001")))
    (change,) = changes_of(office, voice)
    successor = office.do(ChangePlan(subscription=internet, plan="fibre-600")).successor

    with pytest.raises(RefusedError, match=f"subscriptions {voice} and {successor} share it"):
        office.do(Retract(subscription=voice, fact=change))


def test_a_change_of_what_nobody_shares_any_more_is_retracted(office: Office, ana: CustomerId) -> None:
    internet, voice = share(office, ana)
    office.do(ChangeComponent(subscription=voice, component=ONU, spec=Onu(serial="WXYZ00000001")))
    (change,) = changes_of(office, internet)
    office.do(Cancel(subscription=voice, reason="moved"))

    office.do(Retract(subscription=internet, fact=change))

    assert components(office, internet)[0].spec == HER_ONU
    assert office.findings() == []


def test_what_stands_first_may_be_a_resource_of_another_subscription(office: Office, ana: CustomerId) -> None:
    internet, voice = office.subscribe(ana, "fibre"), office.subscribe(ana, "fibre")
    add(office, internet, HER_ONU)

    add(office, voice, Wifi(onu=HER_ONU.serial), needs=(f"{internet}:onu",))

    assert components(office, voice)[0].needs == (f"{internet}:onu",)
    with pytest.raises(NotFoundError):
        add(office, voice, box("ana"), needs=("999:onu",))
