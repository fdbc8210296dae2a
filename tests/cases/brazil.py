"""Brazilian practice: both days of a span counted, instalments to the cent, composition lines."""

from datetime import date
from decimal import Decimal
from typing import Any

from ispcore.billing import DebitKind
from ispcore.catalog import Trial, TrialKind
from ispcore.errors import IspcoreError
from ispcore.plans import AddBillingEvent, ChangePlan, Discount, EventKind
from ispcore.values import add_months
from tests.cases.outcome import Outcome, Row
from tests.cases.playing import Begin, plays
from tests.cases.reading import Case, cents
from tests.providers import ANA

_DAY_COUNTS = {"actual": "actual", "commercial_30": "actual_360"}


def _policy(case: Case) -> dict[str, str]:
    rounding = case.inputs.get("rounding", "HALF_UP").lower()
    return {"day_count": _DAY_COUNTS[case.inputs["month_basis"]], "rounding": rounding}


@plays("pro-01", "pro-02", "pro-03", "pro-04", "pro-05", "pro-06")
def the_first_cycle(case: Case, begin: Begin) -> Outcome:
    life = begin(case.inputs["price"], currency="BRL", **_policy(case))
    trial = case.inputs["trial_days"]
    life.subscribe(case.day(), trial=Trial(TrialKind.DAYS, trial) if trial else None)
    life.close(case.day("cycle_end"))
    (charge,) = life.entries()
    found = {
        "billed_days": charge.days,
        "denominator": charge.weight_of,
        "amount": str(charge.amount.amount),
    }
    return Outcome(case.expected, found)


@plays("pro-07")
def an_upgrade_within_a_cycle(case: Case, begin: Begin) -> Outcome:
    inputs = case.inputs
    plans = {"base": inputs["old_price"], "next": inputs["new_price"]}
    life = begin(plans, currency="BRL", **_policy(case))
    life.subscribe(case.day("cycle_start"))
    life.do(ChangePlan, case.day("change_on"), plan="next")
    life.close(case.day("cycle_end"))
    old, new = life.rows().values()
    return Outcome(
        {name: Row(cents(amount)) for name, amount in case.expected.items()},
        {"old_part": old, "new_part": new, "total": life.total(case.day("cycle_end"))},
    )


@plays("inst-01", "inst-02", "inst-03")
def instalments(case: Case, begin: Begin) -> Outcome:
    count = case.inputs["count"]
    life = begin("10.00", currency="BRL", spare_cents=case.inputs["remainder"])
    life.subscribe(date(2026, 1, 5))
    fee = {"kind": EventKind.INSTALLATION, "description": "Installation", "instalments": count}
    life.do(AddBillingEvent, amount=life.money(case.inputs["total"]), **fee)
    life.close(add_months(date(2026, 1, 31), count - 1, anchor_day=31))
    taken = [charge for charge in life.entries() if charge.key.item == "event:1"]
    in_order = sorted(taken, key=lambda charge: charge.key.cycle)
    return Outcome(case.expected, {"instalments": [str(charge.amount.amount) for charge in in_order]})


@plays("inst-04")
def due_dates(case: Case, begin: Begin) -> Outcome:
    first, count = case.day("first_due"), case.inputs["count"]
    life = begin("10.00", currency="BRL", closing_day=20)
    life.subscribe(first.replace(day=1), due_day=first.day)
    fee = {"kind": EventKind.FEE, "description": "Fee", "instalments": count}
    life.do(AddBillingEvent, amount=life.money("100.00"), **fee)
    for n in range(count):
        life.close(add_months(first.replace(day=20), n))
    receivables = life.provider.customer(life.customer, actor=ANA).receivables
    asked = [one.receivable for one in receivables if one.receivable.kind is DebitKind.EVENT]
    return Outcome(case.expected, {"due_dates": sorted(str(one.due_on) for one in asked)})


@plays("date-01")
def ends_of_terms(case: Case, begin: Begin) -> Outcome:
    spans = zip(case.inputs["start"], case.inputs["months"], strict=True)
    ends = [str(add_months(date.fromisoformat(start), months)) for start, months in spans]
    return Outcome(case.expected, {"end": ends})


def _composed(value: str, lines: list[dict[str, str]]) -> dict[str, Any]:
    return {"base": {"versions": [{"price": value, "lines": lines}]}}


@plays("comp-01")
def a_discount_over_two_lines(case: Case, begin: Begin) -> Outcome:
    lines = [
        {"id": line["name"].lower(), "description": line["issuer"], "value": line["value"]}
        for line in case.inputs["lines"]
    ]
    life = begin(_composed(case.inputs["plan_value"], lines), currency="BRL")
    percent = Decimal(case.inputs["discount_percent"])
    life.subscribe(date(2026, 11, 1), discount=Discount(percent=percent))
    life.close("2026-11-30")
    receivables = life.provider.customer(life.customer, actor=ANA).receivables
    found = [
        {"issuer": one.receivable.description, "value": str(one.receivable.amount.amount)}
        for one in receivables
    ]
    total = life.total("2026-11-30").cents
    return Outcome(case.expected, {"receivables": found, "total": str(Decimal(total).scaleb(-2))})


@plays("comp-02")
def lines_above_the_price(case: Case, begin: Begin) -> Outcome:
    lines = [
        {"id": f"line-{n}", "description": "Line", "value": value}
        for n, value in enumerate(case.inputs["lines"])
    ]
    try:
        begin(_composed(case.inputs["plan_value"], lines), currency="BRL")
    except IspcoreError as error:
        return Outcome(case.expected, {"error": "99.91" in str(error) or str(error)})
    return Outcome(case.expected, {"error": False})
