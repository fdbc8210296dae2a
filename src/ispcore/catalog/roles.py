"""Roles are data: what somebody at a desk may do, by a name of the provider's own.

A role gives permissions, and those of the roles that it extends. Some ship with ispcore; a role of the
catalogue with the same code takes the place of one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import field, frozen

from ispcore.errors import InvalidValueError
from ispcore.timeline import GRANTABLE
from ispcore.values import TEXT, Kind, Problem, as_frozenset, shown, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ispcore.values import Table


@frozen
class StaffRole:
    """What those may do who have the role; ``extends`` names roles whose permissions it gives too."""

    code: str
    name: str
    permissions: frozenset[str] = field(default=frozenset(), converter=as_frozenset)
    extends: frozenset[str] = field(default=frozenset(), converter=as_frozenset)


def permissions_of_roles(roles: Mapping[str, StaffRole], codes: Iterable[str]) -> frozenset[str]:
    """Return every permission of the roles *codes*, and of those that they extend.

    A code that is none of *roles* (any more) gives nothing.
    """
    waiting, seen, found = list(codes), set[str](), set[str]()
    while waiting:
        code = waiting.pop()
        if code in roles and code not in seen:
            seen.add(code)
            found |= roles[code].permissions
            waiting += roles[code].extends
    return frozenset(found)


def check_roles(roles: Mapping[str, StaffRole]) -> Iterator[Problem]:
    """Yield each role that extends itself, by whatever way."""
    for code, role in roles.items():
        if code in _reached(roles, role):
            yield Problem(f"roles.{code}.extends", f"The role {code!r} extends itself.", "Leave one out.")


def _reached(roles: Mapping[str, StaffRole], role: StaffRole) -> set[str]:
    waiting, found = list(role.extends), set[str]()
    while waiting:
        code = waiting.pop()
        if code in roles and code not in found:
            found.add(code)
            waiting += roles[code].extends
    return found


def read_role(code: str, entry: Table) -> StaffRole:
    """Return the role *code* that *entry* describes."""
    return StaffRole(
        code,
        entry.get("name", TEXT),
        frozenset(entry.many("permissions", GRANTED)),
        frozenset(entry.refer_many("extends", "roles")),
    )


def _granted(value: object) -> str:
    if isinstance(value, str) and value in GRANTABLE:
        return value
    if not isinstance(value, str):
        raise InvalidValueError(f"{shown(value)} is not the name of a permission.", hint="Write it as text.")
    raise InvalidValueError(f"There is no permission {shown(value)}.", hint=suggestion(value, GRANTABLE))


GRANTED: Kind[str] = Kind(_granted, "")
"""A permission, a group of them (``payment.*``), or everything (``*``)."""

_LOOKING = (
    "billing.read",
    "billing.runs",
    "catalog.read",
    "component.read",
    "contract.read",
    "customer.read",
    "document.read",
    "late.read",
    "network.read",
    "notice.read",
    "payment.read",
    "slips.read",
    "subscription.read",
    "task.read",
)

SHIPPED_ROLES: Mapping[str, StaffRole] = {
    role.code: role
    for role in (
        StaffRole("reader", "Consulta", _LOOKING),
        StaffRole(
            "attendant",
            "Atendente",
            (
                "billing.preview",
                "component.add",
                "component.change",
                "contract.accept",
                "contract.edit",
                "contract.open",
                "customer.change",
                "customer.dispute",
                "customer.notices",
                "customer.promise",
                "customer.register",
                "slips.preview",
                "subscription.address",
                "subscription.change-plan",
                "subscription.contract",
                "subscription.item",
                "subscription.migrate-technology",
                "subscription.notices",
                "subscription.open",
                "subscription.pause",
                "subscription.resume",
                "subscription.suspend",
                "task.schedule",
                "task.withdraw",
            ),
            ["reader"],
        ),
        StaffRole(
            "cashier",
            "Caixa",
            ("payment.record", "slips.change", "slips.issue", "slips.preview"),
            ["reader"],
        ),
        StaffRole(
            "finance",
            "Financeiro",
            (
                "billing.*",
                "customer.dispute",
                "customer.late-treatment",
                "customer.notices",
                "customer.promise",
                "customer.resolve-dispute",
                "debt.*",
                "document.*",
                "late.*",
                "notice.*",
                "payment.*",
                "slips.*",
            ),
            ["cashier"],
        ),
        StaffRole(
            "technician",
            "Técnico",
            (
                "component.*",
                "connection.read",
                "device.act",
                "device.check",
                "device.read",
                "network.apply",
                "network.drift",
                "network.retry",
                "subscription.enable",
            ),
            ["reader"],
        ),
        StaffRole(
            "network", "Redes", ("component.*", "connection.*", "device.*", "network.*"), ["technician"]
        ),
        StaffRole(
            "manager",
            "Gerente",
            ("combo.*", "contract.*", "subscription.*", "task.*"),
            ["attendant", "finance", "technician"],
        ),
        StaffRole("configurator", "Configurador", ("catalog.load", "catalog.read"), ["reader"]),
        StaffRole("administrator", "Administrador", ("*",)),
    )
}
"""The roles that ship with ispcore, by code."""
