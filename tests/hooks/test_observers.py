"""Observers are told after the commit, at least once, each for itself; what they raise undoes nothing."""

import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import attrs
import pytest

from ispcore.app import Provider
from ispcore.customers import AllowPromotions
from ispcore.effects import Delivered, FactRecorded
from ispcore.errors import IspcoreError
from ispcore.hooks import Plugins, hookimpl
from ispcore.plans import ChangePlan, Resume, Retract, Suspend
from ispcore.timeline import Cause, Origin
from ispcore.values import ATTEMPTS, TAKEN_FOR, pause_after
from tests.hooks.distributions import HEAD, Environment
from tests.providers import ANA, Office

LEAP_DAY = date(2012, 2, 29)


class Observer:
    """Keeps what it was told, and may raise at it."""

    def __init__(self, name: str = "crm", fail: Callable[[FactRecorded], object] = lambda _: None) -> None:
        self.__name__ = name
        self.fail = fail
        self.told: list[FactRecorded] = []

    @hookimpl
    def ispcore_fact_recorded(self, event: FactRecorded) -> None:
        self.told.append(event)
        self.fail(event)


def observed(office: Office, *observers: object) -> Office:
    office.provider = Provider(office.database, clock=office.clock, plugins=Plugins.of(*observers))
    return office


def leave_one_fact(office: Office, *observers: object) -> None:
    """Give a command that leaves one fact, which these observers are to be told of."""
    customer = office.register()
    observed(office, *observers).provider.do(AllowPromotions(customer=customer, allowed=False), actor=ANA)


def raising(error: BaseException) -> Callable[[FactRecorded], object]:
    def fail(_: FactRecorded) -> None:
        raise error

    return fail


def deliver(office: Office, **more: Any) -> Delivered:
    return office.provider.deliver(actor=ANA, **more)


def later(office: Office, by: timedelta) -> None:
    office.clock.instant += by


# --- what is told


def test_an_event_tells_who_when_why_and_what_changed(office: Office) -> None:
    crm = Observer()
    subscription = observed(office, crm).subscribe(office.register())
    recorded = office.do(Suspend(subscription=subscription), today=LEAP_DAY)

    deliver(office)

    event = crm.told[-1]
    (fact,) = recorded.facts
    assert (event.id, event.type, event.version) == (f"subscription:{subscription}#2", "Suspended", 1)
    assert (event.time, event.on) == (office.clock.now(), LEAP_DAY)
    assert (event.actor, event.cause, event.origin) == ("ana", Cause.MANUAL, Origin())
    assert (event.subject, event.payload) == (fact.subject, fact.payload)
    assert [state.status.code for state in (event.before, event.after)] == ["enabled", "suspended"]
    assert event.correlation == fact.recorded.command_id


def test_events_of_one_command_have_their_correlation_in_common(office: Office) -> None:
    crm = Observer()
    subscription = observed(office, crm).subscribe(office.register())
    deliver(office)
    crm.told.clear()

    office.do(ChangePlan(subscription=subscription, plan="fibre"), today=LEAP_DAY)
    deliver(office)

    assert sorted(event.type for event in crm.told) == ["PlanChanged", "Subscribed"]
    assert len({event.correlation for event in crm.told}) == 1


def test_an_event_is_frozen_and_has_no_personal_values(office: Office) -> None:
    crm = Observer()
    observed(office, crm).register("Ana Souza")
    deliver(office)
    event = crm.told[0]

    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        event.type = "Other"  # type: ignore[misc]
    assert "Souza" not in repr(event)
    assert (event.before, event.after.code) == (None, event.subject.id)


def test_the_catalogue_is_observed_too(office: Office) -> None:
    crm = Observer()
    observed(office, crm).load(accounts={"3.1.09": {"name": "Outros"}})

    deliver(office)

    event = next(event for event in crm.told if event.subject.id == "accounts/3.1.09")
    assert (event.type, event.before, event.after) == ("EntrySaved", None, {"name": "Outros"})


