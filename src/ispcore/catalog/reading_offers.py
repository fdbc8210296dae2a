"""Reading plans and additional services, with their dated prices and lines, from the catalogue's document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ispcore.catalog.access_points import check_kinds
from ispcore.catalog.composition import REMAINDER, Composition, Line, Target, check_lines
from ispcore.catalog.offers import Existing, Plan, Service, Speed, Technology, Version
from ispcore.catalog.prices import highest_price
from ispcore.catalog.temporary import read_provisional
from ispcore.errors import RefusedError
from ispcore.values import CODE, DAY, FLAG, TEXT, LineId, money, one_of, whole

if TYPE_CHECKING:
    from ispcore.values import Currency, Kind, Money, Table

_FASTEST_KBIT = 1_000_000_000
_MOST_INCLUDED = 10_000


def read_plan(code: str, table: Table, currency: Currency) -> Plan:
    """Return the plan that *table* describes."""
    name = table.get("name", TEXT)
    return Plan(
        code=code,
        name=name,
        versions=_versions(table, name, currency),
        policy=table.refer("policy", "policies", default="standard"),
        technology=table.get("technology", one_of(Technology), default=Technology.NONE),
        speed=read_speed(table),
        includes=_counted(table, "includes"),
        permits=frozenset(table.refer_many("permits", "services")),
        late=table.refer("late", "late", default=None),
        provisional=read_provisional(table.table("provisional")),
        login_has_mailbox=table.get("login_has_mailbox", FLAG, default=False),
    )


def read_service(code: str, table: Table, currency: Currency) -> Service:
    """Return the additional service that *table* describes."""
    name = table.get("name", TEXT)
    service = Service(
        code=code,
        name=name,
        versions=_versions(table, name, currency),
        recurring=table.get("recurring", FLAG, default=True),
        grants=_counted(table, "grants"),
    )
    if table.clean and service.grants and not service.recurring:
        hint = "Let it be recurring, or take 'grants' out."
        table.problem("What is billed once grants nothing for ever.", hint, at="grants")
    return service


def _counted(table: Table, key: str) -> dict[str, int]:
    """Return how many components of each kind stand at *key*."""
    counted = table.table(key)
    found = counted.counts(whole(0, _MOST_INCLUDED))
    check_kinds(counted, found)
    return found


def read_speed(table: Table) -> Speed | None:
    """Return the speed that *table* gives, if it does."""
    kbit = whole(1, _FASTEST_KBIT)
    download = table.get("download_kbit", kbit, default=None)
    upload = table.get("upload_kbit", kbit, default=None)
    if download is None and upload is None:
        return None
    if download is None or upload is None:
        table.problem("A speed needs both 'download_kbit' and 'upload_kbit'.", "Give both, or none.")
        return None
    return Speed(download, upload)


def _versions(table: Table, name: str, currency: Currency) -> tuple[Version, ...]:
    rows = table.rows("versions")
    if not rows and table.clean:
        table.problem("It has no version.", "Give it a price: [[...versions]] with 'from' and 'price'.")
    found: list[Version] = []
    for row in rows:
        version = _version(row, name, currency)
        row.close()
        if row.clean and version.since in [other.since for other in found]:
            row.problem(f"Another version is from {version.since} too.", at="from")
        found.append(version)
    return tuple(found)


def _version(row: Table, name: str, currency: Currency) -> Version:
    since, price = row.get("from", DAY), row.get("price", _price(currency))
    remainder = Target(
        account=row.refer("account", "accounts"),
        company=row.refer("company", "companies"),
        document_type=row.refer("document_type", "document_types"),
        charge_method=row.refer("charge_method", "charge_methods", default=None),
    )
    lines = _lines(row, remainder, currency)
    if row.clean:
        try:
            check_lines(lines, price)
        except RefusedError as error:
            row.problem(error.message, error.hint, at="lines")
    composition = Composition(lines, remainder, row.get("description", TEXT, default=name))
    return Version(since, price, composition, row.get("existing", one_of(Existing), default=Existing.KEEP))


def _price(currency: Currency) -> Kind[Money]:
    return money(currency, most=highest_price(currency))


def _lines(row: Table, remainder: Target, currency: Currency) -> tuple[Line, ...]:
    found: list[Line] = []
    for entry in row.rows("lines"):
        line = _line(entry, remainder, currency)
        if line.id == REMAINDER:
            entry.problem(f"{REMAINDER!r} is the line that takes what the others leave.", at="id")
        if line.id and line.id in [other.id for other in found]:
            entry.problem(f"Another line is called {line.id!r} too.", "Each line has its own id.", at="id")
        entry.close()
        found.append(line)
    return tuple(found)


def _line(entry: Table, remainder: Target, currency: Currency) -> Line:
    return Line(
        id=LineId(entry.get("id", CODE)),
        description=entry.get("description", TEXT),
        value=entry.get("value", _price(currency)),
        target=Target(
            account=entry.refer("account", "accounts", default=remainder.account),
            company=entry.refer("company", "companies", default=remainder.company),
            document_type=entry.refer("document_type", "document_types", default=remainder.document_type),
            charge_method=entry.refer("charge_method", "charge_methods", default=None),
        ),
    )
