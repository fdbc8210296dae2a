"""What a child process does that is to be killed: it closes, alone or with workers of its own."""

import os
import sys
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import nullcontext
from datetime import date
from multiprocessing import get_context
from multiprocessing.connection import Connection

from ispcore.app import Provider
from ispcore.cli.processes import begin_worker
from ispcore.storage import SqlDatabase
from tests.providers import ANA, MovableClock

CLOSE = sys.modules["ispcore.usecases.close"]


def close(url: str, on: date, ready: Connection, workers: int = 1, customers_in_a_slice: int = 50) -> None:
    """Say that all is loaded, and close on that day, which is today."""
    CLOSE.SLICE = customers_in_a_slice  # type: ignore[attr-defined] # many slices of a small base
    if hasattr(os, "setsid"):
        os.setsid()
    with Provider(SqlDatabase(url), clock=MovableClock(on)) as provider:
        provider.count_customers(actor=ANA)
        ready.send("ready")
        ready.close()
        with _executor(workers) as executor:
            provider.close(on, actor=ANA, executor=executor)


def _executor(workers: int) -> Executor | nullcontext[None]:
    if workers == 1:
        return nullcontext()
    # Forked, since a child that is killed soon has no time to import everything once more.
    return ProcessPoolExecutor(workers, get_context("fork"), initializer=begin_worker)
