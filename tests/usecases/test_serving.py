"""Every command lets the network follow: contributions, placements and claims, in its own transaction."""

from collections.abc import Iterator
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from ispcore.catalog import Speed
from ispcore.driver import Access, Login, Onu, Spec, Wifi
from ispcore.errors import InvalidValueError, NotFoundError, RefusedError, StorageError
from ispcore.network import Move, Placement
from ispcore.plans import (
    AddComponent,
    Annul,
    Block,
    Cancel,
    ChangeComponent,
    ChangePlan,
    Delete,
    ImportSubscription,
    RemoveComponent,
    Resume,
    Retract,
    SetSpeed,
    SetSpeedWindows,
    SpeedWindow,
    Suspend,
)
from ispcore.usecases import Find, Recorded, Renewal
from ispcore.values import ComponentId, CustomerId, SubscriptionId
from tests.catalogues import START
from tests.homes import DOMAIN, LOGIN, MAILBOX, ONU, PLANS, midnight, sections
from tests.providers import ANA, Office, open_office

DAY = timedelta(days=1)
LOGIN_ID = ComponentId("login")


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Office]:
    """An office that sells to homes."""
    with open_office(tmp_path / "provider.db") as office:
        office.load(**sections())
        yield office


def subscribed(
    office: Office, *specs: Spec, customer: CustomerId | None = None, **more: Any
) -> SubscriptionId:
    owner = office.register() if customer is None else customer
    subscription = office.subscribe(owner, "home", **more)
    for spec in specs:
        office.do(AddComponent(subscription=subscription, spec=spec))
    return subscription


def standing(office: Office, subscription: SubscriptionId) -> dict[str, Placement]:
    return {one.id: one for one in office.provider.network.placements(subscription, actor=ANA)}


def wanted(office: Office, subscription: SubscriptionId) -> dict[str, Spec | None]:
    return {name: one.wanted for name, one in standing(office, subscription).items()}


def generations(office: Office, subscription: SubscriptionId) -> dict[str, int]:
    return {name: one.generation for name, one in standing(office, subscription).items()}


OPEN = Login(username="ana", download_kbit=512, upload_kbit=256)


# --- commands


def test_a_component_is_placed_in_the_command_that_adds_it(home: Office) -> None:
    subscription = subscribed(home)

    done = home.do(AddComponent(subscription=subscription, spec=LOGIN))

    name = f"{subscription}:login@radius"
    assert [(move.placement, move.before, move.after) for move in done.moves] == [(name, None, OPEN)]
    assert wanted(home, subscription) == {name: OPEN}
    assert home.sql("select device, claim, placement from claims") == [("radius", "login/ana", name)]
    assert home.findings() == []


@pytest.mark.covers("S0-110")
def test_a_suspension_and_its_end_move_generations_and_restore_the_content(home: Office) -> None:
    subscription = subscribed(home, LOGIN, ONU, MAILBOX)
    before, first = wanted(home, subscription), generations(home, subscription)

    home.do(Suspend(subscription=subscription))
    suspended = wanted(home, subscription)
    home.do(Resume(subscription=subscription))

    assert suspended == {
        f"{subscription}:login@radius": evolve(OPEN, access=Access.REFUSED),
        f"{subscription}:mailbox@box": evolve(MAILBOX, enabled=False),
        f"{subscription}:onu@olt": evolve(ONU, enabled=False, download_kbit=512, upload_kbit=256),
    }
    assert wanted(home, subscription) == before
    assert generations(home, subscription) == {name: count + 2 for name, count in first.items()}
    assert home.findings() == []


def test_a_change_of_plan_keeps_the_placement_and_gives_the_new_speed(home: Office) -> None:
    subscription = subscribed(home, LOGIN)

    done = home.do(ChangePlan(subscription=subscription, plan="fast"))

    assert done.successor is not None
    faster = Login(username="ana", download_kbit=1024, upload_kbit=512)
    name = f"{subscription}:login@radius"
    assert done.moves == (Move(name, 2, OPEN, faster, ("download_kbit", "upload_kbit")),)  # type: ignore[arg-type] # a name
    assert wanted(home, done.successor) == wanted(home, subscription) == {name: faster}
    assert home.findings() == []


