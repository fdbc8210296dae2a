"""What is known of a person: exported, forgotten, and kept for the tax office."""

from datetime import date
from typing import Any

import pytest

from ispcore.customers import ChangeCustomer, Forget
from ispcore.errors import NotFoundError, RefusedError
from ispcore.plans import Cancel
from ispcore.timeline import SubjectKind
from ispcore.usecases import PersonForgotten, WriteOff
from ispcore.values import CustomerId, SubscriptionId
from tests.catalogues import march
from tests.providers import ANA, Office

LEAP_DAY = date(2012, 2, 29)
LIMIT = date(2017, 3, 10)
"""Five years after the bill was due."""


@pytest.fixture
def customer(office: Office) -> CustomerId:
    """A customer who was billed, cancelled, and let off the bill."""
    number = office.register("Maria da Silva", tax_id="123.456", email="maria@isp.test")
    office.subscribe(number)
    office.close(LEAP_DAY)
    office.do(
        Cancel(subscription=SubscriptionId(1), reason="moved", note="Moves to her sister."), today=march(1)
    )
    office.close(march(1))
    owed = tuple(office.open_amounts(number))
    office.provider.do(WriteOff(receivables=owed, reason="lost her job"), actor=ANA)
    return number


def forget(office: Office, customer: CustomerId) -> PersonForgotten:
    return office.provider.do(Forget(customer=customer, note="She asked for it."), actor=ANA)


def kept(office: Office, word: str) -> list[str]:
    """Return the tables in which *word* stands."""
    return [table for table, rows in office.dump().items() if any(word in repr(row) for row in rows)]


def test_who_is_forgotten_is_named_by_nothing_but_what_tax_law_wants(
    office: Office, customer: CustomerId
) -> None:
    done = forget(office, customer)

    assert (done.kept, done.until) == (("name", "tax_id"), LIMIT)
    details = office.provider.customer(customer, actor=ANA).customer
    assert (details.details.name, details.details.tax_id) == ("Maria da Silva", "123.456")
    assert {one.city for one in details.addresses} == {"(erased)"}
    for word in ("maria@isp.test", "Moves to her sister.", "lost her job", "Londrina"):
        assert kept(office, word) in ([], ["catalog_entries", "facts"], ["catalog_entries"]), word
    assert office.provider.history(SubjectKind.CUSTOMER, customer, actor=ANA)[-1].note == "She asked for it."
    assert office.findings() == []


def test_after_the_years_a_tick_erases_the_rest(office: Office, customer: CustomerId) -> None:
    forget(office, customer)
    office.clock.move_to(date(2017, 3, 9))
    assert office.provider.privacy.forget_due(date(2017, 3, 9), actor=ANA) == 0

    office.clock.move_to(LIMIT)
    chores = {chore.name: chore for chore in office.provider.tick(actor=ANA).chores}

    assert chores["privacy"].counts == {"customers": 1}
    assert kept(office, "Maria") == kept(office, "123.456") == []
    assert office.provider.customer(customer, actor=ANA).customer.details.name == "(erased)"
    assert office.provider.privacy.forget_due(LIMIT, actor=ANA) == 0
    assert office.findings() == []


def test_who_is_a_customer_again_is_left_alone(office: Office, customer: CustomerId) -> None:
    office.load(privacy={"keeps": ["name", "registered_address"]})
    forget(office, customer)
    office.subscribe(customer, on=march(1))

    office.clock.move_to(LIMIT)

    assert office.provider.privacy.forget_due(LIMIT, actor=ANA) == 0
    assert office.provider.customer(customer, actor=ANA).customer.details.name == "Maria da Silva"


def test_who_has_a_subscription_or_owes_is_not_forgotten(office: Office) -> None:
    number = office.register()
    office.subscribe(number)
    before = office.dump()

    with pytest.raises(RefusedError, match="subscriptions go on: 1"):
        forget(office, number)
    with pytest.raises(NotFoundError, match="no customer 7"):
        forget(office, CustomerId(7))

    assert office.dump() == before


def test_the_catalogue_says_what_stays_and_for_how_long(office: Office, customer: CustomerId) -> None:
    policy: dict[str, Any] = {"keeps": ["name", "registered_address"], "years": 1}
    office.load(privacy=policy)

    done = forget(office, customer)

    assert (done.kept, done.until) == (("name", "registered_address"), date(2013, 3, 10))
    assert kept(office, "123.456") == []
    assert office.provider.customer(customer, actor=ANA).customer.addresses[0].city == "Londrina"


def test_an_export_has_everything_that_is_kept_of_a_customer(office: Office, customer: CustomerId) -> None:
    office.provider.do(ChangeCustomer(customer=customer, details={"phone": "555-0123"}), actor=ANA)
    office.provider.slips.issue(march(1), actor=ANA)

    found = office.provider.privacy.export(customer, actor=ANA)

    assert found.customer.details.phone == "555-0123"
    assert [one.detail for one in found.history][-1] == ("phone: 555-0123",)
    (subscription,) = found.subscriptions
    assert (subscription.number, len(subscription.history)) == (1, 2)
    assert len(subscription.charges) >= 1
    assert [one.reason for one in found.settlements] == ["lost her job"]
    assert (len(found.receivables), found.documents, found.notices) == (2, (), ())
