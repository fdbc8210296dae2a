"""The command that makes the network current, once or for ever."""

from __future__ import annotations

import signal
import sys
from threading import Event
from typing import TYPE_CHECKING

import click
from attrs import evolve, frozen

from ispcore.cli.options import FOUND, clerk, provider, with_database, with_json
from ispcore.cli.plain import counted, plain, print_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from ispcore.app import Provider
    from ispcore.effects import Run


@click.command()
@click.option("--once", is_flag=True, help="Do what can be done now, and end.")
@click.option("--device", help="With --once: work on this device only.")
@click.option(
    "--processes",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="So many work side by side; one that hangs or ends is replaced.",
)
@click.option(
    "--look-every",
    type=click.IntRange(min=60),
    metavar="SECONDS",
    help="Look for drift so often at devices for which nothing else was chosen.",
)
@click.option("--install", is_flag=True, help="On PostgreSQL, make the queue's tables, and end.")
@click.option("--queue", is_flag=True, help="Be woken by the queue on PostgreSQL, instead of looking.")
@with_database
@with_json
def worker(  # noqa: PLR0913 - options
    *,
    once: bool,
    device: str | None,
    processes: int,
    look_every: int | None,
    install: bool,
    queue: bool,
    db: str,
    as_json: bool,
) -> None:
    """Make devices as they are wanted, for ever or --once; 1 when --once leaves something undone."""
    if install:
        with provider(db) as opened:
            done = opened.network.install_queue(actor=clerk())
        told = "The queue is set up." if done else "The queue was there already."
        print_json({"installed": done}) if as_json else click.echo(told)
    elif once:
        _once(db, device, as_json=as_json)
    elif queue:
        with provider(db) as opened:
            opened.network.queue(actor=clerk()).run()
    else:
        _for_ever(db, processes, look_every)


def _once(db: str, device: str | None, *, as_json: bool) -> None:
    with provider(db) as opened:
        run = _run(opened, device, quiet=as_json)
        left = len(opened.network.outbox.lagging(device=device, actor=clerk()))
    if as_json:
        print_json({**plain(run), "lagging": left})
    else:
        waits = (
            f"; {left} still {'waits' if left == 1 else 'wait'}. See 'ispcore outbox list'"
            if left
            else ", and nothing waits"
        )
        click.echo(f"{counted(run.done, 'placement')} made current{waits}.")
    if left:
        sys.exit(FOUND)


def _run(opened: Provider, device: str | None, *, quiet: bool) -> Run:
    if quiet or not sys.stderr.isatty():
        return opened.network.worker(actor=clerk()).run(device=device)
    from rich.progress import Progress

    from ispcore.cli.tables import console

    worker = opened.network.worker(actor=clerk())
    total = len(opened.network.outbox.lagging(device=device, actor=clerk()))
    with Progress(console=console(stderr=True), transient=True) as progress:
        task = progress.add_task("Placements", total=total)
        run = worker.run(device=device, lanes=1)
        while (more := worker.run(device=device, lanes=1)).batches:
            run += more
            progress.update(task, completed=run.done)
    return run


def _for_ever(db: str, processes: int, look_every: int | None) -> None:
    from ispcore.effects import Supervisor

    with provider(db):  # says at once what is wrong with the database
        pass
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    click.echo(f"Processes at work: {processes}. Ctrl-C ends.", err=True)
    Supervisor(WorkerLabour(db, look_every), processes).run(stop)


@frozen
class WorkerLabour:
    """What a process of the command does: it works on the database, and looks at devices in between."""

    db: str
    look_every: int | None = None

    def __call__(self, stop: Event, watch: Callable[[float | None], object]) -> None:
        """Work until *stop* is set."""
        from ispcore.effects import Settings

        settings = evolve(Settings(), watch=watch)
        with provider(self.db) as opened:
            looker = opened.network.looker(actor=clerk(), settings=settings)
            worker = opened.network.worker(actor=clerk(), settings=settings)
            worker.serve(stop, beside=lambda: looker.look_when_due(self.look_every))