@pytest.mark.covers("S0-100", "S0-101")
def test_from_512_to_1024_kbit_one_pays_and_is_served_by_the_new_plan_from_the_same_day(home: Office) -> None:
    fast = {**PLANS["fast"], "versions": [{**PLANS["fast"]["versions"][0], "price": "200.00"}]}
    home.load(**sections(plans={**PLANS, "fast": fast}))
    subscription = subscribed(home, LOGIN)

    done = home.do(ChangePlan(subscription=subscription, plan="fast"), today=date(2012, 2, 27))
    home.close(date(2012, 2, 29))

    assert done.successor is not None
    # 3 of 29 days of 100.00, and 3 of 200.00.
    assert home.owed(subscription) == {"2012-02": "10.34"}
    assert home.owed(done.successor) == {"2012-02": "20.69"}
    assert [(move.before, move.after) for move in done.moves] == [
        (OPEN, Login(username="ana", download_kbit=1024, upload_kbit=512))
    ]


def test_what_is_cancelled_wants_nothing_and_the_mailbox_goes_after_its_grace_time(home: Office) -> None:
    subscription = subscribed(home, LOGIN, MAILBOX)

    home.do(Cancel(subscription=subscription, reason="moved"))
    kept = wanted(home, subscription)
    home.clock.instant = midnight(START + 30 * DAY)
    ticked = home.provider.network.tick(actor=ANA)

    login, mailbox = f"{subscription}:login@radius", f"{subscription}:mailbox@box"
    assert kept == {login: None, mailbox: evolve(MAILBOX, enabled=False)}
    assert wanted(home, subscription) == {login: None, mailbox: None}
    assert (ticked.subscriptions, ticked.changed, ticked.moved) == (1, 1, 1)
    assert home.findings() == []


@pytest.mark.parametrize("command", [Annul, Delete])
def test_what_was_never_delivered_or_is_put_away_wants_nothing(home: Office, command: Any) -> None:
    subscription = subscribed(home, LOGIN)

    home.do(command(subscription=subscription, note="By mistake"))

    assert list(wanted(home, subscription).values()) == [None]
    assert home.findings() == []


def test_a_retracted_cancellation_brings_everything_back(home: Office) -> None:
    subscription = subscribed(home, LOGIN, MAILBOX)
    before = wanted(home, subscription)
    cancelled = home.do(Cancel(subscription=subscription, reason="moved"))

    home.do(Retract(subscription=subscription, fact=cancelled.facts[0].sequence))

    assert wanted(home, subscription) == before


def test_a_component_that_is_removed_or_retracted_leaves_a_placement_that_wants_nothing(home: Office) -> None:
    subscription = subscribed(home, LOGIN, MAILBOX)
    added = home.do(AddComponent(subscription=subscription, spec=ONU))

    home.do(Retract(subscription=subscription, fact=added.facts[0].sequence))
    home.do(RemoveComponent(subscription=subscription, component=ComponentId("mailbox")))

    assert wanted(home, subscription) == {
        f"{subscription}:login@radius": OPEN,
        f"{subscription}:mailbox@box": None,
        f"{subscription}:onu@olt": None,
    }
    rows = home.provider.network.plan(subscription, actor=ANA).placements
    assert [len(row.contributions) for row in rows] == [1, 0, 0]
    assert home.findings() == []


@pytest.mark.parametrize("days", [0, 5])
def test_the_only_component_that_is_retracted_wants_nothing_any_more(home: Office, days: int) -> None:
    subscription = subscribed(home)
    added = home.do(AddComponent(subscription=subscription, spec=LOGIN))

    home.clock.instant += timedelta(days=days)
    home.do(Retract(subscription=subscription, fact=added.facts[0].sequence))

    assert wanted(home, subscription) == {f"{subscription}:login@radius": None}
    assert home.findings() == []


def test_the_only_component_that_is_removed_on_its_first_day_wants_nothing_any_more(home: Office) -> None:
    subscription = subscribed(home, LOGIN)

    home.do(RemoveComponent(subscription=subscription, component=LOGIN_ID))

    assert wanted(home, subscription) == {f"{subscription}:login@radius": None}
    assert home.findings() == []


