"""The fixtures of this folder."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.providers import Office, open_office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """An office with the test catalogue, on a file of its own; today is the usual start day."""
    with open_office(tmp_path / "provider.db") as office:
        yield office


@pytest.fixture
def child_environment() -> dict[str, str]:
    """The environment in which a child process finds what this one has found."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
