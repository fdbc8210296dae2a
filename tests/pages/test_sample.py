"""Of too many customers those are shown who show most."""

from hypothesis import given
from hypothesis import strategies as st

from ispcore.pages.sample import chosen

everybody = st.dictionaries(st.integers(), st.lists(st.sampled_from("abcdef"), max_size=8), max_size=20)


def test_who_adds_most_kinds_of_events_is_chosen_first() -> None:
    traits = {"quiet": ["opened"], "busy": ["opened", "paused", "cancelled"], "tried": ["opened", "trial"]}

    assert chosen(traits, 2) == ("busy", "tried")


def test_among_equals_who_has_seen_most_is_chosen() -> None:
    traits = {"short": ["opened"], "long": ["opened", "opened"]}

    assert chosen(traits, 1) == ("long",)


@given(everybody, st.integers(0, 25))
def test_a_sample_is_in_order_and_never_too_large(traits: dict[int, list[str]], most: int) -> None:
    picked = chosen(traits, most)

    assert len(picked) == min(most, len(traits))
    assert list(picked) == [key for key in traits if key in picked]


@given(everybody)
def test_as_many_customers_as_there_are_kinds_show_every_kind(traits: dict[int, list[str]]) -> None:
    kinds = {kind for mine in traits.values() for kind in mine}

    shown = {kind for key in chosen(traits, len(kinds)) for kind in traits[key]}

    assert shown == kinds