def test_a_rename_holds_both_names_until_a_worker_has_done_it(home: Office) -> None:
    subscription = subscribed(home, LOGIN)
    other = subscribed(home)

    home.do(ChangeComponent(subscription=subscription, component=LOGIN_ID, spec=Login(username="zoe")))

    for name in ("ana", "zoe"):
        with pytest.raises(RefusedError, match=f"'login/{name}' on 'radius' is taken") as refusal:
            home.do(AddComponent(subscription=other, spec=Login(username=name)))
        assert refusal.value.rule == "claim-taken"
    assert home.findings() == []


def test_a_name_that_somebody_has_is_refused_and_its_holder_named(home: Office) -> None:
    customer = home.register()
    first = subscribed(home, LOGIN, customer=customer)
    second = subscribed(home)

    with pytest.raises(RefusedError, match=f"subscription {first} of customer {customer}") as refusal:
        home.do(AddComponent(subscription=second, spec=LOGIN))

    assert refusal.value.rule == "claim-taken"
    assert wanted(home, second) == {}
    assert home.findings() == []


def test_a_name_that_is_still_to_be_taken_away_is_not_free_yet(home: Office) -> None:
    first = subscribed(home, LOGIN)
    home.do(Cancel(subscription=first, reason="moved"))
    second = subscribed(home)

    with pytest.raises(RefusedError, match="still to be taken away"):
        home.do(AddComponent(subscription=second, spec=LOGIN))


NORTH = {"north": {"name": "Norte", "devices": {"login": "radius-2", "mailbox": "mail-2"}}}
UNIQUE = {"network": {"unique_logins": True}, "access_points": NORTH}


@pytest.mark.covers("S3-015")
def test_the_name_of_a_login_is_one_in_the_whole_system(home: Office) -> None:
    home.load(**sections(**UNIQUE))
    first = subscribed(home, LOGIN)
    second = subscribed(home)
    namesake = AddComponent(subscription=second, spec=Login(username=" ANA "), access_point="north")

    with pytest.raises(RefusedError, match=f"'login/ana' on 'radius-2' is taken: .* {first} of") as refusal:
        home.do(namesake)
    home.do(RemoveComponent(subscription=first, component=LOGIN_ID))
    home.do(namesake)

    assert refusal.value.rule == "claim-taken"
    assert list(wanted(home, second)) == [f"{second}:login@radius-2"]
    assert home.findings() == []


def test_a_login_keeps_its_name_when_it_moves_to_another_device(home: Office) -> None:
    home.load(**sections(**UNIQUE))
    subscription = subscribed(home, LOGIN)

    home.do(ChangeComponent(subscription=subscription, component=LOGIN_ID, access_point="north"))

    assert wanted(home, subscription)[f"{subscription}:login@radius-2"] == OPEN


def test_one_command_does_not_place_a_login_twice(home: Office) -> None:
    home.load(**sections(access_points=NORTH, devices={}))
    places = (None, "north")
    subscription = subscribed(home)
    for place in places:
        home.do(AddComponent(subscription=subscription, spec=LOGIN, access_point=place))
    home.load(**sections(**UNIQUE))

    done = home.provider.network.resync(actor=ANA)

    assert [problem.rule for problem in done.problems] == ["claim-taken"]


def test_other_names_are_one_on_their_device_only(home: Office) -> None:
    home.load(**sections(**UNIQUE))
    subscribed(home, MAILBOX)
    second = subscribed(home)

    home.do(AddComponent(subscription=second, spec=MAILBOX, access_point="north"))

    assert list(wanted(home, second)) == [f"{second}:mailbox@mail-2"]


def test_where_the_catalogue_says_so_the_same_name_on_another_device_is_another_one(home: Office) -> None:
    home.load(**sections(access_points={"north": {"name": "Norte", "devices": {"login": "radius-2"}}}))
    subscribed(home, LOGIN)
    second = subscribed(home)

    home.do(AddComponent(subscription=second, spec=LOGIN, access_point="north"))

    assert list(wanted(home, second)) == [f"{second}:login@radius-2"]


