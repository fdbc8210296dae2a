"""Devices: what is refused, where their secrets are, and what people say about them."""

from datetime import timedelta
from pathlib import Path

import pytest

from ispcore.driver import AuthFailed, Discover, Login
from ispcore.effects import ActionState, DeviceDownError, StopReason
from ispcore.errors import DocumentError, NotFoundError, RefusedError
from ispcore.hooks.plugins import Plugins
from ispcore.storage.tables import secrets
from ispcore.testing import MockDevice, mock_plugin, provider_in_memory
from ispcore.values import SecretText
from tests.catalogues import START
from tests.network_stories.stage import Stage
from tests.providers import ANA


def test_a_driver_that_there_is_not_is_refused_with_those_that_there_are(stage: Stage) -> None:
    with pytest.raises(RefusedError, match="No plugin brings a driver 'cisco'") as refused:
        stage.network.devices.add("core", driver="cisco", config={}, actor=ANA)

    assert refused.value.rule == "unknown-driver"


def test_a_configuration_that_does_not_fit_is_refused_whole(stage: Stage) -> None:
    with pytest.raises(DocumentError) as refused:
        stage.network.devices.add("core", driver="mock", config={"divice": "core", "file": 7}, actor=ANA)

    assert [str(problem).partition(":")[0] for problem in refused.value.problems] == ["divice", "file"]
    with pytest.raises(NotFoundError):
        stage.network.devices.get("core", actor=ANA)


def test_a_name_is_given_once(stage: Stage) -> None:
    with pytest.raises(RefusedError, match="There is a device 'radius' already"):
        stage.network.devices.add("radius", driver="mock", config={}, actor=ANA)


def test_a_password_is_kept_locked_and_its_name_stored(stage: Stage) -> None:
    stage.devices["core"] = MockDevice("core", password="s3same")
    config = {"device": "core", "password": SecretText("s3same")}

    row = stage.network.devices.add("core", driver="mock", config=config, actor=ANA)

    assert list(row.config["password"]) == ["secret"]
    assert stage.network.devices.check("core", actor=ANA).health.identity == "mock:core"
    with stage.provider.network._reach.database.reading() as work:
        kept = work.connection.execute(secrets.select()).all()
    assert not any(b"s3same" in one.ciphertext for one in kept)


