"""How the fields of commands are written in a scenario: one reader for each type of field.

Customers, subscriptions and facts are named by words of the scenario, and a receivable by its subscription;
the player looks them up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from types import UnionType
from typing import Any, TypeAlias, Union, get_args, get_origin, get_type_hints

import attrs
from attrs import field, frozen

from ispcore.catalog import Line, Speed, Target, Trial, TrialKind
from ispcore.contracts import InstallationOrder
from ispcore.customers import Address, Contact, PersonDetails
from ispcore.driver import Spec
from ispcore.errors import InvalidValueError
from ispcore.plans import Discount, SlipTerms, SpeedWindow
from ispcore.scenarios.component_fields import ResourceRef, read_spec, read_speed, read_windows, resource_in
from ispcore.scenarios.device_steps import DeviceSetup
from ispcore.scenarios.slip_fields import read_slip_terms
from ispcore.values import (
    CODE,
    DAY,
    DECIMAL,
    FLAG,
    PROSE,
    TEXT,
    AddressId,
    ChargeId,
    ComponentId,
    ContactId,
    ContractNumber,
    Currency,
    CustomerId,
    ItemId,
    Kind,
    LineId,
    Money,
    PaymentId,
    SecretText,
    SlipId,
    SubscriptionId,
    Table,
    money,
    one_of,
    suggestion,
    whole,
)


class Named(Enum):
    """What a word of a scenario can name."""

    CUSTOMER = "customer"
    SUBSCRIPTION = "subscription"
    FACT = "fact"


@frozen
class Ref:
    """A word that the player looks up."""

    kind: Named
    name: str


@frozen
class ReceivableRef:
    """Receivables that the player looks up: those of a subscription, or only of a due date, line or item."""

    subscription: Ref
    due: date | None = None
    item: str | None = None
    line: str | None = None


@frozen
class Reading:
    """What the readers know: the currency of amounts, and which words name something so far.

    ``owners`` says which subscription each fact belongs to. ``documents`` are the catalogues up to now; the
    last one is in force. ``load`` gives a catalogue file beside the scenario.
    """

    currency: Currency
    names: Mapping[Named, set[str]] = field(factory=lambda: {kind: set() for kind in Named})
    owners: dict[str, str] = field(factory=dict)
    documents: list[Mapping[str, Any]] = field(factory=list)
    load: Callable[[str], bytes] | None = None
    devices: dict[str, DeviceSetup] = field(factory=dict)


Reader: TypeAlias = Callable[[Table, str, Reading], Any]

ANY_INT = whole(-(10**9), 10**9)
_ANY_COUNT = whole(1, 10**9)


def _plain(kind: Kind[Any]) -> Reader:
    return lambda table, key, _: table.get(key, kind)


def _money(table: Table, key: str, reading: Reading) -> Money:
    return table.get(key, money(reading.currency))


def _discount(table: Table, key: str, reading: Reading) -> Discount | None:
    inner = table.table(key)
    if inner.is_empty:
        return None
    amount = inner.get("amount", money(reading.currency), default=None)
    percent = inner.get("percent", DECIMAL, default=None)
    until = inner.get("until", DAY, default=None)
    cycles = inner.get("cycles", _ANY_COUNT, default=None)
    inner.close()
    try:
        return Discount(amount=amount, percent=percent, until=until, cycles=cycles)
    except InvalidValueError as error:
        inner.problem(error.message, error.hint)
        return None


def _trial(table: Table, key: str, _: Reading) -> Trial:
    inner = table.table(key)
    kind = inner.get("kind", one_of(TrialKind))
    days = inner.get("days", whole(1, 3660)) if kind is TrialKind.DAYS else 0
    status = inner.get("status", CODE) if kind is TrialKind.STATUS else None
    inner.close()
    return Trial(kind, days, status)


def _lines(table: Table, key: str, reading: Reading) -> tuple[Line, ...]:
    return tuple(_line(row, reading) for row in table.rows(key))


def _line(row: Table, reading: Reading) -> Line:
    line = Line(
        id=LineId(row.get("id", CODE)),
        description=row.get("description", TEXT),
        value=row.get("value", money(reading.currency)),
        target=Target(
            account=row.get("account", CODE),
            company=row.get("company", CODE),
            document_type=row.get("document_type", CODE),
            charge_method=row.get("charge_method", CODE, default=None),
        ),
    )
    row.close()
    return line


def _items(table: Table, key: str, _: Reading) -> frozenset[ItemId]:
    return frozenset(ItemId(code) for code in table.many(key, CODE))


def _components(table: Table, key: str, _: Reading) -> tuple[ComponentId, ...]:
    return tuple(ComponentId(code) for code in table.many(key, CODE))


def _resource(table: Table, key: str, reading: Reading) -> ResourceRef | None:
    return resource_in(table, key, table.get(key, TEXT), reading.names[Named.SUBSCRIPTION])


def _needs(table: Table, key: str, reading: Reading) -> tuple[ResourceRef | str | None, ...]:
    """Return what must stand first: components of the same subscription, or resources of others."""
    known = reading.names[Named.SUBSCRIPTION]
    return tuple(
        resource_in(table, f"{key}[{n}]", text, known) if ":" in text else text
        for n, text in enumerate(table.many(key, TEXT))
    )


def _receivables(table: Table, key: str, reading: Reading) -> tuple[ReceivableRef, ...]:
    return tuple(_receivable(row, reading) for row in table.rows(key))


def _receivable(row: Table, reading: Reading) -> ReceivableRef:
    found = ReceivableRef(
        subscription=_named(Named.SUBSCRIPTION)(row, "subscription", reading),
        due=row.get("due", DAY, default=None),
        item=row.get("item", TEXT, default=None),
        line=row.get("line", CODE, default=None),
    )
    row.close()
    return found


def _extra(table: Table, key: str, _: Reading) -> Mapping[str, object]:
    inner = table.table(key)
    return inner.counts(Kind(lambda value: value, None))


def _changed_details(table: Table, key: str, _: Reading) -> Mapping[str, str]:
    inner = table.table(key)
    return inner.counts(PROSE)


def _inner(kind: type) -> Reader:
    """Return a reader of a table that holds one value of a class."""

    def read(table: Table, key: str, reading: Reading) -> Any:  # noqa: ANN401 - of that class
        inner = table.table(key)
        value = kind(**fields_of(kind, inner, reading))
        inner.close()
        return value

    return read


def _addresses(table: Table, key: str, reading: Reading) -> tuple[Address, ...]:
    return tuple(_address_in(row, reading) for row in table.rows(key))


def _address_in(row: Table, reading: Reading) -> Address:
    address = Address(**fields_of(Address, row, reading))
    row.close()
    return address


def name_of(table: Table, key: str, kind: Named, reading: Reading) -> str:
    """Return the word at *key*, which must name something of this *kind* by now."""
    name = table.get(key, CODE)
    if name and name not in reading.names[kind]:
        hint = suggestion(name, sorted(reading.names[kind]))
        table.problem(f"No {kind.value} was named {name!r} before this step.", hint, at=key)
    return name


def many_names(table: Table, key: str, kind: Named, reading: Reading) -> tuple[Ref, ...]:
    """Return the words listed at *key*, each of which must name something of this *kind* by now."""
    names = table.many(key, CODE)
    for n, name in enumerate(names):
        if name not in reading.names[kind]:
            hint = suggestion(name, sorted(reading.names[kind]))
            table.problem(f"No {kind.value} was named {name!r} before this step.", hint, at=f"{key}[{n}]")
    return tuple(Ref(kind, name) for name in names)


def _named(kind: Named) -> Reader:
    def read(table: Table, key: str, reading: Reading) -> Ref:
        return Ref(kind, name_of(table, key, kind, reading))

    return read


_READERS: dict[Any, Reader] = {
    str: _plain(TEXT),
    bool: _plain(FLAG),
    int: _plain(ANY_INT),
    date: _plain(DAY),
    Decimal: _plain(DECIMAL),
    Money: _money,
    Discount: _discount,
    Trial: _trial,
    tuple[Line, ...]: _lines,
    tuple[Address, ...]: _addresses,
    tuple[ChargeId, ...]: _receivables,
    ChargeId: lambda table, key, reading: _receivable(table.table(key), reading),
    tuple[ComponentId, ...]: _components,
    tuple[SpeedWindow, ...]: lambda table, key, _: read_windows(table, key),
    Spec: lambda table, key, _: read_spec(table, key),
    Speed: lambda table, key, _: read_speed(table, key),
    ComponentId: _plain(CODE),
    frozenset[ItemId]: _items,
    Address: _inner(Address),
    SlipTerms: lambda table, key, _: read_slip_terms(table, key),
    PersonDetails: _inner(PersonDetails),
    Mapping[str, object]: _extra,
    Mapping[str, str | None]: _changed_details,
    ItemId: _plain(CODE),
    AddressId: _plain(CODE),
    ContactId: _plain(CODE),
    tuple[ContactId, ...]: lambda table, key, _: tuple(ContactId(code) for code in table.many(key, CODE)),
    ContractNumber: _plain(TEXT),
    Contact: _inner(Contact),
    InstallationOrder: _inner(InstallationOrder),
    frozenset[str]: lambda table, key, _: frozenset(table.many(key, CODE)),
    CustomerId: _named(Named.CUSTOMER),
    SubscriptionId: _named(Named.SUBSCRIPTION),
    PaymentId: _plain(TEXT),
    SlipId: _plain(ANY_INT),
}
_BY_NAME: dict[str, Reader] = {
    "fact": _named(Named.FACT),
    "note": _plain(PROSE),
    "id": _plain(CODE),
    "resource": _resource,
    "needs": _needs,
    "password": lambda table, key, _: SecretText(table.get(key, TEXT)),
}
_BY_STEPS = frozenset({"newcomer"})
"""The fields that a step of its own stands for."""


@cache
def _readers(kind: type) -> dict[str, tuple[Reader, bool]]:
    """Return, for each field of a command class, its reader and whether it is required."""
    hints = get_type_hints(kind)
    found = {}
    for each in attrs.fields(kind):
        if each.name in _BY_STEPS:
            continue
        reader = _BY_NAME.get(each.name) or _reader(hints[each.name])
        found[each.name] = reader, each.default is attrs.NOTHING
    return found


def _reader(hint: Any) -> Reader:  # noqa: ANN401 - a type hint
    if get_origin(hint) in (Union, UnionType):
        (hint,) = (part for part in get_args(hint) if part is not type(None))
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _plain(one_of(hint))
    return _READERS[hint]


DAYS = ("on", "paid_on")
"""The fields that take the day of the step."""


def fields_of(kind: type, table: Table, reading: Reading) -> dict[str, Any]:
    """Return what *table* says for the fields of the class *kind*, as arguments for it.

    Fields with a default may be left out, and the day, which is the step's. Words that name something come
    as :class:`Ref`.
    """
    values = {}
    for name, (reader, required) in _readers(kind).items():
        if (required and name not in DAYS) or name in table:
            values[name] = reader(table, name, reading)
    return values
