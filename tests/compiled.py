"""The databases of tests share what SQLAlchemy has compiled.

Each test opens a database of its own, and its engine would compile the same few hundred statements anew: a
quarter of the time of a run. Statements are kept by dialect, so engines of one kind get one, as soon as it
has seen a database.
"""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from ispcore.storage import engine


def share(patch: pytest.MonkeyPatch) -> None:
    """Let all databases that are opened from now on share it, until *patch* is undone."""
    for name in ("_open_sqlite", "_open_postgresql"):
        patch.setattr(engine, name, _sharing(getattr(engine, name)))


def _sharing(opened: Callable[[sa.URL], sa.Engine]) -> Callable[[sa.URL], sa.Engine]:
    first: sa.Engine | None = None

    def shared(url: sa.URL) -> sa.Engine:
        nonlocal first
        made: Any = opened(url)
        if first is None or first.dialect.server_version_info is None:
            first = made
        else:
            made.dialect = made.pool._dialect = first.dialect
            made._compiled_cache = first._compiled_cache
        return made  # type: ignore[no-any-return] # what it was

    return shared
