"""Facts fold into a life: by day, in any order of recording, or not at all."""

from datetime import date
from typing import Any

import pytest
from attrs import evolve, frozen
from hypothesis import given
from hypothesis import strategies as st

from ispcore.errors import ConflictingFactsError, NotFoundError, RefusedError
from ispcore.plans import (
    FACTS,
    AddItem,
    Annul,
    Block,
    Cancel,
    ChangeBillingTerms,
    ChangeDiscount,
    ChangePrice,
    Delete,
    Discount,
    End,
    EndKind,
    Event,
    Pause,
    Reduce,
    Resume,
    Retract,
    SubscriptionCommand,
    Suspend,
    Timeline,
    Unblock,
    Unpause,
    fold,
    fold_with,
)
from ispcore.plans.facts import (
    CancellationOrdered,
    CompositionCustomised,
    Deleted,
    DiscountChanged,
    Enabled,
    ItemEnded,
    PriceChanged,
)
from ispcore.timeline import Fact, in_force
from ispcore.values import ItemId, Money
from tests.catalogues import (
    CATALOGUE,
    SUBSCRIPTION,
    april,
    brl,
    do,
    facts_of,
    february,
    line,
    march,
    subscribed,
)

ONE: Any = {"subscription": SUBSCRIPTION}
PLAN = ItemId("plan")


def recorded(timeline: Timeline, *events: Event) -> Timeline:
    return fold_with(timeline, facts_of(events, after=timeline.last_sequence))


def test_a_life_begins_with_an_opening() -> None:
    (stray,) = facts_of([Event(march(1), Enabled(CATALOGUE.status("enabled")))])

    with pytest.raises(RefusedError, match="cannot be enabled on 2012-03-01: it does not exist on"):
        fold([stray])
    with pytest.raises(RefusedError, match="needs a fact that opens it"):
        fold([])


def test_a_life_begins_once() -> None:
    timeline = subscribed()

    with pytest.raises(RefusedError, match="cannot be opened on 2012-03-01: it exists since 2012-02-24"):
        recorded(timeline, Event(march(1), timeline.facts[0].payload))


def test_a_fact_that_nobody_knows_is_refused() -> None:
    @frozen
    class Moonlit:
        pass

    with pytest.raises(RefusedError, match="cannot be changed on 2012-03-01: nothing is known of Moonlit"):
        recorded(subscribed(), Event(march(1), Moonlit()))


def test_a_subscription_is_deleted_once() -> None:
    timeline = recorded(subscribed(), Event(march(1), Deleted()))

    with pytest.raises(RefusedError, match="cannot be deleted on 2012-03-02: it was deleted on 2012-03-01"):
        recorded(timeline, Event(march(2), Deleted()))


@pytest.mark.parametrize(
    ("payload", "problem"),
    [
        (PriceChanged(PLAN, Money.of("1.00", "USD")), "1.00 USD is not in BRL"),
        (PriceChanged(PLAN, brl("-1.00")), "a price of -1.00 BRL is negative"),
        (PriceChanged(PLAN, brl("1.00"), (line("access", "1.01"),)), "more than the price 1.00 BRL"),
        (DiscountChanged(PLAN, Discount(amount=brl("100.01"))), "100.01 BRL is more than the price"),
        (
            DiscountChanged(PLAN, Discount(amount=brl("1.00"), until=march(1))),
            "the discount would end on 2012-03-01",
        ),
        (CancellationOrdered(CATALOGUE.status("cancelled"), march(1)), "2012-03-01 is not later"),
        (CompositionCustomised(PLAN, (line("access", "100.01"),)), "more than the price 100.00 BRL"),
        (ItemEnded(PLAN), "cannot end an item on 2012-03-01: the plan itself ends by cancelling"),
    ],
)
def test_impossible_facts_are_refused_whoever_recorded_them(payload: object, problem: str) -> None:
    with pytest.raises(RefusedError, match=problem):
        recorded(subscribed(), Event(march(1), payload))


def test_spans_show_each_state_from_its_day_and_no_day_twice() -> None:
    timeline = do(subscribed(on=february(24)), Block(**ONE), march(5))
    timeline = do(timeline, ChangePrice(**ONE, price=brl("90.00")), march(5))

    assert [(span.since, span.state.plan.price, len(span.state.holds)) for span in timeline.spans] == [
        (february(24), brl("100.00"), 0),
        (march(5), brl("90.00"), 1),
    ]


def test_before_its_beginning_a_subscription_has_no_state() -> None:
    timeline = subscribed(on=february(24))

    assert timeline.on(february(23)) is None
    assert timeline.before_end(february(23)) is None


def test_the_spans_show_the_life_without_its_end() -> None:
    alive = do(subscribed(), Block(**ONE), march(5))

    for end in (Cancel(**ONE, reason="moved"), Annul(**ONE), Delete(**ONE, note="twice")):
        assert do(alive, end, march(10)).spans == alive.spans


def test_facts_are_found_by_their_sequence_whether_they_count_or_not() -> None:
    timeline = do(subscribed(), Suspend(**ONE), march(12))
    timeline = do(timeline, Cancel(**ONE, on=march(10), reason="moved"), march(20))

    assert timeline.fact(2).kind == "Suspended"
    assert timeline.fact(2) not in timeline.facts
    with pytest.raises(NotFoundError, match=r"There is no fact 4\. Subscription 104 has facts 1 to 3"):
        timeline.fact(4)


