"""The one difference between what should stand on a device and what does."""

from typing import Any

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from ispcore.driver import (
    KINDS,
    UNREADABLE,
    Access,
    Change,
    Key,
    Login,
    Mailbox,
    PlacementId,
    Resource,
    Role,
    SecretRef,
    Seen,
    Spec,
    fields_of,
    roles_of,
)
from ispcore.network import difference, differing

ANA = Login(username="ana", password=SecretRef("first"), download_kbit=512)
TARGET = Resource(PlacementId("104:login@radius"), 3, ANA)


def seen(spec: Spec) -> Seen:
    """Return *spec* as a device reads it back."""
    hidden = fields_of(type(spec), Role.WRITE_ONLY)
    return Seen(Key("ana"), evolve(spec, **dict.fromkeys(hidden, UNREADABLE)))


def applied(change: Change) -> Seen | None:
    """Return what stands there when a device has carried out *change*, its fields and no others."""
    if change.after is None:
        return None
    if change.before is None:
        return seen(change.after)
    return seen(evolve(change.before.spec, **{name: getattr(change.after, name) for name in change.fields}))


def test_what_is_wanted_and_absent_is_made_with_all_its_fields() -> None:
    change = difference(TARGET, None, ANA)

    assert change == Change(TARGET, None, ANA, frozenset(roles_of(Login)))


def test_what_stands_and_is_not_wanted_is_deleted() -> None:
    standing = seen(ANA)

    assert difference(TARGET, standing, None) == Change(TARGET, standing, None, frozenset())


def test_nothing_is_done_where_nothing_is_wanted_and_nothing_stands() -> None:
    assert difference(TARGET, None, None) is None


def test_the_fields_that_differ_are_named() -> None:
    after = evolve(ANA, access=Access.REFUSED, download_kbit=1024)

    change = difference(TARGET, seen(ANA), after)

    assert change is not None
    assert change.fields == {"access", "download_kbit"}


def test_what_stands_as_it_should_and_does_not_count_is_applied_again_in_no_field() -> None:
    standing = evolve(seen(ANA), unsettled="a session has the former speed")

    assert difference(TARGET, standing, ANA) == Change(TARGET, standing, ANA, frozenset())


def test_what_cannot_be_read_is_no_difference() -> None:
    assert difference(TARGET, seen(ANA), evolve(ANA, password=SecretRef("second"))) is None


def test_what_cannot_be_read_is_written_when_that_is_asked_for() -> None:
    change = difference(TARGET, seen(ANA), ANA, rewrite={"password"})

    assert change is not None
    assert change.fields == {"password"}


def test_only_what_cannot_be_read_is_written_again() -> None:
    assert difference(TARGET, seen(ANA), ANA, rewrite={"download_kbit", "no_such_field"}) is None


def test_another_name_is_a_change_of_its_field() -> None:
    change = difference(TARGET, seen(ANA), evolve(ANA, username="bia"))

    assert change is not None
    assert change.fields == {"username"}


def test_another_kind_differs_in_all_that_it_does_not_share() -> None:
    assert differing(ANA, Mailbox(address="ana@isp.test")) == {"address", "enabled"}


def values(kind: type[Spec]) -> st.SearchStrategy[Spec]:
    """Draw any value of a kind; its fields are small numbers, which the difference does not look into."""
    names = [name for name, role in roles_of(kind).items() if role is not Role.WRITE_ONLY]
    fields: dict[str, st.SearchStrategy[Any]] = {name: st.integers(0, 2) for name in names}
    return st.builds(kind, **fields)


PAIRS = st.sampled_from(sorted(KINDS.values(), key=lambda kind: kind.word)).flatmap(
    lambda kind: st.tuples(st.none() | values(kind), st.none() | values(kind))
)
REWRITES = st.sets(st.sampled_from(["password", "enabled", "ssid"]))


@given(PAIRS, REWRITES)
def test_a_change_that_is_applied_leaves_no_difference(
    pair: tuple[Spec | None, Spec | None], rewrite: set[str]
) -> None:
    before, after = pair
    change = difference(TARGET, None if before is None else seen(before), after, rewrite=rewrite)

    left = applied(change) if change is not None else None if before is None else seen(before)

    assert difference(TARGET, left, after) is None


@given(PAIRS)
def test_nothing_is_to_be_done_exactly_when_all_that_can_be_read_is_the_same(
    pair: tuple[Spec | None, Spec | None],
) -> None:
    before, after = pair

    change = difference(TARGET, None if before is None else seen(before), after)

    assert (change is None) == (before == after)


@given(PAIRS, REWRITES)
def test_a_change_names_no_field_that_need_not_be_written(
    pair: tuple[Spec | None, Spec | None], rewrite: set[str]
) -> None:
    before, after = pair
    if before is None or after is None:
        return
    change = difference(TARGET, seen(before), after, rewrite=rewrite)

    for name in frozenset() if change is None else change.fields:
        hidden = roles_of(type(after))[name] is Role.WRITE_ONLY
        assert name in rewrite if hidden else getattr(before, name) != getattr(after, name)
