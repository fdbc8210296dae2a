"""The part of the facade that is about ONUs: those that wait on OLTs, and how one is given to a subscription.

It gives no command of its own: what links an ONU, exchanges or removes it are the commands to components.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, cast

from attrs import evolve, field, frozen

from ispcore.driver import Discover, Discovered, Onu
from ispcore.errors import IspcoreError, NotFoundError, RefusedError
from ispcore.network import SERIAL, PoolAddress, vlans_told
from ispcore.plans import AddComponent
from ispcore.usecases.equipment import list_equipment

if TYPE_CHECKING:
    from ispcore.catalog import Catalogue
    from ispcore.desks.acting import ActionDesk
    from ispcore.desks.reach import Reach
    from ispcore.network import Equipment, Placement, Whereabouts
    from ispcore.plans import Component
    from ispcore.timeline import Actor
    from ispcore.usecases.desk import Desk
    from ispcore.usecases.ports import UnitOfWork
    from ispcore.values import ComponentId, CustomerId, SubscriptionId


_ASKED_AT_ONCE = 16


@frozen(kw_only=True)
class WaitingOnu:
    """An ONU that is lit, and that no OLT has taken in; ``port`` is where it hangs on the ``olt``.

    ``carried_by`` is the subscription that it was given to already, perhaps elsewhere.
    """

    serial: str
    olt: str
    port: str | None = None
    details: Mapping[str, str] = field(factory=dict)
    carried_by: SubscriptionId | None = None


@frozen
class OnuSearch:
    """What a search found; ``silent`` are the OLTs that could not be asked, each with why."""

    found: tuple[WaitingOnu, ...] = ()
    silent: Mapping[str, str] = field(factory=dict)


@frozen(kw_only=True)
class CarriedOnu:
    """An ONU that a subscription carries: on which OLT, its placement there, and why it is in its VLANs."""

    component: ComponentId
    spec: Onu
    olt: str | None
    placement: Placement | None
    vlans: str


@frozen
class OnuDesk:
    """ONUs that wait, and how they are linked; ``provider.network.onus``."""

    _desk: Desk
    _reach: Reach
    _actions: ActionDesk

    def equipment(
        self,
        where: Whereabouts | None = None,
        *,
        actor: Actor,
        customer: CustomerId | None = None,
        serial: str | None = None,
    ) -> tuple[Equipment, ...]:
        """Return the ONUs that are there (or anywhere), the longest there first.

        They are those of a *customer*, the one with that *serial* number, or all that stand on a device or
        stood there. That one came back is said by :class:`~ispcore.plans.CollectEquipment`.
        """
        return list_equipment(
            self._desk, actor=actor, where=where, customer=customer, serial=serial and serial.upper()
        )

    def find(self, olt: str | None = None, *, actor: Actor) -> OnuSearch:
        """Return the ONUs that wait to be taken in, on one *olt* or on all.

        Several are asked at once. One that does not answer is told, and keeps no other from answering.

        Raises:
            NotFoundError: there is no such device.
        """
        actor.require("device.act")
        found: list[WaitingOnu] = []
        silent: dict[str, str] = {}
        olts = self._olts() if olt is None else [olt]
        with ThreadPoolExecutor(_ASKED_AT_ONCE, "ispcore-find") as pool:
            answers = list(pool.map(partial(self._asked, actor=actor), olts))
        for device, answer in zip(olts, answers, strict=True):
            if isinstance(answer, IspcoreError):
                silent[device] = answer.message
            else:
                found += self._waiting(device, answer)
        return OnuSearch(tuple(found), silent)

    def linking(  # noqa: PLR0913 - each may be left out
        self,
        subscription: SubscriptionId,
        spec: Onu,
        *,
        actor: Actor,
        olt: str | None = None,
        access_point: str | None = None,
        service: str | None = None,
    ) -> AddComponent:
        """Return the command that gives the ONU of *spec* to a subscription, where it was found.

        It is looked for on *olt*, or on all, unless *olt* and the spec's port say where it hangs. Hand the
        command to :meth:`~ispcore.app.Provider.try_out` to see what will be done, and to
        :meth:`~ispcore.app.Provider.do`. Among several access points that lead to the OLT one is named;
        *service* is the additional service that makes room for the ONU.

        Raises:
            NotFoundError: there is no such device, or access point.
            RefusedError: it waits nowhere, or in several places; no access point leads to its OLT, or
                several do.
        """
        actor.require("device.act")
        where = self._where(spec, olt, actor)
        with self._reach.database.reading() as work:
            catalogue = work.catalogue.current()
        return AddComponent(
            subscription=subscription,
            spec=evolve(spec, serial=where.serial, port=spec.port or where.port),
            access_point=_access_point(catalogue, where.olt, access_point),
            service=service,
        )

    def carried(self, subscription: SubscriptionId, *, actor: Actor) -> tuple[CarriedOnu, ...]:
        """Return the ONUs of a subscription, each as it is wanted now, or raise NotFoundError."""
        actor.require("network.read")
        with self._reach.database.reading() as work:
            timeline, _ = work.subscriptions.get(subscription)
            catalogue = work.catalogue.current()
            return tuple(
                _carried(work, catalogue, one)
                for one in timeline.last.components
                if isinstance(one.spec, Onu)
            )

    def _asked(self, olt: str, *, actor: Actor) -> tuple[Discovered, ...] | IspcoreError:
        """Return what an OLT finds, or why it could not be asked."""
        try:
            return self._actions.discover(olt, actor=actor)
        except NotFoundError:
            raise
        except IspcoreError as error:
            return error

    def _where(self, spec: Onu, olt: str | None, actor: Actor) -> WaitingOnu:
        if olt is not None and spec.port is not None:
            return WaitingOnu(serial=spec.serial, olt=olt, port=spec.port)
        search = self.find(olt, actor=actor)
        places = [one for one in search.found if one.serial.upper() == spec.serial.upper()]
        if len(places) == 1:
            return places[0]
        if places:
            told = ", ".join(f"{one.olt} {one.port}" for one in places)
            raise RefusedError(
                f"{spec.serial!r} waits in several places: {told}.",
                rule="onu-found-twice",
                hint="Name the OLT and the port.",
            )
        unasked = f" {', '.join(search.silent)} did not answer." if search.silent else ""
        raise RefusedError(
            f"No ONU {spec.serial!r} waits on {olt or 'any OLT'}.{unasked}",
            rule="onu-not-found",
            hint="See which ones do with 'find', or name the OLT and the port.",
        )

    def _olts(self) -> list[str]:
        """Return the devices that ONUs are bound to, and those whose drivers find ONUs."""
        with self._reach.database.reading() as work:
            catalogue = work.catalogue.current()
            rows = work.devices.all()
        points = (point.devices.get(Onu.word) for point in catalogue.access_points.values())
        bound = {catalogue.devices.get(Onu.word), *points}
        return [row.name for row in rows if row.name in bound or self._finds(row.driver)]

    def _finds(self, driver: str) -> bool:
        try:
            spec = self._reach.named_driver(driver)
        except RefusedError:
            return False
        return Onu in spec.kinds and Discover in spec.actions

    def _waiting(self, olt: str, found: tuple[Discovered, ...]) -> Iterator[WaitingOnu]:
        onus = [one for one in found if one.kind == Onu.word]
        serials = {one.identity: PoolAddress(SERIAL, one.identity.upper()) for one in onus}
        with self._reach.database.reading() as work:
            holders = work.addresses.holders(set(serials.values()))
        for one in onus:
            holder = holders.get(serials[one.identity])
            carried = None if holder is None or holder.free_from is not None else holder.subscription
            yield WaitingOnu(
                serial=one.identity, olt=olt, port=one.place, details=one.details, carried_by=carried
            )


def _carried(work: UnitOfWork, catalogue: Catalogue, one: Component) -> CarriedOnu:
    chosen = cast("Onu", one.spec)
    olt = catalogue.device_for(Onu.word, one.access_point)
    here = [each for each in work.network.placements([one.resource]) if isinstance(each.wanted, Onu)]
    return CarriedOnu(
        component=one.id,
        spec=cast("Onu", here[0].wanted) if here else chosen,
        olt=here[0].device if here else olt,
        placement=here[0] if here else None,
        vlans=vlans_told(chosen, catalogue.vlans.get(olt or "")),
    )


def _access_point(catalogue: Catalogue, olt: str, named: str | None) -> str | None:
    """Return the access point that leads to *olt*: the one that is *named*, none by default, the only one."""
    if named is not None:
        catalogue.access_point(named)
    leading = [
        one
        for one in (None, *sorted(catalogue.access_points))
        if catalogue.device_for(Onu.word, one) == olt and one == (named or one)
    ]
    if not leading:
        raise RefusedError(
            f"{'No access point' if named is None else f'The access point {named!r}'} leads ONUs to {olt!r}"
            f"{'' if named is None else f', but to {catalogue.device_for(Onu.word, named)!r}'}.",
            rule="no-access-point",
            hint="Bind the OLT to an access point in the catalogue, for 'onu'.",
        )
    if len(leading) > 1 and leading[0] is not None:
        raise RefusedError(
            f"Several access points lead to {olt!r}: {', '.join(str(one) for one in leading)}.",
            rule="which-access-point",
            hint="Name one.",
        )
    return leading[0]
