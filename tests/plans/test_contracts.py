"""Subscriptions in contracts: joining one, what leaving early costs, and how a contract stands."""

from datetime import date
from typing import Any

import pytest
from attrs import evolve

from ispcore.catalog import OpenInstalments, PenaltyRule
from ispcore.contracts import Agreement, ContractTerms, Installation
from ispcore.errors import NotPermittedError, RefusedError
from ispcore.plans import (
    AddBillingEvent,
    AddItem,
    Block,
    Cancel,
    CancelOn,
    ChangePrice,
    Enable,
    EventKind,
    Exempt,
    HoldCause,
    JoinContract,
    MigrateTechnology,
    Pause,
    Reduce,
    Retract,
    Standing,
    Suspend,
    Timeline,
    WithdrawCancellation,
    installation_event,
    pauses,
    standing_together,
)
from ispcore.timeline import Actor
from ispcore.values import ContractNumber, ItemId, Period
from tests.catalogues import CATALOGUE, SUBSCRIPTION, april, brl, do, march, setting, subscribed

ONE: dict[str, Any] = {"subscription": SUBSCRIPTION}
NUMBER = ContractNumber("2012-000001")
TERMS = ContractTerms(
    dated_on=march(1),
    sold_on=march(1),
    months=12,
    fidelity_months=12,
    benefit=brl("600.00"),
    penalty=PenaltyRule(fixed=brl("300.00"), instalments=3, exempting={"death"}),
)
MARCH_10 = march(10)
AGREED: dict[str, Any] = {"agreement": Agreement(NUMBER, TERMS, march(1))}


def leave(timeline: Timeline, on: date = MARCH_10, today: date = MARCH_10, **more: Any) -> Timeline:
    known = more.pop("known", AGREED)
    return do(timeline, Cancel(**ONE, **{"on": on, "reason": "moved", **more}), today, **known)


def events(timeline: Timeline) -> list[tuple[ItemId, EventKind, str, date, int]]:
    return [
        (one.item, one.kind, str(one.amount.amount), one.first_on, one.instalments)
        for one in timeline.last.events
    ]


@pytest.mark.covers("S0-073")
def test_who_leaves_early_is_charged_the_penalty_in_instalments() -> None:
    left = leave(subscribed("adsl", on=march(1)))

    assert events(left) == [(ItemId("event:1"), EventKind.PENALTY, "300.00", march(10), 3)]
    (event,) = left.last.events
    assert event.when_ended is OpenInstalments.GO_ON
    assert event.description == "Penalty of contract 2012-000001"
    assert sum(line.value.minor for line in event.lines) == 30000


def test_an_ordered_end_asks_for_what_leaving_costs_on_its_day_until_it_is_withdrawn() -> None:
    ordered = leave(subscribed("adsl", on=march(1)), on=april(10))

    assert events(ordered) == [(ItemId("event:1"), EventKind.PENALTY, "300.00", april(10), 3)]
    back = do(ordered, WithdrawCancellation(**ONE), march(11))
    assert events(back) == []
    again = leave(back, on=april(20), today=march(12))
    assert events(again) == [(ItemId("event:2"), EventKind.PENALTY, "300.00", april(20), 3)]


def test_a_cancellation_that_is_taken_back_takes_its_penalty_back() -> None:
    left = leave(subscribed("adsl", on=march(1)))

    back = do(left, Retract(**ONE, fact=left.last_sequence), march(11))

    assert events(back) == []
    fee = AddBillingEvent(**ONE, kind=EventKind.FEE, description="Visit", amount=brl("5.00"))
    assert [one.number for one in do(back, fee, march(12)).last.events] == [2]


def test_nothing_is_asked_for_a_reason_that_exempts_or_without_a_contract_or_before_it_began() -> None:
    timeline = subscribed("adsl", on=march(1))
    not_begun = {"agreement": Agreement(NUMBER, TERMS, None)}
    rule = evolve(TERMS.penalty, exempting={"moved"})
    exempting = {"agreement": Agreement(NUMBER, evolve(TERMS, penalty=rule), march(1))}

    assert events(leave(timeline, known={})) == []
    assert events(leave(timeline, known=not_begun)) == []
    assert events(leave(timeline, known=exempting)) == []


