"""What a closing reads beside the timeline, as one value that can be pinned.

A closed cycle keeps the terms that it was closed with; editing a policy, a composition or a price in the
catalogue afterwards changes no closed cycle.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Protocol

from attrs import field, frozen

from ispcore.catalog import BillingPolicy, Composition, made_for
from ispcore.errors import NotFoundError
from ispcore.values import Money

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ispcore.catalog import Catalogue
    from ispcore.plans import Cycle

RULE_VERSION = 1
"""Moves when a rule changes what it computes, so that a closed cycle says by which rules it was closed."""


@frozen
class DatedComposition:
    """A catalogue's composition since a day, made for a price."""

    since: date
    price: Money
    composition: Composition


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

    def changes(self, offer: str) -> tuple[date, ...]:
        """Return the days from which the compositions of *offer* hold."""
        return tuple(version.since for version in self.compositions.get(offer, ()))


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


def _in_cycle(catalogue: Catalogue, offer: str, cycle: Cycle) -> tuple[DatedComposition, ...]:
    versions = sorted(catalogue.offer(offer).versions, key=lambda version: version.since)
    begun = [version for version in versions if version.since < cycle.period.end] or versions[:1]
    before = [version for version in begun if version.since <= cycle.period.start]
    latest = {version.price: version for version in before}
    kept = [version for version in begun if version not in before or version is latest[version.price]]
    return tuple(DatedComposition(version.since, version.price, version.composition) for version in kept)
