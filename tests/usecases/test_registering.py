"""Customers, known once; the unit that their city leads to; what their first subscription sets."""

from collections.abc import Callable
from datetime import date

import pytest

from ispcore.customers import (
    Address,
    AddressType,
    AllowPromotions,
    ChangeCustomer,
    PersonDetails,
    PersonKind,
    RegisterCustomer,
    SaveAddress,
)
from ispcore.errors import InvalidValueError, NotFoundError, RefusedError
from ispcore.plans import ChangeAddress, Discount, ImportSubscription, State, Subscribe
from ispcore.timeline import Actor
from ispcore.values import AddressId, CustomerId, SubscriptionId
from tests.catalogues import START, brl
from tests.providers import ANA, Office, address

LEAP_DAY = date(2012, 2, 29)


def state(office: Office, subscription: SubscriptionId) -> State:
    return office.provider.subscription(subscription, actor=ANA).timeline.last


# --- known once


@pytest.mark.covers("S1-015")
def test_a_person_known_by_tax_id_is_not_registered_twice(office: Office) -> None:
    office.register("Ana", tax_id="111")
    before = office.dump("numbers")

    with pytest.raises(
        RefusedError, match=r"tax id '111' is that of customer 1\. Open the new sub"
    ) as refused:
        office.register("Ana S.", tax_id=" 111 ")

    assert refused.value.rule == "known-person"
    assert office.dump("numbers") == before


def test_nobody_gets_the_tax_id_of_somebody_else_by_a_change(office: Office) -> None:
    office.register("Ana", tax_id="111")
    bia = office.register("Bia", tax_id="222")

    with pytest.raises(RefusedError, match="that of customer 1"):
        office.provider.do(ChangeCustomer(customer=bia, details={"tax_id": "111"}), actor=ANA)
    office.provider.do(ChangeCustomer(customer=bia, details={"tax_id": "333"}), actor=ANA)

    assert office.register("Caio", tax_id="222") == CustomerId(3)
    with pytest.raises(RefusedError, match="that of customer 2"):
        office.register("Bia again", tax_id="333")


def test_a_tax_id_that_was_cleared_is_free_again(office: Office) -> None:
    ana = office.register("Ana", tax_id="111")

    office.provider.do(ChangeCustomer(customer=ana, details={"tax_id": None}), actor=ANA)

    assert office.register("Bia", tax_id="111") == CustomerId(2)


def test_changing_something_else_keeps_the_tax_id(office: Office) -> None:
    ana = office.register("Ana", tax_id="111")

    office.provider.do(ChangeCustomer(customer=ana, details={"name": "Ana S."}), actor=ANA)
    office.subscribe(ana)

    with pytest.raises(RefusedError, match="that of customer 1"):
        office.register("Ana", tax_id="111")


@pytest.mark.covers("S1-007")
def test_two_customers_cannot_have_one_code(office: Office) -> None:
    office.register("Ana", code="A-1")

    with pytest.raises(RefusedError, match=r"code 'A-1' is that of customer 1") as refused:
        office.register("Bia", code="A-1")

    assert refused.value.rule == "code-taken"


def test_several_customers_without_a_tax_id_are_several_persons(office: Office) -> None:
    office.register("Ana")
    office.register("Ana")

    assert len(office.sql("select * from persons")) == 2


@pytest.mark.covers(
    "S1-007", "S1-009", "S1-010", "S1-011", "S1-012", "S1-013", "S1-015", "S1-016", "S1-018",
    "S1-033", "S1-037", "S1-038", "S1-039", "S1-040", "S1-041", "S1-043",
    "S3-084", "S3-085", "S3-086", "S3-087", "S3-088", "S3-089", "S3-090", "S3-097",
)  # fmt: skip
def test_a_customer_comes_back_from_the_database_with_every_field(office: Office) -> None:
    details = PersonDetails(
        name="Padaria Sol Ltda",
        tax_id="12.345",
        trade_name="Padaria Sol",
        state_registration="90",
        email="sol@example.org",
        phone="43 555",
    )
    home = Address(
        id=AddressId("home"),
        type=AddressType.REGISTERED,
        city="Londrina",
        street="Rua Sergipe",
        number="10",
        unit="Sala 2",
        complement="Apartamento 101",
        reference="beside the football field",
        district="Centro",
        city_code="4113700",
        postal_code="86010-000",
        info="ring twice",
    )
    billing = address("billing", "Maringá", AddressType.BILLING, street="Rua 2", district="Norte")
    command = RegisterCustomer(
        kind=PersonKind.COMPANY,
        details=details,
        addresses=(home, billing),
        code="P-77",
        extra={"nickname": "Sol", "born": date(1990, 5, 1), "segment": "office"},
        allows_discounts=False,
        on=date(2012, 1, 2),
    )

    seen = office.provider.customer(office.provider.do(command, actor=ANA).customer, actor=ANA).customer

    assert (seen.code, seen.registered_on, seen.kind) == ("P-77", date(2012, 1, 2), PersonKind.COMPANY)
    assert seen.details == details
    assert seen.addresses == (home, billing)
    assert seen.extra == {"nickname": "Sol", "born": "1990-05-01", "segment": "office"}
    assert not seen.allows_discounts


