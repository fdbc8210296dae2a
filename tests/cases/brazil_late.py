"""Brazilian practice with money that comes late: a fine once, interest by the day, banks' holidays."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from ispcore.billing import Principal, day_to_pay, days_late, late_charges
from ispcore.catalog import CountFrom, LateCharges
from ispcore.values import Money, PlainCalendar, Rounding
from tests.cases.outcome import Outcome
from tests.cases.playing import Begin, plays
from tests.cases.reading import Case

BANKS = PlainCalendar(
    [
        date(2026, month, day)
        for month, day in (
            *((1, 1), (2, 16), (2, 17), (4, 3), (4, 21), (5, 1), (6, 4), (9, 7)),
            *((10, 12), (11, 2), (11, 20), (12, 25)),
        )
    ]
)
"""When banks are closed in 2026, beside the weekends."""


def _charges(case: Case, count_from: CountFrom = CountFrom.NOMINAL) -> LateCharges:
    return LateCharges(
        fine_percent=Decimal(case.inputs["fine_percent"]),
        interest_percent=Decimal(case.inputs["interest_percent_month"]),
        rounding=Rounding(case.inputs.get("rounding", "HALF_UP").lower()),
        business_days=case.inputs.get("business_day_rule") != "none",
        count_from=count_from,
    )


def _asked(case: Case, charges: LateCharges, due_on: date, paid_on: date) -> dict[str, Any]:
    amount = Money.of(case.inputs["principal"], "BRL")
    asked = late_charges(Principal(amount, due_on), charges, BANKS, on=paid_on)
    amounts = {"fine": asked.fine, "interest": asked.interest, "total": amount + asked.total}
    return {
        "days_late": days_late(due_on, charges, BANKS, paid_on),
        **{name: str(found.amount) for name, found in amounts.items()},
    }


@plays("late-01", "late-02", "late-03", "late-04", "late-05", "bizday-02")
def paid_late(case: Case, begin: Begin) -> Outcome:
    found = _asked(case, _charges(case), case.day("due_date"), case.day("paid_on"))
    return Outcome(case.expected, found)


@plays("bizday-01", "bizday-04")
def due_when_banks_are_closed(case: Case, begin: Begin) -> Outcome:
    day = day_to_pay(case.day("due_date"), LateCharges(), BANKS)
    return Outcome(case.expected, {"effective_due_date": str(day)})


@plays("bizday-03")
def paid_after_the_extended_day(case: Case, begin: Begin) -> Outcome:
    names = {
        "count_from_effective_due": CountFrom.ROLLED,
        "count_from_nominal_due": CountFrom.NOMINAL,
    }
    found = {
        name: _asked(case, _charges(case, count_from), case.day("due_date"), case.day("paid_on"))
        for name, count_from in names.items()
    }
    return Outcome(case.expected, found)


@plays("sus-02")
def no_fee_for_being_served_again(case: Case, begin: Begin) -> Outcome:
    """No policy about late payers knows such a fee, so none is accepted."""
    due_on = date(2026, 9, 1)
    found = _asked(case, _charges(case), due_on, due_on + timedelta(days=case.inputs["days_late"]))
    del found["days_late"]
    return Outcome(case.expected, {**found, "accepted_reconnection_fee": "0.00"})
