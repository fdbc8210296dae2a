"""What follows from what goes wrong: who pays with an attempt, who waits, what a person must look at."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from ispcore.driver import (
    Busy,
    Cancelled,
    CapacityExhausted,
    Conflict,
    DriverError,
    Health,
    Invalid,
    OutcomeUnknown,
    Result,
    Retry,
    Scope,
    SecretRef,
    Seen,
    Unreachable,
    Unrecognised,
)
from ispcore.effects import Fault, Pace, Stop, StopReason
from ispcore.effects.protocol import LOST_ALWAYS
from ispcore.errors import RefusedError
from ispcore.storage.network_tables import devices, placements
from ispcore.values import SecretText
from tests.effects.box import BoxSession
from tests.effects.network import NOON, Network, login, placement, resolve


class NotNowError(DriverError):
    """Refuses one thing for a while."""

    retry = Retry.LATER
    wrote = False


def refuse(network: Network, name: str, error: DriverError) -> None:
    network.driver.refusals[placement(name)] = error


# --- one placement


def test_what_is_refused_for_ever_is_dead_at_once_and_the_others_go_on(network: Network) -> None:
    network.want(login("ana"), login("bob"))
    refuse(network, "ana", CapacityExhausted("The box is full."))

    done = network.run()

    assert (done.done, done.left) == (1, 1)
    row = network.row("ana")
    assert (row.trouble, row.attempts, row.error["text"]) == ("dead", 1, "The box is full.")
    assert network.row("bob").applied_generation == 1


def test_what_a_person_must_look_at_keeps_what_the_device_said(network: Network) -> None:
    network.want(login("ana"))
    refuse(network, "ana", Unrecognised("It said something odd.", raw="% eh?"))

    network.run()

    row = network.row("ana")
    assert (row.trouble, row.error["raw"]) == ("dead", "% eh?")


def test_a_dead_placement_is_tried_again_when_a_person_says_so(network: Network) -> None:
    network.want(login("ana"))
    refuse(network, "ana", Invalid("Not that."))
    network.run()
    network.driver.refusals.clear()
    assert network.run().done == 0

    with network.database.writing() as work:
        assert work.outbox.retry(placement=placement("ana")) == 1
    network.run()

    assert network.lagging == []


def test_what_fails_for_a_while_is_tried_later_and_later_and_then_dead(network: Network) -> None:
    network.want(login("ana"))
    refuse(network, "ana", NotNowError("Not now."))
    waits = []

    while network.row("ana").trouble is None:
        network.run()
        until = network.row("ana").try_at
        if until is not None:
            waits.append((until - network.now).total_seconds())
            network.now = until

    assert waits == [10, 20, 40]
    assert (network.row("ana").trouble, network.row("ana").attempts) == ("dead", 4)


def test_the_device_may_ask_for_a_longer_wait(network: Network) -> None:
    network.want(login("ana"))
    refuse(network, "ana", NotNowError("Not now.", after_seconds=500))

    network.run()

    assert network.row("ana").try_at == NOON + timedelta(seconds=500)


def test_chance_shortens_a_wait_by_up_to_a_half(network: Network) -> None:
    network.want(login("ana"))
    refuse(network, "ana", NotNowError("Not now."))

    network.run(chance=lambda: 1.0)

    assert network.row("ana").try_at == NOON + timedelta(seconds=5)


def test_a_secret_that_is_lost_waits_for_a_person(network: Network) -> None:
    network.want(login("ana", "lost"))

    network.run()

    assert network.row("ana").trouble == "dead"
    assert "lost" in network.row("ana").error["text"]


def test_a_secret_that_cannot_be_opened_is_tried_later_and_stops_nobody_else(network: Network) -> None:
    network.want(login("ana", "damaged"), login("bob"))

    network.run()

    assert network.box.logins == {"bob": ("text of one", 100)}
    row = network.row("ana")
    assert (row.attempts, row.trouble, row.error["code"]) == (1, None, "StorageError")


def test_the_secrets_of_a_batch_are_looked_up_at_once(network: Network) -> None:
    asked: list[set[str]] = []

    def look_up(refs: Collection[SecretRef]) -> Mapping[SecretRef, SecretText]:
        asked.append({ref.name for ref in refs})
        return resolve(refs)

    network.resolve = look_up
    network.want(login("ana", "one"), login("bob", "two"), login("eva", "two"), login("zoe", None))

    network.run()

    assert asked == [{"one", "two"}]
    assert network.box.logins["eva"] == ("text of two", 100)


def test_secrets_are_looked_up_one_by_one_where_one_of_them_cannot_be_had(network: Network) -> None:
    network.want(login("ana", "damaged"), login("bob", "one"), login("eva", "lost"))

    network.run()

    assert network.box.logins == {"bob": ("text of one", 100)}
    assert [network.row(name).trouble for name in ("ana", "bob", "eva")] == [None, None, "dead"]


# --- what is not ours


def test_a_foreign_object_is_left_alone_and_named_until_it_is_adopted(network: Network) -> None:
    network.box.put("ana", "theirs", 5)
    network.want(login("ana"))

    network.run()

    assert network.box.logins == {"ana": ("theirs", 5)}
    row = network.row("ana")
    assert row.trouble == "conflict"
    assert "login/ana stands on box and is not ours" in row.error["text"]

    with network.database.writing() as work:
        work.outbox.adopt(placement("ana"))
    network.run()

    assert network.box.logins == {"ana": ("text of one", 100)}


def test_a_driver_may_find_the_conflict_itself(network: Network) -> None:
    network.want(login("ana"))
    refuse(network, "ana", Conflict("Taken.", owner="another"))

    network.run()

    row = network.row("ana")
    assert (row.trouble, row.error["owner"], row.attempts) == ("conflict", "another", 0)


def test_a_rename_onto_something_foreign_leaves_both(network: Network) -> None:
    network.want(login("ana"))
    network.run()
    network.box.put("bob", "theirs", 5)
    network.want_at(placement("ana"), login("bob"))

    network.run()

    assert network.box.logins == {"ana": ("text of one", 100), "bob": ("theirs", 5)}
    assert network.row("ana").trouble == "conflict"


def test_taking_away_never_touches_what_is_foreign(network: Network) -> None:
    network.box.put("ana", "theirs", 5)
    network.want(login("ana"))
    network.run()
    network.want_at(placement("ana"), None)

    network.run()

    assert network.box.logins == {"ana": ("theirs", 5)}
    assert network.lagging == []
    assert network.claims == {}


def test_what_was_refused_before_anything_was_written_makes_nothing_ours(network: Network) -> None:
    network.want(login("ana"))
    refuse(network, "ana", CapacityExhausted("The box is full."))
    network.run()
    network.box.put("ana", "theirs", 5)
    network.driver.refusals.clear()
    with network.database.writing() as work:
        work.outbox.retry()

    network.run()

    assert network.box.logins == {"ana": ("theirs", 5)}
    assert network.row("ana").trouble == "conflict"


def test_what_was_too_late_to_be_written_makes_nothing_ours(network: Network) -> None:
    network.want(login("ana"))
    now = [0.0]

    def stall() -> None:
        if "apply" in network.driver.calls:
            now[0] += 1_000

    network.driver.moment = stall
    network.run(monotonic=lambda: now[0])
    network.box.put("ana", "theirs", 5)
    network.driver.moment = lambda: None
    network.pass_by(60)

    network.run()

    assert network.box.logins == {"ana": ("theirs", 5)}
    assert network.row("ana").trouble == "conflict"


# --- the device


def test_a_device_that_is_down_costs_no_attempt_and_is_caught_up_without_a_hand(network: Network) -> None:
    network.want(login("ana"))
    network.box.set(down=True)
    waits = []

    for _ in range(6):
        network.run()
        assert network.row("ana").attempts == 0
        waits.append((network.device.paused_until - network.now).total_seconds())
        network.now = network.device.paused_until
    network.box.set(down=False)
    network.pass_by(24 * 3600)
    network.run()

    assert waits == [10, 20, 40, 80, 100, 100]
    assert network.lagging == []
    assert (network.device.failures, network.device.paused_until) == (0, None)


def test_a_device_that_rests_is_left_alone(network: Network) -> None:
    network.want(login("ana"))
    network.box.set(down=True)
    network.run()
    network.box.set(down=False)

    assert network.run().lanes == 0


def test_one_worker_tries_a_device_again_while_the_others_wait(network: Network) -> None:
    network.add_box("wide", lanes=2)
    network.want(login("ana"), device="wide")
    network.boxes["wide"].set(down=True)
    network.run()
    network.pass_by(10)

    first = network.store.claim("first", Pace())
    second = network.store.claim("second", Pace())

    assert first is not None
    assert second is None


def test_a_wrong_password_stops_the_device_until_a_person_changes_it(network: Network) -> None:
    network.want(login("ana"))
    network.box.set(password="other")

    network.run()
    network.pass_by(24 * 3600)

    assert network.run().lanes == 0
    assert network.device.stopped["reason"] == "auth"
    assert network.driver.calls == ["open"]

    config = {"file": str(network.box.path), "password": {"env": "other"}}
    with network.database.writing() as work:
        work.devices.change("box", config=config)
    network.run()
    assert network.lagging == []


def test_what_failed_with_the_old_configuration_says_nothing_of_the_new_one(network: Network) -> None:
    network.want(login("ana"))
    held = network.store.claim("slow", Pace())
    assert held is not None
    with network.database.writing() as work:
        work.devices.change("box", config=dict(held.device.config))

    network.store.stop(held, Stop(StopReason.AUTH, "The box does not take the password."))
    network.store.pause(held, 60, Fault(code="Unreachable", text="It does not answer."))
    network.store.found_well(held, Health("the old box"))

    row = network.device
    assert (row.stopped, row.failures, row.paused_until, row.identity) == (None, 0, None, None)


def test_a_line_that_breaks_before_the_write_leaves_no_doubt(network: Network) -> None:
    network.want(login("ana"))
    refuse(network, "ana", Unreachable("Broken."))

    network.run()

    assert network.intents == []
    assert network.claims == {"login/ana": False}
    assert network.row("ana").attempts == 0
    assert network.device.failures == 1


def test_an_unknown_outcome_leaves_a_doubt_that_lasts_until_its_deadline(network: Network) -> None:
    network.want(login("ana"))
    network.run()
    network.want(login("ana", "two"))
    refuse(network, "ana", OutcomeUnknown("No answer."))
    network.run()
    network.driver.refusals.clear()
    assert [row.writing for row in network.intents] == [True]

    network.pass_by(49)
    assert network.run().done == 0
    network.pass_by(2)
    network.want(login("ana", "one"))
    network.box.put("ana", "text of two", 100)
    network.run()

    assert network.box.logins == {"ana": ("text of one", 100)}


def test_a_line_that_breaks_after_every_write_loses_no_worker_and_costs_no_attempt(network: Network) -> None:
    network.want(login("ana"), login("bob"))

    def break_off(_: str) -> None:
        raise OutcomeUnknown("The line broke.")

    network.driver.before_write = break_off
    for _ in range(LOST_ALWAYS + 4):
        network.run()
        network.pass_by(200)
    network.driver.before_write = lambda _: None

    network.run()

    assert network.lagging == []
    assert [network.row(name).attempts for name in ("ana", "bob")] == [0, 0]


def test_another_box_in_its_place_stops_until_it_is_accepted_and_is_then_written_anew(
    network: Network,
) -> None:
    network.want(login("ana"), login("bob", "two"))
    network.run()
    network.box.remove("ana", "bob")
    network.box.set(identity="box-2")
    network.want(login("ana", speed=7))

    network.run()

    assert network.box.logins == {}
    assert network.device.stopped["reason"] == "identity"
    with network.database.writing() as work:
        with pytest.raises(RefusedError, match="accept"):
            work.devices.release("box")
        assert work.devices.accept("box") == 2
    network.run()
    assert network.box.logins == {"ana": ("text of one", 7), "bob": ("text of two", 100)}
    assert network.device.identity == "box-2"


def test_an_emptied_box_stops_though_only_one_thing_was_to_be_written(network: Network) -> None:
    names = [f"home-{number}" for number in range(30)]
    network.want(*map(login, names))
    network.run()
    network.box.remove(*names)
    network.want(login("home-3", speed=7))

    network.run()

    assert network.box.logins == {}
    assert network.device.stopped["reason"] == "emptied"
    assert "30 of 30" in network.device.stopped["text"]
    with network.database.writing() as work:
        work.devices.accept("box")
    network.run()
    assert len(network.box.logins) == 30


def test_one_of_three_that_is_gone_is_simply_made_again(network: Network) -> None:
    network.want(login("ana"), login("bob"), login("cid"))
    network.run()
    network.box.remove("ana")
    network.want(login("ana", speed=7))

    network.run()

    assert network.box.logins["ana"] == ("text of one", 7)


def test_what_went_wrong_on_the_box_before_keeps_nothing_from_the_one_that_is_accepted(
    network: Network,
) -> None:
    refuse(network, "ana", Invalid("No such profile."))
    network.box.put("bob", "theirs", 5)
    network.want(login("ana"), login("bob"))
    network.run()
    gone = placement("cid")
    network.want(login("cid"))
    network.run()
    network.want_at(gone, None)
    refuse(network, "cid", Invalid("It cannot be deleted."))
    network.run()
    before = [network.row(name).trouble for name in ("ana", "bob", "cid")]

    network.driver.refusals.clear()
    network.box.remove("ana", "bob", "cid")
    with network.database.writing() as work:
        work.devices.accept("box")
    after = [network.row(name) for name in ("ana", "bob", "cid")]
    network.run()

    assert before == ["dead", "conflict", "dead"]
    assert [(row.trouble, row.error, row.attempts) for row in after] == [(None, None, 0)] * 3
    assert network.lagging == []
    assert network.box.logins == {"ana": ("text of one", 100), "bob": ("text of one", 100)}


def test_an_accepted_box_takes_the_lane_from_whoever_works_there(network: Network) -> None:
    network.want(login("ana"))

    def accept(_: str) -> None:
        with network.database.writing() as work:
            work.devices.accept("box")
        network.driver.before_write = lambda _: None

    network.driver.before_write = accept
    network.run()
    assert network.lagging == [placement("ana")]

    network.pass_by(60)
    network.run()
    assert network.lagging == []


# --- the driver


def test_a_box_that_was_accepted_is_not_stopped_again_by_whoever_looked_before(network: Network) -> None:
    network.want(login("ana"))
    held = network.store.claim("slow", Pace())
    assert held is not None
    with network.database.writing() as work:
        work.devices.accept("box")

    network.store.stop(held, Stop(StopReason.IDENTITY, "Another box answers."))

    assert network.device.stopped is None


def test_a_driver_that_crashes_at_one_placement_is_named_and_the_others_go_on(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    network.want(login("ana"), login("bob"), login("cid"))
    network.driver.before_write = crash_at("bob")

    network.run()

    assert network.lagging == [placement("bob")]
    row = network.row("bob")
    assert "the driver 'box'" in row.error["text"]
    assert "ZeroDivisionError" in row.error["text"]
    assert row.attempts == 1
    assert [one.writing for one in network.intents] == [True]


def crash_at(name: str) -> Any:
    def crash(one: str) -> None:
        if one == placement(name):
            raise ZeroDivisionError("of text of one")

    return crash


def test_no_secret_is_told_when_a_driver_crashes_with_one(
    network: Network, caplog: pytest.LogCaptureFixture
) -> None:
    network.want(login("ana"))
    network.driver.before_write = crash_at("ana")

    network.run()

    assert "********" in network.row("ana").error["text"]
    assert "text of one" not in str(network.row("ana")) + caplog.text


def test_the_password_of_the_device_is_not_told_either(
    network: Network, caplog: pytest.LogCaptureFixture
) -> None:
    network.want(login("ana"), login("bob"))

    def break_off(_: str) -> None:
        raise Unreachable("The line to box:secret-of-box broke.", wrote=False)

    with network.database.writing() as work:
        config = {**work.devices.get("box").config, "password": {"env": "secret-of-box"}}
        work.devices.change("box", config=config)
    network.box.set(password="secret-of-box")
    network.driver.before_write = break_off

    network.run()

    assert network.device.error["text"] == "The line to box:******** broke."
    assert "secret-of-box broke" not in caplog.text


def test_a_driver_that_ends_without_a_result_is_not_believed(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    network.want(login("ana"), login("bob"))
    monkeypatch.setattr(BoxSession, "apply", lambda *_: iter(()))

    network.run()

    for name in ("ana", "bob"):
        assert "without a result" in network.row(name).error["text"]
        assert network.row(name).attempts == 1


def test_a_driver_that_says_it_wrote_what_still_differs_is_found_out(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    network.want(login("ana"))
    monkeypatch.setattr(BoxSession, "_write", lambda *_: None)

    network.run()

    assert "it does not stand" in network.row("ana").error["text"]


def test_a_driver_that_reads_back_what_does_not_count_has_not_done_it(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    network.want(login("ana"))
    monkeypatch.setattr("tests.effects.box.Seen", partial(Seen, unsettled="a session is open"))
    network.run()

    assert "it does not count yet: a session is open" in network.row("ana").error["text"]
    assert network.lagging == [placement("ana")]


def test_an_answer_for_something_that_was_not_asked_about_is_a_fault_of_the_driver(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    network.want(login("ana"))
    monkeypatch.setattr(BoxSession, "apply", lambda *_: iter([Result(None, None)]))

    network.run()

    assert "was not asked about" in network.row("ana").error["text"]


def test_an_error_that_belongs_to_one_of_many_is_found_by_taking_them_alone(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    network.want(login("ana"), login("bob"), login("cid"))

    def refuse_one(one: str) -> None:
        if one == placement("bob"):
            raise Invalid("Not that.")

    network.driver.before_write = refuse_one
    network.run()

    assert network.row("bob").trouble == "dead"
    assert network.lagging == [placement("bob")]


def test_a_driver_that_is_not_there_pauses_its_devices_and_says_so(network: Network) -> None:
    config = {"file": "nowhere"}
    with network.database.writing() as work:
        work.devices.add("alien", driver="unknown", config=config)
    network.want(login("ana"), device="alien")

    network.run()

    told = next(row for row in network.rows(devices) if row.name == "alien")
    assert told.failures == 1
    assert "unknown" in told.error["text"]


def test_a_busy_device_pauses_with_what_it_asks_for(network: Network) -> None:
    network.want(login("ana"))
    refuse(network, "ana", Busy("Later, please.", after_seconds=77))

    network.run()

    assert (network.device.paused_until - NOON).total_seconds() == 77
    assert Busy.scope is Scope.DEVICE


def test_a_driver_that_cancels_without_a_cause_pauses_its_device(network: Network) -> None:
    network.want(login("ana"))
    refuse(network, "ana", Cancelled("I do not feel like it."))

    network.run()

    assert network.device.failures == 1


def test_what_takes_too_long_is_done_in_smaller_parts(network: Network) -> None:
    network.want(*(login(f"home-{number}") for number in range(8)))
    clock = [0.0]

    def slow(_: str) -> None:
        clock[0] += 15

    network.driver.before_write = slow
    network.run(monotonic=lambda: clock[0], hold_seconds=10_000)

    assert network.lagging == []
    assert {row.attempts for row in network.rows(placements)} == {0}


def test_one_thing_that_always_takes_too_long_is_tried_later(network: Network) -> None:
    network.want(login("ana"))
    clock = [0.0]

    def endless() -> None:
        clock[0] += 50

    network.driver.moment = endless
    network.run(monotonic=lambda: clock[0])

    assert network.row("ana").attempts == 1
    assert "longer than it may" in network.row("ana").error["text"]
