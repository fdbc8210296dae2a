"""Commands that prepare a database: init, load."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ispcore.app import Provider
from ispcore.cli.options import Day, clerk, provider, with_database, with_json
from ispcore.cli.plain import plain, print_json
from ispcore.storage import shown

if TYPE_CHECKING:
    from datetime import date


@click.command()
@with_database
@with_json
def init(*, db: str, as_json: bool) -> None:
    """Make a database, or bring one to today's schema."""
    with Provider.open(db):
        pass
    if as_json:
        print_json({"database": shown(db)})
    else:
        click.echo(f"{shown(db)} is ready. Load a catalogue next: 'ispcore load CATALOGUE'.")


@click.command()
@click.argument("catalogue", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--on", type=Day(), help="The day of the change; today by default.")
@click.option("--withdraw", is_flag=True, help="Withdraw the entries that the file lacks.")
@with_database
@with_json
def load(*, catalogue: Path, on: date | None, withdraw: bool, db: str, as_json: bool) -> None:
    """Make the file CATALOGUE the catalogue; problems are listed and change nothing."""
    with provider(db) as opened:
        loaded = opened.load_catalogue(catalogue, actor=clerk(), on=on, withdraw=withdraw)
    if as_json:
        print_json(plain(loaded))
        return
    for word, names in (
        ("added", loaded.added),
        ("changed", loaded.changed),
        ("withdrawn", loaded.withdrawn),
    ):
        for name in names:
            click.echo(f"{word:9}  {name}")
    if not (loaded.added or loaded.changed or loaded.withdrawn):
        click.echo("Nothing changed.")
