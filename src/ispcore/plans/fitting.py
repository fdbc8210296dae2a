"""Whether prices can still be split into their lines after a command, on later days too.

A command is decided by the state of its own day. One that is dated back, or takes a fact back, can bring a
price and lines together on a later day that were never looked at together. What the catalogue alone made
unfit is no fault of the command.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve

from ispcore.catalog import check_lines
from ispcore.errors import RefusedError
from ispcore.plans.lines import current_lines, is_strict

if TYPE_CHECKING:
    from datetime import date

    from ispcore.catalog import Catalogue
    from ispcore.plans.items import Item
    from ispcore.plans.state import State
    from ispcore.plans.subscription import Timeline


def check_compositions(before: Timeline, after: Timeline, catalogue: Catalogue) -> None:
    """Refuse what makes *after* of *before*, if a price cannot be split on a day on which it is another.

    Days on which the subscription had ended are left out: what comes back then can be put right afterwards.

    Raises:
        RefusedError: the day, the item and the lines are named.
    """
    for span in after.spans:
        was = before.before_end(span.since)
        if was is None or (before.end is not None and before.end.on <= span.since):
            continue
        known = {item.id: item for item in was.items}
        there = (item for item in span.state.items if item.ends_on is None or item.ends_on >= span.since)
        for item in there:
            if not _is_split_as(item, known.get(item.id)):
                _check(item, span.state, span.since, catalogue)


def _is_split_as(item: Item, other: Item | None) -> bool:
    return other is not None and other == evolve(
        item, discount=other.discount, discount_since=other.discount_since, ends_on=other.ends_on
    )


def _follows(item: Item) -> bool:
    """Tell whether price and lines are of one version in the catalogue, which was checked as it was read."""
    return item.catalogue_price and item.lines is None


def _check(item: Item, state: State, day: date, catalogue: Catalogue) -> None:
    offer = catalogue.plans.get(item.offer) or catalogue.services.get(item.offer)
    if offer is None or state.policy not in catalogue.policies or _follows(item):
        return
    # The first version rules the time before it, too.
    on = max(day, min(version.since for version in offer.versions))
    try:
        check_lines(current_lines(item, catalogue, on), item.price, strict=is_strict(state, catalogue, day))
    except RefusedError as error:
        raise RefusedError(
            f"Subscription {state.id} could not be billed from {day} on, as to its item {item.id!r}:"
            f" {error.message}",
            rule=error.rule,
            hint="First change the price or the lines of that day, or retract the fact that sets them.",
        ) from error
