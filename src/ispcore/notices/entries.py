"""Which statuses a subscription has entered: by a fact, or by itself when a timed one ran out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from attrs import frozen

from ispcore.catalog import StatusPin
from ispcore.plans import facts as f

if TYPE_CHECKING:
    from ispcore.plans import Timeline
    from ispcore.timeline import Fact


@frozen
class Entered:
    """A status that was entered on a day; ``cause`` names the fact, or the day and the status."""

    status: StatusPin
    on: date
    cause: str


_TOLD = (f.StatusChanged, f.Enabled, f.Suspended, f.Resumed, f.Cancelled, f.Annulled)
_BY_HAND = (*_TOLD, f.PlanChanged, f.Transferred)


def entered_by(facts: Iterable[Fact[Any]]) -> Iterator[Entered]:
    """Yield the statuses that *facts* enter.

    What another system did is told by nobody, and neither is a change of plan, which goes on as it was.
    """
    for fact in facts:
        payload = fact.payload
        if isinstance(payload, f.Subscribed) and payload.opening.previous is None:
            yield Entered(payload.opening.status, fact.effective_on, f"#{fact.sequence}")
        elif isinstance(payload, _TOLD):
            yield Entered(payload.status, fact.effective_on, f"#{fact.sequence}")


def entered_by_itself(timeline: Timeline, since: date, through: date) -> Iterator[Entered]:
    """Yield the statuses that a subscription enters by itself after *since*, up to and with *through*."""
    given = {fact.effective_on for fact in timeline.facts if isinstance(fact.payload, _BY_HAND)}
    moments = [(span.since, span.state) for span in timeline.spans]
    end = timeline.end
    if end is not None:
        moments.append((end.on, timeline.final))
    for day, state in moments:
        moves = state.status_since == day and day not in given and day > timeline.last.started_on
        if moves and since < day <= through:
            yield Entered(state.status, day, f":{day}:{state.status.code}")
