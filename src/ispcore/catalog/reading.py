"""Reading a catalogue from its document, as a whole: everything that is wrong is told at once.

The document is what TOML gives, or the same as plain values with days as ISO text. An entry with a problem
of its own is left out of the checks that look at several entries (:mod:`ispcore.catalog.checking`), so that
one slip is told once.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from ispcore.catalog.access_points import read_access_point, read_devices
from ispcore.catalog.catalogue import Catalogue
from ispcore.catalog.checking import check_catalogue
from ispcore.catalog.documents import read_document_rule
from ispcore.catalog.lists import (
    ChargeMethod,
    Company,
    DocumentType,
    ExtraField,
    FieldOwner,
    FieldType,
    LedgerAccount,
    Reason,
    ReasonUse,
)
from ispcore.catalog.policies import BillingPolicy, DatedPolicy
from ispcore.catalog.pools import read_pool
from ispcore.catalog.print_templates import read_print_template
from ispcore.catalog.privacy import read_privacy
from ispcore.catalog.reading_contracts import read_commission, read_contract
from ispcore.catalog.reading_late import read_late_policy
from ispcore.catalog.reading_notices import read_notices
from ispcore.catalog.reading_offers import read_plan, read_service
from ispcore.catalog.reading_policies import read_policy
from ispcore.catalog.reading_serving import read_network
from ispcore.catalog.roles import SHIPPED_ROLES, read_role
from ispcore.catalog.shipped import SHIPPED_STATUSES
from ispcore.catalog.statuses import Bucket, Message, Role, Serves, Status
from ispcore.catalog.tasks import read_tasks
from ispcore.catalog.temporary import read_seasonal
from ispcore.catalog.units import BusinessUnit
from ispcore.catalog.vlans import read_vlan_plan
from ispcore.errors import InvalidValueError
from ispcore.values import (
    CODE,
    DAY,
    FLAG,
    TEXT,
    Currency,
    Kind,
    Notes,
    PlainCalendar,
    Table,
    money,
    one_of,
    shown,
    whole,
    word_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

SECTIONS = {
    "companies": "company",
    "charge_methods": "charge method",
    "document_types": "document type",
    "accounts": "ledger account",
    "statuses": "status",
    "reasons": "reason",
    "policies": "billing policy",
    "late": "late policy",
    "plans": "plan",
    "services": "additional service",
    "units": "business unit",
    "extra_fields": "extra field",
    "access_points": "access point",
    "pools": "pool",
    "vlans": "VLAN plan",
    "print_templates": "template of what is printed",
    "contracts": "contract template",
    "commissions": "commission",
    "roles": "role",
}
"""The sections of a catalogue, with the word for one of their entries."""

_WHAT = "The catalogue"
_STANDARD = {"standard": (DatedPolicy(None, BillingPolicy()),)}
_OWN_ONLY, _DEFAULT_LIST = "none", "integrator"
_LISTS = word_of([*SHIPPED_STATUSES, _OWN_ONLY])
_LONGEST_STATUS = 3660
_ANY_DAY = "any"
_AS_IT_IS: Kind[object] = Kind(lambda value: value, _ANY_DAY)
_ZONE = re.compile(r"UTC|[A-Za-z_]{2,20}(/[A-Za-z0-9_+-]{1,30}){1,2}")


def read_catalogue(document: Mapping[str, Any]) -> Catalogue:
    """Return the catalogue that *document* describes.

    Raises:
        DocumentError: with every problem found, each at its place.
    """
    notes = Notes()
    table = Table(document, notes)
    catalogue = _catalogue(table)
    table.close()
    check_catalogue(catalogue, notes)
    notes.check_references(_known(document, catalogue))
    notes.raise_problems(_WHAT)
    return catalogue


def _catalogue(table: Table) -> Catalogue:
    currency = table.get("currency", _CURRENCY)
    return Catalogue(
        currency=currency,
        companies=_section(table, "companies", _company),
        charge_methods=_section(
            table, "charge_methods", lambda code, entry: _charge_method(code, entry, currency)
        ),
        document_types=_section(table, "document_types", _document_type),
        accounts=_section(table, "accounts", _account),
        statuses=_statuses(table),
        reasons=_section(table, "reasons", _reason),
        units=_section(table, "units", _unit),
        policies=_STANDARD | _section(table, "policies", lambda _, entry: read_policy(entry, currency)),
        late=_section(table, "late", lambda _, entry: read_late_policy(entry, currency)),
        plans=_section(table, "plans", lambda code, entry: read_plan(code, entry, currency)),
        services=_section(table, "services", lambda code, entry: read_service(code, entry, currency)),
        extra_fields=_extra_fields(table.table("extra_fields")),
        access_points=_section(table, "access_points", read_access_point),
        pools=_section(table, "pools", read_pool),
        vlans=_section(table, "vlans", read_vlan_plan),
        print_templates=_section(table, "print_templates", read_print_template),
        contracts=_section(table, "contracts", lambda code, entry: read_contract(code, entry, currency)),
        commissions=_section(table, "commissions", lambda code, row: read_commission(code, row, currency)),
        roles={**SHIPPED_ROLES, **_section(table, "roles", read_role)},
        devices=read_devices(table),
        network=read_network(table.table("network")),
        notices=read_notices(table.table("notices")),
        privacy=read_privacy(table.table("privacy")),
        tasks=read_tasks(table.table("tasks")),
        seasonal=read_seasonal(table.table("seasonal")),
    )


def _section(table: Table, section: str, read: Callable[[str, Table], T]) -> dict[str, T]:
    return _entries(table.table(section), read)


def _entries(table: Table, read: Callable[[str, Table], T]) -> dict[str, T]:
    """Return the entries of *table* that could be read without a problem."""
    found = {}
    for code, entry in table.named():
        value = read(code, entry)
        entry.close()
        if entry.clean:
            found[code] = value
    return found


def _known(document: object, catalogue: Catalogue) -> dict[str, tuple[str, Collection[str]]]:
    """Return what references may name: every entry of the document, readable or not, and what is shipped."""
    known: dict[str, tuple[str, Collection[str]]] = {}
    for section, what in SECTIONS.items():
        written = document.get(section) if isinstance(document, Mapping) else None
        codes = {code for code in written if isinstance(code, str)} if isinstance(written, Mapping) else set()
        known[section] = (what, codes | set(getattr(catalogue, section)))
    return known


def _parse_currency(value: object) -> Currency:
    try:
        return Currency.of(str(value)[:4])
    except InvalidValueError as error:
        raise InvalidValueError(
            f"{shown(value)} is not a currency that is known here.", hint=error.hint
        ) from None


# The stand-in has the most digits of any currency, so that amounts are not blamed for it.
_CURRENCY = Kind(_parse_currency, Currency("", 3))


def _company(code: str, entry: Table) -> Company:
    return Company(
        code,
        entry.get("name", TEXT),
        entry.get("tax_id", TEXT, default=None),
        entry.get("address", TEXT, default=None),
    )


def _charge_method(code: str, entry: Table, currency: Currency) -> ChargeMethod:
    return ChargeMethod(
        code,
        entry.get("name", TEXT),
        entry.get("wallet", TEXT, default=None),
        entry.get("slip_fee", money(currency), default=None),
        entry.get("provider", CODE, default=None),
    )


def _document_type(code: str, entry: Table) -> DocumentType:
    return DocumentType(code, entry.get("name", TEXT), read_document_rule(entry))


def _account(code: str, entry: Table) -> LedgerAccount:
    return LedgerAccount(code, entry.get("name", TEXT))


def _reason(code: str, entry: Table) -> Reason:
    use = entry.get("use", one_of(ReasonUse), default=ReasonUse.CANCELLATION)
    return Reason(code, entry.get("description", TEXT), use)


def _statuses(table: Table) -> dict[str, Status]:
    """Return the statuses of the shipped list in use, with the document's own added or put in their place."""
    own = table.table("statuses")
    default = _DEFAULT_LIST if own.is_empty else _OWN_ONLY
    name = table.get("use_statuses", _LISTS, default=default)
    shipped = Table(SHIPPED_STATUSES.get(name, {}), Notes())
    return _entries(shipped, _status) | _entries(own, _status)


