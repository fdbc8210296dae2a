"""Facts that no command of a subscription leaves: they come from the combo that it is in."""

from datetime import date
from typing import Any

from ispcore.plans import Event, Timeline, fold_with
from tests.catalogues import facts_of, setting


def with_facts(timeline: Timeline, on: date, *payloads: Any) -> Timeline:
    """Return *timeline* with facts of *payloads* on a day."""
    events = [Event(on, payload) for payload in payloads]
    return fold_with(timeline, facts_of(events, after=timeline.last_sequence, at=setting(on)))
