"""Commands about logins and their mailboxes: add, mailbox, password, move, remove."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ispcore.cli.given_secrets import looked_up, secret_of
from ispcore.cli.options import clerk, provider, with_database, with_json
from ispcore.cli.plain import print_json
from ispcore.driver import Login, Mailbox
from ispcore.plans import AddComponent, ChangeComponent, ChangePassword, RemoveComponent
from ispcore.values import ComponentId, SubscriptionId

if TYPE_CHECKING:
    from ispcore.plans import SubscriptionCommand
    from ispcore.usecases import Recorded

_PASSWORD = click.option(
    "--password", "typed", help="Where it is: env:NAME, file:PATH, or - to be asked; made up by default."
)
_COMPONENT = click.option("--component", default="login", show_default=True, help="Which of its logins.")
_DONE = {"ComponentAdded": "added", "ComponentChanged": "changed", "ComponentRemoved": "removed"}
_SUBSCRIPTION = click.argument("subscription", type=click.IntRange(1))


@click.group()
def login() -> None:
    """Add, change, move and remove logins, with their mailboxes.

    A password that is made up is printed once, and cannot be looked up afterwards.
    """


@login.command()
@_SUBSCRIPTION
@click.argument("name")
@click.option("--mail-domain", metavar="DOMAIN", help="Add a mailbox of that name, with the same password.")
@click.option("--access-point", metavar="CODE", help="Where it hangs.")
@_PASSWORD
@with_database
@with_json
def add(  # noqa: PLR0913 - Click hands each option over by its name
    *,
    subscription: int,
    name: str,
    mail_domain: str | None,
    access_point: str | None,
    typed: str | None,
    db: str,
    as_json: bool,
) -> None:
    """Add the login NAME to a SUBSCRIPTION."""
    command = AddComponent(
        subscription=SubscriptionId(subscription),
        spec=Login(username=name, password=_given(typed)),
        mail_domain=mail_domain,
        access_point=access_point,
        generate_password=typed is None,
    )
    _do(db, command, as_json=as_json)


@login.command()
@_SUBSCRIPTION
@click.argument("mail")
@_COMPONENT
@with_database
@with_json
def mailbox(*, subscription: int, mail: str, component: str, db: str, as_json: bool) -> None:
    """Give a login of a SUBSCRIPTION a mailbox, with its password.

    MAIL is the domain under which it has the login's name, or a whole address.
    """
    command = AddComponent(
        subscription=SubscriptionId(subscription),
        spec=Mailbox(address=mail) if "@" in mail else None,
        mail_domain=None if "@" in mail else mail,
        password_of=ComponentId(component),
    )
    _do(db, command, as_json=as_json)


@login.command()
@_SUBSCRIPTION
@_COMPONENT
@_PASSWORD
@click.option("--alone", is_flag=True, help="Leave the mailbox as it is.")
@with_database
@with_json
def password(  # noqa: PLR0913 - Click hands each option over by its name
    *, subscription: int, component: str, typed: str | None, alone: bool, db: str, as_json: bool
) -> None:
    """Give a login of a SUBSCRIPTION, and its mailbox, another password."""
    command = ChangePassword(
        subscription=SubscriptionId(subscription),
        component=ComponentId(component),
        password=_given(typed),
        alone=alone,
    )
    _do(db, command, as_json=as_json)


@login.command()
@_SUBSCRIPTION
@click.argument("access_point")
@_COMPONENT
@with_database
@with_json
def move(*, subscription: int, access_point: str, component: str, db: str, as_json: bool) -> None:
    """Let a login of a SUBSCRIPTION hang at another ACCESS_POINT."""
    command = ChangeComponent(
        subscription=SubscriptionId(subscription),
        component=ComponentId(component),
        access_point=access_point,
    )
    with provider(db) as opened:
        point = opened.catalogue(actor=clerk()).access_point(access_point)
    where = point.name if point.city is None else f"{point.name}, {point.city}"
    _do(db, command, as_json=as_json, told=f"{component} hangs at {where} now.")


@login.command()
@_SUBSCRIPTION
@_COMPONENT
@with_database
@with_json
def remove(*, subscription: int, component: str, db: str, as_json: bool) -> None:
    """Remove a login of a SUBSCRIPTION, and its mailbox; 'try remove-component' shows it before."""
    command = RemoveComponent(subscription=SubscriptionId(subscription), component=ComponentId(component))
    _do(db, command, as_json=as_json)


def _given(typed: str | None) -> Any:  # noqa: ANN401 - a secret, or none
    return None if typed is None else looked_up(secret_of("--password", typed))


def _do(db: str, command: SubscriptionCommand, *, as_json: bool, told: str | None = None) -> None:
    with provider(db) as opened:
        done = opened.do(command, actor=clerk())
    made = None if done.password is None else done.password.reveal()
    if as_json:
        parts = [{"component": name, "done": what} for name, what in _parts(done)]
        print_json({"components": parts, "password": made})
        return
    for line in (told,) if told else [f"{name} {what}" for name, what in _parts(done)]:
        click.echo(line)
    if made is not None:
        click.echo(f"Password: {made}")


def _parts(done: Recorded) -> list[tuple[str, str]]:
    """Return the components that were touched, each with what was done."""
    parts = ((getattr(fact.payload, "component", ""), _DONE.get(fact.kind)) for fact in done.facts)
    return [(str(getattr(one, "id", one)), what) for one, what in parts if what is not None]
