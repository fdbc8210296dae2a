"""The command about equipment that came back: only what was carried, and is no more, is collected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ispcore.driver import Onu
from ispcore.errors import NotFoundError, RefusedError
from ispcore.plans.case import Decision, Event
from ispcore.plans.component_commands import CollectEquipment
from ispcore.plans.equipment_facts import EquipmentCollected, serial_given
from ispcore.plans.state import EndKind
from ispcore.timeline import by_day

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ispcore.plans.case import Case, Rule
    from ispcore.plans.commands import Command

_GOES_ALONG = (None, EndKind.PLAN_CHANGED, EndKind.TRANSFERRED)
"""The ends, or none, after which what was carried is still with somebody."""


def _collect(command: CollectEquipment, case: Case) -> Decision:
    serial = command.serial.upper()
    carried = [fact for fact in case.timeline.facts if serial_given(fact.payload) == serial]
    if not carried:
        raise NotFoundError("ONU of this subscription", serial)
    end = None if case.state.end is None else case.state.end.kind
    if end in _GOES_ALONG and any(_is(component.spec, serial) for component in case.state.components):
        raise RefusedError(
            f"{case.name} carries {serial!r} still.",
            rule="still-carried",
            hint="Remove its component first." if end is None else "See the subscription that goes on.",
        )
    back = [fact for fact in case.timeline.facts if fact.payload == EquipmentCollected(serial)]
    if back and by_day(back[-1]) > by_day(carried[-1]):
        raise RefusedError(f"{serial!r} came back on {back[-1].effective_on} already.", rule="nothing")
    return Decision((Event(case.on, EquipmentCollected(serial)),))


def _is(spec: object, serial: str) -> bool:
    return isinstance(spec, Onu) and spec.serial == serial


RULES: Mapping[type[Command], Rule] = {CollectEquipment: _collect}
"""The rules of this module, by command."""
