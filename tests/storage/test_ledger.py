"""Keys that keep an entry from being written twice, and versions that keep an update from being lost."""

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from attrs import evolve

from ispcore.billing import ClosedSubscription, Closing, OpenAmounts, Payment
from ispcore.errors import ConcurrentChangeError, NotFoundError, RefusedError, StorageError
from ispcore.plans import AddItem, cycle_holding
from ispcore.storage.tables import charges, closings, payments
from ispcore.values import ChargeId, CustomerId, PaymentId, SubscriptionId
from tests.catalogues import brl
from tests.providers import ANA, Office

LEAP_DAY = date(2012, 2, 29)
NOON = datetime(2012, 3, 1, 12, tzinfo=UTC)


def test_a_closing_that_is_saved_twice_is_refused_whole(office: Office) -> None:
    customer = office.register()
    office.subscribe(customer, "fibre")
    (closing,) = office.provider.preview(LEAP_DAY, actor=ANA, customer=customer)
    with office.database.writing() as work:
        found = [(closing, rows) for _, rows in work.ledger.books([customer])]
        work.ledger.save(found, LEAP_DAY)
    before = office.dump()

    with pytest.raises(ConcurrentChangeError), office.database.writing() as work:
        work.ledger.save(found, LEAP_DAY)

    assert office.dump() == before


def test_the_key_of_a_charge_alone_keeps_it_from_being_issued_twice(office: Office) -> None:
    customer = office.register()
    subscription = office.subscribe(customer, "fibre")
    (closing,) = office.provider.preview(LEAP_DAY, actor=ANA, customer=customer)
    office.close(LEAP_DAY)
    before = office.dump()

    row = office.provider.subscription(subscription, actor=ANA).row
    with pytest.raises(ConcurrentChangeError), office.database.writing() as work:
        work.ledger.save([(closing, [row])], LEAP_DAY)

    assert office.dump() == before


def test_a_row_of_a_charge_cannot_be_inserted_twice(office: Office) -> None:
    office.subscribe(office.register())
    office.close(LEAP_DAY)

    with office.database.reading() as work:
        row = dict(work.connection.execute(charges.select()).mappings().one())
    with pytest.raises(StorageError, match=r"(?i)unique"), office.database.writing() as work:
        work.connection.execute(charges.insert(), [row])


def test_a_charge_cannot_be_deleted_while_it_is_asked_for(office: Office) -> None:
    office.subscribe(office.register())
    office.close(LEAP_DAY)

    with pytest.raises(StorageError, match=r"(?i)foreign key"), office.database.writing() as work:
        work.connection.execute(charges.delete())


def test_a_subscription_that_moved_is_not_closed_over(office: Office) -> None:
    customer = office.register()
    subscriptions = [office.subscribe(customer, on=date(2012, 2, day)) for day in (1, 2, 3)]
    with office.database.writing() as work:
        rows = [work.subscriptions.get(number)[1] for number in subscriptions]
        stale = [*rows[:2], evolve(rows[2], version=9)]
        found = [ClosedSubscription(row.id, (), (), (), LEAP_DAY, None) for row in rows]

        with pytest.raises(ConcurrentChangeError, match="1, 2, 3"):
            work.subscriptions.close(zip(stale, found, strict=True))


def test_a_subscription_that_moved_is_not_written_over(office: Office) -> None:
    subscription = office.subscribe(office.register())
    with office.database.writing() as work:
        timeline, row = work.subscriptions.get(subscription)
        work.subscriptions.update(timeline, row)

        with pytest.raises(ConcurrentChangeError):
            work.subscriptions.update(timeline, row)


def test_a_customer_who_was_changed_is_not_written_over(office: Office) -> None:
    customer = office.register()
    with office.database.writing() as work:
        state = work.customers.state(customer)
        work.customers.update(state, 1)

        with pytest.raises(ConcurrentChangeError):
            work.customers.update(state, 1)


