"""Commands that look after a running provider: doctor, deliver."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from ispcore.cli.options import FOUND, clerk, installed_plugins, provider, with_database, with_json
from ispcore.cli.plain import counted, plain, print_json
from ispcore.errors import StorageError

if TYPE_CHECKING:
    from ispcore.usecases import Finding


@click.command()
@with_database
@with_json
def doctor(*, db: str, as_json: bool) -> None:
    """Look after database, plugins, devices, and what lags behind; 1 when something is found."""
    findings = _found_in(db)
    if as_json:
        print_json(plain(findings))
    else:
        for finding in findings:
            click.secho(str(finding), fg="red")
        if not findings:
            click.echo("All is well: the database, the plugins, the devices, and nothing lags behind.")
    if findings:
        sys.exit(FOUND)


def _found_in(db: str) -> list[Finding]:
    from datetime import UTC, datetime

    from ispcore.hooks.diagnosis import diagnose
    from ispcore.usecases import Finding

    try:
        with provider(db) as opened:
            return list(opened.plugin_desk.diagnose(actor=clerk()))
    except StorageError as error:  # the plugins can be looked after nevertheless
        now = datetime.now(UTC)  # noqa: TID251 - there is no provider, whose clock it would be
        return [Finding("database", "database", str(error)), *diagnose(installed_plugins(strict=False), now)]


@click.command()
@click.option("--most", type=click.IntRange(min=1), help="Tell at most so many events.")
@click.option(
    "--kill-after", type=click.FloatRange(min=0.1), help="End when an observer takes so many seconds."
)
@with_database
@with_json
def deliver(*, most: int | None, kill_after: float | None, db: str, as_json: bool) -> None:
    """Tell the observers of plugins what was recorded; run it again and again.

    With --kill-after, the process ends with 1 and shows where it stands when an observer hangs; its event
    is told again by a later run.
    """
    from ispcore.effects import Delivered

    total, left = Delivered(), most
    with provider(db) as opened:
        while left is None or left > 0:
            with _killed_after(kill_after):
                one = opened.deliver(actor=clerk(), most=1)
            if one == Delivered():
                break
            total = Delivered(total.told + one.told, total.failed + one.failed, total.dead + one.dead)
            left = None if left is None else left - 1
    if as_json:
        print_json(plain(total))
    else:
        click.echo(
            f"{counted(total.told, 'event')} told, {total.failed} to be tried again, {total.dead} given up."
        )
    if total.failed or total.dead:
        sys.exit(FOUND)


@contextmanager
def _killed_after(seconds: float | None) -> Iterator[None]:
    """End this process when the block takes longer: a thread of Python's own does it, whatever hangs."""
    import faulthandler

    if seconds is None:
        yield
        return
    faulthandler.dump_traceback_later(seconds, exit=True)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()
