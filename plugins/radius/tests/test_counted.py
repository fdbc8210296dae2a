"""From a sign-in to the statement: an access point, a real FreeRADIUS that was set up, and ticks."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from attrs import frozen

from ispcore import Provider
from ispcore.driver import Accounting, AccountingRecord, Site
from ispcore.network import Connection
from ispcore.values import Period, SubscriptionId
from ispcore_radius.testing import FakeAccessPoint
from plugins.radius.tests.calls import DRIVER, Call
from plugins.radius.tests.conftest import BOTH
from plugins.radius.tests.databases import TABLES, Database
from plugins.radius.tests.freeradius import SECRET, reason_for_no_server
from plugins.radius.tests.paging import plan_of
from plugins.radius.tests.shop import CLERK, MARIA, open_shop, sell
from plugins.radius.tests.written import NAS, LiveServer, live
from tests.skips import skip_without_server

pytestmark = pytest.mark.server

HOURS = timedelta(hours=1)


class ServerClock:
    """The clock that FreeRADIUS goes by, which nobody can set."""

    def now(self) -> datetime:
        """Return the instant, in UTC."""
        return datetime.now(UTC)  # noqa: TID251 - see above


CLOCK = ServerClock()


@frozen
class Shop:
    """A provider who sold Maria a line, the access point that she signs in at, and the server's database."""

    provider: Provider
    point: FakeAccessPoint
    database: Database
    server: LiveServer
    subscription: SubscriptionId

    def tick(self) -> dict[str, int]:
        (chore,) = (one for one in self.provider.tick(actor=CLERK).chores if one.name == "accounting")
        assert chore.problems == ()
        return chore.counts

    def stated(self, login: str = "maria") -> tuple[Connection, ...]:
        today = CLOCK.now().date()
        days = Period(today - timedelta(2), today + timedelta(2))
        return self.provider.connections.statement(login, days, actor=CLERK).connections

    def last(self) -> Connection:
        return self.provider.connections.last("maria", actor=CLERK)


@pytest.fixture(scope="module", params=BOTH)
def running(request: pytest.FixtureRequest) -> Iterator[tuple[Database, LiveServer]]:
    """A server that was set up by ``ispcore radius init``, and its database, once on each engine."""
    missing = reason_for_no_server()
    if missing is not None:
        skip_without_server(missing)
    with live(request.param, "--reject-delay", "0") as both:
        yield both


@pytest.fixture
def shop(running: tuple[Database, LiveServer]) -> Iterator[Shop]:
    """A shop on an empty server."""
    database, server = running
    for table in {*TABLES, "radpostauth"} - {"nas"}:
        database.run(f"DELETE FROM {table}")
    point = FakeAccessPoint(SECRET, ("127.0.0.1", server.port, server.acct_port), NAS)
    with open_shop(database.config, clock=CLOCK) as provider:
        yield Shop(provider, point, database, server, sell(provider, MARIA))


def ago(hours: int) -> datetime:
    return CLOCK.now().replace(microsecond=0) - hours * HOURS


def stamp(instant: datetime) -> int:
    """Return an instant as an access point writes it: ``Event-Timestamp``."""
    return int(instant.timestamp())


@pytest.mark.covers("S1-136")
def test_a_connection_is_stated_from_its_start_to_its_stop_with_whose_it_is_and_what_it_carried(
    shop: Shop,
) -> None:
    assert shop.point.sign_in("maria", "correct horse", by="chap").accepted
    shop.point.start("81a0", "maria", Framed_IP_Address="100.64.0.9", Calling_Station_Id="AA-BB-CC-00-00-01")

    assert shop.tick() == {"new": 1, "changed": 0, "limited": 0}
    (open_,) = shop.stated()
    shop.point.goes_on("81a0", Acct_Input_Octets=1_000, Acct_Output_Octets=9_000)
    assert shop.tick()["changed"] == 1
    (going,) = shop.stated()
    shop.point.stop(
        "81a0",
        Acct_Input_Octets=2_000,
        Acct_Output_Octets=70_000,
        Acct_Output_Gigawords=1,
        Acct_Terminate_Cause="User-Request",
    )
    assert shop.tick()["changed"] == 1
    assert shop.tick() == {"new": 0, "changed": 0, "limited": 0}

    (over,) = shop.stated()
    assert [one.subscription for one in (open_, going, over)] == [shop.subscription] * 3
    assert [one.is_open for one in (open_, going, over)] == [True, True, False]
    assert (open_.session, open_.address, open_.mac) == ("81a0", "100.64.0.9", "AA-BB-CC-00-00-01")
    assert (going.octets.up, going.octets.down) == (1_000, 9_000)
    assert (over.octets.up, over.octets.down) == (2_000, 2**32 + 70_000)
    assert (over.access_point, over.cause, over.address) == (NAS, "User-Request", "100.64.0.9")
    assert over.id == open_.id


