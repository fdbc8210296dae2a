"""Commands about what is known of persons: export it, forget it."""

from __future__ import annotations

import click

from ispcore.cli.options import clerk, provider, with_database, with_json
from ispcore.cli.plain import counted, plain, print_json
from ispcore.customers import Forget
from ispcore.values import CustomerId


@click.group()
def person() -> None:
    """Export what is kept of a person, or forget it."""


@person.command()
@click.argument("customer", type=int)
@with_database
def export(*, customer: int, db: str) -> None:
    """Print everything that is kept of a CUSTOMER, as JSON."""
    with provider(db) as opened:
        print_json(plain(opened.privacy.export(CustomerId(customer), actor=clerk())))


@person.command()
@click.argument("customer", type=int)
@click.option("--note", required=True, help="Who asked for it, and how.")
@with_database
@with_json
def forget(*, customer: int, note: str, db: str, as_json: bool) -> None:
    """Erase what is known of a CUSTOMER, but what tax law wants kept."""
    with provider(db) as opened:
        done = opened.do(Forget(customer=CustomerId(customer), note=note), actor=clerk())
    if as_json:
        print_json(plain(done))
        return
    click.echo(f"{counted(done.erased, 'text')} of customer {customer} were erased.")
    if done.kept:
        click.echo(f"{', '.join(done.kept)} stay until {done.until:%d/%m/%Y}.")
