"""The executor kit passes with executors that work, and each case fails where its rule is broken."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from attrs import evolve

from ispcore.driver import Spec
from ispcore.effects import batch, protocol
from ispcore.effects.work import Work
from ispcore.testing import ExecutorKit
from ispcore.testing.executor_kit import Job
from tests import engines


class TestOneAfterTheOther(ExecutorKit):
    def execute(self, jobs: Sequence[Job]) -> None:
        for job in jobs:
            job()

    def database(self, folder: Path) -> str:
        return engines.empty_postgresql() if engines.on_postgresql() else super().database(folder)


class TestSideBySide(ExecutorKit):
    every = 14

    def execute(self, jobs: Sequence[Job]) -> None:
        with ThreadPoolExecutor(4) as pool:
            for done in [pool.submit(job) for job in jobs]:
                done.result()


class Lazy(ExecutorKit):
    def execute(self, jobs: Sequence[Job]) -> None:
        pass


def test_an_executor_that_executes_nothing_is_found_out(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="left behind"):
        Lazy().test_work_is_done(tmp_path)


def test_secrets_that_are_not_written_again_in_doubt_are_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def trusting(work: Work, after: Spec) -> frozenset[str]:
        return protocol.rewritten(evolve(work, in_doubt=False), after)

    monkeypatch.setattr(batch, "rewritten", trusting)

    kit = TestOneAfterTheOther()
    kit.every = 3
    with pytest.raises(AssertionError, match="passwords on the box"):
        kit.test_a_worker_killed_between_any_two_statements_leaves_nothing_behind(tmp_path)
