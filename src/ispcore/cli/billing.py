"""The command that bills one subscription beside the closings of everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ispcore.cli.options import Day, clerk, provider, with_database, with_json
from ispcore.cli.plain import plain, print_json
from ispcore.values import SubscriptionId

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from ispcore.billing import Closing


@click.command()
@click.argument("subscription", type=int)
@click.option("--on", type=Day(), help="Bill the open cycle up to this day.")
@click.option("--months", type=click.IntRange(1, 36), help="Bill so many cycles ahead.")
@click.option("--dry-run", is_flag=True, help="Save nothing.")
@with_database
@with_json
def bill(  # noqa: PLR0913 - one for each option
    *, subscription: int, on: date | None, months: int | None, dry_run: bool, db: str, as_json: bool
) -> None:
    """Bill one SUBSCRIPTION beside the closings: its open cycle up to a day, or cycles ahead."""
    if (on is None) == (months is None):
        raise click.UsageError("Give --on DAY or --months N.")
    number = SubscriptionId(subscription)
    closings: Sequence[Closing]
    with provider(db) as opened:
        if months is not None:
            closings = opened.charging.ahead(number, months, actor=clerk(), save=not dry_run)
        else:
            assert on is not None  # noqa: S101 - one of the two is given
            closings = [opened.charging.open_cycle(number, on, actor=clerk(), save=not dry_run)]
    if as_json:
        print_json([plain(closing) for closing in closings])
        return
    _show(closings)


def _show(closings: Sequence[Closing]) -> None:
    """Print what was issued, a line each."""
    for closing in closings:
        due = {receivable.id: receivable.due_on for receivable in closing.receivables}
        for entry in closing.entries:
            when = f", due {due[entry.id]:%d/%m/%Y}" if entry.id in due else ""
            click.echo(
                f"{entry.kind.value} {entry.amount} {entry.description}, {entry.key.cycle.period}{when}"
            )
    if not any(closing.entries for closing in closings):
        click.echo("There was nothing to bill.")
