"""What is to be done with one placement of a batch: where to look, and what to change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from attrs import frozen

from ispcore.driver import Change, PlacementId, Resource, Seen, Spec
from ispcore.effects.protocol import flags
from ispcore.effects.work import Done, Work


@frozen
class Plan:
    """A placement with what is to stand there, as the device would read it back, and names to look under."""

    work: Work
    after: Spec | None
    name: str | None
    """The claim under which it is to stand."""
    names: Mapping[str, tuple[str, Spec]]
    """By what the device calls it: our claim, and a resource to ask with."""

    def asked(self) -> Iterator[Resource]:
        """Yield what the device is asked for: one thing for each name."""
        for claim, spec in self.names.values():
            key = self.work.key if spec is self.work.applied or claim == self.name else None
            yield Resource(self.work.id, self.work.generation, spec, key)

    def target(self, before: Seen | None) -> Resource:
        """Return what a change is about."""
        spec = self.after or (before.spec if before is not None else None)
        assert spec is not None  # noqa: S101 - something is to be made or deleted
        key = before.key if before is not None else self.work.key
        return Resource(self.work.id, self.work.generation, spec, key)

    def done(self, seen: Seen | None, found: Mapping[str, Seen] | None = None) -> Done:
        """Return that it stands; what was *found* so, and not written now, may be ours by its mark alone."""
        return Done(
            work=self.work,
            spec=self.after,
            key=None if seen is None else seen.key,
            claim=self.name,
            claims={} if found is None else flags(self.work, found, writing=None),
        )

    @property
    def should_be_found(self) -> bool:
        """Whether something of it stands, as far as we know."""
        work = self.work
        return work.applied is not None and work.wanted is not None and not work.in_doubt


@frozen
class Step:
    """A change of one placement that is to be written; *partial* where more is to be done afterwards."""

    plan: Plan
    change: Change
    found: Mapping[str, Seen]
    partial: bool

    @property
    def writes(self) -> str | None:
        """The claim under which something is made to stand."""
        return self.plan.name if self.change.after is not None else None

    def flags(self, *, wrote: bool) -> dict[str, bool]:
        """Return all flags of its claims after a write that may have happened, or surely has not."""
        work = self.plan.work
        changed = flags(work, self.found, writing=self.writes if wrote else None)
        return {**work.claims, **changed}


@frozen
class Open:
    """A placement that got no answer."""

    work: Work
    step: Step | None = None

    def claims(self, *, wrote: bool) -> Mapping[str, bool]:
        """Return the flags of its claims."""
        return {} if self.step is None else self.step.flags(wrote=wrote)


def unanswered(waiting: Mapping[PlacementId, Step]) -> list[Open]:
    """Return those that got no answer."""
    return [Open(step.plan.work, step) for step in waiting.values()]


class PluginError(Exception):
    """A driver failed in a way that no driver should."""

    def __init__(self, call: str, error: Exception | str) -> None:
        """Say what failed, and in which call."""
        told = error if isinstance(error, str) else f"{call} raised {type(error).__name__}: {error}"
        super().__init__(told)
