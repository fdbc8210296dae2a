"""The commands about connections of logins: statements, usage, the last one, who looked at them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ispcore.cli.options import FOUND, Day, clerk, provider, with_database, with_json
from ispcore.cli.plain import counted, plain, print_json
from ispcore.network import SHEET_FIELDS, USUAL_COLUMNS, Connection, SheetColumn
from ispcore.values import Period

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

_SUFFIXES = (".xlsx", ".csv", ".txt")


def _with_period(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--since`` and ``--until``, both included."""
    for name, text in (("--until", "The last day."), ("--since", "The first day.")):
        command = click.option(name, type=Day(), required=True, help=text)(command)
    return command


class _ColumnType(click.ParamType[SheetColumn]):
    """A column, written ``FIELD[=TITLE][,WIDTH][,total]``."""

    name = "column"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> SheetColumn:  # noqa: ANN401
        """Read the column; a title may have commas."""
        if isinstance(value, SheetColumn):
            return value
        head, *rest = value.split(",")
        total = bool(rest) and rest[-1] == "total"
        rest = rest[:-1] if total else rest
        width = int(rest.pop()) if rest and rest[-1].isdecimal() else None
        field, _, title = ",".join((head, *rest)).partition("=")
        try:
            return SheetColumn(field, title or None, width, total)
        except ValueError as error:
            return self.fail(str(error), param, ctx)


@click.group()
def connections() -> None:
    """See who was connected when, and what was used; each look at a login is recorded."""


@connections.command()
@with_database
@with_json
def collect(*, db: str, as_json: bool) -> None:
    """Take what devices have to tell of connections; a tick does the same."""
    with provider(db) as opened:
        found = opened.connections.collect(actor=clerk())
    if as_json:
        print_json(plain(found))
    for one in () if as_json else found:
        click.echo(f"{one.source}: {counted(one.new, 'connection')} began, {one.changed} went on or stopped.")
        for problem in one.problems:
            click.secho(f"  {problem}", fg="red")
    if not found and not as_json:
        click.echo("No device tells of connections.")
    if any(one.problems for one in found):
        raise SystemExit(FOUND)


@connections.command()
@click.argument("login")
@_with_period
@with_database
@with_json
def show(*, login: str, since: date, until: date, db: str, as_json: bool) -> None:
    """List the connections of LOGIN that overlap some days, with totals."""
    with provider(db) as opened:
        found = opened.connections.statement(login, Period.through(since, until), actor=clerk())
    if as_json:
        print_json(plain(found))
        return
    for one in found.connections:
        click.echo(_line(one))
    moved = f"{found.octets.down} bytes down, {found.octets.up} up"
    click.echo(f"{counted(len(found.connections), 'connection')}, {found.duration}, {moved}")


@connections.command()
@click.argument("login")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@_with_period
@click.option("--title", help="The title of the sheet.")
@click.option(
    "--column",
    "columns",
    type=_ColumnType(),
    multiple=True,
    metavar="FIELD[=TITLE][,PIXELS][,total]",
    help=f"A column, in order; there are: {', '.join(SHEET_FIELDS)}.",
)
@with_database
def export(  # noqa: PLR0913 - Click hands each option over by its name
    *,
    login: str,
    file: Path,
    since: date,
    until: date,
    title: str | None,
    columns: tuple[SheetColumn, ...],
    db: str,
) -> None:
    """Write the statement of LOGIN to FILE: a spreadsheet (.xlsx), CSV (.csv) or text with tabs (.txt)."""
    from ispcore.cli.page import write_whole
    from ispcore.sheets import to_csv, to_text, to_xlsx

    if file.suffix not in _SUFFIXES:
        raise click.UsageError(f"{file} is none of {', '.join(_SUFFIXES)}: its ending says what to write.")
    with provider(db) as opened:
        sheet = opened.connections.sheet(
            login,
            Period.through(since, until),
            actor=clerk(),
            title=title,
            columns=columns or USUAL_COLUMNS,
        )
    match file.suffix:
        case ".xlsx":
            content = to_xlsx(sheet)
        case ".csv":
            content = to_csv(sheet).encode(
                "utf-8-sig"
            )  # without its mark a spreadsheet takes UTF-8 for Latin
        case _:
            content = to_text(sheet).encode("utf-8-sig")
    write_whole(file, content)
    click.echo(f"{counted(len(sheet.rows), 'connection')} to {file}")


@connections.command()
@click.argument("login")
@_with_period
@click.option("--months", is_flag=True, help="By month instead of by day.")
@click.option(
    "--picture",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write a picture, as SVG.",
)
@with_database
@with_json
def usage(  # noqa: PLR0913 - Click hands each option over by its name
    *, login: str, since: date, until: date, months: bool, picture: Path | None, db: str, as_json: bool
) -> None:
    """Tell what LOGIN moved by day or by month; what goes over midnight is split by its time."""
    from ispcore.cli.page import write_text
    from ispcore.pages import usage_picture

    with provider(db) as opened:
        found = opened.connections.usage(login, Period.through(since, until), actor=clerk())
    if picture is not None:
        write_text(picture, usage_picture(found, by_month=months))
    moved = found.months if months else found.days
    if as_json:
        print_json({str(day): plain(octets) for day, octets in moved.items()})
        return
    for day, octets in moved.items():
        click.echo(f"{day:{'%m/%Y' if months else '%d/%m/%Y'}}  {octets.down:>16} down  {octets.up:>16} up")
    click.echo(f"{found.octets.down} bytes down, {found.octets.up} up")


@connections.command()
@click.argument("login")
@with_database
@with_json
def last(*, login: str, db: str, as_json: bool) -> None:
    """Show the connection of LOGIN that started last: its address, its MAC, whether it goes on."""
    with provider(db) as opened:
        found = opened.connections.last(login, actor=clerk())
    if as_json:
        print_json(plain(found))
    else:
        click.echo(_line(found))


@connections.command()
@click.argument("login")
@with_database
@with_json
def looks(*, login: str, db: str, as_json: bool) -> None:
    """List who looked at the connections of LOGIN."""
    with provider(db) as opened:
        found = opened.connections.looks(login, actor=clerk())
    if as_json:
        print_json(plain(found))
        return
    for one in found:
        days = f", {one.period}" if one.period else ""
        click.echo(f"{one.at:%d/%m/%Y %H:%M}  {one.actor}  {one.what.value}{days}")
    if not found:
        click.echo("Nobody looked.")


@connections.command()
@with_database
@with_json
def past(*, db: str, as_json: bool) -> None:
    """List the sums that stay of connections that were let go, by month and access point."""
    with provider(db) as opened:
        found = opened.connections.past(actor=clerk())
    if as_json:
        print_json(plain(found))
        return
    for one in found:
        moved = f"{one.octets.down} bytes down, {one.octets.up} up"
        click.echo(
            f"{one.month:%m/%Y}  {one.access_point or '-'}  {counted(one.connections, 'connection')}  {moved}"
        )
    if not found:
        click.echo("No connections were let go.")


def _line(one: Connection) -> str:
    """Return a connection in a line, its instants in UTC."""
    stop = "goes on" if one.stopped_at is None else f"{one.stopped_at:%d/%m/%Y %H:%M}"
    where = " ".join(filter(None, (one.address, one.ipv6_prefix, one.mac, one.access_point, one.cause)))
    moved = f"{one.octets.down} down, {one.octets.up} up"
    return f"{one.started_at:%d/%m/%Y %H:%M} to {stop} (UTC)  {one.duration}  {moved}  {where}"
