"""Who plays which case: a function for each, or one for several that are told the same way."""

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, TypeAlias

from tests.cases.life import Life
from tests.cases.outcome import Outcome
from tests.cases.reading import CASES, Case

Begin: TypeAlias = Callable[..., Life]
"""Begins a life, which ends by itself when the case was played."""

Player: TypeAlias = Callable[[Case, Begin], Outcome]

PLAYERS: dict[str, Player] = {}
"""The players by the ids of their cases."""


def plays(*ids: str) -> Callable[[Player], Player]:
    """Say which cases a function plays."""

    def known(player: Player) -> Player:
        for name in ids:
            assert name in CASES, f"There is no case {name}."
            assert name not in PLAYERS, f"{name} is played twice."
            PLAYERS[name] = player
        return player

    return known


def play(name: str) -> Outcome:
    """Play a case, and let go of what it opened."""
    with ExitStack() as stack:

        def begin(*args: Any, **kwargs: Any) -> Life:
            life = Life(*args, **kwargs)
            stack.callback(life.end)
            return life

        return PLAYERS[name](CASES[name], begin)
