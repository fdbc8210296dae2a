"""What the table says of a figure."""

import pytest

from bench.measuring import Figure, Target
from bench.table import as_markdown, row

TARGET = Target(2.0, 1.5)


@pytest.mark.parametrize(
    ("ratios", "said"),
    [
        ((1.4, 1.5, 1.6), "beyond"),
        ((1.4, 1.9, 9.0), "reached"),
        ((1.0, 2.1, 2.2), "missed"),
    ],
)
def test_the_median_decides_whether_a_target_is_reached(ratios: tuple[float, ...], said: str) -> None:
    assert said in row(Figure("a run", "its rows", ratios, TARGET))


def test_a_figure_without_a_target_is_told_without_a_verdict() -> None:
    assert row(Figure("a run", "its rows", (1.0,)))[5:8] == ("", "", "")


def test_a_row_shows_minimum_median_and_maximum() -> None:
    assert row(Figure("a run", "its rows", (3.0, 1.0, 2.0)))[2:5] == ("1.00", "2.00", "3.00")


def test_markdown_has_a_row_for_each_figure_and_then_the_remarks() -> None:
    told = as_markdown([Figure("a run", "its rows", (1.0,))], ["a quiet machine"])

    assert told.splitlines()[-3].startswith("| a run | its rows |")
    assert told.splitlines()[-1] == "- a quiet machine"
