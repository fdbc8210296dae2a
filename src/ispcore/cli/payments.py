"""Commands about money that comes: pay with its parts, statement."""

from __future__ import annotations

import sys
from collections import Counter
from contextlib import ExitStack
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ispcore.cli.options import FOUND, Day, clerk, provider, with_database, with_json
from ispcore.cli.plain import counted, plain, print_json
from ispcore.importing import (
    PAYMENT_COLUMNS,
    BadRows,
    CsvRows,
    DateStyle,
    DecimalMark,
    PaymentRowState,
    Written,
    import_payments,
)
from ispcore.usecases import (
    DropParked,
    ParkedState,
    RecordPayment,
    ResolveParked,
    ReversePayment,
)
from ispcore.values import CustomerId, Money, PaymentId, SlipId

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from ispcore.app import Provider
    from ispcore.billing import Allocation, Statement
    from ispcore.importing import PaymentRowOutcome
    from ispcore.usecases import ParkedPayment, PaymentRecorded


def _choice(words: type[Enum]) -> click.Choice[str]:
    return click.Choice([word.value for word in words])


_PATH = click.Path(dir_okay=False, path_type=Path)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def pay() -> None:
    """Record payments, one or a file of them, and look after those that wait."""


@pay.command()
@click.argument("amount")
@click.option("--customer", type=int, help="Whose payment it is; a slip tells it too.")
@click.option("--slip", type=int, help="The slip that was paid.")
@click.option("--company", help="Which company was paid, where it cannot be told.")
@click.option("--on", "paid_on", type=Day(), required=True, help="The day on which it was paid.")
@click.option("--provider", "source", required=True, help="Who reports it, such as a bank.")
@click.option("--id", "name", required=True, help="Its number there; it is recorded once.")
@click.option("--waive-late", is_flag=True, help="Let fine and interest go.")
@with_database
@with_json
def record(  # noqa: PLR0913 - one for each option
    *,
    amount: str,
    customer: int | None,
    slip: int | None,
    company: str | None,
    paid_on: date,
    source: str,
    name: str,
    waive_late: bool,
    db: str,
    as_json: bool,
) -> None:
    """Record a payment of AMOUNT, and tell where it went."""
    with provider(db) as opened:
        command = RecordPayment(
            amount=_money(opened, amount),
            customer=None if customer is None else CustomerId(customer),
            slip=None if slip is None else SlipId(slip),
            company=company,
            paid_on=paid_on,
            provider=source,
            provider_id=name,
            waive_late=waive_late,
        )
        recorded = opened.do(command, actor=clerk())
    _tell(recorded, as_json=as_json)


def _money(opened: Provider, amount: str) -> Money:
    return Money.of(amount, opened.catalogue(actor=clerk()).currency)


def _tell(recorded: PaymentRecorded, *, as_json: bool) -> None:
    if as_json:
        print_json(plain(recorded))
        return
    if recorded.known:
        click.echo(f"The payment {recorded.payment.id} was recorded before; nothing was done.")
        return
    for one in recorded.raised:
        click.echo(f"{one.amount} asked for as {one.kind.value}, through {one.through:%d/%m/%Y}")
    _tell_where(recorded.allocations)


def _tell_where(allocations: Iterable[Allocation]) -> None:
    for put in allocations:
        click.echo(f"{put.amount} {put.source_kind.value} of {put.receivable or 'the balance'}")


@pay.command()
@click.argument("payment")
@click.option("--reason", required=True, help="Why the money did not stay.")
@click.option("--on", type=Day(), help="The day from which it counts; today by default.")
@with_database
@with_json
def reverse(*, payment: str, reason: str, on: date | None, db: str, as_json: bool) -> None:
    """Take a PAYMENT back, such as 'bank:2012-0001', from everywhere that it went."""
    with provider(db) as opened:
        command = ReversePayment(payment=PaymentId(payment), reason=reason, on=on)
        done = opened.do(command, actor=clerk())
    if as_json:
        print_json(plain(done))
        return
    _tell_where(done.allocations)
    for one in done.raised:
        click.echo(f"{one.amount} asked for again, which had been refunded")


@pay.command("file")
@click.argument("file", type=_FILE)
@click.option("--provider", "source", required=True, help="Who wrote it, such as a bank.")
@click.option("--dry-run", is_flag=True, help="Try every row and save nothing.")
@click.option("--errors", type=_PATH, help="Write the rows that cannot be read to this file.")
@click.option("--decimal", type=_choice(DecimalMark), default="point", show_default=True)
@click.option("--dates", type=_choice(DateStyle), default="iso", show_default=True)
@click.option("--encoding", default="utf-8", show_default=True, help="Such as cp1252.")
@with_database
@with_json
def pay_file(  # noqa: PLR0913 - one for each option
    *,
    file: Path,
    source: str,
    dry_run: bool,
    errors: Path | None,
    decimal: str,
    dates: str,
    encoding: str,
    db: str,
    as_json: bool,
) -> None:
    """Record the payments of the CSV file FILE; those that a rule forbids wait for a person.

    Rows that were recorded or parked before are left alone, so the same file can be read again.
    """
    if errors is not None and errors.exists() and errors.samefile(file):
        message = "The bad rows would be written over the file itself."
        raise click.BadParameter(message, param_hint="--errors")
    written = Written(decimal=DecimalMark(decimal), dates=DateStyle(dates), encoding=encoding)
    with ExitStack() as stack:
        opened = stack.enter_context(provider(db))
        rows = CsvRows(stack.enter_context(file.open("rb")), written, str(file), PAYMENT_COLUMNS)
        found = import_payments(opened, rows, actor=clerk(), source=source, dry_run=dry_run)
        bad_rows = None
        if errors is not None:
            # With a byte order mark, spreadsheets read it as UTF-8.
            bad_rows = BadRows(stack.enter_context(errors.open("w", encoding="utf-8-sig", newline="")), rows)
        counts = _read(found, bad_rows, as_json=as_json, dry_run=dry_run)
    if counts[PaymentRowState.REFUSED] or counts[PaymentRowState.PARKED]:
        sys.exit(FOUND)


