"""What a fact says: in words, and as fields that can be compared with what they were before.

Texts of persons are not in a fact; it only names the paths under which they are kept.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from attrs import asdict

from ispcore.catalog import AnchorKind, EntrySaved
from ispcore.customers import facts as k
from ispcore.plans import EquipmentCollected
from ispcore.plans import facts as f
from ispcore.plans import temporary_facts as tf
from ispcore.plans.kinds import OF_THE_NETWORK
from ispcore.timeline import voided_by
from ispcore.usecases.describe_components import of_component
from ispcore.usecases.describe_contracts import fields_of_contract
from ispcore.values import Every

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ispcore.catalog import Line
    from ispcore.plans import BillingEvent, Discount, Grid, Item, SlipTerms

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def describe(payload: object) -> tuple[str, ...]:
    """Return what *payload* says, a sentence part each."""
    match payload:
        case f.Subscribed(opening) | f.Imported(opening):
            return (*_opening(opening), *_origin(payload))
        case f.StatusChanged(status) | f.Enabled(status) | f.Suspended(status) | f.Resumed(status):
            return (f"status {status.description}",)
        case f.HoldPlaced(hold):
            until = (f"until {hold.until}",) if hold.until else ()
            return (f"{hold.kind.value}, {hold.cause.value}", *until)
        case f.HoldLifted(kind, cause):
            return (f"{kind.value}, {cause.value}",)
        case f.BillingTermsChanged() | f.SlipTermsSet() | f.BonusGranted() | k.LateTreatmentSet():
            return _of_paying(payload)
        case f.AddressChanged(address, unit):
            return (f"address {address}", f"unit {unit}")
        case f.NoticesChanged(channel, terms):
            return (channel, *_notices(terms))
        case _ if isinstance(payload, (*OF_THE_NETWORK, EquipmentCollected)):
            return of_component(payload)
        case _:
            return _of_end(payload) or _of_contract(payload) or _for_a_while(payload) or _of_item(payload)


def _for_a_while(payload: object) -> tuple[str, ...]:
    match payload:
        case tf.EnabledProvisionally(until):
            return (f"until {until}",)
        case tf.TemporaryPlanStarted(plan, until):
            return (f"plan {plan}", f"until {until}")
        case _:
            return ()


def _of_paying(payload: object) -> tuple[str, ...]:
    match payload:
        case f.BonusGranted(until):
            return (f"not blocked before {until}",)
        case k.LateTreatmentSet():
            return tuple(f"{name} {value}" for name, value in _treatment(payload).items())
        case f.SlipTermsSet(slips):
            return _slips(slips)
        case f.BillingTermsChanged():
            return _terms(payload)
        case _:
            return ()


def fields_of(payload: object) -> dict[str, str]:
    """Return the fields of a customer or a catalogue entry that *payload* sets, as text, by path."""
    match payload:
        case k.Registered():
            return {"code": payload.code, "kind": payload.kind.value, **_promotions(payload.allows_discounts)}
        case k.AddressSaved(address, kind):
            return {f"address.{address}.type": kind.value}
        case k.ContactSaved(contact, kind, consents):
            prefix = f"contact.{contact}"
            return {f"{prefix}.kind": kind.value, f"{prefix}.consents": str(consents).lower()}
        case k.BillingDefaultsSet(charge_method, due_day):
            return {"charge_method": charge_method, "due_day": str(due_day)}
        case k.PromotionsSet(allowed):
            return _promotions(allowed)
        case k.SlipFeeExemptionSet(exempt):
            return {"slip_fee_exempt": str(exempt).lower()}
        case k.NoticesSet(topic, channel, wanted):
            return {f"notices.{topic.value}.{channel or 'all'}": "wanted" if wanted else "unwanted"}
        case EntrySaved(document):
            return {name: _plain(value) for name, value in document.items()}
        case _:
            return _late_fields_of(payload)


def _late_fields_of(payload: object) -> dict[str, str]:
    match payload:
        case k.LateTreatmentSet():
            return {f"late.{name}": value for name, value in _treatment(payload).items()}
        case k.PaymentPromised(receivables, until):
            return {f"promise.{name}": f"until {until}" for name in receivables}
        case k.DisputeOpened(receivable, amount):
            return {f"dispute.{receivable}": f"of {amount}"}
        case k.Forgotten(kept, until):
            return {"forgotten": f"but {', '.join(kept)} until {until}" if kept else "wholly"}
        case k.DisputeResolved(receivable, outcome):
            return {f"dispute.{receivable}": outcome.value}
        case _:
            return fields_of_contract(payload)


def paths_of(payload: object) -> tuple[str, ...]:
    """Return the paths of the texts that *payload* brings."""
    return tuple(_prefix(payload) + name for name in getattr(payload, "texts", ()))


def cleared_by(payload: object, known: Iterable[str]) -> tuple[str, ...]:
    """Return the paths that *payload* clears, of those *known* where it brings a whole document."""
    if isinstance(payload, EntrySaved):
        return tuple(name for name in known if name not in payload.document)
    return tuple(_prefix(payload) + name for name in getattr(payload, "cleared", ()))


def _prefix(payload: object) -> str:
    match payload:
        case k.AddressSaved(address):
            return f"address.{address}."
        case k.ContactSaved(contact):
            return f"contact.{contact}."
        case _:
            return ""


def _promotions(allowed: bool) -> dict[str, str]:  # noqa: FBT001 - the setting itself
    return {"promotions": "allowed" if allowed else "barred"}


def _treatment(payload: k.LateTreatmentSet) -> dict[str, str]:
    return {name: "on" if value else "off" for name, value in asdict(payload.treatment).items()}


def _plain(value: object) -> str:
    """Show a value of a document as JSON, and a bare text as it is."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _of_item(payload: object) -> tuple[str, ...]:
    match payload:
        case f.PriceChanged(item, price, lines):
            return (f"{item}: {price}", *_lines(lines or ()))
        case f.DiscountChanged(item, discount):
            return (f"{item}: {_discount(discount)}",)
        case f.ItemAdded(item):
            return _item(item)
        case f.BillingEventAdded(event):
            return _event(event)
        case f.Sold(sale):
            due = f"{sale.description}: {sale.amount}, due on {sale.due_on}"
            return (due, *_lines(sale.lines if len(sale.lines) > 1 else ()))
        case f.ItemEnded(item) | f.CompositionRestored(item):
            return (str(item),)
        case f.CompositionCustomised(item, lines):
            return (str(item), *_lines(lines))
        case _:
            return ()


