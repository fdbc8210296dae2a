"""What is owed: a pure function of a timeline and the terms of its cycles.

Within a cycle an item keeps an exact running total, the sum of price times weight over the weight of the
cycle. A fragment is charged the difference of the rounded totals after and before it, so fragments that fill
a cycle sum to its price and no cent appears or is lost.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from attrs import frozen

from ispcore.billing.owed import Fragment, fragments, item_runs
from ispcore.billing.split import hand_out
from ispcore.catalog import Line
from ispcore.plans import Cycle
from ispcore.values import ItemId, LineId, Money, SubscriptionId, round_ratio

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ispcore.billing.terms import Terms, TermsSource
    from ispcore.plans import Item, Timeline
    from ispcore.values import Period


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
    """What one line owes of one fragment: its exact running total after it, the cents before and now."""

    line: Line
    exact: Fraction
    charged_before: int
    cents: int


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
    """What one line owes for one cycle, and how it came about."""

    key: ChargeKey
    amount: Money
    line: Line
    parts: tuple[ChargedFragment, ...]


def desired_charges(timeline: Timeline, terms: TermsSource, cycles: Iterable[Cycle]) -> Iterator[Desired]:
    """Yield what *timeline* owes for each of *cycles*, by item and line.

    Raises:
        RefusedError: a composition exceeds its price.
        NotFoundError: the catalogue lacks what the timeline names.
    """
    for cycle in cycles:
        used = terms(cycle, policy_name(timeline, cycle), offers(timeline, cycle))
        yield from charges_of_cycle(timeline, used, cycle)


def charges_of_cycle(timeline: Timeline, terms: Terms, cycle: Cycle) -> tuple[Desired, ...]:
    """Return what *timeline* owes for *cycle* under *terms*."""
    runs: dict[ItemId, list[tuple[Period, Item]]] = {}
    for run, item in item_runs(timeline, terms.policy, cycle.period):
        runs.setdefault(item.id, []).append((run, item))
    owed: list[Desired] = []
    for item_id, mine in runs.items():
        parts = charged_fragments(fragments(mine, terms, cycle.period), terms, cycle)
        owed += _by_line(timeline.last.id, item_id, cycle, parts)
    return tuple(owed)


def offers(timeline: Timeline, cycle: Cycle) -> frozenset[str]:
    """Return the codes of the offers that the subscription had until *cycle* ends."""
    spans = [span for span in timeline.spans if span.since < cycle.period.end]
    return frozenset(item.offer for span in spans for item in span.state.items)


def policy_name(timeline: Timeline, cycle: Cycle) -> str:
    """Return the name of the policy that rules *cycle*."""
    state = timeline.before_end(cycle.period.start)
    return (state or timeline.last).policy


def charged_fragments(found: Iterable[Fragment], terms: Terms, cycle: Cycle) -> tuple[ChargedFragment, ...]:
    """Return the fragments of one item with their running totals and the split into lines."""
    whole = cycle.period.days
    exact, charged = 0, 0
    exact_lines: dict[LineId, Fraction] = {}
    charged_lines: dict[LineId, int] = {}
    parts: list[ChargedFragment] = []
    for fragment in found:
        after = exact + fragment.to_pay.minor * fragment.weight
        cents = round_ratio(after, whole, terms.policy.rounding) - charged
        shares = _shares(fragment, whole, cents, exact_lines, charged_lines)
        parts.append(ChargedFragment(fragment, whole, exact, after, cents, shares))
        exact, charged = after, charged + cents
    return tuple(parts)


def _shares(
    fragment: Fragment, whole: int, cents: int, exact: dict[LineId, Fraction], charged: dict[LineId, int]
) -> tuple[Share, ...]:
    """Split *cents* over the fragment's lines and note the new running totals in *exact* and *charged*."""
    lines, price = fragment.lines, fragment.price.minor
    for line in lines:
        part = (
            Fraction(line.value.minor * fragment.to_pay.minor * fragment.weight, price * whole)
            if price
            else 0
        )
        exact[line.id] = exact.get(line.id, Fraction(0)) + part
    given = hand_out(cents, [exact[line.id] - charged.get(line.id, 0) for line in lines])
    shares = []
    for line, share in zip(lines, given, strict=True):
        before = charged.get(line.id, 0)
        shares.append(Share(line, exact[line.id], before, share))
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
