"""A subscription's life as the network sees it: stages, each with what is served from an instant on."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from ispcore.catalog import Serves, Speed
from ispcore.network.instants import start_of, zone_of
from ispcore.plans import Component, EndKind
from ispcore.plans.facts import Cancelled
from ispcore.values import ONE_DAY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ispcore.catalog import Catalogue
    from ispcore.plans import State, Timeline
    from ispcore.values import ComponentId

_UTC = "UTC"


@frozen
class Stage:
    """What is served from ``since`` on.

    ``removed_on`` is the day of the end, ``grace_is_over`` tells whether what was kept after it may go.
    """

    since: date
    serves: Serves
    components: tuple[Component, ...]
    plan_speed: Speed | None
    removed_on: date | None = None
    grace_is_over: bool = False

    def component(self, component_id: ComponentId) -> Component | None:
        """Return the component of that id, if there is one then."""
        return next((one for one in self.components if one.id == component_id), None)


@frozen
class Life:
    """The stages of a subscription, and the instants at which they begin."""

    zone: tzinfo
    stages: tuple[Stage, ...]
    starts: tuple[datetime, ...]

    def at(self, moment: datetime) -> Stage | None:
        """Return the stage of that moment; None before the first."""
        index = bisect_right(self.starts, moment)
        return self.stages[index - 1] if index else None

    def from_on(self, moment: datetime) -> tuple[Stage, ...]:
        """Return the stage of that moment and those after it."""
        return self.stages[max(0, bisect_right(self.starts, moment) - 1) :]


def life_of(timeline: Timeline, catalogue: Catalogue) -> Life:
    """Return the life of *timeline*, with the speeds and the grace time of *catalogue*.

    Its days are those of the unit that it comes to in the end.
    """
    unit = catalogue.units.get(timeline.last.unit)
    zone = zone_of(_UTC if unit is None else unit.zone)
    stages = tuple(_with_grace(_stages(timeline, catalogue), timedelta(days=catalogue.network.grace_days)))
    return Life(zone, stages, tuple(start_of(stage.since, zone) for stage in stages))


def _stages(timeline: Timeline, catalogue: Catalogue) -> list[Stage]:
    """Return a stage for each state, and one for the end."""
    end = _end(timeline)
    living = [span for span in timeline.spans if end is None or span.since < end]
    found: list[Stage] = []
    for span in living:
        stage = _stage(span.since, span.state, span.state.serves, catalogue)
        removed = found[-1].removed_on if found else None
        found.append(evolve(stage, removed_on=(removed or span.since) if _is_removed(stage) else None))
    if end is not None:
        state = timeline.before_end(end) or timeline.spans[0].state
        removed = found[-1].removed_on if found else None
        found.append(evolve(_stage(end, state, Serves.REMOVED, catalogue), removed_on=removed or end))
    return found


def _is_removed(stage: Stage) -> bool:
    return stage.serves is Serves.REMOVED


def _stage(since: date, state: State, serves: Serves, catalogue: Catalogue) -> Stage:
    plan = catalogue.plans.get(state.temporary.plan if state.temporary else state.plan.offer)
    return Stage(since, serves, state.components, None if plan is None else plan.speed)


def _end(timeline: Timeline) -> date | None:
    """Return the first day that is not served; one that was ordered comes when its day is over."""
    if timeline.end is None:
        return None
    by_hand = any(isinstance(fact.payload, Cancelled) for fact in timeline.facts)
    ordered = timeline.end.kind is EndKind.CANCELLED and not by_hand
    return timeline.end.on + ONE_DAY if ordered else timeline.end.on


def _with_grace(stages: list[Stage], grace: timedelta) -> Iterator[Stage]:
    """Yield *stages*, each that is removed followed by what it is when its grace time is over."""
    following = [*(stage.since for stage in stages[1:]), date.max]
    for stage, until in zip(stages, following, strict=True):
        over = None if stage.removed_on is None else stage.removed_on + grace
        if over is not None and over <= stage.since:
            yield evolve(stage, grace_is_over=True)
            continue
        yield stage
        if over is not None and over < until:
            yield evolve(stage, since=over, grace_is_over=True)
