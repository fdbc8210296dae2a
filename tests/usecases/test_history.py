"""Who changed what, when and from where; and texts of persons, which can be erased."""

from datetime import UTC, date, datetime

import pytest

from ispcore.customers import (
    ERASED,
    AddressType,
    AllowPromotions,
    ChangeCustomer,
    PersonDetails,
    PersonKind,
    RegisterCustomer,
    SaveAddress,
)
from ispcore.errors import NotFoundError, RefusedError
from ispcore.plans import Cancel, ChangePrice, Delete, Retract
from ispcore.storage.columns import metadata
from ispcore.timeline import EVERYTHING, Actor, Cause, SubjectKind
from ispcore.usecases import HistoryEntry
from ispcore.values import CustomerId, SubscriptionId
from tests.catalogues import brl
from tests.providers import ANA, Office, address

RUI = Actor("rui", frozenset({EVERYTHING}), address="198.51.100.4")
NIGHT = Actor("night", frozenset({EVERYTHING}), cause=Cause.SCHEDULED)


def history(
    office: Office, subject: object, kind: SubjectKind = SubjectKind.CUSTOMER
) -> tuple[HistoryEntry, ...]:
    return office.provider.history(kind, subject, actor=ANA)


# --- customers


@pytest.mark.covers("S1-086", "S1-087", "S1-088", "S1-089", "S1-090")
def test_the_history_of_a_customer_tells_who_changed_what_when_and_from_where(office: Office) -> None:
    customer = office.register("Ana Souza", tax_id="111")
    office.clock.move_to(date(2012, 3, 5))

    office.provider.do(
        ChangeCustomer(customer=customer, details={"name": "Ana Lima", "tax_id": None}, note="married"),
        actor=RUI,
    )

    *_, changed = history(office, customer)
    assert changed.kind == "DetailsChanged"
    assert changed.at == datetime(2012, 3, 5, 12, tzinfo=UTC)
    assert changed.on == date(2012, 3, 5)
    assert changed.actor == "rui"
    assert changed.address == "198.51.100.4"
    assert changed.note == "married"
    assert changed.detail == ("name: Ana Souza -> Ana Lima", "tax_id: 111 -> (none)")


@pytest.mark.covers("S1-086", "S1-090")
def test_every_change_of_a_registration_is_in_the_history_with_its_old_and_new_value(office: Office) -> None:
    customer = office.register("Ana", extra={"nickname": "Aninha"})
    office.provider.do(AllowPromotions(customer=customer, allowed=False), actor=ANA)
    moved = address("home", "Maringá", AddressType.INSTALLATION, street="Rua 2", number="5")
    office.provider.do(SaveAddress(customer=customer, address=moved), actor=ANA)
    office.provider.do(ChangeCustomer(customer=customer, extra={"nickname": None}), actor=ANA)
    plain = address("home", "Maringá", AddressType.INSTALLATION, street="Rua 2")
    office.provider.do(SaveAddress(customer=customer, address=plain), actor=ANA)
    office.subscribe(customer)

    assert [entry.detail for entry in history(office, customer)] == [
        ("code: 1", "kind: person", "promotions: allowed", "name: Ana", "extra.nickname: Aninha"),
        ("address.home.type: registered", "address.home.city: Londrina"),
        ("promotions: allowed -> barred",),
        (
            "address.home.type: registered -> installation",
            "address.home.city: Londrina -> Maringá",
            "address.home.street: Rua 2",
            "address.home.number: 5",
        ),
        ("extra.nickname: Aninha -> (none)",),
        ("address.home.number: 5 -> (none)",),
        ("charge_method: slip", "due_day: 10"),
    ]


def test_an_actor_without_an_address_leaves_none_and_the_cause_is_told(office: Office) -> None:
    customer = office.register()
    office.provider.do(AllowPromotions(customer=customer, allowed=False), actor=NIGHT)

    entry = history(office, customer)[-1]

    assert (entry.address, entry.note, entry.cause) == (None, None, Cause.SCHEDULED)


def test_one_command_leaves_its_id_on_every_subject(office: Office) -> None:
    customer = office.register()
    subscription = office.subscribe(customer)

    opened = history(office, subscription, SubjectKind.SUBSCRIPTION)[0]
    defaults = history(office, customer)[-1]

    assert opened.command_id == defaults.command_id
    assert defaults.kind == "BillingDefaultsSet"


