"""Whatever is written in a scenario, it is read or its problems are told; what was read can be played."""

import tomllib
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ispcore.errors import DocumentError, IspcoreError
from ispcore.scenarios import Player, Scenario, read_scenario
from ispcore.scenarios.reading import _scenario
from ispcore.scenarios.scenario import Daily
from ispcore.scenarios.words import OF_DEVICES, WORDS
from ispcore.usecases import Finding
from tests.engines import drop_database, in_memory
from tests.mangling import HOSTILE, fuzzed, in_time, mangled, places, scrambled

pytestmark = pytest.mark.endurance

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "examples"


def documents() -> Iterator[dict[str, Any]]:
    """Yield the examples, each with its catalogue in it."""
    for path in sorted(FOLDER.glob("*.toml")):
        document = tomllib.loads(path.read_text("utf-8"))
        if isinstance(document["catalogue"], str):
            document["catalogue"] = tomllib.loads((FOLDER / document["catalogue"]).read_text("utf-8"))
        yield document


DOCUMENTS = tuple(documents())
TEXTS = tuple(path.read_bytes() for path in sorted(FOLDER.glob("*.toml")))
WORDS_HERE = tuple(sorted({*WORDS, *(str(key) for document in DOCUMENTS for _, key in places(document))}))


def outcome(read: Callable[[], Scenario]) -> Scenario | DocumentError:
    """Return what *read* gives, or the error with which it refuses."""
    try:
        return read()
    except DocumentError as error:
        return error


def is_told(found: Scenario | DocumentError) -> bool:
    """Tell whether it is a scenario, or an error that lists problems and can be shown."""
    return isinstance(found, Scenario) or (bool(found.problems) and bool(str(found)))


def is_read(found: Scenario | DocumentError) -> bool:
    return isinstance(found, Scenario)


def of_document(document: dict[str, Any]) -> Scenario | DocumentError:
    return outcome(lambda: _scenario(document, "The scenario", None))


def untold(player: Player, scenario: Scenario) -> list[Finding]:
    """Return what a check finds: at once where days tick by themselves, else after one more tick.

    A story that ticks by hand, or has no devices, may end before what ran out has been looked at.
    """
    if scenario.each_day is Daily.NOTHING:
        player.provider.network.tick(actor=player.actor)
    return list(player.provider.check(actor=player.actor))


@fuzzed()
@given(mangled(DOCUMENTS, WORDS_HERE))
def test_a_mangled_scenario_is_read_or_its_problems_are_told(document: Any) -> None:
    with in_time():
        assert is_told(of_document(document))


@fuzzed(share=5)
@given(
    mangled(DOCUMENTS, WORDS_HERE, most=3).map(of_document).filter(lambda found: isinstance(found, Scenario))
)
def test_a_mangled_scenario_that_was_read_is_played_to_its_end_or_to_a_refusal(found: Scenario) -> None:
    url = in_memory()
    player = Player(found, url)

    with in_time():
        steps = list(player.play())

    assert len(steps) == len(found.steps) or isinstance(steps[-1].refusal, IspcoreError)
    assert all(bool(one.unmet) or one.step.refused for one in steps if one.refusal)
    assert untold(player, found) == []
    player.close_database()
    drop_database(url)


@fuzzed()
@given(scrambled(TEXTS))
def test_a_text_that_is_cut_or_scrambled_is_read_or_its_problems_are_told(raw: bytes) -> None:
    with in_time():
        assert is_told(outcome(lambda: read_scenario(raw)))


@fuzzed()
@given(st.binary(max_size=300))
def test_bytes_of_any_kind_are_told_to_be_no_scenario(raw: bytes) -> None:
    with in_time():
        assert is_told(outcome(lambda: read_scenario(raw)))


NAMES = st.sampled_from(WORDS_HERE) | st.text(max_size=5)
VALUES = st.recursive(
    st.sampled_from((*HOSTILE[:-20], *WORDS_HERE))
    | st.integers()
    | st.text(max_size=8)
    | st.dates()
    | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=5),
    max_leaves=12,
)
STEPS = st.dictionaries(NAMES, VALUES, max_size=6)


@fuzzed()
@given(st.sampled_from(DOCUMENTS), st.lists(STEPS, max_size=5), st.dictionaries(NAMES, VALUES, max_size=3))
def test_steps_that_were_made_up_are_read_or_their_problems_are_told(
    document: dict[str, Any], steps: list[Any], more: dict[str, Any]
) -> None:
    with in_time():
        assert is_told(of_document({**document, **more, "steps": steps}))


WITH_DEVICES = tuple(document for document in DOCUMENTS if "devices" in document)
THINGS = st.sampled_from(
    (
        "ana:login",
        "renata:onu",
        "login/ana",
        "login/",
        "/",
        ":",
        "ana:",
        "wifi/x:y",
        "mailbox/a@b@c",
        "\x00:\x00",
    )
)
FIELDS = st.dictionaries(
    st.sampled_from(("access", "enabled", "download_kbit", "macs", "password", "serial", "username")) | NAMES,
    VALUES | st.sampled_from(("open", "refused", True, 5, ["a"])),
    max_size=3,
)
OF_DEVICE = st.fixed_dictionaries(
    {
        "on": st.dates(date(2012, 4, 1), date(2012, 5, 31)),
        "do": st.sampled_from((*sorted(OF_DEVICES), "expect")),
    },
    optional={
        "device": st.sampled_from(("radius-1", "olt-1", "mail-1", "radius-2", "")),
        "resource": THINGS | VALUES,
        "fields": FIELDS | VALUES,
        "remove": st.booleans(),
        "repair": st.booleans(),
        "identity": st.text(max_size=5),
        "spec": st.just({"kind": "login", "username": "ana"}) | VALUES,
        "stands": st.dictionaries(THINGS | NAMES, FIELDS | st.just("absent") | VALUES, max_size=3) | VALUES,
        "to_do": st.integers(-1, 5),
        "stopped": st.booleans(),
        "expect": st.dictionaries(st.sampled_from(("done", "left", "moved", "findings")), VALUES, max_size=2),
    },
)
"""A step about devices, as somebody writes it who half knows how."""


@fuzzed(share=5)
@given(st.sampled_from(WITH_DEVICES), st.lists(OF_DEVICE, min_size=1, max_size=5), st.integers(0, 20))
def test_steps_about_devices_are_read_or_told_and_what_was_read_is_played(
    document: dict[str, Any], steps: list[Any], at: int
) -> None:
    told = of_document({**document, "steps": [*document["steps"][:at], *steps]})

    assert is_told(told)
    if isinstance(told, Scenario):
        url = in_memory()
        player = Player(told, url)
        with in_time():
            played = list(player.play())
        assert len(played) == len(told.steps) or isinstance(played[-1].refusal, IspcoreError)
        player.close_database()
        drop_database(url)
