"""A subscription's timeline, folded: what it was on any day, with its timed moves derived.

No job makes a timed status move: the fold knows the day.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from attrs import field, frozen

from ispcore.errors import ConflictingFactsError, NotFoundError, RefusedError
from ispcore.plans.cycles import BilledSpan, Cycle, Grid, Stretch, billed_days, spans_from, stretches
from ispcore.plans.evolve import evolve
from ispcore.plans.facts import CancellationWithdrawn
from ispcore.plans.moves import next_move
from ispcore.plans.state import End, State
from ispcore.timeline import Fact, Retracted, by_day, in_force, voided_by

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ispcore.errors import IspcoreError
    from ispcore.values import Period


@frozen
class Span:
    """A state and the day from which it holds, until the next span begins."""

    since: date
    state: State


@frozen
class Timeline:
    """A folded life.

    ``spans`` show the life without its end, so that a last day can be told from what ended it; ``end``
    says when and how, also of an end that was ordered and is still to come. ``last`` is the state after the
    last fact, ``final`` the one in which it comes to rest by itself. ``stretches`` are the days billed on
    each grid of cycles.
    """

    facts: tuple[Fact[Any], ...]
    spans: tuple[Span, ...]
    last: State
    final: State
    stretches: tuple[Stretch, ...]
    recorded: tuple[Fact[Any], ...] = field(repr=False)

    @property
    def end(self) -> End | None:
        """When and how the subscription ends, if it does."""
        return self.final.end

    @property
    def last_sequence(self) -> int:
        """The sequence of the fact that was recorded last, whether it counts or not."""
        return max((fact.sequence for fact in self.recorded), default=0)

    def on(self, day: date) -> State | None:
        """Return the state at the end of *day*; None before the beginning."""
        if self.end is not None and day >= self.end.on:
            return self.final
        return self.before_end(day)

    def billed_from(self, day: date) -> Iterator[BilledSpan]:
        """Yield the billed span that holds *day* and those after it, without end."""
        return spans_from(day, self.stretches)

    def billed_on(self, day: date) -> BilledSpan:
        """Return the cycle that *day* is billed in, and its billed days."""
        return next(self.billed_from(day))

    def grid_on(self, day: date) -> Grid:
        """Return the grid of cycles that *day* is billed on."""
        return next(stretch.grid for stretch in self.stretches if day < stretch.until)

    def billed_days(self, cycle: Cycle) -> Period | None:
        """Return the billed days of *cycle*; None where it is none of this subscription's."""
        return billed_days(cycle, self.stretches)

    def before_end(self, day: date) -> State | None:
        """Return the state of *day* as if nothing had ended the subscription."""
        index = bisect_right([span.since for span in self.spans], day)
        return self.spans[index - 1].state if index else None

    def fact(self, sequence: int) -> Fact[Any]:
        """Return the recorded fact with this *sequence*, or raise NotFoundError."""
        for fact in self.recorded:
            if fact.sequence == sequence:
                return fact
        subject = self.recorded[0].subject
        raise NotFoundError(
            "fact", sequence, hint=f"{str(subject).capitalize()} has facts 1 to {self.last_sequence}."
        )


WITHDRAWING = (Retracted, CancellationWithdrawn)
"""Facts that do no more than void others."""


def fold(recorded: Iterable[Fact[Any]]) -> Timeline:
    """Return the timeline that the *recorded* facts of one subscription make.

    Raises:
        RefusedError: the facts contradict each other.
    """
    try:
        return _fold(tuple(recorded))
    except _Clash as clash:
        raise clash.error from clash


def fold_with(timeline: Timeline | None, new: Iterable[Fact[Any]]) -> Timeline:
    """Return *timeline* with *new* facts recorded, as if folded again from the beginning.

    Raises:
        RefusedError: the state of its day does not admit a new fact.
        ConflictingFactsError: another fact contradicts a new one; both are named.
    """
    fresh = tuple(new)
    try:
        if timeline is not None and _goes_on_with(timeline, fresh):
            return _folded(timeline, fresh)
        return _fold((*(timeline.recorded if timeline else ()), *fresh))
    except _Clash as clash:
        if clash.fact in fresh:
            raise clash.error from clash
        message = f"{fresh[0]} cannot be recorded, because of {clash.fact}: {clash.error.message}"
        raise ConflictingFactsError(message, new=fresh[0].id, existing=clash.fact.id) from clash


class _Clash(Exception):  # noqa: N818 - never leaves this module
    def __init__(self, fact: Fact[Any], error: IspcoreError) -> None:
        super().__init__(fact, error)
        self.fact = fact
        self.error = error


def _fold(known: tuple[Fact[Any], ...]) -> Timeline:
    facts = tuple(fact for fact in in_force(known) if not isinstance(fact.payload, WITHDRAWING))
    if not facts:
        raise RefusedError(
            "A subscription needs a fact that opens it.", rule="not-open", hint="Annul it instead."
        )
    return _lived(None, {}, facts, (facts, known))


def _goes_on_with(timeline: Timeline, fresh: tuple[Fact[Any], ...]) -> bool:
    """Tell whether *fresh* facts come after all others, void none, and find the last state unmoved."""
    before = by_day(timeline.facts[-1])
    for fact in fresh:
        if by_day(fact) <= before or fact.sequence <= timeline.last_sequence or voided_by(fact.payload):
            return False
        before = by_day(fact)
    return next_move(timeline.last) is None and not any(isinstance(one.payload, WITHDRAWING) for one in fresh)


def _folded(timeline: Timeline, fresh: tuple[Fact[Any], ...]) -> Timeline:
    """Return *timeline* gone on with *fresh* facts."""
    days = {span.since: span.state for span in timeline.spans}
    known = (*timeline.facts, *fresh), (*timeline.recorded, *fresh)
    return _lived(timeline.last, days, fresh, known)


def _lived(
    state: State | None,
    days: dict[date, State],
    facts: tuple[Fact[Any], ...],
    known: tuple[tuple[Fact[Any], ...], tuple[Fact[Any], ...]],
) -> Timeline:
    """Return the timeline after *facts*, from *state* on; *known* are all that count, and all recorded."""
    for fact in facts:
        state = _move(state, days, fact.effective_on) if state else None
        try:
            state = evolve(state, fact)
        except (RefusedError, NotFoundError) as error:
            raise _Clash(fact, error) from error
        if state.end is None:
            days[fact.effective_on] = state
    last = cast("State", state)
    final = _move(last, days, None)
    spans = tuple(Span(day, days[day]) for day in sorted(days))
    return Timeline(known[0], spans, last, final, stretches(last.grids), known[1])


def _move(state: State, days: dict[date, State], until: date | None) -> State:
    """Let *state* move by itself up to *until*, that day included, noting each move but an end in *days*."""
    while move := next_move(state):
        day, moved = move
        # An end comes after all facts of its day.
        if until is not None and (day > until or (day == until and moved.end is not None)):
            break
        state = moved
        if state.end is None:
            days[day] = state
    return state
