"""Which VLANs the ONUs of an OLT are in: one for all, one for each PON port or customer, or two tags.

A port's own VLAN goes before that of the OLT. Where customers have VLANs of their own beside one of these,
theirs is the inner tag (QinQ); else it is the only one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from attrs import field, frozen

from ispcore.values import TEXT, VLAN

if TYPE_CHECKING:
    from ispcore.values import Table


@frozen(kw_only=True)
class VlanPlan:
    """The VLANs of one OLT, whose device is called ``olt``.

    ``ports`` are by the name of the port (``"0/1/4"``); each customer has one of ``first`` to ``last``, both
    None where customers have none of their own.
    """

    olt: str
    vlan: int | None = None
    ports: Mapping[str, int] = field(factory=dict)
    first: int | None = None
    last: int | None = None

    def shared(self, port: str | None) -> int | None:
        """Return the VLAN that everybody at *port* is in; None where there is none."""
        return self.ports.get(port or "", self.vlan)

    @property
    def own(self) -> range:
        """The VLANs that customers have for themselves; empty where they have none."""
        return range(0) if self.first is None or self.last is None else range(self.first, self.last + 1)


def read_vlan_plan(code: str, table: Table) -> VlanPlan:
    """Return the VLAN plan that *table* describes, for the OLT *code*."""
    customers = table.table("customers")
    first, last = (None if customers.is_empty else customers.get(name, VLAN) for name in ("first", "last"))
    customers.close()
    ports: dict[str, int] = {}
    for row in table.rows("ports"):
        port = row.get("port", TEXT)
        if port in ports:
            row.problem(f"The port {port!r} has a VLAN already.", "Name each port once.", at="port")
        ports[port] = row.get("vlan", VLAN)
        row.close()
    plan = VlanPlan(olt=code, vlan=table.get("vlan", VLAN, default=None), ports=ports, first=first, last=last)
    if table.clean:
        _check(plan, table)
    return plan


def _check(plan: VlanPlan, table: Table) -> None:
    if plan.first is not None and not plan.own:
        table.problem(
            f"{plan.last} is before {plan.first}.", "Name the lowest one as 'first'.", at="customers.last"
        )
    if plan.first is None and plan.vlan is None and not plan.ports:
        table.problem("It names no VLAN.", "Give 'vlan', 'ports' or 'customers'.")
