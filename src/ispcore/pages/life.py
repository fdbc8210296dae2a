"""A life as it is drawn: its entries, what moved by itself, and the stretches that it is made of."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

from attrs import frozen

from ispcore.billing import Charge, ChargedFragment, EntryKind, Explanation, ReceivableBalance
from ispcore.catalog import Serves, TrialKind
from ispcore.pages.money import Money
from ispcore.pages.network import Wire
from ispcore.plans import State, Timeline
from ispcore.values import ItemId, Period

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


@frozen
class Entry:
    """A charge or credit with its explanation and its receivable.

    ``anchor`` names the panel that explains it, with all that was issued for the same item, cycle and fact.
    """

    anchor: str
    charge: Charge
    explanation: Explanation
    balance: ReceivableBalance | None

    @property
    def state(self) -> str:
        """What became of it: a receivable's state, or ``credit``; a charge of nothing is ``paid``."""
        if self.charge.kind is EntryKind.CREDIT:
            return "credit"
        return self.balance.state.value if self.balance else "paid"


@frozen
class Life:
    """A subscription to be drawn: its timeline, what was issued, and the last day to show.

    ``since`` is an earlier day to begin with, so that pictures of one customer begin together; ``wires`` are
    what it has on the network, ``money`` are its slips.
    """

    timeline: Timeline
    entries: tuple[Entry, ...]
    until: date
    since: date | None = None
    wires: tuple[Wire, ...] = ()
    money: Money = Money()

    @property
    def begins(self) -> date:
        """The first day that is known here."""
        return self.timeline.spans[0].since

    @property
    def names(self) -> dict[ItemId, str]:
        """What the items are called, in the order in which they came."""
        states = [span.state for span in self.timeline.spans]
        named = {item.id: item.description for state in states for item in state.items}
        return named | {event.item: event.description for state in states for event in state.events}

    @property
    def period(self) -> Period:
        """The days from the first one to show to the last."""
        return Period.through(min(self.begins, self.since or self.begins), max(self.begins, self.until))


def timed_moves(timeline: Timeline) -> Iterator[tuple[date, str]]:
    """Yield what moved by itself: statuses, holds that ended, and the trial's end."""
    days = {fact.effective_on for fact in timeline.facts}
    end = timeline.end.on if timeline.end else date.max
    free = timeline.last.free_until
    if free is not None and timeline.last.started_on < free < end:
        yield free, "trial over"
    for before, after in pairwise(timeline.spans):
        if after.since in days or after.since >= end:
            continue
        for hold in before.state.holds:
            if hold not in after.state.holds:
                yield after.since, f"no longer {hold.kind.value}"
        if after.state.status != before.state.status:
            yield after.since, after.state.status.description


def stretches(timeline: Timeline, until: date) -> tuple[tuple[Period, str, str], ...]:
    """Return the life up to *until* in stretches, each with its kind and its words.

    The kinds are ``on`` (served and billed), ``free`` (a trial), ``off`` (not billed) and ``held`` (billed,
    and served less).
    """
    found: list[tuple[Period, str, str]] = []
    for period, kind, words in _short_stretches(timeline, until):
        if found and found[-1][1:] == (kind, words) and found[-1][0].end == period.start:
            found[-1] = Period(found[-1][0].start, period.end), kind, words
        else:
            found.append((period, kind, words))
    return tuple(found)


def _short_stretches(timeline: Timeline, until: date) -> Iterator[tuple[Period, str, str]]:
    end = min(until, timeline.end.on) if timeline.end else until
    starts = [span.since for span in timeline.spans]
    free = timeline.last.free_until or date.min
    for span, ends in zip(timeline.spans, [*starts[1:], end], strict=True):
        last = min(ends, end)
        cuts = [span.since, *([free] if span.since < free < last else []), last]
        for begin, stop in pairwise(cuts):
            if begin < stop:
                yield Period(begin, stop), *_served(span.state, free=begin < free)


def _served(state: State, *, free: bool) -> tuple[str, str]:
    held = ", ".join(hold.kind.value for hold in state.holds)
    if state.provisional_until is not None:
        held = "enabled provisionally"
    words = held or state.status.description
    trying = state.trial.kind is TrialKind.STATUS and state.status.code == state.trial.status
    if (free or trying) and not held:
        return "free", words if trying else "trial"
    if not state.bills:
        return "off", words
    return ("held" if state.serves is not Serves.FULL else "on"), words


def owed_in(entries: Iterable[Entry]) -> tuple[ChargedFragment, ...]:
    """Return the fragments that one item owes in one cycle, as the latest of its *entries* tell them."""
    found: list[ChargedFragment] = []
    for entry in sorted(entries, key=lambda entry: -entry.charge.fact):
        for part in entry.explanation.parts:
            if not any(part.fragment.period.overlap(one.fragment.period) for one in found):
                found.append(part)
    return tuple(sorted(found, key=lambda one: one.fragment.period))