@pytest.mark.covers("S1-034", "S1-045")
def test_addresses_are_added_and_edited(office: Office) -> None:
    customer = office.register()
    office.provider.do(SaveAddress(customer=customer, address=address("shop", "Londrina")), actor=ANA)
    edited = address("shop", "Maringá", AddressType.INSTALLATION, street="Rua 2")

    office.provider.do(SaveAddress(customer=customer, address=edited), actor=ANA)

    assert office.provider.customer(customer, actor=ANA).customer.addresses[1] == edited


@pytest.mark.parametrize("name", ["", " ", "two\nlines", "x" * 501])
def test_a_text_that_cannot_be_kept_leaves_nothing_behind(office: Office, name: str) -> None:
    before = office.dump("numbers")

    with pytest.raises((InvalidValueError, RefusedError)):
        office.register(name)

    assert office.dump("numbers") == before


@pytest.mark.covers("S1-026")
def test_a_customer_barred_from_promotions_gets_no_discount(office: Office) -> None:
    customer = office.register()
    office.provider.do(AllowPromotions(customer=customer, allowed=False), actor=ANA)

    with pytest.raises(RefusedError, match="no promotional discounts"):
        office.subscribe(customer, discount=Discount(amount=brl("1.00")))
    office.provider.do(AllowPromotions(customer=customer, allowed=True), actor=ANA)

    assert office.subscribe(customer, discount=Discount(amount=brl("1.00")))


# --- the business unit


@pytest.mark.covers("S0-016")
def test_the_unit_follows_the_city_of_the_installation_address(office: Office) -> None:
    shop = address("shop", "Maringá", AddressType.INSTALLATION)
    customer = office.register(addresses=(address("home", "Londrina"), shop))

    subscription = office.subscribe(customer)

    assert (state(office, subscription).unit, state(office, subscription).address) == ("maringa", "shop")


@pytest.mark.covers("S0-016")
def test_without_an_installation_address_the_unit_follows_the_registered_city(office: Office) -> None:
    customer = office.register(city="londrina")

    assert state(office, office.subscribe(customer)).unit == "londrina"


def test_where_no_unit_serves_the_installation_the_registered_city_decides(office: Office) -> None:
    farm = address("farm", "Nowhere", AddressType.INSTALLATION)
    customer = office.register(addresses=(farm, address("home", "Londrina")))

    assert state(office, office.subscribe(customer)).unit == "londrina"


def test_a_customer_of_a_city_that_no_unit_serves_cannot_subscribe(office: Office) -> None:
    customer = office.register(city="Nowhere")

    with pytest.raises(RefusedError, match="No business unit serves 'Nowhere'"):
        office.subscribe(customer)


def test_an_address_that_the_customer_lacks_is_not_found(office: Office) -> None:
    with pytest.raises(NotFoundError, match="no address 'shop'"):
        office.subscribe(office.register(), address=AddressId("shop"))


@pytest.mark.covers("S0-018", "S0-019", "S0-020")
def test_a_unit_sells_only_its_own_plans(office: Office) -> None:
    with pytest.raises(RefusedError, match=r"'maringa' does not sell the plan 'fibre'.*sells: adsl"):
        office.subscribe(office.register(city="Maringá"), "fibre")


@pytest.mark.covers("S0-017")
def test_a_subscription_changes_its_unit_only_with_its_city(office: Office) -> None:
    shop = address("shop", "Maringá")
    customer = office.register(addresses=(address("home", "Londrina"), shop))
    subscription = office.subscribe(customer)

    office.do(ChangeAddress(subscription=subscription, address=shop.id))

    assert state(office, subscription).unit == "maringa"


@pytest.mark.covers("S0-017")
def test_editing_the_city_of_an_address_moves_its_subscriptions_to_the_other_unit(office: Office) -> None:
    shop = address("shop", "Londrina")
    customer = office.register(addresses=(address("home", "Londrina"), shop))
    home, other = office.subscribe(customer), office.subscribe(customer, address=shop.id)

    moving = SaveAddress(customer=customer, address=address("shop", "Maringá"))
    done = office.provider.do(moving, actor=ANA)

    assert (state(office, home).unit, state(office, other).unit) == ("londrina", "maringa")
    assert [fact.kind for fact in done.moved] == ["AddressChanged"]
    assert done.moved[0].recorded.command_id == done.facts[0].recorded.command_id


