"""The command that puts two plans side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ispcore.cli.options import Day, clerk, provider, with_database, with_json
from ispcore.cli.plain import plain, print_json
from ispcore.plans import ChangePlan
from ispcore.values import ItemId, SubscriptionId, total

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ispcore.desks import NextBill, PlanComparison, PlanSide


@click.command()
@click.argument("subscription", type=click.IntRange(1))
@click.argument("plan")
@click.option("--on", type=Day(), help="The day of the change; today by default.")
@click.option("--closing-on", type=Day(), help="The closing to look at; by default the first with the PLAN.")
@click.option(
    "--drop", multiple=True, help="An additional service that does not go along; repeat it for more."
)
@with_database
@with_json
def compare(  # noqa: PLR0913 - Click hands each option over by its name
    *,
    subscription: int,
    plan: str,
    on: date | None,
    closing_on: date | None,
    drop: tuple[str, ...],
    db: str,
    as_json: bool,
) -> None:
    """Put a SUBSCRIPTION's plan beside another PLAN, with the next bill of each; nothing is saved."""
    change = ChangePlan(
        subscription=SubscriptionId(subscription),
        plan=plan,
        on=on,
        drop=frozenset(ItemId(one) for one in drop),
    )
    with provider(db) as opened:
        found = opened.compare(change, actor=clerk(), closing_on=closing_on)
    if as_json:
        print_json(
            {
                **plain(found),
                "dearer_by": plain(found.dearer_by),
                "dropped": list(found.dropped),
                "net": plain(found.bill.net),
                "net_without": plain(found.bill_without.net),
            }
        )
        return
    for name, one, other in _rows(found):
        click.echo(f"{name:22}{one:>28}{other:>28}".rstrip())
    more = f"{found.dearer_by} dearer" if found.dearer_by.minor >= 0 else f"{-found.dearer_by} cheaper"
    click.echo(f"\n{found.other.name} is {more} for a cycle.")
    for service in found.dropped:
        click.echo(f"It goes without {service}.")


def _rows(found: PlanComparison) -> Iterator[tuple[str, str, str]]:
    present, other = found.present, found.other
    yield f"from {found.on:%d/%m/%Y}", present.name, other.name
    yield "speed (kbit/s)", _speed(present), _speed(other)
    yield "technology", present.technology.value, other.technology.value
    yield "price of a cycle", str(present.price), str(other.price)
    yield "to pay for it", str(present.to_pay), str(other.to_pay)
    for line in dict.fromkeys(line.description for one in (present, other) for line in one.lines):
        yield f"  {line[:20]}", _line(present, line), _line(other, line)
    for kind in sorted({*present.includes, *other.includes}):
        yield f"  {kind}", str(present.includes.get(kind, 0)), str(other.includes.get(kind, 0))
    for item in dict.fromkeys([*present.services, *other.services]):
        yield f"+ {item[:20]}", _service(present, item), _service(other, item)
    without, bill = found.bill_without, found.bill
    yield f"closing on {bill.closing_on:%d/%m/%Y}", "without the change", "with the change"
    yield "charged", str(without.charged), str(bill.charged)
    yield "taken back", str(without.credited), str(bill.credited)
    for day in sorted({one.due_on for one in (*without.receivables, *bill.receivables)}):
        yield f"to pay by {day:%d/%m/%Y}", _due(without, day), _due(bill, day)


def _speed(side: PlanSide) -> str:
    return "" if side.speed is None else f"{side.speed.download_kbit} / {side.speed.upload_kbit}"


def _line(side: PlanSide, description: str) -> str:
    return ", ".join(str(line.value) for line in side.lines if line.description == description)


def _service(side: PlanSide, item: str) -> str:
    return next((str(price) for name, price in side.services.items() if name == item), "")


def _due(bill: NextBill, day: date) -> str:
    amounts = [one.amount for one in bill.receivables if one.due_on == day]
    return str(total(amounts, bill.charged.currency))
