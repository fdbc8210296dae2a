"""How entries came about, as the rows of a panel: what `ispcore explain` tells, in the page's words.

A panel explains everything that was issued at once for an item and a cycle, as the lines share its cents.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from attrs import frozen

from ispcore.billing import ChargedFragment, Explanation, ReceivableState
from ispcore.pages.life import Entry, Life
from ispcore.pages.words import MINUS, amount, day, decimal, exact, plain_words, said, with_currency
from ispcore.plans import is_event
from ispcore.values import Money, round_ratio, total

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ispcore.timeline import Fact
    from ispcore.values import Currency, ItemId, Period


@frozen
class EntryRow:
    """One entry of a panel: what it is for, its amount, how that differs from before, and where it stands."""

    name: str
    amount: str
    difference: str
    receive: str
    booked: str
    id: str


@frozen
class LineRow:
    """What one line of a composition takes of a fragment."""

    name: str
    total: str
    before: str
    behind: str
    part: str


@frozen
class PartRow:
    """One fragment: its days and price, and the sum from the total before to the cents now."""

    days: str
    price: str
    total: str
    rounded: str
    part: str
    lines: tuple[LineRow, ...]


@frozen
class Panel:
    """The explanation of what was issued at once."""

    anchor: str
    heading: str
    cycle: str
    facts: str
    entries: tuple[EntryRow, ...]
    parts: tuple[PartRow, ...]


def panels(life: Life) -> tuple[Panel, ...]:
    """Return the panels that explain the entries of *life*."""
    issues: dict[str, list[Entry]] = {}
    for entry in life.entries:
        issues.setdefault(entry.anchor, []).append(entry)
    return tuple(_panel(issued, life.names) for issued in issues.values())


def _panel(issued: list[Entry], names: Mapping[ItemId, str]) -> Panel:
    first = issued[0]
    charge, unit = first.charge, first.charge.amount.currency
    whole = total([Money(entry.charge.signed_minor, unit) for entry in issued], unit)
    parts: dict[Period, ChargedFragment] = {}
    for entry in issued:
        parts.update((part.fragment.period, part) for part in entry.explanation.parts)
    kind, size = ("Credit", -whole) if whole.minor < 0 else ("Charge", whole)
    facts = "; ".join(_fact(fact, names) for fact in first.explanation.facts)
    return Panel(
        anchor=first.anchor,
        heading=f"{kind} of {with_currency(size)}, issued on {day(charge.issued_on)}",
        cycle=str(charge.key.cycle.period),
        facts=facts or "none in this cycle any more",
        entries=tuple(_entry(entry) for entry in issued),
        parts=tuple(_part(part, first.explanation) for _, part in sorted(parts.items())),
    )


def _fact(fact: Fact[object], names: Mapping[ItemId, str]) -> str:
    return f"{said(fact, names)} {day(fact.effective_on)} (fact {fact.sequence})"


def _entry(entry: Entry) -> EntryRow:
    charge, target = entry.charge, entry.charge.target
    return EntryRow(
        name=charge.description,
        amount=with_currency(charge.amount, signed=entry.state == "credit"),
        difference=_difference(entry.explanation),
        receive="" if entry.state == "credit" else to_receive(entry),
        booked=f"account {target.account}, {target.company}, {target.document_type}",
        id=str(charge.id),
    )


def to_receive(entry: Entry) -> str:
    """Return when an entry is due, and what became of it."""
    if entry.balance is None:
        return "credit" if entry.state == "credit" else "nothing to receive"
    balance, state = entry.balance, entry.balance.state
    told = [f"due {day(balance.receivable.due_on)} by {balance.receivable.charge_method}"]
    if state is ReceivableState.PARTLY_PAID:
        told.append(f"{with_currency(balance.paid)} paid")
    if not balance.credited.is_zero and state is not ReceivableState.CANCELLED:
        told.append(f"{with_currency(balance.credited)} credited")
    return ", ".join([*told, plain_words(state.value)])


def days_used(entry: Entry) -> str:
    """Return the owed days of the cycle's days; a one-off and an instalment are owed once."""
    charge = entry.charge
    if is_event(charge.key.item):
        return "once"
    once = charge.weight == charge.weight_of and charge.days < charge.days_of
    return "once" if once else f"{charge.days} of {charge.days_of}"


def _part(part: ChargedFragment, explanation: Explanation) -> PartRow:
    fragment, whole = part.fragment, part.weight_of
    unit, mode = fragment.price.currency, explanation.terms.policy.rounding
    discount = "" if fragment.to_pay == fragment.price else f", {amount(fragment.to_pay)} after the discount"
    before, after = Fraction(part.exact_before, whole), Fraction(part.exact_after, whole)
    rounded = round_ratio(part.exact_after, whole, mode)
    share = f"{amount(fragment.to_pay)} × {fragment.weight}/{whole}"
    earlier = amount(Money(rounded - part.cents, unit))
    return PartRow(
        days=f"{fragment.period} ({fragment.weight} of {whole})",
        price=f"{with_currency(fragment.price)} since {day(fragment.price_since)}{discount}",
        total=f"{decimal(before, unit)} + {share} = {exact(after, unit)}",
        rounded=f"{plain_words(mode.value)} {amount(Money(rounded, unit))} {MINUS} {earlier} before",
        part=amount(Money(part.cents, unit)),
        lines=tuple(_lines(part, unit)),
    )


def _lines(part: ChargedFragment, unit: Currency) -> Iterator[LineRow]:
    for share in part.shares:
        yield LineRow(
            name=share.line.description,
            total=exact(share.exact, unit),
            before=amount(Money(share.charged_before, unit)),
            behind=decimal(share.exact - share.charged_before, unit),
            part=amount(Money(share.cents, unit)),
        )


def _difference(explanation: Explanation) -> str:
    owed, before = explanation.owed, explanation.issued_before
    if before.is_zero:
        return ""
    return f"{amount(owed)} owed {MINUS} {amount(before)} issued before"
