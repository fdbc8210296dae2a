"""Devices in a scenario: how they, the steps about them and what is expected of them are written.

What stands on a device is named by a resource, a subscription's name and its component's (``"net:onu"``), or
by the device's own name for it (``"login/ana"``).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import UnionType
from typing import TYPE_CHECKING, Any, Union, get_args, get_origin, get_type_hints

import attrs
from attrs import field, frozen

from ispcore.driver import KINDS, Role, Spec, fields_of
from ispcore.network import DriftKind
from ispcore.scenarios.component_fields import ResourceRef, read_spec, resource_in
from ispcore.scenarios.words import Act
from ispcore.values import CODE, FLAG, TEXT, Kind, as_tuple, one_of, suggestion, whole, word_of

if TYPE_CHECKING:
    from ispcore.values import Table

_COUNT = whole(0, 10**6)
_NUMBER = whole(0, 10**9)
_MOCK = "mock"


@frozen(kw_only=True)
class DeviceSetup:
    """A simulated device: an empty ``kinds`` bears every kind of resource, no ``capacity`` has no end."""

    name: str
    kinds: tuple[str, ...] = field(default=(), converter=as_tuple)
    capacity: int | None = None
    firmware: str = "1.0"


@frozen
class ExpectedDevice:
    """What is to stand on a device, by name; None is not there. What else is None is not looked at."""

    device: str
    stands: Mapping[ResourceRef | str, Mapping[str, Any] | None] = field(factory=dict)
    to_do: int | None = None
    stopped: bool | None = None


@frozen
class ExpectedFinding:
    """One way in which a device is to differ from what it should hold; None is not looked at."""

    resource: ResourceRef | str
    fields: tuple[str, ...] | None = None
    kind: DriftKind | None = None


@frozen
class ExpectedWork:
    """What a worker or a look for drift is to come to; None is not looked at."""

    done: int | None = None
    left: int | None = None
    findings: tuple[ExpectedFinding, ...] | None = None


def read_devices(table: Table) -> dict[str, DeviceSetup]:
    """Return the devices of the scenario's *table* ``devices``."""
    return {name: _setup(name, inner) for name, inner in table.named()}


def _setup(name: str, table: Table) -> DeviceSetup:
    table.get("driver", word_of([_MOCK]), default=_MOCK)
    setup = DeviceSetup(
        name=name,
        kinds=table.many("kinds", word_of(list(KINDS))),
        capacity=table.get("capacity", whole(1, 10**6), default=None),
        firmware=table.get("firmware", TEXT, default="1.0"),
    )
    table.close()
    return setup


