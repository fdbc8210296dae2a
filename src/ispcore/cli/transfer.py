"""The command that hands a subscription over to another customer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ispcore.cli.options import clerk, provider, with_database, with_json
from ispcore.cli.plain import plain, print_json
from ispcore.plans import BooksGo, OpenDebt, PaidDays, Transfer, TransferProfile
from ispcore.values import CustomerId, SubscriptionId

if TYPE_CHECKING:
    from enum import Enum


def _one_of(kind: type[Enum]) -> click.Choice[str]:
    return click.Choice([each.value for each in kind])


@click.command()
@click.argument("subscription", type=click.IntRange(1))
@click.argument("customer", type=click.IntRange(1))
@click.option("--profile", type=_one_of(TransferProfile), default="safe", help="What counts by default.")
@click.option("--paid-days", type=_one_of(PaidDays), help="What becomes of days that were billed ahead.")
@click.option("--debt", type=_one_of(OpenDebt), help="What becomes of what is open.")
@click.option("--books", type=_one_of(BooksGo), help="What becomes of slips in payment books.")
@click.option("--agreed-by", help="Who agreed to owe what moves.")
@with_database
@with_json
def transfer(  # noqa: PLR0913 - Click hands each option over by its name
    *,
    subscription: int,
    customer: int,
    profile: str,
    paid_days: str | None,
    debt: str | None,
    books: str | None,
    agreed_by: str | None,
    db: str,
    as_json: bool,
) -> None:
    """Hand a SUBSCRIPTION over to another CUSTOMER, today."""
    options: dict[str, Any] = {
        "paid_days": paid_days and PaidDays(paid_days),
        "debt": debt and OpenDebt(debt),
        "books": books and BooksGo(books),
        "agreed_by": agreed_by,
    }
    command = Transfer(
        subscription=SubscriptionId(subscription),
        customer=CustomerId(customer),
        profile=TransferProfile(profile),
        **options,
    )
    with provider(db) as opened:
        done = opened.do(command, actor=clerk())
    if as_json:
        print_json({"subscription": done.successor, "customer": done.customer, "moved": plain(done.moved)})
        return
    click.echo(f"Customer {customer} has it as subscription {done.successor}.")
    for one in done.moved:
        click.echo(f"  {one.amount} is owed by customer {customer} now, due {one.due_on:%d/%m/%Y}")
