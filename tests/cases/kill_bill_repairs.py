"""Kill Bill: its item tree, which takes back what was billed and is not owed."""

from datetime import date
from fractions import Fraction

from ispcore.plans import (
    Annul,
    Cancel,
    ChangeBillingTerms,
    ChangePlan,
    ChangePrice,
    Pause,
    Unpause,
)
from tests.cases.kill_bill_days import ADVANCE, closing_day
from tests.cases.outcome import Outcome, Row, expected_rows
from tests.cases.playing import Begin, plays
from tests.cases.reading import Case, cents


def _existing(case: Case) -> tuple[str, date, int]:
    first = case.inputs["existing_items"][0]
    start = date.fromisoformat(first["start"])
    return first["rate"], start, start.day


@plays("KB-TREE-02")
def a_whole_period_at_another_price(case: Case, begin: Begin) -> Outcome:
    price, start, _ = _existing(case)
    life = begin(price, **ADVANCE)
    life.subscribe(start)
    life.close(start)
    life.do(ChangePrice, price=life.money(case.inputs["proposed_items"][0]["rate"]), on=start)
    life.close("2014-01-02")
    # There the period is billed anew and taken back, here the difference is billed.
    rows = expected_rows(case.expected["items"])
    anew, back = rows[f"recurring {start}"], rows[f"repair {start}"]
    charge = life.entries()[-1]
    assert anew.until == back.until
    return Outcome(
        {f"from {start}": Row(anew.cents + back.cents, anew.until)},
        {f"from {charge.key.cycle.period.start}": Row(charge.signed_minor, charge.key.cycle.period.end)},
    )


@plays("KB-TREE-05")
def a_pause_within_a_billed_month(case: Case, begin: Begin) -> Outcome:
    price, start, _ = _existing(case)
    life = begin(price, **ADVANCE)
    life.subscribe(start)
    life.close(start)
    life.do(Pause, date(2014, 1, 13), until=date(2014, 1, 25))
    life.close("2014-01-13")
    return Outcome(expected_rows(case.expected["items"]), life.rows("repair"))


@plays("KB-TREE-15")
def a_block_and_then_nothing_at_all(case: Case, begin: Begin) -> Outcome:
    price, start, billing_day = _existing(case)
    life = begin(price, closing_day=closing_day(billing_day), **ADVANCE)
    life.subscribe(start)
    life.close(start)
    life.do(Pause, date(2019, 5, 3))
    life.close("2019-05-03")
    blocked = life.entries()[-1]
    (kept,) = life.explain(blocked.id).parts
    repaired = life.rows("repair")["repair 2019-05-03"]
    life.do(Annul, date(2019, 5, 4), on=start)
    life.close("2019-05-04")
    days = kept.fragment.period
    return Outcome(
        {
            **expected_rows(case.expected["items"]),
            "repair 2019-05-03": Row(cents(case.inputs["existing_items"][1]["amount"]), date(2019, 5, 27)),
        },
        {
            f"recurring {days.start}": Row(
                kept.cents, days.end, Fraction(kept.fragment.weight, kept.weight_of)
            ),
            "repair 2019-05-03": repaired,
            **life.rows("repair", issued_on=date(2019, 5, 4)),
        },
    )


@plays("KB-TREE-16")
def a_pause_of_a_year(case: Case, begin: Begin) -> Outcome:
    price, start, _ = _existing(case)
    life = begin(price, every="year", closing_month=12, **ADVANCE)
    life.subscribe(start)
    life.close(start)
    life.do(Pause, date(2014, 1, 14))
    life.close("2014-01-14")
    life.do(Unpause, date(2014, 2, 8))
    life.close("2014-02-08")
    taken_back = life.total("2014-01-14").cents + life.total("2014-02-08").cents
    # The source ends on 1 February 2015, so the year that begins before is ended there.
    life.do(Cancel, date(2014, 3, 1), on=date(2015, 2, 1), reason="moved")
    life.close("2015-01-01")
    return Outcome(
        {**expected_rows(case.expected["items"])},
        {
            "repair 2014-01-14": Row(taken_back, date(2014, 2, 8), Fraction(25, 365)),
            **life.rows("recurring", issued_on=date(2015, 1, 1)),
        },
    )


@plays("KB-TREE-18")
def a_billing_day_that_goes_back(case: Case, begin: Begin) -> Outcome:
    price, existing, billing_day = _existing(case)
    life = begin(price, closing_day=closing_day(billing_day), **ADVANCE)
    life.subscribe(date(2014, 6, 17))
    life.close(date(2014, 6, 17), existing)
    assert life.rows()[f"recurring {existing}"].cents == cents(price)
    life.do(ChangeBillingTerms, closing_day=closing_day(17))
    life.close("2014-07-20")
    found = life.rows()
    del found[f"recurring {existing}"]
    return Outcome(expected_rows(case.expected["items"]), found)


@plays("KB-TREE-19")
def two_changes_of_plan_on_two_days(case: Case, begin: Begin) -> Outcome:
    price, start, _ = _existing(case)
    life = begin({"base": price, "foo": "9.95", "bar": "29.95"}, **ADVANCE)
    life.subscribe(start)
    life.close(start)
    for plan, day in (("foo", date(2012, 5, 7)), ("bar", last := date(2012, 5, 8))):
        life.do(ChangePlan, day, plan=plan)
        life.close(day)
    assert life.rows("recurring")["recurring 2012-05-07"].cents == cents("8.02")
    return Outcome(expected_rows(case.expected["items"]), life.rows(issued_on=last))
