"""The command that does everything that time does."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from ispcore.cli.network import tick_network
from ispcore.cli.options import FOUND, clerk, provider, with_database, with_json
from ispcore.cli.plain import plain, print_json

if TYPE_CHECKING:
    from datetime import datetime

    from ispcore.tick import Chore


@click.command()
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="Up to this day; today by default.")
@click.option("--preview", is_flag=True, help="Show what would be done, save nothing and tell nobody.")
@click.option("--network", is_flag=True, help="Let only the network follow, and show each move.")
@with_database
@with_json
def tick(*, on: datetime | None, preview: bool, network: bool, db: str, as_json: bool) -> None:
    """Do everything that time does: tasks, slips, documents, reminders, late payers, the network.

    Run it from a timer, as often as you like: nothing is done twice, and after days of silence one run
    catches up. It ends with 1 where something was left for the next run.
    """
    if network:
        if on is not None:
            raise click.UsageError("The network follows the clock; leave --on out.")
        tick_network(db, preview=preview, as_json=as_json)
        return
    day = None if on is None else on.date()
    with provider(db) as opened:
        if preview:
            found = opened.preview_tick(day, actor=clerk())
        else:
            found = opened.tick(day, actor=clerk(), watch=None if as_json else _tell)
    if as_json:
        print_json(plain(found))
    elif preview:
        click.echo("A preview; nothing is saved.")
        for chore in found.chores:
            _tell(chore)
    if found.problems:
        sys.exit(FOUND)


def _tell(chore: Chore) -> None:
    click.echo(f"{chore.name + ':':14}{chore.done}")
    for problem in chore.problems:
        click.secho(f"{'':14}{problem}", fg="red")
