from datetime import date

import pytest

from ispcore.catalog import Accrual, BillingPolicy, DatedPolicy, policy_on

EVER = DatedPolicy(None, BillingPolicy(lead_days=1))
LATER = DatedPolicy(date(2012, 6, 1), BillingPolicy(lead_days=2))
LAST = DatedPolicy(date(2013, 1, 1), BillingPolicy(lead_days=3))


@pytest.mark.parametrize("versions", [(EVER, LATER, LAST), (LAST, LATER, EVER)])
@pytest.mark.parametrize(
    ("day", "lead"),
    [(date(2000, 1, 1), 1), (date(2012, 5, 31), 1), (date(2012, 6, 1), 2), (date(2020, 1, 1), 3)],
)
def test_the_last_policy_begun_is_in_force(versions: tuple[DatedPolicy, ...], day: date, lead: int) -> None:
    assert policy_on(versions, day).lead_days == lead


def test_the_earliest_policy_rules_the_time_before_it_too() -> None:
    assert policy_on((LAST, LATER), date(2000, 1, 1)).lead_days == 2


def test_an_amount_belongs_to_the_month_before_of_or_after_the_due_month() -> None:
    assert [accrual.months for accrual in Accrual] == [-1, 0, 1]