def test_a_city_whose_unit_does_not_sell_the_plan_is_refused_and_nothing_is_saved(office: Office) -> None:
    customer = office.register(addresses=(address("home", "Londrina"),))
    office.subscribe(customer, plan="fibre")

    with pytest.raises(RefusedError, match="does not sell the plan"):
        office.provider.do(SaveAddress(customer=customer, address=address("home", "Maringá")), actor=ANA)

    assert office.provider.customer(customer, actor=ANA).customer.addresses[0].city == "Londrina"


@pytest.mark.covers("S0-007", "S0-008")
def test_a_customer_has_the_same_plan_twice_at_two_addresses(office: Office) -> None:
    shop = address("shop", "Londrina")
    customer = office.register(addresses=(address("home", "Londrina"), shop))

    home = office.subscribe(customer, address=AddressId("home"))
    other = office.subscribe(customer, address=shop.id)
    office.close(LEAP_DAY)

    assert (state(office, home).address, state(office, other).address) == ("home", "shop")
    assert office.owed(home) == office.owed(other) == {"2012-02": "20.69"}


# --- what the first subscription sets


@pytest.mark.covers("S0-032", "S0-034", "S2-041")
def test_the_first_subscription_sets_the_charge_method_and_the_due_day(office: Office) -> None:
    customer = office.register()
    office.subscribe(customer, charge_method="card", due_day=15)

    second = office.subscribe(customer, charge_method=None, due_day=None)

    terms = state(office, second).terms
    assert (terms.charge_method, terms.due_day) == ("card", 15)
    seen = office.provider.customer(customer, actor=ANA).customer
    assert (seen.charge_method, seen.due_day) == ("card", 15)


def test_the_first_subscription_must_say_how_it_is_paid(office: Office) -> None:
    with pytest.raises(RefusedError, match="Give both charge_method and due_day"):
        office.subscribe(office.register(), charge_method=None, due_day=None)


@pytest.mark.covers("S0-032", "S0-034")
def test_another_charge_method_for_a_later_subscription_needs_a_permission(office: Office) -> None:
    customer = office.register()
    office.subscribe(customer)
    clerk = Actor("clerk", frozenset({"subscription.open"}))
    chief = Actor("chief", frozenset({"subscription.open", "subscription.override-defaults"}))
    other = Subscribe(customer=customer, plan="adsl", charge_method="card", due_day=20)

    with pytest.raises(RefusedError, match="override-defaults"):
        office.do(other, actor=clerk)
    opened = office.do(other, actor=chief).subscription

    assert state(office, opened).terms.charge_method == "card"
    # What the first one set stays.
    assert office.provider.customer(customer, actor=ANA).customer.charge_method == "slip"


def test_an_imported_first_subscription_sets_them_too(office: Office) -> None:
    customer = office.register()

    office.do(_import(customer))

    assert office.provider.customer(customer, actor=ANA).customer.due_day == 20


def _import(customer: CustomerId) -> ImportSubscription:
    return ImportSubscription(
        customer=customer,
        plan="adsl",
        status="enabled",
        system="old",
        foreign_id="7",
        billed_through=LEAP_DAY,
        on=START,
        charge_method="slip",
        due_day=20,
    )


def test_a_subscription_of_another_system_is_imported_once(office: Office) -> None:
    customer = office.register()
    office.do(_import(customer))
    before = office.dump("numbers")

    with pytest.raises(RefusedError, match=r"'7' of 'old' exists already") as refused:
        office.do(_import(customer))

    assert refused.value.rule == "imported-twice"
    assert office.dump("numbers") == before


@pytest.mark.parametrize(
    ("give", "named"),
    [
        (lambda office: office.register(code="c" * 41), "The code 'ccc"),
        (lambda office: office.subscribe(office.register(), contract="k" * 101), "The contract 'kkk"),
        (lambda _: Actor("a" * 101), "The actor's id 'aaa"),
        (
            lambda office: office.provider.save_actor(ANA, name="n" * 201, actor=ANA),
            "The actor's name 'nnn",
        ),
    ],
)
def test_a_name_that_no_column_holds_is_refused_with_its_length(
    office: Office, give: Callable[[Office], object], named: str
) -> None:
    with pytest.raises(InvalidValueError, match=f"{named}.*has [0-9]+ characters. Use up to [0-9]+"):
        give(office)
