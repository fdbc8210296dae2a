"""What drifted is told as what it is, and what may be done about it follows."""

from datetime import date
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from ispcore.driver import UNREADABLE, Key, Login, PlacementId, Seen
from ispcore.network import (
    MOST_REPAIRS,
    DriftKind,
    Expected,
    Stray,
    drift_of,
    drift_of_stray,
    is_contested,
    readable,
)

TODAY = date(2012, 2, 29)
LOGIN = Login(username="ana", download_kbit=512)
EXPECTED = Expected(
    id=PlacementId("1:login@radius"),
    device="radius",
    generation=3,
    wanted=LOGIN,
    claim="login/ana",
    key=Key("ana"),
)


def seen(**fields: Any) -> Seen:
    return Seen(Key("ana"), evolve(LOGIN, password=UNREADABLE, **fields))


def stray(**about: Any) -> Stray:
    usual = {"device": "radius", "claim": "login/ana", "key": Key("ana"), "spec": LOGIN}
    return Stray(**{**usual, **about})


def test_what_stands_as_it_was_left_is_no_drift() -> None:
    assert drift_of(EXPECTED, LOGIN, seen()) is None


def test_what_differs_is_told_field_by_field_in_their_order() -> None:
    drift = drift_of(EXPECTED, LOGIN, seen(sessions=2, download_kbit=256))

    assert drift is not None
    assert (drift.kind, drift.key) == (DriftKind.DIFFERS, "ana")
    assert list(drift.values()) == [("download_kbit", 256, 512), ("sessions", 2, 1)]
    assert drift.can_be_repaired


def test_what_does_not_count_differs_though_no_field_does() -> None:
    drift = drift_of(EXPECTED, LOGIN, evolve(seen(), unsettled="a session has the former speed"))

    assert drift is not None
    assert (drift.kind, drift.fields, drift.can_be_repaired) == (DriftKind.DIFFERS, (), True)
    assert list(drift.values()) == [("unsettled", "a session has the former speed", None)]


def test_what_is_gone_is_missing_where_it_was_seen_last() -> None:
    drift = drift_of(EXPECTED, LOGIN, None)

    assert drift is not None
    assert (drift.kind, drift.key, drift.seen, list(drift.values())) == (DriftKind.MISSING, "ana", None, [])
    assert drift.can_be_repaired


@given(st.sampled_from([None, 1, 512, 1024]), st.sampled_from([None, 1, 512, 1024]))
def test_it_drifted_if_and_only_if_something_readable_differs(left: int | None, found: int | None) -> None:
    drift = drift_of(EXPECTED, evolve(LOGIN, download_kbit=left), seen(download_kbit=found))

    assert (drift is not None) == (left != found)


def test_what_is_held_is_not_repaired() -> None:
    drift = drift_of(evolve(EXPECTED, is_held=True), LOGIN, None)

    assert drift is not None
    assert not drift.can_be_repaired


def test_what_is_ours_is_left_over_and_can_be_taken_away() -> None:
    drift = drift_of_stray(stray(owner=EXPECTED.id, is_ours=True))

    assert (drift.kind, drift.placement, drift.can_be_repaired) == (DriftKind.LEFT_OVER, EXPECTED.id, True)


@pytest.mark.parametrize("owner", [None, EXPECTED.id])
def test_what_is_not_ours_is_foreign_and_nobody_s_to_touch(owner: PlacementId | None) -> None:
    drift = drift_of_stray(stray(owner=owner))

    assert (drift.kind, drift.placement, drift.can_be_repaired) == (DriftKind.FOREIGN, None, False)


@pytest.mark.parametrize("why", ["is_double", "is_held"])
def test_what_stands_twice_or_is_held_is_left_to_a_person(why: str) -> None:
    assert not drift_of_stray(stray(owner=EXPECTED.id, is_ours=True, **{why: True})).can_be_repaired


@pytest.mark.parametrize(
    ("repaired_on", "repairs", "contested"),
    [
        (None, 0, False),
        (TODAY, MOST_REPAIRS - 1, False),
        (TODAY, MOST_REPAIRS, True),
        (date(2012, 2, 28), MOST_REPAIRS, False),
    ],
)
def test_what_was_mended_three_times_on_one_day_is_contested(
    repaired_on: date | None, repairs: int, contested: bool
) -> None:
    assert is_contested(repaired_on, repairs, TODAY) is contested


def test_no_secret_is_among_what_can_be_read() -> None:
    assert "password" not in readable(LOGIN)
    assert readable(LOGIN)["download_kbit"] == 512
