"""What a closing reads beside the timeline, as one value that can be pinned.

A closed cycle keeps the terms that it was closed with; editing a policy, a composition or a price in the
catalogue afterwards changes no closed cycle.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Protocol

from attrs import evolve, field, frozen

from ispcore.catalog import BillingPolicy, Composition, Existing, made_for
from ispcore.errors import NotFoundError
from ispcore.values import Money, Period, add_months

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ispcore.catalog import Catalogue
    from ispcore.plans import Cycle, Item, Timeline
    from ispcore.values import ItemId

RULE_VERSION = 1
"""Moves when a rule changes what it computes, so that a closed cycle says by which rules it was closed."""


@frozen
class DatedComposition:
    """A catalogue's composition since a day, made for a price; ``existing`` says who follows that price."""

    since: date
    price: Money
    composition: Composition
    existing: Existing = Existing.KEEP


@frozen
class Terms:
    """What one cycle is billed by: the policy, and the compositions by offer, oldest first."""

    policy: BillingPolicy
    compositions: Mapping[str, tuple[DatedComposition, ...]] = field(factory=dict)
    rule_version: int = RULE_VERSION

    def composition(self, offer: str, day: date, price: Money) -> DatedComposition:
        """Return the composition of *offer* that splits *price* on *day*.

        The latest one that was made for this price; for a price of the subscription's own the one in force.
        The earliest one rules the time before it.
        """
        versions = self.compositions.get(offer)
        if not versions:
            raise NotFoundError("composition of", offer, hint="The offer is not in the catalogue any more.")
        begun = [version for version in versions if version.since <= day] or versions[:1]
        return made_for(price, begun)

    def price(self, item: Item, day: date, cycle_start: date, started_on: date) -> tuple[Money, date]:
        """Return what *item* costs on *day* of the cycle billed from *cycle_start*, and since when.

        A price of the catalogue's follows the versions that reach existing subscriptions; one of the item's
        own, or split by lines of its own, stays.
        """
        price, since = item.price, item.price_since
        for version in self._followed(item):
            begins = version.since
            if version.existing is Existing.ANNIVERSARY:
                begins = _anniversary(started_on, version.since)
            if begins <= (day if version.existing is Existing.ANNIVERSARY else cycle_start):
                price, since = version.price, begins
        return price, since

    def anniversaries(self, item: Item, started_on: date, within: Period) -> frozenset[date]:
        """Return the days of *within* on which *item* follows a price of the catalogue's by anniversary."""
        days = (
            _anniversary(started_on, version.since)
            for version in self._followed(item)
            if version.existing is Existing.ANNIVERSARY
        )
        return frozenset(day for day in days if within.start < day < within.end)

    def follows_anniversaries(self, item: Item) -> bool:
        """Tell whether the price of *item* depends on when its subscription started."""
        return any(version.existing is Existing.ANNIVERSARY for version in self._followed(item))

    def _followed(self, item: Item) -> tuple[DatedComposition, ...]:
        """Return the versions that change the price of *item*, oldest first."""
        if not item.catalogue_price or item.lines is not None:
            return ()
        return tuple(
            version
            for version in self.compositions.get(item.offer, ())
            if version.existing is not Existing.KEEP and version.since > item.price_since
        )

    def changes(self, offer: str) -> tuple[date, ...]:
        """Return the days from which the compositions of *offer* hold."""
        return tuple(version.since for version in self.compositions.get(offer, ()))


def _anniversary(start: date, day: date) -> date:
    """Return the first anniversary of *start* on or after *day*, at the earliest after a year."""
    years = max(1, day.year - start.year)
    this_year = add_months(start, 12 * years)
    return this_year if this_year >= day else add_months(start, 12 * (years + 1))


class TermsSource(Protocol):
    """Gives the terms of a cycle: the pinned ones of a closed cycle, today's of an open one."""

    def __call__(self, cycle: Cycle, policy: str, offers: frozenset[str]) -> Terms:
        """Return the terms for *cycle* of a subscription with this *policy* and these *offers*."""
        ...


def terms_of(catalogue: Catalogue, cycle: Cycle, policy: str, offers: Iterable[str]) -> Terms:
    """Return the terms that *catalogue* gives for *cycle*: what can rule one of its days.

    An offer that the catalogue lacks is left out; it is missed only where something of it is owed.

    Raises:
        NotFoundError: the policy is not in the catalogue.
    """
    known = sorted(offer for offer in offers if offer in catalogue.plans or offer in catalogue.services)
    return Terms(
        policy=catalogue.policy(policy, cycle.period.start),
        compositions={offer: _in_cycle(catalogue, offer, cycle) for offer in known},
    )


def prices_on(timeline: Timeline, day: date, catalogue: Catalogue) -> dict[ItemId, Money]:
    """Return what each item of the subscription costs on *day* for a full cycle, less its discount.

    Raises:
        NotFoundError: the policy is not in the catalogue.
    """
    state = timeline.on(day) or timeline.last
    span = timeline.billed_on(day)
    terms = terms_of(catalogue, span.cycle, state.policy, {item.offer for item in state.items})
    prices = {}
    for item in state.items:
        price, _ = terms.price(item, day, span.days.start, state.started_on)
        prices[item.id] = evolve(item, price=price).to_pay(terms.policy.rounding)
    return prices


def _in_cycle(catalogue: Catalogue, offer: str, cycle: Cycle) -> tuple[DatedComposition, ...]:
    versions = sorted(catalogue.offer(offer).versions, key=lambda version: version.since)
    begun = [version for version in versions if version.since < cycle.period.end] or versions[:1]
    before = [version for version in begun if version.since <= cycle.period.start]
    latest = {version.price: version for version in before}
    kept = [
        version
        for version in begun
        if version not in before or version is latest[version.price] or version.existing is not Existing.KEEP
    ]
    return tuple(
        DatedComposition(version.since, version.price, version.composition, version.existing)
        for version in kept
    )
