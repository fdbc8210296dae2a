"""Lago: cycles of the calendar or from an anniversary, the day of a termination billed, taxes on top.

Amounts are gross in the books; a tax is a percentage of what a document shows.
"""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from ispcore.billing import Charge, EntryKind
from ispcore.catalog import Trial, TrialKind
from ispcore.plans import AddItem, Cancel, ChangePlan
from ispcore.values import percent_of
from tests.cases.life import ONE_DAY, Life
from tests.cases.outcome import Outcome, Row
from tests.cases.playing import Begin, plays
from tests.cases.reading import Case, decimals


def price(cents: int | str) -> str:
    return str(Decimal(cents).scaleb(-2))


def days(number: int) -> Trial:
    return Trial(TrialKind.DAYS, number)


def the_fee(case: Case, life: Life) -> Outcome:
    """Return the only charge beside the amount and the fraction that the case expects."""
    (row,) = life.rows("recurring").values()
    fraction = Fraction(case.expected["fraction"]) if "fraction" in case.expected else None
    expected: dict[str, Any] = {"fee": Row(case.expected["amount_cents"], share=fraction)}
    found: dict[str, Any] = {"fee": row}
    if "precise_cents" in case.expected:
        (part,) = life.explain(life.entries()[0].id).parts
        expected["exact"] = decimals(case.expected["precise_cents"], 10)
        found["exact"] = decimals(Fraction(part.exact_after, part.weight_of), 10)
    return Outcome(expected, found)


def credits_of(life: Life) -> list[Charge]:
    return [charge for charge in life.entries() if charge.kind is EntryKind.CREDIT]


def taxed(credit: Charge, percent: int) -> int:
    return percent_of(credit.amount, Decimal(100 + percent)).minor


@plays("LG-01", "LG-05", "LG-15")
def a_trial_of_days(case: Case, begin: Begin) -> Outcome:
    placed: dict[str, dict[str, Any]] = {
        "month": {"closing_day": 31},
        "week": {"closing_day": 7},
        "year": {"closing_month": 12},
    }
    period = case.inputs["period"]
    life = begin(price(case.inputs["price_cents"]), every=period, **placed[period])
    life.subscribe(case.day(), trial=days(case.inputs["trial_days"]))
    cycle = life.timeline().billed_on(case.day()).cycle
    assert cycle.period.start == case.day()
    life.close(cycle.closing_day)
    return the_fee(case, life)


@plays("LG-03")
def a_week_begun_on_a_wednesday(case: Case, begin: Begin) -> Outcome:
    life = begin(price(case.inputs["price_cents"]), every="week", closing_day=7)
    life.subscribe(case.day())
    life.close("2022-06-26")
    return the_fee(case, life)


@plays("LG-09")
def a_trial_from_the_end_of_a_month(case: Case, begin: Begin) -> Outcome:
    life = begin(price(case.inputs["price_cents"]), anchor="start", advance=True)
    life.subscribe(case.day(), trial=days(case.inputs["trial_days"]), anchor_on=case.day())
    life.close(case.day(), "2022-09-15")
    return the_fee(case, life)


@plays("LG-10")
def a_termination(case: Case, begin: Begin) -> Outcome:
    life = begin(price(case.inputs["price_cents"]))
    life.subscribe(date(2022, 3, 1))
    life.do(Cancel, case.event, reason="moved")
    life.close(case.event)
    return the_fee(case, life)


@plays("LG-11")
def an_upgrade(case: Case, begin: Begin) -> Outcome:
    life = begin({"base": price(case.inputs["price_cents"]), "next": "2.00"})
    life.subscribe(date(2022, 3, 1))
    life.do(ChangePlan, case.event, plan="next")
    life.close(case.event)
    return the_fee(case, life)


@plays("LG-18")
def a_termination_in_a_quarter(case: Case, begin: Begin) -> Outcome:
    life = begin(price(case.inputs["price_cents"]), every="quarter", closing_month=6)
    life.subscribe(case.day())
    life.do(Cancel, case.event, reason="moved")
    life.close(case.event)
    return the_fee(case, life)


@plays("LG-20")
def two_upgrades_on_one_day(case: Case, begin: Begin) -> Outcome:
    codes = ("base", "next", "last")
    prices = dict(zip(codes, map(price, case.inputs["price_cents"].split(", ")), strict=True))
    life = begin(prices, anchor="start", advance=True)
    life.subscribe(case.day())
    life.close(case.day())
    for plan, event in zip(codes[1:], case.inputs["events"], strict=True):
        life.at(event["date"] + "+00:00")
        life.do(ChangePlan, plan=plan)
        life.close("2024-03-12")
    fees = [charge.amount.minor for charge in life.entries() if charge.kind is EntryKind.CHARGE]
    notes = [taxed(credit, case.inputs["tax_percent"]) for credit in credits_of(life)]
    return Outcome(case.expected, {"fees_cents": fees, "credit_notes_cents_incl_tax": notes})


