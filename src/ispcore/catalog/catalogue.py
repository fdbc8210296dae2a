"""The catalogue as one value: everything that can be sold, and how.

It is read from a document as a whole (:mod:`ispcore.catalog.reading`), so whatever holds a catalogue may
trust it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TypeVar

from attrs import field, frozen

from ispcore.catalog.access_points import AccessPoint
from ispcore.catalog.contracts import Commission, ContractTemplate
from ispcore.catalog.dated import Dated, in_force
from ispcore.catalog.late import LatePolicy
from ispcore.catalog.lists import (
    ChargeMethod,
    Company,
    DocumentType,
    ExtraField,
    FieldOwner,
    LedgerAccount,
    Reason,
    parse_extra_fields,
)
from ispcore.catalog.notices import NoticePolicy
from ispcore.catalog.offers import Plan, Service
from ispcore.catalog.policies import BillingPolicy, DatedPolicy
from ispcore.catalog.pools import Pool
from ispcore.catalog.print_templates import PrintTemplate
from ispcore.catalog.privacy import PrivacyPolicy
from ispcore.catalog.roles import SHIPPED_ROLES, StaffRole, permissions_of_roles
from ispcore.catalog.serving import NetworkPolicy
from ispcore.catalog.statuses import Role, Status, StatusPin, pin
from ispcore.catalog.tasks import TaskPolicy
from ispcore.catalog.temporary import SeasonalPolicy
from ispcore.catalog.units import BusinessUnit
from ispcore.catalog.vlans import VlanPlan
from ispcore.errors import NotFoundError, RefusedError
from ispcore.values import Currency

T = TypeVar("T")


@frozen
class Catalogue:
    """What a provider sells, and how; every mapping is by code.

    ``vlans`` are by the device of the OLT, ``devices`` those of components without an access point, by the
    kind's word; ``network`` says how they are served less, ``notices`` what customers are told, ``privacy``
    what stays of those who are forgotten, ``tasks`` how often a task is tried, ``seasonal`` what seasonal
    pauses may be.
    """

    currency: Currency
    companies: Mapping[str, Company] = field(factory=dict)
    charge_methods: Mapping[str, ChargeMethod] = field(factory=dict)
    document_types: Mapping[str, DocumentType] = field(factory=dict)
    accounts: Mapping[str, LedgerAccount] = field(factory=dict)
    statuses: Mapping[str, Status] = field(factory=dict)
    reasons: Mapping[str, Reason] = field(factory=dict)
    units: Mapping[str, BusinessUnit] = field(factory=dict)
    policies: Mapping[str, tuple[DatedPolicy, ...]] = field(factory=dict)
    late: Mapping[str, tuple[Dated[LatePolicy], ...]] = field(factory=dict)
    plans: Mapping[str, Plan] = field(factory=dict)
    services: Mapping[str, Service] = field(factory=dict)
    extra_fields: Mapping[str, ExtraField] = field(factory=dict)
    access_points: Mapping[str, AccessPoint] = field(factory=dict)
    pools: Mapping[str, Pool] = field(factory=dict)
    vlans: Mapping[str, VlanPlan] = field(factory=dict)
    print_templates: Mapping[str, PrintTemplate] = field(factory=dict)
    contracts: Mapping[str, ContractTemplate] = field(factory=dict)
    commissions: Mapping[str, Commission] = field(factory=dict)
    roles: Mapping[str, StaffRole] = SHIPPED_ROLES
    devices: Mapping[str, str] = field(factory=dict)
    network: NetworkPolicy = NetworkPolicy()
    notices: NoticePolicy = NoticePolicy()
    privacy: PrivacyPolicy = PrivacyPolicy()
    tasks: TaskPolicy = TaskPolicy()
    seasonal: SeasonalPolicy = SeasonalPolicy()

    def plan(self, code: str) -> Plan:
        """Return the plan *code*, or raise NotFoundError."""
        return _entry(self.plans, "plan", code)

    def service(self, code: str) -> Service:
        """Return the additional service *code*, or raise NotFoundError."""
        return _entry(self.services, "additional service", code)

    def offer(self, code: str) -> Plan | Service:
        """Return the plan or additional service *code*, or raise NotFoundError."""
        return self.plans[code] if code in self.plans else self.service(code)

    def unit(self, code: str) -> BusinessUnit:
        """Return the business unit *code*, or raise NotFoundError."""
        return _entry(self.units, "business unit", code)

    def access_point(self, code: str) -> AccessPoint:
        """Return the access point *code*, or raise NotFoundError."""
        return _entry(self.access_points, "access point", code)

    def pool(self, code: str) -> Pool:
        """Return the pool *code*, or raise NotFoundError."""
        return _entry(self.pools, "pool", code)

    def contract(self, code: str) -> ContractTemplate:
        """Return the kind of contract *code*, or raise NotFoundError."""
        return _entry(self.contracts, "contract template", code)

    def device_for(self, kind: str, access_point: str | None) -> str | None:
        """Return the device for components of a *kind*: the access point's, else the default one's.

        None where neither names one; an access point that was withdrawn names none.
        """
        place = self.access_points.get(access_point or "")
        return (place.devices if place else {}).get(kind, self.devices.get(kind))

    def access_points_in(self, city: str | None) -> Mapping[str, AccessPoint]:
        """Return the access points in *city*, by code, with those of which no city is told."""
        near = (None, city)
        return {code: point for code, point in sorted(self.access_points.items()) if point.city in near}

    def devices_of(self, kind: str) -> frozenset[str]:
        """Return every device that components of a *kind* are bound to."""
        every = (self.devices, *(place.devices for place in self.access_points.values()))
        return frozenset(devices[kind] for devices in every if kind in devices)

    def policy(self, name: str, day: date) -> BillingPolicy:
        """Return the billing policy *name* in force on *day*, or raise NotFoundError."""
        return in_force(_entry(self.policies, "policy", name), day)

    def document_type(self, code: str) -> DocumentType:
        """Return the document type *code*, or raise NotFoundError."""
        return _entry(self.document_types, "document type", code)

    def late_policy(self, name: str, day: date) -> LatePolicy:
        """Return the policy about late payers *name* in force on *day*, or raise NotFoundError."""
        return in_force(_entry(self.late, "late policy", name), day)

    def late_policy_of(self, plan: str | None, day: date) -> LatePolicy:
        """Return how those who pay late for a *plan* are treated: as it says, else by ``standard``.

        Without either nothing is asked for and nothing is done.
        """
        sold = self.plans.get(plan or "")
        name = None if sold is None else sold.late
        if name is None:
            return self.late_policy("standard", day) if "standard" in self.late else LatePolicy()
        return self.late_policy(name, day)

    def status(self, code: str) -> StatusPin:
        """Return what entering the status *code* pins, or raise NotFoundError."""
        return pin(self.statuses, code)

    def status_for(self, role: Role) -> StatusPin:
        """Return what entering the status of this *role* pins, or raise NotFoundError."""
        for status in self.statuses.values():
            if status.role is role:
                return self.status(status.code)
        raise NotFoundError(
            "status with the role", role.value, hint="Give a status of the catalogue this role."
        )

    def check_reason(self, code: str) -> None:
        """Refuse a cancellation without a reason of the list."""
        if code not in self.reasons:
            known = ", ".join(sorted(self.reasons)) or "none"
            raise RefusedError(
                f"{code!r} is not a reason for cancelling.",
                rule="unknown-reason",
                hint=f"The catalogue has: {known}.",
            )

    def permissions_of(self, roles: Iterable[str]) -> frozenset[str]:
        """Return what those may do who have these *roles*; a code that is unknown gives nothing."""
        return permissions_of_roles(self.roles, roles)

    def extra(self, owner: FieldOwner, given: Mapping[str, object]) -> dict[str, str]:
        """Return the *given* extra fields of an *owner* as text, or raise InvalidValueError."""
        return parse_extra_fields(self.extra_fields, given, owner)


def _entry(entries: Mapping[str, T], what: str, code: str) -> T:
    if code not in entries:
        known = ", ".join(sorted(entries)) or "none"
        raise NotFoundError(what, code, hint=f"The catalogue has: {known}.")
    return entries[code]
