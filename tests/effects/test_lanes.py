"""Lanes: who holds one, who is let in before, and who comes too late."""

from threading import Event

import pytest

from ispcore.effects import DeviceDownError, LaneLostError, Pace, StopReason
from ispcore.errors import RefusedError
from ispcore.storage.jobs import install_jobs
from tests import engines
from tests.effects.network import Network, login, placement


def test_a_lane_has_one_holder_until_its_lease_is_over(each_network: Network) -> None:
    each_network.want(login("ana"))
    first = each_network.store.claim("first", Pace(60))
    assert first is not None

    assert each_network.store.claim("second", Pace(60)) is None
    each_network.pass_by(60)
    second = each_network.store.claim("second", Pace(60))

    assert second is not None
    assert second.token == first.token + 1
    with pytest.raises(LaneLostError):
        each_network.store.turn(first, (), Pace(60), count=1)


def test_two_lanes_of_a_device_take_different_placements(each_network: Network) -> None:
    each_network.add_box("wide", lanes=2)
    each_network.want(login("ana"), login("bob"), device="wide")
    held = [each_network.store.claim(name, Pace()) for name in ("first", "second")]

    taken = [each_network.store.turn(one, (), Pace(), count=1).works[0].id for one in held if one is not None]

    assert len(set(taken)) == 2


def test_a_lane_that_comes_back_is_not_held_by_who_held_it_before(each_network: Network) -> None:
    each_network.want(login("ana"))
    with each_network.database.writing() as work:
        work.devices.change("box", lanes=2)
    held = [each_network.store.claim(name, Pace(60)) for name in ("first", "second")]
    (old,) = [one for one in held if one is not None and one.lane == 1]

    with each_network.database.writing() as work:
        work.devices.change("box", lanes=1)
    while_gone = each_network.store.claim("third", Pace(60), device="box", clerk=True)
    with each_network.database.writing() as work:
        work.devices.change("box", lanes=2)
    new = each_network.store.claim("fourth", Pace(60))

    assert while_gone is None
    assert new is not None
    assert (new.lane, new.token > old.token) == (1, True)
    with pytest.raises(LaneLostError):
        each_network.store.turn(old, (), Pace(60), count=1)


def test_a_clerk_has_a_session_though_there_is_nothing_to_do(network: Network) -> None:
    with network.lender().lend("box", "looking") as borrowed:
        assert borrowed.device.health.identity == "box-1"
        assert borrowed.operation.remaining() > 0

    assert network.lanes[0].owner is None


def test_a_clerk_is_let_in_between_two_batches(network: Network) -> None:
    network.want(*(login(f"home-{number}") for number in range(6)))
    network.driver.before_write = lambda _: network.store.ask("box", 30)

    network.run(batch=2)

    assert len(network.lagging) == 4
    assert network.run().lanes == 0
    with network.lender().lend("box", "looking"):
        pass
    network.driver.before_write = lambda _: None
    network.run()
    assert network.lagging == []


def test_a_clerk_does_not_wait_for_ever(network: Network) -> None:
    network.want(login("ana"))
    network.store.claim("busy", Pace())

    with pytest.raises(LaneLostError), network.lender().lend("box", "looking", patience_seconds=0):
        pass


def test_a_clerk_is_told_why_a_device_cannot_be_worked_with(network: Network) -> None:
    network.box.set(password="other")

    with pytest.raises(DeviceDownError) as caught, network.lender().lend("box", "looking"):
        pass

    assert caught.value.stop is StopReason.AUTH


def test_serving_ends_when_it_is_told_to(network: Network) -> None:
    network.want(login("ana"))
    stop = Event()
    network.driver.before_write = lambda _: stop.set()

    network.worker(poll_seconds=0.01).serve(stop)

    assert stop.is_set()
    assert network.intents == [] or network.intents[0].writing


def lose(_: str) -> None:
    """End like a process that is lost, in the middle of a write."""
    raise KeyboardInterrupt


def test_over_what_workers_are_lost_again_and_again_is_left_for_a_person(network: Network) -> None:
    network.want(login("ana"), login("bob"))
    network.driver.before_write = lose
    for _ in range(40):
        try:
            network.run()
        except KeyboardInterrupt:
            network.pass_by(100)

    assert {network.row(name).trouble for name in ("ana", "bob")} == {"dead"}
    assert "Workers were lost" in network.row("ana").error["text"]

    network.driver.before_write = lambda _: None
    with network.database.writing() as work:
        work.outbox.retry()
    network.run()
    assert network.lagging == []


def test_who_stood_still_and_sees_what_others_did_meanwhile_stops_no_device(network: Network) -> None:
    with network.database.writing() as work:
        work.devices.change("box", lanes=2)
    names = [f"home-{number}" for number in range(30)]
    network.want(*map(login, names))
    network.run()
    network.want(*(login(name, speed=7) for name in names))
    clock = [0.0]

    def others_work() -> None:
        network.driver.moment = lambda: None
        network.pass_by(55)  # the intents are over, and the lane is not: others work on the other one
        clock[0] += 55
        for name in names:
            network.want_at(placement(name), None)
        network.run()

    network.driver.moment = others_work
    network.run(monotonic=lambda: clock[0])

    assert network.device.stopped is None
    assert network.box.logins == {}
    assert network.lagging == []


def test_a_file_has_no_queue(network: Network) -> None:
    if engines.on_postgresql():
        pytest.skip("this is about files")
    with pytest.raises(RefusedError, match="Only PostgreSQL"):
        install_jobs(network.database)
