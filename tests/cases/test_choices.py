"""What other engines choose can be had here too, by saying so: two of the cases that differ on purpose."""

from datetime import date
from fractions import Fraction

from ispcore.catalog import Trial, TrialKind
from ispcore.plans import ChangePlan
from tests.cases.life import Life
from tests.cases.outcome import Row


def test_a_begun_cycle_is_billed_whole_by_who_bills_in_advance() -> None:
    life = Life("30.00", closing_day=6, advance=True)
    life.subscribe(date(2022, 9, 7))

    life.close("2022-12-01")

    assert life.rows()["recurring 2022-11-07"] == Row(3000, date(2022, 12, 7), Fraction(1))
    life.end()


def test_a_trial_given_at_the_start_outlasts_a_change_of_plan() -> None:
    life = Life({"base": "50000.00", "next": "100000.00"}, advance=True)
    life.subscribe(date(2024, 3, 5), trial=Trial(TrialKind.DAYS, 13))
    life.do(ChangePlan, date(2024, 3, 10), plan="next")

    life.close("2024-03-18")

    assert life.rows() == {"recurring 2024-03-18": Row(4516129, date(2024, 4, 1), Fraction(14, 31))}
    life.end()
