"""The command about late payers: who they are, and the daily run."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from ispcore.cli.options import FOUND, Day, clerk, provider, with_database, with_json
from ispcore.cli.plain import counted, plain, print_json
from ispcore.values import CustomerId

if TYPE_CHECKING:
    from datetime import date

    from ispcore.billing import LateDebt
    from ispcore.usecases import LateLook, LateRun


@click.command()
@click.option("--on", type=Day(), help="As it stands on this day; today by default.")
@click.option("--customer", type=click.IntRange(1), help="Only this customer.")
@click.option("--run", "runs", is_flag=True, help="Reduce, block and restore what policies say for today.")
@click.option("--preview", is_flag=True, help="With --run: tell what it would do, and save nothing.")
@with_database
@with_json
def late(  # noqa: PLR0913 - Click hands each option over by its name
    *, on: date | None, customer: int | None, runs: bool, preview: bool, db: str, as_json: bool
) -> None:
    """List who is late, how much, at which stage, and what comes next."""
    _check(customer, runs=runs, preview=preview)
    with provider(db) as opened:
        if runs:
            _tell(opened.late.run(on, actor=clerk(), preview=preview), preview=preview, as_json=as_json)
            return
        only = None if customer is None else CustomerId(customer)
        looks = list(opened.late.customers(on, actor=clerk(), customer=only))
    if as_json:
        print_json([_look_json(one) for one in looks])
        return
    for one in looks:
        _show(one)
    if not looks:
        click.echo("Nobody is late.")


def _check(customer: int | None, *, runs: bool, preview: bool) -> None:
    if preview and not runs:
        raise click.UsageError("--preview goes with --run.")
    if runs and customer is not None:
        raise click.UsageError("A run is about all customers; leave --customer out.")


def _show(one: LateLook) -> None:
    amounts = " and ".join(str(amount) for amount in one.standing.amounts.values())
    charges = "".join(f", and {amount} of fine and interest" for amount in one.charges.values())
    click.secho(f"Customer {one.customer}: {amounts} late{charges}", bold=True)
    for debt in one.standing.debts:
        click.echo(f"  {debt.debt.subject}: {debt.amount}, due {debt.due_on:%d/%m/%Y}")
        click.echo(f"    {_stage(debt)}{_next(debt)}")
    for proposal in one.standing.proposals:
        click.secho(f"  Cancelling subscription {proposal.subscription} is proposed.", fg="red")


def _stage(debt: LateDebt) -> str:
    if debt.stage is None:
        return "no stage reached"
    return f"stage {debt.stage.stage.code} since {debt.stage.on:%d/%m/%Y}"


def _next(debt: LateDebt) -> str:
    ahead = debt.next
    if ahead is None:
        return ""
    if ahead.on is None:
        return f"; then {ahead.stage.code}, which waits for {ahead.waits_for}"
    return f"; then {ahead.stage.code} on {ahead.on:%d/%m/%Y}"


def _tell(found: LateRun, *, preview: bool, as_json: bool) -> None:
    if as_json:
        print_json(plain(found))
    else:
        would = "Would do" if preview else "Done"
        click.echo(f"{would} for {found.on:%d/%m/%Y}: {_done(found)}.")
        for proposal in found.proposals:
            click.echo(f"  Cancelling subscription {proposal.subscription} is proposed.")
        for problem in found.problems:
            click.secho(f"  {problem}", fg="red")
    if found.problems:
        sys.exit(FOUND)


def _done(found: LateRun) -> str:
    held = f"{found.reduced} reduced, {found.blocked} blocked, {found.restored} lifted"
    notices = counted(len(found.notices), "notice")
    return f"{counted(found.late, 'late customer')}, {held}, {notices} due"


def _look_json(one: LateLook) -> Any:  # noqa: ANN401 - plain JSON
    return {
        "customer": one.customer,
        "late": plain(one.standing.amounts),
        "charges": plain(one.charges),
        "debts": [_debt_json(debt) for debt in one.standing.debts],
        "proposals": [proposal.subscription for proposal in one.standing.proposals],
    }


def _debt_json(debt: LateDebt) -> Any:  # noqa: ANN401 - plain JSON
    stage, ahead = debt.stage, debt.next
    return {
        "subject": debt.debt.subject,
        "amount": plain(debt.amount),
        "due_on": plain(debt.due_on),
        "subscriptions": list(debt.subscriptions),
        "stage": None if stage is None else {"code": stage.stage.code, "on": plain(stage.on)},
        "next": None
        if ahead is None
        else {"code": ahead.stage.code, "on": plain(ahead.on), "waits_for": ahead.waits_for},
    }
