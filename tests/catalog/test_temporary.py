"""What the catalogue says of what is had for a while only."""

from typing import Any

import pytest

from ispcore.catalog import Provisional, SeasonalPolicy
from ispcore.errors import DocumentError
from tests.catalogues import DOCUMENT, catalogue


def test_a_plan_says_for_how_many_days_it_is_enabled_provisionally_and_how_often() -> None:
    adsl = {**DOCUMENT["plans"]["adsl"], "provisional": {"days": 3, "every_days": 30}}

    known = catalogue(plans={"adsl": adsl})

    assert known.plan("adsl").provisional == Provisional(3, 30)
    assert known.plan("fibre").provisional is None


def test_a_seasonal_pause_is_free_unless_it_is_said_otherwise() -> None:
    assert catalogue().seasonal.is_free

    said = catalogue(seasonal={"min_days": 15, "max_days": 90, "months": [1, 12, 1]}).seasonal

    assert said == SeasonalPolicy(15, 90, (1, 12))
    assert not said.is_free


@pytest.mark.parametrize("months", [[0], [13], ["may"], [True], 5])
def test_months_are_numbers(months: Any) -> None:
    with pytest.raises(DocumentError, match=r"seasonal\.months.*no list of months"):
        catalogue(seasonal={"months": months})


@pytest.mark.parametrize("days", [{"min_days": 31, "max_days": 30}, {"max_days": 3661}])
def test_limits_that_no_pause_can_keep_are_refused(days: Any) -> None:
    with pytest.raises(DocumentError, match="seasonal"):
        catalogue(seasonal=days)