def test_what_was_retracted_whole_has_no_state_after(office: Office) -> None:
    crm = Observer()
    subscription = observed(office, crm).subscribe(office.register())
    office.do(Suspend(subscription=subscription), today=LEAP_DAY)
    office.do(Retract(subscription=subscription, fact=2))

    deliver(office)

    event = crm.told[-1]
    assert event.type == "Retracted"
    assert [state.status.code for state in (event.before, event.after)] == ["suspended", "enabled"]


def test_events_of_a_subject_come_in_their_order(office: Office) -> None:
    crm = Observer()
    subscription = observed(office, crm).subscribe(office.register())
    for number in range(3):
        office.do(Suspend(subscription=subscription), today=LEAP_DAY + timedelta(days=number))
        office.do(Resume(subscription=subscription))

    deliver(office)

    mine = [event.id for event in crm.told if event.subject.kind.value == "subscription"]
    assert mine == [f"subscription:{subscription}#{number}" for number in range(1, 8)]


def test_a_bulk_run_is_observed_like_single_commands(office: Office) -> None:
    crm = Observer()
    one, other = office.subscribe(office.register("A")), office.subscribe(office.register("B"))
    observed(office, crm)

    items = [Suspend(subscription=one), Suspend(subscription=other)]
    assert all(outcome.recorded for outcome in office.provider.do_many(items, actor=ANA))
    deliver(office)

    assert [event.type for event in crm.told] == ["Suspended", "Suspended"]


# --- when nothing is told


def test_without_observers_nothing_is_written_for_them(office: Office) -> None:
    office.subscribe(office.register())

    assert office.sql("select count(*) from deliveries") == [(0,)]


def test_a_command_that_fails_and_a_rehearsal_leave_nothing_to_tell(office: Office) -> None:
    crm = Observer()
    subscription = observed(office, crm).subscribe(office.register())
    deliver(office)
    crm.told.clear()

    office.provider.try_out(Suspend(subscription=subscription), actor=ANA, closing_on=LEAP_DAY)
    with suppress(IspcoreError):
        office.do(Resume(subscription=subscription))

    assert deliver(office) == Delivered()
    assert crm.told == []


def test_what_was_told_is_not_told_again(office: Office) -> None:
    crm = Observer()
    leave_one_fact(office, crm)

    first, second = deliver(office), deliver(office)

    assert (first, second) == (Delivered(told=1), Delivered())


def test_the_backlog_of_one_observer_does_not_keep_others_waiting(office: Office) -> None:
    first, second = Observer("first"), Observer("second")
    observed(office, first, second).load(accounts={"3.1.09": {"name": "Outros"}})
    office.subscribe(office.register())

    deliver(office, most=4)

    assert (len(first.told), len(second.told)) == (2, 2)


def test_a_round_can_be_limited(office: Office) -> None:
    crm = Observer()
    observed(office, crm).subscribe(office.register())
    waiting = office.sql("select count(*) from deliveries")[0][0]

    found = deliver(office, most=1)

    assert (found, len(crm.told), waiting > 1) == (Delivered(told=1), 1, True)


# --- observers that fail


@pytest.mark.parametrize("error", [RuntimeError("no line"), SystemExit(3)])
def test_an_exception_in_an_observer_undoes_no_change_and_stops_no_other_observer(
    office: Office, error: BaseException
) -> None:
    broken, crm = Observer("broken", raising(error)), Observer("crm")
    subscription = observed(office, broken, crm).subscribe(office.register())
    deliver(office)

    office.do(Suspend(subscription=subscription))
    deliver(office)

    state = office.provider.subscription(subscription, actor=ANA).timeline.last
    assert state.status.code == "suspended"
    assert [event.type for event in crm.told][-1] == "Suspended"
    assert office.findings() == []


def test_a_failed_delivery_is_tried_again_after_a_pause(office: Office) -> None:
    crm = Observer(fail=raising(RuntimeError("no line")))
    leave_one_fact(office, crm)

    first = deliver(office)
    at_once = deliver(office)
    later(office, pause_after(1))
    crm.fail = lambda _: None
    again = deliver(office)

    assert (first, at_once, again) == (Delivered(failed=1), Delivered(), Delivered(told=1))
    assert len({event.id for event in crm.told}) == 1