def test_a_closing_bumps_the_version_of_what_it_moved_and_of_nothing_else(office: Office) -> None:
    one = office.subscribe(office.register("Ana"))
    later = office.subscribe(office.register("Bia"), on=date(2012, 4, 1))

    office.close(LEAP_DAY)
    office.close(LEAP_DAY)

    assert office.provider.subscription(one, actor=ANA).row.version == 2
    assert office.provider.subscription(later, actor=ANA).row.version == 1


def test_a_payment_is_kept_once_for_each_id_of_its_provider(office: Office) -> None:
    customer = office.register()
    paid = Payment(PaymentId("bank:1"), customer, "net", brl("5.00"), LEAP_DAY, "bank", "1")
    with office.database.writing() as work:
        (allocation,) = OpenAmounts([], []).settle_payment(paid, [])
        work.ledger.record_payment(paid, [allocation], at=NOON, actor="ana", command_id="c")

    again = evolve(paid, id=PaymentId("other"))
    with pytest.raises(RefusedError, match="recorded before"), office.database.writing() as work:
        work.ledger.record_payment(again, [allocation], at=NOON, actor="ana", command_id="d")

    with office.database.reading() as work:
        assert work.connection.scalar(sa.select(sa.func.count()).select_from(payments)) == 1
        assert work.ledger.payment("bank", "1") == paid
        assert work.ledger.payments(customer) == (paid,)
        assert work.ledger.allocations(customer) == (allocation,)
        assert work.ledger.payment("bank", "2") is None


def test_equal_terms_are_stored_once(office: Office) -> None:
    for name in ("Ana", "Bia", "Caio"):
        office.subscribe(office.register(name))

    office.close(date(2012, 3, 31))

    assert office.sql("select count(*) from closings") == [(6,)]
    assert office.sql("select count(*) from terms") == [(1,)]


def test_terms_that_reach_a_closed_cycle_later_are_pinned_to_it(office: Office) -> None:
    subscription = office.subscribe(office.register(), on=date(2012, 2, 1))
    office.close(LEAP_DAY)
    office.do(AddItem(subscription=subscription, service="mailbox", on=date(2012, 2, 15)))
    february = cycle_holding(date(2012, 2, 1), 31)

    office.close(LEAP_DAY)

    with office.database.reading() as work:
        assert set(work.ledger.pinned(subscription, february).compositions) == {"adsl", "mailbox"}
    office.load(services={"mailbox": _mailbox_with_lines()})
    assert office.findings() == []
    assert all(
        office.provider.explain(charge.id, actor=ANA).agrees for charge in office.charges(subscription)
    )


def _mailbox_with_lines() -> dict[str, object]:
    booked = {"account": "3.1.01", "company": "media", "document_type": "nfse"}
    lines = [{"id": "mail", "description": "Correio", "value": "4.00"}]
    return {
        "name": "E-mail",
        "versions": [{"from": "2010-01-01", "price": "10.00", "lines": lines, **booked}],
    }


@pytest.mark.parametrize("number", [99, -1])
def test_what_does_not_exist_is_not_found(office: Office, number: int) -> None:
    office.subscribe(office.register())
    with office.database.reading() as work:
        with pytest.raises(NotFoundError):
            work.subscriptions.get(SubscriptionId(number))
        with pytest.raises(NotFoundError):
            work.customers.get(CustomerId(number))
        with pytest.raises(NotFoundError):
            work.customers.state(CustomerId(number))
        with pytest.raises(NotFoundError):
            work.ledger.charge(ChargeId(str(number)))
        with pytest.raises(NotFoundError):
            work.ledger.pinned(SubscriptionId(1), cycle_holding(LEAP_DAY, 31))
        with pytest.raises(NotFoundError):
            work.actors.get(str(number))


def test_nothing_found_is_nothing_to_save(office: Office) -> None:
    customer = office.register()
    before = office.dump()

    with office.database.writing() as work:
        work.ledger.save([], LEAP_DAY)
        work.ledger.save([(Closing((), ()), ())], LEAP_DAY)
        assert [account.customer for account, _ in work.ledger.books([customer])] == [customer]

    assert office.dump() == before
    assert office.sql(f"select count(*) from {closings.name}") == [(0,)]
