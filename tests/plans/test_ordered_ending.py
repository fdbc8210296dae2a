"""An end that is ordered for a later day or for the cycle's end: it comes by itself, or is withdrawn."""

from datetime import date, timedelta
from typing import Any

import pytest
from attrs import evolve
from hypothesis import assume, given
from hypothesis import strategies as st

from ispcore.catalog import Bucket, Serves
from ispcore.errors import ConflictingFactsError, RefusedError
from ispcore.plans import (
    Annul,
    Block,
    Cancel,
    CancelOn,
    ChangeBillingTerms,
    ChangeDiscount,
    ChangePlan,
    ChangePrice,
    Delete,
    Discount,
    End,
    EndKind,
    Ordered,
    Pause,
    PriceStart,
    Resume,
    Retract,
    SubscriptionCommand,
    Suspend,
    Timeline,
    WithdrawCancellation,
    decide,
    first_billed_day,
    fold,
)
from ispcore.plans.facts import CancellationOrdered, Cancelled
from tests.catalogues import (
    SUBSCRIPTION,
    april,
    brl,
    do,
    february,
    march,
    moved,
    setting,
    subscribed,
)

SUSPEND = Suspend(subscription=SUBSCRIPTION)
WITHDRAW = WithdrawCancellation(subscription=SUBSCRIPTION)


def cancel(on: date | None = None, when: CancelOn = CancelOn.DAY) -> Cancel:
    return Cancel(subscription=SUBSCRIPTION, on=on, when=when, reason="moved")


def price(on: date, amount: str = "90.00") -> ChangePrice:
    return ChangePrice(subscription=SUBSCRIPTION, price=brl(amount), on=on)


def retract(fact: int) -> Retract:
    return Retract(subscription=SUBSCRIPTION, fact=fact)


def ordered(*before: Any) -> Timeline:
    """Return a subscription whose end on 20 March was ordered on 10 March, after the commands *before*."""
    timeline = subscribed()
    for command in before:
        timeline = do(timeline, command, march(5))
    return do(timeline, cancel(march(20)), march(10))


def buckets(timeline: Timeline, *days: date) -> list[Bucket]:
    return [state.bucket for day in days if (state := timeline.on(day))]


# --- on a later day


def test_an_end_on_a_later_day_is_ordered_today_and_comes_by_itself() -> None:
    timeline = ordered()

    fact = timeline.facts[-1]
    assert (fact.kind, fact.effective_on, fact.payload.ends_on) == (
        "CancellationOrdered",
        march(10),
        march(20),
    )
    assert fact.reason == "moved"
    assert timeline.end == End(march(20), EndKind.CANCELLED)
    assert buckets(timeline, march(9), march(19), march(20)) == [
        Bucket.ACTIVE,
        Bucket.ACTIVE,
        Bucket.CANCELLED,
    ]


def test_until_its_day_an_ordered_end_is_known_and_nothing_else_changes() -> None:
    timeline = ordered()

    before, ordering, ended = timeline.on(march(9)), timeline.on(march(10)), timeline.on(march(20))
    assert before is not None
    assert ordering is not None
    assert ended is not None
    assert (before.ordered, ordering.bills, ordering.serves) == (None, True, Serves.FULL)
    assert isinstance(ordering.ordered, Ordered)
    assert (ordering.ordered.on, ordering.ordered.status.code) == (march(20), "cancelled")
    assert (ended.ordered, ended.serves, ended.holds) == (None, Serves.REMOVED, ())


def test_the_last_day_of_an_ordered_end_is_known_with_and_without_it() -> None:
    timeline = ordered()

    assert timeline.on(march(20)) == timeline.on(april(5)) == timeline.final
    last_day = timeline.before_end(march(20))
    assert last_day is not None
    assert (last_day.bucket, last_day.bills) == (Bucket.ACTIVE, True)
    assert timeline.last.end is None


def test_holds_are_taken_away_when_the_ordered_end_comes() -> None:
    timeline = ordered(Block(subscription=SUBSCRIPTION))

    assert len(timeline.last.holds) == 1
    assert timeline.final.holds == ()


def test_ordering_voids_the_facts_after_the_end_and_lists_them() -> None:
    timeline = ordered(price(march(15)), price(april(1), "80.00"))

    assert timeline.facts[-2].payload == CancellationOrdered(
        timeline.final.status, ends_on=march(20), voids=(3,)
    )
    assert [fact.sequence for fact in timeline.facts] == [1, 4, 2]


