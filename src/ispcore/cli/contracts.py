"""Commands about contracts: make them, show how they stand, renew them, note that they were accepted."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ispcore.cli.options import Day, clerk, provider, with_database, with_json
from ispcore.cli.plain import counted, plain, print_json
from ispcore.contracts import AcceptContract, AcceptedBy, OpenContract, RenewContract, document_hash
from ispcore.values import ContractNumber, CustomerId, total

if TYPE_CHECKING:
    from ispcore.usecases import ContractView

_MONTHS = click.IntRange(1)


@click.group()
def contract() -> None:
    """See contracts and what their sale earned; make and renew them."""


@contract.command("open")
@click.argument("customer", type=click.IntRange(1))
@click.argument("template")
@click.option("--number", help="Your own number; the template's pattern gives the next one without it.")
@click.option("--months", type=_MONTHS, help="The term, where it is another than the template's.")
@click.option("--starts-on", type=Day(), help="The day of activation, where that is known.")
@click.option("--salesperson", help="Who sold it.")
@with_database
@with_json
def open_(  # noqa: PLR0913 - Click hands each option over by its name
    *,
    customer: int,
    template: str,
    number: str | None,
    months: int | None,
    starts_on: date | None,
    salesperson: str | None,
    db: str,
    as_json: bool,
) -> None:
    """Agree with a CUSTOMER by a TEMPLATE of the catalogue."""
    command = OpenContract(
        customer=CustomerId(customer),
        template=template,
        number=number,
        months=months,
        starts_on=starts_on,
        salesperson=salesperson,
    )
    with provider(db) as opened:
        done = opened.do(command, actor=clerk())
    _told({"contract": done.contract}, f"Contract {done.contract} was made.", as_json=as_json)


@contract.command("list")
@click.argument("customer", type=click.IntRange(1))
@with_database
@with_json
def list_(*, customer: int, db: str, as_json: bool) -> None:
    """List the contracts of a CUSTOMER, and how they stand."""
    with provider(db) as opened:
        found = opened.contracts.of_customer(CustomerId(customer), actor=clerk())
    if as_json:
        print_json(plain(found))
        return
    for one in found:
        click.echo(f"{one.contract.number}  {one.standing.value}  {_until(one)}")
    click.echo(f"{counted(len(found), 'contract')} of customer {customer}.")


@contract.command()
@click.argument("number")
@click.option("--on", type=Day(), help="As it is on that day; today by default.")
@with_database
@with_json
def show(*, number: str, on: date | None, db: str, as_json: bool) -> None:
    """Show the contract of this NUMBER."""
    with provider(db) as opened:
        found = opened.contracts.show(number, actor=clerk(), on=on)
    if as_json:
        print_json(plain(found))
        return
    for name, said in _lines(found):
        click.echo(f"{name:14}{said}")


@contract.command()
@click.argument("number")
@click.option("--months", type=_MONTHS, help="For how long; as before by default.")
@click.option("--fidelity", type=click.IntRange(0), help="For how many months of it the customer is bound.")
@click.option("--starts-on", type=Day(), help="From which day; the end of the term that runs by default.")
@with_database
@with_json
def renew(  # noqa: PLR0913 - Click hands each option over by its name
    *,
    number: str,
    months: int | None,
    fidelity: int | None,
    starts_on: date | None,
    db: str,
    as_json: bool,
) -> None:
    """Begin the term of the contract of this NUMBER anew."""
    command = RenewContract(
        contract=ContractNumber(number), months=months, fidelity_months=fidelity, starts_on=starts_on
    )
    with provider(db) as opened:
        opened.do(command, actor=clerk())
        found = opened.contracts.show(number, actor=clerk())
    _told(plain(found), f"Contract {number}: {_until(found)}.", as_json=as_json)


@contract.command()
@click.argument("number")
@click.argument("document", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--by", required=True, help="Who accepted it.")
@click.option("--how", type=click.Choice([one.value for one in AcceptedBy]), default="paper")
@with_database
@with_json
def accept(  # noqa: PLR0913 - Click hands each option over by its name
    *, number: str, document: Path, by: str, how: str, db: str, as_json: bool
) -> None:
    """Note that the contract of this NUMBER was accepted as the file DOCUMENT shows it."""
    shown = document_hash(document.read_bytes())
    command = AcceptContract(contract=ContractNumber(number), how=AcceptedBy(how), by=by, document_hash=shown)
    with provider(db) as opened:
        opened.do(command, actor=clerk())
    found = {"contract": number, "document_hash": shown}
    _told(found, f"Contract {number} was accepted by {by}: {shown}.", as_json=as_json)


@contract.command()
@click.option("--since", type=Day(), required=True, help="The first day of sales.")
@click.option("--until", type=Day(), required=True, help="The first day after them.")
@with_database
@with_json
def commissions(*, since: date, until: date, db: str, as_json: bool) -> None:
    """Tell what salespeople earned by contracts that were sold in a time."""
    with provider(db) as opened:
        found = opened.contracts.commissions(since, until, actor=clerk())
    if as_json:
        print_json(plain(found))
        return
    for one in found:
        click.echo(f"{one.sold_on:%d/%m/%Y}  {one.contract}  {one.salesperson}  {one.amount}")
    click.echo(f"{counted(len(found), 'sale')}.")


def _told(found: object, said: str, *, as_json: bool) -> None:
    """Print what was found as JSON, or what is said of it."""
    if as_json:
        print_json(found)
    else:
        click.echo(said)


def _until(view: ContractView) -> str:
    return "not begun" if view.term is None else f"until {view.term.ends_on:%d/%m/%Y}"


def _members(view: ContractView) -> list[tuple[str, Any]]:
    """Return what each member of a combo costs, and all of them."""
    if not view.is_combo or not view.members:
        return []
    costs = total([one.to_pay for one in view.members], view.members[0].to_pay.currency)
    each = [
        (f"  {one.subscription}", f"{one.plan}, {one.to_pay} instead of {one.alone}") for one in view.members
    ]
    return [("combo", f"{costs} together"), *each]


def _lines(view: ContractView) -> list[tuple[str, Any]]:
    """Return what is shown of a contract, each with its name."""
    state, terms, term = view.contract.state, view.contract.terms, view.term
    lines = [
        ("contract", state.number),
        ("customer", state.customer),
        ("template", state.template),
        ("stands", view.standing.value),
        ("acceptance", state.acceptance.value),
        ("dated", f"{terms.dated_on:%d/%m/%Y}"),
        ("term", f"{terms.months} months, {_until(view)}"),
        ("bound until", f"{term.bound_until:%d/%m/%Y}" if term and term.bound_until else ""),
        ("subscriptions", ", ".join(map(str, view.subscriptions))),
        *_members(view),
        ("installation", "in progress" if view.is_installing else ""),
        ("salesperson", terms.salesperson),
        ("note", view.contract.note),
    ]
    return [(name, said) for name, said in lines if said]
