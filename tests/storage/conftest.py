"""The fixtures of this folder."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import engines
from tests.providers import Office, open_office
from tests.storage import bases


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """An office with the test catalogue, on a file of its own; today is the usual start day."""
    with open_office(tmp_path / "provider.db") as office:
        yield office


@pytest.fixture
def child_environment() -> dict[str, str]:
    """The environment in which a child process finds what this one has found."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


@pytest.fixture(params=[engines.SQLITE, pytest.param(engines.POSTGRESQL, marks=pytest.mark.server)])
def engine(request: pytest.FixtureRequest) -> str:
    """Each engine, whatever was chosen."""
    name: str = request.param
    return name


@pytest.fixture
def small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many slices of a small base."""
    monkeypatch.setattr(sys.modules["ispcore.usecases.close"], "SLICE", bases.IN_A_SLICE)


@pytest.fixture
def url(engine: str, tmp_path: Path, small_slices: None) -> str:
    """The URL of a fresh copy of the books with a bit of everything, on each engine."""
    return bases.fresh(engine, tmp_path / "books.db")
