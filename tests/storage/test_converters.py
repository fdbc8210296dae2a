"""Values to plain JSON and back."""

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ispcore import catalog, customers, plans
from ispcore.billing import Terms, terms_of
from ispcore.driver import KINDS as RESOURCES
from ispcore.driver import ConnectionMethod, Onu, Spec
from ispcore.errors import StorageError
from ispcore.plans import Cycle, cycle_holding
from ispcore.storage.converters import KINDS, digest, from_plain, payload_of, to_plain
from ispcore.storage.spec_readers import read_spec
from ispcore.timeline import SubjectKind
from tests.catalogues import CATALOGUE, START, subscribed
from tests.storage.filled import filled

EVERY_KIND = [(subject, kind) for subject, kinds in KINDS.items() for kind in kinds.values()]
FEBRUARY: Cycle = cycle_holding(START, 31)


def through_json(value: object) -> Any:
    return json.loads(json.dumps(to_plain(value)))


def scalars(plain: object) -> Iterator[object]:
    if isinstance(plain, dict):
        for key, value in plain.items():
            yield key
            yield from scalars(value)
    elif isinstance(plain, list):
        for value in plain:
            yield from scalars(value)
    else:
        yield plain


def test_every_kind_of_fact_of_the_domain_can_be_stored() -> None:
    assert set(plans.FACTS) <= set(KINDS[SubjectKind.SUBSCRIPTION].values())
    assert set(customers.FACTS) <= set(KINDS[SubjectKind.CUSTOMER].values())
    assert set(catalog.FACTS) <= set(KINDS[SubjectKind.CATALOG].values())


@pytest.mark.parametrize(("subject", "kind"), EVERY_KIND, ids=str)
@given(data=st.data())
def test_a_payload_with_every_field_filled_comes_back_equal_and_is_never_a_float(
    subject: SubjectKind, kind: type, data: st.DataObject
) -> None:
    payload = data.draw(filled(kind))

    plain = through_json(payload)

    assert payload_of(subject, kind.__name__, plain) == payload
    assert {type(one) for one in scalars(plain)} <= {str, int, bool, type(None)}


@given(filled(Terms))
def test_terms_come_back_equal_and_have_one_name(terms: Terms) -> None:
    again: Terms = from_plain(through_json(terms), Terms)

    assert again == terms
    assert digest(again) == digest(terms)


def test_other_terms_have_another_name() -> None:
    fibre = terms_of(CATALOGUE, FEBRUARY, "standard", {"fibre"})
    adsl = terms_of(CATALOGUE, FEBRUARY, "standard", {"adsl"})

    assert digest(fibre)[0] != digest(adsl)[0]


DIGEST = """
from ispcore.billing import terms_of
from ispcore.plans import cycle_holding
from ispcore.storage.converters import digest
from tests.catalogues import CATALOGUE, START
print(digest(terms_of(CATALOGUE, cycle_holding(START, 31), "standard", {"fibre", "mailbox", "antivirus"}))[0])
"""


@pytest.mark.parametrize("seed", ["1", "2"])
def test_terms_have_the_same_name_in_another_process(seed: str, child_environment: dict[str, str]) -> None:
    offers = {"antivirus", "fibre", "mailbox"}
    here, _ = digest(terms_of(CATALOGUE, FEBRUARY, "standard", offers))

    there = subprocess.run(
        [sys.executable, "-c", DIGEST],
        env={**child_environment, "PYTHONHASHSEED": seed},
        check=True,
        capture_output=True,
        text=True,
    )

    assert there.stdout.strip() == here


OPENING = to_plain(subscribed().recorded[0].payload)


