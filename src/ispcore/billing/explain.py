"""Why a charge is what it is: as values, and as text.

Nothing is stored for it. The facts up to the charge's last one never change and the cycle's terms are
pinned, so the charge is simply computed again.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from attrs import frozen

from ispcore.billing.desired import ChargedFragment, charges_of_span
from ispcore.billing.entries import Charge, EntryKind
from ispcore.billing.instalments import lines_of
from ispcore.billing.terms import Terms
from ispcore.errors import NotFoundError
from ispcore.plans import BilledSpan, TakenUp, Timeline, fold
from ispcore.plans.facts import Sold
from ispcore.plans.kinds import OWING_NOTHING
from ispcore.timeline import Fact
from ispcore.values import Money, round_ratio

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ispcore.billing.desired import Desired
    from ispcore.values import Currency

_SHOWN_PART = 100
"""Amounts between cents are shown to the hundredth of a cent."""


@frozen
class Explanation:
    """How a charge came about.

    ``owed`` is what its key owed when it was issued; less ``issued_before`` it is the charge (a credit, where
    it is negative). ``parts`` are the cycle's fragments with their running totals and splits; a billing event
    has instalments that were *taken* up instead.
    """

    charge: Charge
    facts: tuple[Fact[Any], ...]
    terms: Terms
    owed: Money
    issued_before: Money
    parts: tuple[ChargedFragment, ...]
    taken: TakenUp | None = None

    @property
    def agrees(self) -> bool:
        """Whether computing again gives what was issued."""
        return (self.owed - self.issued_before).minor == self.charge.signed_minor


def explain(
    charge: Charge, recorded: Iterable[Fact[Any]], terms: Terms, entries: Iterable[Charge]
) -> Explanation:
    """Return how *charge* came about.

    It takes the facts that were *recorded* of the subscription, the *terms* that the charge's cycle is pinned
    to, and the entries of the books; later facts and entries are left out.

    Raises:
        NotFoundError: the charge's facts are not among those recorded.
    """
    facts = tuple(fact for fact in recorded if fact.sequence <= charge.fact)
    if not facts:
        raise NotFoundError("facts of subscription", charge.key.subscription)
    timeline = fold(facts)
    desired = _desired(timeline, terms, charge)
    mine = [entry for entry in entries if entry.key == charge.key and _order(entry) < _order(charge)]
    before = sum(entry.signed_minor for entry in mine)
    currency = charge.amount.currency
    return Explanation(
        charge=charge,
        facts=tuple(fact for fact in timeline.facts if _shapes(fact, charge)),
        terms=terms,
        owed=desired.amount if desired else Money(0, currency),
        issued_before=Money(before, currency),
        parts=desired.parts if desired else (),
        taken=desired.taken if desired else None,
    )


def explain_raised(charge: Charge, recorded: Iterable[Fact[Any]], terms: Terms) -> Explanation:
    """Return how a *charge* came about that no closing made: the fact that asked for it, if one did."""
    facts = tuple(
        fact
        for fact in recorded
        if isinstance(fact.payload, Sold) and fact.payload.sale.item == charge.key.item
    )
    nothing = Money(0, charge.amount.currency)
    return Explanation(charge, facts, terms, owed=charge.amount, issued_before=nothing, parts=())


def _desired(timeline: Timeline, terms: Terms, charge: Charge) -> Desired | None:
    days = timeline.billed_days(charge.key.cycle)
    if days is None:
        return None
    owed = charges_of_span(timeline, terms, BilledSpan(charge.key.cycle, days), charge.through)
    return next((desired for desired in owed if desired.key == charge.key), None)


def _order(charge: Charge) -> tuple[int, date]:
    return charge.fact, charge.through or date.max


def _shapes(fact: Fact[Any], charge: Charge) -> bool:
    """Tell whether *fact* was there by the charge's cycle, and is one of which something is owed."""
    before = fact.effective_on < charge.key.cycle.period.end
    return before and not isinstance(fact.payload, OWING_NOTHING)


