"""Connections that devices count: asked for in pages, taken, and gone on with after whatever happened."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from attrs import evolve

from ispcore.desks import ConnectionDesk
from ispcore.driver import Accounting, AccountingRecord, AuthFailed, Result, Support, Unsupported
from ispcore.network import Connection, Octets
from ispcore.testing import MOCK_SPEC, MockDriver, WireFault
from ispcore.testing.mock_driver import MockSession
from ispcore.usecases import Collected
from ispcore.values import Period, SubscriptionId
from tests.catalogues import april, march
from tests.homes import LOGIN
from tests.network.connections import at, counted
from tests.network_stories.stage import Stage
from tests.providers import ANA

ONE = SubscriptionId(1)
WAY_OUT = "Change its settings, or run 'ispcore device release radius'."


@pytest.fixture
def served(stage: Stage) -> Stage:
    """A stage where Ana has a login; it is noon of 20 March."""
    stage.subscribe(LOGIN)
    stage.clock.move_to(march(20))
    return stage


def connections(stage: Stage, **spec: Any) -> ConnectionDesk:
    driver = MockDriver(*stage.devices.values())
    return stage.provider.connections.using({"mock": (evolve(MOCK_SPEC, **spec), driver)})


def collect(stage: Stage, name: str = "radius", **spec: Any) -> Collected:
    return next(one for one in connections(stage, **spec).collect(actor=ANA) if one.source == name)


def stated(stage: Stage) -> tuple[Connection, ...]:
    month = Period(march(1), april(1))
    return stage.provider.connections.statement("ana", month, actor=ANA).connections


def many(count: int) -> list[AccountingRecord]:
    return [counted(at(10) + timedelta(minutes=n), at(11) + timedelta(minutes=n)) for n in range(count)]


def test_what_a_device_counted_is_taken_with_whose_it_is_and_not_kept_as_an_action(served: Stage) -> None:
    prefixes: dict[str, Any] = {"ipv6_prefix": "2001:db8:7::/64", "delegated_prefix": "2001:db8:700::/56"}
    where: dict[str, Any] = {"address": "192.0.2.7", "mac": "00:00:5E:00:53:01", "access_point": "tower"}
    served.devices["radius"].counted = [counted(cause="User-Request", **prefixes, **where)]

    found = collect(served)

    assert (found.new, found.problems, found.subscriptions) == (1, (), frozenset({ONE}))
    assert stated(served) == (
        Connection(
            id="c-03100800",
            login="ana",
            started_at=at(10, 8),
            seen_at=at(10, 9),
            stopped_at=at(10, 9),
            octets=Octets(10, 0),
            session="8F01",
            cause="User-Request",
            subscription=ONE,
            **prefixes,
            **where,
        ),
    )
    assert served.network.actions(actor=ANA) == ()


def test_one_whose_beginning_and_bytes_nobody_told_began_when_it_was_heard_of(served: Stage) -> None:
    told = counted(uploaded_bytes=None, downloaded_bytes=None)
    served.devices["radius"].counted = [evolve(told, since=None, until=None)]

    collect(served)

    (one,) = stated(served)
    assert (one.started_at, one.stopped_at, one.octets) == (at(10, 9), None, Octets())


@pytest.mark.parametrize(("count", "pages"), [(999, 1), (1_000, 2), (2_001, 3)])
def test_a_first_take_goes_from_page_to_page_each_in_a_session_of_its_own(
    served: Stage, count: int, pages: int
) -> None:
    device = served.devices["radius"]
    device.counted = many(count)

    found = collect(served)

    assert (found.told, found.new, found.problems) == (count, count, ())
    assert device.wire.connections == pages


def test_a_device_is_asked_for_what_it_heard_since_the_last_time_however_long_ago_that_happened(
    served: Stage,
) -> None:
    device = served.devices["radius"]
    device.counted = [counted(at(10, 8), at(20, 9), until=None), counted(at(2), at(3))]
    collect(served)

    # A stop of the tenth that was told on the twentieth, by an access point that was cut off until then.
    device.counted[0] = counted(at(10, 8), at(20, 11), until=at(10, 9), uploaded_bytes=70)

    found = collect(served)
    assert (found.told, found.changed) == (1, 1)
    assert [(one.stopped_at, one.octets.up) for one in stated(served)] == [(at(3), 10), (at(10, 9), 70)]
    assert collect(served).changed == 0


def test_what_was_taken_before_a_device_broke_down_is_kept_and_the_next_take_goes_on_from_there(
    served: Stage,
) -> None:
    device = served.devices["radius"]
    device.counted = many(2_500)
    device.wire.play(WireFault.CUT_AFTER, at=6)

    found = collect(served)

    assert (found.new, found.problems) == (
        2_000,
        ("Accounting source 'radius' failed: The ******** device did not answer.",),
    )
    again = collect(served)
    assert (again.told, again.new, again.problems) == (516, 500, ())


def test_who_is_killed_between_two_pages_has_kept_what_was_taken(
    served: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    served.devices["radius"].counted = many(1_500)
    act = MockSession.act

    def killed(session: MockSession, action: Accounting, *rest: Any) -> Iterator[Result[object]]:
        if action.after is not None:
            raise KeyboardInterrupt
        return act(session, action, *rest)

    with monkeypatch.context() as patched:
        patched.setattr(MockSession, "act", killed)
        with pytest.raises(KeyboardInterrupt):
            collect(served)

    again = collect(served)
    assert (again.told, again.new) == (516, 500)


def test_a_device_that_is_down_is_a_problem_of_its_own_and_others_are_asked(served: Stage) -> None:
    served.devices["olt"].change(reachable=False)
    served.devices["radius"].counted = [counted()]

    found = connections(served).collect(actor=ANA)

    assert [(one.source, one.new, one.problems) for one in found] == [
        ("box", 0, ()),
        ("olt", 0, ("Accounting source 'olt' failed: olt does not answer.",)),
        ("radius", 1, ()),
    ]


def test_a_driver_that_tells_one_page_for_ever_is_given_up(
    served: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    served.devices["radius"].counted = many(1_000)
    act = MockSession.act

    def again(session: MockSession, action: Accounting, *rest: Any) -> Iterator[Result[object]]:
        return act(session, evolve(action, after=None), *rest)

    monkeypatch.setattr(MockSession, "act", again)

    found = collect(served)

    assert (found.new, found.told) == (1_000, 2_000)
    assert "radius was asked for the page after a connection" in found.problems[0]


@pytest.mark.parametrize("support", [Support.NO, Support.ASK])
def test_a_device_that_does_not_count_is_not_asked(served: Stage, support: Support) -> None:
    served.devices["radius"].counted = [counted()]

    found = connections(served, actions={Accounting: support}).collect(actor=ANA)

    assert [one for one in found if one.told or one.problems] == []
    assert stated(served) == ()


def test_a_device_whose_driver_is_gone_is_missed_where_it_has_told_before(served: Stage) -> None:
    served.devices["radius"].counted = [counted()]
    collect(served)

    (found,) = served.provider.connections.collect(actor=ANA)

    assert found.source == "radius"
    assert "No plugin brings a driver 'mock'" in found.problems[0]


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ("done", "accounting answers with AccountingRecord, and str came."),
        (Unsupported("I know no mock."), "I know no ********."),
    ],
)
def test_an_answer_of_another_type_and_a_refusal_are_told_without_secrets(
    served: Stage, monkeypatch: pytest.MonkeyPatch, answer: object, problem: str
) -> None:
    def odd(*_: Any) -> Iterator[Result[object]]:
        yield Result(None, answer)

    monkeypatch.setattr(MockSession, "act", odd)

    assert problem in collect(served).problems[0]


def test_a_password_that_is_refused_is_offered_once_however_often_connections_are_collected(
    served: Stage,
) -> None:
    served.devices["radius"].change(password="another")

    failures = [str(collect(served).failure) for _ in range(3)]

    stopped = served.network.devices.get("radius", actor=ANA).row.stopped
    assert stopped is not None
    again = f"radius is stopped: {stopped.text} {WAY_OUT}"
    assert [one.partition("failed: ")[2] for one in failures] == [stopped.text, again, again]
    assert served.devices["radius"].wire.connections == 1


def test_what_is_refused_of_a_device_that_is_open_keeps_nobody_else_from_it(
    served: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> Iterator[Result[object]]:
        raise AuthFailed("This user may not read what was counted.")

    monkeypatch.setattr(MockSession, "act", refused)

    assert str(collect(served).failure).endswith("This user may not read what was counted.")

    assert served.network.devices.get("radius", actor=ANA).row.stopped is None


def test_devices_that_are_left_alone_or_wait_for_a_person_are_not_asked(served: Stage) -> None:
    radius, devices = served.devices["radius"], served.network.devices
    served.work()
    devices.hold("radius", served.clock.now() + timedelta(hours=1), actor=ANA)
    radius.replace("another")
    before = radius.wire.connections

    held = [one.source for one in connections(served).collect(actor=ANA)]
    served.pass_by(hours=1)
    told = [str(collect(served).failure) for _ in range(2)]

    assert "radius" not in held
    assert radius.wire.connections == before + 1
    assert told[1].endswith("Look: run 'ispcore device check radius', or accept the box that is there.")
