"""The commands about tasks: what is to be done on a later day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ispcore import plans as p
from ispcore.cli.options import Day, clerk, provider, with_database, with_json
from ispcore.cli.plain import counted, plain, print_json
from ispcore.values import CustomerId, SubscriptionId, TaskId

if TYPE_CHECKING:
    from datetime import date

_KINDS: dict[str, tuple[type[p.SubscriptionCommand], str | None]] = {
    "suspend": (p.Suspend, None),
    "enable": (p.Enable, None),
    "resume": (p.Resume, None),
    "cancel": (p.Cancel, None),
    "status": (p.ChangeStatus, "status"),
    "plan": (p.ChangePlan, "plan"),
    "transfer": (p.Transfer, "customer"),
}
"""What can be scheduled here: the command, and the option that it needs."""


@click.group()
def tasks() -> None:
    """Schedule what is to be done on a later day; a tick does it then."""


@tasks.command()
@click.argument("what", type=click.Choice(list(_KINDS)))
@click.argument("subscriptions", type=click.IntRange(1), nargs=-1, required=True)
@click.option("--on", type=Day(), required=True, help="The day, a later one.")
@click.option("--reason", help="Why it is cancelled: a code of the catalogue.")
@click.option("--status", help="The status to enter.")
@click.option("--plan", help="The plan to change to.")
@click.option("--customer", type=click.IntRange(1), help="Who it is handed over to.")
@click.option("--note", help="A remark that is kept with it.")
@with_database
@with_json
def add(  # noqa: PLR0913 - Click hands each option over by its name
    *,
    what: str,
    subscriptions: tuple[int, ...],
    on: date,
    reason: str | None,
    note: str | None,
    db: str,
    as_json: bool,
    **options: Any,  # noqa: ANN401 - what some kinds need
) -> None:
    """Schedule WHAT for one or many SUBSCRIPTIONS: all of it, or nothing."""
    kind, needed = _KINDS[what]
    for name, value in options.items():
        if (value is None) is (name == needed):
            raise click.UsageError(f"'{what}' {'needs' if name == needed else 'takes no'} --{name}.")
    given = {needed: options[needed]} if needed else {}
    with provider(db) as opened:
        commands = [
            kind(subscription=SubscriptionId(one), on=on, reason=reason, note=note, **given)
            for one in subscriptions
        ]
        added = opened.tasks.add_many(commands, actor=clerk())
    _show(added, as_json=as_json)


@tasks.command(name="list")
@click.option("--customer", type=click.IntRange(1), help="Only of this customer.")
@click.option("--subscription", type=click.IntRange(1), help="Only of this subscription.")
@click.option("--state", type=click.Choice([one.value for one in p.TaskState]), help="Only in this state.")
@click.option("--since", type=Day(), help="Only for this day and later ones.")
@click.option("--until", type=Day(), help="Only for this day and earlier ones.")
@with_database
@with_json
def list_(  # noqa: PLR0913 - Click hands each option over by its name
    *,
    customer: int | None,
    subscription: int | None,
    state: str | None,
    since: date | None,
    until: date | None,
    db: str,
    as_json: bool,
) -> None:
    """List tasks by their day, with what became of them."""
    with provider(db) as opened:
        found = opened.tasks.list(
            actor=clerk(),
            customer=None if customer is None else CustomerId(customer),
            subscription=None if subscription is None else SubscriptionId(subscription),
            state=None if state is None else p.TaskState(state),
            since=since,
            until=until,
        )
    _show(found, as_json=as_json)
    if not found and not as_json:
        click.echo("There are no tasks.")


@tasks.command()
@click.argument("task", type=click.IntRange(1))
@with_database
@with_json
def withdraw(*, task: int, db: str, as_json: bool) -> None:
    """Withdraw a TASK that waits."""
    with provider(db) as opened:
        gone = opened.tasks.withdraw(TaskId(task), actor=clerk())
    _show((gone,), as_json=as_json)


def _show(found: tuple[p.Task, ...], *, as_json: bool) -> None:
    if as_json:
        print_json([{"kind": type(one.command).__name__, **plain(one)} for one in found])
        return
    for one in found:
        what = f"{type(one.command).__name__} of subscription {one.command.subscription}"
        tried = f", {counted(one.attempts, 'attempt')}" if one.attempts else ""
        by = f"{one.state.value}, by {one.scheduled_by}{tried}"
        click.echo(f"{one.id:>6}  {one.on:%d/%m/%Y}  {what}  ({by})")
        if one.error is not None:
            click.secho(f"{'':8}{one.error}", fg="red")