def test_a_penalty_is_let_go_by_who_may_do_so() -> None:
    timeline = subscribed("adsl", on=march(1))
    clerk = {**AGREED, "actor": Actor("clerk", {"subscription.cancel"})}
    chief = {**AGREED, "actor": Actor("chief", {"subscription.cancel", "contract.penalty"})}

    assert events(leave(timeline, known=chief, waive_penalty=True)) == []
    assert len(events(leave(timeline, known=clerk))) == 1
    with pytest.raises(NotPermittedError, match=r"contract\.penalty"):
        leave(timeline, known=clerk, waive_penalty=True)


def test_who_moves_it_out_of_a_contract_that_asks_for_a_penalty_may_let_penalties_go() -> None:
    inside = do(subscribed("adsl", on=march(1)), JoinContract(**ONE, contract=NUMBER), march(2))
    clerk = {**AGREED, "actor": Actor("clerk", {"subscription.contract"})}
    chief = {**AGREED, "actor": Actor("chief", {"subscription.contract", "contract.penalty"})}

    with pytest.raises(NotPermittedError, match=r"contract\.penalty"):
        do(inside, JoinContract(**ONE, contract=None), march(10), **clerk)
    assert do(inside, JoinContract(**ONE, contract=None), march(10), **chief).last.contract is None


def test_at_the_end_of_a_cycle_it_costs_what_it_costs_on_that_day() -> None:
    by_days = evolve(TERMS, penalty=PenaltyRule(fixed=brl("300.00")))
    known = {"agreement": Agreement(NUMBER, by_days, march(1))}

    left = leave(subscribed("adsl", on=march(1)), when=CancelOn.CYCLE_END, known=known)

    assert left.end is not None
    assert events(left)[0][3] == left.end.on


# --- joining


@pytest.mark.covers("S1-106")
def test_a_subscription_joins_a_contract_and_leaves_it() -> None:
    timeline = subscribed("adsl", on=march(1))

    joined = do(timeline, JoinContract(**ONE, contract=NUMBER), march(5))

    assert joined.last.contract == NUMBER
    with pytest.raises(RefusedError, match="is in contract 2012-000001 already"):
        do(joined, JoinContract(**ONE, contract=NUMBER), march(6))
    left = do(joined, JoinContract(**ONE, contract=None), march(6))
    assert left.last.contract is None
    with pytest.raises(RefusedError, match="is in no contract already"):
        do(left, JoinContract(**ONE, contract=None), march(6))


@pytest.mark.covers("S0-063", "S0-064")
def test_an_installation_is_charged_with_the_cycle_that_is_billed_next() -> None:
    fee = Installation(fee=brl("120.00"), discount=brl("20.00"), paid=brl("10.00"), instalments=3)

    event = installation_event(subscribed("adsl", on=march(1)), setting(march(5)), NUMBER, fee)
    later = installation_event(subscribed("adsl", on=april(1)), setting(march(5)), NUMBER, fee)

    added = event.payload.event
    assert (event.on, added.amount, added.instalments, added.kind) == (
        march(5),
        brl("90.00"),
        3,
        EventKind.INSTALLATION,
    )
    assert (later.on, later.payload.event.first_on) == (april(1), april(1))
    cents = evolve(fee, discount=brl("109.98"), instalments=12)
    few = installation_event(subscribed("adsl", on=march(1)), setting(march(5)), NUMBER, cents)
    assert few.payload.event.instalments == 2


# --- how a contract stands

SUSPENDED = [Suspend(**ONE)]


@pytest.mark.covers("S3-003")
@pytest.mark.parametrize(
    ("commands", "found"),
    [
        ([], Standing.ACTIVE),
        ([Reduce(**ONE)], Standing.REDUCED_MANUAL),
        ([Reduce(**ONE, cause=HoldCause.AUTOMATIC)], Standing.REDUCED_AUTOMATIC),
        ([Block(**ONE)], Standing.BLOCKED_MANUAL),
        ([Block(**ONE, cause=HoldCause.AUTOMATIC)], Standing.BLOCKED_AUTOMATIC),
        ([Reduce(**ONE), Block(**ONE, cause=HoldCause.ABUSE)], Standing.BLOCKED_MANUAL),
        ([Pause(**ONE, cause=HoldCause.SEASONAL)], Standing.DEACTIVATED),
        ([Exempt(**ONE, until=march(20))], Standing.ACTIVE),
        (SUSPENDED, Standing.DEACTIVATED),
        ([Cancel(**ONE, reason="moved")], Standing.CANCELLED),
    ],
)
def test_a_contract_stands_as_its_subscription_does(commands: list[Any], found: Standing) -> None:
    timeline = subscribed("adsl", on=march(1))
    for command in commands:
        timeline = do(timeline, command, march(5))

    state = timeline.on(march(6))

    assert state is not None
    assert standing_together([state]) is found


