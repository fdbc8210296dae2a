"""Changing a customer: texts, extra fields, addresses, promotions; and what the history keeps."""

from typing import Any

import pytest
from attrs import asdict, evolve
from hypothesis import given
from hypothesis import strategies as st

from ispcore.customers import (
    ERASED,
    Address,
    AddressType,
    AllowPromotions,
    ChangeCustomer,
    CustomerCommand,
    PersonDetails,
    SaveAddress,
    decide_customer,
    fold_customer,
)
from ispcore.customers.facts import BillingDefaultsSet, DetailsChanged, PromotionsSet, Registered
from ispcore.customers.people import ADDRESS_FIELDS, PERSON_FIELDS
from ispcore.customers.tax_ids import PlainTaxIds
from ispcore.errors import InvalidValueError, NotFoundError, RefusedError
from ispcore.timeline import Retracted
from ispcore.values import AddressId
from tests.catalogues import CATALOGUE, CUSTOMER, catalogue, march
from tests.people import COMPANY, HOME, PERSON, recorded, registered

SHOP = Address(id=AddressId("shop"), type=AddressType.INSTALLATION, city="Maringá", street="Av. Brasil")


def change(extra: dict[str, object] | None = None, **details: str | None) -> ChangeCustomer:
    return ChangeCustomer(customer=CUSTOMER, details=details, extra=extra or {})


def save(address: Address) -> SaveAddress:
    return SaveAddress(customer=CUSTOMER, address=address)


# --- details


def test_a_text_is_changed_and_the_others_stay() -> None:
    details = registered(PERSON).after(change(phone="43 3333-0000")).customer.details

    assert details == evolve(PERSON.details, phone="43 3333-0000")


@pytest.mark.parametrize("nothing", [None, ""])
def test_a_text_is_cleared_by_nothing(nothing: str | None) -> None:
    known = registered(PERSON).after(change(email=nothing))

    assert known.customer.details.email is None
    assert known.facts[-1].payload == DetailsChanged(cleared=("email",))


def test_the_fact_names_only_what_moved() -> None:
    known = registered(PERSON)

    known = known.after(change(name="Ana Souza", phone="43 3333-0000", email=None, trade_name=None))

    assert known.facts[-1].payload == DetailsChanged(texts=("phone",), cleared=("email",))


@pytest.mark.parametrize("command", [change(), change(name="Ana Souza"), change(trade_name=None)])
def test_a_change_of_nothing_is_refused(command: ChangeCustomer) -> None:
    with pytest.raises(RefusedError, match="ChangeCustomer changes nothing"):
        registered(PERSON).after(command)


@pytest.mark.parametrize("name", [None, ""])
def test_the_name_cannot_be_cleared(name: str | None) -> None:
    with pytest.raises(RefusedError, match="A customer needs a name"):
        registered(PERSON).after(change(name=name))


def test_a_person_gets_no_field_of_a_company_and_a_company_does() -> None:
    with pytest.raises(RefusedError, match="Only a company has a trade name"):
        registered(PERSON).after(change(trade_name="Ana Doces"))

    customer = registered(COMPANY).after(change(trade_name="Pão Sul")).customer

    assert customer.details.trade_name == "Pão Sul"


def test_a_new_tax_id_is_kept_in_its_one_form() -> None:
    assert registered(PERSON).after(change(tax_id=" 987 ")).customer.details.tax_id == "987"


def test_a_field_that_no_person_has_is_not_found() -> None:
    with pytest.raises(NotFoundError, match="There is no field of a person 'shoe_size'"):
        registered(PERSON).after(change(shoe_size="38"))


@pytest.mark.parametrize("text", ["a\nb", "\x1b[2J", "  ", "x" * 501])
def test_hostile_texts_are_refused(text: str) -> None:
    for command in (
        change(name=text),
        change(extra={"nickname": text}),
        save(evolve(SHOP, reference=text)),
    ):
        with pytest.raises(InvalidValueError, match=r"cannot be kept|does not fit"):
            registered(PERSON).after(command)


def test_a_command_that_nobody_knows_is_not_found() -> None:
    command = CustomerCommand(customer=CUSTOMER)

    with pytest.raises(NotFoundError, match="There is no customer command 'CustomerCommand'"):
        decide_customer(command, registered(PERSON).customer, CATALOGUE, PlainTaxIds())


# --- extra fields


def test_one_extra_field_changes_and_those_of_any_type_stay() -> None:
    known = registered(evolve(PERSON, extra={"born": march(5), "segment": "home"}))

    known = known.after(change(extra={"nickname": "Aninha"}))

    assert known.customer.extra == {"born": "2012-03-05", "segment": "home", "nickname": "Aninha"}
    assert known.facts[-1].payload == DetailsChanged(texts=("extra.nickname",))


