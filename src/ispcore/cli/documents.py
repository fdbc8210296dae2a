"""Commands about fiscal documents: ask for those that are due, have them issued, cancel, ask again."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ispcore.billing import DocumentKind, DocumentState
from ispcore.cli.options import FOUND, clerk, provider, with_database, with_json
from ispcore.cli.plain import counted, plain, print_json
from ispcore.values import CustomerId, DocumentId

if TYPE_CHECKING:
    from datetime import datetime

    from ispcore.billing import Document, DocumentDraft

_DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def documents() -> None:
    """Ask for fiscal documents, have them issued, cancel them."""


@documents.command()
@click.option("--on", type=_DAY, required=True, help="The day on which they are due.")
@click.option("--customer", type=click.IntRange(min=1), help="Of this customer only.")
@click.option("--preview", is_flag=True, help="Show what would be asked for, and save nothing.")
@with_database
@with_json
def ask(*, on: datetime, customer: int | None, preview: bool, db: str, as_json: bool) -> None:
    """Ask for every document that is due; what was asked for before is not asked for again."""
    who = None if customer is None else CustomerId(customer)
    with provider(db) as opened:
        if preview:
            found = list(opened.documents.preview(on.date(), customer=who, actor=clerk()))
        else:
            asked = opened.documents.ask(on.date(), customer=who, actor=clerk())
            found = [one.draft for one in asked.documents]
    if as_json:
        print_json(plain(found))
        return
    for draft in found:
        click.echo(_draft(draft))
    click.echo(f"{'Would ask' if preview else 'Asked'} for {counted(len(found), 'document')}.")


@documents.command()
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False),
    help="Issue those of the issuer 'files' as files in this folder.",
)
@click.option("--most", type=click.IntRange(min=1), help="Issue so many.")
@with_database
@with_json
def issue(*, into: Path | None, most: int | None, db: str, as_json: bool) -> None:
    """Have documents issued that wait for it; 1 when one was refused or not answered."""
    from ispcore.hooks import FileIssuer

    issuers = {} if into is None else {"files": FileIssuer(into)}
    with provider(db) as opened:
        found = opened.documents.issue(issuers=issuers, most=most, actor=clerk())
    if as_json:
        print_json(plain(found))
    else:
        click.echo(
            f"{found.authorised} authorised, {found.cancelled} cancelled, {found.rejected} refused, "
            f"{found.unanswered} without an answer."
        )
    if found.rejected or found.unanswered:
        sys.exit(FOUND)


@documents.command("list")
@click.option("--customer", type=click.IntRange(min=1), help="Of this customer only.")
@click.option("--state", type=click.Choice([one.value for one in DocumentState]), help="Only those that are.")
@click.option("--most", type=click.IntRange(min=1), default=100, show_default=True, help="Show so many.")
@with_database
@with_json
def list_(*, customer: int | None, state: str | None, most: int, db: str, as_json: bool) -> None:
    """List documents, the latest first."""
    wanted = None if state is None else DocumentState(state)
    with provider(db) as opened:
        if customer is None:
            found = opened.documents.listed(state=wanted, limit=most, actor=clerk())
        else:
            mine = opened.documents.of_customer(CustomerId(customer), actor=clerk())
            found = tuple(one for one in reversed(mine) if wanted in {None, one.state})[:most]
    if as_json:
        print_json(plain(found))
        return
    for one in found:
        click.echo(_document(one))
    if not found:
        click.echo("There are none.")


@documents.command()
@click.argument("number", type=click.IntRange(min=1))
@click.option("--reason", required=True, help="Why, as the issuer is to be told.")
@with_database
@with_json
def cancel(*, number: int, reason: str, db: str, as_json: bool) -> None:
    """Have the document NUMBER cancelled."""
    with provider(db) as opened:
        one = opened.documents.cancel(DocumentId(number), reason, actor=clerk())
    _tell(one, as_json=as_json)


@documents.command()
@click.argument("number", type=click.IntRange(min=1))
@click.option("--type", "document_type", help="Of this document type instead.")
@click.option("--text", help="With this standing text instead.")
@with_database
@with_json
def again(*, number: int, document_type: str | None, text: str | None, db: str, as_json: bool) -> None:
    """Ask for a document in the place of NUMBER, which was refused or cancelled."""
    with provider(db) as opened:
        one = opened.documents.ask_again(
            DocumentId(number), document_type=document_type, text=text, actor=clerk()
        )
    _tell(one, as_json=as_json)


@documents.command()
@click.argument("number", type=click.IntRange(min=1))
@with_database
@with_json
def retry(*, number: int, db: str, as_json: bool) -> None:
    """Let the issuer of NUMBER be asked at once, which waits for a person or a time."""
    with provider(db) as opened:
        one = opened.documents.retry(DocumentId(number), actor=clerk())
    if as_json:
        print_json(plain(one))
        return
    click.echo(f"Document {number} is asked for at the next issue.")


def _tell(one: Document, *, as_json: bool) -> None:
    if as_json:
        print_json(plain(one))
    else:
        click.echo(_document(one))


def _draft(draft: DocumentDraft) -> str:
    group = draft.group
    correction = f", less of document {draft.about}" if draft.kind is DocumentKind.CORRECTION else ""
    return (
        f"customer {group.customer}  {group.company}  {group.document_type}  {group.accrual:%Y-%m}  "
        f"{draft.total}{correction}"
    )


def _document(one: Document) -> str:
    called = f"  {one.reference}" if one.reference else ""
    said = f"  ({one.message})" if one.message else ""
    return f"{one.id}  {one.state.value}  {_draft(one.draft)}{called}{said}"
