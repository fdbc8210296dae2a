"""Whatever a document holds, reading gives a catalogue or tells its problems."""

from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.catalog.sample import TEXT, sample

from ispcore.catalog import SECTIONS, entries, read_catalogue
from ispcore.errors import DocumentError
from ispcore.values import located, parse_toml

KEYS = [
    *SECTIONS, "currency", "use_statuses", "name", "versions", "lines", "from", "price", "value", "id",
    "next", "days", "role", "bucket", "bills", "trial", "kind", "status", "due_days", "cities", "includes",
    "customer", "adsl", "enabled", "permits", "choices", "type", "email", "policy", "standard", "account",
]  # fmt: skip
keys = st.sampled_from(KEYS) | st.text()
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers().map(lambda number: number * 10**30)
    | st.floats()
    | st.text()
    | st.sampled_from(
        [*KEYS, "BRL", "100.00", "2012-01-01", "active", "full", "none", "main", "3.1.1", "any"]
    )
    | st.dates()
    | st.datetimes()
    | st.binary()
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=6),
    max_leaves=40,
)


def problems_of(text: str | None, document: Any) -> list[str]:
    """Return the problems of a document, or of a text, with their lines; any other error fails the test."""
    try:
        entries(document if text is None else parse_toml(text, "The catalogue"))
    except DocumentError as error:
        return [str(problem) for problem in located(error, text or TEXT).problems]
    return []


def put(document: Any, path: tuple[str | int, ...], value: object) -> None:
    """Put *value* where *path* leads, if it leads anywhere."""
    with suppress(LookupError, TypeError):
        for step in path[:-1]:
            document = document[step]
        document[path[-1]] = value


@given(st.dictionaries(keys, values, max_size=8))
def test_any_nested_values_give_a_catalogue_or_problems(document: dict[str, Any]) -> None:
    assert all(problems_of(None, document | {"currency": "BRL"}))
    assert all(problems_of(None, document))


def places(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, each in inner for place in places(each, (*path, key)))]


PLACES = places(sample())[1:]


@settings(max_examples=400)
@given(st.lists(st.tuples(st.sampled_from(PLACES), values), min_size=1, max_size=3))
def test_a_good_document_with_odd_values_gives_a_catalogue_or_problems(
    changes: list[tuple[tuple[str | int, ...], Any]],
) -> None:
    document = sample()
    for path, value in changes:
        put(document, path, value)

    assert all(problems_of(None, document))


@given(st.integers(0, len(TEXT)), st.text(max_size=5), st.integers(0, 20))
def test_a_damaged_text_gives_a_catalogue_or_problems(at: int, added: str, cut: int) -> None:
    text = TEXT[:at] + added + TEXT[at + cut :]

    assert all(problems_of(text, None))


def endless() -> dict[str, Any]:
    document: dict[str, Any] = {"currency": "BRL"}
    document["plans"] = {"adsl": document}
    return document


def deep() -> dict[str, Any]:
    document: dict[str, Any] = {}
    for _ in range(100_000):
        document = {"plans": document, "list": [document]}
    return document


@pytest.mark.parametrize(
    "document",
    [
        endless(),
        deep(),
        sample({"plans/adsl/download_kbit": 10**5000}),
        sample({"plans/adsl/name": "x" * 1_000_000}),
        sample({"currency": "x" * 1_000_000}),
        sample({"units/londrina/holidays": [date.max, date.min]}),
        sample({"plans/adsl/name": "\ud800"}),
        sample({"plans/adsl/name\x1b[2J": 1}),
        {1: 2, ("a", 1): {}, None: None, "plans": {5: {}, True: {}}},
    ],
    ids=[
        "endless",
        "deep",
        "huge number",
        "long text",
        "long code",
        "far days",
        "surrogate",
        "escape",
        "odd keys",
    ],
)
def test_a_hostile_document_is_refused_with_a_short_text(document: Any) -> None:
    with pytest.raises(DocumentError) as caught:
        read_catalogue(document)

    assert all(len(str(problem)) < 400 for problem in caught.value.problems)
    assert str(caught.value).isprintable() or "\x1b" not in str(caught.value)
