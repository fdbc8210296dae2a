"""Commands that print to PDF: slips, payment books, statements, contracts; and show the templates."""

from __future__ import annotations

from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ispcore.cli.options import Day, clerk, provider, with_database, with_json
from ispcore.cli.page import unwritable, write_whole
from ispcore.cli.plain import plain, print_json
from ispcore.errors import PrintError, RefusedError
from ispcore.values import BookId, CustomerId, SlipId

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from ispcore.app import Provider
    from ispcore.catalog import PrintTemplate
    from ispcore.printing import Fonts

_EXISTING = click.Path(dir_okay=False, exists=True, path_type=Path)
_PDF = click.Path(dir_okay=False, path_type=Path)


def _to_paper(making: Callable[..., bytes]) -> Callable[..., None]:
    """Return a command with ``--to``, ``--template`` and ``--fonts`` that writes the PDF of *making*.

    *making* gets the opened provider and, as ``paper``, what each kind of paper is printed with.
    """

    @click.option("--to", type=_PDF, required=True, metavar="FILE", help="The PDF to write.")
    @click.option("--template", type=_EXISTING, metavar="FILE", help="Print by this template.")
    @click.option(
        "--fonts",
        type=_EXISTING,
        nargs=4,
        metavar="REGULAR BOLD ITALIC BOTH",
        help="Print in these TrueType files.",
    )
    @with_database
    @with_json
    @wraps(making)
    def command(
        *, to: Path, template: Path | None, fonts: tuple[Path, ...], db: str, as_json: bool, **which: object
    ) -> None:
        _check(to)
        with provider(db) as opened:
            paper = {"template": _read(template), "fonts": _fonts(fonts), "actor": clerk()}
            pdf = making(opened, paper, **which)
        _write(to, pdf, as_json=as_json)

    return command


@click.group("print")
def print_() -> None:
    """Print slips, payment books, statements and contracts to PDF; show templates."""


@print_.command("slip")
@click.argument("number", type=int)
@_to_paper
def print_slip(opened: Provider, paper: dict[str, Any], *, number: int) -> bytes:
    """Print the slip NUMBER."""
    return opened.printing.slip(SlipId(number), **paper)


@print_.command("book")
@click.argument("number", type=int)
@_to_paper
def print_book(opened: Provider, paper: dict[str, Any], *, number: int) -> bytes:
    """Print the payment book NUMBER, with a part for each slip to be paid."""
    return opened.printing.book(BookId(number), **paper)


@print_.command("statement")
@click.argument("customer", type=int)
@click.option("--since", type=Day(), help="Begin with this day.")
@click.option("--until", type=Day(), help="End with this day.")
@_to_paper
def print_statement(
    opened: Provider, paper: dict[str, Any], *, customer: int, since: date | None, until: date | None
) -> bytes:
    """Print what a CUSTOMER was asked for and paid."""
    return opened.printing.statement(CustomerId(customer), since=since, until=until, **paper)


@print_.command("contract")
@click.argument("number")
@_to_paper
def print_contract(opened: Provider, paper: dict[str, Any], *, number: str) -> bytes:
    """Print the contract NUMBER, as it is today."""
    return opened.printing.contract(number, **paper)


@print_.command("template")
@click.argument("code")
@with_database
@with_json
def show_template(*, code: str, db: str, as_json: bool) -> None:
    """Show the template CODE: that of the catalogue, else the one that ships."""
    with provider(db) as opened:
        found = opened.printing.template(code, actor=clerk())
    if as_json:
        print_json(plain(found))
    else:
        click.echo(found.text, nl=False)


def _read(file: Path | None) -> PrintTemplate | None:
    from ispcore.catalog import PrintTemplate

    if file is None:
        return None
    try:
        return PrintTemplate(code=file.stem, version=file.name, text=file.read_text("utf-8"))
    except UnicodeDecodeError as error:
        raise PrintError(
            f"{file} is no text in UTF-8: {error.reason}.", rule="template-syntax", hint="Save it as UTF-8."
        ) from error


def _fonts(files: tuple[Path, ...]) -> Fonts | None:
    if not files:
        return None
    from ispcore.printing import Fonts

    return Fonts(*files)


def _check(to: Path) -> None:
    """Refuse to write over a file that is no PDF, before anything is done."""
    try:
        with to.open("rb") as file:
            is_pdf = file.read(5) == b"%PDF-"
    except FileNotFoundError:
        return
    except OSError as error:
        raise unwritable(to, error.strerror) from error
    if not is_pdf:
        raise RefusedError(
            f"{to} exists and is no PDF; it stays as it is.",
            rule="file-exists",
            hint="Name another file, or remove this one.",
        )


def _write(to: Path, pdf: bytes, *, as_json: bool) -> None:
    from ispcore.printing import document_hash

    write_whole(to, pdf)
    if as_json:
        print_json({"file": str(to), "bytes": len(pdf), "sha256": document_hash(pdf)})
    else:
        click.echo(f"{to}: {len(pdf)} bytes, SHA-256 {document_hash(pdf)}")
