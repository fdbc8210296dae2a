"""A driver for a device behind a real socket passes the kit; the dial proxy stands between them."""

from collections.abc import Iterator
from typing import Any

import pytest

from ispcore.testing.driver_kit import DriverKit
from tests.testing.broken import lines
from tests.testing.line_device import LineRig


class TestLineDriver(DriverKit):
    @pytest.fixture
    def rig(self) -> Iterator[LineRig]:
        rig = LineRig()
        yield rig
        rig.close()


@pytest.mark.parametrize(
    ("driver", "case", "said"),
    [
        (lines.ReadsOnePiece, "an_answer_in_pieces_is_read_whole", "The answers came in pieces"),
        (lines.ReadsNotices, "a_notice_in_an_answer_is_not_part_of_it", "A notice was printed into exchange"),
        (lines.WaitsForEver, "a_late_answer_is_not_taken_for_another", "was waited for"),
        (
            lines.LetsErrorsThrough,
            "a_device_that_cannot_be_reached_is_told_as_such",
            "ConnectionRefusedError",
        ),
    ],
)
def test_a_driver_that_is_no_good_on_a_real_line_is_caught(driver: Any, case: str, said: str) -> None:
    rig = LineRig(driver)
    try:
        with pytest.raises(AssertionError) as caught:
            getattr(DriverKit(), f"test_{case}")(rig)
    finally:
        rig.close()

    assert said in str(caught.value)
