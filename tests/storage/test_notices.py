"""Notices in the database: on each engine, for two at once, and over an older one."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from ispcore.app import Provider
from ispcore.customers import ChangeCustomer
from ispcore.effects import HandedOver
from ispcore.notices import About, ReachedStage, SubjectOfNotice, desired_notices
from ispcore.storage import SqlDatabase
from ispcore.testing import MockNotifier
from ispcore.usecases import opening
from ispcore.values import CustomerId
from tests.catalogues import march
from tests.notices.samples import bill
from tests.providers import ANA, MovableClock, Office


@pytest.fixture
def server_office(unmade_database: str) -> Iterator[Office]:
    """An office on each engine, with a customer who has an address."""
    office = Office(None, unmade_database)
    office.load()
    customer = office.register()
    office.provider.do(ChangeCustomer(customer=customer, details={"email": "ana@example.org"}), actor=ANA)
    office.clock.move_to(march(11))
    yield office
    office.provider.close_database()


def warn(office: Office, count: int) -> None:
    with office.database.writing() as work:
        catalogue = work.catalogue.current()
        when = opening(catalogue, "londrina", march(11))
        slips = [About(SubjectOfNotice.SLIP, str(number)) for number in range(count)]
        stages = [
            ReachedStage(
                bill=bill(customer=CustomerId(1), subscription=None, about=slip, opening=when),
                stage="warning",
            )
            for slip in slips
        ]
        desired = desired_notices([], stages, catalogue.notices, march(11))
        assert len(work.notices.ask(desired)) == count
        assert work.notices.ask(desired) == ()


def test_two_who_hand_over_at_once_hand_each_notice_over_once(server_office: Office) -> None:
    warn(server_office, 40)
    notifiers = [MockNotifier(), MockNotifier()]

    def work(notifier: MockNotifier) -> HandedOver:
        clock = MovableClock()
        clock.move_to(march(11))
        database = SqlDatabase(server_office.url)
        with Provider(database, clock=clock) as provider:
            return provider.notices.hand_over(actor=ANA, notifiers={"email": notifier})

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(work, notifiers))

    assert sum(one.told for one in found) == 40
    handed = [message.id for notifier in notifiers for message in notifier.handed]
    assert len(handed) == len(set(handed)) == 40
    with server_office.database.reading() as work_:
        assert len(work_.notices.handed_over([CustomerId(1)])) == 40


@pytest.mark.sqlite_only("the plan of so few rows says nothing on a server")
def test_what_is_handed_over_next_is_found_by_an_index(office: Office) -> None:
    plan = office.sql(
        "explain query plan select * from notices where channel = 'email' and state = 'waiting' "
        "and try_at <= '2012-03-11' order by try_at, id limit 1"
    )

    assert "ix_notices_due" in plan[0][-1]
