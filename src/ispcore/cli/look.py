"""Commands that look: show a customer, the timeline of a subscription."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ispcore.cli.options import Day, clerk, provider, with_database, with_json
from ispcore.cli.plain import plain, print_json
from ispcore.driver import claim_of
from ispcore.plans import Cancel
from ispcore.timeline import SubjectKind
from ispcore.usecases import tree_of
from ispcore.values import CustomerId, SubscriptionId, add_months

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from rich.console import Console

    from ispcore.app import Provider
    from ispcore.usecases import Branch, Overview, SubscriptionView, Tree


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
    from ispcore.cli.tables import balances_line, console, receivables_table

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
    _print_tree(screen, tree_of(found))
    if found.receivables:
        screen.print(receivables_table(found.receivables))
    screen.print(f"balances: {balances_line(found.balances)}")


def _print_tree(screen: Console, tree: Tree) -> None:
    from ispcore.cli.tables import day

    for name, branches in tree.lists.items():
        if branches:
            screen.print(f"  {name}")
        for branch in branches:
            state = branch.state
            held = f" ({branch.standing.description})" if state.holds else ""
            gone = f", deleted on {day(state.deleted_on)}" if state.deleted_on else ""
            screen.print(
                f"    {branch.number}. subscription {state.id}: {state.plan.description} at {branch.to_pay}, "
                f"{state.status.description} since {day(state.status_since)}{held}{gone}",
                markup=False,
            )
            for line in _branch_lines(branch):
                screen.print(f"       {line}", markup=False)
    if tree.combos:
        screen.print("  combos")
    for combo in tree.combos:
        numbers = ", ".join(str(member.subscription) for member in combo.members)
        screen.print(
            f"    {combo.contract}: subscriptions {numbers} at {combo.to_pay} together", markup=False
        )


def _branch_lines(branch: Branch) -> Iterator[str]:
    from ispcore.cli.tables import day

    for service in branch.services:
        yield f"{service.item.description} at {service.to_pay}"
    for component in branch.components:
        place = f" at {component.access_point}" if component.access_point else ""
        yield f"{claim_of(component.spec)}{place}, resource {component.resource}"
    if branch.last_activation is not None and branch.last_activation != branch.state.started_on:
        yield f"active again since {day(branch.last_activation)}"
    for one in branch.coming:
        yield f"{day(one.on)}: {one.text}"


def _overview_json(found: Overview) -> Any:  # noqa: ANN401 - plain JSON
    return {
        "customer": plain(found.customer),
        "subscriptions": [_view_json(view) for view in found.subscriptions],
        "lists": {
            name: [branch.subscription for branch in branches]
            for name, branches in tree_of(found).lists.items()
        },
        "combos": [
            {
                "contract": combo.contract,
                "members": [member.subscription for member in combo.members],
                "to_pay": plain(combo.to_pay),
            }
            for combo in tree_of(found).combos
        ],
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


@click.command()
@click.argument("subscription", type=int)
@click.option("--on", type=Day(), help="Try a cancellation on this day.")
@click.option("--reason", help="Try a cancellation for this reason, of the catalogue's list.")
@with_database
@with_json
def cancellation(*, subscription: int, on: date | None, reason: str | None, db: str, as_json: bool) -> None:
    """Print what the cancellation of a SUBSCRIPTION comes to, or one that is tried; nothing is saved."""
    number = SubscriptionId(subscription)
    tried = Cancel(subscription=number, on=on, reason=reason) if reason or on else number
    with provider(db) as opened:
        found = opened.cancellation(tried, actor=clerk())
    if as_json:
        print_json(plain(found))
    else:
        click.echo(found.text)