def test_facts_of_the_last_day_still_count_and_the_end_comes_after_them() -> None:
    timeline = ordered(price(march(20)))

    last_day = timeline.before_end(march(20))
    assert last_day is not None
    assert (last_day.plan.price, timeline.end) == (brl("90.00"), End(march(20), EndKind.CANCELLED))


def test_a_status_that_runs_out_on_the_last_day_is_left_before_the_end() -> None:
    timeline = subscribed("trial-status", on=february(24), status=None)

    timeline = do(timeline, cancel(march(5)), march(1))

    last_day = timeline.before_end(march(5))
    assert last_day is not None
    assert (last_day.status.code, timeline.final.status.code) == ("enabled", "cancelled")
    assert first_billed_day(timeline) == march(5)


def test_before_an_ordered_end_the_subscription_still_takes_commands() -> None:
    timeline = do(ordered(), SUSPEND, march(15))

    assert timeline.last.bucket is Bucket.INACTIVE
    assert timeline.end == End(march(20), EndKind.CANCELLED)


def test_a_fact_for_a_day_after_the_ordered_end_is_refused() -> None:
    with pytest.raises(RefusedError, match=r"it was cancelled on 2012-03-20\. Open a new one instead"):
        do(ordered(), price(march(25)), march(11))


def test_an_end_is_not_ordered_twice() -> None:
    with pytest.raises(RefusedError, match=r"its end on 2012-03-20 is ordered already\. Withdraw") as refused:
        do(ordered(), cancel(march(31)), march(11))

    assert refused.value.rule == "ordered"


def test_what_is_opened_for_a_later_day_can_be_ended_after_it() -> None:
    later = subscribed(on=april(1), at=setting(march(1)))

    timeline = do(later, cancel(april(10)), march(2))

    assert timeline.facts[-1].effective_on == april(1)
    assert timeline.end == End(april(10), EndKind.CANCELLED)


@pytest.mark.parametrize("on", [march(10), march(9)])
def test_an_end_today_or_earlier_is_not_ordered_but_done(on: date) -> None:
    assert isinstance(do(subscribed(), cancel(on), march(10)).facts[-1].payload, Cancelled)


# --- at the cycle's end


@pytest.mark.parametrize(
    ("plan", "end"), [("adsl", march(31)), ("no-last-day", april(1)), ("in-advance", march(31))]
)
def test_at_the_cycles_end_the_cycle_is_owed_whole_whether_or_not_the_last_day_is_billed(
    plan: str, end: date
) -> None:
    timeline = do(subscribed(plan), cancel(when=CancelOn.CYCLE_END), march(10))

    assert timeline.end == End(end, EndKind.CANCELLED)


def test_the_cycle_that_ends_is_the_one_of_the_commands_day() -> None:
    timeline = do(subscribed("yearly", on=february(24)), cancel(april(5), CancelOn.CYCLE_END), march(10))

    assert timeline.end == End(date(2013, 2, 23), EndKind.CANCELLED)


def test_the_cycles_end_is_that_of_the_billed_days_where_a_closing_day_moved() -> None:
    terms = ChangeBillingTerms(subscription=SUBSCRIPTION, closing_day=15)
    timeline = do(subscribed(), terms, march(10), closed_through=march(1))

    timeline = do(timeline, cancel(april(2), CancelOn.CYCLE_END), march(10))

    assert timeline.end == End(april(15), EndKind.CANCELLED)


def test_on_its_closing_day_a_cycle_ends_at_once() -> None:
    timeline = do(subscribed(), cancel(when=CancelOn.CYCLE_END), march(31))

    assert timeline.facts[-1].kind == "Cancelled"


def test_the_end_of_a_cycle_that_is_over_is_back_dated() -> None:
    timeline = do(subscribed(), cancel(february(25), CancelOn.CYCLE_END), march(10))

    assert timeline.facts[-1].kind == "Cancelled"
    assert timeline.end == End(february(29), EndKind.CANCELLED)


def test_a_price_of_the_next_cycle_does_not_keep_a_cycle_from_being_the_last() -> None:
    raised = ChangePrice(subscription=SUBSCRIPTION, price=brl("90.00"), start=PriceStart.NEXT_CYCLE)
    timeline = do(subscribed("no-last-day"), raised, march(5))

    timeline = do(timeline, cancel(when=CancelOn.CYCLE_END), march(10))

    assert timeline.end == End(april(1), EndKind.CANCELLED)