def test_a_password_may_lie_in_the_environment_or_in_a_file(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.devices["core"] = MockDevice("core", password="s3same")
    devices = stage.network.devices
    devices.add(
        "core", driver="mock", config={"device": "core", "password": {"env": "CORE_PASSWORD"}}, actor=ANA
    )
    with pytest.raises(DeviceDownError, match="no environment variable 'CORE_PASSWORD'"):
        stage.network.devices.check("core", actor=ANA)

    monkeypatch.setenv("CORE_PASSWORD", "s3same")
    assert stage.network.devices.check("core", actor=ANA).health.identity == "mock:core"

    devices.change("core", config={"password": {"file": str(tmp_path / "core")}}, actor=ANA)
    with pytest.raises(DeviceDownError, match="no file with a secret"):
        stage.network.devices.check("core", actor=ANA)
    (tmp_path / "core").write_text("s3same\n")
    assert stage.network.devices.check("core", actor=ANA).health.identity == "mock:core"


def test_a_change_keeps_what_it_does_not_name_and_none_takes_a_setting_away(stage: Stage) -> None:
    devices = stage.network.devices

    changed = devices.change("radius", config={"file": "x.device"}, lanes=3, actor=ANA)
    assert (changed.config["device"], changed.config["file"], changed.lanes) == ("radius", "x.device", 3)
    assert "file" not in devices.change("radius", config={"file": None}, actor=ANA).config


def test_how_a_device_is_watched_is_chosen_and_shown(stage: Stage) -> None:
    devices = stage.network.devices
    devices.change("radius", repairs=True, look_every_seconds=600, actor=ANA)

    watch = devices.get("radius", actor=ANA).watch
    assert (watch.repairs, watch.every_seconds, watch.looked_at) == (True, 600, None)

    stage.look()
    devices.change("radius", look_every_seconds=0, actor=ANA)
    watch = devices.get("radius", actor=ANA).watch
    assert (watch.every_seconds, watch.looked_at) == (None, stage.clock.now())
    with pytest.raises(RefusedError, match="every 60 seconds at most"):
        devices.change("radius", look_every_seconds=5, actor=ANA)


def test_a_wrong_password_stops_the_device_until_it_is_changed(stage: Stage) -> None:
    stage.subscribe(Login(username="ana"))
    stage.devices["radius"].change(password="another")

    stage.work()
    connections = stage.devices["radius"].wire.connections
    stage.pass_by(days=1)
    stage.work()

    stopped = stage.network.devices.get("radius", actor=ANA).row.stopped
    assert stopped is not None
    assert stopped.reason is StopReason.AUTH
    assert stage.devices["radius"].wire.connections == connections == 1
    stage.network.devices.change("radius", config={"password": "another"}, actor=ANA)
    stage.work()
    assert stage.lagging() == []


def test_a_password_that_was_refused_is_offered_by_nobody_until_the_device_is_released(stage: Stage) -> None:
    radius, devices = stage.devices["radius"], stage.network.devices
    radius.change(password="another")
    with pytest.raises(DeviceDownError):
        devices.check("radius", actor=ANA)

    acted = stage.network.act("radius", Discover(), actor=ANA).record
    report = stage.look("radius")
    with pytest.raises(DeviceDownError, match="Change its settings, or run 'ispcore device release radius'"):
        devices.check("radius", actor=ANA)

    assert radius.wire.connections == 1
    assert (acted.state, acted.error["code"] if acted.error else None) == (ActionState.FAILED, "Stopped")
    assert str(report.failure).startswith("radius is stopped: ")
    radius.change(password="mock")
    devices.release("radius", actor=ANA)
    assert devices.check("radius", actor=ANA).row.stopped is None


def test_what_an_action_was_refused_with_is_no_password_of_the_device(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise AuthFailed("The server has another secret for this client.")

    monkeypatch.setattr("ispcore.testing.mock_driver.MockSession.act", refused)

    acted = stage.network.act("radius", Discover(), actor=ANA)

    assert acted.record.state is ActionState.FAILED
    assert stage.network.devices.get("radius", actor=ANA).row.stopped is None


def test_a_stop_that_comes_after_a_person_has_released_the_device_is_too_late(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    devices = stage.network.devices

    def released_meanwhile(*_: object) -> None:
        devices.release("radius", actor=ANA)
        raise AuthFailed("The password is wrong.")

    monkeypatch.setattr("ispcore.testing.mock_driver.MockSession.check", released_meanwhile)

    with pytest.raises(DeviceDownError):
        devices.check("radius", actor=ANA)
    report = stage.look("radius")

    assert (devices.get("radius", actor=ANA).row.stopped, report.stopped) == (None, None)


def test_a_device_that_waits_for_a_person_goes_on_waiting_for_the_first_reason(stage: Stage) -> None:
    radius, devices = stage.devices["radius"], stage.network.devices
    for group in ("home", "shop"):
        stage.subscribe(*[Login(username=f"{group}-{number}") for number in range(3)])
    stage.work()
    for key in radius.standing():
        radius.remove(key)
    stage.look(repairs=True)
    radius.change(password="another")

    with pytest.raises(DeviceDownError, match="does not accept the password"):
        devices.check("radius", actor=ANA)

    stopped = devices.get("radius", actor=ANA).row.stopped
    assert stopped is not None
    assert stopped.reason is StopReason.EMPTIED


def test_a_password_that_another_box_refuses_is_offered_to_it_once(stage: Stage) -> None:
    radius, devices = stage.devices["radius"], stage.network.devices
    devices.check("radius", actor=ANA)
    radius.change(identity="spare")
    with pytest.raises(DeviceDownError, match="answers in its place"):
        devices.check("radius", actor=ANA)
    radius.change(password="another")

    for _ in range(3):
        with pytest.raises(DeviceDownError):
            devices.check("radius", actor=ANA)

    assert radius.wire.connections == 3


def test_a_technician_at_work_stops_nothing_and_a_box_that_is_back_needs_nobody(stage: Stage) -> None:
    radius, devices = stage.devices["radius"], stage.network.devices
    stage.subscribe(Login(username="ana"))
    stage.work()
    devices.hold("radius", stage.clock.now() + timedelta(hours=1), actor=ANA)
    radius.change(identity="spare")
    with pytest.raises(DeviceDownError, match="answers in its place"):
        devices.check("radius", actor=ANA)
    assert stage.look("radius").stopped is None
    assert devices.get("radius", actor=ANA).row.stopped is None

    stage.pass_by(hours=1)
    with pytest.raises(DeviceDownError):
        devices.check("radius", actor=ANA)
    waits = devices.get("radius", actor=ANA).row.stopped
    radius.change(identity="mock:radius")
    devices.check("radius", actor=ANA)

    assert waits is not None
    assert waits.reason is StopReason.IDENTITY
    assert devices.get("radius", actor=ANA).row.stopped is None


def test_another_box_must_be_accepted_and_cannot_be_released(stage: Stage) -> None:
    stage.subscribe(Login(username="ana"))
    stage.work()
    stage.devices["radius"].replace("another")
    stage.look()

    with pytest.raises(RefusedError, match="Look, then accept radius"):
        stage.network.devices.release("radius", actor=ANA)


def test_a_hold_ends_when_it_is_released(stage: Stage) -> None:
    stage.subscribe(Login(username="ana"))
    stage.network.devices.hold("radius", stage.clock.now() + timedelta(days=1), actor=ANA)
    stage.work()
    assert stage.lagging() == ["1:login@radius"]

    stage.network.devices.release("radius", actor=ANA)
    stage.work()

    assert stage.lagging() == []


def test_drivers_of_plugins_are_used_where_a_program_has_none_of_its_own(tmp_path: Path) -> None:
    provider, _ = provider_in_memory(START, plugins=Plugins.of(mock_plugin))
    with provider:
        config = {"device": "core", "file": str(tmp_path / "core.device"), "password": "mock"}
        provider.network.devices.add("core", driver="mock", config=config, actor=ANA)

        assert provider.network.devices.check("core", actor=ANA).health.identity == "mock:core"
        assert provider.network.worker(actor=ANA).run().done == 0


def test_the_queue_is_for_servers_only() -> None:
    provider, _ = provider_in_memory(START)
    with provider:
        for act in (provider.network.queue, provider.network.install_queue):
            with pytest.raises(RefusedError, match="Only PostgreSQL has a queue of jobs"):
                act(actor=ANA)
