"""The fixtures of this folder."""

from collections.abc import Iterator

import pytest

from tests.network_stories.stage import Stage, a_stage


@pytest.fixture
def stage() -> Iterator[Stage]:
    """A provider with three mock devices."""
    with a_stage() as made:
        yield made
