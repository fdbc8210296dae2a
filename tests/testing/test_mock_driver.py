"""The mock driver as an embedder uses it: told what to do, looked at afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest
from attrs import evolve

from ispcore.driver import (
    UNREADABLE,
    Access,
    Adjust,
    AuthFailed,
    Busy,
    CapacityExhausted,
    Change,
    Conflict,
    Disconnect,
    Discover,
    Discovered,
    Done,
    DriverError,
    Health,
    Login,
    Onu,
    OpenSession,
    Optical,
    OpticalReading,
    OutcomeUnknown,
    PlacementId,
    Resource,
    Result,
    Seen,
    Session,
    Sessions,
    Site,
    Spec,
    Support,
    Unreachable,
    Unrecognised,
    Wifi,
    roles_of,
)
from ispcore.errors import NotFoundError
from ispcore.testing import (
    Fault,
    FaultyDriver,
    MockConfig,
    MockDevice,
    MockDriver,
    WireFault,
    lossy,
    mock_site,
    scripted,
)
from ispcore.values import SecretText

ANA = Login(username="ana", password=SecretText("first"), download_kbit=512)


class Unhurried:
    key = "test"

    def remaining(self) -> float:
        return 5.0

    def checkpoint(self) -> None:
        pass


OP = Unhurried()


@contextmanager
def session_on(device: MockDevice) -> Iterator[Session]:
    with MockDriver(device).open(mock_site(device)) as session:
        yield session


def resource(spec: Spec, generation: int = 1) -> Resource:
    return Resource(PlacementId("104:login@mock"), generation, spec)


def create(spec: Spec) -> Change:
    return Change(resource(spec), None, spec, frozenset(roles_of(type(spec))))


def change(seen: Seen, after: Spec, *fields: str, generation: int = 2) -> Change:
    return Change(resource(after, generation), seen, after, frozenset(fields))


def apply(device: MockDevice, *changes: Change) -> list[Seen | DriverError | None]:
    with session_on(device) as session:
        return [result.value for result in session.apply(changes, OP)]


def test_what_was_written_stands_on_the_device() -> None:
    device = MockDevice("radius")

    (seen,) = apply(device, create(ANA))

    assert device.spec("login/ana") == evolve(ANA, password=None)
    assert device.secret("login/ana") == "first"
    assert isinstance(seen, Seen)
    assert seen.spec == evolve(ANA, password=UNREADABLE)
    assert (device.writes, device.log) == (1, ["create login/ana"])


def test_a_change_writes_its_fields_and_no_others() -> None:
    device = MockDevice()
    (seen,) = apply(device, create(ANA))
    assert isinstance(seen, Seen)
    faster = Login(username="ana", password=SecretText("second"), download_kbit=1024)

    apply(device, change(seen, faster, "download_kbit"))

    assert device.secret("login/ana") == "first"
    assert device.spec("login/ana") == evolve(faster, password=None)


def test_an_onu_moves_to_another_port_as_one_object() -> None:
    device = MockDevice()
    onu = Onu(serial="ZTEG00000001", port="0/1/1")
    (seen,) = apply(device, create(onu))
    assert isinstance(seen, Seen)

    (moved,) = apply(device, change(seen, evolve(onu, port="0/1/2"), "port"))

    assert isinstance(moved, Seen)
    assert (seen.key, moved.key) == ("onu/ZTEG00000001@0/1/1", "onu/ZTEG00000001@0/1/2")
    assert list(device.standing()) == [moved.key]


def test_deleting_twice_leaves_nothing_and_is_no_error() -> None:
    device = MockDevice()
    (seen,) = apply(device, create(ANA))
    assert isinstance(seen, Seen)
    gone = Change(resource(ANA), seen, None, frozenset())

    assert apply(device, gone, gone) == [None, None]
    assert device.standing() == {}


def test_what_stands_there_from_elsewhere_is_not_overwritten() -> None:
    device = MockDevice()
    device.put(evolve(ANA, download_kbit=1))

    (refused,) = apply(device, create(ANA))

    assert isinstance(refused, Conflict)
    assert device.spec("login/ana") == evolve(ANA, download_kbit=1, password=None)


def test_a_device_that_fences_refuses_an_older_generation() -> None:
    device = MockDevice(fences=True)
    (seen,) = apply(device, create(ANA))
    assert isinstance(seen, Seen)
    apply(device, change(seen, ANA, "password", generation=7))

    (refused,) = apply(device, change(seen, evolve(ANA, sessions=2), "sessions", generation=6))

    assert isinstance(refused, Conflict)


def test_a_full_device_refuses_what_is_new_alone() -> None:
    device = MockDevice(capacity=1)

    first, second = apply(device, create(ANA), create(Login(username="bia")))

    assert isinstance(first, Seen)
    assert isinstance(second, CapacityExhausted)


def test_a_refusal_that_was_asked_for_is_given() -> None:
    device = MockDevice()
    device.refusals["login/ana"] = CapacityExhausted("No more licences.")

    assert apply(device, create(ANA)) == [device.refusals["login/ana"]]
    assert device.writes == 0


def test_tampering_is_seen_and_is_no_write() -> None:
    device = MockDevice()
    key = device.put(ANA)

    device.tamper(key, access=Access.REFUSED)

    with session_on(device) as session:
        (seen,) = session.observe(None, OP)
    assert isinstance(seen.spec, Login)
    assert seen.spec.access is Access.REFUSED
    assert device.writes == 0


def test_only_what_was_asked_for_is_observed() -> None:
    device = MockDevice()
    device.put(ANA)
    device.put(Login(username="ana@isp.test"))
    device.put(Onu(serial="ZTEG00000001", port="0/1/1"))

    with session_on(device) as session:
        onu = [seen.key for seen in session.observe([resource(Onu(serial="ZTEG00000001"))], OP)]
        ana = [seen.key for seen in session.observe([resource(ANA)], OP)]

    assert onu == ["onu/ZTEG00000001@0/1/1"]
    assert ana == ["login/ana"]


def test_what_is_not_there_cannot_be_tampered_with() -> None:
    with pytest.raises(NotFoundError, match="login/ana"):
        MockDevice().remove("login/ana")


def test_a_replaced_device_is_empty_and_another_one() -> None:
    device = MockDevice()
    device.put(ANA)

    device.replace("serial-2")

    with session_on(device) as session:
        assert session.check(OP).identity == "serial-2"
        assert list(session.observe(None, OP)) == []


def test_normal_writes_addresses_as_the_device_does_and_drops_a_band_it_lacks() -> None:
    driver = MockDriver()
    health = Health("x", answers={"Wifi.ssid_5ghz": Support.NO})

    login = driver.normal(evolve(ANA, macs=("AA-BB-CC-00-11-22", "00:00:00:00:00:01")), health)
    wifi = driver.normal(Wifi(onu="Z", ssid="a", ssid_5ghz="b"), health)

    assert login == evolve(ANA, macs=("00:00:00:00:00:01", "aa:bb:cc:00:11:22"))
    assert wifi == Wifi(onu="Z", ssid="a")


@pytest.mark.parametrize(
    ("settings", "error"),
    [({"reachable": False}, Unreachable), ({"password": "other"}, AuthFailed), ({"sessions": 0}, Busy)],
)
def test_a_session_is_refused_for_what_it_is(settings: dict[str, object], error: type[DriverError]) -> None:
    device = MockDevice()
    site = mock_site(device)
    device.change(**settings)

    with pytest.raises(error), MockDriver(device).open(site):
        pass

    assert device.sessions_open == 0


def test_a_driver_without_that_device_says_how_to_hand_it_over() -> None:
    with (
        pytest.raises(Unreachable, match="Hand it to MockDriver"),
        MockDriver().open(Site(MockConfig("olt"))),
    ):
        pass


def test_processes_share_a_device_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "radius.db"
    with MockDriver().open(Site(MockConfig("radius", file=str(file)))) as session:
        list(session.apply([create(ANA)], OP))

    device = MockDevice("radius", file=file)

    assert device.spec("login/ana") == evolve(ANA, password=None)
    assert device.secret("login/ana") == "first"
    assert (device.writes, device.log) == (1, ["create login/ana"])
    assert device.standing()["login/ana"].mark == ("104:login@mock", 1)  # type: ignore[index]  # a Key is a text


def test_a_file_keeps_all_of_a_write_or_nothing(tmp_path: Path) -> None:
    device = MockDevice(file=tmp_path / "mock.db")
    device.put(ANA)
    device.refusals["login/bia"] = Conflict("No.")
    seen = device.seen(next(iter(device.keys())))
    assert seen is not None

    apply(device, change(seen, Login(username="bia"), "username"))

    assert list(device.standing()) == ["login/ana"]
    assert device.log == []


def test_actions_answer_for_what_they_were_asked() -> None:
    device = MockDevice()
    device.unknown = [Discovered(kind="onu", identity="ZTEG00000009")]
    device.online.append(OpenSession(id="1", username="ana"))
    ana = resource(ANA)

    with session_on(device) as session:
        found = list(session.act(Discover(), [], OP))
        online = list(session.act(Sessions(), [ana], OP))
        light = list(session.act(Optical(), [ana], OP))
        list(session.act(Adjust(), [ana], OP))
        assert device.online
        list(session.act(Disconnect(), [ana], OP))

    assert found == [Result(None, Discovered(kind="onu", identity="ZTEG00000009"))]
    assert online == [Result(ana.id, OpenSession(id="1", username="ana"))]
    assert light == [Result(ana.id, OpticalReading())]
    assert device.online == []
    assert device.log == ["adjust login/ana", "disconnect login/ana"]


def test_an_access_point_is_emptied_and_no_other() -> None:
    device = MockDevice()
    ana = OpenSession(id="1", username="ana", access_point="bras-1")
    bia = OpenSession(id="2", username="bia", access_point="bras-2")
    device.online += [ana, bia]

    with session_on(device) as session:
        closed = list(session.act(Disconnect(access_point="bras-1"), [], OP))

    assert closed == [Result(None, Done(note="ana"))]
    assert device.online == [bia]


@pytest.mark.parametrize(
    ("fault", "error", "writes"),
    [
        (WireFault.CUT_BEFORE, OutcomeUnknown, 0),
        (WireFault.CUT_AFTER, OutcomeUnknown, 1),
        (WireFault.RESET, OutcomeUnknown, 1),
    ],
)
def test_a_write_whose_answer_is_lost_has_an_unknown_outcome(
    fault: WireFault, error: type[DriverError], writes: int
) -> None:
    device = MockDevice()
    device.wire.play(fault)

    with pytest.raises(error) as caught:
        apply(device, create(ANA))

    assert caught.value.wrote
    assert device.writes == writes


def test_nonsense_as_an_answer_is_told_with_what_was_said() -> None:
    device = MockDevice()
    device.wire.play(WireFault.GARBAGE)

    (result,) = apply(device, create(ANA))

    assert isinstance(result, Unrecognised)
    assert result.raw


def test_a_faulty_driver_fails_where_it_was_told_to() -> None:
    device = MockDevice()
    driver = FaultyDriver(
        MockDriver(device),
        scripted(
            Fault("apply", OutcomeUnknown("Lost."), at=2, after=True), Fault("observe", Unreachable("Cut."))
        ),
    )

    with driver.open(mock_site(device)) as session:
        results = session.apply([create(ANA), create(Login(username="bia"))], OP)
        assert isinstance(next(results).value, Seen)
        with pytest.raises(OutcomeUnknown):
            next(results)
        with pytest.raises(Unreachable):
            next(session.observe(None, OP))
        assert len(list(session.observe(None, OP))) == 2


def test_a_bad_line_breaks_by_chance_and_the_same_way_for_the_same_seed() -> None:
    def broken(seed: int) -> list[str]:
        fate = lossy(Random(seed), 0.5)
        return [type(fate("apply", True)).__name__ for _ in range(20)]

    assert broken(1) == broken(1) != broken(2)
    assert set(broken(1)) == {"NoneType", "OutcomeUnknown"}
