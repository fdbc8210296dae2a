"""What a vendor hands to the kit: a device, and an eye on it that is not the driver's."""

from __future__ import annotations

from abc import abstractmethod
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol, cast

from attrs import evolve

from ispcore.testing.driver_kit.stock import stock

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ispcore.driver import Driver, DriverSpec, Key, Site, Spec
    from ispcore.testing.wire import Wire


class Rig(Protocol):
    """A device, real or simulated; write one as a class that is derived from this.

    Five methods must be there. Of the rest, override what is otherwise with your device.
    """

    spec: DriverSpec
    """What the driver claims."""
    many: int = 0
    """How many resources may be made to see that reading them takes no memory; 0 leaves that out."""
    alarm: bytes | None = None
    """What the device prints into any answer when it pleases: ``b"! link down\\r\\n"``."""
    breaks: int = 40
    """At how many exchanges, at most, a story is broken; a longer one at so many that lie evenly apart."""
    patience_seconds: float = 0.5
    """After how long a device that does not answer is to be given up."""
    slack_seconds: float = 1.0
    """How much later than that is still in time on a busy machine."""

    @abstractmethod
    def site(self) -> Site[Any]:
        """Return how to reach the device."""
        ...

    @abstractmethod
    def writes(self) -> int:
        """Return how many writes the device has seen; only that it grows with each one matters."""
        ...

    @abstractmethod
    def sessions_open(self) -> int:
        """Return how many sessions the device has open."""
        ...

    @abstractmethod
    def tamper(self, key: Key) -> None:
        """Change a field that can be read of what stands under *key*, as a technician would."""
        ...

    @abstractmethod
    def foreign(self) -> Callable[[], object]:
        """Make something that is not ours; return a function that tells how it looks now."""
        ...

    def driver(self) -> Driver[Any]:
        """Return a new driver; by default what the spec's factory makes."""
        return factory_of(self.spec)()

    def sample(self, kind: type[Spec], number: int) -> tuple[Spec, Spec]:
        """Return two values of one resource, which differ in every field that the device bears.

        Resources of different numbers (from 1) have different names. What a resource hangs on (the ONU of a
        wireless network) stands already when the rig is ready.
        """
        return stock(kind, number)

    def claimed(self, kind: type[Spec], name: str) -> tuple[Spec, Spec]:
        """Return two values of a resource that differ in the field *name* alone, where that field counts.

        By default they are the first sample, and it with what the second has there. Override it for fields
        that count beside certain others only: an address, where the ONU has a fixed one.
        """
        first, second = self.sample(kind, 1)
        return first, evolve(first, **{name: getattr(second, name)})

    def refused(self) -> Spec | None:
        """Return what the device will not take; by default it is tried with a kind that is not claimed."""
        return None

    def secrets(self, spec: Spec) -> Mapping[str, str] | None:
        """Return the secrets that stand at the device for *spec*; None when nobody can look."""
        del spec
        return None

    def count(self) -> int | None:
        """Have the device count connections, and return of how many it can tell then.

        They were heard of at several instants, two or more in one of them, and are a dozen at most. None
        where nothing can be counted.
        """
        return None

    def wire(self) -> Wire | None:
        """Return a wire of the rig's own, for drivers that dial nothing; others get a proxy."""
        return None

    def close(self) -> None:
        """Put the device away."""
        return


def factory_of(spec: DriverSpec) -> Callable[[], Driver[Any]]:
    """Import the factory that a spec names."""
    module, _, name = spec.factory.partition(":")
    return cast("Callable[[], Driver[Any]]", getattr(import_module(module), name))
