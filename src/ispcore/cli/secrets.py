"""Commands about the keys of secrets: new-key, status, rotate."""

from __future__ import annotations

import click

from ispcore.cli.options import clerk, provider, with_database, with_json
from ispcore.cli.plain import counted, print_json


@click.group()
def secrets() -> None:
    """Keep the keys that lock passwords at rest.

    Keys come from ISPCORE_SECRET_KEYS (the newest first, separated by commas) or from the file that
    ISPCORE_SECRET_KEYS_FILE names.
    """


@secrets.command("new-key")
def new_key() -> None:
    """Print a new key; put it before the ones that there are."""
    from ispcore.storage import new_key as make

    click.echo(make())


@secrets.command()
@with_database
@with_json
def status(*, db: str, as_json: bool) -> None:
    """Tell how many secrets each key has locked."""
    with provider(db) as opened:
        locks = opened.secrets.locks(actor=clerk())
    if as_json:
        print_json({"newest": locks.newest, "secrets": dict(locks.by_key)})
        return
    for key, many in sorted({locks.newest: 0, **locks.by_key}.items()):
        click.echo(f"{key}  {counted(many, 'secret')}{'  newest' if key == locks.newest else ''}")
    if locks.older:
        click.echo("Run 'ispcore secrets rotate' before you take an older key away.")


@secrets.command()
@with_database
@with_json
def rotate(*, db: str, as_json: bool) -> None:
    """Lock every secret with the newest key; no device hears of it."""
    with provider(db) as opened:
        many = opened.secrets.rotate(actor=clerk())
    if as_json:
        print_json({"rotated": many})
    else:
        click.echo(f"{counted(many, 'secret')} locked anew. Older keys are not needed any more.")
