"""Workers are killed between any two statements and at any moment, stall, and talk to a box that loses much.

In the end everything stands as it is wanted: no placement is left behind, no password is stale, and what is
foreign is as it was.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa
from attrs import define, evolve, field

from ispcore.driver import Login, SecretRef, claim_of
from ispcore.storage.converters import to_plain
from ispcore.storage.network_tables import claims, placements
from tests.effects.network import NOON, Network, login, network_at, placement

if not hasattr(signal, "SIGKILL") or not hasattr(os, "fork"):
    pytest.skip("this system cannot kill at once, or not fork", allow_module_level=True)

KILLS = int(os.environ.get("ISPCORE_KILLS", "0"))
CHANGES = int(os.environ.get("ISPCORE_CHANGES", "0"))
"""In all, of the endurance run: 1,000 and 100,000 in the environment of that name of tox."""

HOMES = 100
FOREIGN = {f"foreign-{number}": ("theirs", number) for number in range(5)}
ROOT = Path(__file__).resolve().parent.parent.parent


@define
class Mother:
    """The process that forks workers."""

    process: subprocess.Popen[str]

    def ask(self, do: str, **task: Any) -> Any:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        print(json.dumps({"do": do, **task}), file=self.process.stdin, flush=True)
        return json.loads(self.process.stdout.readline())


@contextmanager
def mother() -> Iterator[Mother]:
    path = os.pathsep.join(path for path in sys.path if path)
    command = [sys.executable, "-m", "tests.effects.killed_worker"]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": path},
    ) as process:
        yield Mother(process)
        assert process.stdin is not None
        process.stdin.close()


@define
class Homes:
    """Many placements whose passwords go back and forth, and workers that are killed over them."""

    network: Network
    url: str
    mother: Mother
    chance: Random
    workers: int
    skew: float = 0
    wanted: dict[str, Login | None] = field(factory=dict)
    changes: int = 0
    kills: int = 0
    stalls: int = 0

    def edit(self) -> None:
        """Change everything: speeds and passwords, names, and what is wanted at all."""
        for number in range(HOMES):
            self.wanted[f"home-{number}"] = self._edited(number)
        rows = [
            {"which": placement(name), "spec": None if spec is None else to_plain(spec)}
            for name, spec in self.wanted.items()
        ]
        names = [
            {"device": "box", "claim": claim_of(spec), "placement": placement(name)}
            for name, spec in self.wanted.items()
            if spec is not None
        ]
        fresh = {"attempts": 0, "try_at": None, "trouble": None, "error": None}
        spec = sa.bindparam("spec", type_=placements.c.wanted.type)
        change = (
            sa.update(placements)
            .where(placements.c.id == sa.bindparam("which"))
            .values(wanted=spec, generation=placements.c.generation + 1, **fresh)
        )
        with self.network.database.writing() as work:
            work.connection.execute(change, rows)
            kept = set(work.connection.scalars(sa.select(claims.c.claim)))
            new = [row for row in names if row["claim"] not in kept]
            if new:
                work.connection.execute(sa.insert(claims), new)
        self.changes += HOMES

    def _edited(self, number: int) -> Login | None:
        if self.chance.random() < 0.1:
            return None
        name = f"home-{number}" + ("-new" if self.chance.random() < 0.1 else "")
        spec = login(name, speed=self.chance.choice((100, 200)))
        return evolve(spec, password=SecretRef(self.chance.choice("AB")))

    def begin(self) -> None:
        rows = [
            {
                "id": placement(f"home-{number}"),
                "resource": f"home-{number}:login",
                "device": "box",
                "kind": "login",
                "generation": 0,
                "layer": 2,
                "needs": [],
                "moved_at": NOON,
            }
            for number in range(HOMES)
        ]
        with self.network.database.writing() as work:
            work.connection.execute(sa.insert(placements), rows)
        for name, (password, speed) in FOREIGN.items():
            self.network.box.put(name, password, speed)
        self.network.box.set(lossy=10)

    def run(self, **task: Any) -> None:
        ended = self.mother.ask("run", url=self.url, skew=self.skew, workers=self.workers, **task)
        assert "failed" not in ended
        self.kills += ended.count("killed")
        # Whoever is dead has no lane any more, once its lease is over.
        self.skew += 100

    def stall(self, at: int) -> None:
        """Stop a worker while it talks to the box, and let it go on when others have done its work."""
        self.edit()
        if not self.mother.ask("stall", url=self.url, skew=self.skew, at=at, lease=3.0):
            return
        stopped_at = time.monotonic()
        self.stalls += 1
        self.skew += 100
        self.edit()
        self.run()
        # The database's clock was moved; that of the stopped one must have gone as far as its deadline.
        time.sleep(max(0.0, 3.0 - (time.monotonic() - stopped_at)))
        assert self.mother.ask("go_on") == ["ended"]

    def settle(self) -> None:
        for _ in range(100):
            self.run()
            if not self.network.lagging:
                return
        told = self.network.device, self.network.lanes, self.network.intents[:3], self.network.lagging[:3]
        raise AssertionError(f"Left behind: {told}")

    def check(self) -> None:
        """Look whether all is as it should be."""
        self.settle()
        expected: dict[str, tuple[str, int | None]] = dict(FOREIGN)
        for spec in self.wanted.values():
            if spec is not None:
                assert isinstance(spec.password, SecretRef)
                expected[spec.username] = (f"text of {spec.password.name}", spec.download_kbit)
        assert self.network.box.logins == expected
        assert self.network.intents == []
        assert self.network.claims == {claim_of(spec): True for spec in self.wanted.values() if spec}


@contextmanager
def homes_at(url: str, folder: Path, *, seed: str, workers: int) -> Iterator[Homes]:
    with network_at(url, folder) as network, mother() as parent:
        network.add_box(lanes=2)
        homes = Homes(network, url, parent, Random(seed), workers)
        homes.begin()
        yield homes


BOUNDARIES = 110
"""More than there are between the beginning and the end of two batches."""

KILLED = 22
"""Of the sample, at least."""


def test_workers_killed_between_any_two_statements_leave_nothing_behind(
    url_of_each: str, tmp_path: Path
) -> None:
    with homes_at(url_of_each, tmp_path, seed="sample", workers=2) as homes:
        for number in range(20):
            homes.edit()
            homes.run(at=1 + number * BOUNDARIES // 20)
            if number % 3 == 0:
                homes.edit()
                homes.run(after=homes.chance.uniform(0, 0.15))
            if number % 5 == 4:
                homes.check()
        for at in (1, 2, 3, 4, 20):
            homes.stall(at)
        # Where the other worker was quicker, one ended before its late boundary: it is killed at early ones.
        for at in range(1, 20):
            if homes.kills < KILLED:
                homes.edit()
                homes.run(at=at)
        homes.check()

        assert homes.kills >= KILLED
        assert homes.stalls >= 3
        assert homes.changes >= 2_500


if KILLS:

    @pytest.mark.endurance
    @pytest.mark.parametrize("workers", [1, 4])
    def test_many_killed_workers_leave_nothing_behind(url_of_each: str, tmp_path: Path, workers: int) -> None:
        with homes_at(url_of_each, tmp_path, seed=f"{url_of_each[:6]} {workers}", workers=workers) as homes:
            while homes.kills < KILLS // 4 or homes.changes < CHANGES // 4:
                homes.edit()
                if homes.chance.random() < 0.5:
                    homes.run(at=homes.chance.randrange(1, BOUNDARIES))
                else:
                    homes.run(after=homes.chance.uniform(0, 0.2))
                if homes.chance.random() < 0.1:
                    homes.stall(homes.chance.randrange(1, BOUNDARIES))
                if homes.chance.random() < 0.2:
                    homes.check()
            homes.check()
