"""Commands about slips: issue, preview, list, show, regenerate, merge, cancel; payment books."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ispcore.cli.options import FOUND, Day, clerk, provider, with_database, with_json
from ispcore.cli.plain import counted, plain, print_json
from ispcore.usecases import SlipQuery
from ispcore.values import BookId, CustomerId, SlipId, SubscriptionId

if TYPE_CHECKING:
    from datetime import date

    from ispcore.billing import Slip
    from ispcore.usecases import PrintedBook, SlipRun, SlipView


@click.group()
def slips() -> None:
    """See to what is sent to be paid: slips and payment books."""


@slips.command()
@click.option("--on", type=Day(), required=True, help="The day of issue.")
@click.option("--customer", type=int, help="Only this customer, also what mass generation leaves out.")
@click.option("--due-by", type=Day(), help="Leave what is due later for another day.")
@with_database
@with_json
def issue(*, on: date, customer: int | None, due_by: date | None, db: str, as_json: bool) -> None:
    """Issue the slips that there should be; running again issues nothing."""
    with provider(db) as opened:
        whom = None if customer is None else CustomerId(customer)
        run = opened.slips.issue(on, customer=whom, due_by=due_by, actor=clerk())
    if as_json:
        print_json(plain(run))
    else:
        click.echo(f"Issued {on:%d/%m/%Y}: {_told(run)}.")
        for problem in run.problems:
            click.secho(f"  {problem}", fg="red")
    if run.problems:
        sys.exit(FOUND)


@slips.command()
@click.argument("customer", type=int)
@click.option("--on", type=Day(), required=True, help="Bill and issue as if it were this day.")
@with_database
@with_json
def preview(*, customer: int, on: date, db: str, as_json: bool) -> None:
    """Show the next slips of a CUSTOMER, and save nothing."""
    with provider(db) as opened:
        found = opened.slips.preview(on, customer=CustomerId(customer), actor=clerk())
    if as_json:
        print_json(plain(found))
        return
    for view in found.slips:
        _show(view)
    if not found.slips:
        click.echo("There would be no new slip.")


@slips.command("list")
@click.option("--customer", type=int, help="Of this customer.")
@click.option("--subscription", type=int, help="With something of this subscription.")
@click.option("--due-from", type=Day(), help="Due on this day or later.")
@click.option("--due-by", type=Day(), help="Due on this day or before.")
@click.option("--waiting", is_flag=True, help="Only those that wait for money.")
@click.option("--after", type=int, default=0, help="Begin after this number.")
@click.option("--most", type=click.IntRange(min=1), default=200, show_default=True, help="Show so many.")
@with_database
@with_json
def list_(  # noqa: PLR0913 - of the command line
    *,
    customer: int | None,
    subscription: int | None,
    due_from: date | None,
    due_by: date | None,
    waiting: bool,
    after: int,
    most: int,
    db: str,
    as_json: bool,
) -> None:
    """List slips by number, with what became of them."""
    query = SlipQuery(
        customer=None if customer is None else CustomerId(customer),
        subscription=None if subscription is None else SubscriptionId(subscription),
        due_from=due_from,
        due_by=due_by,
        waiting=waiting,
        after=SlipId(after),
        limit=most,
    )
    with provider(db) as opened:
        found = opened.slips.list(query, actor=clerk())
    if as_json:
        print_json(plain(found))
        return
    for slip in found:
        click.echo(_line(slip))
    if not found:
        click.echo("There are no such slips. 'ispcore slips issue --on DAY' issues them.")


@slips.command()
@click.argument("slip", type=int)
@with_database
@with_json
def show(*, slip: int, db: str, as_json: bool) -> None:
    """Show a SLIP with the amounts on it."""
    with provider(db) as opened:
        view = opened.slips.get(SlipId(slip), actor=clerk())
    if as_json:
        print_json(plain(view))
    else:
        _show(view)


@slips.command()
@click.argument("slip", type=int)
@click.option("--due-on", type=Day(), help="Another day to pay.")
@with_database
@with_json
def regenerate(*, slip: int, due_on: date | None, db: str, as_json: bool) -> None:
    """Make a SLIP anew with what is still open of it."""
    with provider(db) as opened:
        made = opened.slips.regenerate(SlipId(slip), due_on=due_on, actor=clerk())
    _made(made, as_json=as_json)


@slips.command()
@click.argument("first", type=int)
@click.argument("second", type=int)
@click.option("--due-on", type=Day(), help="Another day to pay than that of the earlier one.")
@with_database
@with_json
def merge(*, first: int, second: int, due_on: date | None, db: str, as_json: bool) -> None:
    """Put the slips FIRST and SECOND together on a new one."""
    with provider(db) as opened:
        made = opened.slips.merge(SlipId(first), SlipId(second), due_on=due_on, actor=clerk())
    _made(made, as_json=as_json)


@slips.command()
@click.argument("slip", type=int)
@with_database
@with_json
def cancel(*, slip: int, db: str, as_json: bool) -> None:
    """Take a SLIP back; what is open of it waits for another one."""
    with provider(db) as opened:
        opened.slips.cancel(SlipId(slip), actor=clerk())
    if as_json:
        print_json({"cancelled": slip})
    else:
        click.echo(f"Slip {slip} is cancelled.")


@slips.command()
@click.argument("customer", type=int)
@click.option("--months", type=click.IntRange(1, 36), default=12, show_default=True, help="For so many.")
@click.option("--subscription", type=int, help="Of this subscription alone.")
@with_database
@with_json
def book(*, customer: int, months: int, subscription: int | None, db: str, as_json: bool) -> None:
    """Bill a CUSTOMER for months ahead and put the slips into a payment book."""
    of = None if subscription is None else SubscriptionId(subscription)
    with provider(db) as opened:
        made = opened.slips.book(CustomerId(customer), months, subscription=of, actor=clerk())
    if as_json:
        print_json(plain(made))
        return
    known = ", which was there already" if made.known else ""
    click.echo(f"Payment book {made.book.id} with {counted(len(made.slips), 'slip')}{known}:")
    for slip in made.slips:
        click.echo(f"  {_line(slip)}")


@slips.command()
@click.option("--customer", type=int, help="Of this customer.")
@with_database
@with_json
def books(*, customer: int | None, db: str, as_json: bool) -> None:
    """List payment books, and which were sent."""
    whom = None if customer is None else CustomerId(customer)
    with provider(db) as opened:
        found = opened.slips.books(customer=whom, actor=clerk())
    if as_json:
        print_json(plain(found))
        return
    for one in found:
        sent = f"sent on {one.sent_on:%d/%m/%Y} as {one.sent_as}" if one.sent_on else "not sent"
        made = f"{counted(one.months, 'month')} from {one.issued_on:%d/%m/%Y}"
        click.echo(f"{one.id}  customer {one.customer}, {made}, {sent}")
    if not found:
        click.echo("There is no payment book yet. 'ispcore slips book CUSTOMER' makes one.")


@slips.command("print-book")
@click.argument("number", type=int)
@with_database
@with_json
def print_book(*, number: int, db: str, as_json: bool) -> None:
    """Print the payment book NUMBER, a page for each slip."""
    with provider(db) as opened:
        found = opened.slips.print_book(BookId(number), actor=clerk())
    if as_json:
        print_json(plain(found))
    else:
        click.echo(found.text, nl=False)


@slips.command("send-book")
@click.argument("number", type=int)
@click.option(
    "--to",
    "folder",
    required=True,
    type=click.Path(file_okay=False, exists=True, path_type=Path),
    help="The folder from which it is sent on.",
)
@click.option("--pdf", is_flag=True, help="Printed to PDF, not as text.")
@click.option("--again", is_flag=True, help="Even if it was sent already.")
@with_database
@with_json
def send_book(  # noqa: PLR0913 - of the command line
    *, number: int, folder: Path, pdf: bool, again: bool, db: str, as_json: bool
) -> None:
    """Put the payment book NUMBER as one file into a folder, and note that it was sent."""
    with provider(db) as opened:

        def into_folder(printed: PrintedBook) -> str:
            name = f"payment-book-{printed.book.id}.{'pdf' if pdf else 'txt'}"
            content = opened.printing.book(printed.book.id, actor=clerk()) if pdf else printed.text.encode()
            (folder / name).write_bytes(content)
            return name

        sent = opened.slips.send_book(BookId(number), into_folder, again=again, actor=clerk())
    if as_json:
        print_json(plain(sent))
    else:
        click.echo(f"Payment book {number} is sent as {sent.sent_as}.")


def _told(run: SlipRun) -> str:
    sums = ", ".join(str(money) for money in run.amounts.values())
    parts = [counted(run.customers, "customer"), counted(run.issued, "slip") + (f" ({sums})" if sums else "")]
    parts += [f"{run.replaced} replaced"] if run.replaced else []
    parts += [f"{run.cancelled} cancelled"] if run.cancelled else []
    return ", ".join(parts)


def _line(slip: Slip) -> str:
    state = slip.state.value.replace("_", " ")
    by = f" by slip {slip.replaced_by}" if slip.replaced_by is not None else ""
    group = slip.group
    said = f"customer {group.customer}, {group.company}, {group.charge_method}, due {slip.due_on:%d/%m/%Y}"
    return f"{slip.id}  {said}: {slip.amount}, {state}{by}"


def _show(view: SlipView) -> None:
    click.echo(_line(view.slip))
    for line, one in zip(view.slip.lines, view.amounts, strict=True):
        overdue = f", due {one.receivable.due_on:%d/%m/%Y}" if line.gathered else ""
        click.echo(f"  {one.receivable.description}{overdue}: {line.amount}, open {one.open}")


def _made(slip: Slip, *, as_json: bool) -> None:
    if as_json:
        print_json(plain(slip))
    else:
        click.echo(_line(slip))
