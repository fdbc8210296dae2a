"""Closing, and closing again: runs, previews, bounds."""

import json
import sys
from datetime import UTC, date, datetime
from typing import Any

import pytest

from ispcore.errors import NotFoundError, RefusedError, StorageError
from ispcore.plans import Cancel, ChangePlan, ChangePrice, Subscribe
from ispcore.usecases import Run
from ispcore.values import CustomerId, SubscriptionId
from tests.catalogues import DOCUMENT, START, brl
from tests.providers import ANA, Office

LEAP_DAY = date(2012, 2, 29)
END_OF_MARCH = date(2012, 3, 31)


def both(office: Office) -> tuple[SubscriptionId, SubscriptionId]:
    """Return a fibre subscription of one customer and an ADSL one, in advance, of another."""
    fibre = office.subscribe(office.register("Ana"), "fibre")
    return fibre, office.subscribe(office.register("Bia"), "in-advance")


# --- running


@pytest.mark.covers("S0-010", "S0-011", "S0-026")
def test_the_example_of_the_manual_is_billed_for_six_days_and_then_for_march(office: Office) -> None:
    subscription = office.subscribe(office.register(), on=START)

    office.close(LEAP_DAY)
    office.close(END_OF_MARCH)

    first, second = office.charges(subscription)
    assert (first.days, str(first.key.cycle), first.amount) == (
        6,
        "01/02/2012 to 29/02/2012, 29 days",
        brl("20.69"),
    )
    assert (second.days, str(second.key.cycle), second.amount) == (
        31,
        "01/03/2012 to 31/03/2012, 31 days",
        brl("100.00"),
    )


@pytest.mark.covers("S0-036")
def test_a_closing_leaves_the_day_that_it_reached(office: Office) -> None:
    subscription = office.subscribe(office.register())

    office.close(LEAP_DAY)

    assert office.provider.subscription(subscription, actor=ANA).row.closed_through == date(2012, 3, 1)


def test_a_second_closing_of_the_same_day_changes_nothing(office: Office) -> None:
    both(office)
    office.close(LEAP_DAY)
    before = office.dump("runs")

    run = office.close(LEAP_DAY)

    assert run.issued_nothing
    assert office.dump("runs") == before


def test_closing_a_day_and_then_a_later_one_is_the_same_as_closing_the_later_one_twice(
    office: Office,
) -> None:
    fibre, advance = both(office)
    office.close(LEAP_DAY)
    office.close(END_OF_MARCH)
    stepwise = {number: office.owed(number) for number in (fibre, advance)}
    again = office.close(END_OF_MARCH)

    assert again.issued_nothing
    assert stepwise == {
        fibre: {"2012-02": "24.83", "2012-03": "120.00"},
        advance: {"2012-02": "20.69", "2012-03": "100.00"},
    }


def test_a_closing_that_skipped_months_issues_the_same_amounts(office: Office) -> None:
    fibre, advance = both(office)

    office.close(END_OF_MARCH)

    assert office.owed(fibre) == {"2012-02": "24.83", "2012-03": "120.00"}
    assert office.owed(advance) == {"2012-02": "20.69", "2012-03": "100.00"}


def test_a_run_sums_up_what_it_issued(office: Office) -> None:
    fibre, _ = both(office)
    first = office.close(LEAP_DAY)
    office.do(Cancel(subscription=fibre, on=date(2012, 2, 26), reason="moved"))

    second = office.close(END_OF_MARCH)

    assert (first.customers, first.charges, first.receivables, first.credits) == (2, 4, 4, 0)
    assert first.charged == {"BRL": brl("45.52")}
    assert (second.charges, second.credits) == (1, 3)
    assert second.credited == {"BRL": brl("12.42")}
    assert second.on == END_OF_MARCH
    assert not second.issued_nothing


def test_a_run_is_noted_with_its_beginning_its_end_and_its_summary(office: Office) -> None:
    both(office)

    office.close(LEAP_DAY)

    ((_, closed_on, started, finished, actor, customer, summary),) = office.dump()["runs"]
    assert (closed_on, actor, customer) == (LEAP_DAY, "ana", None)
    assert started == finished == datetime(2012, 2, 29, 12, tzinfo=UTC)
    counts = {"customers": 2, "charges": 4, "credits": 0, "receivables": 4}
    assert summary == {**counts, "charged": {"BRL": 4552}, "credited": {}, "problems": []}