def test_what_hangs_at_another_access_point_moves_and_leaves_nothing_behind(home: Office) -> None:
    home.load(**sections(access_points={"north": {"name": "Norte", "devices": {"login": "radius-2"}}}))
    subscription = subscribed(home, LOGIN)

    done = home.do(ChangeComponent(subscription=subscription, component=LOGIN_ID, access_point="north"))

    assert [(move.placement, move.after) for move in done.moves] == [
        (f"{subscription}:login@radius", None),
        (f"{subscription}:login@radius-2", OPEN),
    ]
    assert home.findings() == []


def test_without_a_device_a_component_is_kept_and_the_lack_is_told(home: Office) -> None:
    home.load(**sections(devices={"login": "radius"}))
    subscription = subscribed(home, LOGIN, MAILBOX)

    plan = home.provider.network.plan(subscription, actor=ANA)

    assert [one.placement.id for one in plan.placements] == [f"{subscription}:login@radius"]
    assert [problem.rule for problem in plan.problems] == ["no-device"]
    assert home.findings() == []


def test_a_binding_that_is_lost_takes_nothing_away_and_keeps_nobody_connected(home: Office) -> None:
    subscription = subscribed(home, LOGIN)
    home.load(**sections(devices={}))

    done = home.provider.network.resync(actor=ANA)
    home.do(Suspend(subscription=subscription))

    assert ([problem.rule for problem in done.problems], done.moved) == (["no-device"], 0)
    assert wanted(home, subscription) == {f"{subscription}:login@radius": evolve(OPEN, access=Access.REFUSED)}
    assert home.findings() == []


def test_a_command_that_is_only_tried_lists_what_would_be_done_on_devices(home: Office) -> None:
    subscription = subscribed(home, LOGIN)
    before = home.dump()

    tried = home.provider.try_out(Suspend(subscription=subscription), actor=ANA, closing_on=START)

    refused = evolve(OPEN, access=Access.REFUSED)
    name = f"{subscription}:login@radius"
    assert tried.recorded.moves == (Move(name, 2, OPEN, refused, ("access",)),)  # type: ignore[arg-type] # a name
    found = home.provider.try_out(Suspend(subscription=subscription), actor=ANA)
    assert found.moves == tried.recorded.moves
    assert home.dump() == before


def test_serving_twice_changes_nothing(home: Office) -> None:
    subscription = subscribed(home, LOGIN, ONU, Wifi(onu="ZTEG1"), DOMAIN, MAILBOX)
    before = home.dump()

    resynced = home.provider.network.resync(actor=ANA)
    ticked = home.provider.network.tick(actor=ANA)

    assert home.dump() == before
    assert resynced == Renewal(subscriptions=1)
    assert ticked == Renewal()
    assert wanted(home, subscription)


# --- what changes by itself


def test_a_tick_lets_the_network_follow_what_has_ended_by_itself(home: Office) -> None:
    subscription = subscribed(home, LOGIN)
    home.do(Block(subscription=subscription, until=START + DAY))
    name = f"{subscription}:login@radius"

    early = home.provider.network.tick(actor=ANA)
    home.clock.instant = midnight(START + DAY)
    findings = home.findings()
    seen = home.provider.network.tick(actor=ANA, preview=True)
    still = wanted(home, subscription)
    ticked = home.provider.network.tick(actor=ANA)
    again = home.provider.network.tick(actor=ANA)

    assert early == again == Renewal()
    assert [finding.rpartition(" ")[2] for finding in findings] == ["[tick]"]
    assert seen == Renewal(1, 1, 1, seen.moves)
    assert [(move.before, move.after) for move in seen.moves] == [(evolve(OPEN, access=Access.WALLED), OPEN)]
    assert still == {name: evolve(OPEN, access=Access.WALLED)}
    assert ticked == Renewal(1, 1, 1)
    assert wanted(home, subscription) == {name: OPEN}
    assert home.findings() == []


