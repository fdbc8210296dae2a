"""Drift: found with what was and what should be, mended by the ordinary worker, and fought over never."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from attrs import evolve

from ispcore.driver import AuthFailed, Login, Mailbox, Onu, PlacementId
from ispcore.errors import NotFoundError, RefusedError
from ispcore.network import Drift, DriftKind
from ispcore.plans import AddComponent, Cancel, ChangePlan
from ispcore.testing import WireFault
from ispcore.values import ComponentId
from tests import engines
from tests.network_stories.stage import Stage
from tests.providers import ANA

ANAS = PlacementId("1:login@radius")


@pytest.mark.covers("S0-101")
def test_who_pays_for_1024_and_browses_at_512_is_found_with_both_speeds_and_mended(stage: Stage) -> None:
    subscription = stage.subscribe(Login(username="ana"))
    stage.work()
    stage.do(ChangePlan(subscription=subscription, plan="fast"))
    stage.work()
    assert stage.login().download_kbit == 1024
    stage.devices["radius"].tamper("login/ana", download_kbit=512, upload_kbit=256)

    report = stage.look()

    (drift,) = report.drifts
    assert (drift.kind, drift.claim, drift.placement) == (DriftKind.DIFFERS, "login/ana", ANAS)
    assert list(drift.values()) == [("download_kbit", 512, 1024), ("upload_kbit", 256, 512)]
    assert stage.lagging() == []

    assert stage.look(repairs=True).mended.repaired == (ANAS,)
    stage.work()

    assert stage.login().download_kbit == 1024
    assert stage.look().is_clean


def test_what_is_still_to_be_done_is_no_drift(stage: Stage) -> None:
    subscription = stage.subscribe(Login(username="ana"))
    stage.work()
    stage.do(ChangePlan(subscription=subscription, plan="fast"))

    report = stage.look(repairs=True)

    assert (report.is_clean, report.expected, report.busy, report.seen) == (True, 0, 1, 1)


def test_what_stands_as_it_should_and_does_not_count_is_found_and_written_again(stage: Stage) -> None:
    stage.subscribe(Login(username="ana"))
    stage.work()
    stage.devices["radius"].unsettle("login/ana", "a session is open with the former speed")

    report = stage.look(repairs=True)
    (drift,) = report.drifts
    stage.work()

    assert list(drift.values()) == [("unsettled", "a session is open with the former speed", None)]
    assert stage.look().is_clean


def test_what_is_gone_is_made_again(stage: Stage) -> None:
    stage.subscribe(Login(username="ana"))
    stage.work()
    stage.devices["radius"].remove("login/ana")

    report = stage.look(repairs=True)
    stage.work()

    assert report.counts == {DriftKind.MISSING: 1}
    assert stage.login().download_kbit == 512


def test_a_secret_may_have_been_changed_with_the_rest_and_is_written_again(stage: Stage) -> None:
    from ispcore.values import SecretText

    stage.subscribe(Login(username="ana", password=SecretText("right")))
    stage.work()
    radius = stage.devices["radius"]
    radius.put(evolve(stage.login(), password=SecretText("wrong"), download_kbit=1))

    stage.look(repairs=True)
    stage.work()

    assert radius.secret("login/ana") == "right"


def test_what_is_foreign_is_told_and_never_touched(stage: Stage) -> None:
    stage.subscribe(Login(username="ana"))
    stage.work()
    stage.devices["radius"].put(Login(username="carlos", download_kbit=9))

    report = stage.look(repairs=True)
    stage.work()

    (drift,) = report.drifts
    assert (drift.kind, drift.claim, drift.placement) == (DriftKind.FOREIGN, "login/carlos", None)
    assert report.mended.repaired == ()
    assert stage.login("carlos").download_kbit == 9
    assert [one.claim for one in stage.network.foreign("radius", actor=ANA)] == ["login/carlos"]


def test_what_came_back_with_a_restored_backup_is_ours_by_its_mark_and_taken_away(stage: Stage) -> None:
    subscription = stage.subscribe(Login(username="ana"))
    stage.work()
    kept = stage.login()
    stage.do(Cancel(subscription=subscription, reason="moved"))
    stage.work()
    assert stage.devices["radius"].spec("login/ana") is None
    stage.devices["radius"].put(kept, mark=(ANAS, 1))

    report = stage.look(repairs=True)
    stage.work()

    assert report.counts == {DriftKind.LEFT_OVER: 1}
    assert stage.devices["radius"].spec("login/ana") is None
    assert stage.look().is_clean


def test_the_same_thing_at_two_places_is_told_and_left_to_a_person(stage: Stage) -> None:
    stage.subscribe(Onu(serial="ZTEG1", port="0/1/4"))
    stage.work()
    stage.devices["olt"].put(Onu(serial="ZTEG1", port="0/1/5"))

    report = stage.look("olt", repairs=True)

    (drift,) = report.drifts
    assert (drift.kind, drift.key, drift.can_be_repaired) == (
        DriftKind.LEFT_OVER,
        "onu/ZTEG1@0/1/5",
        False,
    )
    assert report.mended.repaired == ()


def test_what_is_wanted_on_a_device_that_there_is_not_is_unbound(stage: Stage) -> None:
    stage.subscribe(Login(username="ana"))
    with stage.network._reach.database.writing() as work:
        from ispcore.storage.network_tables import placements

        work.connection.execute(placements.update().values(device="gone"))

    reports = stage.network.drift(actor=ANA)

    (unbound,) = [one for one in reports if one.device == "gone"]
    assert unbound.counts == {DriftKind.UNBOUND: 1}


# --- who mends, and how often


def test_a_device_is_mended_by_itself_only_if_that_was_chosen_for_it(stage: Stage) -> None:
    stage.subscribe(Login(username="ana"))
    stage.work()
    stage.devices["radius"].tamper("login/ana", download_kbit=1)
    assert stage.look().mended.repaired == ()

    stage.network.devices.change("radius", repairs=True, actor=ANA)

    assert stage.look().mended.repaired == (ANAS,)


def test_who_changes_it_back_again_and_again_is_fought_three_times_a_day_then_told(stage: Stage) -> None:
    stage.subscribe(Login(username="ana"))
    stage.work()

    def changed_back() -> tuple[int, int]:
        stage.devices["radius"].tamper("login/ana", download_kbit=1)
        mended = stage.look(repairs=True).mended
        stage.work()
        return len(mended.repaired), len(mended.contested)

    assert [changed_back() for _ in range(4)] == [(1, 0), (1, 0), (1, 0), (0, 1)]
    assert stage.login().download_kbit == 1
    (waits,) = stage.network.outbox.lagging(actor=ANA)
    assert waits.trouble == "contested"
    assert "Find out who, then retry it." in stage.network.outbox.explain(ANAS, actor=ANA)[-1]

    stage.network.outbox.retry(placement=ANAS, actor=ANA)
    stage.work()

    assert stage.login().download_kbit == 512
    stage.pass_by(days=1)
    assert changed_back() == (1, 0)


def test_what_a_technician_holds_is_told_and_mended_when_the_hold_is_over(stage: Stage) -> None:
    stage.subscribe(Login(username="ana"))
    stage.work()
    stage.devices["radius"].tamper("login/ana", download_kbit=1)
    stage.network.outbox.hold(ANAS, stage.clock.now() + timedelta(hours=1), actor=ANA)

    report = stage.look(repairs=True)

    assert (report.drifts[0].is_held, report.mended.repaired) == (True, ())
    stage.pass_by(hours=1)
    assert stage.look(repairs=True).mended.repaired == (ANAS,)


def test_a_held_device_is_looked_at_and_not_written(stage: Stage) -> None:
    stage.subscribe(Login(username="ana"))
    stage.work()
    stage.devices["radius"].tamper("login/ana", download_kbit=1)
    stage.network.devices.hold("radius", stage.clock.now() + timedelta(hours=1), actor=ANA)

    stage.look(repairs=True)
    stage.work()

    assert stage.login().download_kbit == 1
    stage.pass_by(hours=1)
    stage.work()
    assert stage.login().download_kbit == 512


def test_where_much_is_gone_at_once_nothing_is_mended_and_the_device_stops(stage: Stage) -> None:
    stage.subscribe(*[Login(username=f"home-{number}") for number in range(3)])
    stage.subscribe(*[Login(username=f"shop-{number}") for number in range(3)])
    stage.work()
    for key in stage.devices["radius"].standing():
        stage.devices["radius"].remove(key)

    report = stage.look(repairs=True)

    assert report.stopped == "6 of 6 things that we had written are gone from radius."
    assert (report.mended.repaired, stage.lagging()) == ((), [])
    assert stage.network.devices.accept("radius", actor=ANA) == 6
    stage.work()
    assert stage.look().is_clean


def test_a_device_that_is_accepted_during_a_look_is_not_stopped_by_it(stage: Stage) -> None:
    for group in ("home", "shop"):
        stage.subscribe(*[Login(username=f"{group}-{number}") for number in range(3)])
    stage.work()
    radius, devices = stage.devices["radius"], stage.network.devices
    for key in radius.standing():
        radius.remove(key)
    seen: list[Drift] = []

    def accept_at_the_first(drift: Drift) -> None:
        if not seen:
            devices.accept("radius", actor=ANA)
        seen.append(drift)

    report = stage.look(repairs=True, watch=accept_at_the_first)

    assert (len(seen), report.stopped) == (6, None)
    assert devices.get("radius", actor=ANA).row.stopped is None
    stage.work()
    assert stage.look().is_clean


def test_a_password_that_is_changed_during_a_look_with_the_old_one_is_tried(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        config = {"device": "radius", "password": "mock"}
        stage.network.devices.change("radius", config=config, actor=ANA)
        raise AuthFailed("Wrong password.")

    monkeypatch.setattr("ispcore.testing.mock_driver.MockSession.check", refused)

    report = stage.look()

    assert (report.failure, report.stopped) == ("Wrong password.", None)
    assert stage.network.devices.get("radius", actor=ANA).row.stopped is None


def test_what_is_mended_is_locked_in_the_order_of_commands_whatever_the_servers_is(stage: Stage) -> None:
    subscription = stage.subscribe(Login(username="ana"))
    second = AddComponent(
        subscription=subscription, spec=Login(username="zoe"), component=ComponentId("login2")
    )
    stage.do(second)
    stage.work()
    if engines.on_postgresql():
        with stage.network._reach.database.writing() as work:
            icu = 'ALTER TABLE placements ALTER COLUMN id TYPE varchar(125) COLLATE "en-x-icu"'
            work.connection.execute(sa.text(icu))
    for name in ("ana", "zoe"):
        stage.devices["radius"].tamper(f"login/{name}", download_kbit=1)

    mended = stage.look(repairs=True).mended

    assert mended.repaired == ("1:login2@radius", "1:login@radius")


def test_another_box_is_not_compared_at_all(stage: Stage) -> None:
    stage.subscribe(Login(username="ana"))
    stage.work()
    stage.devices["radius"].replace("another")

    report = stage.look(repairs=True)

    assert "another" in (report.failure or "")
    assert report.stopped is not None
    assert stage.network.devices.get("radius", actor=ANA).row.stopped is not None


def test_a_look_that_is_cut_says_nothing_and_leaves_the_last_one(stage: Stage) -> None:
    stage.subscribe(Login(username="ana"))
    stage.work()
    stage.devices["radius"].put(Login(username="carlos"))
    stage.look()
    stage.devices["radius"].wire.play(WireFault.CUT_BEFORE, at=3)

    report = stage.look(repairs=True)

    assert report.failure is not None
    assert (report.counts, report.drifts) == ({}, ())
    assert [one.claim for one in stage.network.foreign("radius", actor=ANA)] == ["login/carlos"]


def test_a_driver_that_fails_as_it_reads_is_named_and_no_secret_is_told(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ValueError("cannot sign in with mock")

    monkeypatch.setattr("ispcore.testing.mock_driver.MockSession.observe", broken)

    report = stage.look()

    assert report.failure is not None
    assert report.failure.startswith("the driver 'mock'")
    assert report.failure.endswith("failed, which is a fault of it: ValueError: cannot sign in with ********")


def test_what_is_foreign_may_be_called_anything(stage: Stage) -> None:
    names = ("x" * 300, "nul\x00", "half \ud800", "y" * 300)
    for name in names:
        stage.devices["radius"].put(Login(username=name))

    assert stage.look().counts == {DriftKind.FOREIGN: len(names)}


def test_a_doctor_tells_what_drifted_and_was_not_mended(stage: Stage) -> None:
    stage.subscribe(Login(username="ana"))
    stage.work()
    stage.devices["radius"].tamper("login/ana", download_kbit=1)

    stage.look()
    found = [str(one) for one in stage.provider.plugin_desk.diagnose(actor=ANA) if one.rule == "drift"]
    stage.look(repairs=True)

    told = "device radius: Drifted at the last look: 1. See 'ispcore drift --device radius'. [drift]"
    assert found == [told]
    assert not [one for one in stage.provider.plugin_desk.diagnose(actor=ANA) if one.rule == "drift"]


# --- by itself


def test_devices_are_looked_at_when_their_time_has_come(stage: Stage) -> None:
    looker = stage.network.looker(actor=ANA)
    assert looker.look_when_due() == 0

    stage.network.devices.change("radius", look_every_seconds=3_600, actor=ANA)

    assert [looker.look_when_due(), looker.look_when_due()] == [1, 0]
    assert looker.look_when_due(600) == 2
    stage.pass_by(seconds=600)
    assert looker.look_when_due(600) == 2
    stage.pass_by(seconds=3_000)
    assert looker.look_when_due() == 1


# --- adopting


def test_what_stands_in_the_way_is_adopted_and_made_as_it_is_wanted(stage: Stage) -> None:
    stage.devices["radius"].put(Login(username="ana", download_kbit=9))
    stage.subscribe(Login(username="ana"))
    stage.work()
    assert stage.network.outbox.get(ANAS, actor=ANA).trouble == "conflict"
    stage.look()
    assert [one.claim for one in stage.network.foreign("radius", actor=ANA)] == ["login/ana"]

    assert stage.network.adopt("radius", "login/ana", actor=ANA) == ANAS
    stage.work()

    assert stage.login().download_kbit == 512
    assert stage.lagging() == []


def test_a_device_that_was_there_before_is_taken_over_whole(stage: Stage) -> None:
    radius = stage.devices["radius"]
    for name in ("ana", "bia", "carlos"):
        radius.put(Login(username=name, download_kbit=512, upload_kbit=256))
    radius.put(Mailbox(address="ana@isp.test"))
    stage.subscribe(Login(username="ana"))
    stage.work()
    stage.subscribe(Login(username="bia"))

    adopted = stage.network.adopt_all("radius", actor=ANA)
    stage.work()

    assert adopted == 2
    assert stage.lagging() == []
    assert stage.network.adopt_all("radius", actor=ANA) == 0
    assert [drift.claim for drift in stage.look().drifts] == ["login/carlos", "mailbox/ana@isp.test"]
    with pytest.raises(NotFoundError):
        stage.network.adopt_all("nowhere", actor=ANA)


def test_what_nothing_wants_cannot_be_adopted(stage: Stage) -> None:
    subscription = stage.subscribe()
    stage.devices["radius"].put(Login(username="carlos"))

    with pytest.raises(RefusedError, match="Nothing wants 'login/carlos' on radius"):
        stage.network.adopt("radius", "login/carlos", actor=ANA)

    stage.do(AddComponent(subscription=subscription, spec=Login(username="carlos")))
    stage.network.adopt("radius", "login/carlos", actor=ANA)
    stage.work()
    assert stage.login("carlos").download_kbit == 512


def test_a_look_sees_everything_and_a_report_holds_the_first(stage: Stage) -> None:
    for number in range(5):
        stage.devices["box"].put(Mailbox(address=f"m{number}@isp.test"))
    seen: list[str] = []

    report = stage.look("box", most=2, watch=lambda drift: seen.append(drift.claim))

    assert len(report.drifts) == 2
    assert report.counts == {DriftKind.FOREIGN: 5}
    assert len(seen) == 5