def test_a_run_that_is_broken_off_keeps_what_was_saved_and_has_no_end(office: Office) -> None:
    both(office)
    seen = []

    def stop(part: Run) -> None:
        seen.append(part)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        office.provider.close(LEAP_DAY, actor=ANA, watch=stop)

    assert len(seen) == 1
    assert office.sql("select finished_at, summary from runs") == [(None, None)]
    (broken_off,) = office.provider.runs(actor=ANA)
    assert (broken_off.finished_at, broken_off.found.charges) == (None, 4)


def test_a_run_that_was_broken_off_is_gone_on_with_and_comes_to_the_whole(office: Office) -> None:
    both(office)

    def stop(_: Run) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        office.provider.close(LEAP_DAY, actor=ANA, watch=stop)

    assert office.close(LEAP_DAY).charges == 4
    assert office.close(LEAP_DAY).issued_nothing
    assert [run.found.charges for run in office.provider.runs(actor=ANA)] == [0, 4]


def test_each_slice_is_shown_once_it_is_saved(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    both(office)
    monkeypatch.setattr(sys.modules["ispcore.usecases.close"], "SLICE", 1)
    seen: list[Run] = []

    run = office.provider.close(LEAP_DAY, actor=ANA, watch=seen.append)

    assert sum(seen, Run(LEAP_DAY)) == run
    assert [part.customers for part in seen] == [1, 1]


def test_a_subscription_that_cannot_be_billed_is_told_and_the_others_go_on(office: Office) -> None:
    fibre, advance = both(office)
    office.load(plans={"retired": {"name": "Old", "versions": _price("50.00")}}, units=_units("retired"))
    cheap = office.subscribe(office.register("Caio"), "retired", price=brl("40.00"))
    lines = [{"id": "access", "description": "Acesso", "value": "45.00"}]
    dearer = [{**version, "lines": lines} for version in _price("50.00")]
    office.load(plans={"retired": {"name": "Old", "versions": dearer}}, units=_units("retired"))

    run = office.close(LEAP_DAY)

    (problem,) = run.problems
    assert (problem.subscription, problem.rule) == (cheap, "composition-over-price")
    ((_, rule, message, _),) = json.loads(office.sql("select summary from runs")[0][0])["problems"]
    assert (rule, message) == (problem.rule, problem.message)
    assert office.provider.runs(actor=ANA)[0].found.problems[0].subscription == cheap
    assert office.owed(fibre)
    assert office.owed(advance)


def test_the_highest_price_since_long_ago_is_billed_and_summed_beside_the_others(office: Office) -> None:
    since_1900 = [{**version, "from": "1900-01-01"} for version in _price("1.00")]
    office.load(plans={"old": {"name": "Old", "versions": since_1900}}, units=_units("old"))
    dear = office.subscribe(office.register(), "old", on=date(1900, 1, 1), price=brl("9999999999.99"))
    usual = office.subscribe(office.register("Bia"))

    previewed = list(office.provider.preview(LEAP_DAY, actor=ANA))
    run = office.close(LEAP_DAY)

    assert run.problems == ()
    cycles = 112 * 12 + 2
    assert run.charged["BRL"].minor == cycles * (10**12 - 1) + 2069
    assert sum(len(closing.entries) for closing in previewed) == run.charges == cycles + 1
    assert office.owed(usual) == {"2012-02": "20.69"}
    assert len(office.charges(dear)) == cycles
    assert office.provider.runs(actor=ANA)[0].found.charged == run.charged


def test_prices_of_before_that_are_too_high_are_problems_and_the_others_are_billed(office: Office) -> None:
    """Their sum was more than a run could hold, so that nothing at all was billed."""
    high = [office.subscribe(office.register(name), price=brl("777.77")) for name in ("Ana", "Bia")]
    usual = office.subscribe(office.register("Caio"))
    _make_dear(office, *high)

    previewed = [one for each in office.provider.preview(LEAP_DAY, actor=ANA) for one in each.problems]
    run = office.close(LEAP_DAY)

    assert [(one.subscription, one.rule) for one in run.problems] == [(n, "price-too-high") for n in high]
    assert [str(one) for one in previewed] == [str(one) for one in run.problems]
    assert office.owed(usual) == {"2012-02": "20.69"}


def test_a_price_that_was_too_high_is_billed_once_it_was_changed(office: Office) -> None:
    high = office.subscribe(office.register(), price=brl("777.77"))
    _make_dear(office, high)
    office.close(LEAP_DAY)

    office.do(ChangePrice(subscription=high, price=brl("100.00"), on=START))

    assert office.close(LEAP_DAY).problems == ()
    assert office.owed(high) == {"2012-02": "20.69"}


def test_the_books_of_many_at_the_highest_price_are_summed(office: Office) -> None:
    """A sum has no limit that bills can reach."""
    office.subscribe(office.register(), price=brl("9999999999.99"), on=date(2012, 2, 1))
    found = office.close(LEAP_DAY)

    total = sum([found] * 5000, Run(LEAP_DAY))

    assert total.charged["BRL"].minor == 5000 * (10**12 - 1)


def _make_dear(office: Office, *subscriptions: int) -> None:
    """Let 777.77 be a price that no command lets in any more, where these *subscriptions* began."""
    for number in subscriptions:
        where = f"subject_kind = 'subscription' and subject_id = '{number}'"
        ((payload,),) = office.sql(f"select payload from facts where {where}")
        office.sql(f"update facts set payload = ? where {where}", payload.replace("77777", "9" * 15))


def _price(amount: str) -> list[dict[str, Any]]:
    booked = {"account": "3.1.01", "company": "net", "document_type": "nfcom"}
    return [{"from": "2010-01-01", "price": amount, **booked}]


def _units(*plans: str) -> dict[str, Any]:
    londrina = DOCUMENT["units"]["londrina"]
    return {"londrina": {**londrina, "plans": [*londrina["plans"], *plans]}}


# --- how far ahead


def test_a_closing_may_reach_thirty_six_months_ahead_and_no_further(office: Office) -> None:
    subscription = office.subscribe(office.register())

    with pytest.raises(RefusedError, match=r"more than 36 months ahead.*latest day is 2015-02-24") as refused:
        office.provider.close(date(2015, 2, 25), actor=ANA)
    with pytest.raises(RefusedError):
        office.provider.preview(date(2015, 2, 25), actor=ANA)
    office.provider.close(date(2015, 2, 24), actor=ANA)

    assert refused.value.rule == "too-far-ahead"
    assert len(office.charges(subscription)) == 36
    assert office.sql("select count(*) from runs") == [(1,)]


# --- previews


def test_a_preview_is_what_the_closing_then_issues(office: Office) -> None:
    fibre, advance = both(office)
    office.close(date(2012, 3, 1))
    office.pay(CustomerId(1), "15.00", company="net")
    office.clock.move_to(date(2012, 3, 10))
    office.do(Cancel(subscription=fibre, on=date(2012, 2, 26), reason="moved"))
    office.do(ChangePlan(subscription=advance, plan="fibre", on=date(2012, 3, 5)))
    office.clock.move_to(END_OF_MARCH)

    shown = list(office.provider.preview(END_OF_MARCH, actor=ANA))
    office.provider.close(END_OF_MARCH, actor=ANA)

    issued = {entry.id: entry for number in (1, 2, 3) for entry in office.charges(SubscriptionId(number))}
    put = {each[1] for each in office.dump()["allocations"]}
    assert [issued[entry.id] for closing in shown for entry in closing.entries] == [
        entry for closing in shown for entry in closing.entries
    ]
    assert put >= {each.source for closing in shown for each in closing.allocations}
    assert all(closing.entries and closing.allocations for closing in shown)
    assert any(closing.receivables for closing in shown)


@pytest.mark.covers("S3-108")
def test_a_preview_of_one_customer_shows_the_next_bill_and_saves_nothing(office: Office) -> None:
    both(office)
    before = office.dump()

    (closing,) = office.provider.preview(LEAP_DAY, actor=ANA, customer=CustomerId(1))

    assert [str(receivable.amount.amount) for receivable in closing.receivables] == ["16.55", "6.21", "2.07"]
    assert {receivable.due_on for receivable in closing.receivables} == {date(2012, 3, 10)}
    assert office.dump() == before


def test_a_preview_of_all_saves_nothing(office: Office) -> None:
    both(office)
    office.close(LEAP_DAY)
    before = office.dump()

    assert len(list(office.provider.preview(END_OF_MARCH, actor=ANA))) == 2
    assert office.dump() == before


def test_a_preview_of_an_unknown_customer_is_refused(office: Office) -> None:
    with pytest.raises(NotFoundError):
        office.provider.preview(LEAP_DAY, actor=ANA, customer=CustomerId(99))


# --- trying out


def test_a_command_that_is_tried_out_shows_its_facts_and_the_next_bill_and_saves_nothing(
    office: Office,
) -> None:
    fibre, _ = both(office)
    office.close(LEAP_DAY)
    before = office.dump()

    tried = office.provider.try_out(
        Cancel(subscription=fibre, on=date(2012, 2, 26), reason="moved"), actor=ANA, closing_on=END_OF_MARCH
    )

    assert [fact.kind for fact in tried.recorded.facts] == ["Cancelled"]
    assert sum(entry.signed_minor for entry in tried.closing.entries) == -1242
    assert office.dump() == before


def test_what_was_tried_out_is_what_then_happens(office: Office) -> None:
    _, advance = both(office)
    office.close(LEAP_DAY)
    office.clock.move_to(END_OF_MARCH)
    command = ChangePlan(subscription=advance, plan="fibre", on=date(2012, 3, 5))

    tried = office.provider.try_out(command, actor=ANA, closing_on=END_OF_MARCH)
    done = office.do(command)
    (closing,) = office.provider.preview(END_OF_MARCH, actor=ANA, customer=CustomerId(2))

    assert tried.recorded.successor == done.successor
    assert [fact.payload for fact in tried.recorded.facts] == [fact.payload for fact in done.facts]
    assert tried.closing == closing


def test_a_new_subscription_can_be_tried_out(office: Office) -> None:
    customer = office.register()
    before = office.dump()
    command = Subscribe(customer=customer, plan="fibre", status="enabled", charge_method="slip", due_day=10)

    tried = office.provider.try_out(command, actor=ANA, closing_on=LEAP_DAY)

    assert sum(entry.signed_minor for entry in tried.closing.entries) == 2483
    assert office.dump() == before


def test_a_refused_command_is_refused_when_it_is_tried_out_too(office: Office) -> None:
    fibre, _ = both(office)
    before = office.dump()

    with pytest.raises(RefusedError, match="without a reason"):
        office.provider.try_out(Cancel(subscription=fibre), actor=ANA, closing_on=LEAP_DAY)

    assert office.dump() == before


# --- repairs through the facade


def test_a_back_dated_cancellation_is_credited_and_lists_what_it_voids(office: Office) -> None:
    subscription = office.subscribe(office.register())
    office.close(LEAP_DAY)
    office.do(ChangePrice(subscription=subscription, price=brl("90.00"), on=date(2012, 2, 28)))

    done = office.do(
        Cancel(subscription=subscription, on=date(2012, 2, 26), reason="moved"), today=date(2012, 3, 5)
    )
    office.close(END_OF_MARCH)

    assert [fact.kind for fact in done.voided] == ["PriceChanged"]
    assert office.owed(subscription) == {"2012-02": "10.34"}
    assert list(office.open_amounts(CustomerId(1)).values()) == ["10.34"]
    assert office.findings() == []


def test_one_customer_can_be_closed_alone(office: Office) -> None:
    first, second = office.register(), office.register("Bia")
    mine, other = office.subscribe(first), office.subscribe(second)

    run = office.provider.close(LEAP_DAY, actor=ANA, customer=first)

    assert (run.customers, run.charges) == (1, 1)
    assert (office.owed(mine), office.owed(other)) == ({"2012-02": "20.69"}, {})
    with pytest.raises(NotFoundError, match="There is no customer 9"):
        office.provider.close(LEAP_DAY, actor=ANA, customer=CustomerId(9))


def test_an_entry_that_clashes_with_the_books_is_a_problem_and_the_others_are_billed(office: Office) -> None:
    first, second = office.subscribe(office.register()), office.subscribe(office.register("Bia"))
    office.close(LEAP_DAY)
    office.sql("update subscriptions set closed_through = null where id = 1")
    office.sql("delete from closings where subscription_id = 1")
    before = office.owed(first)

    run = office.close(END_OF_MARCH)

    assert [(problem.subscription, problem.rule) for problem in run.problems] == [(first, "key-conflict")]
    assert office.owed(first) == before
    assert office.owed(second) == {"2012-02": "20.69", "2012-03": "100.00"}


def test_a_database_that_goes_away_in_a_closing_is_told_with_what_is_done(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules["ispcore.usecases.close"], "SLICE", 200)
    for number in range(201):
        office.register(f"of customer {number}")

    def go_away(_: object) -> None:
        office.sql("alter table subscriptions rename to gone")

    with pytest.raises(StorageError, match="200 customers are done and stay so"):
        office.provider.close(LEAP_DAY, actor=ANA, watch=go_away)


def test_a_database_that_was_gone_before_anything_was_done_keeps_its_own_way_out(office: Office) -> None:
    office.subscribe(office.register())
    office.sql("drop table allocations")

    with pytest.raises(StorageError, match="Nothing of this transaction was saved"):
        office.close(LEAP_DAY)
