"""Commands that look: show a customer, the timeline of a subscription."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ispcore.cli.options import clerk, provider, with_database, with_json
from ispcore.cli.plain import plain, print_json
from ispcore.driver import claim_of
from ispcore.timeline import SubjectKind
from ispcore.values import CustomerId, SubscriptionId, add_months

if TYPE_CHECKING:
    from ispcore.app import Provider
    from ispcore.usecases import Overview, SubscriptionView


@click.command()
@click.argument("customer", type=int)
@with_database
@with_json
def show(*, customer: int, db: str, as_json: bool) -> None:
    """Show a CUSTOMER: subscriptions, receivables, balances."""
    with provider(db) as opened:
        found = opened.customer(CustomerId(customer), actor=clerk())
    if as_json:
        print_json(_overview_json(found))
    else:
        _print_overview(found)


def _print_overview(found: Overview) -> None:
    from ispcore.cli.tables import balances_line, console, day, receivables_table

    screen = console()
    customer = found.customer
    tax_id = f", {customer.details.tax_id}" if customer.details.tax_id else ""
    screen.print(
        f"Customer {customer.id}  {customer.details.name} ({customer.kind.value}{tax_id})", style="bold"
    )
    for address in customer.addresses:
        parts = (
            address.street,
            address.number,
            address.unit,
            address.complement,
            address.district,
            address.city,
        )
        text = ", ".join(part for part in parts if part)
        screen.print(f"  {address.type.value:13} {text}")
    for view in found.subscriptions:
        state = view.state
        deleted = f", deleted on {day(state.deleted_on)}" if state.deleted_on else ""
        screen.print(
            f"  subscription {state.id}: {state.plan.description} at {view.to_pay[state.plan.id]}, "
            f"{state.status.description} since {day(state.status_since)}{deleted}",
        )
        for component in state.components:
            place = f" at {component.access_point}" if component.access_point else ""
            screen.print(
                f"    {claim_of(component.spec)}{place}, resource {component.resource}", markup=False
            )
    if found.receivables:
        screen.print(receivables_table(found.receivables))
    screen.print(f"balances: {balances_line(found.balances)}")


def _overview_json(found: Overview) -> Any:  # noqa: ANN401 - plain JSON
    return {
        "customer": plain(found.customer),
        "subscriptions": [_view_json(view) for view in found.subscriptions],
        "receivables": [
            {**plain(one.receivable), "open": plain(one.open), "state": one.state.value}
            for one in found.receivables
        ],
        "balances": [
            {**plain(holder), "balance": plain(amount)} for holder, amount in found.balances.items()
        ],
    }


def _view_json(view: SubscriptionView) -> Any:  # noqa: ANN401 - plain JSON
    charges = [{"id": charge.id, **plain(charge)} for charge in view.charges]
    return {"state": plain(view.state), "version": view.row.version, "charges": charges}


@click.command()
@click.argument("subscription", type=int)
@with_database
@with_json
def timeline(*, subscription: int, db: str, as_json: bool) -> None:
    """Show the facts of a SUBSCRIPTION, and a picture of the days that are owed."""
    with provider(db) as opened:
        view = opened.subscription(SubscriptionId(subscription), actor=clerk())
        entries = opened.history(SubjectKind.SUBSCRIPTION, subscription, actor=clerk())
        if as_json:
            print_json({"facts": plain(entries), **_view_json(view)})
            return
        _print_timeline(opened, view, entries)


def _print_timeline(opened: Provider, view: SubscriptionView, entries: Any) -> None:  # noqa: ANN401
    from ispcore.cli.tables import console, days_picture, facts_table

    life = view.timeline
    state = view.state
    policy = opened.catalogue(actor=clerk()).policy(state.policy, life.spans[0].since)
    shown_until = max([life.spans[-1].since, *(fact.effective_on for fact in life.facts)])
    if view.row.closed_through is not None:
        shown_until = max(shown_until, add_months(view.row.closed_through, -1))
    screen = console()
    screen.print(
        f"Subscription {state.id}  {state.plan.description}, {state.status.description}", style="bold"
    )
    screen.print(facts_table(entries))
    screen.print(days_picture(life, policy, shown_until))
