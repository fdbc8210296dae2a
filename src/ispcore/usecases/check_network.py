"""Check that contributions follow from the facts, placements from the contributions, and claims from both."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from attrs import evolve

from ispcore.driver import claim_of
from ispcore.network import contributions, device_of, merge, placed, resources_of
from ispcore.usecases.network_stores import Claim

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from ispcore.network import Contribution, Placement
    from ispcore.plans import Timeline
    from ispcore.usecases.ports import UnitOfWork

Stale: TypeAlias = tuple[str, str, str]
"""A subject, a rule, and what was found."""

_COMPARED = ("customer", "resource", "kind", "device", "serves", "spec", "needs", "valid_until", "rules")


def stale_network(work: UnitOfWork, timelines: Sequence[Timeline], at: datetime) -> Iterator[Stale]:
    """Yield what of a customer's network does not follow, the subscriptions being those of *timelines*."""
    mine = {timeline.last.id for timeline in timelines}
    resources = {name for timeline in timelines for name in resources_of(timeline)}
    stored = work.network.contributions(mine, resources)
    if not (resources or stored):
        return
    wanted = [one for each in timelines for one in contributions(each, work.catalogue.current(), at)]
    yield from _contributions(wanted, [one for one in stored if one.subscription in mine], at)
    resources |= {one.resource for one in stored}
    standing = work.network.placements(sorted(resources))
    for resource in sorted(resources):
        its = [one for one in standing if one.resource == resource]
        yield from _placements(resource, [one for one in stored if one.resource == resource], its, at)
    yield from _claims(work, standing)


def _contributions(
    wanted: Sequence[Contribution], stored: Sequence[Contribution], at: datetime
) -> Iterator[Stale]:
    now = {(one.subscription, one.component): one for one in wanted}
    kept = {(one.subscription, one.component): one for one in stored}
    for key in sorted(now.keys() | kept.keys()):
        have, want = kept.get(key), now.get(key)
        name, ends = f"subscription {key[0]}", None if have is None else have.valid_until
        if have == want:
            continue
        has_run_out = ends is not None and ends <= at
        if has_run_out and have and want and evolve(have, valid_until=want.valid_until) == want:
            yield (
                name,
                "unsettled",
                f"{key[1]!r} cannot be as it is wanted; a tick tells why and goes on trying",
            )
        elif has_run_out:
            yield name, "tick", f"what {key[1]!r} wants has run out at {ends:%Y-%m-%d %H:%M} UTC; run a tick"
        else:
            yield name, "contribution", f"{key[1]!r} {_told(have, want)}"


def _told(have: Contribution | None, want: Contribution | None) -> str:
    if have is None:
        return "wants something, and that is not kept"
    if want is None:
        return "wants nothing, and something is kept"
    names = [name for name in _COMPARED if getattr(have, name) != getattr(want, name)]
    return f"is kept with another {', '.join(names)} than follows today; preview a resync"


def _placements(
    resource: str, asked: Sequence[Contribution], standing: Sequence[Placement], at: datetime
) -> Iterator[Stale]:
    wanted, problems = merge(resource, asked, device_of(standing))
    contradictions = [problem for problem in problems if problem.refuses]
    for problem in contradictions:
        yield f"resource {resource}", problem.rule, problem.message
    if not contradictions:
        for one in placed(resource, wanted, standing, at):
            yield f"placement {one.id}", "placement", "it does not want what its contributions do"


def _claims(work: UnitOfWork, standing: Sequence[Placement]) -> Iterator[Stale]:
    named = {Claim(one.device, claim_of(one.wanted)): one for one in standing if one.wanted is not None}
    holders = work.network.holders(named.keys())
    for claim, one in named.items():
        holder = holders.get(claim)
        if holder is None or holder.placement != one.id:
            yield f"placement {one.id}", "claim", f"it does not have {claim.name!r} on {claim.device!r}"
