"""Give an ONU a VLAN of its own where the plan of its OLT says so: the lowest one that nobody has.

One that stood on the OLT at the last look, and is none of ours, is passed over too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import evolve

from ispcore.driver import Onu
from ispcore.errors import RefusedError
from ispcore.network import own_field, vlans_of
from ispcore.plans import AddComponent, ChangeComponent

if TYPE_CHECKING:
    from datetime import date

    from ispcore.catalog import VlanPlan
    from ispcore.plans import Component, SubscriptionCommand, Timeline
    from ispcore.usecases.ports import UnitOfWork


def with_own_vlan(
    work: UnitOfWork, command: SubscriptionCommand, timeline: Timeline, on: date
) -> SubscriptionCommand:
    """Return *command* with a VLAN of its own for the ONU that it is about, if it needs one.

    An ONU that is changed keeps the one that it has, as long as it stays among the same ones.

    Raises:
        RefusedError: all of them are taken.
    """
    if not isinstance(command, AddComponent | ChangeComponent) or not isinstance(command.spec, Onu):
        return command
    before = _before(command, timeline)
    place = command.access_point or (None if before is None else before.access_point)
    catalogue = work.catalogue.current()
    plan = catalogue.vlans.get(catalogue.device_for(Onu.word, place) or "")
    field = None if plan is None else own_field(command.spec, plan)
    if plan is None or field is None or getattr(command.spec, field) is not None:
        return command
    own = _kept(before, field, command.spec, plan) if place == (before and before.access_point) else None
    number = own or _free(work, field, command.spec, plan, on)
    return evolve(command, spec=_with(command.spec, field, number))


def _before(command: AddComponent | ChangeComponent, timeline: Timeline) -> Component | None:
    known = {one.id: one for one in timeline.last.components}
    return known.get(command.component) if isinstance(command, ChangeComponent) else None


def _with(spec: Onu, field: str, number: int) -> Onu:
    chosen: dict[str, Any] = {field: number}
    return evolve(spec, **chosen)


def _kept(before: Component | None, field: str, spec: Onu, plan: VlanPlan) -> int | None:
    """Return the VLAN that the ONU has for itself already, where it may keep it."""
    if before is None or not isinstance(before.spec, Onu):
        return None
    number: int | None = getattr(before.spec, field)
    stays = plan.shared(before.spec.port) == plan.shared(spec.port)
    return number if number in plan.own and stays else None


def _free(work: UnitOfWork, field: str, spec: Onu, plan: VlanPlan, on: date) -> int:
    outer = plan.shared(spec.port)
    one_of_them = _with(spec, field, plan.own[0])
    whole = one_of_them if outer is None else evolve(one_of_them, vlan=outer)
    taken = work.addresses.kept_from_others(vlans_of(plan.olt, whole), on)
    seen = work.addresses.foreign_tags(plan.olt)
    foreign = {inner if outer is not None else vlan for vlan, inner in seen if outer in (None, vlan)}
    number = next((one for one in plan.own if str(one) not in taken and one not in foreign), None)
    if number is None:
        raise RefusedError(
            f"All VLANs from {plan.first} to {plan.last} on {plan.olt!r} are taken.",
            rule="no-free-vlan",
            hint="Widen the plan, or choose a VLAN for the ONU.",
        )
    return number
