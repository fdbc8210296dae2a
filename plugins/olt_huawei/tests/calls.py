"""A session as the core would use it, in few words."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from attrs import frozen

from ispcore.driver import (
    Action,
    Change,
    ConnectionMethod,
    DriverError,
    Health,
    Onu,
    PlacementId,
    Resource,
    Seen,
    Spec,
)
from ispcore.network import difference
from ispcore.testing.driver_kit.operation import KitOperation
from ispcore.testing.olts import HuaweiOlt
from ispcore.values import SecretText
from ispcore_olt_huawei import Line
from ispcore_olt_huawei.driver import HuaweiDriver
from ispcore_olt_huawei.session import HuaweiSession
from plugins.olt_huawei.tests.olts import session_on


def resource(spec: Spec) -> Resource:
    """Return what is wanted, with an id of its own."""
    return Resource(PlacementId(f"p-{getattr(spec, 'serial', spec.word)}"), 1, spec)


def onu(number: int = 1, **about: Any) -> Onu:
    """Return an ONU that signs in."""
    told = {
        "port": "0/1/3",
        "vlan": 110,
        "connection": ConnectionMethod.PPPOE,
        "username": f"ana{number}",
        "password": SecretText(f"secret-of-ana-{number}"),
        "download_kbit": 20_000,
        "upload_kbit": 10_000,
        **about,
    }
    return Onu(serial=f"HWTC{number:08X}", **told)


@frozen
class At:
    """A session with an OLT."""

    session: HuaweiSession

    @property
    def op(self) -> KitOperation:
        """A call that has time enough."""
        return KitOperation(30.0)

    def health(self) -> Health:
        """Return what the OLT tells of itself."""
        return self.session.check(self.op)

    def see(self, *specs: Spec) -> dict[str, Seen]:
        """Return what stands of *specs*, or of everything, by serial number."""
        wanted = [resource(spec) for spec in specs] or None
        return {str(one.spec.serial): one for one in self.session.observe(wanted, self.op)}  # type: ignore[attr-defined]  # an Onu

    def changes(self, *specs: Onu, before: Onu | None = None) -> list[Change]:
        """Return what is to be done so that *specs* stand, the one of them in the place of *before*."""
        health = self.health()
        seen = self.see(*([before] if before else specs))
        found = []
        for spec in specs:
            after = HuaweiDriver().normal(spec, health)
            there = seen.get((before or spec).serial)
            change = difference(resource(before or spec), there, after, rewrite={"password"})
            if change is not None:
                found.append(change)
        return found

    def put(self, *specs: Onu, before: Onu | None = None) -> list[Seen | DriverError | None]:
        """Let *specs* stand, and return what came of each."""
        changes = self.changes(*specs, before=before)
        return [result.value for result in self.session.apply(changes, self.op)]

    def delete(self, *specs: Onu) -> list[Seen | DriverError | None]:
        """Let *specs* stand no longer."""
        seen = self.see(*specs)
        changes = [Change(resource(spec), seen.get(spec.serial), None, frozenset()) for spec in specs]
        return [result.value for result in self.session.apply(changes, self.op)]

    def ask(self, action: Action[Any], *specs: Spec) -> list[object]:
        """Return what an action comes to."""
        return [one.value for one in self.session.act(action, [resource(it) for it in specs], self.op)]


@contextmanager
def at(olt: HuaweiOlt, line: Line = Line.SSH, **more: Any) -> Iterator[At]:
    """Serve an OLT, and give a session with it."""
    with session_on(olt, line, **more) as session:
        yield At(session)
