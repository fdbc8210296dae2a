"""The command that carries any other one out."""

from __future__ import annotations

from typing import Any

import click

from ispcore.cli.options import clerk, provider, with_database, with_json
from ispcore.cli.plain import plain, print_json
from ispcore.cli.trying import fact_lines, move_line


@click.command("do")
@click.argument("command")
@click.argument("fields", nargs=-1, metavar="[NAME=VALUE]...")
@with_database
@with_json
def do(*, command: str, fields: tuple[str, ...], db: str, as_json: bool) -> None:
    """Carry a COMMAND out: 'suspend subscription=1'; 'ispcore try' tells before what it leaves behind."""
    from ispcore.cli.written import command_of

    with provider(db) as opened:
        currency = opened.catalogue(actor=clerk()).currency
        done: Any = opened.do(command_of(command, fields, currency), actor=clerk())
    secret = getattr(done, "password", None)
    password = {} if secret is None else {"password": secret.reveal()}
    if as_json:
        print_json({**plain(done), **password})
        return
    for line in (*_lines(done), *(f"password    {text}" for text in password.values())):
        click.echo(line)


def _lines(done: Any) -> list[str]:  # noqa: ANN401 - each command leaves something of its own
    lines = [*fact_lines(getattr(done, "facts", ())), *map(move_line, getattr(done, "moves", ()))]
    return lines or ["It is done."]
