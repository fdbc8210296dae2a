"""Usage as a picture: bars that add up, labels that fit, texts that are escaped."""

import re
from datetime import UTC, date
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ispcore.network import Octets, Usage, usage_of
from ispcore.pages import said_octets, usage_picture
from ispcore.values import ONE_DAY, Period
from tests.network.connections import at, stopped

SVG = "{http://www.w3.org/2000/svg}"
THREE = Period(date(2012, 3, 10), date(2012, 3, 13))
USAGE = usage_of(
    "ana",
    [
        stopped(at(10, 8), at(10, 9), up=10_000_000, down=60_000_000),
        stopped(at(12), at(12, 1), down=35_000_000),
    ],
    THREE,
    UTC,
)


def rects(picture: str) -> list[tuple[str, str, str]]:
    """Return each bar's class, place and height."""
    found = ET.fromstring(picture).iter(f"{SVG}rect")
    return [(one.attrib["class"], one.attrib["y"], one.attrib["height"]) for one in found]


def texts(picture: str, kind: str = "text") -> list[str]:
    return ["".join(one.itertext()) for one in ET.fromstring(picture).iter(SVG + kind)]


@pytest.mark.covers("S3-109")
def test_each_day_has_a_bar_of_what_came_down_and_what_went_up() -> None:
    picture = usage_picture(USAGE)

    assert rects(picture) == [
        ("down", "44", "120"),
        ("up", "24", "20"),
        ("down", "164", "0"),
        ("up", "164", "0"),
        ("down", "94", "70"),
        ("up", "94", "0"),
    ]
    assert texts(picture, "title")[0] == "10/03/2012: 60 MB down, 10 MB up"


def test_a_picture_says_whose_it_is_what_it_comes_to_and_how_high_the_highest_bar_is() -> None:
    head, highest, *days = texts(usage_picture(USAGE))

    assert head == "Usage of ana, 10/03/2012 to 12/03/2012, 3 days: 95 MB down, 10 MB up"
    assert highest == "70 MB"
    assert days == ["10/03", "11/03", "12/03"]


def test_by_month_a_bar_is_a_month() -> None:
    picture = usage_picture(USAGE, by_month=True)

    assert texts(picture, "title") == ["03/2012: 95 MB down, 10 MB up"]
    assert texts(picture)[2:] == ["03/2012"]


def test_there_are_a_dozen_labels_at_most() -> None:
    year = usage_of("ana", [], Period(date(2012, 1, 1), date(2013, 1, 1)), UTC)

    assert len(texts(usage_picture(year))) == 2 + 12


def test_a_login_is_escaped() -> None:
    picture = usage_picture(usage_of('<b>&"', [], THREE, UTC))

    assert texts(picture)[0].startswith('Usage of <b>&"')


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1_000, "1 kB"),
        (1_999_999, "1.9 MB"),
        (123_456_789, "123 MB"),
        (1_600_000_000, "1.6 GB"),
        (10**15, "1 PB"),
        (10**18, "1000 PB"),
    ],
)
def test_bytes_are_said_in_the_unit_that_fits(count: int, said: str) -> None:
    assert said_octets(count) == said


@given(st.lists(st.tuples(st.integers(0, 2**50), st.integers(0, 2**50)), min_size=1, max_size=40))
def test_no_bar_is_higher_than_the_highest_and_what_was_moved_is_seen(moved: list[tuple[int, int]]) -> None:
    days = {date(2012, 3, 1) + n * ONE_DAY: Octets(up, down) for n, (up, down) in enumerate(moved)}
    usage = Usage("ana", Period(date(2012, 3, 1), date(2012, 3, 1) + len(moved) * ONE_DAY), days)

    found = rects(usage_picture(usage))

    for n, (up, down) in enumerate(moved):
        (_, _, lower), (_, top, upper) = found[2 * n : 2 * n + 2]
        assert float(top) >= 24
        assert abs(float(top) + float(upper) + float(lower) - 164) < 0.01
        assert (float(lower) + float(upper) > 0) == (up + down > 0)
    assert not re.search(r'(height|width)="-', usage_picture(usage))
