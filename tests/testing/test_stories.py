"""Where a story is broken off."""

import pytest

from ispcore.testing.driver_kit.stories import spread


@pytest.mark.parametrize(
    ("count", "most", "numbers"),
    [(3, 40, [1, 2, 3]), (0, 40, []), (9, 3, [1, 5, 9]), (10, 4, [1, 4, 7, 10])],
)
def test_a_story_is_broken_everywhere_or_evenly_apart(count: int, most: int, numbers: list[int]) -> None:
    assert spread(count, most) == numbers