# --- withdrawn


def test_a_withdrawn_order_is_as_if_it_had_not_been_and_what_it_voided_counts_again() -> None:
    before = do(subscribed(), price(april(1)), march(5))
    timeline = do(before, cancel(march(20)), march(10))

    timeline = do(timeline, WITHDRAW, march(15))

    assert timeline.end is None
    assert (timeline.facts, timeline.spans) == (before.facts, before.spans)
    assert timeline.recorded[-1].payload.voids == (3,)


def test_after_withdrawing_the_end_can_be_ordered_for_another_day() -> None:
    timeline = do(ordered(), WITHDRAW, march(15))

    assert do(timeline, cancel(april(20)), march(15)).end == End(april(20), EndKind.CANCELLED)


def test_retracting_the_withdrawal_brings_the_end_back() -> None:
    withdrawn = do(ordered(), WITHDRAW, march(15))

    timeline = do(withdrawn, retract(3), march(16))

    assert timeline.end == End(march(20), EndKind.CANCELLED)


def test_retracting_a_withdrawal_late_is_refused_if_life_has_gone_on() -> None:
    withdrawn = do(ordered(), WITHDRAW, march(15))
    lived = do(withdrawn, SUSPEND, march(25))

    with pytest.raises(ConflictingFactsError, match="was cancelled on 2012-03-20"):
        do(lived, retract(3), march(26))


def test_where_nothing_is_ordered_nothing_is_withdrawn() -> None:
    with pytest.raises(RefusedError, match="nothing to withdraw: no cancellation is ordered") as refused:
        do(subscribed(), WITHDRAW, march(15))

    assert refused.value.rule == "not-ordered"


def test_on_its_day_an_end_has_come_and_is_retracted_instead() -> None:
    with pytest.raises(
        RefusedError, match=r"it ended on 2012-03-20\. Retract the cancellation instead"
    ) as refused:
        do(ordered(), WITHDRAW, march(20))

    assert refused.value.rule == "not-ordered"
    assert do(ordered(), retract(2), march(25)).end is None


def test_the_order_in_force_is_withdrawn_not_an_earlier_one() -> None:
    timeline = do(ordered(), WITHDRAW, march(11))
    timeline = do(timeline, cancel(march(25)), march(12))

    timeline = do(timeline, WITHDRAW, march(13))

    assert timeline.recorded[-1].payload.voids == (4,)
    assert timeline.end is None


# --- what else happens to it


@pytest.mark.covers("S0-115")
def test_a_change_of_plan_is_refused_while_an_end_is_ordered() -> None:
    move = ChangePlan(subscription=SUBSCRIPTION, plan="fibre")
    with pytest.raises(
        RefusedError, match=r"its end on 2012-03-20 is ordered\. Withdraw the cancellation"
    ) as refused:
        moved(ordered(), move, march(15))

    assert refused.value.rule == "ordered"
    _, successor = moved(do(ordered(), WITHDRAW, march(15)), move, march(15))
    assert successor.end is None


def test_a_change_of_plan_that_is_dated_before_the_order_conflicts_with_it() -> None:
    with pytest.raises(ConflictingFactsError, match="it moved to another plan on 2012-03-05"):
        moved(ordered(), ChangePlan(subscription=SUBSCRIPTION, plan="fibre", on=march(5)), march(15))


def test_while_an_end_is_ordered_it_can_still_come_at_once() -> None:
    timeline = do(ordered(), cancel(), march(12))

    assert timeline.end == End(march(12), EndKind.CANCELLED)
    assert timeline.last.ordered is None
    assert timeline.facts[-1].payload.voids == ()


def test_a_cancellation_dated_before_the_order_voids_it() -> None:
    timeline = do(ordered(), cancel(march(8)), march(12))

    assert timeline.end == End(march(8), EndKind.CANCELLED)
    assert timeline.facts[-1].payload.voids == (2,)


def test_retracting_the_earlier_end_brings_the_ordered_one_back() -> None:
    timeline = do(ordered(), cancel(march(8)), march(12))

    timeline = do(timeline, retract(3), march(13))

    assert timeline.end == End(march(20), EndKind.CANCELLED)


def test_what_the_order_had_voided_does_not_come_back_when_an_earlier_end_voids_it() -> None:
    timeline = ordered(price(april(1)))

    timeline = do(timeline, cancel(march(8)), march(12))

    assert timeline.facts[-1].payload.voids == (3, 2)
    assert [fact.kind for fact in timeline.facts] == ["Subscribed", "Cancelled"]


