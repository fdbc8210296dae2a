"""Billing many quiet subscriptions at once.

What one of them owes is computed once, and given to all that share its profile and the day up to which they
were billed. It is computed by the very function that bills every other subscription, on a life in which
nothing ever happened.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from attrs import frozen

from ispcore.billing.books import Books
from ispcore.billing.closing import ClosedCycle, close_subscription
from ispcore.billing.entries import Charge, Receivable
from ispcore.catalog import Bucket, Serves, StatusPin
from ispcore.errors import IspcoreError
from ispcore.plans import GridChange, Span, State, Timeline, stretches
from ispcore.values import ONE_DAY, CustomerId, SubscriptionId

if TYPE_CHECKING:
    from ispcore.billing.outlook import Profile
    from ispcore.billing.terms import TermsSource
    from ispcore.catalog import Catalogue

_NOBODY, _NOTHING = CustomerId(0), SubscriptionId(0)
_BILLS = StatusPin("quiet", "Quiet", Bucket.ACTIVE, bills=True, serves=Serves.FULL)
_BILLS_NOT = StatusPin("quiet", "Quiet", Bucket.INACTIVE, bills=False, serves=Serves.OFF)


@frozen
class QuietClosing:
    """What a closing appends for each subscription of a profile; subscription, customer and fact are 0.

    It holds for those that are quiet up to ``reaches``.
    """

    entries: tuple[Charge, ...]
    receivables: tuple[Receivable, ...]
    closed: tuple[ClosedCycle, ...]
    closed_through: date
    due_from: date | None
    reaches: date


def close_quiet(
    profile: Profile, since: date, catalogue: Catalogue, terms: TermsSource, on: date
) -> QuietClosing | None:
    """Return what a closing on that day appends for a subscription of *profile* billed up to *since*.

    None where it must be billed by itself: nothing is due, it cannot be billed, or its own days count.
    """
    timeline = _uneventful(profile, since)
    books = Books(timeline, closed_through=since)
    try:
        found = close_subscription(books, catalogue, terms, on)
    except IspcoreError:
        return None
    own_days = any(one.terms.follows_anniversaries(item) for one in found.closed for item in profile.items)
    if not found.closed or found.dirty_from is not None or found.closed_through is None or own_days:
        return None
    return QuietClosing(
        entries=found.entries,
        receivables=found.receivables,
        closed=found.closed,
        closed_through=found.closed_through,
        due_from=found.outlook.due_from,
        reaches=max(found.closed_through, on + ONE_DAY),
    )


def _uneventful(profile: Profile, since: date) -> Timeline:
    grids = (GridChange(date.min, profile.terms.grid, profile.move),)
    state = State(
        id=_NOTHING,
        customer=_NOBODY,
        unit=profile.unit,
        policy=profile.policy,
        started_on=since,
        status=_BILLS if profile.bills else _BILLS_NOT,
        status_since=since,
        terms=profile.terms,
        items=profile.items,
        grids=grids,
    )
    return Timeline((), (Span(since, state),), state, state, stretches(grids), ())
