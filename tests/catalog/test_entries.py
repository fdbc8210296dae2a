import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ispcore.catalog import SETTINGS, document_of, entries, read_catalogue
from ispcore.errors import DocumentError
from tests.catalog.sample import sample

names = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=20)
codes = st.from_regex(r"[a-z][a-z0-9_.-]{0,10}", fullmatch=True)
days = st.dates(date(2000, 1, 1), date(2100, 1, 1))


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """Draw documents of good catalogues: the sample with other entries and values."""
    document = sample()
    target = {"account": "3.1.1", "company": "main", "document_type": "telecom"}
    for code in draw(st.sets(codes, max_size=3)) - {"adsl", "antivirus"}:
        since = draw(st.sets(days, min_size=1, max_size=3))
        price = st.integers(0, 10**6).map(lambda cents: f"{cents // 100}.{cents % 100:02}")
        versions = [{"from": day, "price": draw(price), **target} for day in since]
        document["plans"][code] = {"name": draw(names), "versions": versions}
    for code in draw(st.sets(codes, max_size=3)):
        document["reasons"][code] = {"description": draw(names)}
        document["extra_fields"]["customer"][code] = {"name": draw(names), "type": "integer"}
    for section in draw(st.sets(st.sampled_from(["reasons", "units", "extra_fields", "policies"]))):
        del document[section]
    return document


@given(documents())
def test_a_document_taken_apart_and_joined_is_the_same_catalogue(document: dict[str, Any]) -> None:
    taken_apart = entries(document)
    joined = document_of(taken_apart)

    assert read_catalogue(joined) == read_catalogue(document)
    assert entries(joined) == taken_apart


@given(documents())
def test_entries_are_plain_values_that_json_keeps(document: dict[str, Any]) -> None:
    for entry in entries(document).values():
        assert json.loads(json.dumps(entry)) == entry


def test_each_entry_stands_alone() -> None:
    found = entries(sample())

    assert found[SETTINGS, "currency"] == {"value": "BRL"}
    assert found[SETTINGS, "use_statuses"] == {"value": "integrator"}
    assert found["extra_fields", "customer.nickname"] == {"name": "Apelido", "type": "text"}
    assert found["units", "londrina"]["holidays"] == ["2012-09-07"]


def test_changing_one_entry_changes_one_entry() -> None:
    before, after = entries(sample()), entries(sample({"companies/main/name": "Outra Ltda"}))

    assert {key for key in before if before[key] != after[key]} == {("companies", "main")}


def test_the_currency_is_given_when_no_entry_names_it() -> None:
    assert document_of({}, "BRL") == {"currency": "BRL"}
    assert document_of({(SETTINGS, "currency"): {"value": "USD"}}, "BRL") == {"currency": "USD"}


def test_a_document_with_problems_is_not_taken_apart() -> None:
    with pytest.raises(DocumentError, match=r"The catalogue has 1 problem"):
        entries({"currency": "X"})
