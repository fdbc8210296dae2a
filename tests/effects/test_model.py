"""The protocol in every interleaving of a small world; and that each of its rules is needed."""

import os

import pytest

from tests.effects.protocol_model import FOREIGN, Model, Mutation, World, explore

BACK_AND_FORTH = ("A", "B", "A")
STALE = "it passes for current, and is not"

KILLS = int(os.environ.get("ISPCORE_MODEL_KILLS", "2"))
STALLS = int(os.environ.get("ISPCORE_MODEL_STALLS", "1"))
EDITS = int(os.environ.get("ISPCORE_MODEL_EDITS", "3"))


def secrets(count: int) -> tuple[str, ...]:
    return tuple("AB"[number % 2] for number in range(count))


def begin(lanes: int, wanted: tuple[str, ...] = BACK_AND_FORTH, box: str | None = None) -> World:
    return World(wanted, lanes=(0,) * lanes, leased=(False,) * lanes, box=box)


@pytest.mark.parametrize(("lanes", "kills"), [(1, KILLS), (2, KILLS - 1)])
def test_nothing_goes_wrong_in_any_order_of_things(lanes: int, kills: int) -> None:
    found = explore(Model(kills=kills, stalls=STALLS), begin(lanes, secrets(EDITS)))

    assert found.wrong is None, (found.why, found.wrong)
    assert found.states > 5_000


@pytest.mark.parametrize("lanes", [1, 2])
def test_what_is_foreign_is_never_written_in_any_order_of_things(lanes: int) -> None:
    found = explore(Model(), begin(lanes, box=FOREIGN))

    assert found.wrong is None, (found.why, found.wrong)


@pytest.mark.parametrize(
    ("mutation", "start", "why"),
    [
        (Mutation.NO_INTENT, begin(1), STALE),
        (Mutation.KEEP_SECRETS, begin(1), STALE),
        (Mutation.EARLY, begin(2), STALE),
        (Mutation.FORGET_DOUBT, begin(1), STALE),
        (Mutation.UNGUARDED, begin(1), STALE),
        (Mutation.NO_WRITING, begin(1, box=FOREIGN), "what is foreign was written"),
    ],
)
def test_without_a_rule_something_goes_wrong(mutation: Mutation, start: World, why: str) -> None:
    assert explore(Model(mutation), start).why == why
