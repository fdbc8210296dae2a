"""Cases for whoever runs ispcore's workers by an executor of their own: a queue, a pool, a scheduler.

Subclass it where your tests are, say how jobs are executed, and let pytest find the cases::

    class TestOurQueue(ExecutorKit):
        def execute(self, jobs):
            our_queue.run_in_threads(jobs)

A job is a call without arguments, which your executor makes in this process: once or several times, soon or
late, side by side or one after the other. It returns when nothing is left to do for now.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from ispcore.testing.executor_network import KitNetwork, login

Job = Callable[[], None]
_HOMES = 6
_LONG = 3_600.0
_STATEMENTS = 44


class ExecutorKit:
    """The cases. Each begins with a new database and an empty box.

    ``every`` says at which statements a worker is killed: with 1 at each, with 5 at every fifth.
    """

    every = 5

    def execute(self, jobs: Sequence[Job]) -> None:
        """Execute *jobs*, and return when all have ended."""
        raise NotImplementedError

    def database(self, folder: Path) -> str:
        """Return the URL of a new database; by default a file of SQLite in *folder*."""
        return f"sqlite:///{folder / 'kit.db'}"

    def _settle(self, network: KitNetwork) -> None:
        """Let the time of whoever was lost run out, and what is left be done."""
        network.pass_by(_LONG)
        self.execute([network.job()])

    def _network(self, folder: Path, password: str = "A") -> KitNetwork:  # noqa: S107 - of a kit
        network = KitNetwork(self.database(folder))
        for number in range(_HOMES):
            network.want(number, login(number, password))
        return network

    def test_work_is_done(self, tmp_path: Path) -> None:
        """A wake-up makes everything current."""
        network = self._network(tmp_path)

        self.execute([network.job()])

        network.check({})

    def test_a_worker_killed_between_any_two_statements_leaves_nothing_behind(self, tmp_path: Path) -> None:
        """Each password goes A, B, A; a worker is killed over B at one statement after the other."""
        network = self._network(tmp_path)
        foreign = login(99, "theirs")
        network.box.put(foreign, "theirs")
        self.execute([network.job()])

        for statement in range(1, _STATEMENTS, self.every):
            for password, kill in (("B", statement), ("A", None)):
                for number in range(_HOMES):
                    name = f"home-{number}" + ("-new" if password == "B" and number % 3 == 0 else "")  # noqa: S105
                    network.want(number, login(number, password, name=name))
                self.execute([network.job(kill=kill, batch=3)])
                network.pass_by(_LONG)
            self._settle(network)
            network.check({"login/home-99": (foreign, "theirs")})

    def test_doubled_wake_ups_write_nothing_twice(self, tmp_path: Path) -> None:
        """The same job five times at once writes each thing once."""
        network = self._network(tmp_path)
        job = network.job()

        self.execute([job] * 5)
        self._settle(network)

        network.check({})
        if network.box.writes != _HOMES:
            raise AssertionError(f"{_HOMES} things were written {network.box.writes} times.")

    def test_a_clock_that_jumps_does_no_harm(self, tmp_path: Path) -> None:
        """The database's clock jumps by a day, ahead and back, while work is going on."""
        network = self._network(tmp_path)
        jumps = iter((86_400.0, -86_400.0, 3_600.0, -7_200.0))
        network.box.during = lambda: network.jump(next(jumps, 0.0))

        self.execute([network.job(batch=2), network.job(batch=2)])
        network.pass_by(2 * 86_400)
        self._settle(network)

        network.check({})

    def test_a_lease_that_runs_out_while_work_goes_on_loses_nothing(self, tmp_path: Path) -> None:
        """Somebody else takes the lane over in the middle of a batch, and wants something else by then."""
        network = self._network(tmp_path)
        late = iter([True])

        def overtake() -> None:
            if next(late, False):
                network.pass_by(_LONG)
                network.want(0, login(0, "B"))
                self.execute([network.job()])

        network.box.during = overtake
        self.execute([network.job()])
        self._settle(network)

        network.check({})

    def test_workers_of_several_versions_work_side_by_side(self, tmp_path: Path) -> None:
        """They take other numbers at a time, for other times; what one does not know is left to others."""
        network = self._network(tmp_path)
        network.want_kind(1, "hologram")

        self.execute([network.job(batch=1, pace=30), network.job(batch=50, pace=600)])
        network.pass_by(_LONG)
        self.execute([network.job()])

        left = network.lagging
        if left != ["later-1:hologram@box"]:
            raise AssertionError(f"left behind: {left}")