def test_of_several_the_one_that_is_served_best_tells() -> None:
    active = subscribed("adsl", on=march(1))
    cancelled = do(active, Cancel(**ONE, reason="moved"), march(5))
    pending = subscribed("adsl", on=march(1), status="awaiting")

    assert standing_together([cancelled.final, active.last]) is Standing.ACTIVE
    assert standing_together([cancelled.final, pending.last]) is Standing.PRE_REGISTRATION
    assert standing_together([]) is Standing.PRE_REGISTRATION


def test_a_contract_rests_while_all_that_live_in_it_pause() -> None:
    one = subscribed("adsl", on=march(1))
    paused = do(one, Pause(**ONE, until=march(20)), march(5))
    other = do(one, Pause(**ONE), march(10))
    gone = do(one, Cancel(**ONE, reason="moved"), march(12))

    assert pauses([paused], april(1)) == (Period(march(5), march(20)),)
    assert pauses([paused, one], april(1)) == ()
    assert pauses([paused, other], april(1)) == (Period(march(10), march(20)),)
    assert pauses([other, gone], march(15)) == (Period(march(12), march(15)),)
    assert pauses([paused], march(5)) == ()
    assert pauses([], april(1)) == ()


def test_a_pending_subscription_that_is_enabled_stands_as_active() -> None:
    pending = subscribed("adsl", on=march(1), status="awaiting")

    assert standing_together([do(pending, Enable(**ONE), march(5)).last]) is Standing.ACTIVE


@pytest.mark.covers("S3-037")
def test_another_technology_is_a_change_of_plan_and_the_same_one_is_not_a_migration() -> None:
    timeline = subscribed("adsl", on=march(1))

    moved = do(timeline, MigrateTechnology(**ONE, plan="fibre"), march(5))

    assert moved.end is not None
    assert (moved.end.on, moved.end.moves_on) == (march(5), True)
    with pytest.raises(RefusedError, match="is none already, as the plan 'in-advance' is"):
        do(timeline, MigrateTechnology(**ONE, plan="in-advance"), march(5))
    clerk = Actor("clerk", {"subscription.migrate-technology"})
    with pytest.raises(NotPermittedError, match=r"subscription\.price"):
        do(timeline, MigrateTechnology(**ONE, plan="fibre", price=brl("1.00")), march(5), actor=clerk)


def test_what_the_catalogue_has_no_more_can_migrate_to_anything() -> None:
    timeline = subscribed("adsl", on=march(1))
    known = evolve(CATALOGUE, plans={code: one for code, one in CATALOGUE.plans.items() if code != "adsl"})

    assert (
        do(timeline, MigrateTechnology(**ONE, plan="in-advance"), march(5), catalogue=known).end is not None
    )


def test_a_price_rises_no_earlier_than_the_contract_lets_it_and_falls_at_any_time() -> None:
    kept = {"agreement": Agreement(NUMBER, evolve(TERMS, price_rise_months=12), march(1))}
    timeline = do(subscribed("adsl", on=march(1)), AddItem(**ONE, service="mailbox"), march(1))
    dearer, cheaper = (ChangePrice(**ONE, price=brl(price)) for price in ("110.00", "90.00"))

    with pytest.raises(RefusedError, match=r"for 12 months\..*Let it rise on 2013-03-01") as refused:
        do(timeline, dearer, date(2013, 2, 28), **kept)
    assert refused.value.rule == "price-rise"
    assert do(timeline, dearer, date(2013, 3, 1), **kept).last.plan.price == brl("110.00")
    assert do(timeline, cheaper, march(5), **kept).last.plan.price == brl("90.00")
    assert do(timeline, dearer, march(5)).last.plan.price == brl("110.00")
    mailbox = ChangePrice(**ONE, price=brl("12.00"), item=ItemId("mailbox"))
    assert do(timeline, mailbox, march(5), **kept).last.item(ItemId("mailbox")).price == brl("12.00")
