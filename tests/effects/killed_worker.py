"""Workers in processes of their own, which kill or stop themselves at a boundary between two statements.

A mother process has imported everything; it reads a line of JSON for each thing to do, forks workers for it,
and writes a line when they have ended.
"""

import json
import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import sqlalchemy as sa

from ispcore.effects import Pace, Settings, Ways, Worker
from ispcore.storage import SqlDatabase, SqlEffects
from tests.effects.box import BoxDriver
from tests.effects.network import drivers, resolve, secrets
from tests.effects.patience import QUICK


def main() -> None:
    stopped: dict[int, int] = {}
    for line in sys.stdin:
        task = json.loads(line)
        print(json.dumps(TASKS[task.pop("do")](stopped, **task)), flush=True)  # noqa: T201 - the answer


def run(stopped: dict[int, int], *, workers: int, after: float | None = None, **task: Any) -> Any:
    """Let workers work until all have ended, or kill them *after* so many seconds."""
    children = [_forked(partial(work, number, **task)) for number in range(workers)]
    if after is not None:
        time.sleep(after)
        for child in children:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
    return [_ended(child) for child in children]


def stall(stopped: dict[int, int], **task: Any) -> Any:
    """Let a worker work until it stops itself; tell whether it came that far."""
    child = _forked(partial(work, 0, how=signal.SIGSTOP, **task))
    _, status = os.waitpid(child, os.WUNTRACED)
    if os.WIFSTOPPED(status):
        stopped[child] = child
    return os.WIFSTOPPED(status)


def go_on(stopped: dict[int, int]) -> Any:
    """Let those that stopped go on to their end."""
    children = list(stopped)
    stopped.clear()
    for child in children:
        os.kill(child, signal.SIGCONT)
    return [_ended(child) for child in children]


TASKS: dict[str, Callable[..., Any]] = {"run": run, "stall": stall, "go_on": go_on}


def _forked(act: Callable[[], None]) -> int:
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        act()
        status = 0
    except BaseException as error:  # noqa: BLE001 - told to whoever asked
        print(repr(error), file=sys.stderr, flush=True)  # noqa: T201 - as above
    finally:
        os._exit(status)


def _ended(child: int) -> str:
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return "killed"
    return "ended" if os.WEXITSTATUS(status) == 0 else "failed"


def work(
    number: int,
    *,
    url: str,
    skew: float,
    at: int | None = None,
    lease: float = 60,
    batch: int = 25,
    how: int = signal.SIGKILL,
) -> None:
    """Work until nothing is left, and end at boundary *at*, if this is the first of the workers."""
    database = SqlDatabase(url)
    driver = BoxDriver()
    if at is not None and number == 0:
        boundary = _boundary(at, how)
        if how == signal.SIGKILL:
            sa.event.listen(database._engine, "before_cursor_execute", boundary)
            sa.event.listen(database._engine, "commit", boundary)
            driver.before_write = boundary
        driver.moment = boundary

    def instants(_: sa.Connection) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=skew)  # noqa: TID251 - the clock of processes

    store = SqlEffects(database, instants=instants)
    settings = Settings(pace=Pace(lease), rules=QUICK, batch=batch)
    Worker(store, Ways(drivers, secrets, lambda _: driver), resolve=resolve, settings=settings).run()
    database.close()


def _boundary(at: int, how: int) -> Callable[..., None]:
    """Return what ends or stops this process when it is called for the *at*-th time."""
    count = 0

    def boundary(*_: Any) -> None:
        nonlocal count
        count += 1
        if count == at:
            os.kill(os.getpid(), how)

    return boundary


if __name__ == "__main__":
    main()
