from datetime import UTC, date, datetime, timedelta
from typing import Any

from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st

from ispcore.timeline import (
    Fact,
    Recorded,
    Retracted,
    Subject,
    SubjectKind,
    by_day,
    in_force,
    voided,
    voided_by,
)


@frozen
class Happened:
    pass


def fact(sequence: int, day: int = 0, payload: object = Happened()) -> Fact[Any]:
    on = date(2012, 3, 1) + timedelta(day)
    recorded = Recorded(datetime(2012, 3, 1, tzinfo=UTC), "ana", "c-1")
    return Fact(Subject(SubjectKind.SUBSCRIPTION, "1"), sequence, on, payload, recorded)


def sequences(facts: tuple[Fact[Any], ...]) -> list[int]:
    return [found.sequence for found in facts]


@given(st.lists(st.integers(0, 5), max_size=8), st.randoms())
def test_facts_count_by_day_and_within_a_day_as_recorded_in_any_order_given(
    days: list[int], random: Any
) -> None:
    facts = [fact(sequence, day) for sequence, day in enumerate(days, 1)]
    shuffled = random.sample(facts, len(facts))

    assert in_force(shuffled) == tuple(sorted(facts, key=by_day))


def test_a_retracted_fact_counts_no_longer() -> None:
    facts = [fact(1), fact(2, 1), fact(3, 2, Retracted((2,)))]

    assert sequences(in_force(facts)) == [1, 3]
    assert voided(facts) == {2: facts[2]}


def test_voiding_a_voiding_fact_brings_the_others_back() -> None:
    facts = [fact(1), fact(2, 1, Retracted((1,))), fact(3, 2, Retracted((2,)))]

    assert sequences(in_force(facts)) == [1, 3]


def test_the_last_fact_that_voids_another_is_named() -> None:
    facts = [fact(1), fact(2, 1, Retracted((1,))), fact(3, 2, Retracted((1,)))]

    assert voided(facts) == {1: facts[2]}


def test_other_payloads_void_nothing() -> None:
    assert tuple(voided_by(Happened())) == ()
    assert tuple(voided_by(Retracted((4,)))) == (4,)
