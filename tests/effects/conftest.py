"""The fixtures of this folder."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import engines
from tests.effects.network import Network, network_at


@pytest.fixture(scope="session")
def file_with_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of SQLite with today's tables, to be copied."""
    path = tmp_path_factory.mktemp("tables") / "tables.db"
    engines.migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(params=[engines.SQLITE, pytest.param(engines.POSTGRESQL, marks=pytest.mark.server)])
def url_of_each(request: pytest.FixtureRequest, file_with_tables: Path, tmp_path: Path) -> str:
    """The URL of a database with today's tables, once on each engine."""
    if request.param == engines.POSTGRESQL:
        return engines.new_postgresql()
    return f"sqlite:///{shutil.copyfile(file_with_tables, tmp_path / 'each.db')}"


@pytest.fixture
def network(file_with_tables: Path, tmp_path: Path) -> Iterator[Network]:
    """A network with one box, on the engine that was chosen."""
    if not engines.on_postgresql():
        shutil.copyfile(file_with_tables, tmp_path / "provider.db")
    with network_at(engines.url_at(tmp_path / "provider.db"), tmp_path) as network:
        network.add_box()
        yield network


@pytest.fixture
def each_network(url_of_each: str, tmp_path: Path) -> Iterator[Network]:
    """A network with one box, once on each engine."""
    with network_at(url_of_each, tmp_path) as network:
        network.add_box()
        yield network
