"""Whatever a document holds, reading gives a catalogue or tells its problems."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ispcore.catalog import SECTIONS, entries, read_catalogue
from ispcore.errors import DocumentError, RefusedError
from ispcore.values import located, parse_toml
from tests.catalog.sample import TEXT, sample
from tests.catalogues import document
from tests.mangling import fuzzed, in_time, mangled, places, scrambled
from tests.providers import ANA, open_office

pytestmark = pytest.mark.endurance

ROOT = Path(__file__).resolve().parents[2]
LEAP_DAY = date(2012, 2, 29)

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


def problems_of(text: bytes | None, written: Any) -> list[str]:
    """Return the problems of a document, or of a text, with their lines; any other error fails the test."""
    try:
        entries(written if text is None else parse_toml(text, "The catalogue"))
    except DocumentError as error:
        return [
            str(problem)
            for problem in located(error, (text or TEXT.encode()).decode(errors="replace")).problems
        ]
    return []


@fuzzed()
@given(st.dictionaries(keys, values, max_size=8))
def test_any_nested_values_give_a_catalogue_or_problems(made_up: dict[str, Any]) -> None:
    with in_time():
        assert all(problems_of(None, made_up | {"currency": "BRL"}))
        assert all(problems_of(None, made_up))


FOLDERS = ("examples/catalogues/londrina.toml", "docs/files/shop.toml")
TEXTS = (TEXT.encode(), *((ROOT / path).read_bytes() for path in FOLDERS))
DOCUMENTS = (sample(), document(), *(tomllib.loads(text.decode()) for text in TEXTS))
WORDS = tuple(sorted({*KEYS, *(str(key) for each in DOCUMENTS for _, key in places(each))}))


@fuzzed()
@given(mangled(DOCUMENTS, WORDS))
def test_a_mangled_document_gives_a_catalogue_or_problems(mangled_one: Any) -> None:
    with in_time():
        assert all(problems_of(None, mangled_one))


@fuzzed()
@given(scrambled(TEXTS))
def test_a_scrambled_text_gives_a_catalogue_or_problems(raw: bytes) -> None:
    with in_time():
        assert all(problems_of(raw, None))


def test_a_mangled_document_is_loaded_whole_or_not_at_all() -> None:
    with open_office() as office:
        subscription = office.subscribe(office.register())
        office.load()

        @fuzzed(share=4)
        @given(mangled((document(),), WORDS, most=2))
        def loaded_or_not(mangled_one: Any) -> None:
            before = office.dump("facts", "numbers")
            with in_time():
                try:
                    office.provider.load_catalogue(mangled_one, actor=ANA, withdraw=True)
                except (DocumentError, RefusedError):
                    assert office.dump("facts", "numbers") == before
                else:
                    assert office.provider.catalogue(actor=ANA).plans
                    (closing,) = office.provider.preview(LEAP_DAY, actor=ANA)
                    assert closing.problems or {one.key.subscription for one in closing.entries} == {
                        subscription
                    }
                    office.provider.load_catalogue(document(), actor=ANA, withdraw=True)

        loaded_or_not()


def endless() -> dict[str, Any]:
    inner: dict[str, Any] = {"currency": "BRL"}
    inner["plans"] = {"adsl": inner}
    return inner


def deep() -> dict[str, Any]:
    inner: dict[str, Any] = {}
    for _ in range(100_000):
        inner = {"plans": inner, "list": [inner]}
    return inner


@pytest.mark.parametrize(
    "hostile",
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
def test_a_hostile_document_is_refused_with_a_short_text(hostile: Any) -> None:
    with pytest.raises(DocumentError) as caught:
        read_catalogue(hostile)

    assert all(len(str(problem)) < 400 for problem in caught.value.problems)
    assert str(caught.value).isprintable() or "\x1b" not in str(caught.value)
