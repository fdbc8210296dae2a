"""A fact that was recorded in error is voided, never removed."""

import pytest

from ispcore.errors import ConflictingFactsError, NotFoundError, RefusedError
from ispcore.plans import Cancel, ChangePlan, Resume, Retract, Suspend
from tests.catalogues import SUBSCRIPTION, april, do, march, moved, setting, subscribed

SUSPEND = Suspend(subscription=SUBSCRIPTION)


def retract(fact: int) -> Retract:
    return Retract(subscription=SUBSCRIPTION, fact=fact)


def test_a_retracted_fact_counts_no_longer_and_stays_recorded() -> None:
    before = subscribed()

    timeline = do(do(before, SUSPEND, march(10)), retract(2), march(11))

    assert timeline.spans == before.spans
    assert [fact.kind for fact in timeline.recorded] == ["Subscribed", "Suspended", "Retracted"]
    assert [fact.kind for fact in timeline.facts] == ["Subscribed"]


def test_retracting_a_retraction_brings_the_fact_back() -> None:
    suspended = do(subscribed(), SUSPEND, march(10))

    timeline = do(do(suspended, retract(2), march(11)), retract(3), march(12))

    assert timeline.spans == suspended.spans


@pytest.mark.parametrize("fact", [2, 3])
def test_what_counts_no_longer_cannot_be_retracted(fact: int) -> None:
    timeline = do(subscribed(), SUSPEND, march(10))
    timeline = do(timeline, Cancel(subscription=SUBSCRIPTION, on=march(5), reason="moved"), march(20))
    timeline = do(timeline, retract(3), march(21))
    timeline = do(timeline, retract(2), march(22))

    with pytest.raises(RefusedError, match=rf"\(fact {fact}\) was voided by Retracted of") as refused:
        do(timeline, retract(fact), march(23))

    assert refused.value.rule == "voided"


def test_a_fact_that_was_never_recorded_is_not_found() -> None:
    with pytest.raises(NotFoundError, match=r"There is no fact 9\. Subscription 104 has facts 1 to 1"):
        do(subscribed(), retract(9), march(10))


def test_the_fact_that_opens_a_subscription_stays() -> None:
    with pytest.raises(RefusedError, match="needs a fact that opens it"):
        do(subscribed(), retract(1), march(10))


def test_the_opening_is_not_retracted_under_later_facts_either() -> None:
    suspended = do(subscribed(), SUSPEND, march(10))

    with pytest.raises(ConflictingFactsError, match=r"because of Suspended of 2012-03-10 \(fact 2\)"):
        do(suspended, retract(1), march(11))


def test_a_retraction_that_a_later_fact_needs_is_refused_and_both_are_named() -> None:
    timeline = do(do(subscribed(), SUSPEND, march(10)), Resume(subscription=SUBSCRIPTION), march(20))

    with pytest.raises(ConflictingFactsError) as refused:
        do(timeline, retract(2), march(21))

    assert refused.value.message.startswith(
        "Retracted of 2012-03-21 (fact 4) cannot be recorded, because of Resumed of 2012-03-20 (fact 3)"
    )
    assert (refused.value.new, refused.value.existing) == ("subscription:104#4", "subscription:104#3")


def test_a_move_to_another_plan_is_not_retracted_alone() -> None:
    old, _ = moved(subscribed(), ChangePlan(subscription=SUBSCRIPTION, plan="fibre"), march(10))

    with pytest.raises(RefusedError, match="moved to subscription 105; that fact cannot be retracted alone"):
        do(old, retract(2), march(11))


def test_a_fact_can_be_retracted_before_the_subscription_starts() -> None:
    later = subscribed(on=april(1), at=setting(march(1)))
    annulled = do(later, Cancel(subscription=SUBSCRIPTION, reason="moved"), april(1))

    timeline = do(annulled, retract(2), march(2))

    assert timeline.spans == later.spans