@frozen
class DeviceReader:
    """Reads steps about *devices*; ``subscriptions`` are the names known so far."""

    devices: Mapping[str, DeviceSetup]
    subscriptions: set[str]

    def device(self, table: Table, key: str = "device") -> str:
        """Return the device named at *key*."""
        name = table.get(key, CODE)
        if name and name not in self.devices:
            hint = suggestion(name, self.devices)
            table.problem(f"The scenario has no device {name!r}.", hint, at=key)
        return name

    def some_device(self, table: Table) -> str | None:
        """Return the device that is named, or None: all of them."""
        return self.device(table) if "device" in table else None

    def values(self, do: str, row: Table) -> Mapping[str, Any]:
        """Return what a step about devices says, but for what is expected of it."""
        match Act(do):
            case Act.WORK:
                return {"device": self.some_device(row)}
            case Act.DRIFT:
                return {"device": self.some_device(row), "repair": row.get("repair", FLAG, default=False)}
            case Act.TAMPER:
                return {"device": self.device(row), **self._tampering(row)}
            case Act.REPLACE_DEVICE:
                return {"device": self.device(row), "identity": row.get("identity", TEXT, default=None)}
            case _:
                return {"device": self.device(row)}

    def _tampering(self, row: Table) -> Mapping[str, Any]:
        """Return what somebody does by hand: puts something there, takes it away, or changes its fields."""
        if "spec" in row:
            return {"spec": read_spec(row, "spec")}
        thing = self.thing(row, "resource", row.get("resource", TEXT))
        if row.get("remove", FLAG, default=False):
            return {"thing": thing, "remove": True}
        changed = row.table("fields")
        if changed.is_empty:
            hint = "Write fields = { ... }, remove = true, or spec = { ... } for something new."
            row.problem("It does not say what is done by hand.", hint, at="fields")
        given = read_fields(changed, thing)
        for name in _SECRET & given.keys():
            changed.problem(
                "No look can tell that a secret was changed.", "Change what can be read.", at=name
            )
        return {"thing": thing, "fields": given}

    def thing(self, table: Table, at: str, text: str) -> ResourceRef | str:
        """Return what *text* names; what names nothing is noted."""
        word, slash, rest = text.partition("/")
        if slash and rest and ":" not in word:
            if word not in KINDS:
                table.problem(f"{word!r} is no kind of component.", suggestion(word, KINDS), at=at)
            return text
        if not text:
            return text
        return resource_in(table, at, text, self.subscriptions) or text

    def expected(self, row: Table) -> ExpectedDevice:
        """Return what an ``expect`` step says of a device."""
        return ExpectedDevice(
            device=self.device(row),
            stands=self._stands(row.table("stands")) if "stands" in row else {},
            to_do=row.get("to_do", _COUNT, default=None),
            stopped=row.get("stopped", FLAG, default=None),
        )

    def _stands(self, table: Table) -> dict[ResourceRef | str, Mapping[str, Any] | None]:
        found: dict[ResourceRef | str, Mapping[str, Any] | None] = {}
        for key, value in table.raw().items():
            if not isinstance(key, str):
                table.problem("This is no name of anything that could stand on a device.")
                continue
            thing = self.thing(table, f"{key!r}", key)
            if value == _ABSENT:
                found[thing] = None
            elif isinstance(value, Mapping):
                found[thing] = read_fields(table.table(key), thing)
            else:
                table.problem("This is neither a table of fields nor 'absent'.", at=f"{key!r}")
        return found

    def expected_work(self, row: Table, do: str) -> ExpectedWork | None:
        """Return what the ``expect`` table of a step about devices says, or None without one."""
        if "expect" not in row:
            return None
        table = row.table("expect")
        counts = {name: table.get(name, _COUNT, default=None) for name in _COUNTS.get(do, ())}
        findings = None
        if do == Act.DRIFT.value and "findings" in table:
            findings = tuple(self._finding(inner) for inner in table.rows("findings"))
        table.close()
        return ExpectedWork(**counts, findings=findings)

    def _finding(self, row: Table) -> ExpectedFinding:
        thing = self.thing(row, "resource", row.get("resource", TEXT))
        names = row.many("fields", word_of(sorted(_FIELDS))) if "fields" in row else None
        kind = row.get("kind", word_of(list(_DRIFTS)), default=None)
        row.close()
        return ExpectedFinding(thing, names, None if kind is None else _DRIFTS[kind])


_ABSENT = "absent"
_DRIFTS = {kind.value.replace(" ", "_"): kind for kind in DriftKind}
_COUNTS = {Act.WORK.value: ("done", "left")}


def read_fields(table: Table, thing: ResourceRef | str) -> Mapping[str, Any]:
    """Return the fields that *table* gives of a *thing*, each as its type wants it."""
    known = _fields_of(thing)
    found = {}
    for name in table.raw():
        if name in known:
            found[name] = known[name](table, name)
        else:
            table.problem(f"{name!r} is no field of it.", suggestion(name, known), at=f"{name}")
    return found


def _fields_of(thing: ResourceRef | str) -> Mapping[str, Any]:
    word = thing.partition("/")[0] if isinstance(thing, str) else ""
    return _OF_KIND.get(word, _FIELDS)


def _readers(kind: type[Spec]) -> dict[str, Any]:
    hints, secret = get_type_hints(kind), fields_of(kind, Role.WRITE_ONLY)
    return {
        each.name: _reader(TEXT if each.name in secret else _kind_of(hints[each.name]))
        for each in attrs.fields(kind)
    }


def _reader(kind: Kind[Any] | None) -> Any:  # noqa: ANN401 - a function
    if kind is None:
        return lambda table, name: table.many(name, TEXT)
    return lambda table, name: table.get(name, kind)


def _kind_of(hint: Any) -> Kind[Any] | None:  # noqa: ANN401 - a type hint
    """Return how a field of this type is written; None is a list of texts."""
    if get_origin(hint) in (Union, UnionType):
        hint = next(part for part in get_args(hint) if part is not type(None))
    if get_origin(hint) is tuple:
        return None
    if isinstance(hint, type) and issubclass(hint, Enum):
        return one_of(hint)
    kinds: Mapping[object, Kind[Any]] = {str: TEXT, bool: FLAG, int: _NUMBER}
    return kinds[hint]


_OF_KIND: Mapping[str, Mapping[str, Any]] = {word: _readers(kind) for word, kind in KINDS.items()}
_SECRET = {name for kind in KINDS.values() for name in fields_of(kind, Role.WRITE_ONLY)}
_FIELDS: Mapping[str, Any] = {
    name: reader for readers in _OF_KIND.values() for name, reader in readers.items()
}
"""Every field of every kind, for what is named by its resource."""
