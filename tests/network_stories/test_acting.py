"""Actions: kept before the device hears of them, ended once, and never repeated blindly."""

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

import pytest
from attrs import evolve, frozen

from ispcore.driver import (
    Action,
    Disconnect,
    Discover,
    Discovered,
    Done,
    OpenSession,
    Optical,
    Reboot,
    Resource,
    Result,
    Sessions,
    Unsupported,
    revealed,
)
from ispcore.effects import ActionState, Settings
from ispcore.errors import InvalidValueError, NotFoundError, RefusedError
from ispcore.testing import MOCK_SPEC, MockDriver, WireFault
from ispcore.testing.mock_driver import MockSession
from ispcore.values import SecretText
from tests.homes import LOGIN, ONU
from tests.network_stories.stage import Stage
from tests.providers import ANA

ANAS = "1:login@radius"
WAITING = Discovered(kind="onu", identity="ZTEG9", place="0/1/7")


@pytest.fixture
def served(stage: Stage) -> Stage:
    """A stage where Ana is connected."""
    stage.subscribe(LOGIN, ONU)
    stage.work()
    stage.devices["radius"].online = [OpenSession(id="s1", username="ana")]
    return stage


def test_what_waits_is_listed(served: Stage) -> None:
    served.devices["olt"].unknown = [WAITING]

    assert served.network.discover("olt", actor=ANA) == (WAITING,)


def test_an_action_on_a_placement_is_done_and_kept_with_who_did_it(served: Stage) -> None:
    acted = served.network.act(ANAS, Disconnect(), actor=ANA)

    assert acted.values == (Done(),)
    assert served.devices["radius"].online == []
    (kept,) = served.network.actions(device="radius", actor=ANA)
    assert (kept.word, kept.targets, kept.state, kept.actor) == (
        "disconnect",
        (ANAS,),
        ActionState.DONE,
        "ana",
    )
    assert kept.results == ({"target": ANAS, "value": {"note": ""}},)


def test_an_action_on_a_device_answers_for_all(served: Stage) -> None:
    acted = served.network.act("radius", Sessions(), actor=ANA)

    assert [one.username for one in acted.values] == ["ana"]
    assert acted.record.results[0]["value"]["id"] == "s1"


def test_a_device_that_does_not_answer_is_an_outcome_too(served: Stage) -> None:
    served.devices["radius"].change(reachable=False)

    record = served.network.act(ANAS, Disconnect(), actor=ANA).record

    assert (record.state, record.error["text"]) == (ActionState.FAILED, "radius does not answer.")  # type: ignore[index] # failed
    with pytest.raises(RefusedError, match="radius could not be asked: radius does not answer"):
        served.network.discover("radius", actor=ANA)


def test_what_an_action_was_given_is_kept_and_given_again(served: Stage) -> None:
    device = served.devices["radius"]
    device.online[:] = [OpenSession(id="s1", username="ana", access_point="bras-1")]
    device.wire.play(WireFault.CUT_BEFORE, at=3)
    emptying = served.network.action("radius", "disconnect", given={"access_point": "bras-1"}, actor=ANA)

    unknown = served.network.act("radius", emptying, actor=ANA).record

    assert (unknown.state, unknown.arguments) == (ActionState.UNKNOWN, {"access_point": "bras-1"})
    again = served.network.repeat(unknown.id, actor=ANA)
    assert again.values == (Done(note="ana"),)
    assert device.online == []


def test_an_action_takes_nothing_that_it_does_not_know(served: Stage) -> None:
    with pytest.raises(InvalidValueError, match=r"disconnect takes no 'point'. It takes: access_point"):
        served.network.action("radius", "disconnect", given={"point": "bras-1"}, actor=ANA)
    with pytest.raises(InvalidValueError, match=r"sessions takes no 'point'. It takes: nothing"):
        served.network.action("radius", "sessions", given={"point": "bras-1"}, actor=ANA)


