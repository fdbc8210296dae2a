"""What is owed: a pure function of a timeline and the terms of its cycles.

Within a cycle an item keeps an exact running total, the sum of price times weight over the weight of the
cycle. A fragment is charged the difference of the rounded totals after and before it, so fragments that fill
a cycle sum to its price and no cent appears or is lost.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING

from attrs import frozen

from ispcore.billing.instalments import lines_of
from ispcore.billing.owed import Fragment, fragments, item_runs
from ispcore.billing.split import hand_out
from ispcore.billing.weights import whole_weight
from ispcore.catalog import Line
from ispcore.plans import BilledSpan, Cycle, TakenUp, taken_up
from ispcore.values import ONE_DAY, ItemId, LineId, Money, Period, SubscriptionId, round_ratio

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ispcore.billing.terms import Terms, TermsSource
    from ispcore.plans import Item, Timeline


@frozen(order=True)
class ChargeKey:
    """What makes a charge the same one in every run: who owes it, for which line and cycle, to which company.

    A line that another company takes over is credited by the one and charged by the other.
    """

    subscription: SubscriptionId
    item: ItemId
    line: LineId
    company: str
    cycle: Cycle


@frozen
class Share:
    """What one line owes of one fragment: its exact running total after it, the cents before and now.

    The exact total is so many parts (``exact_parts``), ``parts_of`` of which make a minor unit.
    """

    line: Line
    exact_parts: int
    parts_of: int
    charged_before: int
    cents: int

    @property
    def exact(self) -> Fraction:
        """The exact running total in minor units."""
        return Fraction(self.exact_parts, self.parts_of)


@frozen
class ChargedFragment:
    """A fragment with its running totals (in minor units) and its split.

    ``weight_of`` is the weight of the whole cycle; ``exact_before`` and ``exact_after`` are numerators
    over it.
    """

    fragment: Fragment
    weight_of: int
    exact_before: int
    exact_after: int
    cents: int
    shares: tuple[Share, ...]


@frozen
class Desired:
    """What one line owes for one cycle, and how it came about: by days, or as instalments *taken* up."""

    key: ChargeKey
    amount: Money
    line: Line
    parts: tuple[ChargedFragment, ...]
    taken: TakenUp | None = None


def desired_charges(timeline: Timeline, terms: TermsSource, spans: Iterable[BilledSpan]) -> Iterator[Desired]:
    """Yield what *timeline* owes for each of its billed *spans*, by item and line.

    Raises:
        RefusedError: a composition exceeds its price.
        NotFoundError: the catalogue lacks what the timeline names.
    """
    for span in spans:
        used = terms(span.cycle, policy_name(timeline, span.cycle), offers(timeline, span.cycle))
        yield from charges_of_span(timeline, used, span)


def charges_of_cycle(timeline: Timeline, terms: Terms, cycle: Cycle) -> tuple[Desired, ...]:
    """Return what *timeline* owes for *cycle* under *terms*; nothing where it is none of its cycles."""
    days = timeline.billed_days(cycle)
    return () if days is None else charges_of_span(timeline, terms, BilledSpan(cycle, days))


def charges_of_span(
    timeline: Timeline, terms: Terms, span: BilledSpan, through: date | None = None
) -> tuple[Desired, ...]:
    """Return what *timeline* owes for the billed days of a cycle, only those up to *through* where given."""
    days = span.days if through is None else Period(span.days.start, min(span.days.end, through + ONE_DAY))
    runs: dict[ItemId, list[tuple[Period, Item]]] = {}
    for run, item in item_runs(timeline, terms.policy, days):
        runs.setdefault(item.id, []).append((run, item))
    whole = whole_weight(span.cycle.period, timeline.last.terms.grid.every, terms.policy.day_count)
    owed: list[Desired] = []
    for item_id, mine in runs.items():
        parts = charged_fragments(fragments(mine, terms, span, timeline), terms, whole)
        owed += _by_line(timeline.last.id, item_id, span.cycle, parts)
    if timeline.last.events:
        owed += _instalments(timeline, span, through)
    return tuple(owed)


def _instalments(timeline: Timeline, span: BilledSpan, through: date | None) -> Iterator[Desired]:
    for taken in taken_up(timeline, span, through):
        for line in lines_of(taken):
            key = ChargeKey(timeline.last.id, taken.event.item, line.id, line.target.company, span.cycle)
            yield Desired(key, line.value, line, (), taken)


def offers(timeline: Timeline, cycle: Cycle) -> frozenset[str]:
    """Return the codes of the offers that the subscription had until *cycle* ends."""
    spans = [span for span in timeline.spans if span.since < cycle.period.end]
    return frozenset(item.offer for span in spans for item in span.state.items)


def policy_name(timeline: Timeline, cycle: Cycle) -> str:
    """Return the name of the policy that rules *cycle*."""
    state = timeline.before_end(cycle.period.start)
    return (state or timeline.last).policy


def charged_fragments(found: Sequence[Fragment], terms: Terms, whole: int) -> tuple[ChargedFragment, ...]:
    """Return the fragments of one item with their running totals and the split into lines.

    *whole* is the weight of the whole cycle.
    """
    exact, charged = 0, 0
    # All lines count in parts of one size, whatever the prices of the fragments.
    prices = lcm(*(fragment.price.minor or 1 for fragment in found))
    exact_lines: dict[LineId, int] = {}
    charged_lines: dict[LineId, int] = {}
    parts: list[ChargedFragment] = []
    for fragment in found:
        after = exact + fragment.to_pay.minor * fragment.weight
        cents = round_ratio(after, whole, terms.policy.rounding) - charged
        ratio = fragment.to_pay.minor * fragment.weight * (prices // (fragment.price.minor or 1))
        shares = _shares(fragment, cents, (ratio, prices * whole), exact_lines, charged_lines)
        parts.append(ChargedFragment(fragment, whole, exact, after, cents, shares))
        exact, charged = after, charged + cents
    return tuple(parts)


def _shares(
    fragment: Fragment,
    cents: int,
    ratio: tuple[int, int],
    exact: dict[LineId, int],
    charged: dict[LineId, int],
) -> tuple[Share, ...]:
    """Split *cents* over the fragment's lines and note the new running totals in *exact* and *charged*.

    A line owes of its value the *ratio*: parts, and how many of them make a whole.
    """
    lines, (times, parts_of) = fragment.lines, ratio
    for line in lines:
        exact[line.id] = exact.get(line.id, 0) + line.value.minor * times
    behind = [exact[line.id] - charged.get(line.id, 0) * parts_of for line in lines]
    shares = []
    for line, share in zip(lines, hand_out(cents, behind, parts_of), strict=True):
        before = charged.get(line.id, 0)
        shares.append(Share(line, exact[line.id], parts_of, before, share))
        charged[line.id] = before + share
    return tuple(shares)


def _by_line(
    subscription: SubscriptionId, item: ItemId, cycle: Cycle, parts: tuple[ChargedFragment, ...]
) -> Iterator[Desired]:
    lines: dict[tuple[LineId, str], Line] = {}
    cents: dict[tuple[LineId, str], int] = {}
    mine: dict[tuple[LineId, str], list[ChargedFragment]] = {}
    for part in parts:
        for share in part.shares:
            name = share.line.id, share.line.target.company
            lines[name] = share.line
            cents[name] = cents.get(name, 0) + share.cents
            mine.setdefault(name, []).append(part)
    for name, line in lines.items():
        key = ChargeKey(subscription, item, *name, cycle)
        yield Desired(key, Money(cents[name], line.value.currency), line, tuple(mine[name]))