def test_what_an_observer_raised_is_kept_in_short(office: Office) -> None:
    crm = Observer(fail=raising(RuntimeError("no line " * 200)))
    leave_one_fact(office, crm)

    deliver(office)

    ((error,),) = office.sql("select error from deliveries")
    assert '"type": "RuntimeError"' in error
    assert len(error) < 600


def test_pauses_grow_to_six_hours() -> None:
    pauses = [pause_after(attempt).total_seconds() for attempt in range(1, ATTEMPTS)]

    assert pauses == [10, 30, 90, 270, 810, 2430, 7290, 21600, 21600]


def test_after_ten_failures_it_is_a_dead_letter_and_the_next_event_is_told(office: Office) -> None:
    def fail(event: FactRecorded) -> None:
        if event.type == "Suspended":
            raise RuntimeError

    crm = Observer(fail=fail)
    subscription = observed(office, crm).subscribe(office.register())
    office.do(Suspend(subscription=subscription), today=LEAP_DAY)
    office.do(Resume(subscription=subscription))

    rounds = []
    for _ in range(ATTEMPTS):
        rounds.append(deliver(office))
        later(office, timedelta(hours=6))

    assert rounds[-1].dead == 1
    assert crm.told[-1].type == "Resumed"
    assert [event.type for event in crm.told].count("Suspended") == ATTEMPTS
    (lag,) = office.provider.plugin_desk.waiting(actor=ANA)
    assert (lag.observer, lag.waiting, lag.dead) == ("crm", 0, 1)


def test_a_later_event_of_the_same_subject_waits_for_one_that_failed(office: Office) -> None:
    crm = Observer(fail=raising(RuntimeError()))
    subscription = observed(office, crm).subscribe(office.register())
    office.do(Suspend(subscription=subscription), today=LEAP_DAY)

    deliver(office)

    assert "Suspended" not in [event.type for event in crm.told]


def test_what_waits_behind_a_failed_event_is_put_off_with_it(office: Office) -> None:
    crm = Observer(fail=raising(RuntimeError()))
    subscription = observed(office, crm).subscribe(office.register())
    office.do(Suspend(subscription=subscription))

    deliver(office)

    waiting = office.sql("select distinct try_at from deliveries where subject_kind = 'subscription'")
    assert len(waiting) == 1
    later(office, pause_after(1))
    crm.fail = lambda _: None
    assert deliver(office).failed == 0
    assert [event.type for event in crm.told][-2:] == ["Subscribed", "Suspended"]


def test_a_provider_without_plugins_takes_no_observers_away(office: Office) -> None:
    crm = Observer()
    customer = office.register()
    observed(office, crm)
    Provider(office.database, clock=office.clock)

    office.provider.do(AllowPromotions(customer=customer, allowed=False), actor=ANA)

    assert deliver(office) == Delivered(told=1)


def test_a_dead_letter_gets_another_chance_by_hand(office: Office) -> None:
    crm = Observer(fail=raising(RuntimeError()))
    leave_one_fact(office, crm)
    for _ in range(ATTEMPTS):
        deliver(office)
        later(office, timedelta(hours=6))
    crm.fail = lambda _: None

    before = deliver(office)
    revived = office.provider.plugin_desk.retry("crm", actor=ANA)
    after = deliver(office)

    assert (before, revived, after) == (Delivered(), 1, Delivered(told=1))


def test_what_waits_for_an_observer_that_is_gone_can_be_dropped(office: Office) -> None:
    leave_one_fact(office, Observer())
    gone = Provider(office.database, clock=office.clock)

    (finding,) = gone.plugin_desk.diagnose(actor=ANA)
    dropped = gone.plugin_desk.drop("crm", actor=ANA)

    assert str(finding).startswith("observer crm: It is not loaded, and events wait for it: 1.")
    assert dropped == 1
    assert list(gone.plugin_desk.diagnose(actor=ANA)) == []


def test_a_doctor_finds_dead_letters_and_what_waits_for_long(office: Office) -> None:
    crm = Observer(fail=raising(RuntimeError()))
    observed(office, crm).register("A")
    for _ in range(ATTEMPTS):
        deliver(office)
        later(office, timedelta(hours=6))
    office.register("B")
    later(office, timedelta(minutes=16))

    found = [finding.rule for finding in office.provider.plugin_desk.diagnose(actor=ANA)]

    assert found == ["dead-letter", "lag"]


