"""Freeside, OCA contract, OpenMeter, Zuora, Stripe: each with its own reading of days."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from ispcore.plans import AddItem, Cancel, ChangePrice, ImportSubscription, Pause, Resume, Suspend
from ispcore.values import add_months
from tests.cases.life import ONE_DAY, Life
from tests.cases.outcome import Outcome, Row, expected_rows
from tests.cases.playing import Begin, plays
from tests.cases.reading import Case, cents, share
from tests.providers import ANA

MILLION = "1000000.00"


# --- Freeside


@plays("FS-01")
def two_orders_on_one_day(case: Case, begin: Begin) -> Outcome:
    price = "31.00"
    morning, afternoon = case.inputs["orders"]
    life = begin(price, anchor="start", advance=True)
    life.at(morning + "+00:00")
    life.subscribe(None)
    life.at(afternoon + "+00:00")
    life.subscribe(None, anchor_on=date(2016, 3, 10))
    life.close("2016-03-10")
    found = {f"order {n + 1}": row for n in (0, 1) for row in life.rows(plan=n).values()}
    expected = {
        f"order {n}": Row(share(price, fraction), date(2016, 4, 10), Fraction(fraction))
        for n, fraction in enumerate(case.expected["fractions"], start=1)
    }
    ends = {row.until for row in found.values()}
    following = {"next_bill": "same for both" if len(ends) == 1 else str(ends)}
    return Outcome({**expected, "next_bill": case.expected["next_bill"]}, {**found, **following})


@plays("FS-03")
def a_first_bill_that_waits(case: Case, begin: Begin) -> Outcome:
    setup = {"setup": {"price": case.inputs["setup"], "recurring": False}}
    life = begin(case.inputs["price"], services=setup, advance=True, first_bill="with_next")
    life.subscribe(case.day())
    life.do(AddItem, service="setup")
    found = []
    for day in (case.inputs["start"], case.inputs["target_date"]):
        life.close(day)
        billed = life.by_item(date.fromisoformat(day))
        setup_fee, recurring = (billed.get(item, Row(0)).cents for item in ("setup", "plan"))
        found.append({"date": day, "setup": setup_fee, "recur": recurring})
    expected = [
        {"date": one["date"], "setup": cents(one["setup"]), "recur": cents(one["recur"])}
        for one in case.expected["invoices"]
    ]
    return Outcome({"invoices": expected}, {"invoices": found})


@plays("FS-08")
def how_much_is_credited(case: Case, begin: Begin) -> Outcome:
    assert case.expected["rule"] == "min(amount*(edate-time)/(edate-sdate), recur - already_credited)"
    policy = {"advance": True, "bills_last_day": False}
    uncredited, credited = (begin("30.00", **policy) for _ in range(2))
    for life in (uncredited, credited):
        life.subscribe(date(2016, 4, 1))
        life.close("2016-05-01")
    credited.do(Pause, date(2016, 4, 11), until=date(2016, 5, 1))
    credited.close("2016-05-02")
    for life in (uncredited, credited):
        life.do(Cancel, date(2016, 5, 3), on=date(2016, 4, 16), reason="moved")
        life.close("2016-05-03")
    april, may = uncredited.rows("repair").values()
    again = Row(credited.total("2016-05-03").cents - may.cents)
    return Outcome(
        {"unused": Row(-min(1500, 3000)), "to come": Row(-3000), "again": Row(-min(1500, 3000 - 2000))},
        {"unused": april, "to come": may, "again": again},
    )


# --- OCA contract


def first_issue(life: Life, since: date, days: int = 70) -> date | None:
    """Return the first day on which a closing would issue something."""
    for day in (since + n * ONE_DAY for n in range(days)):
        life.clock.move_to(day)
        (closing,) = life.provider.preview(day, actor=ANA, customer=life.customer)
        if closing.entries:
            return day
    return None


@plays("OCA-01", "OCA-04", "OCA-10")
def the_next_invoice_of_who_pays_before(case: Case, begin: Begin) -> Outcome:
    start = case.day("period_start")
    anchor = {"monthly": "start", "monthlylastday": "closing"}[case.inputs["rule"]]
    every = f"{case.inputs['interval']} months"
    life = begin("30.00", advance=True, every=every, anchor=anchor)
    life.subscribe(start)
    return Outcome(case.expected, {"next_invoice_date": str(first_issue(life, start - timedelta(days=40)))})


@plays("OCA-07")
def no_invoice_after_the_end(case: Case, begin: Begin) -> Outcome:
    end, over = case.day("max_date_end"), case.day("period_start")
    life = begin("30.00", anchor="start")
    life.subscribe(date(2017, 12, 16))
    life.do(Cancel, on=end, reason="moved")
    life.close(end)
    assert [row.until for row in life.rows().values()] == [over]
    return Outcome(case.expected, {"next_invoice_date": first_issue(life, over)})


def _contract(case: Case, begin: Begin, **policy: Any) -> Life:
    """Return a contract that was invoiced elsewhere up to a day, closed on the next date."""
    inputs = case.inputs
    start, through = case.day("date_start"), inputs["last_date_invoiced"]
    if inputs["rule"] == "monthlylastday" or through is not None or inputs["mode"] == "in_arrears":
        policy["anchor"] = "closing"
    life = begin(MILLION, advance=inputs["mode"] == "in_advance", **policy)
    if through is None:
        life.subscribe(start)
    else:
        last = case.day("last_date_invoiced")
        elsewhere: dict[str, Any] = {"system": "elsewhere", "foreign_id": "1", "billed_through": last}
        life.subscribe(last + ONE_DAY, command=ImportSubscription, **elsewhere)
    if inputs["date_end"] is not None:
        life.do(Cancel, on=case.day("date_end"), reason="moved")
    life.close(case.day("next_date"))
    return life


@plays("OCA-15", "OCA-18", "OCA-21", "OCA-24")
def the_period_of_the_next_invoice(case: Case, begin: Begin) -> Outcome:
    life = _contract(case, begin, anchor="start")
    ((name, row),) = life.rows().items()
    assert row.until is not None
    found = {"period_start": name.split()[1], "period_end_inclusive": str(row.until - ONE_DAY)}
    return Outcome(case.expected, found)


@plays("OCA-32", "OCA-33", "OCA-40")
def the_quantity_of_the_next_invoice(case: Case, begin: Begin) -> Outcome:
    life = _contract(case, begin, anchor="start")
    (row,) = life.rows().values()
    fraction = Fraction(case.expected["fraction"])
    # Quantities are cut to three decimals there.
    assert case.expected["quantity"].rstrip("0.") == str(int(fraction * 1000) / 1000).rstrip("0.")
    return Outcome({"invoice": Row(share(MILLION, fraction), share=fraction)}, {"invoice": row})


@plays("OCA-27")
def a_suspension_that_extends_what_was_paid(case: Case, begin: Begin) -> Outcome:
    assert "ends suspension_end + (end - suspension_start) + 1 day" in case.expected["rule"]
    # The term is that of four months paid in advance. Who must renew it then is not said.
    today = date(2024, 1, 10)
    end, suspended, resumed = (add_months(today, months) for months in (4, 3, 5))
    life = begin("120.00", advance=True, every="4 months", suspension="extend")
    life.subscribe(today, anchor_on=today + ONE_DAY)
    life.close(today, today + ONE_DAY)
    life.do(Suspend, suspended)
    life.do(Resume, resumed + ONE_DAY)
    serves = [life.timeline().on(day) for day in (suspended - ONE_DAY, suspended, resumed, resumed + ONE_DAY)]
    life.close(add_months(today, 8))
    paid_again = min(name.split()[1] for name in life.rows("recurring", issued_on=add_months(today, 8)))
    return Outcome(
        {"served": ["full", "off", "off", "full"], "extended to": resumed + (end - suspended) + ONE_DAY},
        {
            "served": [state.serves.value for state in serves if state is not None],
            "extended to": date.fromisoformat(paid_again) - ONE_DAY,
        },
    )


# --- OpenMeter


@plays("OM-01")
def another_price_before_the_bill(case: Case, begin: Begin) -> Outcome:
    first, second = case.inputs["price"].split(" then ")
    life = begin(first, advance=True)
    life.subscribe(case.day())
    life.do(ChangePrice, case.event, price=life.money(second))
    life.close(case.event, case.inputs["target_date"])
    return Outcome(expected_rows(case.expected["periods"]), life.rows())


@plays("OM-03")
def a_quarter_cut_after_a_month(case: Case, begin: Begin) -> Outcome:
    life = begin(case.inputs["price"], every="quarter", anchor="start", bills_last_day=False)
    life.subscribe(case.day())
    life.do(Cancel, case.event, reason="moved")
    life.close(case.event)
    (charge,) = life.entries()
    # The daily fee has a line for each day there, as many as the days that are charged here.
    return Outcome(
        {**expected_rows(case.expected["periods"]), "days": case.expected["daily_lines"]},
        {**life.rows(), "days": charge.days},
    )


# --- Zuora, Stripe


@plays("ZU-01")
def three_day_counts(case: Case, begin: Begin) -> Outcome:
    names = {"actual": "actual", "actual_360": "actual_360", "strict_30_360": "months_of_30"}
    expected, found = {}, {}
    for name, fraction in case.expected.items():
        life = begin(MILLION, day_count=names[name])
        life.subscribe(case.day())
        life.close(case.inputs["end_inclusive"])
        (found[name],) = life.rows().values()
        expected[name] = Row(share(MILLION, fraction), share=Fraction(fraction))
    return Outcome(expected, found)


@plays("ST-02")
def a_start_before_the_anchor(case: Case, begin: Begin) -> Outcome:
    life = begin(MILLION, advance=True)
    life.subscribe(case.day(), anchor_on=case.day("anchor"))
    life.close(case.day())
    fraction = Fraction(case.expected["fraction"])
    row = Row(share(MILLION, fraction), case.day("anchor"), fraction)
    return Outcome({f"recurring {case.day()}": row}, life.rows())
