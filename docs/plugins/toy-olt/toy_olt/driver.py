"""The driver: what the toy OLT bears, how it would read a wish back, and a session with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from attrs import evolve, frozen

from ispcore.driver import (
    Action,
    Change,
    Discover,
    Done,
    DriverError,
    DriverSpec,
    Feature,
    Health,
    Invalid,
    Key,
    Onu,
    Operation,
    Optical,
    Reboot,
    Resource,
    Result,
    Seen,
    Site,
    Spec,
    Support,
    Unrecognised,
    Unsupported,
    Wifi,
    identity_of,
)
from ispcore.values import SecretText
from toy_olt import commands, parsing
from toy_olt.wire import Wire, connected


@frozen
class ToyConfig:
    """Where the OLT is, and how to sign in."""

    host: str
    user: str
    password: SecretText
    port: int = 23


NOT_OF_ONU = [
    *("inner_vlan", "connection", "username", "password", "address", "netmask", "gateway", "dns"),
    *("download_kbit", "upload_kbit"),
]
NOT_OF_WIFI = ["ssid_5ghz", "password_5ghz"]

SPEC = DriverSpec(
    name="toy-olt",
    factory="toy_olt.driver:ToyDriver",
    config=ToyConfig,
    kinds={Onu: dict.fromkeys(NOT_OF_ONU, Support.NO), Wifi: dict.fromkeys(NOT_OF_WIFI, Support.NO)},
    actions={Discover: Support.YES, Optical: Support.YES, Reboot: Support.YES},
    features={Feature.MOVE: Support.YES},
)


class ToyDriver:
    """Reads and writes a toy OLT."""

    def normal(self, spec: Spec, health: Health) -> Spec:  # noqa: ARG002 - every toy OLT is alike
        """Return *spec* as the OLT would read it back."""
        match spec:
            case Onu():
                profile = spec.profile or commands.DEFAULT_PROFILE
                return Onu(
                    serial=spec.serial,
                    port=spec.port,
                    enabled=spec.enabled,
                    profile=profile,
                    vlan=spec.vlan,
                    description=_one_line(spec.description),
                )
            case Wifi():
                return evolve(spec, ssid_5ghz=None, password_5ghz=None)
            case _:
                raise Unsupported(f"A toy OLT has no {spec.word}.")

    @contextmanager
    def open(self, site: Site[ToyConfig]) -> Iterator[ToySession]:
        """Give a session."""
        with connected(site) as wire:
            yield ToySession(wire)


class ToySession:
    """A session with the OLT."""

    def __init__(self, wire: Wire) -> None:
        """Talk through *wire*."""
        self._wire = wire

    def check(self, op: Operation) -> Health:
        """Return what the OLT tells of itself."""
        chassis, software = parsing.version(self._wire.read("display version", op))
        return Health(chassis, software)

    def observe(self, wanted: Sequence[Resource] | None, op: Operation) -> Iterator[Seen]:
        """Yield ONUs and networks."""
        names = None if wanted is None else _names_of(wanted)
        for seen in self._onus(op):
            serial = seen.spec.serial
            if names is None or names & {("onu", serial), ("onu", seen.key)}:
                yield seen
            if names is None or ("wifi", serial) in names:
                network = self._network(seen.key, serial, op)
                if network is not None:
                    yield network

    def apply(self, changes: Sequence[Change], op: Operation) -> Iterator[Result[Seen | DriverError | None]]:
        """Carry out *changes*, and yield what is read back after each."""
        for change in changes:
            try:
                yield Result(change.target.id, self._applied(change, op))
            except DriverError as error:
                if error.scope is not error.scope.RESOURCE:
                    raise
                yield Result(change.target.id, error)

    def act(self, action: Action[Any], on: Sequence[Resource], op: Operation) -> Iterator[Result[object]]:
        """Look for ONUs that wait, read light levels, start an ONU anew."""
        if type(action) not in SPEC.actions:
            raise Unsupported(f"A toy OLT cannot {action.word}.")
        if isinstance(action, Discover):
            for found in parsing.waiting(self._wire.read("display waiting", op)):
                yield Result(None, found)
            return
        places = {seen.spec.serial: seen.key for seen in self._onus(op)}
        for resource in on:
            place = places.get(getattr(resource.spec, "serial", ""))
            if place is None:
                yield Result(resource.id, Invalid("The OLT has no such ONU."))
            elif isinstance(action, Optical):
                yield Result(resource.id, parsing.optical(self._wire.read(f"display optical {place}", op)))
            else:
                self._write(f"onu reboot {place}", f"ONU {place} reboots", op)
                yield Result(resource.id, Done())

    # --- one change

    def _applied(self, change: Change, op: Operation) -> Seen | None:
        kind = type(change.target.spec if change.after is None else change.after)
        if kind not in SPEC.kinds:
            raise Unsupported(f"A toy OLT has no {kind.word}.")
        return self._applied_wifi(change, op) if kind is Wifi else self._applied_onu(change, op)

    def _applied_onu(self, change: Change, op: Operation) -> Seen | None:
        after, before = change.after, change.before
        if not isinstance(after, Onu):
            self._delete(before, op)
            return None
        if after.port is None:
            raise Invalid("An ONU needs a port.", hint="Say where on the OLT it hangs: '0/1/4'.")
        if before is None:
            place = self._write(commands.add_onu(after), "ONU {place} added", op)
        else:
            place = self._changed(before.key, after, change.fields, op)
        if "enabled" in change.fields and (before is not None or not after.enabled):
            self._write(commands.switch_onu(place, on=after.enabled), f"ONU {place} ", op)
        return next((seen for seen in self._onus(op) if seen.key == place), None)

    def _changed(self, place: str, after: Onu, fields: frozenset[str], op: Operation) -> str:
        for line in commands.change_onu(place, after, fields):
            self._write(line, f"ONU {place} modified", op)
        if "port" in fields and after.port is not None:
            return self._write(commands.move_onu(place, after.port), "moved to {place}", op)
        return place

    def _delete(self, before: Seen | None, op: Operation) -> None:
        if before is not None and any(seen.key == before.key for seen in self._onus(op)):
            self._write(commands.delete_onu(before.key), f"ONU {before.key} deleted", op)

    def _applied_wifi(self, change: Change, op: Operation) -> Seen | None:
        places = {seen.spec.serial: seen.key for seen in self._onus(op)}
        after, before = change.after, change.before
        if isinstance(after, Wifi) and after.onu not in places:
            raise Invalid(f"The OLT has no ONU {after.onu}.")
        if before is not None and (after is None or "onu" in change.fields):
            place = places.get(str(identity_of(before.spec)[0]))
            if place is not None:
                self._write(commands.clear_wifi(place), f"WIFI of {place} set", op)
        if not isinstance(after, Wifi):
            return None
        place = places[after.onu]
        self._write(commands.set_wifi(place, after, change.fields), f"WIFI of {place} set", op)
        return self._network(place, after.onu, op)

    # --- lines

    def _write(self, line: str, success: str, op: Operation) -> str:
        """Send a line that changes something, and return the place that its answer names.

        Only the answer that says so is a success.
        """
        answer = self._wire.write(line, op)
        error = parsing.refusal(answer)
        if error is not None:
            raise error
        before, named, after = success.partition("{place}")
        if not answer.startswith(before) and before not in answer:
            raise Unrecognised("The OLT did not say that it was done.", raw=answer)
        return answer.partition(before)[2].removesuffix(after).strip() if named else answer

    def _onus(self, op: Operation) -> Iterable[Any]:
        return parsing.onus(self._wire.read("display onu all", op))

    def _network(self, place: Key | str, serial: str, op: Operation) -> Seen | None:
        return parsing.wifi(self._wire.read(f"display wifi {place}", op), serial)


def _names_of(wanted: Sequence[Resource]) -> set[tuple[str, str]]:
    names = set()
    for resource in wanted:
        identity: Callable[[Any], str] = lambda spec: getattr(spec, "serial", None) or spec.onu  # noqa: E731
        names.add((resource.spec.word, identity(resource.spec)))
        if resource.key is not None:
            names.add((resource.spec.word, resource.key.removeprefix("wifi/")))
    return names


def _one_line(text: str | None) -> str | None:
    """Return *text* as a table of the OLT can show it."""
    plain = " ".join((text or "").split())
    return plain if plain not in ("", "-") else None
