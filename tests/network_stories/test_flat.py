"""A look at a device of many objects keeps little in memory at once, however many there are."""

import os
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from ispcore.driver import Health, Key, Login, PlacementId, Resource, Seen, claim_of
from ispcore.effects import Settings
from ispcore.network import DriftKind
from ispcore.storage.converters import to_plain
from ispcore.storage.network_tables import claims, placements
from ispcore.testing import MOCK_SPEC
from tests.network_stories.stage import Stage
from tests.providers import ANA

MANY = int(os.environ.get("ISPCORE_OBJECTS", "4000"))
"""Of the endurance run: 100,000."""
MEBIBYTE = 1 << 20


class Vast:
    """A driver of a device whose objects are made as they are read; each hundredth is at another speed."""

    def normal(self, spec: Login, health: Health) -> Login:
        return spec

    @contextmanager
    def open(self, site: object) -> Iterator["Vast"]:
        yield self

    def check(self, op: object) -> Health:
        return Health("vast")

    def observe(self, wanted: list[Resource] | None, op: object) -> Iterator[Seen]:
        assert wanted is None
        for number in range(MANY):
            yield Seen(Key(f"{number:06}"), home(number, 256 if number % 100 == 0 else 512))


def home(number: int, kbit: int = 512) -> Login:
    return Login(username=f"home-{number:06}", download_kbit=kbit)


def fill(stage: Stage) -> None:
    """Let a worker have left every placement as it is wanted."""
    with stage.network._reach.database.writing() as work:
        rows = [
            {
                "id": PlacementId(f"{number:06}:login@radius"),
                "resource": f"{number:06}:login",
                "device": "radius",
                "kind": "login",
                "generation": 1,
                "applied_generation": 1,
                "wanted": to_plain(home(number)),
                "applied": to_plain(home(number)),
                "layer": 2,
                "needs": [],
                "moved_at": stage.clock.now(),
            }
            for number in range(MANY)
        ]
        work.connection.execute(placements.insert(), rows)
        names = [
            {
                "device": "radius",
                "claim": claim_of(home(number)),
                "placement": rows[number]["id"],
                "written": True,
            }
            for number in range(MANY)
        ]
        work.connection.execute(claims.insert(), names)


@pytest.mark.endurance
def test_however_many_objects_are_compared_within_a_few_mebibytes(stage: Stage) -> None:
    fill(stage)
    network = stage.network.using({"mock": (MOCK_SPEC, Vast())}, Settings())  # type: ignore[dict-item] # all that is asked of it

    tracemalloc.start()
    try:
        (report,) = network.drift("radius", actor=ANA)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert report.failure is None
    assert (report.seen, report.expected, report.counts) == (MANY, MANY, {DriftKind.DIFFERS: MANY // 100})
    assert peak < 4 * MEBIBYTE, f"{peak / MEBIBYTE:.1f} MiB"
