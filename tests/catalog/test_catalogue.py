from datetime import date
from typing import Any

import pytest

from ispcore.catalog import Catalogue, FieldOwner, Role
from ispcore.errors import NotFoundError, RefusedError
from ispcore.values import Currency
from tests.catalog.sample import catalogue

CATALOGUE = catalogue()


def test_entries_are_found_by_their_code() -> None:
    assert CATALOGUE.plan("adsl").code == "adsl"
    assert CATALOGUE.offer("adsl") == CATALOGUE.plan("adsl")
    assert CATALOGUE.offer("antivirus") == CATALOGUE.service("antivirus")
    assert CATALOGUE.unit("londrina").code == "londrina"
    assert CATALOGUE.policy("prepaid", date(2012, 1, 1)).advance
    assert CATALOGUE.status("trial").code == "trial"
    assert CATALOGUE.status_for(Role.CANCELLED).code == "cancelled"


@pytest.mark.parametrize(
    ("find", "told"),
    [
        (lambda: CATALOGUE.plan("x"), "There is no plan 'x'. The catalogue has: adsl."),
        (lambda: CATALOGUE.offer("x"), "There is no additional service 'x'. The catalogue has: antivirus."),
        (lambda: CATALOGUE.unit("x"), "There is no business unit 'x'. The catalogue has: londrina."),
        (
            lambda: CATALOGUE.policy("x", date(2012, 1, 1)),
            "There is no policy 'x'. The catalogue has: dated, prepaid, quarterly, standard.",
        ),
        (
            lambda: Catalogue(Currency.of("BRL")).status_for(Role.ENABLED),
            "There is no status with the role 'enabled'. Give a status of the catalogue this role.",
        ),
        (
            lambda: Catalogue(Currency.of("BRL")).plan("x"),
            "There is no plan 'x'. The catalogue has: none.",
        ),
    ],
)
def test_what_is_not_in_the_catalogue_is_told_with_what_is(find: Any, told: str) -> None:
    with pytest.raises(NotFoundError) as caught:
        find()

    assert str(caught.value) == told


def test_a_cancellation_needs_a_reason_of_the_list() -> None:
    CATALOGUE.check_reason("moved")
    with pytest.raises(
        RefusedError, match=r"'bored' is not a reason for cancelling. The catalogue has: moved."
    ):
        CATALOGUE.check_reason("bored")
    with pytest.raises(RefusedError, match=r"The catalogue has: none."):
        Catalogue(Currency.of("BRL")).check_reason("moved")


def test_extra_fields_are_checked_for_their_owner() -> None:
    assert CATALOGUE.extra(FieldOwner.CUSTOMER, {"nickname": "Zé"}) == {"nickname": "Zé"}


def test_a_document_type_is_found_by_its_code() -> None:
    assert CATALOGUE.document_type("telecom").name == "Nota de comunicação"

    with pytest.raises(NotFoundError, match="document type"):
        CATALOGUE.document_type("nf-e")


def test_a_document_in_advance_has_a_day() -> None:
    in_advance = catalogue({"document_types/telecom": {"name": "N", "asked_for": "in_advance", "day": 5}})

    assert in_advance.document_type("telecom").rule.day == 5
