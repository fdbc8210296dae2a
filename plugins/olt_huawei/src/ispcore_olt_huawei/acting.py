"""Questions about ONUs, and the order to start anew."""

from __future__ import annotations

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
    Reboot,
    Resource,
    Result,
    Scope,
    Unsupported,
)
from ispcore_olt_huawei.commands import Step
from ispcore_olt_huawei.inquiries import OnuStatus, Status, Wan, WanState
from ispcore_olt_huawei.parsing.found import waiting
from ispcore_olt_huawei.parsing.onts import OntState, one_ont
from ispcore_olt_huawei.parsing.optics import one_reading
from ispcore_olt_huawei.parsing.refusals import Meaning, error_of
from ispcore_olt_huawei.parsing.wan import WanConnection, wan_connections
from ispcore_olt_huawei.places import long_serial
from ispcore_olt_huawei.reading import Reader
from ispcore_olt_huawei.wire import Wire

Answering = Callable[[Wire, OntState, Operation], Iterator[object]]


def answers(
    wire: Wire, reader: Reader, action: Action[Any], on: Sequence[Resource], op: Operation
) -> Iterator[Result[object]]:
    """Yield what *action* comes to, for each of its targets.

    Raises Unsupported for an action that no Huawei OLT knows.
    """
    if isinstance(action, Discover):
        for found in waiting(wire.read("display ont autofind all", op)):
            yield Result(None, found)
        return
    answer = _ANSWERS.get(type(action))
    if answer is None:
        raise Unsupported(f"A Huawei OLT cannot {action.word}.")
    del reader
    for resource in on:
        for value in _each(wire, resource, answer, op):
            yield Result(resource.id, value)


def _each(wire: Wire, resource: Resource, answer: Answering, op: Operation) -> Iterator[object]:
    try:
        serial = long_serial(getattr(resource.spec, "serial", ""))
        state = one_ont(wire.read(f"display ont info by-sn {serial}", op))
        if state is None:
            yield Invalid(f"The OLT has no ONU {getattr(resource.spec, 'serial', '')}.")
        else:
            yield from answer(wire, state, op)
    except DriverError as error:
        if error.scope is not Scope.RESOURCE:
            raise
        yield error


def _offline(state: OntState) -> Invalid:
    return Invalid(f"The ONU {state.serial} at {state.place} is not online.")


def _light(wire: Wire, state: OntState, op: Operation) -> Iterator[object]:
    answer = wire.read(f"display ont optical-info {state.place.number}", op, at=state.place.board)
    yield one_reading(answer) or _offline(state)


def _status(wire: Wire, state: OntState, op: Operation) -> Iterator[object]:
    del wire, op  # it was told already
    told = {label: value for label, value in state.told.items() if value not in ("", "-")}
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
    )


def _wans(wire: Wire, state: OntState, op: Operation) -> Iterator[object]:
    answer = wire.read(f"display ont wan-info {state.place.number}", op, at=state.place.board)
    found = wan_connections(answer)
    yield from [_offline(state)] if found is None else map(_wan, found)


def _wan(one: WanConnection) -> Wan:
    return Wan(
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


def _reboot(wire: Wire, state: OntState, op: Operation) -> Iterator[object]:
    answer, refused = wire.tried(Step(f"ont reset {state.place.number}", state.place.board), op)
    if refused is None:
        yield Done(note=f"{state.serial} at {state.place} starts anew.")
    elif refused.meaning is Meaning.OFFLINE:
        yield _offline(state)
    else:
        yield error_of(refused, answer.shown)


_ANSWERS: Mapping[type[Action[Any]], Answering] = {
    Optical: _light,
    Status: _status,
    WanState: _wans,
    Reboot: _reboot,
}
