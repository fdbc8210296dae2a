"""The command that tries another one, and tells what it would leave behind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ispcore.cli.options import clerk, provider, with_database, with_json
from ispcore.cli.plain import plain, print_json
from ispcore.driver import claim_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ispcore.desks import Attempt
    from ispcore.network import Move
    from ispcore.timeline import Fact


@click.command("try")
@click.argument("command")
@click.argument("fields", nargs=-1, metavar="[NAME=VALUE]...")
@with_database
@with_json
def try_(*, command: str, fields: tuple[str, ...], db: str, as_json: bool) -> None:
    """Tell what a COMMAND would leave behind: 'cancel subscription=1 reason=moved'; nothing is saved."""
    from ispcore.cli.written import command_of

    with provider(db) as opened:
        currency = opened.catalogue(actor=clerk()).currency
        found = opened.try_out(command_of(command, fields, currency), actor=clerk())
    tell_attempt(found, as_json=as_json)


def tell_attempt(found: Attempt, *, as_json: bool) -> None:
    """Tell what a command would leave behind."""
    if as_json:
        told = plain(found)
        told["balances"] = [{**plain(holder), **plain(changed)} for holder, changed in found.balances.items()]
        print_json(told)
        return
    lines = list(_lines(found))
    for line in lines or ["It would leave nothing behind."]:
        click.echo(line)


def _lines(found: Attempt) -> Iterator[str]:
    yield from fact_lines(found.facts)
    for entry in found.charges:
        yield f"charge      {entry.amount}  {entry.description}"
    for entry in found.credits:
        yield f"credit      {entry.amount}  {entry.description}"
    for one in found.receivables:
        due = one.after.receivable
        was = "" if one.before is None else f", {one.before.open} before"
        yield f"receivable  {due.description}, due {due.due_on:%d/%m/%Y}: {one.after.open} open{was}"
    for payment in found.payments:
        yield f"payment     {payment.amount} on {payment.paid_on:%d/%m/%Y}"
    for settlement in found.settlements:
        yield f"settlement  {settlement.kind.value} of {settlement.amount}: {settlement.reason}"
    for holder, changed in found.balances.items():
        was = "" if changed.before is None else f", {changed.before} before"
        yield f"balance     {holder.company}: {changed.after}{was}"
    for slip in found.slips:
        was = "" if slip.before is None else f", {slip.before.state.value} before"
        yield f"slip        {slip.after.id} of {slip.after.amount}: {slip.after.state.value}{was}"
    for notice in found.notices:
        told = notice.after
        yield f"notice      {told.notice.step} by {told.notice.channel}: {told.state.value}"
    yield from map(move_line, found.moves)


def fact_lines(facts: Iterable[Fact[Any]]) -> Iterator[str]:
    """Yield a line for each fact: of whom, what and since when."""
    for fact in facts:
        whose = f"{fact.subject.kind.value} {fact.subject.id}"
        yield f"fact        {whose}: {fact.kind} of {fact.effective_on:%d/%m/%Y}"


def move_line(move: Move) -> str:
    """Say what becomes of a placement on a device."""
    after, before = move.after, move.before
    if after is None:
        return f"device      {move.placement}: taken away"
    made = f"{claim_of(after)} made" if before is None else f"{', '.join(move.fields)} changed"
    return f"device      {move.placement}: {made}"
