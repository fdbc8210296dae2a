"""Whatever is written in a scenario, it is read or its problems are told; what was read can be played."""

import tomllib
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, TypeAlias

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.engines import drop_database, in_memory

from ispcore.errors import DocumentError, IspcoreError
from ispcore.scenarios import Player, Scenario, read_scenario
from ispcore.scenarios.reading import _scenario
from ispcore.scenarios.words import WORDS

FOLDER = Path(__file__).resolve().parents[2] / "examples"

At: TypeAlias = "tuple[Any, Any]"


def documents() -> Iterator[dict[str, Any]]:
    """Yield the examples, each with its catalogue in it."""
    for path in sorted(FOLDER.glob("*.toml")):
        document = tomllib.loads(path.read_text("utf-8"))
        if isinstance(document["catalogue"], str):
            document["catalogue"] = tomllib.loads((FOLDER / document["catalogue"]).read_text("utf-8"))
        yield document


DOCUMENTS = tuple(documents())
TEXTS = tuple(path.read_text("utf-8") for path in sorted(FOLDER.glob("*.toml")))

HOSTILE: tuple[Any, ...] = (
    *(-1, 0, 31, 32, 10**9, 10**18, 10**400, 3.5, float("nan"), float("inf"), True, False),
    *("", " ", "x", "\x00", "\ud800", "a" * 300, "../..", "plan", "one", "0", "0.00", "0.001", "1e5", "NaN"),
    *(
        "-5.00",
        "9999999999999.99",
        "999999999999999999.99",
        "2012-02-30",
        "enabled",
        "cancelled",
        "remainder",
    ),
    *([], [[]], {}, {"a": {}}, [{}], {"": 1}, {"\x00": {}}, {1: 2}),
    *(date(1, 1, 1), date(1900, 1, 1), date(2012, 4, 10), date(2199, 12, 31), date(9999, 12, 31)),
    *(datetime(2012, 4, 1, 12), time(12)),  # noqa: DTZ001 - what TOML gives for a local time
    *WORDS,
)


def places(node: Any) -> Iterator[At]:
    """Yield every container of a document with every key of it."""
    if isinstance(node, dict | list):
        for key in list(node) if isinstance(node, dict) else range(len(node)):
            yield node, key
            yield from places(node[key])


@st.composite
def mutated(draw: st.DrawFn, most: int = 4) -> dict[str, Any]:
    """Return an example with up to *most* values dropped, doubled, moved or replaced, at any depth."""
    document: dict[str, Any] = deepcopy(draw(st.sampled_from(DOCUMENTS)))
    for _ in range(draw(st.integers(1, most))):
        known = list(places(document))
        if not known:
            break
        node, key = draw(st.sampled_from(known))
        other, its_key = draw(st.sampled_from(known))
        match draw(st.sampled_from(["drop", "double", "take", "replace"])):
            case "drop":
                del node[key]
            case "double" if isinstance(node, list):
                node.insert(key, deepcopy(node[key]))
            case "double":
                node[draw(st.sampled_from(HOSTILE[12:20]))] = deepcopy(node[key])
            case "take":
                node[key] = deepcopy(other[its_key])
            case _:
                node[key] = deepcopy(draw(st.sampled_from(HOSTILE)))
    return document


def outcome(read: Callable[[], Scenario]) -> Scenario | DocumentError:
    """Return what *read* gives, or the error with which it refuses."""
    try:
        return read()
    except DocumentError as error:
        return error


def is_told(found: Scenario | DocumentError) -> bool:
    """Tell whether it is a scenario, or an error that lists problems and can be shown."""
    return isinstance(found, Scenario) or (bool(found.problems) and bool(str(found)))


def of_document(document: dict[str, Any]) -> Scenario | DocumentError:
    return outcome(lambda: _scenario(document, "The scenario", None))


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(mutated())
def test_a_mangled_scenario_is_read_or_its_problems_are_told(document: dict[str, Any]) -> None:
    assert is_told(of_document(document))


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(mutated(most=2).map(of_document).filter(lambda found: isinstance(found, Scenario)))
def test_a_mangled_scenario_that_was_read_is_played_to_its_end_or_to_a_refusal(found: Scenario) -> None:
    url = in_memory()
    player = Player(found, url)

    steps = list(player.play())

    assert len(steps) == len(found.steps) or isinstance(steps[-1].refusal, IspcoreError)
    assert all(bool(one.unmet) or one.step.refused for one in steps if one.refusal)
    assert list(player.provider.check(actor=player.actor)) == []
    player.close_database()
    drop_database(url)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_text_that_is_cut_or_scrambled_is_read_or_its_problems_are_told(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(TEXTS))
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 30)))
    middle = data.draw(st.text(max_size=5) | st.sampled_from(['"', "[", "]]", "{", "\x00", "\n\n", "'''"]))

    assert is_told(outcome(lambda: read_scenario(text[:start] + middle + text[end:])))


@given(st.binary(max_size=300))
def test_bytes_of_any_kind_are_told_to_be_no_scenario(raw: bytes) -> None:
    assert is_told(outcome(lambda: read_scenario(raw)))