def test_windows_open_and_close_with_the_ticks(home: Office) -> None:
    subscription = subscribed(home, LOGIN)
    evening = SpeedWindow(start=time(20), end=time(22), speed=Speed(2048, 1024))
    home.do(SetSpeedWindows(subscription=subscription, component=LOGIN_ID, windows=(evening,)))
    speeds = []
    for hour in (19, 20, 21, 22, 23):
        home.clock.instant = midnight(START) + timedelta(hours=hour)
        home.provider.network.tick(actor=ANA)
        (spec,) = wanted(home, subscription).values()
        assert isinstance(spec, Login)
        speeds.append(spec.download_kbit)

    assert speeds == [512, 2048, 2048, 512, 512]


def test_whose_answer_has_run_out_is_served_with_whoever_shares_the_resource(home: Office) -> None:
    customer = home.register()
    first = subscribed(home, LOGIN, customer=customer)
    second = subscribed(home, customer=customer)
    home.do(AddComponent(subscription=second, resource=f"{first}:login"))
    home.do(Block(subscription=first, until=START + DAY))
    home.clock.instant = midnight(START + DAY)

    # Before any tick: the first is blocked no more, so suspending the second takes nothing away.
    home.do(Suspend(subscription=second))

    assert wanted(home, second) == {f"{first}:login@radius": OPEN}
    assert home.findings() == []


def test_a_tick_may_be_asked_for_another_instant(home: Office) -> None:
    subscription = subscribed(home, LOGIN)
    home.do(SetSpeed(subscription=subscription, component=LOGIN_ID, speed=Speed(9, 9), until=START + DAY))

    seen = home.provider.network.tick(midnight(START + DAY), actor=ANA, preview=True)

    assert [move.fields for move in seen.moves] == [("download_kbit", "upload_kbit")]
    with pytest.raises(InvalidValueError, match="still to come"):
        home.provider.network.tick(midnight(START + DAY), actor=ANA)


def test_what_cannot_be_read_of_one_customer_leaves_the_others_their_tick(home: Office) -> None:
    damaged, sound = subscribed(home, LOGIN), subscribed(home, Login(username="zoe"))
    for subscription in (damaged, sound):
        home.do(Block(subscription=subscription, until=START + DAY))
    home.sql(f"update contributions set kind = 'hologram' where subscription_id = {damaged}")
    home.clock.instant = midnight(START + DAY)

    ticked = home.provider.network.tick(actor=ANA)

    assert (ticked.subscriptions, ticked.moved) == (2, 1)
    assert [str(problem) for problem in ticked.problems] == [
        f"subscription {damaged}: The unknown kind 'hologram' is stored. [unreadable]"
    ]
    assert wanted(home, sound) == {f"{sound}:login@radius": evolve(OPEN, username="zoe")}


def test_a_check_tells_what_cannot_be_read_of_one_customer_and_goes_on(home: Office) -> None:
    damaged, other = subscribed(home, LOGIN), subscribed(home, Login(username="zoe"))
    home.sql(f"update contributions set kind = 'hologram' where subscription_id = {damaged}")
    home.sql(f"update contributions set serves = 'off' where subscription_id = {other}")

    found = home.findings()

    assert [one.rpartition(" ")[2] for one in found] == ["[unreadable]", "[contribution]"]
    assert "The unknown kind 'hologram' is stored." in found[0]


def test_a_tick_that_can_read_nobody_says_so(home: Office) -> None:
    for name in ("ana", "zoe"):
        home.do(Block(subscription=subscribed(home, Login(username=name)), until=START + DAY))
    home.sql("update contributions set kind = 'hologram'")
    home.clock.instant = midnight(START + DAY)

    with pytest.raises(StorageError, match="hologram"):
        home.provider.network.tick(actor=ANA)


# --- today's catalogue


