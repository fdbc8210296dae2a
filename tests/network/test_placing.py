"""Placements: their generation moves when what is wanted moves, and only then."""

from datetime import timedelta

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from ispcore.driver import Access, Login, Mailbox, Onu, PlacementId, SecretRef, Spec
from ispcore.network import Move, Placement, Wanted, held_back, move_of, outstanding, placed, renewed
from ispcore.network.placing import device_of, placement_id, resource_of
from tests.catalogues import START
from tests.homes import noon

NOW = noon(START)
LATER = NOW + timedelta(hours=1)
RESOURCE = "104:login"
ANA, ZOE = Login(username="ana"), Login(username="zoe")


def wanted(spec: Spec = ANA, device: str = "radius", needs: tuple[str, ...] = ()) -> Wanted:
    return Wanted(resource=RESOURCE, device=device, spec=spec, needs=needs)


def new(spec: Spec = ANA, device: str = "radius") -> Placement:
    (found,) = placed(RESOURCE, wanted(spec, device), (), NOW)
    return found


def test_what_is_wanted_first_is_generation_one() -> None:
    assert new() == Placement(
        id=PlacementId("104:login@radius"),
        resource=RESOURCE,
        device="radius",
        kind=Login,
        generation=1,
        wanted=ANA,
        layer=2,
        needs=(),
        moved_at=NOW,
    )


def test_a_placement_is_called_after_its_resource_and_its_device() -> None:
    name = placement_id("104:login@home", "radius")

    assert name == "104:login@home@radius"
    assert resource_of(name) == "104:login@home"


def test_the_device_of_a_resource_is_the_one_on_which_it_is_wanted() -> None:
    gone = evolve(new(device="old"), wanted=None)

    assert device_of([gone, new(device="radius")]) == "radius"
    assert device_of([gone]) is None


def test_what_is_wanted_already_is_left_alone() -> None:
    assert placed(RESOURCE, wanted(), [new()], LATER) == ()


def test_another_content_moves_the_generation() -> None:
    (found,) = placed(RESOURCE, wanted(ZOE), [new()], LATER)

    assert found == evolve(new(), wanted=ZOE, generation=2, moved_at=LATER)


def test_other_needs_do_not_move_it() -> None:
    (found,) = placed(RESOURCE, wanted(needs=("104:onu",)), [new()], LATER)

    assert found == evolve(new(), needs=("104:onu",))


def test_what_nobody_wants_any_more_wants_nothing_to_stand() -> None:
    (found,) = placed(RESOURCE, None, [new()], LATER)

    assert found == evolve(new(), wanted=None, generation=2, moved_at=LATER)
    assert placed(RESOURCE, None, [found], LATER) == ()


def test_what_was_never_placed_needs_no_placement_to_be_taken_away() -> None:
    assert placed(RESOURCE, None, (), NOW) == ()


def test_what_moves_to_another_device_makes_two_placements() -> None:
    left, come = placed(RESOURCE, wanted(device="other"), [new()], LATER)

    assert left == evolve(new(), wanted=None, generation=2, moved_at=LATER)
    assert (come.id, come.generation, come.wanted) == ("104:login@other", 1, ANA)


def test_what_comes_back_goes_on_counting() -> None:
    gone = evolve(new(), wanted=None, generation=2)

    (found,) = placed(RESOURCE, wanted(), [gone], LATER)

    assert (found.generation, found.wanted) == (3, ANA)


@given(st.lists(st.sampled_from([None, ANA, ZOE, Mailbox(address="ana@isp.test")]), max_size=8))
def test_the_generation_counts_the_contents(contents: list[Spec | None]) -> None:
    standing: tuple[Placement, ...] = ()
    moves = 0
    before: Spec | None = None
    for content in contents:
        changed = placed(RESOURCE, None if content is None else wanted(content), standing, NOW)
        moves += content != before
        before = content
        standing = changed or standing

    assert sum(one.generation for one in standing) == moves
    assert [one.wanted for one in standing] == ([before] if moves else [])


# --- what is to be done on a device


def test_what_is_held_back_follows_its_status_and_nothing_that_people_chose() -> None:
    standing = [evolve(new(device="gone"), wanted=None), new(ANA, "radius")]
    other = evolve(ZOE, access=Access.WALLED, download_kbit=9, vlan=7)

    held = held_back(wanted(other, "radius-2", needs=("104:onu",)), standing)

    assert held == wanted(evolve(ANA, access=Access.WALLED, download_kbit=9), "radius", needs=("104:onu",))


def test_what_stands_nowhere_or_as_something_else_is_not_held_back_but_left() -> None:
    gone = evolve(new(), wanted=None)

    assert held_back(wanted(), [gone]) is None
    assert held_back(wanted(Onu(serial="ZTEG1")), [new()]) is None


def test_a_new_placement_is_made_with_every_field() -> None:
    change = outstanding(new(), None, ANA)

    assert change is not None
    assert (change.before, change.after) == (None, ANA)
    assert {"username", "password", "access"} <= change.fields


def test_what_differs_is_changed_and_nothing_else() -> None:
    faster = evolve(ANA, download_kbit=512)

    change = outstanding(new(), ANA, faster)

    assert change is not None
    assert change.fields == {"download_kbit"}
    assert outstanding(new(), ANA, ANA) is None


def test_what_is_not_wanted_is_deleted() -> None:
    change = outstanding(new(), ANA, None)

    assert change is not None
    assert (change.after, change.fields) == (None, frozenset())
    assert outstanding(new(), None, None) is None


def test_another_secret_is_written() -> None:
    old, fresh = evolve(ANA, password=SecretRef("s1")), evolve(ANA, password=SecretRef("s2"))

    change = outstanding(new(), old, fresh)

    assert change is not None
    assert change.fields == {"password"}
    assert renewed(old, fresh) == {"password"}
    assert renewed(old, old) == frozenset()
    assert renewed(None, fresh) == frozenset()
    assert renewed(Onu(serial="Z"), fresh) == frozenset()


def test_a_move_names_the_fields_in_their_order() -> None:
    before = new()
    after = evolve(before, wanted=evolve(ANA, download_kbit=512, upload_kbit=256), generation=2)

    assert move_of(before, after) == Move(
        before.id, 2, before.wanted, after.wanted, ("download_kbit", "upload_kbit")
    )
    assert move_of(before, evolve(before, needs=("104:onu",))) is None
