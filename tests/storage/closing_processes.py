"""Child processes that close: begun at once, because everything is loaded before."""

import multiprocessing
from multiprocessing.process import BaseProcess

from tests.storage.bases import END_OF_MARCH, IN_A_SLICE
from tests.storage.closer import close

SERVER = multiprocessing.get_context("forkserver")
SERVER.set_forkserver_preload(["tests.storage.closer"])


def closing(url: str, workers: int) -> BaseProcess:
    """Return a process that has loaded everything and begins to close."""
    ready, theirs = SERVER.Pipe(duplex=False)
    child = SERVER.Process(target=close, args=(url, END_OF_MARCH, theirs, workers, IN_A_SLICE))
    child.start()
    theirs.close()
    with ready:
        assert ready.recv() == "ready"
    return child
