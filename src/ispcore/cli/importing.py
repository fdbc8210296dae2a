"""The command that brings an existing base in: import."""

from __future__ import annotations

import json
import sys
from collections import Counter
from contextlib import ExitStack
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ispcore.cli.options import FOUND, clerk, provider, with_database, with_json
from ispcore.cli.plain import counted, plain
from ispcore.importing import BadRows, CsvRows, DateStyle, DecimalMark, RowState, Written, import_csv

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from rich.progress import Progress

    from ispcore.importing import RowOutcome, RowProblem

_SHOWN = 20
"""How many problems are shown when a file gets them all."""


def _choice(words: type[Enum]) -> click.Choice[str]:
    return click.Choice([word.value for word in words])


_PATH = click.Path(dir_okay=False, path_type=Path)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("import")
@click.argument("file", type=_FILE)
@click.option("--system", required=True, help="A name for the system that the file comes from.")
@click.option("--dry-run", is_flag=True, help="Check everything and save nothing. Do this first.")
@click.option("--errors", type=_PATH, help="Write the bad rows to this file.")
@click.option("--decimal", type=_choice(DecimalMark), default="point", show_default=True)
@click.option("--dates", type=_choice(DateStyle), default="iso", show_default=True)
@click.option("--encoding", default="utf-8", show_default=True, help="Such as cp1252.")
@with_database
@with_json
def import_file(  # noqa: PLR0913 - one for each option
    *, file: Path, system: str, dry_run: bool, errors: Path | None, db: str, as_json: bool, **written: str
) -> None:
    """Import customers and their subscriptions from the CSV file FILE.

    Rows that were imported before are left alone, so the same file can be imported again.
    """
    if errors is not None and errors.exists() and errors.samefile(file):
        message = "The bad rows would be written over the file itself."
        raise click.BadParameter(message, param_hint="--errors")
    report = _Report(dry_run=dry_run, as_json=as_json, most=None if errors is None else _SHOWN)
    with ExitStack() as stack:
        opened = stack.enter_context(provider(db))
        rows = CsvRows(stack.enter_context(file.open("rb")), _written(**written), str(file))
        found = import_csv(opened, rows, actor=clerk(), system=system, dry_run=dry_run)
        if errors is not None:
            # With a byte order mark, spreadsheets read it as UTF-8.
            target = stack.enter_context(errors.open("w", encoding="utf-8-sig", newline=""))
            report.bad_rows = BadRows(target, rows)
        if sys.stderr.isatty() and not as_json:
            progress = stack.enter_context(_progress())
            found = _watched(found, rows, progress, file.stat().st_size)
            if sys.stdout.isatty():  # the bar stays below what is said
                report.say = progress.console.print
        report.read(found)
    report.tell_end()
    if report.counts[RowState.REFUSED]:
        sys.exit(FOUND)


def _written(*, decimal: str, dates: str, encoding: str) -> Written:
    return Written(decimal=DecimalMark(decimal), dates=DateStyle(dates), encoding=encoding)


class _Report:
    """Tells the problems as they come, and at the end what it came to."""

    def __init__(self, *, dry_run: bool, as_json: bool, most: int | None) -> None:
        self._dry_run, self._as_json, self._most = dry_run, as_json, most
        self._told = 0
        self.counts: Counter[RowState] = Counter()
        self.bad_rows: BadRows | None = None
        self.say: Callable[[str], object] = lambda text: click.secho(text, fg="red")

    def read(self, outcomes: Iterable[RowOutcome]) -> None:
        if self._as_json:
            click.echo('{"problems": [', nl=False)
        for outcome in outcomes:
            self.counts[outcome.state] += 1
            if self.bad_rows is not None:
                self.bad_rows.write(outcome)
            for problem in outcome.problems:
                self._tell(problem)

    def _tell(self, problem: RowProblem) -> None:
        self._told += 1
        if self._as_json:
            text = json.dumps(plain(problem), ensure_ascii=False).encode(errors="replace").decode()
            click.echo(("\n  " if self._told == 1 else ",\n  ") + text, nl=False)
        elif self._most is None or self._told <= self._most:
            self.say(str(problem))

    def tell_end(self) -> None:
        done, there, refused = (self.counts[state] for state in RowState)
        if self._as_json:
            counts = {"imported": done, "there_already": there, "refused": refused}
            click.echo("], " + json.dumps({"dry_run": self._dry_run, **counts})[1:])
            return
        if self._most is not None and self._told > self._most:
            click.echo(f"... and {self._told - self._most} more problems; the file of bad rows has them all.")
        would = "would be " if self._dry_run else ""
        click.echo(f"{counted(done, 'row')} {would}imported, {there} there already, {refused} refused.")
        if self._dry_run:
            click.echo("Nothing was saved.")


def _progress() -> Progress:
    from rich.progress import Progress

    from ispcore.cli.tables import console

    return Progress(console=console(stderr=True), transient=True)


def _watched(
    found: Iterable[RowOutcome], rows: CsvRows, progress: Progress, size: int
) -> Iterator[RowOutcome]:
    """Show how much of the file was read while the outcomes are."""
    task = progress.add_task("importing", total=size)
    for outcome in found:
        progress.update(task, completed=rows.position)
        yield outcome
