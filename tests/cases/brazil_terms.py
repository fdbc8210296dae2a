"""Brazilian practice with prices that rise, and with pauses at a customer's wish."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from ispcore.contracts import OpenContract
from ispcore.errors import RefusedError
from ispcore.plans import ChangePrice, HoldCause, Pause, Unpause
from ispcore.values import Rounding, add_months, percent_of
from tests.cases.life import Life
from tests.cases.outcome import Outcome
from tests.cases.playing import Begin, plays
from tests.cases.reading import Case
from tests.providers import ANA

_SEASONAL = {"min_days": 30, "max_days": 120, "every_months": 12, "without_debt": True}


@plays("adj-01")
def a_price_that_rises(case: Case, begin: Begin) -> Outcome:
    contract = {"name": "Kept for a year", "months": 12, "price_rise_months": 12}
    life = begin(case.inputs["price"], currency="BRL", sections={"contracts": {"year": contract}})
    life.clock.move_to(case.day("signed_on"))
    life.provider.do(OpenContract(customer=life.customer, template="year", number="1"), actor=ANA)
    life.subscribe(case.day("signed_on"), contract="1")
    price = life.money(case.inputs["price"])
    rise = percent_of(price, Decimal(case.inputs["index_percent"]), Rounding.HALF_UP)
    days = (case.day("signed_on") + timedelta(days=number) for number in range(1, 800))
    earliest = next(day for day in days if _is_done(life, day, ChangePrice, price=price + rise))
    return Outcome(
        case.expected,
        {"earliest": str(earliest), "new_price": str(life.timeline().last.plan.price.amount)},
    )


@plays("vol-01")
def a_pause_at_a_wish(case: Case, begin: Begin) -> Outcome:
    accepted = [_paused(request, begin) for request in case.inputs["requests"]]
    return Outcome(case.expected, {"accepted": accepted})


def _paused(request: dict[str, Any], begin: Begin) -> bool:
    wish = date(2026, 6, 1)
    life = begin("99.90", currency="BRL", sections={"seasonal": _SEASONAL})
    life.subscribe(date(2025, 1, 1))
    season: dict[str, Any] = {"cause": HoldCause.SEASONAL}
    if "last_request_months_ago" in request:
        before = add_months(wish, -request["last_request_months_ago"])
        life.do(Pause, before, until=before + timedelta(days=40), **season)
        life.do(Unpause, before + timedelta(days=35), **season)
    if request.get("has_debt"):
        life.close(date(2026, 3, 31))
    return _is_done(life, wish, Pause, until=wish + timedelta(days=request["days"]), **season)


def _is_done(life: Life, day: date, command: Any, **fields: Any) -> bool:
    try:
        life.do(command, day, **fields)
    except RefusedError:
        return False
    return True
