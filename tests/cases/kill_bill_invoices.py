"""Kill Bill: its invoice generator."""

from datetime import date

from ispcore.errors import RefusedError
from ispcore.plans import (
    AddItem,
    Cancel,
    ChangePlan,
    ChangePrice,
    EndItem,
    Retract,
)
from ispcore.values import ItemId
from tests.cases.kill_bill_days import ADVANCE, closing_day
from tests.cases.outcome import Outcome, Row, expected_rows, totals
from tests.cases.playing import Begin, plays
from tests.cases.reading import Case, cents
from tests.providers import ANA


@plays("KB-GEN-01", "KB-GEN-03", "KB-INT-32")
def one_plan_in_advance(case: Case, begin: Begin) -> Outcome:
    inputs = case.inputs
    count = {"day_count": f"months_of_{inputs['proration_fixed_days']}"} if "events" in inputs else {}
    life = begin(inputs["price"], closing_day=closing_day(inputs["billing_day"]), **ADVANCE, **count)
    life.subscribe(case.day())
    life.close(inputs["target_date"])
    total = {"total": Row(cents(case.expected["total"]))} if "total" in case.expected else {}
    found = {"total": life.total(inputs["target_date"])} if total else {}
    return Outcome({**expected_rows(case.expected["periods"]), **total}, {**life.rows(), **found})


@plays("KB-GEN-04")
def a_dearer_phase_with_another_billing_day(case: Case, begin: Begin) -> Outcome:
    life = begin({"base": "5.00", "dear": "10.00"}, **ADVANCE)
    life.subscribe(case.day())
    life.do(ChangePlan, case.event, plan="dear", closing_day=closing_day(15))
    run = life.close(case.day("target_date"))
    total = Row(cents(case.expected["total"]))
    return Outcome(
        {**expected_rows(case.expected["periods"]), "total": total, "items": case.expected["items"]},
        {**life.rows(), "total": life.total(run.on), "items": run.charges},
    )


@plays("KB-GEN-06")
def a_second_run(case: Case, begin: Begin) -> Outcome:
    life = begin(case.inputs["price"], **ADVANCE)
    life.subscribe(case.day())
    first = life.close(case.inputs["prior_run_target"])
    assert first.charges == 4
    second = life.close(case.inputs["target_date"])
    return Outcome(case.expected, {"second_run": "no invoice" if second.issued_nothing else str(second)})


@plays("KB-GEN-07")
def a_phase_and_a_cancellation(case: Case, begin: Begin) -> Outcome:
    life = begin("8.00", closing_day=closing_day(5), **ADVANCE)
    life.subscribe(case.day())
    life.close("2011-01-05", "2011-02-05", "2011-03-05")
    life.do(ChangePrice, date(2011, 4, 5), price=life.money("12.00"))
    life.close("2011-04-05")
    life.do(Cancel, date(2011, 4, 29), reason="moved")
    life.close("2011-04-29")
    invoices = case.expected["invoice_totals"]
    found = life.totals("2011-01-05", "2011-02-05", "2011-03-05", "2011-04-05", "2011-04-29")
    return Outcome(
        {**totals(invoices), **expected_rows(case.expected["periods"])}, {**found, **life.rows("repair")}
    )


@plays("KB-GEN-08")
def a_month_becomes_a_year(case: Case, begin: Begin) -> Outcome:
    plans = {"base": "10.00", "year": {"price": "100.00", "policy": "yearly"}}
    yearly = {"every": "year", **ADVANCE}
    life = begin(plans, closing_day=closing_day(20), policies={"yearly": yearly}, **ADVANCE)
    life.subscribe(case.day())
    life.close("2011-05-20", "2011-06-20", "2011-07-20")
    life.do(ChangePlan, case.event, plan="year", anchor_on=case.event)
    life.close(case.event)
    total = {"total": Row(cents(case.expected["total"]))}
    found = {**life.rows(issued_on=case.event), "total": life.total(case.event)}
    return Outcome({**expected_rows(case.expected["periods"]), **total}, found)


@plays("KB-GEN-09")
def an_additional_service_on_the_cycles_of_its_plan(case: Case, begin: Begin) -> Outcome:
    services = {"addon": case.inputs["price"]}
    life = begin("0.00", services=services, closing_day=closing_day(10), **ADVANCE)
    life.subscribe(case.day())
    life.do(AddItem, service="addon")
    life.close("2011-06-21", "2011-07-10", "2011-08-10", "2011-09-10")
    life.do(EndItem, case.event, item=ItemId("addon"))
    life.close(case.event)
    return Outcome(expected_rows(case.expected["periods"]), life.rows(item="addon"))


@plays("KB-GEN-10")
def a_history_that_is_written_again(case: Case, begin: Begin) -> Outcome:
    services = {"small": "5.00", "large": "20.00"}
    life = begin("10.00", services=services, closing_day=closing_day(25), **ADVANCE)
    life.subscribe(case.day())
    life.close(first := date(2012, 4, 25))
    life.do(AddItem, date(2012, 4, 28), service="small")
    large = life.do(AddItem, service="large").facts[0]
    life.close(second := date(2012, 4, 28))
    parts = {item: life.rows(item=item)["recurring 2012-04-28"] for item in services}
    life.do(ChangePrice, third := date(2012, 5, 1), on=case.day(), price=life.money("13.00"))
    life.do(Retract, fact=large.sequence)
    life.close(third)
    expected = case.expected
    anew, back, never = (cents(item.removeprefix("repair ")) for item in expected["invoice_3_items"])
    added = [expected_rows([item])["recurring 2012-04-28"] for item in expected["invoice_2_items"]]
    after = life.by_item(third)
    # There the base is billed anew and taken back, here its difference is billed.
    return Outcome(
        {
            "first": Row(cents(expected["invoice_1"])),
            "second": Row(cents(expected["invoice_2"])),
            "third": Row(cents(expected["invoice_3_after_rewrite"])),
            "base after": Row(anew + back),
            "large after": Row(never),
            **dict(zip(services, added, strict=True)),
        },
        {
            "first": life.total(first),
            "second": life.total(second),
            "third": life.total(third),
            "base after": after.pop("plan"),
            **{f"{item} after": row for item, row in after.items()},
            **parts,
        },
    )


@plays("KB-GEN-13")
def a_fixed_charge_and_a_plan(case: Case, begin: Begin) -> Outcome:
    setup = {"setup": {"price": case.inputs["fixed"], "recurring": False}}
    life = begin(case.inputs["price"], services=setup, **ADVANCE)
    life.subscribe(case.day())
    life.do(AddItem, service="setup")
    invoices = case.expected["invoice_totals"]
    days = (case.inputs["start"], case.inputs["target_date"])
    life.close(*days)
    return Outcome(totals(invoices), life.totals(*days))


@plays("KB-GEN-14")
def a_target_far_ahead(case: Case, begin: Begin) -> Outcome:
    life = begin("10.00", **ADVANCE)
    life.subscribe(date(2011, 1, 1))
    try:
        life.provider.close(date(2016, 1, 1), actor=ANA)
    except RefusedError as error:
        refused = "target date too far in the future" if error.rule == "too-far-ahead" else error.rule
        return Outcome(case.expected, {"error": refused})
    return Outcome(case.expected, {})
