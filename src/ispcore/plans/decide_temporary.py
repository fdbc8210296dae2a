"""Commands about what is had for a while only, and what a seasonal pause may be."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from ispcore.errors import RefusedError
from ispcore.plans import commands as c
from ispcore.plans import facts as f
from ispcore.plans import temporary_commands as tc
from ispcore.plans import temporary_facts as tf
from ispcore.plans.case import Case, Decision, Event, Rule
from ispcore.plans.holds import HoldCause, HoldKind
from ispcore.values import ONE_DAY, add_months

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from ispcore.catalog import Plan

_SEASONAL = (HoldKind.PAUSED, HoldCause.SEASONAL)


def _enable_provisionally(_: tc.EnableProvisionally, case: Case) -> Decision:
    plan = case.setting.catalogue.plans.get(case.state.plan.offer)
    terms = None if plan is None else plan.provisional
    if terms is None:
        raise RefusedError(
            f"{case.name} cannot be enabled provisionally: the plan {case.state.plan.offer!r} is not.",
            rule="no-provisional",
            hint="Give the plan 'provisional.days' in the catalogue, or lift what holds it back.",
        )
    since = case.state.provisional_since
    if since is not None:
        again = max(since + timedelta(days=terms.every_days), case.state.provisional_until or since)
        if case.on < again:
            raise RefusedError(
                f"{case.name} was enabled provisionally on {since}, and can be again on {again}.",
                rule="provisional-again",
                hint="Lift what holds it back instead.",
            )
    until = case.on + timedelta(days=terms.days)
    return Decision((Event(case.on, tf.EnabledProvisionally(until)),))


def _start_temporary_plan(command: tc.StartTemporaryPlan, case: Case) -> Decision:
    catalogue = case.setting.catalogue
    own, other = catalogue.plan(case.state.plan.offer), catalogue.plan(command.plan)
    case.setting.unit.check_plan(other.code)
    if own.code == other.code:
        raise RefusedError(f"{case.name} has the plan {own.code!r} already.", rule="same-plan")
    if own.technology is not other.technology:
        raise RefusedError(
            f"The plan {other.code!r} is {other.technology.value}, and {case.name.lower()} is "
            f"{own.technology.value}.",
            rule="other-technology",
            hint="A plan for a while has the same technology.",
        )
    if not _is_as_fast(other, own):
        raise RefusedError(
            f"The plan {other.code!r} is slower than {own.code!r}.",
            rule="slower-plan",
            hint="A plan for a while is as fast at least.",
        )
    return Decision((Event(case.on, tf.TemporaryPlanStarted(other.code, command.until)),))


def _is_as_fast(other: Plan, own: Plan) -> bool:
    if other.speed is None or own.speed is None:
        return other.speed is None
    return (
        other.speed.download_kbit >= own.speed.download_kbit
        and other.speed.upload_kbit >= own.speed.upload_kbit
    )


def _end_temporary_plan(_: tc.EndTemporaryPlan, case: Case) -> Decision:
    return Decision((Event(case.on, tf.TemporaryPlanEnded()),))


def check_season(command: c.HoldCommand, case: Case) -> None:
    """Refuse a seasonal pause that is shorter, longer or at another time than the catalogue allows."""
    policy, until = case.setting.catalogue.seasonal, command.until
    if not isinstance(command, c.Pause) or command.cause is not HoldCause.SEASONAL or policy.is_free:
        return
    if until is None:
        raise RefusedError(
            f"{case.name} cannot be paused for a season without an end.",
            rule="season-without-end",
            hint="Give 'until', the first day after it.",
        )
    days = (until - case.on).days
    if policy.min_days is not None and days < policy.min_days:
        raise _refused(case, f"{days} days", "season-too-short", f"It lasts {policy.min_days} days at least.")
    if policy.max_days is not None and days > policy.max_days:
        raise _refused(case, f"{days} days", "season-too-long", f"It lasts {policy.max_days} days at most.")
    others = set(_months_of(case.on, until)) - set(policy.months)
    if policy.months and others:
        months = ", ".join(str(month) for month in policy.months)
        period = f"{case.on} to {until - ONE_DAY}"
        raise _refused(case, period, "out-of-season", f"All its days lie in the months {months}.")

    _check_seldom(policy.every_months, case)
    if policy.without_debt and case.setting.overdue:
        raise RefusedError(
            f"{case.name} cannot be paused for a season: something is owed that was due.",
            rule="season-in-debt",
            hint="Have it paid first.",
        )


def _check_seldom(months: int, case: Case) -> None:
    """Refuse a season that begins too soon after the one before."""
    before = max(_seasons(case), default=None)
    if before is not None and case.on < add_months(before, months):
        raise _refused(
            case,
            f"{case.on}, after that of {before}",
            "season-again",
            f"Another one begins on {add_months(before, months)} at the earliest.",
        )


def check_season_over(command: c.LiftCommand, case: Case) -> None:
    """Refuse to end a seasonal pause before it has lasted as long as the catalogue asks."""
    least = case.setting.catalogue.seasonal.min_days
    if least is None or not isinstance(command, c.Unpause) or command.cause is not HoldCause.SEASONAL:
        return
    begun = max(_seasons(case), default=None)
    if begun is not None and case.on < begun + timedelta(days=least):
        raise _refused(
            case,
            f"{(case.on - begun).days} days",
            "season-too-short",
            f"End it on {begun + timedelta(days=least)}, or retract the pause if it was a mistake.",
        )


def _seasons(case: Case) -> Iterator[date]:
    """Yield the days up to the command's on which seasonal pauses began."""
    for fact in case.timeline.facts:
        placed = isinstance(fact.payload, f.HoldPlaced) and fact.payload.hold.key == _SEASONAL
        if placed and fact.effective_on <= case.on:
            yield fact.effective_on


def _months_of(start: date, end: date) -> Iterator[int]:
    first = start.replace(day=1)
    while first < end:
        yield first.month
        first = add_months(first, 1)


def _refused(case: Case, what: str, rule: str, hint: str) -> RefusedError:
    return RefusedError(f"{case.name} cannot be paused for a season of {what}.", rule=rule, hint=hint)


RULES: Mapping[type[c.Command], Rule] = {
    tc.EnableProvisionally: _enable_provisionally,
    tc.StartTemporaryPlan: _start_temporary_plan,
    tc.EndTemporaryPlan: _end_temporary_plan,
}
"""The rules of this module, by command."""
