"""Kill Bill: its integration tests, months of a fixed length, local days."""

from datetime import date
from fractions import Fraction
from typing import Any

from ispcore.catalog import Trial, TrialKind
from ispcore.plans import (
    Cancel,
    CancelOn,
    ChangePlan,
)
from tests.cases.kill_bill_days import ADVANCE, ARREARS, MILLION, closing_day
from tests.cases.outcome import Outcome, Row, expected_rows
from tests.cases.playing import Begin, plays
from tests.cases.reading import Case, cents, decimals, share


@plays("KB-INT-01")
def a_billing_day_at_the_end_of_the_month(case: Case, begin: Begin) -> Outcome:
    life = begin({"base": "599.95", "next": "29.95"}, **ADVANCE)
    trial = Trial(TrialKind.DAYS, case.inputs["trial_days"])
    life.subscribe(case.day(), trial=trial, anchor_on=date(2012, 1, 31))
    free_until = life.timeline().last.free_until
    life.close("2012-02-01", "2012-03-02")
    life.do(ChangePlan, date(2012, 3, 31), plan="next")
    life.close("2012-03-31", "2012-04-30", "2012-05-31")
    life.do(Cancel, date(2012, 6, 1), on=date(2012, 7, 1), when=CancelOn.CYCLE_END, reason="moved")
    life.close("2012-06-30", "2012-07-31", "2012-08-31")
    return Outcome(
        expected_rows(case.expected["periods"]),
        {f"fixed {case.day()}": Row(0, free_until), **life.rows()},
    )


@plays("KB-INT-16")
def another_plan_and_another_billing_day(case: Case, begin: Begin) -> Outcome:
    life = begin({"base": "249.95", "next": "599.95"}, **ADVANCE)
    life.subscribe(case.day(), trial=Trial(TrialKind.DAYS, case.inputs["trial_days"]))
    life.close("2016-05-01")
    life.pay("249.95", date(2016, 5, 2))
    life.do(ChangePlan, date(2016, 5, 5), plan="next", closing_day=closing_day(10))
    life.close("2016-05-05")
    kept = life.balance()
    life.close("2016-05-10")
    balances = {"credit 2016-05-05": kept, "credit 2016-05-10": life.balance() - kept}
    rows = {name: row for name, row in life.rows().items() if name != "recurring 2016-05-01"}
    credits_ = {f"credit {day}": cents(amount) for day, amount in case.expected["account_credit"]}
    return Outcome({**expected_rows(case.expected["periods"]), **credits_}, {**rows, **balances})


@plays("KB-INT-21")
def a_cancellation_on_the_billing_day(case: Case, begin: Begin) -> Outcome:
    life = begin(case.inputs["price"], **ARREARS)
    life.subscribe(case.day())
    life.close("2020-02-01", "2020-03-01")
    life.do(Cancel, case.event, reason="moved")
    life.close(case.event, case.inputs["target_date"])
    return Outcome(expected_rows(case.expected["periods"]), life.rows())


@plays("KB-INT-24")
def a_change_of_plan_in_arrears(case: Case, begin: Begin) -> Outcome:
    day = closing_day(case.inputs["billing_day"])
    life = begin({"base": case.inputs["price"], "next": "950.00"}, closing_day=day, **ARREARS)
    life.subscribe(case.day())
    life.do(ChangePlan, case.event, plan="next")
    life.close(case.event)
    return Outcome(expected_rows(case.expected["periods"]), life.rows())


@plays("KB-INT-28")
def a_catalogue_price_that_reaches_those_who_are_there(case: Case, begin: Begin) -> Outcome:
    first, second, third = case.inputs["price"].split("/")
    versions = [
        {"price": first},
        {"from": "2018-04-01", "price": second},
        {"from": "2018-05-01", "price": second, "existing": "next_cycle"},
        {"from": "2018-08-01", "price": third, "existing": "next_cycle"},
    ]
    life = begin({"base": {"versions": versions}}, **ADVANCE)
    life.subscribe(case.day())
    life.close(*(date(2018, month, 1) for month in range(1, 9)))
    return Outcome(expected_rows(case.expected["periods"]), life.rows())


@plays("KB-INT-35")
def a_cancellation_in_months_of_thirty(case: Case, begin: Begin) -> Outcome:
    inputs = case.inputs
    count = f"months_of_{inputs['proration_fixed_days']}"
    day = closing_day(inputs["billing_day"])
    life = begin(inputs["price"], closing_day=day, day_count=count, **ADVANCE)
    life.subscribe(case.day())
    life.close(case.day())
    life.do(Cancel, case.event, reason="moved")
    life.close(case.event)
    return Outcome(expected_rows(case.expected["periods"]), life.rows())


# --- fixed days


@plays("KB-FIX-03", "KB-FIX-06")
def months_of_a_fixed_length(case: Case, begin: Begin) -> Outcome:
    count = case.inputs["fixed_days"]
    start, end = case.day(), case.day("end")
    fraction = Fraction(case.expected["days"], count)
    starts = (start, start.replace(year=2024)) if "fraction_decimal" in case.expected else (start,)
    found: dict[str, Any] = {}
    for first in starts:
        life = begin(MILLION, closing_day=closing_day(end.day), day_count=f"months_of_{count}", **ADVANCE)
        life.subscribe(first)
        life.close(first)
        found |= life.rows()
    expected: dict[str, Any] = {
        f"recurring {first}": Row(share(MILLION, fraction), end.replace(year=first.year), fraction)
        for first in starts
    }
    if "fraction_decimal" in case.expected:
        expected["fraction"] = case.expected["fraction_decimal"]
        found["fraction"] = decimals(found[f"recurring {start}"].share, 9)
    return Outcome(expected, found)


@plays("KB-TZ-01", "KB-TZ-04")
def the_local_day_of_an_instant(case: Case, begin: Begin) -> Outcome:
    zone = {"HST": "Pacific/Honolulu", "+03:00": "Etc/GMT-3"}[case.inputs["timezone"]]
    life = begin("10.00", zone=zone, anchor="start", **ADVANCE)
    life.at(case.inputs["instant"])
    life.subscribe(None)
    timeline = life.timeline()
    assert timeline.last.started_on.day == timeline.last.terms.grid.day
    return Outcome(case.expected, {"billing_day": timeline.last.terms.grid.day})


@plays("KB-TZ-06", "KB-TZ-09")
def a_day_aligned_to_a_billing_day(case: Case, begin: Begin) -> Outcome:
    life = begin("10.00", closing_day=closing_day(case.inputs["billing_day"]), **ADVANCE)
    life.subscribe(case.day("date"))
    life.close(case.day("date"))
    (first,) = life.rows().values()
    return Outcome(
        {"first cycle begins on": case.expected["date"]}, {"first cycle begins on": str(first.until)}
    )
