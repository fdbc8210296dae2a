"""Many logins: read in flat memory, written in batches; ISPCORE_LOGINS says how many to endure."""

import os
import tracemalloc

import pytest

from ispcore.driver import Access
from plugins.radius.tests.calls import Call, change, desk, login, making, seen_login
from plugins.radius.tests.databases import Database

pytestmark = pytest.mark.endurance

LOGINS = int(os.environ.get("ISPCORE_LOGINS", "2000"))
"""100000 in the environment ``endurance`` of tox."""
SECONDS = 3_600

# A page of 500 logins with their rows; 100,000 of them would take a hundred times as much.
MOST_BYTES = 4_000_000


def test_everything_is_read_in_flat_memory(database: Database) -> None:
    database.fill(LOGINS)
    with desk(database) as at:
        reading = at.session.observe(None, Call(seconds=SECONDS))
        next(reading)  # what is imported and cached on first use is not counted
        tracemalloc.start()
        seen = 1 + sum(1 for _ in reading)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()

    assert seen == LOGINS
    assert peak < MOST_BYTES


def test_many_changes_take_few_transactions(database: Database) -> None:
    with desk(database) as at:
        made = at.apply(
            *(making(login(f"u{number}", download_kbit=1_000)) for number in range(LOGINS)),
            call=Call(seconds=SECONDS),
        )
        assert all(seen_login(one).download_kbit == 1_000 for one in made)
        call = Call(seconds=SECONDS)
        walled = at.apply(
            *(change(one, access=Access.WALLED) for one in at.all().values()),
            call=call,
        )

    assert sum(seen_login(one).access is Access.WALLED for one in walled) == LOGINS
    assert call.checkpoints == -(-LOGINS // database.config.batch)
