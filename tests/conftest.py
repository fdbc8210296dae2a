"""Settings that all tests share: the engine, how long properties are searched, which skips are forgiven."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests import compiled, engines
from tests.skips import pytest_make_collect_report, pytest_runtest_makereport, server_skips_fail

__all__ = ["pytest_make_collect_report", "pytest_runtest_makereport"]

ROOT = Path(__file__).resolve().parent.parent

settings.register_profile(
    "default",
    deadline=None,  # a slow machine is not a wrong result
    derandomize="CI" in os.environ,  # the same commit gives the same answer
)
settings.register_profile("brief", settings.get_profile("default"), max_examples=20)
settings.register_profile(
    "endurance",
    settings.get_profile("default"),
    derandomize=False,
    max_examples=20_000,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("default")  # --hypothesis-profile=endurance is applied after this


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--engine",
        choices=[engines.SQLITE, engines.POSTGRESQL],
        default=engines.SQLITE,
        help="where the tests keep their data; for postgresql they start a server of their own",
    )
    parser.addoption(
        "--chosen-only",
        action="store_true",
        help="leave out the tests that are tried on both engines whichever is chosen",
    )


def pytest_configure(config: pytest.Config) -> None:
    engines.Chosen.engine = config.getoption("--engine")
    patch = pytest.MonkeyPatch()
    config.add_cleanup(patch.undo)
    compiled.share(patch)


def pytest_unconfigure() -> None:
    engines.stop_server()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On a server, let tests rest that hold for files only, each with its own reason.

    Where there is no server, all of them rest: they would run, but not where they were told to.
    """
    if config.getoption("--chosen-only"):
        config.hook.pytest_deselected(items=[item for item in items if _names_its_engine(item)])
        items[:] = [item for item in items if not _names_its_engine(item)]
    if not engines.on_postgresql():
        return
    missing = engines.reason_for_no_server()
    if missing is not None and server_skips_fail():
        raise pytest.UsageError(missing)
    if missing is not None:
        for item in items:
            item.add_marker(pytest.mark.skip(reason=missing))
    for item in items:
        for mark in item.iter_markers("sqlite_only"):
            item.add_marker(pytest.mark.skip(reason=f"holds for SQLite only: {mark.args[0]}"))


def _names_its_engine(item: pytest.Item) -> bool:
    given = getattr(item, "callspec", None)
    return given is not None and not {engines.SQLITE, engines.POSTGRESQL}.isdisjoint(
        value for value in given.params.values() if isinstance(value, str)
    )


@pytest.fixture(autouse=True)
def _databases_of_one_test() -> Iterator[None]:
    yield
    engines.drop_databases()


@pytest.fixture(params=[engines.SQLITE, pytest.param(engines.POSTGRESQL, marks=pytest.mark.server)])
def unmade_database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database without any tables, once on each engine whatever was chosen."""
    if request.param == engines.POSTGRESQL:
        return engines.empty_postgresql()
    return f"sqlite:///{tmp_path / 'unmade.db'}"


@pytest.fixture(params=[engines.SQLITE, pytest.param(engines.POSTGRESQL, marks=pytest.mark.server)])
def each_engine(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database with today's tables, once on each engine whatever was chosen."""
    if request.param == engines.POSTGRESQL:
        return engines.new_postgresql()
    url = f"sqlite:///{tmp_path / 'each.db'}"
    engines.migrate(url)
    return url