def test_an_extra_field_is_cleared_by_none() -> None:
    known = registered(evolve(PERSON, extra={"nickname": "Aninha"}))

    known = known.after(change(extra={"nickname": None}))

    assert known.customer.extra == {}


def test_a_required_extra_field_cannot_be_cleared() -> None:
    nickname = {"name": "Apelido", "type": "text", "required": True}
    rules = catalogue(extra_fields={"customer": {"nickname": nickname}})
    known = registered(evolve(PERSON, extra={"nickname": "Aninha"}), catalogue=rules)

    with pytest.raises(InvalidValueError, match="'nickname' of a customer is required"):
        known.after(change(extra={"nickname": None}))

    assert known.after(change(extra={"nickname": "Nina"})).customer.extra == {"nickname": "Nina"}


def test_an_extra_field_that_the_catalogue_dropped_can_still_be_cleared() -> None:
    known = registered(evolve(PERSON, extra={"nickname": "Aninha"}))
    dropped = evolve(known, catalogue=evolve(CATALOGUE, extra_fields={}))

    with pytest.raises(InvalidValueError, match="has no extra field 'nickname'"):
        dropped.after(change(extra={"nickname": "Nina"}))

    assert dropped.after(change(extra={"nickname": None})).customer.extra == {}


# --- addresses


@pytest.mark.covers("S1-013", "S1-033", "S1-034")
def test_further_addresses_are_added() -> None:
    customer = registered(PERSON).after(save(SHOP)).customer

    assert customer.addresses == (HOME, SHOP)
    assert customer.address(SHOP.id) == SHOP


@pytest.mark.covers(
    "S1-013", "S1-039", "S1-040", "S1-041", "S1-043",
    "S3-084", "S3-085", "S3-086", "S3-087", "S3-088", "S3-089", "S3-090", "S3-097",
)  # fmt: skip
@pytest.mark.parametrize("field", ADDRESS_FIELDS)
def test_an_address_keeps_each_of_its_texts(field: str) -> None:
    (kept,) = registered(PERSON).customer.addresses

    assert getattr(kept, field) == getattr(HOME, field) != ""


@pytest.mark.covers("S1-018", "S1-037")
def test_an_address_has_a_type_and_bills_may_go_to_one_of_their_own() -> None:
    billing = Address(id=AddressId("box"), type=AddressType.BILLING, city="Cambé", street="Caixa postal 7")

    customer = registered(PERSON).after(save(billing)).customer

    assert customer.address_for(AddressType.BILLING) == billing
    assert customer.address_for(AddressType.REGISTERED) == HOME


def test_without_an_address_of_its_kind_the_registered_one_serves_else_the_first() -> None:
    both = registered(PERSON).after(save(SHOP)).customer
    shop_only = registered(COMPANY).after(save(SHOP)).customer
    none = registered(COMPANY).customer

    assert both.address_for(AddressType.BILLING) == HOME
    assert shop_only.address_for(AddressType.BILLING) == SHOP
    assert none.address_for(AddressType.BILLING) is None


@pytest.mark.covers("S1-045")
def test_an_address_is_edited_as_a_whole_and_the_fact_names_what_moved() -> None:
    known = registered(PERSON)

    edited = evolve(HOME, number="122", complement="", type=AddressType.INSTALLATION)
    known = known.after(save(edited))

    assert known.customer.addresses == (edited,)
    payload = known.facts[-1].payload
    assert (payload.texts, payload.cleared) == (("number",), ("complement",))


def test_the_type_of_an_address_changes_alone() -> None:
    edited = evolve(HOME, type=AddressType.BILLING)

    assert registered(PERSON).after(save(edited)).customer.addresses == (edited,)


def test_saving_an_address_as_it_is_is_refused() -> None:
    with pytest.raises(RefusedError, match="The address 'home' says this already"):
        registered(PERSON).after(save(HOME))


def test_an_address_needs_a_city() -> None:
    with pytest.raises(InvalidValueError, match=r"'shop' has no city\. The business unit follows from it"):
        registered(PERSON).after(save(evolve(SHOP, city="")))


@pytest.mark.parametrize(("command", "known"), [(PERSON, "home"), (COMPANY, "none")])
def test_an_address_that_is_not_there_is_not_found(command: Any, known: str) -> None:
    with pytest.raises(NotFoundError, match=f"There is no address 'boat'. Customer 7 has: {known}"):
        registered(command).customer.address(AddressId("boat"))


# --- promotions, billing defaults


@pytest.mark.covers("S1-026")
def test_promotions_are_barred_and_allowed_again() -> None:
    known = registered(PERSON).after(AllowPromotions(customer=CUSTOMER, allowed=False))
    assert known.customer.allows_discounts is False

    again = known.after(AllowPromotions(customer=CUSTOMER, allowed=True))

    assert again.customer.allows_discounts is True
    assert again.facts[-1].payload == PromotionsSet(allowed=True)


