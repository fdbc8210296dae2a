"""The fixtures of this folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import engines
from tests.effects.network import Network, network_at


@pytest.fixture
def network(tmp_path: Path) -> Iterator[Network]:
    """A network with one box, on the engine that was chosen."""
    url = engines.url_at(tmp_path / "provider.db")
    if not engines.on_postgresql():
        engines.migrate(url)
    with network_at(url, tmp_path) as network:
        network.add_box()
        yield network


@pytest.fixture
def each_network(each_engine: str, tmp_path: Path) -> Iterator[Network]:
    """A network with one box, once on each engine."""
    with network_at(each_engine, tmp_path) as network:
        network.add_box()
        yield network