def test_an_observer_may_give_commands_itself(office: Office) -> None:
    """A hook within a hook: what its command records is told in the same round, and in order."""

    def resume(event: FactRecorded) -> None:
        if event.type == "Suspended":
            office.do(Resume(subscription=event.after.id))

    crm = Observer(fail=resume)
    subscription = observed(office, crm).subscribe(office.register())
    office.do(Suspend(subscription=subscription), today=LEAP_DAY)

    deliver(office)

    assert [event.type for event in crm.told][-2:] == ["Suspended", "Resumed"]


# --- processes that are killed

_WORKER = """
import sys
from ispcore.app import Provider
from ispcore.customers import AllowPromotions
from ispcore.hooks import Plugins
from ispcore.timeline import Actor

sys.path.insert(0, sys.argv[2])
with Provider.connect(sys.argv[1], plugins=Plugins.installed(only=["crm"])) as provider:
    provider.deliver(actor=Actor("worker", {"*"}))
"""


def wait_for(path: Path) -> None:
    for _ in range(1_000):
        if path.exists():
            return
        time.sleep(0.02)
    pytest.fail(f"{path.name} never came")


def test_an_observer_that_hangs_is_killed_with_its_process_and_told_again(
    office: Office, environment: Environment, tmp_path: Path
) -> None:
    sign = tmp_path / "hangs"
    environment.install(
        "crm",
        HEAD
        + "import pathlib, time\n"
        + "@hookimpl\ndef ispcore_fact_recorded(event):\n"
        + f"    pathlib.Path({str(sign)!r}).touch()\n    time.sleep(600)\n",
    )
    crm = Observer()
    leave_one_fact(office, crm)
    office.clock.instant = _now()  # a process of its own has the computer's clock

    worker = subprocess.Popen([sys.executable, "-c", _WORKER, office.url, str(environment.folder)])
    wait_for(sign)
    while_it_hangs = deliver(office)
    worker.kill()
    worker.wait()
    right_after = deliver(office)
    later(office, TAKEN_FOR + timedelta(minutes=1))
    in_the_end = deliver(office)

    assert (while_it_hangs, right_after, in_the_end) == (Delivered(), Delivered(), Delivered(told=1))
    assert [event.type for event in crm.told] == ["PromotionsSet"]


def _now() -> Any:
    from ispcore.desks import SystemClock

    return SystemClock().now()


# --- on each engine


def test_deliveries_are_kept_taken_and_settled_alike_on_each_engine(each_engine: str) -> None:
    office = Office(Path("known"), each_engine)
    office.load()
    broken, crm = Observer("broken", raising(RuntimeError())), Observer("crm")
    observed(office, broken, crm).subscribe(office.register())

    found = deliver(office)
    lags = {lag.observer: (lag.waiting, lag.dead) for lag in office.provider.plugin_desk.waiting(actor=ANA)}

    office.provider.close_database()

    assert (found.told, found.failed) == (len(crm.told), len(broken.told))
    assert list(lags) == ["broken"]
    assert lags["broken"] == (len(crm.told), 0)


def test_two_who_deliver_at_the_same_time_tell_each_event_once_and_in_order(each_engine: str) -> None:
    office = Office(Path("known"), each_engine)
    office.load()
    crm = Observer(fail=lambda _: time.sleep(0.002))
    subscriptions = [office.subscribe(office.register(name)) for name in "ABC"]
    observed(office, crm)
    for subscription in subscriptions:
        for _ in range(3):
            office.do(Suspend(subscription=subscription))
            office.do(Resume(subscription=subscription))

    with ThreadPoolExecutor(2) as pool:
        rounds = list(pool.map(lambda _: deliver(office), range(2)))
    office.provider.close_database()

    told = [event.id for event in crm.told]
    assert (sum(one.told for one in rounds), len(told), len(set(told))) == (18, 18, 18)
    for subscription in subscriptions:
        mine = [name for name in told if name.startswith(f"subscription:{subscription}#")]
        assert mine == sorted(mine)