def test_a_setting_that_is_so_already_is_refused() -> None:
    with pytest.raises(RefusedError, match="Customer 7 has this setting already"):
        registered(PERSON).after(AllowPromotions(customer=CUSTOMER, allowed=True))


@pytest.mark.covers("S0-032", "S0-034")
def test_the_first_subscription_leaves_its_charge_method_and_due_day_with_the_customer() -> None:
    known = registered(PERSON)
    assert (known.customer.charge_method, known.customer.due_day) == (None, None)

    first = recorded(BillingDefaultsSet("slip", 10), sequence=len(known.facts) + 1)
    customer = evolve(known, facts=(*known.facts, first)).customer

    assert (customer.charge_method, customer.due_day) == ("slip", 10)


# --- history and erasure


@pytest.mark.covers("S1-086", "S1-090")
def test_the_history_tells_when_who_and_which_texts_were_changed() -> None:
    known = registered(PERSON).after(change(phone="43 3333-0000"), on=march(5)).after(save(SHOP), on=march(9))

    history = [(fact.effective_on, fact.recorded.actor, fact.payload.texts) for fact in known.facts[2:]]

    assert history == [(march(5), "ana", ("phone",)), (march(9), "ana", ("city", "street"))]


def test_what_was_recorded_last_rules_whatever_its_day() -> None:
    known = registered(PERSON).after(change(phone="1"), on=march(9)).after(change(phone="2"), on=march(5))

    assert known.customer.details.phone == "2"


def test_an_erased_text_is_shown_as_erased() -> None:
    known = registered(evolve(PERSON, extra={"nickname": "Aninha"})).erased(
        "name", "email", "extra.nickname", "address.home.city"
    )

    customer = known.customer
    assert customer.details == evolve(PERSON.details, name=ERASED, email=ERASED)
    assert customer.extra == {"nickname": ERASED}
    assert customer.addresses == (evolve(HOME, city=ERASED),)


def test_every_text_of_a_customer_can_be_erased() -> None:
    known = registered(PERSON)
    known = known.erased(*(ref.path for ref in known.texts))

    customer = known.customer
    texts = [
        *asdict(customer.details).values(),
        *(getattr(customer.addresses[0], name) for name in ADDRESS_FIELDS),
    ]
    assert {text for text in texts if text is not None} == {ERASED}


def test_an_erased_text_can_be_given_anew() -> None:
    known = registered(PERSON).erased("email").after(change(email="nova@example.org"))

    assert known.customer.details.email == "nova@example.org"


def test_a_new_text_keeps_the_old_one_apart() -> None:
    known = registered(PERSON).after(change(name="Ana Lima"))

    kept = [text for ref, text in known.texts.items() if ref.path == "name"]

    assert kept == ["Ana Souza", "Ana Lima"]


def test_a_fact_that_is_none_of_a_customers_is_refused() -> None:
    known = registered(COMPANY)

    with pytest.raises(RefusedError, match="does not fit customer 7"):
        fold_customer((*known.facts, recorded(object(), sequence=2)))


def test_a_voided_registration_leaves_no_customer() -> None:
    known = registered(COMPANY)

    with pytest.raises(RefusedError, match="is not registered before Retracted"):
        fold_customer((*known.facts, recorded(Retracted((1,)), sequence=2)))


@pytest.mark.parametrize("payload", [PromotionsSet(allowed=True), object()])
def test_a_customer_begins_with_a_registration(payload: object) -> None:
    with pytest.raises(RefusedError, match=r"^Customer 7 is not registered before \w+ of 2012-02-24"):
        fold_customer([recorded(payload)])


def test_a_customer_without_facts_does_not_exist() -> None:
    with pytest.raises(RefusedError, match="A customer needs a registration"):
        fold_customer([])


def test_a_customer_is_registered_once() -> None:
    known = registered(COMPANY)
    again = recorded(known.facts[0].payload, sequence=2)

    assert isinstance(again.payload, Registered)
    with pytest.raises(RefusedError, match="does not fit customer 7"):
        fold_customer((*known.facts, again))


texts = st.none() | st.text("abc ", min_size=1, max_size=5).filter(lambda text: not text.isspace())
details = st.fixed_dictionaries({}, optional={name: texts for name in PERSON_FIELDS if name != "name"})


@given(st.lists(details, max_size=6))
def test_after_any_changes_each_field_says_what_was_said_last(changes: list[dict[str, str | None]]) -> None:
    known, expected = registered(COMPANY), asdict(COMPANY.details)

    for each in changes:
        expected |= each
        try:
            known = known.after(ChangeCustomer(customer=CUSTOMER, details=each))
        except RefusedError:  # it said so before
            continue

    stripped = {**expected, "tax_id": expected["tax_id"].strip() if expected["tax_id"] else None}
    assert known.customer.details == PersonDetails(**stripped)
