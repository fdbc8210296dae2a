"""Commands about what customers are told: notices list, ask, send, retry."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from ispcore.cli.options import FOUND, Day, clerk, provider, with_database, with_json
from ispcore.cli.plain import counted, plain, print_json
from ispcore.notices import NoticeId, NoticeState
from ispcore.values import CustomerId

if TYPE_CHECKING:
    from datetime import date

    from ispcore.notices import KeptNotice

_STATES = [state.value for state in NoticeState]


@click.group()
def notices() -> None:
    """See what customers are told, ask for reminders, hand over what is due, and try again."""


@notices.command("list")
@click.option("--state", type=click.Choice(_STATES), help="Only what this became of.")
@click.option("--channel", help="Only by this channel.")
@click.option("--customer", type=int, help="Only those of this customer.")
@click.option("--most", type=click.IntRange(min=1), default=200, show_default=True, help="Show so many.")
@with_database
@with_json
def list_(  # noqa: PLR0913 - the options, each by its name
    *, state: str | None, channel: str | None, customer: int | None, most: int, db: str, as_json: bool
) -> None:
    """List notices, the latest first; 1 when one of them could not be handed over."""
    with provider(db) as opened:
        found = opened.notices.list(
            state=None if state is None else NoticeState(state),
            channel=channel,
            customer=None if customer is None else CustomerId(customer),
            limit=most,
            actor=clerk(),
        )
    if as_json:
        print_json(plain(found))
    else:
        for one in found:
            click.echo(_line(one))
        if not found:
            click.echo("There is no such notice.")
    if any(one.state is NoticeState.FAILED for one in found):
        sys.exit(FOUND)


def _line(one: KeptNotice) -> str:
    notice = one.notice
    state = one.state.value.replace("_", " ")
    when = f" on {one.handed_over_on}" if one.handed_over_on else ""
    why = f": {one.trouble.text} [{one.trouble.rule}]" if one.trouble else ""
    return f"{notice.id}  customer {notice.customer}, {notice.reason}, {state}{when}{why}"


@notices.command()
@click.option("--on", "day", type=Day(), help="The day; today unless it is said.")
@click.option("--preview", is_flag=True, help="Tell what would be asked for, and save nothing.")
@with_database
@with_json
def ask(*, day: date | None, preview: bool, db: str, as_json: bool) -> None:
    """Ask for the reminders around due dates, and withdraw those that are not wanted any more."""
    with provider(db) as opened:
        found = opened.notices.ask(day, actor=clerk(), preview=preview)
    if as_json:
        print_json(plain(found))
        return
    for one in found.notices:
        click.echo(f"{one.id}  customer {one.customer}, {one.reason}")
    would = "would be " if preview else ""
    click.echo(f"{counted(len(found.notices), 'notice')} {would}asked for, {found.withdrawn} withdrawn.")


@notices.command()
@click.option("--most", type=click.IntRange(min=1), help="Hand over so many, and stop.")
@with_database
@with_json
def send(*, most: int | None, db: str, as_json: bool) -> None:
    """Hand over what is due, by the channels that have a notifier; 1 when something failed."""
    with provider(db) as opened:
        done = opened.notices.hand_over(actor=clerk(), most=most)
    if as_json:
        print_json(plain(done))
    else:
        click.echo(
            f"{counted(done.told, 'notice')} handed over, {done.failed} to be tried again, "
            f"{done.dead} given up, {done.dropped} not wanted."
        )
    if done.failed or done.dead:
        sys.exit(FOUND)


@notices.command()
@click.argument("notice", required=False)
@click.option("--channel", help="Everything of this channel.")
@click.option("--all", "every", is_flag=True, help="Everything.")
@with_database
@with_json
def retry(*, notice: str | None, channel: str | None, every: bool, db: str, as_json: bool) -> None:
    """Let NOTICE be tried at once, which failed or waits after a failure."""
    if sum((notice is not None, channel is not None, every)) != 1:
        raise click.UsageError("Name a NOTICE, or a --channel, or say --all.")
    with provider(db) as opened:
        which = None if notice is None else NoticeId(notice)
        count = opened.notices.retry(notice=which, channel=channel, actor=clerk())
    if as_json:
        print_json({"retried": count})
    else:
        click.echo(f"{counted(count, 'notice')} will be tried again.")