def _status(code: str, entry: Table) -> Status:
    days = entry.get("days", whole(1, _LONGEST_STATUS), default=None)
    following = entry.refer("next", "statuses", default=None)
    if (days is None) is not (following is None):
        entry.problem("A timed status needs both 'days' and 'next'.", "Give both, or none.")
    return Status(
        code=code,
        description=entry.get("description", TEXT),
        bucket=entry.get("bucket", one_of(Bucket)),
        bills=entry.get("bills", FLAG),
        serves=entry.get("serves", one_of(Serves)),
        role=entry.get("role", one_of(Role), default=None),
        days=days,
        next=following,
        may_change_by_hand=entry.get("may_change_by_hand", FLAG, default=True),
        may_have_logins=entry.get("may_have_logins", FLAG, default=True),
        may_be_task_target=entry.get("may_be_task_target", FLAG, default=True),
        email=_message(entry.table("email")),
        sms=_message(entry.table("sms")),
    )


def _message(table: Table) -> Message:
    message = Message(table.get("send", FLAG, default=False), table.get("sender", TEXT, default=None))
    table.close()
    return message


def _unit(code: str, entry: Table) -> BusinessUnit:
    return BusinessUnit(
        code=code,
        name=entry.get("name", TEXT),
        zone=entry.get("zone", _ZONE_NAME, default=BusinessUnit(code, "").zone),
        cities=frozenset(entry.many("cities", TEXT)),
        plans=frozenset(entry.refer_many("plans", "plans")),
        charge_methods=frozenset(entry.refer_many("charge_methods", "charge_methods")),
        due_days=_due_days(entry),
        weekdays_only=entry.get("weekdays_only", FLAG, default=False),
        calendar=PlainCalendar(frozenset(entry.many("holidays", DAY))),
    )