def test_an_action_without_an_answer_is_unknown_and_is_repeated_if_that_does_no_harm(served: Stage) -> None:
    served.devices["radius"].wire.play(WireFault.CUT_AFTER, at=2)

    unknown = served.network.act(ANAS, Disconnect(), actor=ANA).record
    assert unknown.state is ActionState.UNKNOWN

    again = served.network.repeat(unknown.id, actor=ANA).record
    assert (again.id, again.state) == (unknown.id, ActionState.DONE)
    with pytest.raises(RefusedError, match="is done"):
        served.network.repeat(unknown.id, actor=ANA)


def test_what_is_not_to_be_done_twice_is_not_repeated_unless_a_person_says_so(served: Stage) -> None:
    served.devices["olt"].wire.play(WireFault.CUT_AFTER, at=2)
    unknown = served.network.act("1:onu@olt", Reboot(), actor=ANA).record
    assert unknown.state is ActionState.UNKNOWN

    with pytest.raises(RefusedError, match="is not to be done twice"):
        served.network.repeat(unknown.id, actor=ANA)
    with pytest.raises(RefusedError, match="Nobody knows yet whether the last reboot on olt happened"):
        served.network.act("1:onu@olt", Reboot(), actor=ANA)

    served.pass_by(minutes=1)
    assert served.network.act("1:onu@olt", Reboot(), again=True, actor=ANA).record.state is ActionState.DONE
    served.pass_by(minutes=1)
    assert served.network.act("1:onu@olt", Reboot(), actor=ANA).record.state is ActionState.DONE


def test_an_action_whose_process_was_killed_is_unknown_once_its_time_is_over(
    served: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: Any) -> Iterator[Result[object]]:
        raise KeyboardInterrupt

    monkeypatch.setattr(MockSession, "act", killed)
    with pytest.raises(KeyboardInterrupt):
        served.network.act(ANAS, Disconnect(), actor=ANA)

    (begun,) = served.network.actions(actor=ANA)
    assert begun.state is ActionState.BEGUN
    served.pass_by(minutes=5)
    (lost,) = served.network.actions(actor=ANA)
    assert lost.state is ActionState.UNKNOWN


