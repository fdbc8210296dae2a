"""Registering persons and companies as customers."""

from collections.abc import Callable
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from ispcore.customers import (
    Address,
    AddressType,
    CustomerState,
    PersonDetails,
    PersonKind,
    PlainTaxIds,
    RegisterCustomer,
    fold_customer,
)
from ispcore.errors import InvalidValueError, RefusedError
from ispcore.values import AddressId
from tests.catalogues import CUSTOMER, catalogue, february, march
from tests.people import COMPANY, HOME, PERSON, registered


def named(**details: Any) -> RegisterCustomer:
    return evolve(PERSON, details=PersonDetails(**{"name": "Ana Souza", **details}))


@pytest.mark.covers("S1-009", "S1-010", "S1-011", "S1-015")
def test_a_person_is_registered_with_day_name_and_tax_id() -> None:
    customer = registered(PERSON, on=february(24)).customer

    assert (customer.id, customer.person, customer.kind) == (CUSTOMER, 11, PersonKind.PERSON)
    assert customer.registered_on == february(24)
    assert customer.details == PERSON.details


@pytest.mark.covers("S1-010", "S1-011", "S1-012", "S1-015", "S1-016")
def test_a_company_has_a_trade_name_and_a_state_registration_too() -> None:
    customer = registered(COMPANY).customer

    assert customer.kind is PersonKind.COMPANY
    assert customer.details.name == "Padaria Sul Ltda"
    assert customer.details.trade_name == "Padaria Sul"
    assert customer.details.state_registration == "90123456-78"


@pytest.mark.covers("S1-012", "S1-016")
@pytest.mark.parametrize(
    ("field", "problem"),
    [("trade_name", "Only a company has a trade name"), ("state_registration", "a state registration")],
)
def test_a_person_has_no_field_of_a_company(field: str, problem: str) -> None:
    with pytest.raises(RefusedError, match=problem):
        registered(named(**{field: "Padaria Sul"}))


@pytest.mark.covers("S1-007")
def test_the_code_is_the_providers_own_or_the_number() -> None:
    assert registered(evolve(PERSON, code="C-0017")).customer.code == "C-0017"
    assert registered(PERSON).customer.code == "7"


@pytest.mark.covers("S1-026")
def test_a_customer_takes_promotions_unless_told_otherwise() -> None:
    assert registered(PERSON).customer.allows_discounts is True
    assert registered(evolve(PERSON, allows_discounts=False)).customer.allows_discounts is False


def test_a_customer_needs_a_name() -> None:
    with pytest.raises(RefusedError, match="A customer needs a name"):
        registered(named(name=""))


def test_the_facts_say_which_texts_there_are_and_never_what_they_say() -> None:
    known = registered(PERSON)

    assert [fact.kind for fact in known.facts] == ["Registered", "AddressSaved"]
    assert known.facts[0].payload.texts == ("name", "tax_id", "email", "phone")
    assert not any(text in str(known.facts) for text in ("Souza", "123.456", "example.org", "Sergipe"))


def test_a_customer_may_have_no_address_yet() -> None:
    assert registered(COMPANY).customer.addresses == ()


def test_two_addresses_have_two_ids() -> None:
    with pytest.raises(RefusedError, match="Two addresses have one id: home, home"):
        registered(evolve(PERSON, addresses=(HOME, evolve(HOME, type=AddressType.BILLING))))


# --- hostile texts


@pytest.mark.parametrize(
    "text", ["a\nb", "\x1b[2J", "\u202egnirts", "zero\u200bwidth", "   ", "x" * 501, "\x00"]
)
def test_a_text_that_does_not_print_on_one_line_is_refused(text: Any) -> None:
    made: list[Callable[[], RegisterCustomer]] = [
        lambda: named(name=text),
        lambda: named(email=text),
        lambda: evolve(PERSON, code=text),
        lambda: evolve(PERSON, extra={"nickname": text}),
        lambda: evolve(PERSON, addresses=(evolve(HOME, street=text),)),
    ]

    for make in made:
        with pytest.raises(InvalidValueError):
            registered(make())


@pytest.mark.parametrize("address_id", ["", "Home", "a b", "../etc", "x" * 41])
def test_an_address_id_is_a_code(address_id: str) -> None:
    address = Address(id=AddressId(address_id), type=AddressType.OTHER, city="Londrina")

    with pytest.raises(InvalidValueError, match="cannot be a address id"):
        registered(evolve(PERSON, addresses=(address,)))


@given(st.text(max_size=600))
def test_whatever_is_kept_prints_on_one_line(text: str) -> None:
    try:
        known = registered(named(name=text))
    except (InvalidValueError, RefusedError):
        return

    name = known.customer.details.name
    assert name == text
    assert name.isprintable()
    assert len(name.splitlines()) == 1


# --- tax ids


@pytest.mark.covers("S1-015")
def test_a_tax_id_is_kept_without_spaces_around_it() -> None:
    assert registered(named(tax_id=" 123 ")).customer.details.tax_id == "123"


@pytest.mark.parametrize("text", ["", " ", "1" * 41, "1\n2"])
def test_a_tax_id_that_cannot_be_is_refused(text: str) -> None:
    with pytest.raises(InvalidValueError, match="cannot be the tax id of a company"):
        PlainTaxIds().normalise(text, PersonKind.COMPANY)


def test_a_national_pack_has_the_last_word_on_tax_ids() -> None:
    class Digits:
        def normalise(self, text: str, kind: PersonKind) -> str:
            digits = "".join(character for character in text if character.isdigit())
            return f"{kind.value}:{digits}"

    assert registered(PERSON, tax_ids=Digits()).customer.details.tax_id == "person:12345678909"


# --- extra fields


def test_extra_fields_are_kept_as_text_of_their_type() -> None:
    extra = {"nickname": "Aninha", "born": march(5), "segment": "home"}

    customer = registered(evolve(PERSON, extra=extra)).customer

    assert customer.extra == {"nickname": "Aninha", "born": "2012-03-05", "segment": "home"}


@pytest.mark.parametrize(
    ("extra", "problem"),
    [
        ({"born": "yesterday"}, "'yesterday' does not fit the extra field 'born'"),
        ({"segment": "farm"}, "It takes one of home, office"),
        ({"colour": "red"}, "A customer has no extra field 'colour'"),
    ],
)
def test_an_extra_field_of_another_type_or_name_is_refused(extra: dict[str, object], problem: str) -> None:
    with pytest.raises(InvalidValueError, match=problem):
        registered(evolve(PERSON, extra=extra))


def test_a_required_extra_field_is_asked_for() -> None:
    nickname = {"name": "Apelido", "type": "text", "required": True}
    known = catalogue(extra_fields={"customer": {"nickname": nickname}})

    with pytest.raises(InvalidValueError, match="The extra field 'nickname' of a customer is required"):
        registered(PERSON, catalogue=known)


def state_of(command: RegisterCustomer) -> CustomerState:
    return fold_customer(registered(command).facts)


def test_the_state_holds_references_and_no_texts() -> None:
    state = state_of(PERSON)

    assert (state.texts["name"].sequence, state.texts["name"].path) == (1, "name")
    assert state.addresses[HOME.id].texts["city"].path == "address.home.city"