def _due_days(entry: Table) -> frozenset[int] | None:
    if entry.get("due_days", _AS_IT_IS, default=_ANY_DAY) == _ANY_DAY:
        return None
    days = frozenset(entry.many("due_days", whole(1, 31)))
    if not days and entry.clean:
        entry.problem("A business unit needs a due day.", f"Name some, or write {_ANY_DAY!r}.", at="due_days")
    return days


def _parse_zone(value: object) -> str:
    text = TEXT.parse(value)
    if not _ZONE.fullmatch(text):
        raise InvalidValueError(
            f"{shown(text)} is not the name of a time zone.", hint="Write area and city: 'America/Sao_Paulo'."
        )
    return text


_ZONE_NAME = Kind(_parse_zone, "UTC")


def _extra_fields(table: Table) -> dict[str, ExtraField]:
    """Return the extra fields by owner and code: ``customer.nickname``."""
    found = {}
    for owner in FieldOwner:
        mine = _entries(table.table(owner.value), partial(_extra_field, owner))
        found.update({f"{owner.value}.{code}": extra for code, extra in mine.items()})
    table.close()
    return found


def _extra_field(owner: FieldOwner, code: str, entry: Table) -> ExtraField:
    kind = entry.get("type", one_of(FieldType))
    choices = entry.many("choices", TEXT)
    if entry.clean and (kind is FieldType.CHOICE) is not bool(choices):
        entry.problem("Choices belong to the type 'choice', which needs some.", at="choices")
    return ExtraField(
        owner=owner,
        code=code,
        name=entry.get("name", TEXT),
        type=kind,
        required=entry.get("required", FLAG, default=False),
        choices=choices,
    )