def damaged(path: str, value: object) -> Any:
    plain = json.loads(json.dumps(OPENING))
    *parents, last = path.split(".")
    inner = plain
    for name in parents:
        inner = inner[name]
    inner[last] = value
    return plain


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("opening", 5),
        ("opening", "text"),
        ("opening", []),
        ("opening", None),
        ("surprise", 1),
        ("opening.customer", "seven"),
        ("opening.customer", 7.0),
        ("opening.customer", True),
        ("opening.unit", 5),
        ("opening.item.price", 100),
        ("opening.item.price", []),
        ("opening.item.price", [100.0, "BRL"]),
        ("opening.item.price", [100, "XXX"]),
        ("opening.item.price", [100, "BRL", "more"]),
        ("opening.item.price", [10**24 + 1, "BRL"]),
        ("opening.item.starts_on", 20120224),
        ("opening.item.starts_on", "2012-02-30"),
        ("opening.item.discount", {"percent": "much"}),
        ("opening.item.discount", {"percent": "120"}),
        ("opening.item.lines", "text"),
        ("opening.terms.advance", 0),
        ("opening.status.bucket", "unheard-of"),
        ("opening.status.serves", 3),
    ],
)
def test_a_damaged_payload_is_a_storage_error(path: str, value: object) -> None:
    with pytest.raises(StorageError, match="A stored Subscribed cannot be read"):
        payload_of(SubjectKind.SUBSCRIPTION, "Subscribed", damaged(path, value))


@pytest.mark.parametrize("plain", [None, 5, "text", [], [1, 2], True, {}])
def test_a_payload_that_is_no_table_is_a_storage_error(plain: object) -> None:
    with pytest.raises(StorageError):
        payload_of(SubjectKind.SUBSCRIPTION, "Subscribed", plain)


def test_a_fact_of_an_unknown_kind_is_a_storage_error() -> None:
    with pytest.raises(StorageError, match=r"unknown kind 'Teleported'.*later ispcore, or by a plugin"):
        payload_of(SubjectKind.SUBSCRIPTION, "Teleported", {})


def test_a_fact_of_another_subject_is_of_an_unknown_kind() -> None:
    with pytest.raises(StorageError, match="unknown kind 'Registered' is stored for a subscription"):
        payload_of(SubjectKind.SUBSCRIPTION, "Registered", {})


def test_a_subject_without_kinds_knows_none() -> None:
    with pytest.raises(StorageError, match="for a contract"):
        payload_of(SubjectKind.CONTRACT, "Signed", {})


@pytest.mark.parametrize("kind", RESOURCES.values(), ids=RESOURCES)
@given(data=st.data())
def test_what_should_stand_on_the_network_comes_back_equal(kind: type[Spec], data: st.DataObject) -> None:
    spec = data.draw(filled(kind))  # type: ignore[arg-type]  # mypy takes the hash of a spec for its class's

    again = from_plain(through_json(spec), Spec)

    assert again == spec
    assert type(again) is kind


@pytest.mark.parametrize(
    "plain",
    [
        {},
        {"kind": "hologram"},
        {"kind": "login"},
        {"kind": "login", "username": 7},
        {"kind": "login", "username": "ana", "vlan": True},
        {"kind": "login", "username": "ana", "sessions": None},
        {"kind": "login", "username": "ana", "macs": "00:11"},
        {"kind": "login", "username": "ana", "access": "ajar"},
        {"kind": "login", "username": "ana", "password": "s3cret"},
        {"kind": "login", "username": "ana", "colour": "red"},
        "login",
        None,
    ],
)
def test_a_damaged_resource_is_told_to_be_damaged(plain: Any) -> None:
    with pytest.raises(StorageError, match="A stored Spec cannot be read"):
        from_plain(plain, Spec)


def test_an_onu_that_was_stored_before_it_said_how_it_connects_is_read() -> None:
    plain = {"kind": "onu", "serial": "ZTEG1", "port": None, "enabled": True, "profile": None, "vlan": 7}

    assert from_plain(plain, Spec) == read_spec(plain) == Onu(serial="ZTEG1", vlan=7)


def test_a_method_of_connection_is_read_again_and_another_word_is_damage() -> None:
    onu = Onu(serial="ZTEG1", connection=ConnectionMethod.PPPOE)

    assert read_spec(through_json(onu)) == onu
    assert read_spec({"kind": "onu", "serial": "ZTEG1", "connection": None}) == Onu(serial="ZTEG1")
    with pytest.raises(ValueError, match="'carrier pigeon' is not a valid ConnectionMethod"):
        read_spec({"kind": "onu", "serial": "ZTEG1", "connection": "carrier pigeon"})
    with pytest.raises(ValueError, match="None is not a valid Access"):
        read_spec({"kind": "login", "username": "ana", "access": None})
