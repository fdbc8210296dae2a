"""Checks that look at several entries of a catalogue: strict prices, trials, cities, and the statuses' ways.

They note problems and never raise. A list of statuses must let a subscription reach the enabled one: no loop
of timed statuses, no dead end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ispcore.catalog.policies import TrialKind, policy_on
from ispcore.catalog.pools import overlapping
from ispcore.catalog.roles import check_roles
from ispcore.catalog.statuses import Bucket, Role
from ispcore.errors import RefusedError
from ispcore.values import Problem, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ispcore.catalog.catalogue import Catalogue
    from ispcore.catalog.offers import Plan, Version
    from ispcore.catalog.policies import DatedPolicy
    from ispcore.catalog.statuses import Status
    from ispcore.catalog.units import BusinessUnit
    from ispcore.values import Notes

_LONGEST_CHAIN = 20


def check_catalogue(catalogue: Catalogue, notes: Notes) -> None:
    """Note what is wrong between the readable entries of *catalogue*."""
    readable = not any(problem.place.startswith(("statuses", "use_statuses")) for problem in notes.problems)
    notes.problems += [
        *_shared_codes(catalogue),
        *_strict_prices(catalogue),
        *_untimed_trials(catalogue),
        *_untold_stages(catalogue),
        *_shared_cities(catalogue.units.values()),
        *overlapping(catalogue.pools.values()),
        *check_roles(catalogue.roles),
        *(_missing_roles(catalogue.statuses.values()) if readable else ()),
        *check_statuses(catalogue.statuses),
    ]


def _shared_codes(catalogue: Catalogue) -> Iterator[Problem]:
    for code in catalogue.services:
        if code in catalogue.plans:
            yield Problem(f"services.{code}", f"A plan is called {code!r} too.", "Choose another code.")


def _strict_prices(catalogue: Catalogue) -> Iterator[Problem]:
    for plan in catalogue.plans.values():
        policies = catalogue.policies.get(plan.policy, ())
        for number, version in enumerate(plan.versions):
            if _is_strict(policies, version, plan):
                try:
                    version.composition.of_price(version.price, strict=True)
                except RefusedError as error:
                    yield Problem(f"plans.{plan.code}.versions[{number}].lines", error.message, error.hint)


def _is_strict(policies: tuple[DatedPolicy, ...], version: Version, plan: Plan) -> bool:
    """Tell whether a strict policy rules any day of *version*."""
    if not policies:
        return False
    end = min((other.since for other in plan.versions if other.since > version.since), default=None)
    begun = [policy.since for policy in policies if policy.since is not None and policy.since > version.since]
    days = [version.since, *(day for day in begun if end is None or day < end)]
    return any(policy_on(policies, day).strict_composition for day in days)


def _untimed_trials(catalogue: Catalogue) -> Iterator[Problem]:
    for name, versions in catalogue.policies.items():
        for number, version in enumerate(versions):
            trial = version.policy.trial
            status = catalogue.statuses.get(trial.status or "")
            if trial.kind is TrialKind.STATUS and status is not None and status.days is None:
                dated = "" if version.since is None else f".versions[{number}]"
                yield Problem(
                    f"policies.{name}{dated}.trial.status",
                    f"The status {status.code!r} never ends, so it is no trial.",
                    "Give it 'days' and 'next'.",
                )


def _untold_stages(catalogue: Catalogue) -> Iterator[Problem]:
    known = catalogue.notices.templates
    for name, versions in catalogue.late.items():
        for number, version in enumerate(versions):
            dated = "" if version.since is None else f".versions[{number}]"
            for at, stage in enumerate(version.policy.stages):
                if stage.template is not None and stage.template not in known:
                    place = f"late.{name}{dated}.stages[{at}].template"
                    message = f"There is no template {stage.template!r} of a notice."
                    yield Problem(place, message, suggestion(stage.template, known))


def _shared_cities(units: Iterable[BusinessUnit]) -> Iterator[Problem]:
    owners: dict[str, str] = {}
    for unit in units:
        for city in sorted(unit.cities):
            owner = owners.setdefault(city.casefold(), unit.code)
            if owner != unit.code:
                message = f"The city {city!r} belongs to the business unit {owner!r} already."
                yield Problem(f"units.{unit.code}.cities", message, "A city has one business unit.")


def _missing_roles(statuses: Iterable[Status]) -> Iterator[Problem]:
    played = {status.role for status in statuses}
    for role in Role:
        if role not in played:
            yield Problem(
                "statuses",
                f"No status has the role {role.value!r}.",
                'Give it to one, or begin with a shipped list: use_statuses = "integrator".',
            )


def check_statuses(statuses: Mapping[str, Status]) -> Iterator[Problem]:
    """Yield what is wrong with each of *statuses* and with the ways between them."""
    yield from _doubled_roles(statuses.values())
    for status in statuses.values():
        yield from _contradictions(status)
        yield from _dead_end(status)
    yield from _loops(statuses)
    yield from _long_chains(statuses)
    yield from _no_way_to_enabled(statuses)


def _doubled_roles(statuses: Iterable[Status]) -> Iterator[Problem]:
    players: dict[Role, str] = {}
    for status in statuses:
        if status.role is not None and players.setdefault(status.role, status.code) != status.code:
            yield Problem(
                f"statuses.{status.code}.role",
                f"The status {players[status.role]!r} has the role {status.role.value!r} already.",
                "One status has it.",
            )


def _contradictions(status: Status) -> Iterator[Problem]:
    at, is_cancelled = f"statuses.{status.code}", status.bucket is Bucket.CANCELLED
    if status.role is Role.ENABLED and status.bucket is not Bucket.ACTIVE:
        yield Problem(f"{at}.bucket", "The role 'enabled' needs the bucket 'active'.")
    if status.role is Role.ENABLED and not status.bills:
        yield Problem(f"{at}.bills", "The role 'enabled' needs a status that bills.")
    if status.role is Role.CANCELLED and not is_cancelled:
        yield Problem(f"{at}.bucket", "The role 'cancelled' needs the bucket 'cancelled'.")
    if (status.role is Role.CANCELLED or is_cancelled) and status.bills:
        yield Problem(f"{at}.bills", "A cancelled subscription is not billed.")
    if (status.role is Role.CANCELLED or is_cancelled) and status.next is not None:
        yield Problem(f"{at}.next", "Nothing follows a cancellation.")


def _dead_end(status: Status) -> Iterator[Problem]:
    ends = status.bucket is Bucket.CANCELLED or status.role is Role.ENABLED
    if not ends and status.next is None and not status.may_change_by_hand:
        yield Problem(
            f"statuses.{status.code}",
            "A dead end: a subscription could never leave this status.",
            "Let it be changed by hand, or give it 'days' and 'next'.",
        )


def _loops(statuses: Mapping[str, Status]) -> Iterator[Problem]:
    seen: set[str] = set()
    for start in statuses:
        way: dict[str, None] = {}
        code: str | None = start
        while code is not None and code in statuses and code not in seen:
            seen.add(code)
            way[code] = None
            code = statuses[code].next
        if code is not None and code in way:
            loop = [*way][[*way].index(code) :]
            names = " -> ".join([*loop, code])
            yield Problem(
                f"statuses.{code}.next", f"The timed statuses run in a loop: {names}.", "Let one end."
            )


def _long_chains(statuses: Mapping[str, Status]) -> Iterator[Problem]:
    followers = {status.next for status in statuses.values()}
    for start in statuses:
        way = [] if start in followers else [status.code for status in _chain(statuses, statuses[start])]
        if len(set(way)) > _LONGEST_CHAIN:  # shorter ones may run into a loop, which is told already
            message = f"More than {_LONGEST_CHAIN} timed statuses follow each other."
            yield Problem(f"statuses.{start}.next", message, "Let one of them be left by hand.")


def _no_way_to_enabled(statuses: Mapping[str, Status]) -> Iterator[Problem]:
    for status in statuses.values():
        if status.role is not Role.INITIAL:
            continue
        way = _chain(statuses, status)
        passable = any(step.may_change_by_hand or step.role is Role.ENABLED for step in way)
        if way[-1].bucket is Bucket.CANCELLED and not passable:
            yield Problem(
                f"statuses.{status.code}",
                "There is no way from the role 'initial' to the role 'enabled'.",
                "Let it be changed by hand, or let a status that leads to 'enabled' follow.",
            )


def _chain(statuses: Mapping[str, Status], status: Status) -> list[Status]:
    """Return *status* and those that follow it by themselves, and no more than one above the limit."""
    way = [status]
    while len(way) <= _LONGEST_CHAIN and (following := statuses.get(way[-1].next or "")) is not None:
        way.append(following)
    return way
