"""The fixtures of this folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.providers import Office, open_office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """An office with the test catalogue, on a file of its own; today is the usual start day."""
    with open_office(tmp_path / "provider.db") as office:
        yield office
