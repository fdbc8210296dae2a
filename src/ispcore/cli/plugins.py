"""Commands about plugins: list, info, check, new; guard and release; retry and drop."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ispcore.cli.options import FOUND, clerk, provider, with_database, with_json
from ispcore.cli.plain import counted, plain, print_json

if TYPE_CHECKING:
    from ispcore.hooks.shelf import PluginReport

_COLOURS = {"loaded": "green", "failed": "red", "other-api": "yellow", "disabled": "yellow"}


@click.group()
def plugins() -> None:
    """See which plugins there are, why one is not loaded, and begin a new one."""


@plugins.command("list")
@with_json
def list_plugins(*, as_json: bool) -> None:
    """List the plugins that are installed, and what became of each."""
    reports = _reports()
    if as_json:
        print_json(plain(reports))
    elif not reports:
        click.echo("No plugin is installed. Begin one with 'ispcore plugins new NAME'.")
    else:
        _tell_table(reports)


def _reports() -> tuple[PluginReport, ...]:
    from ispcore.hooks import Plugins

    return Plugins.installed(strict=False).reports()


def _tell_table(reports: tuple[PluginReport, ...]) -> None:
    from rich.table import Table
    from rich.text import Text

    from ispcore.cli.tables import console

    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in ("plugin", "from", "status", "hooks, or why not"):
        table.add_column(heading)
    for one in reports:
        hooks = ", ".join(hook.removeprefix("ispcore_") for hook in one.hooks)
        where = f"{one.distribution} {one.version}"
        table.add_row(one.name, where, Text(one.status, style=_COLOURS[one.status]), one.reason or hooks)
    console().print(table)


@plugins.command()
@click.argument("name")
@with_json
def info(*, name: str, as_json: bool) -> None:
    """Tell what plugin NAME brings."""
    from ispcore.errors import NotFoundError
    from ispcore.hooks.entries import installed
    from ispcore.values import suggestion

    found = [one for one in _reports() if name in (one.name, one.distribution)]
    if not found:
        names = sorted({one.name for one in installed()})
        hint = suggestion(name, names) if names else "No plugin is installed in this environment."
        raise NotFoundError("installed plugin", name, hint=hint)
    if as_json:
        print_json(plain(found))
        return
    for one in found:
        click.echo(f"{one.name}: {one.distribution} {one.version}, {one.status}")
        if one.reason:
            click.echo(f"  {one.reason}")
        for hook in one.hooks:
            click.echo(f"  hook    {hook}")
        for driver in one.drivers:
            click.echo(f"  driver  {driver}")


@plugins.command()
@click.argument("name")
@click.option(
    "--seconds", type=click.FloatRange(min=0.1), default=20.0, show_default=True, help="Time to load."
)
@with_json
def check(*, name: str, seconds: float, as_json: bool) -> None:
    """Tell why plugin NAME is not loaded; it is tried in a process of its own, which may hang or die."""
    from ispcore.hooks.checking import check_plugin

    found = check_plugin(name, limit_seconds=seconds)
    if as_json:
        print_json(plain(found))
    for one in () if as_json else found:
        click.echo(f"{one.name}: {one.distribution} {one.version}, {one.value}")
        for problem in one.problems:
            click.secho(f"  {problem}", fg="red")
        if not one.problems:
            click.echo(
                f"  It is loaded: {counted(len(one.hooks), 'hook')}, {counted(len(one.drivers), 'driver')}."
            )
    if any(one.problems for one in found):
        sys.exit(FOUND)


@plugins.command()
@click.argument("name")
@click.option(
    "--into", type=click.Path(file_okay=False, path_type=Path), default=Path(), help="Where to put it."
)
@click.option(
    "--over",
    type=click.Choice(["file", "database", "terminal"]),
    default="file",
    show_default=True,
    help="What the driver talks over.",
)
@with_json
def new(*, name: str, into: Path, over: str, as_json: bool) -> None:
    """Begin a plugin with a driver NAME: a project whose own tests pass."""
    from ispcore.hooks.template import Over, write_project

    folder = write_project(name, into, Over(over))
    if as_json:
        print_json({"folder": str(folder)})
    else:
        click.echo(f"{folder} is ready. Go there, then: 'pip install -e . pytest' and 'pytest'.")


@plugins.command()
@click.argument("name")
@with_database
@with_json
def guard(*, name: str, db: str, as_json: bool) -> None:
    """Carry out no command any more that the policy of plugin NAME has not reviewed."""
    with provider(db) as opened:
        opened.plugin_desk.guard(name, actor=clerk())
    _tell_done(f"No command is carried out without the policy of {name!r} now.", as_json=as_json)


@plugins.command()
@click.argument("name")
@with_database
@with_json
def release(*, name: str, db: str, as_json: bool) -> None:
    """Carry out commands without plugin NAME again."""
    with provider(db) as opened:
        opened.plugin_desk.release(name, actor=clerk())
    _tell_done(f"Commands are carried out without {name!r} now.", as_json=as_json)


@plugins.command()
@click.argument("name")
@with_database
@with_json
def retry(*, name: str, db: str, as_json: bool) -> None:
    """Try everything anew that waits for the observer NAME, what was given up too."""
    with provider(db) as opened:
        many = opened.plugin_desk.retry(name, actor=clerk())
    _tell_done(f"{counted(many, 'event')} will be told to {name!r} anew.", as_json=as_json)


@plugins.command()
@click.argument("name")
@click.confirmation_option(prompt="What waits for it is lost for ever. Go on?")
@with_database
@with_json
def drop(*, name: str, db: str, as_json: bool) -> None:
    """Forget everything that waits for the observer NAME."""
    with provider(db) as opened:
        many = opened.plugin_desk.drop(name, actor=clerk())
    _tell_done(f"{counted(many, 'event')} for {name!r} will not be told.", as_json=as_json)


def _tell_done(text: str, *, as_json: bool) -> None:
    if as_json:
        print_json({"done": text})
    else:
        click.echo(text)
