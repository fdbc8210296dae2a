"""Contacts of a customer: who can be asked, signs or vouches."""

from typing import Any

import pytest
from attrs import evolve

from ispcore.customers import ERASED, Contact, ContactKind, SaveContact
from ispcore.customers.facts import ContactSaved
from ispcore.errors import InvalidValueError, NotFoundError, RefusedError
from ispcore.values import ContactId
from tests.catalogues import CUSTOMER
from tests.people import PERSON, registered

BIA = Contact(
    id=ContactId("bia"),
    name="Bia",
    kind=ContactKind.FINANCIAL,
    tax_id="123",
    identity="9.876",
    email="bia@example.org",
    mobile="43 9 9999",
    consents=True,
)


def save(contact: Contact) -> SaveContact:
    return SaveContact(customer=CUSTOMER, contact=contact)


@pytest.mark.covers("S1-046", "S1-047", "S1-048", "S1-055")
def test_a_contact_has_a_name_a_kind_and_papers() -> None:
    known = registered(PERSON).after(save(BIA)).after(save(evolve(BIA, id=ContactId("caio"), name="Caio")))

    assert [contact.name for contact in known.customer.contacts] == ["Bia", "Caio"]
    assert known.customer.contact(ContactId("bia")) == BIA
    with pytest.raises(NotFoundError, match="has: bia, caio"):
        known.customer.contact(ContactId("dora"))
    plain = Contact(id=ContactId("eva"), name="Eva")
    assert known.after(save(plain)).customer.contact(ContactId("eva")) == plain
    with pytest.raises(NotFoundError, match="has: none"):
        registered(PERSON).customer.contact(ContactId("dora"))


def test_it_is_edited_as_a_whole_and_the_fact_names_what_moved() -> None:
    known = registered(PERSON).after(save(BIA))
    edited = evolve(BIA, name="Beatriz", email="", consents=False)

    known = known.after(save(edited))

    assert known.facts[-1].payload == ContactSaved(
        ContactId("bia"), ContactKind.FINANCIAL, consents=False, texts=("name",), cleared=("email",)
    )
    assert known.customer.contacts == (edited,)
    assert known.after(save(evolve(edited, kind=ContactKind.LEGAL))).customer.contacts[0].kind is (
        ContactKind.LEGAL
    )
    with pytest.raises(RefusedError, match="says this already"):
        known.after(save(edited))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": ""}, "has no name"),
        ({"id": ContactId("a b")}, "contact id"),
        ({"email": "a\nb"}, "cannot be kept"),
    ],
)
def test_a_contact_that_cannot_be_is_told(wrong: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidValueError, match=words):
        registered(PERSON).after(save(evolve(BIA, **wrong)))


def test_an_erased_contact_shows_that_it_was() -> None:
    known = registered(PERSON).after(save(BIA)).erased("contact.bia.name", "contact.bia.email")

    assert known.customer.contacts == (evolve(BIA, name=ERASED, email=ERASED),)