def _of_contract(payload: object) -> tuple[str, ...]:
    match payload:
        case f.ComboPriced(discount):
            return (f"{_discount(discount)} in the combo",)
        case f.ContractJoined(contract):
            return (f"contract {contract or '(none)'}",)
        case _:
            return ()


def _of_end(payload: object) -> tuple[str, ...]:
    voids = ", ".join(map(str, voided_by(payload)))
    voided = (f"voids fact {voids}",) if voids else ()
    match payload:
        case f.PlanChanged(successor=successor):
            return (f"goes on as subscription {successor}",)
        case f.Transferred(successor=successor, customer=customer):
            return (f"moved to customer {customer}, as subscription {successor}",)
        case f.CancellationOrdered(ends_on=ends_on):
            return (f"ends on {ends_on}", *_penalty(payload), *voided)
        case _:
            return (*_penalty(payload), *voided)


def _penalty(payload: object) -> tuple[str, ...]:
    event = payload.penalty if isinstance(payload, f.Cancelled | f.CancellationOrdered) else None
    return () if event is None else _event(event)


def _terms(changed: f.BillingTermsChanged) -> tuple[str, ...]:
    given = {name: value for name, value in asdict(changed).items() if value is not None and name != "cut"}
    cut = ("the running cycle is cut",) if changed.cut else ()
    return (*(f"{name} {value}" for name, value in given.items()), *cut)


def _slips(terms: SlipTerms) -> tuple[str, ...]:
    gathers = terms.gathers
    said = [
        f"slips unified from {terms.unified_from}" if terms.unified_from else "",
        "" if terms.in_mass else "slips on demand only",
        f"slips gather overdue {', '.join(kind.value for kind in gathers.kinds)}" if gathers else "",
        "with interest" if gathers and gathers.interest else "",
    ]
    return tuple(part for part in said if part) or ("plain slips",)


def _notices(terms: f.ChannelTerms) -> tuple[str, ...]:
    days = () if terms.days is None else (f"days {terms.days}",)
    around = () if terms.due is None else ("around due dates" if terms.due else "nothing around due dates",)
    warned = () if terms.warns is None else ("warned" if terms.warns else "not warned",)
    return (*around, *days, *warned)


def _cycles(grid: Grid) -> str:
    """Say where cycles stand; their length only where it is not a month."""
    start, every = grid.kind is AnchorKind.START, grid.every
    if every.weeks:
        weekday = _WEEKDAYS[grid.day - 1]
        return f"every {every} {'from' if start else 'to'} {weekday}"
    day = f"starting day {grid.day}" if start else f"closing day {grid.day}"
    return day if every == Every() else f"every {every}, {day}"


def _opening(opening: f.Opening) -> tuple[str, ...]:
    terms = opening.terms
    when = "in advance" if terms.advance else "in arrears"
    free = (f"free until {opening.free_until}",) if opening.free_until else ()
    return (
        *_item(opening.item),
        f"status {opening.status.description}",
        f"{when}, {_cycles(terms.grid)}, due day {terms.due_day}, {terms.charge_method}",
        *free,
    )


def _origin(payload: object) -> tuple[str, ...]:
    if not isinstance(payload, f.Imported):
        return ()
    origin = payload.origin
    billed = (f"billed through {origin.billed_through}",) if origin.billed_through else ()
    return (f"from {origin.system} as {origin.id}", *billed)


def _item(item: Item) -> tuple[str, ...]:
    discount = (f"less {_discount(item.discount)}",) if item.discount else ()
    return (f"{item.id}: {item.description} at {item.price}", *discount, *_lines(item.lines or ()))


def _event(event: BillingEvent) -> tuple[str, ...]:
    parts = f" in {event.instalments} instalments" if event.instalments > 1 else ""
    return (
        f"{event.item}: {event.kind.value}, {event.description}: {event.amount}{parts}",
        f"from {event.first_on}",
        *_lines(event.lines if len(event.lines) > 1 else ()),
    )


def _discount(discount: Discount | None) -> str:
    if discount is None:
        return "no discount"
    off = str(discount.amount) if discount.amount is not None else f"{discount.percent} %"
    if discount.cycles is not None:
        return f"{off} for {discount.cycles} cycles" if discount.cycles > 1 else f"{off} for 1 cycle"
    return f"{off} until {discount.until}" if discount.until is not None else off


def _lines(lines: Iterable[Line]) -> tuple[str, ...]:
    return tuple(f"line {line.description} {line.value} ({line.target.company})" for line in lines)