def test_a_withdrawn_order_stays_withdrawn_under_an_earlier_end() -> None:
    withdrawn = do(ordered(), WITHDRAW, march(15))
    ended = do(withdrawn, cancel(march(8)), march(16))

    back = do(ended, retract(4), march(17))

    assert back.end is None


def test_what_was_never_delivered_may_be_annulled_while_an_end_is_ordered() -> None:
    timeline = do(ordered(), Annul(subscription=SUBSCRIPTION, on=february(24)), march(12))

    assert timeline.end == End(february(24), EndKind.ANNULLED)


def test_a_deletion_before_the_ordered_end_ends_it() -> None:
    timeline = do(ordered(), Delete(subscription=SUBSCRIPTION, note="twice"), march(12))

    assert timeline.end == End(march(12), EndKind.DELETED)


def test_after_an_ordered_end_a_subscription_can_be_deleted() -> None:
    timeline = do(ordered(), Delete(subscription=SUBSCRIPTION, note="twice"), march(25))

    assert (timeline.end, timeline.last.deleted_on) == (End(march(20), EndKind.CANCELLED), march(25))


def test_ordering_needs_a_reason_like_any_cancellation() -> None:
    command = Cancel(subscription=SUBSCRIPTION, on=march(20))

    with pytest.raises(RefusedError, match="cannot be cancelled without a reason"):
        decide(command, subscribed(), setting(march(10)))


# --- properties

ONE: Any = {"subscription": SUBSCRIPTION}
wishes: st.SearchStrategy[SubscriptionCommand] = st.sampled_from(
    [
        cancel(when=CancelOn.CYCLE_END),
        cancel(april(10)),
        cancel(date(2012, 5, 15)),
        WITHDRAW,
        SUSPEND,
        Resume(**ONE),
        Pause(**ONE, until=april(10)),
        ChangePrice(**ONE, price=brl("90.00")),
        ChangePrice(**ONE, price=brl("80.00"), start=PriceStart.NEXT_CYCLE),
        price(april(10), "70.00"),
        price(date(2012, 6, 1), "60.00"),
        ChangeDiscount(**ONE, discount=Discount(amount=brl("1.00"), cycles=1)),
    ]
)
days = st.dates(february(24), april(30))


def lived(tried: list[tuple[date, SubscriptionCommand]]) -> Timeline:
    """Return the life that remains when each wish is tried on its day, without those that a rule forbids."""
    timeline = subscribed("trial-status", status=None)
    for day, command in sorted(tried, key=lambda wish: wish[0]):
        try:
            timeline = do(timeline, command, day)
        except RefusedError:
            continue
    return timeline


lives = st.lists(st.tuples(days, wishes), max_size=8).map(lived)


@given(lives)
def test_folding_a_life_with_orders_again_changes_nothing(timeline: Timeline) -> None:
    assert fold(timeline.recorded) == timeline


@given(lives, days)
def test_a_subscription_is_over_from_its_end_on_and_not_before(timeline: Timeline, day: date) -> None:
    state = timeline.on(day)
    assert state is not None

    over = timeline.end is not None and timeline.end.on <= day

    assert (state.end is not None, state.bucket is Bucket.CANCELLED) == (over, over)


@given(lives, st.integers(1, 60))
def test_ordering_and_withdrawing_leaves_the_life_as_it_was(timeline: Timeline, later: int) -> None:
    assume(timeline.end is None)
    today = april(30)

    ordered_too = do(timeline, cancel(today + timedelta(days=later)), today)
    back = do(ordered_too, WITHDRAW, today)

    assert ordered_too.end == End(today + timedelta(days=later), EndKind.CANCELLED)
    assert (back.facts, back.spans, back.last) == (timeline.facts, timeline.spans, timeline.last)


@given(lives, st.integers(1, 60))
def test_until_an_ordered_end_every_day_is_as_it_would_have_been(timeline: Timeline, later: int) -> None:
    assume(timeline.end is None)
    today, last_day = april(30), april(30) + timedelta(days=later)

    ordered_too = do(timeline, cancel(last_day), today)

    for day in (february(24), april(29), last_day):
        before, after = timeline.before_end(day), ordered_too.before_end(day)
        assert before is not None
        assert after is not None
        assert evolve(after, ordered=None) == before
