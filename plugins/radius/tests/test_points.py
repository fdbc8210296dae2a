"""What is said of an access point in a configuration."""

import pytest

from ispcore.errors import InvalidValueError
from ispcore_radius import RadiusConfig, Vendor
from ispcore_radius.points import AccessPoint, points_of


def test_an_access_point_that_nothing_is_said_of_takes_everything_on_the_common_port() -> None:
    assert RadiusConfig(coa_port=1700).point("10.0.0.1") == AccessPoint("10.0.0.1", 1700)


def test_an_access_point_has_a_port_and_habits_of_its_own() -> None:
    config = RadiusConfig(access_points=("10.0.0.1 port=1700 unsigned", "2001:DB8::1  closes"))

    assert config.point("10.0.0.1") == AccessPoint("10.0.0.1", 1700, signed=False)
    assert config.point("2001:db8::1") == AccessPoint("2001:db8::1", 3799, adjusts=False)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "should begin with the address"),
        ("bras-1", "should begin with the address"),
        ("10.0.0.1 port=0", "'port=0' says nothing"),
        ("10.0.0.1 port=70000", "'port=70000' says nothing"),
        ("10.0.0.1 port", "'port' says nothing"),
        ("10.0.0.1 vendor=acme", "'vendor=acme' says nothing"),
        ("10.0.0.1 slow", "There is: port=NUMBER, vendor=NAME, unsigned, closes"),
    ],
)
def test_what_says_nothing_of_an_access_point_is_refused(text: str, complaint: str) -> None:
    with pytest.raises(InvalidValueError, match=complaint):
        RadiusConfig(access_points=(text,))


def test_a_login_has_the_attributes_of_the_vendor_and_of_those_of_single_access_points() -> None:
    config = RadiusConfig(vendor=Vendor.HUAWEI, access_points=("10.0.0.1 vendor=cisco", "10.0.0.2 closes"))

    assert config.vendors == (Vendor.HUAWEI, Vendor.CISCO)
    assert [config.point(f"10.0.0.{number}").vendor for number in (1, 2, 3)] == [
        Vendor.CISCO,
        Vendor.HUAWEI,
        Vendor.HUAWEI,
    ]


def test_attributes_of_ones_own_are_named_where_one_access_point_needs_them() -> None:
    with pytest.raises(InvalidValueError, match="needs a 'download_attribute'"):
        RadiusConfig(access_points=("10.0.0.1 vendor=generic",))


def test_an_access_point_stands_once() -> None:
    with pytest.raises(InvalidValueError, match="stands twice"):
        points_of(["10.0.0.1", "10.0.0.1 closes"], 3799)


@pytest.mark.parametrize("setting", ["coa_port", "coa_seconds", "coa_per_second"])
def test_a_setting_of_requests_is_at_least_one(setting: str) -> None:
    with pytest.raises(InvalidValueError):
        RadiusConfig(**{setting: 0})  # type: ignore[arg-type]  # by name
