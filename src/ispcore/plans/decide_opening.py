"""Commands that open a subscription: subscribe, and import from another system."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from attrs import evolve

from ispcore.catalog import AnchorKind, Bucket, FieldOwner, Role, Trial, TrialKind, version_on
from ispcore.errors import RefusedError
from ispcore.plans import commands as c
from ispcore.plans import facts as f
from ispcore.plans.case import BillingDefaults, Event, Setting
from ispcore.plans.checks import check_command
from ispcore.plans.cycles import closing_grid, starting_grid
from ispcore.plans.decide_terms import check_closing_day, check_discount, check_method_and_due_day
from ispcore.plans.items import PLAN_ITEM, BillingTerms, ForeignOrigin, Item
from ispcore.plans.lines import check_price, given_lines
from ispcore.plans.trials import longest_trial
from ispcore.values import ONE_DAY, check_length

if TYPE_CHECKING:
    from ispcore.catalog import BillingPolicy, Catalogue, StatusPin
    from ispcore.plans.cycles import Grid


_LONGEST_NAME = 100


def decide_opening(command: c.OpeningCommand, setting: Setting) -> Event:
    """Return the fact that opens the subscription.

    Raises:
        RefusedError: a rule forbids it.
        NotFoundError: it names something that the catalogue lacks.
    """
    on = check_command(command, setting)
    check_length("contract", command.contract, _LONGEST_NAME)
    if isinstance(command, c.ImportSubscription):
        check_length("name of the other system", command.system, _LONGEST_NAME)
        check_length("id in the other system", command.foreign_id, _LONGEST_NAME)
        return _imported(command, on, setting)
    return Event(on, f.Subscribed(_opening(command, on, setting)))


def plan_item(command: c.OpeningCommand | c.ChangePlan, on: date, setting: Setting) -> Item:
    """Return the plan as an item that starts on that day, with the command's price or the catalogue's."""
    catalogue = setting.catalogue
    plan = catalogue.plan(command.plan)
    setting.unit.check_plan(plan.code)
    version = version_on(plan, on)
    price = version.price if command.price is None else command.price
    check_price(price, version.price, plan.code)
    strict = catalogue.policy(plan.policy, on).strict_composition
    return Item(
        id=PLAN_ITEM,
        offer=plan.code,
        description=plan.name,
        price=price,
        price_since=version.since if command.price is None else on,
        starts_on=on,
        discount=check_discount(command.discount, price, setting, on),
        lines=given_lines(command, version, price, catalogue, strict=strict),
        catalogue_price=command.price is None,
    )


def _opening(command: c.OpeningCommand, on: date, setting: Setting) -> f.Opening:
    catalogue = setting.catalogue
    plan = catalogue.plan(command.plan)
    policy = catalogue.policy(plan.policy, on)
    trials = _trials(command, policy)
    item = plan_item(command, on, setting)
    grid = _grid(command, policy, on)
    trial, free_until = longest_trial(trials, on, grid)
    if free_until is not None and trial.kind is not TrialKind.CYCLE:
        grid = _grid(command, policy, free_until)
    terms = _terms(command, policy, setting, grid)
    return f.Opening(
        customer=command.customer,
        unit=setting.unit.code,
        policy=plan.policy,
        item=item,
        terms=terms,
        status=catalogue.status(_first_status(command, trials, catalogue)),
        trial=trial,
        free_until=free_until,
        address=command.address,
        contract=command.contract,
        extra=catalogue.extra(FieldOwner.SUBSCRIPTION, command.extra),  # noqa: S610 - no Django
    )


def _trials(command: c.OpeningCommand, policy: BillingPolicy) -> tuple[Trial, ...]:
    """Return the trials that apply: the policy's and the command's own, none where that says so."""
    if not isinstance(command, c.Subscribe) or command.trial == Trial():
        return ()
    return (policy.trial,) if command.trial is None else (policy.trial, command.trial)


def _first_status(command: c.OpeningCommand, trials: tuple[Trial, ...], catalogue: Catalogue) -> str:
    if command.status is not None:
        if catalogue.status(command.status).bucket is Bucket.CANCELLED:
            raise RefusedError("A subscription cannot begin cancelled.", rule="cancelled-start")
        return command.status
    codes = [trial.status for trial in trials if trial.kind is TrialKind.STATUS and trial.status is not None]
    if codes:
        return max(codes, key=lambda code: _trial_days(catalogue.status(code)))
    return catalogue.status_for(Role.INITIAL).code


def _trial_days(status: StatusPin) -> int:
    if status.days is None:
        raise RefusedError(
            f"The status {status.code!r} never ends, so it is no trial.",
            rule="untimed-trial",
            hint="Choose a timed status.",
        )
    return status.days


def _grid(command: c.OpeningCommand, policy: BillingPolicy, first_billed: date) -> Grid:
    """Return the cycles of a subscription whose first billed day is that one."""
    chosen = chosen_grid(command, policy, first_billed)
    if chosen is not None:
        return chosen
    if policy.anchor is AnchorKind.START:
        return starting_grid(policy.every, first_billed)
    return closing_on(policy, policy.closing_day, first_billed)


def chosen_grid(command: c.OpeningCommand | c.ChangePlan, policy: BillingPolicy, day: date) -> Grid | None:
    """Return the cycles that *command* chooses for what is billed from *day* on; None where it does not."""
    if command.anchor_on is not None and command.closing_day is not None:
        raise RefusedError(
            "Cycles are anchored to a closing day or to a day on which one starts, not to both.",
            rule="two-anchors",
            hint="Give closing_day or anchor_on.",
        )
    if command.anchor_on is not None:
        return starting_grid(policy.every, command.anchor_on)
    if command.closing_day is None:
        return None
    return closing_on(policy, check_closing_day(command.closing_day, policy.every), day)


def closing_on(policy: BillingPolicy, closing_day: int, day: date) -> Grid:
    """Return the cycles of *policy* that close on *closing_day*, for what is billed from *day* on."""
    near = day if policy.closing_month is None else date(day.year, policy.closing_month, 1)
    return closing_grid(policy.every, closing_day, near)


def _terms(command: c.OpeningCommand, policy: BillingPolicy, setting: Setting, grid: Grid) -> BillingTerms:
    defaults = setting.defaults
    method, due_day = command.charge_method, command.due_day
    if defaults is not None:
        method = defaults.charge_method if method is None else method
        due_day = defaults.due_day if due_day is None else due_day
    if method is None or due_day is None:
        raise RefusedError(
            "The customer's first subscription sets the charge method and the due day.",
            rule="billing-defaults",
            hint="Give both charge_method and due_day.",
        )
    check_method_and_due_day(method, due_day, setting)
    return BillingTerms(
        advance=policy.advance if command.advance is None else command.advance,
        grid=grid,
        due_day=due_day,
        charge_method=method,
        separate_slip=command.separate_slip,
        separate_document=command.separate_document,
        suspension=policy.suspension,
    )


def _imported(command: c.ImportSubscription, on: date, setting: Setting) -> Event:
    if command.billed_through is not None:
        first = command.billed_through + ONE_DAY
        on = first if command.on is None else max(first, on)
    origin = ForeignOrigin(
        system=command.system,
        id=command.foreign_id,
        billed_through=command.billed_through,
        activated_on=command.activated_on,
        trial_used=command.trial_used,
        fidelity_from=command.fidelity_from,
    )
    opening = evolve(_opening(command, on, setting), status_since=command.status_since)
    _check_days_before(on, opening, origin)
    return Event(on, f.Imported(opening, origin))


def _check_days_before(on: date, opening: f.Opening, origin: ForeignOrigin) -> None:
    """Refuse a status that was not the one of *on*, the first day computed here, or a later activation."""
    since = opening.status_since or on
    ended_on = opening.status.ends_on(since)
    if since > on:
        wrong = f"The status was entered on {since}, after {on}"
    elif ended_on is not None and ended_on <= on:
        wrong = f"The status of {since} was over on {ended_on}, not after {on}"
    elif origin.activated_on is not None and origin.activated_on > on:
        wrong = f"It was activated on {origin.activated_on}, after {on}"
    else:
        return
    raise RefusedError(
        f"{wrong}, the first day that is computed here.",
        rule="status-since",
        hint="Import it with the status of that day.",
    )


def billing_defaults(payload: f.Subscribed | f.Imported) -> BillingDefaults:
    """Return the defaults that a customer's first subscription sets."""
    terms = payload.opening.terms
    return BillingDefaults(terms.charge_method, terms.due_day)
