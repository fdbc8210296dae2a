"""A subscription's timeline, folded: what it was on any day, with its timed moves derived.

No job makes a timed status move: the fold knows the day.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from attrs import field, frozen

from ispcore.errors import ConflictingFactsError, NotFoundError, RefusedError
from ispcore.plans.evolve import evolve, next_move
from ispcore.plans.facts import TERMINAL, Deleted
from ispcore.plans.state import End, State
from ispcore.timeline import Fact, Retracted, in_force

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ispcore.errors import IspcoreError


@frozen
class Span:
    """A state and the day from which it holds, until the next span begins."""

    since: date
    state: State


@frozen
class Timeline:
    """A folded life.

    ``spans`` show the life without its end, so that a last day can be told from what ended it; ``end``
    says when and how. ``last`` is the state after the last fact; where it would move by itself from there
    is in ``spans`` only.
    """

    facts: tuple[Fact[Any], ...]
    spans: tuple[Span, ...]
    last: State
    recorded: tuple[Fact[Any], ...] = field(repr=False)

    @property
    def end(self) -> End | None:
        """When and how the subscription ended, if it did."""
        return self.last.end

    @property
    def last_sequence(self) -> int:
        """The sequence of the fact that was recorded last, whether it counts or not."""
        return max(fact.sequence for fact in self.recorded)

    def on(self, day: date) -> State | None:
        """Return the state at the end of *day*; None before the beginning."""
        if self.end is not None and day >= self.end.on:
            return self.last
        return self.before_end(day)

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
    """Return *timeline* with *new* facts recorded, folded again from the beginning.

    Raises:
        RefusedError: the state of its day does not admit a new fact.
        ConflictingFactsError: another fact contradicts a new one; both are named.
    """
    fresh = tuple(new)
    try:
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
    facts = tuple(fact for fact in in_force(known) if not isinstance(fact.payload, Retracted))
    if not facts:
        raise RefusedError(
            "A subscription needs a fact that opens it.", rule="not-open", hint="Annul it instead."
        )
    days: dict[date, State] = {}
    state: State | None = None
    for fact in facts:
        state = _move(state, days, fact.effective_on) if state else None
        try:
            state = evolve(state, fact)
        except (RefusedError, NotFoundError) as error:
            raise _Clash(fact, error) from error
        if not isinstance(fact.payload, (*TERMINAL, Deleted)):
            days[fact.effective_on] = state
    last = cast("State", state)
    _move(last, days, None)
    spans = tuple(Span(day, days[day]) for day in sorted(days))
    return Timeline(facts=facts, spans=spans, last=last, recorded=known)


def _move(state: State, days: dict[date, State], until: date | None) -> State:
    """Let *state* move by itself up to *until*, that day included, noting each move in *days*."""
    while (move := next_move(state)) and (until is None or move[0] <= until):
        day, state = move
        days[day] = state
    return state
