"""The command that lays statuses out over a calendar."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ispcore.catalog import WayEnd, read_catalogue, ways
from ispcore.cli.options import Day, clerk, provider, with_database, with_json
from ispcore.cli.plain import plain, print_json
from ispcore.desks.system import catalogue_document

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from ispcore.catalog import Status

_LEADS_TO = {
    WayEnd.ENABLED: "then it stays enabled",
    WayEnd.CANCELLED: "then it is over",
    WayEnd.BY_HAND: "then it is changed by hand",
}


@click.command()
@click.argument("catalogue", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--on", type=Day(), required=True, help="The day on which a status is entered.")
@click.option("--days", type=click.IntRange(1, 3660), default=60, show_default=True, help="How far to look.")
@with_database
@with_json
def statuses(*, catalogue: Path | None, on: date, days: int, db: str, as_json: bool) -> None:
    """Tell what follows each status by itself, as it is in the database, or in the file CATALOGUE."""
    found = _statuses(catalogue, db)
    laid_out = ways(found, on, on + timedelta(days=days))
    if as_json:
        print_json(plain(laid_out))
        return
    for way in laid_out:
        click.echo(f"{way.code}: {found[way.code].description}")
        for period, code in way.spans:
            click.echo(f"  {period}: {code}")
        click.echo(f"  {_LEADS_TO[way.leads_to]}")


def _statuses(catalogue: Path | None, db: str) -> Mapping[str, Status]:
    if catalogue is not None:
        return read_catalogue(catalogue_document(catalogue, dict)).statuses
    with provider(db) as opened:
        return opened.catalogue(actor=clerk()).statuses
