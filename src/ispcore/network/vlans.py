"""The VLANs of an ONU: what was chosen for it, else what the plan of its OLT says of its port.

A VLAN of its own is picked when the ONU is given, and recorded as if it was chosen; so it stays the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from attrs import evolve

from ispcore.driver import Onu
from ispcore.network.addresses import SERIAL, VLAN, PoolAddress

if TYPE_CHECKING:
    from ispcore.catalog import VlanPlan
    from ispcore.driver import Spec


def tagged(spec: Spec, plan: VlanPlan | None) -> Spec:
    """Return *spec*, an ONU, with the VLAN that *plan* gives to its port where none was chosen for it."""
    if not isinstance(spec, Onu) or spec.vlan is not None or plan is None:
        return spec
    return evolve(spec, vlan=plan.shared(spec.port))


def own_field(spec: Onu, plan: VlanPlan) -> Literal["vlan", "inner_vlan"] | None:
    """Return the field of *spec* for a VLAN of its own; None where *plan* has none for it."""
    if not plan.own or spec.vlan is not None:
        return None
    return "vlan" if plan.shared(spec.port) is None else "inner_vlan"


def vlans_of(olt: str, spec: Onu) -> str:
    """Return what tells apart the VLANs among which that of its own is the only one, as a pool."""
    return f"{VLAN}{olt}" if spec.inner_vlan is None else f"{VLAN}{olt}/{spec.vlan or ''}"


def held_by(olt: str, spec: Spec | None, plan: VlanPlan | None) -> tuple[PoolAddress, ...]:
    """Return what an ONU has for itself: its serial number on the whole network, and a VLAN of its own."""
    if not isinstance(spec, Onu):
        return ()
    serial = PoolAddress(SERIAL, spec.serial)
    own = spec.vlan if spec.inner_vlan is None else spec.inner_vlan
    if own is None or (spec.inner_vlan is None and (plan is None or own not in plan.own)):
        return (serial,)
    return serial, PoolAddress(vlans_of(olt, spec), str(own))


def vlans_told(spec: Onu, plan: VlanPlan | None) -> str:
    """Say which VLANs *spec*, as it was chosen, is in, and why: ``VLAN 204, that of its port``."""
    shared = None if plan is None or spec.vlan is not None else plan.shared(spec.port)
    if shared is not None and plan is not None:
        whose = "its port" if spec.port in plan.ports else "its OLT"
        inner = "" if spec.inner_vlan is None else f", with {spec.inner_vlan} of its own within"
        return f"VLAN {shared}, that of {whose}{inner}"
    if spec.vlan is None:
        return "no VLAN: none was chosen, and no plan says one"
    if spec.inner_vlan is not None:
        return f"VLAN {spec.vlan} with {spec.inner_vlan} within, as it was chosen"
    is_own = plan is not None and spec.vlan in plan.own
    return f"VLAN {spec.vlan}, {'its own' if is_own else 'as it was chosen'}"
