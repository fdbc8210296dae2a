"""Every example is a story that holds, on a fresh database, to the cent and to the day.

An example is a ``.toml`` file right in ``examples/``; the folders in it hold what several of them share.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest

from ispcore.billing import Charge
from ispcore.scenarios import Played, Player, Scenario, demo_scenario, read_scenario_file
from ispcore.scenarios.money_steps import ExpectedAccount
from ispcore.scenarios.scenario import ExpectedClosing, ExpectedState
from ispcore.scenarios.words import WORDS
from ispcore.values import Money, SubscriptionId
from tests.engines import empty_database, in_memory

EXAMPLES = sorted((Path(__file__).resolve().parent.parent / "examples").glob("*.toml"))


@pytest.fixture(params=EXAMPLES, ids=lambda path: path.stem)
def scenario(request: pytest.FixtureRequest) -> Scenario:
    return read_scenario_file(request.param)


@pytest.fixture
def played(scenario: Scenario) -> Iterator[tuple[Player, tuple[Played, ...]]]:
    with empty_database() as url:
        player = Player(scenario, url)
        yield player, tuple(player.play())
        player.close_database()


def unmet(steps: tuple[Played, ...]) -> list[str]:
    return [
        f"{one.step.place} ({one.step.do} on {one.step.on}): {line}" for one in steps for line in one.unmet
    ]


def charges(player: Player) -> Iterator[Charge]:
    for number in player.names.subscriptions.values():
        yield from player.provider.subscription(SubscriptionId(number), actor=player.actor).charges


def last_closing(scenario: Scenario) -> Any:
    return [step.on for step in scenario.steps if step.do == "close"][-1]


# --- the stories


def test_an_example_goes_as_it_says(played: tuple[Player, tuple[Played, ...]]) -> None:
    player, steps = played

    assert unmet(steps) == []
    assert len(steps) == len(player.scenario.steps)


def test_after_an_example_everything_stored_follows_from_the_facts(
    played: tuple[Player, tuple[Played, ...]],
) -> None:
    player, _ = played

    assert list(player.provider.check(actor=player.actor)) == []


def test_every_charge_of_an_example_is_explained(played: tuple[Player, tuple[Played, ...]]) -> None:
    player, _ = played
    found = list(charges(player))

    explained = [player.provider.explain(charge.id, actor=player.actor) for charge in found]

    assert found
    assert [one.charge.id for one in explained if not one.agrees] == []


def test_closing_an_example_again_issues_nothing(played: tuple[Player, tuple[Played, ...]]) -> None:
    player, _ = played
    before = list(charges(player))

    run = player.provider.close(last_closing(player.scenario), actor=player.actor)

    assert run.issued_nothing
    assert run.problems == ()
    assert list(charges(player)) == before


def test_an_example_tells_a_story_with_a_closing_that_is_checked(scenario: Scenario) -> None:
    checked = [
        step.expected
        for step in scenario.steps
        if step.do == "close" and isinstance(step.expected, ExpectedClosing)
    ]

    assert scenario.title
    assert len(scenario.about.split()) > 10
    assert any(one.charged is not None for one in checked)
    assert any(one.entries is not None for one in checked)


# --- the expectations themselves


def a_cent_more(value: Any) -> Any:
    """Return *value* with a cent added to every amount in it."""
    match value:
        case Money():
            return Money(value.minor + 1, value.currency)
        case dict():
            return {key: a_cent_more(inner) for key, inner in value.items()}
        case tuple():
            return tuple(a_cent_more(inner) for inner in value)
        case _ if attrs.has(type(value)):
            moved = {each.name: a_cent_more(getattr(value, each.name)) for each in attrs.fields(type(value))}
            return type(value)(**moved)
        case _:
            return value


def amounts_told_of(expected: object) -> int:
    """Return how many lines tell of the amounts in *expected* when all of them are wrong."""
    match expected:
        case ExpectedClosing():
            totals = [one for one in (expected.charged, expected.credited) if one is not None]
            return len(totals) + len(expected.entries or ())
        case ExpectedState():
            return sum(isinstance(value, Money) for value in expected.values.values())
        case ExpectedAccount():
            rows = [*(expected.slips or ()), *(expected.documents or ())]
            amounts = [one for one in (expected.open, expected.late) if one is not None]
            return len(amounts) + bool(expected.balances) + len(rows)
        case _:
            return 0


def test_each_amount_that_an_example_expects_could_have_been_wrong(scenario: Scenario) -> None:
    steps = tuple(attrs.evolve(step, expected=a_cent_more(step.expected)) for step in scenario.steps)
    player = Player(attrs.evolve(scenario, steps=steps), in_memory())

    told = [(one.step.place, len(one.unmet)) for one in player.play()]

    assert told == [(step.place, amounts_told_of(step.expected)) for step in scenario.steps]
    player.close_database()


def test_every_word_of_scenarios_is_played_in_an_example() -> None:
    played = {step.do for path in EXAMPLES for step in read_scenario_file(path).steps if step.refused is None}

    assert set(WORDS) - played == set()


# --- the demonstration


def test_the_demonstration_goes_as_it_says() -> None:
    player = Player(demo_scenario(), in_memory())

    steps = tuple(player.play())

    assert unmet(steps) == []
    assert len(steps) == len(player.scenario.steps)
    assert list(player.provider.check(actor=player.actor)) == []
    assert all(player.provider.explain(one.id, actor=player.actor).agrees for one in charges(player))
    player.close_database()