@pytest.mark.parametrize("kind", [SubjectKind.CUSTOMER, SubjectKind.SUBSCRIPTION, SubjectKind.CATALOG])
def test_the_history_of_nothing_is_not_found(office: Office, kind: SubjectKind) -> None:
    with pytest.raises(NotFoundError):
        history(office, "99", kind)


# --- subscriptions


def test_the_history_of_a_subscription_shows_what_voided_a_fact_and_the_reason(office: Office) -> None:
    subscription = office.subscribe(office.register(), note="by the window")
    office.do(Cancel(subscription=subscription, reason="moved"), today=date(2012, 2, 26))
    office.do(Retract(subscription=subscription, fact=2), today=date(2012, 2, 27))
    office.do(ChangePrice(subscription=subscription, price=brl("90.00")))

    entries = history(office, subscription, SubjectKind.SUBSCRIPTION)

    assert [(entry.kind, entry.reason, entry.voided_by) for entry in entries] == [
        ("Subscribed", None, None),
        ("Cancelled", "moved", 3),
        ("Retracted", None, None),
        ("PriceChanged", None, None),
    ]
    assert entries[0].note == "by the window"
    assert entries[2].detail == ("voids fact 2",)
    assert entries[3].detail == ("plan: 90.00 BRL",)


@pytest.mark.covers("S0-057")
def test_the_notes_about_a_contracted_plan_are_kept(office: Office) -> None:
    subscription = office.subscribe(office.register(), note="ladder needed; dog in the yard")

    assert history(office, subscription, SubjectKind.SUBSCRIPTION)[0].note == "ladder needed; dog in the yard"


# --- deleting


@pytest.mark.covers("S0-086", "S0-120")
@pytest.mark.parametrize("status", ["active", "cancelled"])
def test_a_deleted_subscription_stays_listed_with_who_when_and_why(office: Office, status: str) -> None:
    kept, gone = (office.subscribe(office.register(name)) for name in ("Ana", "Bia"))
    if status == "cancelled":
        office.do(Cancel(subscription=gone, reason="moved"))
    office.clock.move_to(date(2012, 3, 5))

    office.do(Delete(subscription=gone, note="entered twice"), actor=RUI)

    (tombstone,) = office.provider.deleted(actor=ANA)
    assert (tombstone.subscription, tombstone.actor, tombstone.why) == (gone, "rui", "entered twice")
    assert (tombstone.on, tombstone.at) == (date(2012, 3, 5), datetime(2012, 3, 5, 12, tzinfo=UTC))
    assert kept != gone


@pytest.mark.covers("S0-121")
def test_a_subscription_with_open_receivables_is_deleted_only_by_force(office: Office) -> None:
    customer = office.register()
    owing, free = office.subscribe(customer), office.subscribe(customer, on=date(2012, 4, 1))
    office.close(date(2012, 2, 29))

    with pytest.raises(RefusedError, match="open receivables"):
        office.do(Delete(subscription=owing, note="a mistake"))
    office.do(Delete(subscription=free, note="a mistake"))
    office.do(Delete(subscription=owing, note="a mistake", force=True))

    assert {one.subscription for one in office.provider.deleted(actor=ANA)} == {owing, free}


def test_a_retracted_deletion_is_listed_no_longer(office: Office) -> None:
    subscription = office.subscribe(office.register())
    deleted = office.do(Delete(subscription=subscription, note="a mistake"))

    office.do(Retract(subscription=subscription, fact=deleted.facts[0].sequence))

    assert office.provider.deleted(actor=ANA) == ()


# --- the catalogue


