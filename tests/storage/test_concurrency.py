"""Several at work at once: nobody's work is lost, and nothing is done twice."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from threading import Barrier

import pytest

from ispcore.contracts import AddToCombo, OpenContract
from ispcore.customers import ChangeCustomer
from ispcore.driver import Login
from ispcore.errors import ConcurrentChangeError, IspcoreError, RefusedError
from ispcore.plans import AddComponent, Cancel, ChangePrice, ImportSubscription, Transfer
from ispcore.storage import SqlDatabase
from ispcore.timeline import Actor, Subject, SubjectKind
from ispcore.values import CustomerId, SubscriptionId
from tests.catalogues import brl, document
from tests.components import SECTIONS
from tests.providers import ANA, Office, open_office

LEAP_DAY = date(2012, 2, 29)


@pytest.fixture
def office(each_engine: str) -> Iterator[Office]:
    """An office on each engine, whatever was chosen."""
    office = Office(None, each_engine)
    office.load()
    yield office
    office.provider.close_database()


def together(*acts: Callable[[], object]) -> list[object]:
    """Do all at the same time; return what each returned, or the error that it raised."""
    start = Barrier(len(acts))

    def one(act: Callable[[], object]) -> object:
        start.wait()
        try:
            return act()
        except IspcoreError as error:
            return error

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(one, acts))


def rule_of(refused: object) -> str:
    assert isinstance(refused, RefusedError), refused
    return refused.rule


def price(office: Office, subscription: int, amount: int, *, version: int | None = None) -> object:
    command = ChangePrice(subscription=SubscriptionId(subscription), price=brl(f"{amount}.00"))
    return office.provider.do(command, actor=ANA, expected_version=version)


def facts_of(office: Office, subscription: int) -> int:
    with office.database.reading() as work:
        return len(work.facts.of(Subject(SubjectKind.SUBSCRIPTION, str(subscription))))


@pytest.mark.parametrize("attempt", range(5))
def test_of_two_writers_who_read_the_same_version_one_wins(office: Office, attempt: int) -> None:
    subscription = office.subscribe(office.register())

    done = together(
        lambda: price(office, subscription, 90, version=1), lambda: price(office, subscription, 80, version=1)
    )

    assert [type(one) for one in done].count(ConcurrentChangeError) == 1
    assert facts_of(office, subscription) == 2
    assert office.findings() == []


def test_the_loser_is_told_to_read_again(office: Office) -> None:
    subscription = office.subscribe(office.register())
    price(office, subscription, 90, version=1)

    with pytest.raises(ConcurrentChangeError, match=r"Subscription 1 was changed.*Read it again and repeat"):
        price(office, subscription, 80, version=1)


def test_two_writers_who_expect_no_version_come_one_after_the_other(office: Office) -> None:
    subscription = office.subscribe(office.register())

    done = together(*[lambda n=n: price(office, subscription, 50 + n) for n in range(8)])

    assert not [one for one in done if isinstance(one, Exception)]
    assert facts_of(office, subscription) == 9


def test_of_two_cancellations_one_is_refused(office: Office) -> None:
    subscription = office.subscribe(office.register())
    cancel = Cancel(subscription=subscription, reason="moved")

    done = together(*[lambda: office.provider.do(cancel, actor=ANA)] * 2)

    assert [type(one) for one in done].count(RefusedError) == 1


@pytest.mark.parametrize("attempt", range(3))
def test_a_closing_and_a_command_at_the_same_time_lose_nothing(office: Office, attempt: int) -> None:
    subscriptions = [office.subscribe(office.register(str(number)), "fibre") for number in range(10)]
    office.clock.move_to(LEAP_DAY)

    done = together(
        lambda: office.provider.close(LEAP_DAY, actor=ANA),
        *[lambda s=s: price(office, s, 150) for s in subscriptions],
    )

    assert not [one for one in done if isinstance(one, Exception)]
    assert [facts_of(office, subscription) for subscription in subscriptions] == [2] * 10
    office.close(LEAP_DAY)
    # 5 days at 120.00 and the leap day at 150.00, whoever came first: 750.00 / 29.
    assert [office.owed(subscription) for subscription in subscriptions] == [{"2012-02": "25.86"}] * 10
    assert office.findings() == []


def test_two_closings_at_the_same_time_issue_everything_once(office: Office) -> None:
    for number in range(10):
        office.subscribe(office.register(str(number)))

    one, other = together(*[lambda: office.provider.close(LEAP_DAY, actor=ANA)] * 2)

    # The second one goes on with the first, or finds it finished.
    assert sorted((one.charges, other.charges)) in ([0, 10], [10, 10])  # type: ignore[attr-defined] # runs
    assert office.sql("select count(*) from charges") == [(10,)]
    assert office.findings() == []


def many_writers(office: Office) -> None:
    subscriptions = [office.subscribe(office.register(str(number))) for number in range(8)]

    def clerk(number: int) -> None:
        for subscription in subscriptions:
            price(office, subscription, 20 + number)
        office.subscribe(office.register(f"of clerk {number}"))

    done = together(*[lambda n=n: clerk(n) for n in range(8)])

    assert done == [None] * 8
    assert [facts_of(office, subscription) for subscription in subscriptions] == [9] * 8
    assert office.provider.count_customers(actor=ANA) == 16
    office.close(LEAP_DAY)
    assert office.findings() == []


def test_many_writers_on_many_subscriptions_store_every_fact(office: Office) -> None:
    many_writers(office)


def test_many_writers_share_the_one_connection_of_a_database_in_memory() -> None:
    with open_office() as office:
        many_writers(office)


def test_what_is_iterated_over_keeps_no_transaction_open(office: Office) -> None:
    subscription = office.subscribe(office.register())

    for closing in office.provider.preview(LEAP_DAY, actor=ANA):
        assert closing.entries
        price(office, subscription, 90)
    for _ in office.provider.check(actor=ANA):
        price(office, subscription, 80)

    assert facts_of(office, subscription) == 2


# --- what is there but once


def test_the_very_first_numbers_are_given_once(each_engine: str) -> None:
    database = SqlDatabase(each_engine)

    def take() -> int:
        with database.writing() as work:
            return work.customers.new_number()

    taken = together(*[take] * 8)

    assert sorted(taken) == list(range(1, 9))  # type: ignore[type-var] # they are numbers
    database.close()


@pytest.mark.parametrize("attempt", range(3))
def test_a_person_who_is_registered_twice_at_once_is_known_once(office: Office, attempt: int) -> None:
    done = together(*[lambda: office.register(tax_id="123")] * 4)

    assert [rule_of(one) for one in done if not isinstance(one, int)] == ["known-person"] * 3
    assert office.sql("select tax_id from persons") == [("123",)]


@pytest.mark.parametrize("attempt", range(3))
def test_the_name_of_a_login_is_given_once_whatever_devices_it_is_asked_for_on(
    office: Office, attempt: int
) -> None:
    office.load(**SECTIONS)
    places = ("tower", None, "tower", None)
    subscriptions = [office.subscribe(office.register(), "fibre") for _ in places]

    done = together(
        *(
            partial(office.do, AddComponent(subscription=one, spec=Login(username="ana"), access_point=place))
            for one, place in zip(subscriptions, places, strict=True)
        )
    )

    assert [rule_of(one) for one in done if isinstance(one, Exception)] == ["claim-taken"] * 3
    assert office.sql("select count(*) from claims") == [(1,)]


def test_a_code_is_given_to_one_customer(office: Office) -> None:
    done = together(*[lambda: office.register(code="A-1")] * 4)

    assert [rule_of(one) for one in done if not isinstance(one, int)] == ["code-taken"] * 3


def test_a_tax_id_is_not_given_to_two_customers_who_ask_for_it_at_once(office: Office) -> None:
    customers = [office.register(name) for name in ("Ana", "Bia")]

    def identify(customer: CustomerId) -> object:
        return office.provider.do(ChangeCustomer(customer=customer, details={"tax_id": "123"}), actor=ANA)

    done = together(*[lambda c=c: identify(c) for c in customers])

    assert [rule_of(one) for one in done if isinstance(one, RefusedError)] == ["known-person"]


def test_what_was_imported_at_once_by_two_is_there_once(office: Office) -> None:
    customers = [office.register(name) for name in ("Ana", "Bia")]

    def bring(customer: CustomerId) -> object:
        command = ImportSubscription(
            customer=customer,
            plan="adsl",
            on=date(2012, 2, 1),
            status="enabled",
            charge_method="slip",
            due_day=10,
            system="old",
            foreign_id="1",
        )
        return office.do(command)

    done = together(*[lambda c=c: bring(c) for c in customers])

    assert [rule_of(one) for one in done if isinstance(one, RefusedError)] == ["imported-twice"]


def test_an_actor_who_is_saved_by_several_at_once_is_kept(office: Office) -> None:
    rui = Actor("rui", {"billing.close"})

    done = together(*[lambda: office.provider.save_actor(rui, name="Rui", actor=ANA)] * 6)

    assert done == [None] * 6
    assert office.provider.actor("rui") == rui


@pytest.mark.parametrize("attempt", range(3))
def test_catalogues_that_are_loaded_at_once_come_one_after_the_other(office: Office, attempt: int) -> None:
    done = together(
        *[lambda n=n: office.load(reasons={"moved": {"description": f"Reason {n}"}}) for n in range(6)]
    )

    assert done == [None] * 6
    versions = office.sql("select sequence from facts where subject_id = 'reasons/moved' order by sequence")
    assert versions == [(1,), (2,), (3,), (4,), (5,), (6,), (7,)]
    assert office.findings() == []


@pytest.mark.parametrize("attempt", range(5))
def test_a_plan_is_not_withdrawn_while_somebody_takes_it(office: Office, attempt: int) -> None:
    customer = office.register()
    catalogue = document()
    del catalogue["plans"]["adsl"]
    for unit in catalogue["units"].values():
        unit["plans"] = [plan for plan in unit["plans"] if plan != "adsl"]

    done = together(
        lambda: office.provider.load_catalogue(catalogue, actor=ANA, withdraw=True),
        lambda: office.subscribe(customer, "adsl"),
    )

    assert len([one for one in done if isinstance(one, IspcoreError)]) == 1


# --- money


def test_a_payment_that_is_reported_twice_at_once_is_recorded_once(office: Office) -> None:
    customer = office.register()
    office.subscribe(customer)
    office.close(LEAP_DAY)

    done = together(*[lambda: office.pay(customer, "20.69")] * 4)

    assert not [one for one in done if isinstance(one, Exception)]
    assert office.sql("select count(*) from payments") == [(1,)]
    assert office.findings() == []


def test_an_id_of_a_provider_is_not_recorded_for_two_customers(office: Office) -> None:
    customers = [office.register(name) for name in ("Ana", "Bia")]

    done = together(*[lambda c=c: office.pay(c, "1.00", company="net") for c in customers])

    assert len([one for one in done if isinstance(one, RefusedError)]) == 1
    assert office.sql("select count(*) from payments") == [(1,)]


@pytest.mark.parametrize("attempt", range(3))
def test_payments_at_the_same_time_do_not_settle_the_same_amount_twice(office: Office, attempt: int) -> None:
    customer = office.register()
    office.subscribe(customer)
    office.close(LEAP_DAY)

    together(*[lambda n=n: office.pay(customer, "15.00", f"p{n}") for n in range(4)])

    assert office.open_amounts(customer) == {}
    assert list(office.balances(customer).values()) == ["9.31"]
    assert office.findings() == []


@pytest.mark.parametrize("attempt", range(3))
def test_a_balance_is_not_used_by_a_closing_and_a_payment_at_once(office: Office, attempt: int) -> None:
    customer = office.register()
    office.subscribe(customer)
    office.pay(customer, "10.00", company="net")
    office.clock.move_to(LEAP_DAY)

    together(
        lambda: office.provider.close(LEAP_DAY, actor=ANA),
        *[lambda n=n: office.pay(customer, "3.00", f"q{n}", company="net") for n in range(4)],
    )

    assert office.findings() == []


@pytest.mark.parametrize("attempt", range(3))
def test_closings_of_different_customers_pin_the_same_terms_at_once(office: Office, attempt: int) -> None:
    customers = [office.register(str(number)) for number in range(6)]
    for customer in customers:
        office.subscribe(customer)
    office.clock.move_to(LEAP_DAY)

    done = together(*[lambda c=c: office.provider.close(LEAP_DAY, actor=ANA, customer=c) for c in customers])

    assert [one.charges for one in done] == [1] * 6  # type: ignore[attr-defined] # all are runs
    assert office.sql("select count(*) from terms") == [(1,)]


# --- readers


def test_a_reader_sees_one_state_of_everything_and_waits_for_nobody(office: Office) -> None:
    customer = office.register()

    with office.database.reading() as work:
        before = work.customers.count()
        office.register("Bia")
        with office.database.writing() as other:
            other.customers.get(customer)
            assert work.customers.get(customer)
        after = work.customers.count()

    assert (before, after) == (1, 1)


def test_a_check_during_a_closing_finds_nothing(office: Office) -> None:
    for number in range(20):
        office.subscribe(office.register(str(number)), "fibre")
    office.clock.move_to(LEAP_DAY)

    closed, *found = together(lambda: office.provider.close(LEAP_DAY, actor=ANA), *[office.findings] * 3)

    assert closed.charges == 60  # type: ignore[attr-defined] # a run
    assert found == [[]] * 3


@pytest.mark.parametrize("attempt", range(3))
def test_of_two_transfers_at_the_same_time_one_is_refused(office: Office, attempt: int) -> None:
    subscription = office.subscribe(office.register("Ana"))
    receivers = [office.register("Bia"), office.register("Carla")]

    done = together(
        *[
            lambda c=c: office.provider.do(Transfer(subscription=subscription, customer=c), actor=ANA)
            for c in receivers
        ]
    )

    lost = [one for one in done if isinstance(one, IspcoreError)]
    assert len(lost) == 1
    assert isinstance(lost[0], ConcurrentChangeError) or rule_of(lost[0]) == "ended"
    assert office.findings() == []


@pytest.mark.parametrize("attempt", range(3))
def test_a_transfer_during_a_closing_loses_nothing(office: Office, attempt: int) -> None:
    receiver = office.register("Bia")
    mine = [office.subscribe(office.register(str(number)), "fibre") for number in range(5)]
    office.clock.move_to(LEAP_DAY)

    done = together(
        lambda: office.provider.close(LEAP_DAY, actor=ANA),
        *[
            lambda s=s: office.provider.do(Transfer(subscription=s, customer=receiver), actor=ANA)
            for s in mine
        ],
    )

    assert not [
        one for one in done if isinstance(one, Exception) and not isinstance(one, ConcurrentChangeError)
    ]
    office.close(LEAP_DAY)
    assert office.findings() == []


@pytest.mark.parametrize("attempt", range(3))
def test_contracts_that_are_made_at_once_have_a_series_without_gaps(office: Office, attempt: int) -> None:
    office.load(contracts={"home": {"name": "Home", "months": 12, "number": "{series}"}})
    customers = [office.register(str(number)) for number in range(8)]
    refused = OpenContract(customer=customers[0], template="home", months=0)

    acts = [OpenContract(customer=customer, template="home") for customer in customers]
    done = together(*[lambda c=c: office.provider.do(c, actor=ANA) for c in (*acts, refused)])

    numbers = [one.contract for one in done if not isinstance(one, Exception)]  # type: ignore[attr-defined] # recorded
    assert sorted(numbers, key=int) == [str(number) for number in range(1, 9)]
    assert office.findings() == []


@pytest.mark.parametrize("attempt", range(3))
def test_members_that_are_added_to_a_combo_at_once_share_its_price(office: Office, attempt: int) -> None:
    combo = {"pricing": "fixed", "price": "90.00"}
    office.load(contracts={"four": {"name": "Four", "months": 12, "combo": combo}})
    customer = office.register()
    number = office.provider.do(
        OpenContract(customer=customer, template="four", number="C"), actor=ANA
    ).contract
    subscriptions = [office.subscribe(customer) for _ in range(4)]
    first = AddToCombo(contract=number, subscription=subscriptions[0])
    office.provider.do(first, actor=ANA)
    others = [AddToCombo(contract=number, subscription=each) for each in subscriptions[1:]]

    done = together(*[lambda c=c: office.provider.do(c, actor=ANA) for c in others])

    view = office.provider.contracts.show(number, actor=ANA)
    assert not [one for one in done if isinstance(one, Exception)]
    assert [str(one.to_pay.amount) for one in view.members] == ["22.50"] * 4
    assert office.findings() == []


@pytest.mark.parametrize("attempt", range(3))
def test_contracts_with_numbers_ahead_in_a_series_are_made_at_once(office: Office, attempt: int) -> None:
    office.load(contracts={"home": {"name": "Home", "months": 12, "number": "{series}"}})
    one, other = office.register("Ana"), office.register("Bia")
    for number in (2, 4, 6, 8):
        for customer, typed in ((one, number), (other, number + 1)):
            office.provider.do(OpenContract(customer=customer, template="home", number=str(typed)), actor=ANA)

    acts = [OpenContract(customer=(one, other)[n % 2], template="home") for n in range(10)]
    done = together(*[lambda c=c: office.provider.do(c, actor=ANA) for c in acts])

    assert not [found for found in done if isinstance(found, Exception)]
    assert office.findings() == []