def test_a_catalogue_moves_nothing_until_a_resync_that_shows_it_first(home: Office) -> None:
    first, second = subscribed(home, LOGIN), subscribed(home, Login(username="zoe"))
    plans = {**PLANS, "home": {**PLANS["home"], "download_kbit": 600}}
    home.load(**sections(plans=plans))
    loaded = wanted(home, first)
    watched: list[Renewal] = []

    findings = home.findings()
    seen = home.provider.network.resync(actor=ANA, preview=True)
    unchanged = wanted(home, first)
    done = home.provider.network.resync(actor=ANA, watch=watched.append)

    faster = evolve(OPEN, download_kbit=600)
    assert loaded == unchanged == {f"{first}:login@radius": OPEN}
    assert [finding.rpartition(" ")[2] for finding in findings] == ["[contribution]", "[contribution]"]
    assert [(move.before, move.after) for move in seen.moves] == [
        (OPEN, faster),
        (evolve(OPEN, username="zoe"), evolve(faster, username="zoe")),
    ]
    assert (done.moved, done.moves) == (2, ())
    assert [len(part.moves) for part in watched] == [2]
    assert wanted(home, second) == {f"{second}:login@radius": evolve(faster, username="zoe")}
    assert home.findings() == []


def test_one_customers_trouble_does_not_stop_the_others(home: Office) -> None:
    home.load(**sections(access_points={"north": {"name": "N", "devices": {"login": "radius-2"}}}))
    first = subscribed(home, LOGIN)
    second = subscribed(home)
    home.do(AddComponent(subscription=second, spec=LOGIN, access_point="north"))
    third = subscribed(home, Login(username="zoe"))
    # Both points are one device now, and it has one "ana".
    plans = {**PLANS, "home": {**PLANS["home"], "download_kbit": 600}}
    one = {"north": {"name": "N", "devices": {"login": "radius"}}}
    home.load(**sections(plans=plans, access_points=one))

    done = home.provider.network.resync(actor=ANA)

    assert [problem.rule for problem in done.problems] == ["claim-taken"]
    assert str(done.problems[0]).startswith(f"resource {second}:login: 'login/ana' on 'radius' is taken")
    (spec,) = wanted(home, third).values()
    assert spec == Login(username="zoe", download_kbit=600, upload_kbit=256)
    assert wanted(home, first) == {f"{first}:login@radius": evolve(OPEN, download_kbit=600)}


def test_a_resource_that_cannot_move_to_another_device_stays_on_the_one_it_has(home: Office) -> None:
    home.load(**sections(access_points={"north": {"name": "N", "devices": {"login": "radius-2"}}}))
    subscribed(home, LOGIN)
    second = subscribed(home)
    home.do(AddComponent(subscription=second, spec=LOGIN, access_point="north"))
    home.load(**sections(access_points={"north": {"name": "N", "devices": {"login": "radius"}}}))

    done = home.provider.network.resync(actor=ANA)

    assert [problem.rule for problem in done.problems] == ["claim-taken"]
    assert done.moved == 0
    assert wanted(home, second) == {f"{second}:login@radius-2": OPEN}


# --- what cannot be as it is wanted


NORTH = {"north": {"name": "Norte", "devices": {"login": "radius-2"}}}
REBOUND = {"north": {"name": "Norte", "devices": {"login": "radius"}}}


def two_of_one_name(home: Office, spec: Spec = LOGIN) -> tuple[SubscriptionId, SubscriptionId]:
    """Return two subscriptions with one login on two devices that have become one by a new binding."""
    home.load(**sections(access_points=NORTH))
    first, second = subscribed(home, LOGIN), subscribed(home)
    home.do(AddComponent(subscription=second, spec=spec, access_point="north"))
    home.load(**sections(access_points=REBOUND))
    return first, second


@pytest.mark.parametrize("resynced", [False, True])
@pytest.mark.parametrize(("command", "access"), [(Block, Access.WALLED), (Suspend, Access.REFUSED)])
def test_what_cannot_move_follows_its_status_on_the_device_where_it_stands(
    home: Office, command: Any, access: Access, *, resynced: bool
) -> None:
    _, second = two_of_one_name(home)
    if resynced:
        home.provider.network.resync(actor=ANA)

    done = home.do(command(subscription=second))

    name = f"{second}:login@radius-2"
    assert [(move.placement, move.fields) for move in done.moves] == [(name, ("access",))]
    assert wanted(home, second) == {name: evolve(OPEN, access=access)}