@pytest.mark.covers("S4-002", "S4-003", "S4-020")
def test_every_change_of_a_status_is_kept_with_what_it_was(office: Office) -> None:
    def locked(**more: object) -> dict[str, object]:
        usual = {"description": "Em análise", "bucket": "inactive", "bills": False, "serves": "off"}
        return {**usual, "days": 5, "next": "enabled", "may_change_by_hand": False, **more}

    office.clock.move_to(date(2012, 3, 5))
    office.load(statuses={"locked": locked(days=7)})
    without_hand = {name: value for name, value in locked(days=7).items() if name != "may_change_by_hand"}
    office.load(statuses={"locked": without_hand})
    office.load(statuses={"locked": without_hand})

    first, second, third = history(office, "statuses/locked", SubjectKind.CATALOG)
    assert "days: 5" in first.detail
    assert (second.kind, second.actor, second.on) == ("EntrySaved", "ana", date(2012, 3, 5))
    assert second.detail == ("days: 5 -> 7",)
    assert third.detail == ("may_change_by_hand: false -> (none)",)


# --- texts of persons

MARKERS = [
    "Marker Name",
    "TAX-777",
    "marker@example.org",
    "555-0177",
    "Rua Marker",
    "marker note",
    "192.0.2.17",
]


def marked_customer(office: Office) -> tuple[CustomerId, SubscriptionId]:
    details = PersonDetails(
        name="Marker Name", tax_id="TAX-777", email="marker@example.org", phone="555-0177"
    )
    home = address("home", "Londrina", street="Rua Marker", number="17", info="marker note")
    command = RegisterCustomer(
        kind=PersonKind.PERSON,
        details=details,
        addresses=(home,),
        extra={"nickname": "marker note"},
        note="marker note",
    )
    customer = office.provider.do(command, actor=ANA).customer
    office.provider.do(ChangeCustomer(customer=customer, details={"phone": "555-0177-2"}), actor=ANA)
    subscription = office.subscribe(customer, note="marker note")
    office.do(Cancel(subscription=subscription, reason="moved", note="marker note"), today=date(2012, 2, 26))
    office.close(date(2012, 2, 29))
    office.pay(customer, "1.00")
    return customer, subscription


def test_no_text_of_a_person_stands_in_a_fact(office: Office) -> None:
    marked_customer(office)

    rows = "\n".join(map(str, office.sql("select * from facts")))

    assert [marker for marker in MARKERS if marker in rows] == []


def test_texts_of_persons_stand_in_two_tables_that_can_be_erased(office: Office) -> None:
    marked_customer(office)

    holding = {
        table
        for table in metadata.tables
        for row in office.sql(f"select * from {table}")
        if any(marker in str(row) for marker in MARKERS)
    }

    assert holding == {"texts", "persons"}


def erase(office: Office) -> None:
    office.sql("update texts set text = null")
    office.sql("update persons set tax_id = null")


def test_erased_texts_leave_the_customer_and_the_history_readable(office: Office) -> None:
    customer, subscription = marked_customer(office)
    before = office.owed(subscription)

    erase(office)

    seen = office.provider.customer(customer, actor=ANA).customer
    entry = history(office, customer)[0]
    assert (seen.details.name, seen.details.tax_id, seen.addresses[0].street) == (ERASED,) * 3
    assert (entry.note, entry.address, entry.actor) == (ERASED, ERASED, "ana")
    assert "name: (erased)" in entry.detail
    assert history(office, subscription, SubjectKind.SUBSCRIPTION)[1].note == ERASED
    assert office.owed(subscription) == before
    assert office.findings() == []


def test_a_text_after_an_erased_one_shows_that_it_was_erased(office: Office) -> None:
    customer = office.register("Ana")
    erase(office)

    office.provider.do(ChangeCustomer(customer=customer, details={"name": "Bia"}), actor=ANA)

    assert history(office, customer)[-1].detail == ("name: (erased) -> Bia",)


def test_customers_whose_texts_were_erased_can_still_be_served(office: Office) -> None:
    customers = [office.register(name, tax_id=name) for name in ("111", "222")]
    erase(office)

    for customer in customers:
        office.provider.do(AllowPromotions(customer=customer, allowed=False), actor=ANA)
        home = address("home", "Londrina")
        office.provider.do(SaveAddress(customer=customer, address=home), actor=ANA)
        office.subscribe(customer)

    assert office.sql("select tax_id from persons") == [(None,), (None,)]


def test_the_why_of_a_deletion_can_be_erased(office: Office) -> None:
    subscription = office.subscribe(office.register())
    office.do(Delete(subscription=subscription, note="a mistake"))

    erase(office)

    assert office.provider.deleted(actor=ANA)[0].why == ERASED
