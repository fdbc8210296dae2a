"""A process that ticks, and is gone before a statement: ``python -m tests.storage.ticker PATH NUMBER``."""

import os
import sys
from pathlib import Path

import sqlalchemy as sa

from tests.catalogues import march
from tests.providers import ANA, Office

GONE = 9


def main(path: str, at: int) -> None:
    """Tick on the database at *path*; there are that many statements before the end."""
    office = Office(Path(path), f"sqlite:///{path}", whole=True)
    office.clock.move_to(march(25))
    left = at

    def count(*_: object) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            os._exit(GONE)

    sa.event.listen(office.database._engine, "before_cursor_execute", count)
    office.provider.tick(actor=ANA)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