def test_what_cannot_move_is_taken_away_where_it_stands_when_its_subscription_ends(home: Office) -> None:
    _, second = two_of_one_name(home)
    home.provider.network.resync(actor=ANA)

    home.do(Cancel(subscription=second, reason="moved"))

    assert wanted(home, second) == {f"{second}:login@radius-2": None}
    assert home.findings() == []


def test_what_cannot_move_is_changed_in_everything_on_the_device_where_it_stands(home: Office) -> None:
    _, second = two_of_one_name(home)

    home.do(ChangeComponent(subscription=second, component=LOGIN_ID, spec=evolve(LOGIN, vlan=7)))

    assert wanted(home, second) == {f"{second}:login@radius-2": evolve(OPEN, vlan=7)}


def test_a_command_that_brings_a_second_conflict_is_refused_and_the_first_is_left_as_it_is(
    home: Office,
) -> None:
    _, second = two_of_one_name(home)
    subscribed(home, Login(username="zoe"))
    before = home.dump()

    with pytest.raises(RefusedError, match="'login/zoe' on 'radius' is taken") as refusal:
        home.do(ChangeComponent(subscription=second, component=LOGIN_ID, spec=Login(username="zoe")))

    assert refusal.value.rule == "claim-taken"
    assert home.dump() == before


def test_equipment_that_is_shared_with_its_wifi_is_not_exchanged_for_somebody_elses(home: Office) -> None:
    customer = home.register()
    first = subscribed(home, ONU, Wifi(onu=ONU.serial), customer=customer)
    second = subscribed(home, customer=customer)
    for name in ("onu", "wifi"):
        home.do(AddComponent(subscription=second, resource=f"{first}:{name}"))
    subscribed(home, Onu(serial="ZTEG2"))
    before = home.dump()

    with pytest.raises(RefusedError, match="is taken") as refusal:
        home.do(ChangeComponent(subscription=first, component=ComponentId("onu"), spec=Onu(serial="ZTEG2")))

    assert refusal.value.rule == "claim-taken"
    assert home.dump() == before


def test_another_name_is_the_way_out_of_a_conflict(home: Office) -> None:
    _, second = two_of_one_name(home)
    home.do(Suspend(subscription=second))

    home.do(ChangeComponent(subscription=second, component=LOGIN_ID, spec=Login(username="zoe")))

    refused = evolve(OPEN, username="zoe", access=Access.REFUSED)
    assert wanted(home, second) == {f"{second}:login@radius": refused, f"{second}:login@radius-2": None}
    assert home.findings() == []


def test_who_shares_what_was_bound_anew_follows_the_status_and_a_tick_moves_both(home: Office) -> None:
    customer = home.register()
    first = subscribed(home, LOGIN, customer=customer)
    second = subscribed(home, customer=customer)
    home.do(AddComponent(subscription=second, resource=f"{first}:login"))
    home.load(**sections(devices={"login": "radius-2"}))

    home.do(Suspend(subscription=first))
    one_of_two = wanted(home, first)
    ticked = home.provider.network.tick(actor=ANA)

    name = f"{first}:login@radius"
    assert one_of_two == {name: OPEN}
    assert ticked.problems == ()
    assert wanted(home, first) == {name: None, f"{name}-2": OPEN}
    assert home.findings() == []


def test_what_has_a_problem_is_looked_at_by_every_tick_until_it_can_be_as_it_is_wanted(home: Office) -> None:
    first, second = two_of_one_name(home)
    home.provider.network.resync(actor=ANA)
    home.do(Suspend(subscription=second))
    before = home.dump()

    waiting = [home.provider.network.tick(actor=ANA) for _ in range(2)]
    unchanged, findings = home.dump(), home.findings()
    plan = home.provider.network.plan(second, actor=ANA)
    home.do(ChangeComponent(subscription=first, component=LOGIN_ID, spec=Login(username="zoe")))
    home.sql("delete from claims where claim = 'login/ana' and device = 'radius'")  # as a worker does
    settled = home.provider.network.tick(actor=ANA)
    again = home.provider.network.tick(actor=ANA)

    assert [[problem.rule for problem in one.problems] for one in waiting] == [["claim-taken"]] * 2
    assert ([problem.rule for problem in plan.problems], plan.valid_until) == (["claim-taken"], None)
    assert unchanged == before
    assert [finding.rpartition(" ")[2] for finding in findings] == [
        "[unsettled]",
        "[placement]",
        "[placement]",
    ]
    assert (settled.moved, settled.problems) == (2, ())
    refused = evolve(OPEN, access=Access.REFUSED)
    assert wanted(home, second) == {f"{second}:login@radius": refused, f"{second}:login@radius-2": None}
    assert again == Renewal()
    assert home.findings() == []


