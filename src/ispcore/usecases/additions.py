"""Having a command reviewed: a veto stops it, additions are decided by the rules of the core."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from ispcore.errors import IspcoreError, PolicyFailedError, VetoedError
from ispcore.plans import Setting, Timeline, decide, fold_with
from ispcore.timeline import EVERYTHING, Actor, Fact
from ispcore.usecases.review import Addition, Opinion, Review, Veto

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ispcore.usecases.desk import Writing
    from ispcore.usecases.ports import UnitOfWork
    from ispcore.values import SubscriptionId


@frozen
class Life:
    """A subscription under review: its *timeline* with the *new* facts, and what its rules look at."""

    timeline: Timeline
    new: tuple[Fact[Any], ...]
    setting: Setting

    @property
    def id(self) -> SubscriptionId:
        """Its number."""
        return self.timeline.last.id


def opinions_on(work: UnitOfWork, writing: Writing, review: Review) -> Sequence[Opinion]:
    """Return what policies want to add to a command.

    Raises:
        VetoedError: a policy forbids it; the first one that does is told.
        PolicyFailedError: a policy failed or is missing.
    """
    opinions = writing.desk.policies.review(review, work.guards)
    for opinion in opinions:
        if isinstance(opinion.said, Veto):
            raise VetoedError(opinion.said.text, rule=opinion.said.code, plugin=opinion.by.name)
    return [opinion for opinion in opinions if opinion.said]


def review_customer(work: UnitOfWork, writing: Writing, review: Review) -> None:
    """Have a command to a customer reviewed; nothing can be added to one.

    Raises:
        VetoedError, PolicyFailedError: nothing of the command is saved.
    """
    for opinion in opinions_on(work, writing, review):
        raise _failed(opinion, "it adds to a customer, and only subscriptions can be added to")


def reviewed(work: UnitOfWork, writing: Writing, review: Review, *lives: Life) -> tuple[Life, ...]:
    """Return *lives* with what policies add to a command.

    Raises:
        VetoedError, PolicyFailedError: nothing of the command is saved.
    """
    grown = {life.id: life for life in lives}
    for opinion in opinions_on(work, writing, review):
        for addition in opinion.said if isinstance(opinion.said, tuple) else ():
            if addition.subscription not in grown:
                raise _failed(opinion, f"it adds to subscription {addition.subscription}")
            life = grown[addition.subscription]
            grown[life.id] = _with_addition(writing, life, opinion, _dated(addition, review, life))
    return tuple(grown.values())


def _dated(addition: Addition, review: Review, life: Life) -> Addition:
    on = addition.on or max(review.on, life.timeline.last.started_on)
    return evolve(addition, on=on)


def _with_addition(writing: Writing, life: Life, opinion: Opinion, addition: Addition) -> Life:
    timeline = life.timeline
    try:
        # Nobody at the counter adds this, so nobody there needs the permission for it.
        entitled = Actor(life.setting.actor.id, {EVERYTHING})
        decision = decide(addition, timeline, evolve(life.setting, actor=entitled))
        events = [(event.on, event.payload) for event in decision.events]
        subject = timeline.recorded[0].subject
        new = writing.facts(subject, timeline.last_sequence, events, addition.reason, origin=opinion.by)
        return evolve(life, timeline=fold_with(timeline, new), new=(*life.new, *new))
    except IspcoreError as error:
        raise _failed(opinion, f"what it adds is refused: {error}") from error


def _failed(opinion: Opinion, why: str) -> PolicyFailedError:
    by = opinion.by
    where = f"{opinion.distribution} {by.version}".rstrip()
    return PolicyFailedError(
        f"The policy of plugin {by.name!r} ({where}) failed: {why.rstrip('.')}.",
        plugin=by.name,
        distribution=opinion.distribution,
        version=by.version,
        hint="Nothing was saved.",
    )
