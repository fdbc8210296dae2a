"""The contract between the core and a driver: the core decides, a driver reads and writes.

The core works out what is to change (:mod:`ispcore.network.diff`); a driver says what a device would read
back (``normal``), reads it (``observe``), writes changes (``apply``) and acts (``act``). Together with the
kinds of resources, the errors and the actions, this is all that a driver's author needs to know of ispcore.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from enum import Enum
from typing import Any, Generic, NewType, Protocol, TypeVar

from attrs import field, frozen

from ispcore.driver.actions import Action
from ispcore.driver.faults import DriverError
from ispcore.driver.specs import Spec

C = TypeVar("C")
R_co = TypeVar("R_co", covariant=True)

PlacementId = NewType("PlacementId", str)
"""One resource on one device; ours, and for ever the same."""
Key = NewType("Key", str)
"""The device's own name for a resource: ``"0/1/4:7"``, ``"ana@isp.test"``."""


class Support(Enum):
    """Whether a device bears something."""

    YES = "yes"
    NO = "no"
    ASK = "ask"
    """It depends on the device: :attr:`Health.answers` tells."""


class Feature(Enum):
    """What a driver may offer beyond reading and writing."""

    MARK = "mark"
    """The device has room for the owner and generation of a resource."""
    FENCE = "fence"
    """The device itself refuses an older generation."""
    MOVE = "move"
    """A resource moves to another place on the device without being made anew, and keeps what hangs on it."""
    UNDO = "undo"
    """What a failed change has done is taken back, by the device itself or by the driver that comes next.

    Each resource is then as it was before, or as it was wanted, and never half.
    """


@frozen
class DriverSpec:
    """What a driver is, told without importing it.

    ``factory`` is ``"package.module:Class"``, imported on first use. ``config`` is a frozen attrs class; its
    fields of the type :class:`~ispcore.values.SecretText` are secret. ``kinds`` say by field what is
    supported; a field that is not named is. ``lanes`` is how many sessions the device bears at once.
    """

    name: str
    factory: str
    config: type[Any]
    kinds: Mapping[type[Spec], Mapping[str, Support]]
    actions: Mapping[type[Action[Any]], Support] = field(factory=dict)
    features: Mapping[Feature, Support] = field(factory=dict)
    lanes: int = 1


@frozen
class Health:
    """What a device tells of itself.

    ``identity`` tells one box from another: a chassis's serial number, a database's id. ``answers`` has every
    claim of :attr:`Support.ASK`: ``"Wifi.ssid_5ghz"``, ``"Reboot"``, ``"MARK"``.
    """

    identity: str
    firmware: str = ""
    answers: Mapping[str, Support] = field(factory=dict)


@frozen
class Resource:
    """What the core wants to stand somewhere; ``key`` is where it was seen last."""

    id: PlacementId
    generation: int
    spec: Spec
    key: Key | None = None


@frozen
class Seen:
    """What stands on a device.

    Its write-only fields hold :data:`~ispcore.driver.UNREADABLE`. ``mark`` is owner and generation, where
    the device has room for them. ``status`` is shown to people and never compared. ``unsettled`` says why
    what stands there does not count yet: a session that is open still has the former speed. What is
    unsettled is handed to ``apply`` again, until it counts.
    """

    key: Key
    spec: Spec
    mark: tuple[PlacementId, int] | None = None
    status: Mapping[str, object] = field(factory=dict)
    unsettled: str | None = None


@frozen
class Change:
    """One thing to do, made by the core alone.

    Without ``before`` it is made, without ``after`` it is deleted; ``fields`` are those that differ, or must
    be written again; there is none where what stands there is right, and only unsettled. Secrets in
    ``after`` are :class:`~ispcore.values.SecretText`.
    """

    target: Resource
    before: Seen | None
    after: Spec | None
    fields: frozenset[str]


@frozen
class Result(Generic[R_co]):
    """What became of one target; a :class:`DriverError` as value refuses that target alone.

    ``target`` None is for what an action found that belongs to no resource.
    """

    target: PlacementId | None
    value: R_co


class Operation(Protocol):
    """How long a call may take, and whether it may still write."""

    @property
    def key(self) -> str:
        """A name that stays the same when the operation is repeated."""
        ...

    def remaining(self) -> float:
        """Return the seconds that are left, by a clock that never jumps."""
        ...

    def checkpoint(self) -> None:
        """Call before each write; raises :class:`~ispcore.driver.Cancelled` when it must not happen."""
        ...


@frozen
class Site(Generic[C]):
    """Where a driver works: the device's configuration, and how to reach it.

    A connection is made to what ``dial`` returns for a host and port, so that tests can stand between.
    ``patience_seconds`` is how long opening a session may take, and how long closing it; everything between
    has an :class:`Operation`.
    """

    config: C
    dial: Callable[[str, int], tuple[str, int]] = lambda host, port: (host, port)
    patience_seconds: float = 10.0


class Session(Protocol):
    """An open connection; one thread uses it at a time."""

    def check(self, op: Operation) -> Health:
        """Return what the device tells of itself."""
        ...

    def observe(self, wanted: Sequence[Resource] | None, op: Operation) -> Iterator[Seen]:
        """Yield what stands there of *wanted*, or everything when None.

        An iterator that ends has told all of it; one that raises leaves the rest unknown.
        """
        ...

    def apply(self, changes: Sequence[Change], op: Operation) -> Iterator[Result[Seen | DriverError | None]]:
        """Carry out *changes*, and yield for each what was read back after it; None where nothing stands now.

        Never write twice, never go on after the deadline, never take silence for success. Deleting what is
        not there succeeds.
        """
        ...

    def act(self, action: Action[Any], on: Sequence[Resource], op: Operation) -> Iterator[Result[object]]:
        """Carry *action* out and yield what its type declares."""
        ...


class Driver(Protocol[C]):
    """What the factory of a :class:`DriverSpec` makes; it is called without arguments."""

    def normal(self, spec: Spec, health: Health) -> Spec:
        """Return *spec* as this device would read it back; pure, and the same when done twice."""
        ...

    def open(self, site: Site[C]) -> AbstractContextManager[Session]:
        """Connect, and close the connection at the end, whatever happened."""
        ...