@pytest.mark.covers("S1-137", "S1-138")
def test_a_statement_has_the_connections_of_one_login_in_a_span(shop: Shop) -> None:
    for session, login, when in (("old", "maria", 24 * 40), ("new", "maria", 5), ("other", "bia", 5)):
        shop.point.start(session, login, Event_Timestamp=stamp(ago(when)))
        shop.point.stop(session, Event_Timestamp=stamp(ago(when - 1)))

    assert shop.tick()["new"] == 3

    assert [one.session for one in shop.stated()] == ["new"]
    assert [one.session for one in shop.stated("bia")] == ["other"]


@pytest.mark.covers("S0-186", "S0-188", "S0-189", "S0-190")
def test_the_last_connection_is_told_with_its_time_its_mac_and_an_address_that_differs_each_time(
    shop: Shop,
) -> None:
    told = []
    for number in (1, 2):
        began = ago(3 - number)
        shop.point.start(
            f"81a{number}",
            "maria",
            Event_Timestamp=stamp(began),
            Framed_IP_Address=f"100.64.0.{number}",
            Calling_Station_Id=f"AA-BB-CC-00-00-0{number}",
        )
        shop.tick()
        last = shop.last()
        told.append((last.started_at == began, last.mac, last.address))

    assert told == [(True, "AA-BB-CC-00-00-01", "100.64.0.1"), (True, "AA-BB-CC-00-00-02", "100.64.0.2")]


def test_a_stop_that_comes_hours_late_is_not_missed_and_says_when_it_was(shop: Shop) -> None:
    began, ended = ago(9), ago(8)
    shop.point.start("81a0", "maria", Event_Timestamp=stamp(began))
    shop.point.start("other", "bia")
    shop.tick()

    # The access point was cut off since, and says now what it had to say then.
    shop.point.stop("81a0", Event_Timestamp=stamp(ended), Acct_Session_Time=3600, Acct_Input_Octets=7)

    assert shop.tick()["changed"] == 1
    last = shop.last()
    assert (last.started_at, last.stopped_at, last.octets.up) == (began, ended, 7)


def test_a_connection_of_which_everything_comes_hours_late_is_not_missed(shop: Shop) -> None:
    shop.point.start("other", "bia")
    shop.tick()

    ended = ago(8)
    shop.point.open["81a0"] = "maria"
    shop.point.stop("81a0", Event_Timestamp=stamp(ended), Acct_Session_Time=3600)

    assert shop.tick()["new"] == 1
    assert (shop.last().started_at, shop.last().stopped_at) == (ended - HOURS, ended)


def test_whom_an_access_point_lost_when_it_started_anew_is_told(shop: Shop) -> None:
    shop.point.start("81a0", "maria", Event_Timestamp=stamp(ago(9)))
    shop.tick()

    assert shop.server.account("Accounting-On", Acct_Session_Id="0")

    assert shop.tick()["changed"] == 1
    assert (shop.last().is_open, shop.last().cause) == (False, "NAS-Reboot")


def test_prefixes_of_ipv6_are_told(shop: Shop) -> None:
    shop.database.run(
        "INSERT INTO radacct (acctsessionid, acctuniqueid, username, nasipaddress, acctstarttime,"
        " acctupdatetime, framedipv6prefix, delegatedipv6prefix)"
        " VALUES ('v6', 'v6', 'maria', '2001:db8::1', ?, ?, '2001:db8:7::/64', '2001:db8:700::/56')",
        *[stamp(ago(1)) if shop.database.server is None else ago(1)] * 2,
    )

    shop.tick()

    (one,) = shop.stated()
    assert (one.ipv6_prefix, one.delegated_prefix) == ("2001:db8:7::/64", "2001:db8:700::/56")
    assert one.access_point == "2001:db8::1"


def test_a_page_is_found_by_an_index_and_not_by_looking_at_every_row(shop: Shop) -> None:
    fill(shop.database, 20_000)
    pages: list[list[AccountingRecord]] = []
    plans: list[str] = []
    with DRIVER.open(Site(shop.database.config)) as session:
        for _ in range(3):
            asked = Accounting(after=pages[-1][-1].cursor if pages else None, most="101")
            plans.append(plan_of(shop.database, asked))
            pages.append([one.value for one in session.act(asked, (), Call())])  # type: ignore[misc] # records
    plans.append(plan_of(shop.database, Accounting(since="2026-03-01T10:00")))

    assert [one.id for page in pages for one in page] == [f"s{number}" for number in range(303)]
    assert all("radacct_written" in plan for plan in plans), plans
    assert not any("Sort" in plan or "TEMP B-TREE" in plan for plan in plans), plans


def fill(database: Database, count: int) -> None:
    """Let many sessions stand there, two of them written in each second."""
    second = "1772355600 + i / 2" if database.server is None else "to_timestamp(1772355600 + i / 2)"
    database.run(
        "INSERT INTO radacct"
        " (acctsessionid, acctuniqueid, username, nasipaddress, acctstarttime, acctupdatetime)"
        f" WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {count - 1})"
        f" SELECT 's' || i, 's' || i, 'maria', '10.0.0.1', {second}, {second} FROM n"
    )
    database.run("ANALYZE radacct")
