"""Questions about ONUs and the OLT, and the order to start anew."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ispcore.driver import (
    Action,
    Discover,
    Done,
    DriverError,
    Invalid,
    Operation,
    Optical,
    OpticalReading,
    PlacementId,
    Reboot,
    Resource,
    Result,
    Scope,
    Unsupported,
)
from ispcore_olt_huawei.commands import Step
from ispcore_olt_huawei.inquiries import (
    Neighbour,
    Neighbours,
    Network,
    OnuStatus,
    Profile,
    Profiles,
    Status,
    Wan,
    WanState,
    Wireless,
)
from ispcore_olt_huawei.parsing.found import waiting
from ispcore_olt_huawei.parsing.onts import OntState, Summed, one_ont, summary
from ispcore_olt_huawei.parsing.optics import one_reading, readings_on_port
from ispcore_olt_huawei.parsing.refusals import Meaning, error_of
from ispcore_olt_huawei.parsing.services import service_ports
from ispcore_olt_huawei.parsing.system import profiles
from ispcore_olt_huawei.parsing.wan import wan_connections, wireless_networks
from ispcore_olt_huawei.places import long_serial
from ispcore_olt_huawei.wire import Wire

FEW = 3
"""For more ONUs of one port than this, light is read for all of the port at once."""

Answering = Callable[[Wire, OntState, Operation], Iterator[object]]


def answers(
    wire: Wire, action: Action[Any], on: Sequence[Resource], op: Operation
) -> Iterator[Result[object]]:
    """Yield what *action* comes to, for each of its targets or for the OLT.

    Raises Unsupported for an action that no Huawei OLT knows.
    """
    match action:
        case Discover():
            yield from (Result(None, one) for one in waiting(wire.read("display ont autofind all", op)))
        case Profiles():
            yield from (Result(None, one) for one in _profiles(wire, op))
        case Optical():
            yield from _light(wire, on, op)
        case _ if type(action) in _ANSWERS:
            for resource in on:
                for value in _each(wire, resource, _ANSWERS[type(action)], op):
                    yield Result(resource.id, value)
        case _:
            raise Unsupported(f"A Huawei OLT cannot {action.word}.")


def _profiles(wire: Wire, op: Operation) -> Iterator[Profile]:
    for kind, word in (("line", "ont-lineprofile"), ("service", "ont-srvprofile")):
        for number, name in profiles(wire.read(f"display {word} gpon all", op)).items():
            yield Profile(kind=kind, number=str(number), name=name)


def _each(wire: Wire, resource: Resource, answer: Answering, op: Operation) -> Iterator[object]:
    try:
        yield from answer(wire, _state(wire, resource, op), op)
    except DriverError as error:
        if error.scope is not Scope.RESOURCE:
            raise
        yield error


def _state(wire: Wire, resource: Resource, op: Operation) -> OntState:
    """Return how an ONU does.

    Raises Invalid where the OLT has none of this serial number.
    """
    serial = getattr(resource.spec, "serial", "")
    state = one_ont(wire.read(f"display ont info by-sn {long_serial(serial)}", op))
    if state is None:
        raise Invalid(f"The OLT has no ONU {serial}.")
    return state


def _offline(state: OntState) -> Invalid:
    return Invalid(f"The ONU {state.serial} at {state.place} is not online.")


# --- light


def _light(wire: Wire, on: Sequence[Resource], op: Operation) -> Iterator[Result[object]]:
    states: dict[PlacementId, OntState] = {}
    for resource in on:
        try:
            states[resource.id] = _state(wire, resource, op)
        except DriverError as error:
            if error.scope is not Scope.RESOURCE:
                raise
            yield Result(resource.id, error)
    counts = Counter(state.place.port for state in states.values())
    read: dict[str, Mapping[int, OpticalReading]] = {}
    for target, state in states.items():
        place = state.place
        if counts[place.port] > FEW:
            number = place.number.partition(" ")[0]
            if place.port not in read:
                answer = wire.read(f"display ont optical-info {number} all", op, at=place.board)
                read[place.port] = readings_on_port(answer)
            light = read[place.port].get(place.ont)
        else:
            light = one_reading(wire.read(f"display ont optical-info {place.number}", op, at=place.board))
        yield Result(target, _offline(state) if light in (None, OpticalReading()) else light)


# --- answers about one ONU


def _status(wire: Wire, state: OntState, op: Operation) -> Iterator[object]:
    told = {label: value for label, value in state.told.items() if value not in ("", "-")}
    answer = wire.read(f"display service-port port {state.place.port} ont {state.place.ont}", op)
    yield OnuStatus(
        place=str(state.place),
        run=state.run,
        configured=state.config,
        matches=state.match,
        enabled=state.active,
        distance_m=told.get("ONT distance(m)"),
        online=told.get("ONT online duration"),
        last_up=told.get("Last up time"),
        last_down=told.get("Last down time"),
        last_down_cause=told.get("Last down cause"),
        services=tuple(f"{one.vlan} {'up' if one.up else 'down'}" for one in service_ports(answer)),
    )


def _wans(wire: Wire, state: OntState, op: Operation) -> Iterator[object]:
    answer = wire.read(f"display ont wan-info {state.place.number}", op, at=state.place.board)
    found = wan_connections(answer)
    if found is None:
        raise _offline(state)
    for one in found:
        yield Wan(
            index=str(one.index),
            access=one.access,
            status=one.status,
            service=one.service,
            address=one.address,
            netmask=one.netmask,
            gateway=one.gateway,
            dns=one.dns,
            vlan=None if one.vlan is None else str(one.vlan),
        )


def _networks(wire: Wire, state: OntState, op: Operation) -> Iterator[object]:
    answer = wire.read(f"display ont wlan-info {state.place.number}", op, at=state.place.board)
    found = wireless_networks(answer)
    if found is None:
        raise _offline(state)
    for one in found:
        yield Network(
            index=str(one.index),
            ssid=one.ssid,
            enabled=one.enabled,
            up=one.up,
            clients=None if one.clients is None else str(one.clients),
        )


def _neighbours(wire: Wire, state: OntState, op: Operation) -> Iterator[object]:
    port = state.place.port
    yield from (_neighbour(port, one) for one in summary(wire.read(f"display ont info summary {port}", op)))


def _neighbour(port: str, one: Summed) -> Neighbour:
    return Neighbour(
        place=f"{port}:{one.ont}",
        serial=one.serial,
        run=one.run,
        model=one.type,
        distance_m=None if one.distance_m is None else str(one.distance_m),
        light=one.light,
        description=one.description,
    )


def _reboot(wire: Wire, state: OntState, op: Operation) -> Iterator[object]:
    answer, refused = wire.tried(Step(f"ont reset {state.place.number}", state.place.board), op)
    if refused is None:
        yield Done(note=f"{state.serial} at {state.place} starts anew.")
    else:
        raise _offline(state) if refused.meaning is Meaning.OFFLINE else error_of(refused, answer.shown)


_ANSWERS: Mapping[type[Action[Any]], Answering] = {
    Neighbours: _neighbours,
    Reboot: _reboot,
    Status: _status,
    WanState: _wans,
    Wireless: _networks,
}
