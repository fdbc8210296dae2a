"""A session with an OLT: what it is, what stands on it, changes to it, and questions about ONUs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ispcore.driver import (
    Action,
    Change,
    DeviceError,
    DriverError,
    Health,
    Onu,
    Operation,
    Resource,
    Result,
    Scope,
    Seen,
    Spec,
    Support,
)
from ispcore.transports import CliSession
from ispcore_olt_huawei.acting import answers
from ispcore_olt_huawei.config import HuaweiConfig
from ispcore_olt_huawei.faults import unsupported
from ispcore_olt_huawei.inquiries import WanState, Wireless
from ispcore_olt_huawei.parsing.system import chassis, version
from ispcore_olt_huawei.places import short_serial
from ispcore_olt_huawei.reading import Reader
from ispcore_olt_huawei.wire import Wire
from ispcore_olt_huawei.writing import Writer

FEW = 8
"""Up to so many ONUs are read one by one; for more, everything is read with fewer commands."""
_ASKED: Mapping[type[Action[Any]], str] = {
    WanState: "display ont wan-info",
    Wireless: "display ont wlan-info",
}


class HuaweiSession:
    """A session with one OLT."""

    def __init__(self, cli: CliSession, config: HuaweiConfig) -> None:
        """Talk through *cli*."""
        self._wire = Wire(cli)
        self._config = config
        self._reader = Reader(self._wire, config)

    def check(self, op: Operation) -> Health:
        """Return what the OLT tells of itself; what its firmware knows is tried with half a command."""
        told = version(self._wire.read("display version", op))
        identity = chassis(self._wire.read("display board serial-number 0", op))
        boards = self._reader.boards(op)
        known = {
            kind.__name__: Support.YES if boards and self._wire.knows(half, boards[0], op) else Support.NO
            for kind, half in _ASKED.items()
        }
        return Health(identity, f"{told.product} {told.firmware} {told.patch}".strip(), known)

    def observe(self, wanted: Sequence[Resource] | None, op: Operation) -> Iterator[Seen]:
        """Yield ONUs: those that are wanted, or all."""
        serials = None if wanted is None else dict.fromkeys(map(_serial, wanted))
        if serials is None or len(serials) > FEW:
            for one in self._reader.everything(op):
                if serials is None or one.spec.serial in serials:  # type: ignore[attr-defined]  # an Onu
                    yield one
            return
        for serial in serials:
            standing = self._reader.standing(serial, op) if serial else None
            if standing is not None:
                yield self._reader.seen(standing, op)

    def apply(self, changes: Sequence[Change], op: Operation) -> Iterator[Result[Seen | DriverError | None]]:
        """Carry out *changes*, yield what is read back after each, and save before the last of them."""
        writer = Writer(self._wire, self._reader, self._config, op)
        for number, change in enumerate(changes, start=1):
            self._wire.wrote = False
            try:
                outcome = self._outcome(change, writer, op)
                if number == len(changes) and self._config.save:
                    self._wire.save(op)
            except DeviceError as error:
                error.wrote = error.wrote or self._wire.wrote
                raise
            yield Result(change.target.id, outcome)

    def act(self, action: Action[Any], on: Sequence[Resource], op: Operation) -> Iterator[Result[object]]:
        """Carry *action* out for each target."""
        return answers(self._wire, action, on, op)

    def _outcome(self, change: Change, writer: Writer, op: Operation) -> Seen | DriverError | None:
        spec: Spec = change.target.spec if change.after is None else change.after
        if not isinstance(spec, Onu):
            return unsupported(spec)
        try:
            standing = writer.apply(change)
            return None if standing is None else self._reader.seen(standing, op)
        except DriverError as error:
            if error.scope is not Scope.RESOURCE:
                raise
            error.wrote = self._wire.wrote
            return error


def _serial(resource: Resource) -> str:
    return short_serial(getattr(resource.spec, "serial", ""))
