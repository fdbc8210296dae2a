"""Kill Bill: which cycles are billed up to a day, and which parts of them.

Cycles of more than a month are placed by the month in which one begins, on or after the start or before it.
"""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from ispcore.plans import Cancel
from tests.cases.life import Life
from tests.cases.outcome import Outcome, Row
from tests.cases.playing import Begin, plays
from tests.cases.reading import Case, decimals, share

_PRICES = {"cycles": "1000000.00", "intervals": "30.00"}


def _lived(case: Case, begin: Begin, price: str) -> Life:
    """Return a life on the case's cycles, closed on its target day.

    Cycles held in place by the day on which they close and by one on which one starts are the same.
    """
    billing_day = case.day().replace(day=case.inputs["billing_day"])
    last = billing_day - timedelta(days=1)
    policy: dict[str, Any] = {"closing_day": 31 if billing_day.day == 1 else last.day}
    if case.inputs["period"] != "month":
        policy["closing_month"] = last.month
    closing = _closed(case, begin(price, **policy, **_conventions(case)))
    starting = _closed(case, begin(price, **_conventions(case)), anchor_on=billing_day)
    assert closing.rows() == starting.rows()
    return closing


def _conventions(case: Case) -> dict[str, Any]:
    return {
        "every": case.inputs["period"],
        "advance": case.inputs["mode"] == "in_advance",
        "greedy": case.inputs.get("greedy", False),
        "bills_last_day": False,
    }


def _closed(case: Case, life: Life, **anchor: Any) -> Life:
    life.subscribe(case.day(), **anchor)
    if case.inputs["end"] is not None:
        life.do(Cancel, on=case.day("end"), reason="moved")
    life.close(case.inputs["target_date"])
    return life


def _expected(case: Case, price: str) -> dict[str, Row]:
    return {
        f"recurring {period['start']}": Row(
            share(price, period["fraction"]), date.fromisoformat(period["end"]), Fraction(period["fraction"])
        )
        for period in case.expected["periods"]
    }


@plays(
    "KB-M-001", "KB-M-022", "KB-M-043", "KB-M-064", "KB-Q-085", "KB-Q-106", "KB-Q-127", "KB-Y-148"
)  # fmt: skip
def how_many_cycles(case: Case, begin: Begin) -> Outcome:
    price = _PRICES["cycles"]
    life = _lived(case, begin, price)
    rows = life.rows()
    shares = sum((row.share or Fraction() for row in rows.values()), Fraction())
    named = ("cycles", "cycles_decimal")
    return Outcome(
        {**_expected(case, price), **{name: case.expected[name] for name in named}},
        {**rows, "cycles": str(shares), "cycles_decimal": decimals(shares, 9)},
    )


@plays("KB-IV-001", "KB-IV-005", "KB-IV-009", "KB-IV-013")
def how_far_is_billed(case: Case, begin: Begin) -> Outcome:
    price = _PRICES["intervals"]
    life = _lived(case, begin, price)
    rows, timeline = life.rows(), life.timeline()
    billed = max((row.until for row in rows.values() if row.until), default=None)
    first = timeline.billed_on(case.day()).cycle.period
    begins = first.start if first.start == case.day() else first.end
    following = timeline.billed_on(billed or case.day()).cycle.period.end
    named = ("has_something_to_bill", "first_billing_cycle_date", "billed_through", "next_billing_cycle_date")
    found = (bool(rows), str(begins), str(billed) if billed else None, str(following))
    return Outcome(
        {**_expected(case, price), **{name: case.expected[name] for name in named}},
        {**rows, **dict(zip(named, found, strict=True))},
    )
