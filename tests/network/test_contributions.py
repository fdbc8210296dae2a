"""What the components of a subscription want of their resources, and until when."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from ispcore.catalog import Catalogue, Serves, Speed
from ispcore.driver import Access, ConnectionMethod, Login, Mailbox, Onu, SecretRef, Spec, Wifi
from ispcore.errors import IspcoreError
from ispcore.network import RULES, Contribution, carries, contributions, resources_of
from ispcore.plans import (
    AddComponent,
    Block,
    Cancel,
    ChangeComponent,
    ChangePlan,
    ChangeStatus,
    Reduce,
    RemoveComponent,
    Resume,
    Retract,
    SetSpeed,
    SetSpeedWindows,
    SpeedWindow,
    Suspend,
    Timeline,
    WithdrawCancellation,
)
from ispcore.values import ComponentId
from tests.catalogues import START, SUBSCRIPTION, do, moved
from tests.homes import DOMAIN, HOMES, LOGIN, MAILBOX, ONU, ZONE, home, homes, midnight, noon, with_component

DAY = timedelta(days=1)
LOGIN_ID = ComponentId("login")


def wants(timeline: Timeline, at: datetime, catalogue: Catalogue = HOMES) -> dict[str, Spec | None]:
    return {one.component: one.spec for one in contributions(timeline, catalogue, at)}


def only(timeline: Timeline, at: datetime, catalogue: Catalogue = HOMES) -> Contribution:
    (found,) = contributions(timeline, catalogue, at)
    return found


def speed(timeline: Timeline, at: datetime, catalogue: Catalogue = HOMES) -> tuple[int | None, int | None]:
    spec = only(timeline, at, catalogue).spec
    assert isinstance(spec, Login)
    return spec.download_kbit, spec.upload_kbit


def after(timeline: Timeline, command: Any, on: date = START, **more: Any) -> Timeline:
    given = command(subscription=timeline.last.id, on=on, **more)
    return do(timeline, given, on, catalogue=HOMES)


def ordered_to_end(timeline: Timeline, last: date, on: date = START) -> Timeline:
    command = Cancel(subscription=timeline.last.id, on=last, reason="moved")
    return do(timeline, command, on, catalogue=HOMES)


# --- what is wanted


def test_an_enabled_subscription_wants_its_login_open_at_the_plans_speed() -> None:
    found = only(home(LOGIN), noon(START))

    assert found == Contribution(
        subscription=SUBSCRIPTION,
        customer=home().last.customer,
        component=LOGIN_ID,
        resource="104:login",
        kind=Login,
        device="radius",
        serves=Serves.FULL,
        spec=Login(username="ana", access=Access.OPEN, download_kbit=512, upload_kbit=256),
        valid_until=None,
        rules=RULES,
    )


def test_a_subscription_without_components_wants_nothing() -> None:
    timeline = home()

    assert not carries(timeline)
    assert contributions(timeline, HOMES, noon(START)) == ()


def test_a_suspension_refuses_the_login_and_switches_everything_else_off() -> None:
    timeline = after(home(LOGIN, ONU, MAILBOX), Suspend)

    assert wants(timeline, noon(START)) == {
        "login": Login(username="ana", access=Access.REFUSED, download_kbit=512, upload_kbit=256),
        "onu": Onu(serial="ZTEG1", enabled=False, download_kbit=512, upload_kbit=256),
        "mailbox": Mailbox(address="ana@isp.test", enabled=False),
    }


def test_whoever_is_resumed_wants_what_they_wanted_before() -> None:
    timeline = home(LOGIN, ONU, MAILBOX)

    resumed = after(after(timeline, Suspend), Resume)

    assert wants(resumed, noon(START)) == wants(timeline, noon(START))


def test_a_device_is_named_by_the_access_point_first() -> None:
    catalogue = homes(access_points={"north": {"name": "Norte", "devices": {"login": "radius-2"}}})
    command = {"access_point": "north"}

    timeline = with_component_at(home(), catalogue, **command)

    assert only(timeline, noon(START), catalogue).device == "radius-2"
    assert only(timeline, noon(START)).device == "radius"


def with_component_at(timeline: Timeline, catalogue: Catalogue, **more: Any) -> Timeline:
    command = AddComponent(subscription=timeline.last.id, spec=LOGIN, on=START, **more)
    return do(timeline, command, START, catalogue=catalogue)


def test_without_a_binding_no_device_is_named() -> None:
    assert only(home(LOGIN), noon(START), homes(devices={"login": "radius"})).device == "radius"
    bare = evolve(HOMES, devices={})

    assert only(home(LOGIN), noon(START), bare).device is None


def test_wifi_needs_its_onu_and_a_mailbox_its_domain() -> None:
    timeline = home(ONU, Wifi(onu="ZTEG1"), DOMAIN, MAILBOX)

    needs = {one.component: one.needs for one in contributions(timeline, HOMES, noon(START))}

    assert needs == {"onu": (), "wifi": ("104:onu",), "domain": (), "mailbox": ("104:domain",)}


def test_a_mailbox_does_not_wait_for_a_domain_that_no_device_is_bound_for_unless_it_is_named() -> None:
    timeline = with_component(home(DOMAIN, MAILBOX), Mailbox(address="rui@isp.test"), needs=("domain",))

    found = contributions(timeline, homes(devices={"mailbox": "box"}), noon(START))

    needs = {str(one.component): one.needs for one in found}
    assert needs == {"domain": (), "mailbox": (), "mailbox-2": ("104:domain",)}


def test_what_a_component_names_and_what_it_is_on_is_needed_once() -> None:
    timeline = with_component(home(ONU, LOGIN), Wifi(onu="ZTEG1"), needs=("onu", "login"))

    needs = {str(one.component): one.needs for one in contributions(timeline, HOMES, noon(START))}

    assert needs["wifi"] == ("104:onu", "104:login")


def test_without_its_plan_in_the_catalogue_a_component_has_no_speed() -> None:
    bare = evolve(HOMES, plans={})

    assert speed(home(LOGIN), noon(START), bare) == (None, None)


def test_without_its_unit_in_the_catalogue_days_are_those_of_utc() -> None:
    bare = evolve(HOMES, units={})
    timeline = ordered_to_end(home(LOGIN), START + 5 * DAY)

    assert only(timeline, noon(START), bare).valid_until == datetime.combine(START + 6 * DAY, time(), UTC)


# --- the end


def test_after_the_end_the_login_is_removed_and_the_mailbox_kept_for_the_grace_time() -> None:
    timeline = after(home(LOGIN, ONU, MAILBOX), Cancel, reason="moved")

    (found,) = contributions(timeline, HOMES, noon(START))
    over = START + 30 * DAY

    assert found.serves is Serves.REMOVED
    assert found.spec == Mailbox(address="ana@isp.test", enabled=False)
    assert found.valid_until == midnight(over)
    assert contributions(timeline, HOMES, midnight(over)) == ()


def test_without_a_grace_time_nothing_is_kept() -> None:
    timeline = after(home(MAILBOX), Cancel, reason="moved")

    assert contributions(timeline, homes(network={"grace_days": 0}), noon(START)) == ()


def test_an_ordered_end_comes_when_its_day_is_over() -> None:
    last = START + 5 * DAY
    timeline = ordered_to_end(home(LOGIN), last)

    found = only(timeline, noon(START))

    assert found.serves is Serves.FULL
    assert found.valid_until == midnight(last + DAY)
    assert only(timeline, midnight(last + DAY) - timedelta(seconds=1)).serves is Serves.FULL
    assert contributions(timeline, HOMES, midnight(last + DAY)) == ()


def test_an_end_that_was_withdrawn_does_not_come() -> None:
    timeline = ordered_to_end(home(LOGIN), START + 5 * DAY)

    assert only(after(timeline, WithdrawCancellation), noon(START)).valid_until is None


def test_a_status_that_removes_begins_the_grace_time_and_an_end_does_not_begin_it_again() -> None:
    gone = {"description": "Retirado", "bucket": "inactive", "bills": False, "serves": "removed"}
    more = {"description": "Arquivado", "bucket": "inactive", "bills": False, "serves": "removed"}
    catalogue = homes(statuses={"gone": gone, "archived": more})
    timeline = home(MAILBOX)
    for status, on in (("gone", START), ("archived", START + 10 * DAY)):
        command = ChangeStatus(subscription=SUBSCRIPTION, status=status, on=on)
        timeline = do(timeline, command, on, catalogue=catalogue)
    ended = do(
        timeline,
        Cancel(subscription=SUBSCRIPTION, reason="moved", on=START + 40 * DAY),
        START + 40 * DAY,
        catalogue=catalogue,
    )

    for one in (timeline, ended):
        assert only(one, noon(START)).valid_until == midnight(START + 30 * DAY)
        assert contributions(one, catalogue, midnight(START + 30 * DAY)) == ()
        assert contributions(one, catalogue, midnight(START + 45 * DAY)) == ()


def test_what_ended_before_it_began_wants_nothing() -> None:
    timeline = after(home(LOGIN), Cancel, START, reason="moved")

    assert contributions(timeline, HOMES, noon(START)) == ()
    assert resources_of(timeline) == {"104:login"}


def test_what_is_removed_by_hand_is_gone_at_once() -> None:
    timeline = after(home(LOGIN, MAILBOX), RemoveComponent, component=ComponentId("mailbox"))

    assert wants(timeline, noon(START)).keys() == {"login"}


def test_after_a_change_of_plan_both_sides_speak_of_the_same_resource() -> None:
    command = ChangePlan(subscription=SUBSCRIPTION, plan="fast", on=START)

    before, successor = moved(home(LOGIN), command, START, catalogue=HOMES)

    assert contributions(before, HOMES, noon(START)) == ()
    found = only(successor, noon(START))
    assert (found.resource, found.spec) == (
        "104:login",
        Login(username="ana", download_kbit=1024, upload_kbit=512),
    )


# --- time


def test_a_subscription_that_begins_later_wants_nothing_yet() -> None:
    timeline = home(LOGIN)
    eve = noon(START - DAY)

    found = only(timeline, eve)

    assert (found.spec, found.serves, found.valid_until) == (None, Serves.OFF, midnight(START))


def test_a_timed_status_ends_at_midnight_of_the_units_zone() -> None:
    timeline = after(home(LOGIN), ChangeStatus, status="locked")
    enabled_on = START + 5 * DAY

    found = only(timeline, noon(START))

    assert found.serves is Serves.OFF
    assert found.valid_until == midnight(enabled_on)
    assert only(timeline, midnight(enabled_on)).serves is Serves.FULL


def test_a_hold_ends_by_itself() -> None:
    until = START + 3 * DAY
    timeline = after(home(LOGIN), Block, until=until)

    found = only(timeline, noon(START))

    assert isinstance(found.spec, Login)
    assert found.spec.access is Access.WALLED
    assert found.valid_until == midnight(until)


def test_a_move_that_changes_nothing_on_the_network_is_no_end_of_the_answer() -> None:
    trial = home(LOGIN, status="trial")

    assert only(trial, noon(START)).valid_until is None


def test_a_reduced_login_is_slow_and_what_has_no_speed_is_as_before() -> None:
    timeline = after(home(LOGIN, MAILBOX), Reduce)

    found = wants(timeline, noon(START))

    assert found == {
        "login": Login(username="ana", download_kbit=51, upload_kbit=25),
        "mailbox": Mailbox(address="ana@isp.test"),
    }


# --- speeds

EVENING = SpeedWindow(start=time(20), end=time(23), speed=Speed(2048, 1024))
NIGHT = SpeedWindow(start=time(22), end=time(6), speed=Speed(4096, 2048))


def with_windows(timeline: Timeline, *windows: SpeedWindow) -> Timeline:
    return after(timeline, SetSpeedWindows, component=LOGIN_ID, windows=windows)


def test_a_speed_of_its_own_takes_the_place_of_the_plans() -> None:
    timeline = after(home(LOGIN), SetSpeed, component=LOGIN_ID, speed=Speed(700, 700))

    assert speed(timeline, noon(START)) == (700, 700)


def test_a_provisional_speed_goes_before_all_others_and_ends_by_itself() -> None:
    until = START + 2 * DAY
    timeline = with_windows(home(LOGIN), EVENING)
    timeline = after(timeline, SetSpeed, component=LOGIN_ID, speed=Speed(9000, 9000), until=until)

    assert speed(timeline, noon(START, 21)) == (9000, 9000)
    assert only(timeline, noon(START, 21)).valid_until == midnight(until)
    assert speed(timeline, midnight(until)) == (512, 256)


def test_a_window_has_its_speed_from_its_first_instant_until_its_last() -> None:
    timeline = with_windows(home(LOGIN), EVENING)
    opens, closes = noon(START, 20), noon(START, 23)

    assert speed(timeline, opens - timedelta(seconds=1)) == (512, 256)
    assert speed(timeline, opens) == (2048, 1024)
    assert speed(timeline, closes - timedelta(seconds=1)) == (2048, 1024)
    assert speed(timeline, closes) == (512, 256)
    assert only(timeline, noon(START)).valid_until == opens
    assert only(timeline, opens).valid_until == closes


def test_a_window_over_midnight_closes_on_the_next_day() -> None:
    timeline = with_windows(home(LOGIN), NIGHT)

    assert speed(timeline, noon(START + DAY, 5)) == (4096, 2048)
    assert only(timeline, noon(START, 23)).valid_until == noon(START + DAY, 6)


def test_a_window_opens_on_its_days_only() -> None:
    sundays = evolve(EVENING, days=(7,))
    timeline = with_windows(home(LOGIN), sundays)
    friday, sunday = START, START + 2 * DAY

    assert speed(timeline, noon(friday, 21)) == (512, 256)
    assert only(timeline, noon(friday)).valid_until == noon(sunday, 20)


def test_a_window_moves_with_the_clocks() -> None:
    timeline = with_windows(home(LOGIN), EVENING)
    saturday, sunday = date(2012, 2, 25), date(2012, 2, 26)

    first, second = noon(saturday, 20), noon(sunday, 20)

    assert second - first == timedelta(hours=25)
    assert speed(timeline, first) == speed(timeline, second) == (2048, 1024)
    assert speed(timeline, second - timedelta(minutes=1)) == (512, 256)


def test_a_window_that_the_clocks_skip_does_not_open() -> None:
    # On 21 October 2012 the clocks of Londrina went from 00:00 to 01:00.
    skipped = SpeedWindow(start=time(0, 15), end=time(0, 45), speed=Speed(1, 1))
    timeline = with_windows(home(LOGIN), skipped)
    eve = noon(date(2012, 10, 20))

    edge = only(timeline, eve).valid_until

    assert edge is not None
    assert edge.astimezone(ZONE).date() == date(2012, 10, 21)


def test_windows_do_not_matter_where_they_change_nothing() -> None:
    same = evolve(EVENING, speed=Speed(512, 256))

    assert only(with_windows(home(LOGIN), same), noon(START)).valid_until is None


# --- ONUs

PPPOE = Onu(serial="ZTEG1", connection=ConnectionMethod.PPPOE)


def test_an_onu_that_signs_in_by_itself_does_so_with_the_login_of_its_subscription() -> None:
    login = Login(username="ana", password=SecretRef("one"))

    found = wants(home(login, PPPOE), noon(START))["onu"]

    assert found == evolve(
        PPPOE, username="ana", password=SecretRef("one"), download_kbit=512, upload_kbit=256
    )


def test_another_name_and_password_of_the_login_reach_its_onu() -> None:
    timeline = home(Login(username="ana", password=SecretRef("one")), PPPOE)
    other = Login(username="ana.b", password=SecretRef("two"))

    changed = after(timeline, ChangeComponent, component=LOGIN_ID, spec=other)

    found = wants(changed, noon(START))["onu"]
    assert isinstance(found, Onu)
    assert (found.username, found.password) == ("ana.b", SecretRef("two"))


def test_an_onu_that_does_not_sign_in_or_has_no_login_knows_none() -> None:
    login = Login(username="ana", password=SecretRef("one"))
    bridge = Onu(serial="ZTEG1", connection=ConnectionMethod.BRIDGE)

    gone = after(home(login, PPPOE), Retract, fact=2)

    for timeline in (home(login, bridge), home(login, ONU), gone):
        found = wants(timeline, noon(START))["onu"]
        assert isinstance(found, Onu)
        assert (found.username, found.password) == (None, None)


def test_an_onu_is_as_fast_as_the_login_behind_it_unless_it_has_a_speed_of_its_own() -> None:
    timeline = after(home(LOGIN, ONU), SetSpeed, component=LOGIN_ID, speed=Speed(700, 300))
    own = after(timeline, SetSpeed, component=ComponentId("onu"), speed=Speed(90, 80))

    assert wants(timeline, noon(START))["onu"] == evolve(ONU, download_kbit=700, upload_kbit=300)
    assert wants(own, noon(START))["onu"] == evolve(ONU, download_kbit=90, upload_kbit=80)


def test_an_onu_follows_the_hours_of_the_login_behind_it() -> None:
    timeline = with_windows(home(LOGIN, ONU), EVENING)

    _, onu = contributions(timeline, HOMES, noon(START))

    assert onu.valid_until == noon(START, 20)
    assert wants(timeline, noon(START, 21))["onu"] == evolve(ONU, download_kbit=2048, upload_kbit=1024)


# --- property: the answer holds until it says, and is another one then

_COMMANDS: Sequence[tuple[Any, dict[str, Any]]] = (
    (Suspend, {}),
    (Resume, {}),
    (Block, {}),
    (Reduce, {}),
    (SetSpeedWindows, {"component": LOGIN_ID, "windows": (EVENING,)}),
    (SetSpeedWindows, {"component": LOGIN_ID, "windows": (NIGHT, EVENING)}),
    (SetSpeed, {"component": LOGIN_ID, "speed": Speed(9, 9)}),
    (Cancel, {"reason": "moved"}),
    (ChangeStatus, {"status": "locked"}),
)


@st.composite
def lives(draw: st.DrawFn) -> Timeline:
    timeline = home(LOGIN, MAILBOX, PPPOE, status=draw(st.sampled_from(["enabled", "trial", "awaiting"])))
    day = START
    for _ in range(draw(st.integers(0, 4))):
        day += draw(st.integers(0, 4)) * DAY
        command, given = draw(st.sampled_from(_COMMANDS))
        more = dict(given)
        if command in (Block, Reduce) and draw(st.booleans()):
            more["until"] = day + draw(st.integers(1, 6)) * DAY
        if command is SetSpeed and draw(st.booleans()):
            more["until"] = day + draw(st.integers(1, 6)) * DAY
        try:
            if command is Cancel and draw(st.booleans()):
                timeline = ordered_to_end(timeline, day + draw(st.integers(1, 6)) * DAY, day)
            else:
                timeline = after(timeline, command, day, **more)
        except IspcoreError:
            continue
    return timeline


def said(found: Sequence[Contribution]) -> dict[str, Contribution]:
    return {one.component: evolve(one, valid_until=None) for one in found}


@given(lives(), st.integers(-36, 24 * 50), st.integers(0, 59), st.fractions(0, 1))
def test_an_answer_holds_until_it_says_and_is_another_one_then(
    timeline: Timeline, hour: int, minute: int, part: Any
) -> None:
    at = midnight(START) + timedelta(hours=hour, minutes=minute)

    found = contributions(timeline, HOMES, at)

    for one in found:
        horizon = one.valid_until or at + 40 * DAY
        left = (horizon - at) // timedelta(seconds=1)
        within = at + timedelta(seconds=min(int(left * part), left - 1))
        between = said(contributions(timeline, HOMES, within))
        assert between[one.component] == evolve(one, valid_until=None)
        if one.valid_until is not None:
            then = said(contributions(timeline, HOMES, one.valid_until))
            assert then.get(one.component) != evolve(one, valid_until=None)
