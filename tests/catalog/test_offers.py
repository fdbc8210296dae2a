from datetime import date

import pytest

from ispcore.catalog import Composition, Service, Target, Version, version_on
from ispcore.errors import RefusedError
from ispcore.values import Money


def version(since: date, price: str) -> Version:
    return Version(since, Money.of(price, "BRL"), Composition((), Target("3", "main", "telecom"), "X"))


OLD, NEW = version(date(2012, 1, 1), "100"), version(date(2013, 1, 1), "120")


@pytest.mark.parametrize("versions", [(OLD, NEW), (NEW, OLD)])
@pytest.mark.parametrize(
    ("day", "found"),
    [(date(2012, 1, 1), OLD), (date(2012, 12, 31), OLD), (date(2013, 1, 1), NEW), (date(2020, 1, 1), NEW)],
)
def test_the_last_version_begun_is_in_force(versions: tuple[Version, ...], day: date, found: Version) -> None:
    assert version_on(Service("tv", "TV", versions), day) == found


def test_what_is_not_sold_yet_has_no_price() -> None:
    with pytest.raises(
        RefusedError, match=r"'tv' has no price on 2011-12-31. Its first price is from 2012-01-01"
    ):
        version_on(Service("tv", "TV", (NEW, OLD)), date(2011, 12, 31))
    with pytest.raises(RefusedError, match=r"Give it a version with a price"):
        version_on(Service("tv", "TV", ()), date(2012, 1, 1))
