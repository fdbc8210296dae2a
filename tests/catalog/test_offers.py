from datetime import date
from typing import Any

import pytest

from ispcore.catalog import Composition, Existing, Service, Target, Version, read_catalogue, version_on
from ispcore.errors import DocumentError, RefusedError
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


# --- what a new price does to those who have the offer


def read(**more: Any) -> tuple[Version, ...]:
    booked = {"account": "acc", "company": "net", "document_type": "nf"}
    versions = [
        {"from": "2012-01-01", "price": "90.00", **booked},
        {"from": "2013-01-01", "price": "99.00", **booked, **more},
    ]
    document = {
        "currency": "BRL",
        "companies": {"net": {"name": "Rede"}},
        "document_types": {"nf": {"name": "NF"}},
        "accounts": {"acc": {"name": "Acesso"}},
        "plans": {"home": {"name": "Home", "versions": versions}},
    }
    return read_catalogue(document).plan("home").versions


def test_who_has_the_offer_keeps_the_price_unless_the_version_says_otherwise() -> None:
    assert [version.existing for version in read()] == [Existing.KEEP, Existing.KEEP]


@pytest.mark.parametrize("existing", list(Existing))
def test_a_version_says_who_follows_its_price(existing: Existing) -> None:
    assert [version.existing for version in read(existing=existing.value)] == [Existing.KEEP, existing]


@pytest.mark.parametrize("wrong", ["follow", True, 3, ""])
def test_another_word_for_it_is_refused_with_the_right_ones(wrong: object) -> None:
    with pytest.raises(DocumentError) as refused:
        read(existing=wrong)

    (problem,) = [str(problem) for problem in refused.value.problems]
    assert problem.startswith("plans.home.versions[1].existing: ")
    assert problem.endswith("Use one of: keep, next_cycle, anniversary.")