def test_a_conflict_names_both_facts() -> None:
    timeline = do(subscribed(), Suspend(**ONE), march(10))

    with pytest.raises(ConflictingFactsError) as refused:
        do(timeline, Suspend(**ONE, on=march(5)), march(12))

    assert refused.value.message.startswith(
        "Suspended of 2012-03-05 (fact 3) cannot be recorded, because of Suspended of 2012-03-10 (fact 2): "
    )
    assert (refused.value.new, refused.value.existing) == ("subscription:104#3", "subscription:104#2")
    assert refused.value.rule == "conflict"


def test_a_refused_fact_leaves_the_timeline_as_it_was() -> None:
    timeline = do(subscribed(), Suspend(**ONE), march(10))
    before = (timeline.recorded, timeline.spans)

    with pytest.raises(ConflictingFactsError):
        do(timeline, Suspend(**ONE, on=march(5)), march(12))

    assert (timeline.recorded, timeline.spans) == before


def test_every_kind_of_fact_has_a_name_of_its_own() -> None:
    names = [kind.__name__ for kind in FACTS]

    assert len(set(names)) == len(names) == 42


# --- properties

commands: st.SearchStrategy[SubscriptionCommand] = st.sampled_from(
    [
        AddItem(**ONE, service="mailbox"),
        Block(**ONE),
        Unblock(**ONE),
        Pause(**ONE),
        Pause(**ONE, until=april(20)),
        Unpause(**ONE),
        Reduce(**ONE, until=april(10)),
        Suspend(**ONE),
        Resume(**ONE),
        ChangePrice(**ONE, price=brl("90.00")),
        ChangePrice(**ONE, price=brl("40.00")),
        ChangeDiscount(**ONE, discount=Discount(amount=brl("50.00"))),
        ChangeDiscount(**ONE, discount=Discount(amount=brl("5.00"), cycles=1)),
        ChangeDiscount(**ONE, discount=Discount(amount=brl("5.00"), until=april(15))),
        ChangeBillingTerms(**ONE, closing_day=15),
        ChangeBillingTerms(**ONE, due_day=20),
    ]
)
days = st.dates(february(24), april(30))


def lived(wishes: list[tuple[SubscriptionCommand, date]]) -> Timeline:
    """Return the life that remains when each wish is tried in turn, and those that a rule forbids are not."""
    timeline = subscribed("trial-status", status=None)
    for command, day in wishes:
        try:
            timeline = do(timeline, evolve(command, on=day), april(30))
        except (RefusedError, NotFoundError):
            continue
    return timeline


lives = st.lists(st.tuples(commands, days), max_size=8).map(lived)


def renumbered(facts: tuple[Fact[Any], ...]) -> list[Fact[Any]]:
    return [evolve(fact, sequence=n) for n, fact in enumerate(facts, start=1)]


@given(st.lists(st.tuples(commands, days), max_size=8, unique_by=lambda wish: wish[1]).map(lived), st.data())
def test_the_order_of_recording_facts_of_different_days_does_not_matter(
    timeline: Timeline, data: st.DataObject
) -> None:
    others = [fact for fact in timeline.recorded[1:] if fact.effective_on > february(24)]
    same_day = [fact for fact in timeline.recorded if fact.effective_on == february(24)]

    shuffled = data.draw(st.permutations(others))

    again = fold(renumbered((*same_day, *shuffled)))
    assert (again.spans, again.last) == (timeline.spans, timeline.last)


@given(lives)
def test_folding_again_changes_nothing(timeline: Timeline) -> None:
    assert fold(timeline.recorded) == timeline
    assert timeline.facts == in_force(timeline.recorded)


@given(lives)
def test_the_state_of_a_day_does_not_depend_on_later_facts(timeline: Timeline) -> None:
    for n in range(1, len(timeline.facts)):
        earlier = fold(timeline.facts[:n])
        last_day = timeline.facts[n - 1].effective_on

        if timeline.facts[n].effective_on > last_day:
            assert earlier.on(last_day) == timeline.on(last_day)


@given(lives)
def test_a_trial_status_never_outlasts_its_ten_days(timeline: Timeline) -> None:
    trial_days = [span.since for span in timeline.spans if span.state.status.code == "trial"]

    assert all(day < march(5) for day in trial_days)
    after = timeline.on(march(5))
    assert after is not None
    assert after.status.code != "trial"


@given(lives, days)
def test_a_cancellation_leaves_the_life_before_it_and_retracting_it_the_whole_life(
    timeline: Timeline, day: date
) -> None:
    cancelled = do(timeline, Cancel(**ONE, on=day, reason="moved"), april(30))

    back = do(cancelled, Retract(**ONE, fact=cancelled.last_sequence), april(30))

    assert cancelled.end == End(day, EndKind.CANCELLED)
    assert all(cancelled.before_end(each.since) == each.state for each in timeline.spans if each.since <= day)
    assert (back.spans, back.last) == (timeline.spans, timeline.last)
