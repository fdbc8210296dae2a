"""Commands about roles: which there are, and what one may do."""

from __future__ import annotations

import click

from ispcore.cli.options import clerk, provider, with_database, with_json
from ispcore.cli.plain import print_json
from ispcore.errors import NotFoundError
from ispcore.timeline import PERMISSIONS, Actor
from ispcore.values import suggestion


@click.group()
def role() -> None:
    """List roles, and tell what one may do."""


@role.command("list")
@with_database
@with_json
def list_(*, db: str, as_json: bool) -> None:
    """List the roles of the catalogue, and those that ship."""
    with provider(db) as opened:
        roles = opened.catalogue(actor=clerk()).roles
    if as_json:
        told = {code: {"name": one.name, "extends": sorted(one.extends)} for code, one in roles.items()}
        print_json(told)
        return
    for code, one in sorted(roles.items()):
        more = f" (and what {', '.join(sorted(one.extends))} may)" if one.extends else ""
        click.echo(f"{code:15}  {one.name}{more}")


@role.command()
@click.argument("code")
@with_database
@with_json
def show(*, code: str, db: str, as_json: bool) -> None:
    """Tell what those may do who have the role CODE."""
    with provider(db) as opened:
        catalogue = opened.catalogue(actor=clerk())
    if code not in catalogue.roles:
        raise NotFoundError("role", code, hint=suggestion(code, catalogue.roles))
    member = Actor(code, catalogue.permissions_of([code]))
    allowed = {name: what for name, what in PERMISSIONS.items() if member.may(name)}
    if as_json:
        print_json(allowed)
        return
    for name, what in allowed.items():
        click.echo(f"{name:32}  {what}")