def as_text(explanation: Explanation) -> str:
    """Return the explanation as lines for people."""
    return "\n".join(_lines(explanation))


def _lines(explanation: Explanation) -> Iterator[str]:
    charge, target = explanation.charge, explanation.charge.target
    issued_on = f"issued on {charge.issued_on:%d/%m/%Y}"
    yield f"{charge.description}: {charge.kind.value} of {charge.amount}, {issued_on}"
    yield f"  id        {charge.id}"
    yield f"  cycle     {charge.key.cycle}"
    yield f"  booked    account {target.account}, company {target.company}, document {target.document_type}"
    yield from (f"  fact      {fact}" for fact in explanation.facts)
    for part in explanation.parts:
        yield from _part_lines(part, explanation)
    if explanation.taken is not None:
        yield from _event_lines(explanation.taken, charge)
    elif charge.kind is EntryKind.RAISED:
        yield f"  raised    {charge.amount} by itself, not by a closing"
    elif not explanation.parts:
        yield "  owed      nothing of this cycle any more"
    if not explanation.issued_before.is_zero:
        difference = explanation.owed - explanation.issued_before
        yield f"  issued    {explanation.owed} owed, less {explanation.issued_before} before: {difference}"


def _event_lines(taken: TakenUp, charge: Charge) -> Iterator[str]:
    event = taken.event
    spare = f", spare cents on the {event.spare.value} ones" if event.instalments > 1 else ""
    numbers = ", ".join(map(str, taken.numbers))
    yield f"  event     {event.amount} in {event.instalments} from {event.first_on:%d/%m/%Y}{spare}"
    yield f"  taken up  {numbers} of {event.instalments}: {taken.amount}"
    for line in lines_of(taken):
        mark = "*" if line.id == charge.key.line else " "
        yield f"  line    {mark} {line.description}: {line.value}"


def _part_lines(part: ChargedFragment, explanation: Explanation) -> Iterator[str]:
    fragment, whole = part.fragment, part.weight_of
    unit, mode = fragment.price.currency, explanation.terms.policy.rounding
    discount = "" if fragment.to_pay == fragment.price else f", {fragment.to_pay} after the discount"
    share = f"{fragment.to_pay.amount} x {fragment.weight}/{whole}"
    before, after = Fraction(part.exact_before, whole), Fraction(part.exact_after, whole)
    rounded = round_ratio(part.exact_after, whole, mode)
    yield f"  fragment  {fragment.period}: {fragment.weight} of {whole}"
    yield f"  price     {fragment.price} since {fragment.price_since:%d/%m/%Y}{discount}"
    yield f"  total     {_decimal(before, unit)} + {share} = {_exact(after, unit)}"
    name, given = mode.value.replace("_", " "), _less(rounded - part.cents, part.cents, unit)
    yield f"  rounded   {name} to {Money(rounded, unit).amount}{given}"
    for one in part.shares:
        mark = "*" if one.line.id == explanation.charge.key.line else " "
        given = _less(one.charged_before, one.cents, unit)
        yield f"  line    {mark} {one.line.description}: {_exact(one.exact, unit)}{given}"


def _less(before: int, now: int, unit: Currency) -> str:
    return f", less {Money(before, unit).amount} before: {Money(now, unit)}"


def _exact(minor: Fraction, unit: Currency) -> str:
    """Show an exact amount of minor units in major ones, with its fraction where no decimal ends."""
    major = minor / 10**unit.digits  # exact: a Fraction
    if (major * _SHOWN_PART * 10**unit.digits).denominator == 1:
        return _decimal(minor, unit)
    return f"{major.numerator}/{major.denominator} = {_decimal(minor, unit)}"


def _decimal(minor: Fraction, unit: Currency) -> str:
    """Show minor units in major ones, to the hundredth of the smallest."""
    hundredths = round_ratio(minor.numerator * _SHOWN_PART, minor.denominator)
    whole, part = divmod(hundredths, _SHOWN_PART)
    plain = str(Money(whole, unit).amount)
    point = "" if unit.digits else "."
    return f"{plain}{point}{part:02d}" if part else plain