@plays("LG-22")
def a_downgrade_to_a_year(case: Case, begin: Begin) -> Outcome:
    plans = {"base": "129.00", "year": {"price": "1188.00", "policy": "yearly"}}
    yearly = {"every": "year", "anchor": "start", "advance": True}
    life = begin(plans, anchor="start", advance=True, policies={"yearly": yearly})
    life.subscribe(case.day())
    life.close("2023-07-19", "2023-08-19", "2023-09-19", "2023-10-19")
    life.do(ChangePlan, date(2023, 11, 19), plan="year", anchor_on=case.day())
    life.close("2023-11-19")
    first, last = map(date.fromisoformat, case.expected["period"])
    row = Row(case.expected["fee_cents"], last + ONE_DAY, Fraction(case.expected["fraction"]))
    return Outcome({f"recurring {first}": row}, life.rows(issued_on=date(2023, 11, 19)))


@plays("LG-25", "LG-27")
def a_credit_note(case: Case, begin: Begin) -> Outcome:
    zone = case.inputs.get("timezone", "UTC")
    life = begin(price(case.inputs["price_cents"]), advance=True, zone=zone)
    life.subscribe(case.day())
    life.close("2022-09-01", "2022-10-01")
    ((event),) = case.inputs["events"]
    life.at(event["date"].replace("Z", ":00+00:00"))
    life.do(Cancel, reason="moved")
    life.close("2022-10-15")
    (credit,) = credits_of(life)
    total = taxed(credit, case.inputs["tax_percent"])
    item = credit.amount.minor
    return Outcome(case.expected, {"item_cents": item, "tax_cents": total - item, "total_cents": total})


@plays("LG-33")
def half_a_cent_of_credit(case: Case, begin: Begin) -> Outcome:
    life = begin(price(case.inputs["price_cents"]), anchor="start", advance=True)
    life.subscribe(case.day())
    life.close("2023-01-30", "2023-02-28")
    life.do(Cancel, case.event, reason="moved")
    life.close(case.event)
    (credit,) = credits_of(life)
    (kept,) = life.explain(credit.id).parts
    unused = case.inputs["price_cents"] - Fraction(kept.exact_after, kept.weight_of)
    # The exact 499.5 cents are shown as 499.49999 there; the credit is what the rounded fifteen days leave.
    exact = {"precise_item_cents": decimals(case.expected["precise_item_cents"], 4)}
    return Outcome(
        {**case.expected, **exact},
        {"total_cents": credit.amount.minor, "precise_item_cents": decimals(unused, 4)},
    )


@plays("LG-39")
def an_upgrade_to_a_longer_trial(case: Case, begin: Begin) -> Outcome:
    first, second = case.inputs["price_cents"].split(" then ")
    shorter, longer = case.inputs["trial_days"].split(" then ")
    dear = {"advance": True, "trial": {"kind": "days", "days": int(longer)}}
    life = begin(
        {"base": price(first), "next": {"price": price(second), "policy": "dear"}},
        policies={"dear": dear},
        advance=True,
        trial={"kind": "days", "days": int(shorter)},
    )
    life.subscribe(case.day())
    life.close(case.day())
    life.do(ChangePlan, case.event, plan="next")
    life.close(case.event, "2024-03-15", "2024-03-18", case.inputs["target_date"])
    march, april = life.rows().values()
    fee, full = case.expected["amounts_cents"]
    return Outcome(
        {"March": Row(fee, share=Fraction(case.expected["fraction"])), "April": Row(full)},
        {"March": march, "April": april},
    )


@plays("LG-41")
def two_additional_services(case: Case, begin: Begin) -> Outcome:
    small, large = case.inputs["price_cents"].split(" and ")
    life = begin("0.00", services={"small": price(small), "large": price(large)}, advance=True)
    life.subscribe(case.day())
    life.do(AddItem, service="small")
    life.do(AddItem, service="large")
    life.close(case.day(), case.inputs["target_date"])
    rows = [list(life.rows(item=item).values()) for item in ("small", "large")]
    return Outcome(
        {**case.expected, "fraction": [Fraction(case.expected["fraction"])] * 2},
        {
            "first_cents": [row[0].cents for row in rows],
            "next_cents": [row[1].cents for row in rows],
            "fraction": [row[0].share for row in rows],
        },
    )


@plays("LG-47")
def an_anniversary_on_the_last_day_of_a_month(case: Case, begin: Begin) -> Outcome:
    start = case.day("subscription_at")
    life = begin("1.00", anchor="start")
    life.subscribe(start)
    life.close("2021-04-28", case.inputs["billing_at"])
    ((name, row),) = life.rows().items()
    # No last day is said there. Here it is the day before the billing day, and so it stays in May.
    assert row.until == case.day("billing_at")
    return Outcome({"from_date": case.expected["from_date"]}, {"from_date": name.split()[1]})