def _read(
    found: Iterable[PaymentRowOutcome], bad_rows: BadRows | None, *, as_json: bool, dry_run: bool
) -> Counter[PaymentRowState]:
    counts: Counter[PaymentRowState] = Counter()
    told = []
    for outcome in found:
        counts[outcome.state] += 1
        if bad_rows is not None:
            bad_rows.write(outcome)
        told += [*outcome.problems]
        for problem in outcome.problems if not as_json else ():
            click.secho(str(problem), fg="red")
        if outcome.parked is not None and not as_json:
            parked = outcome.parked
            text = f"line {outcome.row.line}: parked as {parked.number}: {parked.message} [{parked.rule}]"
            click.secho(text, fg="yellow")
    if as_json:
        names = {state.name.lower(): counts[state] for state in PaymentRowState}
        print_json({"dry_run": dry_run, **names, "problems": plain(told)})
        return counts
    states = ", ".join(f"{counts[state]} {state.value}" for state in list(PaymentRowState)[1:])
    would = "would be " if dry_run else ""
    first = counts[PaymentRowState.RECORDED]
    click.echo(f"{counted(first, 'payment')} {would}recorded, {states}.")
    if dry_run:
        click.echo("Nothing was saved.")
    return counts


@pay.command()
@click.option("--all", "everything", is_flag=True, help="Also those that were recorded or given up.")
@with_database
@with_json
def parked(*, everything: bool, db: str, as_json: bool) -> None:
    """List the payments that wait for a person, each with the rule that forbade it."""
    state = None if everything else ParkedState.WAITING
    with provider(db) as opened:
        found = opened.payments.parked(actor=clerk(), state=state)
    if as_json:
        print_json(plain(found))
    else:
        for one in found:
            click.echo(_parked(one))
        if not found:
            click.echo("No payment waits.")
    if any(one.state is ParkedState.WAITING for one in found):
        sys.exit(FOUND)


def _parked(one: ParkedPayment) -> str:
    whom = {
        "customer": one.customer,
        "customer code": one.customer_code,
        "slip": one.slip,
        "company": one.company,
    }
    told = ", ".join(f"{name} {value}" for name, value in whom.items() if value is not None) or "nobody named"
    end = "" if one.state is ParkedState.WAITING else f" ({one.state.value} by {one.resolved_by})"
    head = f"{one.number}  {one.provider}:{one.provider_id}  {one.amount} of {one.paid_on:%d/%m/%Y}"
    return f"{head}, {told}: {one.message} [{one.rule}]{end}"


@pay.command()
@click.argument("number", type=int)
@click.option("--customer", type=int, help="Whose payment it is.")
@click.option("--slip", type=int, help="The slip that was paid.")
@click.option("--company", help="Which company was paid.")
@click.option("--amount", help="What it is worth, where it came in another currency.")
@click.option("--on", "paid_on", type=Day(), help="The day it was paid, where the one reported was wrong.")
@with_database
@with_json
def resolve(  # noqa: PLR0913 - one for each option
    *,
    number: int,
    customer: int | None,
    slip: int | None,
    company: str | None,
    amount: str | None,
    paid_on: date | None,
    db: str,
    as_json: bool,
) -> None:
    """Record the parked payment NUMBER, as it was reported or as the options say."""
    with provider(db) as opened:
        command = ResolveParked(
            parked=number,
            customer=None if customer is None else CustomerId(customer),
            slip=None if slip is None else SlipId(slip),
            company=company,
            amount=None if amount is None else _money(opened, amount),
            paid_on=paid_on,
        )
        recorded = opened.do(command, actor=clerk())
    _tell(recorded, as_json=as_json)


@pay.command()
@click.argument("number", type=int)
@click.option("--reason", required=True, help="What was done with the money.")
@with_database
@with_json
def drop(*, number: int, reason: str, db: str, as_json: bool) -> None:
    """Give up the parked payment NUMBER; it stays listed with the reason."""
    with provider(db) as opened:
        dropped = opened.do(DropParked(parked=number, reason=reason), actor=clerk())
    if as_json:
        print_json(plain(dropped))
        return
    click.echo(f"The parked payment {number} was given up: {reason}")


@click.command()
@click.argument("customer", type=int)
@click.option("--since", type=Day(), help="The first day of the lines.")
@click.option("--until", type=Day(), help="The last day of the lines.")
@with_database
@with_json
def statement(*, customer: int, since: date | None, until: date | None, db: str, as_json: bool) -> None:
    """Show what a CUSTOMER was asked for and paid, by company, with a running balance."""
    with provider(db) as opened:
        found = opened.payments.statement(CustomerId(customer), actor=clerk(), since=since, until=until)
    if as_json:
        print_json([{**plain(one), "balance": plain(one.balance)} for one in found])
        return
    for one in found:
        _print_account(one)
    if not found:
        click.echo("Nothing was asked for yet.")


def _print_account(account: Statement) -> None:
    from ispcore.cli.tables import console, statement_table

    screen = console()
    screen.print(f"{account.holder.company}, {account.holder.currency}", style="bold")
    screen.print(statement_table(account))
    owed = account.balance
    told = f"{-owed} are kept" if owed.minor < 0 else f"{owed} are owed"
    screen.print(told)
