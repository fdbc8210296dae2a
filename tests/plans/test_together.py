"""A change of a component is retracted whole: with everything that its command changed."""

from ispcore.driver import Login
from ispcore.plans import ChangeComponent, Retract, Timeline
from ispcore.plans.together import changed_by, changes_components, resources_changed
from tests.catalogues import START, do
from tests.components import ANA, CARRYING, LOGIN, ONE, carried, components


def renamed(timeline: Timeline, name: str) -> Timeline:
    command = ChangeComponent(**ONE, component=LOGIN, spec=Login(username=name))
    return do(timeline, command, START, catalogue=CARRYING)


def retracted(timeline: Timeline, fact: int) -> Timeline:
    return do(timeline, Retract(**ONE, fact=fact), START, catalogue=CARRYING)


def test_a_change_that_is_retracted_leaves_the_component_as_it_was() -> None:
    before = carried("fibre", ANA)
    after = renamed(before, "bia")
    change = after.recorded[-1]

    undone = retracted(after, change.sequence)

    assert components(after) != components(before)
    assert components(undone) == components(before)
    assert changes_components(change, after)
    assert not changes_components(after.recorded[0], after)


def test_a_command_names_what_it_changed_as_long_as_that_counts() -> None:
    after = renamed(carried("fibre", ANA), "bia")
    change = after.recorded[-1]
    undone = retracted(after, change.sequence)

    assert changed_by(change.recorded.command_id, after) == (change.sequence,)
    assert change.sequence not in changed_by(change.recorded.command_id, undone)


def test_who_retracts_a_change_changes_the_same_resource() -> None:
    after = renamed(carried("fibre", ANA), "bia")
    undone = retracted(after, after.last_sequence)

    assert resources_changed([after.last_sequence], after) == {"104:login"}
    assert resources_changed([undone.last_sequence], undone) == {"104:login"}