def test_what_stands_nowhere_yet_is_placed_by_the_first_tick_that_finds_its_name_free(home: Office) -> None:
    home.load(**sections(devices={"mailbox": "box"}, access_points=REBOUND))
    second = subscribed(home, LOGIN)
    first = subscribed(home)
    home.do(AddComponent(subscription=first, spec=LOGIN, access_point="north"))
    home.load(**sections(access_points=REBOUND))

    early = home.provider.network.resync(actor=ANA)
    home.do(Suspend(subscription=second))
    nowhere = wanted(home, second)
    home.do(Cancel(subscription=first, reason="moved"))
    home.sql("delete from claims")  # as a worker does that has taken it away
    late = home.provider.network.tick(actor=ANA)

    assert [problem.rule for problem in early.problems] == ["claim-taken"]
    assert nowhere == {}
    assert (late.moved, late.problems) == (1, ())
    assert wanted(home, second) == {f"{second}:login@radius": evolve(OPEN, access=Access.REFUSED)}
    assert home.findings() == []


# --- many commands


def test_imports_with_components_are_served_in_bulk(home: Office) -> None:
    customers = [home.register(f"C{n}") for n in range(3)]

    def with_login(customer: CustomerId, name: str) -> Any:
        def make(find: Find) -> Iterator[Any]:
            yield ImportSubscription(
                customer=customer,
                plan="home",
                system="old",
                foreign_id=name,
                status="enabled",
                charge_method="slip",
                due_day=10,
                on=START,
            )
            yield AddComponent(subscription=find.subscription("old", name), spec=Login(username=name))

        return make

    items = [with_login(customers[0], "a"), with_login(customers[1], "b"), with_login(customers[2], "a2")]
    outcomes = list(home.provider.do_many(items, actor=ANA))

    assert [outcome.error for outcome in outcomes] == [None, None, None]
    opened = [outcome.recorded[0] for outcome in outcomes]
    subscriptions = [one.subscription for one in opened if isinstance(one, Recorded)]
    assert [list(wanted(home, one)) for one in subscriptions] == [
        [f"{one}:login@radius"] for one in subscriptions
    ]
    assert home.findings() == []


def test_of_many_commands_the_one_whose_name_is_taken_is_refused_alone(home: Office) -> None:
    subscriptions = [subscribed(home) for _ in range(3)]
    names = ["ana", "ana", "zoe"]

    outcomes = list(
        home.provider.do_many(
            [
                AddComponent(subscription=one, spec=Login(username=name))
                for one, name in zip(subscriptions, names, strict=True)
            ],
            actor=ANA,
        )
    )

    rules = [getattr(outcome.error, "rule", None) for outcome in outcomes]
    assert rules == [None, "claim-taken", None]
    assert [len(wanted(home, one)) for one in subscriptions] == [1, 0, 1]
    assert home.findings() == []


# --- looking


def test_a_plan_tells_what_is_wanted_what_stands_and_what_is_to_be_done(home: Office) -> None:
    subscription = subscribed(home, LOGIN)
    home.do(Block(subscription=subscription, until=START + DAY))

    plan = home.provider.network.plan(subscription, actor=ANA)

    (one,) = plan.placements
    assert one.placement.wanted == evolve(OPEN, access=Access.WALLED)
    assert not one.is_current
    assert one.change is not None
    assert one.change.before is None
    assert plan.valid_until == midnight(START + DAY)
    assert plan.problems == ()


def test_of_nobody_there_is_no_plan(home: Office) -> None:
    with pytest.raises(NotFoundError):
        home.provider.network.plan(SubscriptionId(999), actor=ANA)