def test_a_long_action_lasts_as_long_as_answers_come_and_they_are_kept_on_the_way(
    served: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten answers take 15 s each, and a call to a device may take 40."""
    passed, kept = [0.0], []

    def slowly(*_: Any) -> Iterator[Result[object]]:
        for number in range(10):
            passed[0] += 15
            served.pass_by(seconds=15)
            (begun,) = served.network.actions(actor=ANA)
            kept.append((begun.state, len(begun.results)))
            yield Result(None, Done(note=f"session {number} was closed"))

    monkeypatch.setattr(MockSession, "act", slowly)
    settings = Settings(chance=lambda: 0.0, monotonic=lambda: passed[0])
    driver = MockDriver(*served.devices.values())
    network = served.provider.network.using({"mock": (MOCK_SPEC, driver)}, settings)

    acted = network.act("radius", Disconnect(access_point="10.0.0.1"), actor=ANA)

    assert acted.record.state is ActionState.DONE
    assert len(acted.values) == 10
    assert {state for state, _ in kept} == {ActionState.BEGUN}
    assert [many for _, many in kept] == [0, 0, 2, 2, 4, 4, 6, 6, 8, 8]


def test_an_answer_of_another_type_is_a_fault_of_the_plugin_which_is_named(
    served: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def odd(*_: Any) -> Iterator[Result[object]]:
        yield Result(None, "done")

    monkeypatch.setattr(MockSession, "act", odd)

    record = served.network.act(ANAS, Disconnect(), actor=ANA).record

    assert record.state is ActionState.UNKNOWN
    assert record.error is not None
    assert record.error["text"].startswith("A fault of the driver 'mock'")
    assert record.error["text"].endswith("act: disconnect answers with Done, and str came.")


def test_what_every_target_refuses_has_failed(served: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(
        _: MockSession, __: Action[Any], on: Sequence[Resource], ___: object
    ) -> Iterator[Result[object]]:
        yield Result(on[0].id, Unsupported("This ONU tells no light."))

    monkeypatch.setattr(MockSession, "act", refused)

    acted = served.network.act("1:onu@olt", Optical(), actor=ANA)

    assert (acted.record.state, acted.values) == (ActionState.FAILED, ())
    assert acted.record.results == ({"target": "1:onu@olt", "error": "This ONU tells no light."},)


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (Unsupported("I know no mock."), {"error": "I know no ********."}),
        (Done(note="Signed in with mock."), {"value": {"note": "Signed in with ********."}}),
    ],
)
def test_no_secret_is_kept_that_a_device_tells_in_an_answer_or_a_refusal(
    served: Stage, monkeypatch: pytest.MonkeyPatch, value: object, kept: dict[str, object]
) -> None:
    def told(*_: Any) -> Iterator[Result[object]]:
        yield Result(None, value)

    monkeypatch.setattr(MockSession, "act", told)

    served.network.act("radius", Disconnect(), actor=ANA)

    (record,) = served.network.actions(device="radius", actor=ANA)
    assert record.results == ({"target": None, **kept},)


@frozen(kw_only=True)
class Sing(Action[Done]):
    """Nothing that a device knows."""

    word: ClassVar[str] = "sing"
    result: ClassVar[type] = Done


def test_what_a_device_does_not_know_fails_and_tells_what_it_knows(served: Stage) -> None:
    record = served.network.act("olt", Sing(), actor=ANA).record

    assert record.state is ActionState.FAILED
    assert record.error is not None
    assert (
        "olt knows no action 'sing'. There is: accounting, adjust, disconnect, discover"
        in record.error["text"]
    )
    with pytest.raises(NotFoundError, match="olt knows: accounting, adjust, disconnect, discover"):
        served.network.action("olt", "sing", actor=ANA)


def test_there_is_no_action_on_what_there_is_not(served: Stage) -> None:
    for target in ("nowhere", "9:login@radius"):
        with pytest.raises(NotFoundError):
            served.network.act(target, Disconnect(), actor=ANA)


def test_a_discovery_finds_nothing_where_nothing_waits(served: Stage) -> None:
    assert served.network.act("olt", Discover(), actor=ANA).record.state is ActionState.DONE


@frozen(kw_only=True)
class Whisper(Action[Done]):
    word: ClassVar[str] = "whisper"
    result: ClassVar[type] = Done
    with_secrets: ClassVar[bool] = True
    aside: SecretText | None = None


def test_a_device_is_given_passwords_only_for_an_action_that_needs_them_and_none_is_kept(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def aloud(_: MockSession, action: Action[Any], on: Sequence[Resource], __: Any) -> Iterator[Any]:
        aside = action.aside.reveal() if isinstance(action, Whisper) and action.aside else ""
        yield Result(on[0].id, Done(note=f"{revealed(on[0].spec.password)} {aside}"))  # type: ignore[attr-defined]

    monkeypatch.setattr(MockSession, "act", aloud)
    monkeypatch.setattr("ispcore.effects.acting.check_support", lambda *_: None)
    stage.subscribe(evolve(LOGIN, password=SecretText("segredo")))
    stage.work()

    told = stage.network.act(ANAS, Whisper(aside=SecretText("psst-psst")), actor=ANA)
    failed = stage.network.act(ANAS, Disconnect(), actor=ANA)

    assert told.values == (Done(note="segredo psst-psst"),)
    (kept,) = stage.network.actions(word="whisper", actor=ANA)
    assert kept.results == ({"target": ANAS, "value": {"note": "******** ********"}},)
    assert "psst" not in repr(kept.arguments)
    assert "was not resolved" in (failed.record.error or {})["text"]
