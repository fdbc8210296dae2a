"""Commands about the books: close, runs, preview, explain, check."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from ispcore.cli.options import FOUND, Day, clerk, provider, with_database, with_json
from ispcore.cli.plain import counted, plain, print_json
from ispcore.values import ChargeId, CustomerId

if TYPE_CHECKING:
    from concurrent.futures import Executor
    from datetime import date

    from ispcore.app import Provider
    from ispcore.billing import Closing
    from ispcore.usecases import Run, RunRecord


@click.command()
@click.option("--on", type=Day(), required=True, help="Bill everything up to this day.")
@click.option(
    "--workers",
    type=click.IntRange(1, 256),
    default=1,
    show_default=True,
    help="How many processes work side by side; more than one pays on a server.",
)
@with_database
@with_json
def close(*, on: date, workers: int, db: str, as_json: bool) -> None:
    """Bill every subscription up to a day; running again issues nothing twice."""
    from ispcore.cli.processes import processes

    with provider(db) as opened, processes(workers) as executor:
        if sys.stderr.isatty() and not as_json:
            run = _with_progress(opened, on, executor)
        else:
            run = opened.close(on, actor=clerk(), executor=executor)
    if as_json:
        print_json(plain(run))
    else:
        click.echo(f"Closed {on:%d/%m/%Y}: {_told(run)}.")
        for problem in run.problems:
            click.secho(f"  {problem}", fg="red")
    if run.problems:
        sys.exit(FOUND)


@click.command()
@with_database
@with_json
def runs(*, db: str, as_json: bool) -> None:
    """List the closings that were begun, the latest first, and tell which are not finished."""
    with provider(db) as opened:
        found = opened.runs(actor=clerk())
    if as_json:
        print_json([run_json(record) for record in found])
    else:
        for record in found:
            click.echo(_recorded(record))
            for problem in record.found.problems:
                click.secho(f"  {problem}", fg="red")
        if not found:
            click.echo("No closing was begun yet. Begin one with 'ispcore close --on DAY'.")
    if any(record.finished_at is None for record in found):
        sys.exit(FOUND)


def run_json(record: RunRecord) -> Any:  # noqa: ANN401 - plain JSON
    """Return a closing as plain JSON."""
    return {
        "id": record.id,
        "actor": record.actor,
        "customer": record.customer,
        "started_at": plain(record.started_at),
        "finished_at": plain(record.finished_at),
        **plain(record.found),
    }


def _recorded(record: RunRecord) -> str:
    """Say in a sentence which closing this was, and what it came to; a second one is the way on."""
    whose = "" if record.customer is None else f" of customer {record.customer}"
    begun = f"{record.on:%d/%m/%Y}{whose}, begun {record.started_at:%Y-%m-%d %H:%M} UTC by {record.actor}"
    if record.finished_at is not None:
        return f"{begun}, finished {record.finished_at:%Y-%m-%d %H:%M}: {_told(record.found)}."
    way = (
        f"To go on: ispcore close --on {record.on}"
        if record.customer is None
        else f"Closing {record.on} goes on with this customer, too: ispcore close --on {record.on}"
    )
    return f"{begun}, not finished; so far {_issued(record.found)}. {way}"


def _told(run: Run) -> str:
    """Say what a run came to, in a sentence."""
    return f"{counted(run.customers, 'customer')}, {_issued(run)}"


def _issued(run: Run) -> str:
    """Say what a run issued; its customers are counted at the end."""
    charged = ", ".join(str(money) for money in run.charged.values())
    credited = ", ".join(str(money) for money in run.credited.values())
    parts = [
        counted(run.charges, "charge") + (f" ({charged})" if charged else ""),
        counted(run.credits, "credit") + (f" ({credited})" if credited else ""),
        counted(run.receivables, "receivable"),
    ]
    return ", ".join(parts)


def _with_progress(opened: Provider, on: date, executor: Executor | None) -> Run:
    from rich.progress import Progress

    from ispcore.cli.tables import console

    with Progress(console=console(stderr=True), transient=True) as progress:
        task = progress.add_task("closing", total=opened.count_customers(actor=clerk()))

        def advance(part: Run) -> None:
            progress.advance(task, part.customers)

        return opened.close(on, actor=clerk(), watch=advance, executor=executor)


@click.command()
@click.option("--on", type=Day(), required=True, help="Show what a closing on this day would issue.")
@click.option("--customer", type=int, help="Only this customer.")
@with_database
@with_json
def preview(*, on: date, customer: int | None, db: str, as_json: bool) -> None:
    """Show what a closing would issue, and save nothing."""
    with provider(db) as opened:
        only = CustomerId(customer) if customer is not None else None
        closings = list(opened.preview(on, actor=clerk(), customer=only))
    if as_json:
        print_json([closing_json(closing) for closing in closings])
    else:
        from ispcore.cli.tables import closing_table, console, sums

        screen = console()
        screen.print(closing_table(closings, {}))
        screen.print(f"A closing on {on:%d/%m/%Y} would issue: {sums(closings)}.")
        for closing in closings:
            for problem in closing.problems:
                screen.print(f"  {problem}", style="red")
    if any(closing.problems for closing in closings):
        sys.exit(FOUND)


def closing_json(closing: Closing) -> Any:  # noqa: ANN401 - plain JSON
    """Return a closing as plain JSON."""
    return {
        "entries": [{"id": entry.id, **plain(entry)} for entry in closing.entries],
        "receivables": plain(closing.receivables),
        "allocations": plain(closing.allocations),
        "problems": [str(problem) for problem in closing.problems],
    }


@click.command()
@click.argument("charge")
@with_database
@with_json
def explain(*, charge: str, db: str, as_json: bool) -> None:
    """Explain a CHARGE or credit to the last cent."""
    from ispcore.billing import as_text

    with provider(db) as opened:
        found = opened.explain(ChargeId(charge), actor=clerk())
    if as_json:
        print_json(explanation_json(found))
    else:
        click.echo(as_text(found))


def explanation_json(found: Any) -> Any:  # noqa: ANN401 - plain JSON
    """Return an explanation as plain JSON; exact numbers are text fractions of minor units."""
    parts = [
        {
            "from": str(part.fragment.period.start),
            "to": str(part.fragment.period.last),
            "days": part.fragment.weight,
            "days_of": part.weight_of,
            "price": plain(part.fragment.price),
            "price_since": str(part.fragment.price_since),
            "after_discount": plain(part.fragment.to_pay),
            "exact_total_before": f"{part.exact_before}/{part.weight_of}",
            "exact_total_after": f"{part.exact_after}/{part.weight_of}",
            "minor": part.cents,
            "lines": [
                {
                    "line": share.line.id,
                    "exact_total": str(share.exact),
                    "minor_before": share.charged_before,
                    "minor": share.cents,
                }
                for share in part.shares
            ],
        }
        for part in found.parts
    ]
    return {
        "id": found.charge.id,
        **plain(found.charge),
        "facts": [fact.id for fact in found.facts],
        "rounding": found.terms.policy.rounding.value,
        "owed": plain(found.owed),
        "issued_before": plain(found.issued_before),
        "fragments": parts,
        **({} if found.taken is None else {"event": plain(found.taken)}),
        "agrees": found.agrees,
    }


@click.command()
@with_database
@with_json
def check(*, db: str, as_json: bool) -> None:
    """Compute everything again, and list what does not follow from the facts."""
    with provider(db) as opened:
        findings = list(opened.check(actor=clerk()))
    if as_json:
        print_json(plain(findings))
    else:
        for finding in findings:
            click.secho(str(finding), fg="red")
        if not findings:
            click.echo("Everything follows from the facts.")
    if findings:
        sys.exit(FOUND)
