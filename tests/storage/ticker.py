"""A process that ticks, and is killed before a statement: ``python -m tests.storage.ticker URL NUMBER``."""

import os
import signal
import sys

import sqlalchemy as sa

from tests.catalogues import march
from tests.providers import ANA, Office

GONE = -signal.SIGKILL


def main(url: str, at: int) -> None:
    """Tick on the database at *url*; there are that many statements before the end."""
    office = Office(None, url, whole=True)
    office.clock.move_to(march(25))
    left = at

    def count(*_: object) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)

    sa.event.listen(office.database._engine, "before_cursor_execute", count)
    office.provider.tick(actor=ANA)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
