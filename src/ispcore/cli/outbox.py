"""Commands about what is still to be done on the network: outbox list, retry, explain; and apply."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from ispcore.cli.options import FOUND, clerk, provider, with_database, with_json
from ispcore.cli.plain import counted, plain, print_json
from ispcore.driver import PlacementId
from ispcore.values import SubscriptionId

if TYPE_CHECKING:
    from ispcore.effects import Lagging


@click.group()
def outbox() -> None:
    """See what is still to be done on the network, why it waits, and let it be tried again."""


@outbox.command("list")
@click.option("--device", help="On this device only.")
@click.option(
    "--trouble",
    type=click.Choice(["dead", "conflict", "contested"]),
    help="Only what waits for a person, for this reason.",
)
@click.option("--most", type=click.IntRange(min=1), default=200, show_default=True, help="Show so many.")
@with_database
@with_json
def list_(*, device: str | None, trouble: str | None, most: int, db: str, as_json: bool) -> None:
    """List the placements that are not as they are wanted; 1 when one needs a person."""
    with provider(db) as opened:
        found = opened.network.outbox.lagging(device=device, trouble=trouble, limit=most, actor=clerk())
    if as_json:
        print_json(plain(found))
    else:
        for one in found:
            click.echo(f"{one.id}  {_in_short(one)}")
        if not found:
            click.echo("Nothing waits: everything stands as it is wanted.")
    if any(one.trouble or one.unreadable for one in found):
        sys.exit(FOUND)


def _in_short(one: Lagging) -> str:
    count = f"generation {one.generation}, applied {one.applied_generation}"
    why = one.unreadable or one.trouble or _waits(one)
    return f"{count}, since {one.moved_at:%Y-%m-%d %H:%M}" + (f": {why}" if why else "")


def _waits(one: Lagging) -> str:
    if one.device_waits is not None:
        return one.device_waits
    if one.waits_for:
        return f"needs {', '.join(one.waits_for)}"
    return "" if one.error is None else str(one.error.get("text"))


@outbox.command()
@click.argument("placement", required=False)
@click.option("--device", help="Everything on this device.")
@click.option("--all", "every", is_flag=True, help="Everything.")
@with_database
@with_json
def retry(*, placement: str | None, device: str | None, every: bool, db: str, as_json: bool) -> None:
    """Let PLACEMENT be tried at once, which waits for a person or a time."""
    if sum((placement is not None, device is not None, every)) != 1:
        raise click.UsageError("Name a PLACEMENT, or a --device, or say --all.")
    with provider(db) as opened:
        which = None if placement is None else PlacementId(placement)
        count = opened.network.outbox.retry(placement=which, device=device, actor=clerk())
    if as_json:
        print_json({"retried": count})
    else:
        click.echo(f"{counted(count, 'placement')} will be tried again.")


@outbox.command()
@click.argument("placement")
@with_database
@with_json
def explain(*, placement: str, db: str, as_json: bool) -> None:
    """Tell why PLACEMENT is not as it is wanted."""
    with provider(db) as opened:
        desk = opened.network.outbox
        found = desk.get(PlacementId(placement), actor=clerk())
        why = desk.explain(PlacementId(placement), actor=clerk())
    if as_json:
        print_json({**plain(found), "why": list(why)})
        return
    click.echo(f"{found.id}: {found.kind} on {found.device}.")
    for line in why:
        click.echo(f"  {line}")


@click.command("apply")
@click.argument("subscription", type=int)
@with_database
@with_json
def apply_(*, subscription: int, db: str, as_json: bool) -> None:
    """Work now on what a SUBSCRIPTION wants of the network, and tell what came of it."""
    with provider(db) as opened:
        done = opened.network.apply(SubscriptionId(subscription), actor=clerk())
        why = {one.id: opened.network.outbox.explain(one.id, actor=clerk()) for one in done.left}
    if as_json:
        told = [{**plain(one), "done": one.id not in why} for one in done.placements]
        print_json({"subscription": subscription, "placements": told})
    else:
        if not done.placements:
            click.echo("Nothing was to be done: everything stands as it is wanted.")
        for one in done.placements:
            click.echo(f"{one.id}  {'waits' if one.id in why else 'done'}")
            for line in why.get(one.id, ()):
                click.secho(f"  {line}", fg="red")
    if done.left:
        sys.exit(FOUND)
