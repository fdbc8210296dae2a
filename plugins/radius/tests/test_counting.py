"""What ``radacct`` tells of everybody's connections: in the order in which it was written, page by page."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ispcore.driver import Accounting, AccountingRecord, Disconnect, Invalid, Site
from ispcore_radius.counting import record_of
from ispcore_radius.testing import FakeAccessPoint
from plugins.radius.tests.calls import DRIVER, Call, Desk, desk, login, resource
from plugins.radius.tests.databases import Database, sqlite_database
from plugins.radius.tests.paging import NINE, POINT, plan_of, when, write

PAGE = Path(__file__).parents[3] / "docs" / "plugins" / "radius.md"


def ask(at: Desk, **given: Any) -> list[AccountingRecord]:
    found = [one.value for one in at.session.act(Accounting(**given), (), Call())]
    assert all(isinstance(one, AccountingRecord) for one in found)
    return [one for one in found if isinstance(one, AccountingRecord)]


def ids(found: list[AccountingRecord]) -> list[str]:
    return [one.id for one in found]


def minutes(count: int) -> datetime:
    return NINE + timedelta(minutes=count)


def test_a_session_is_told_as_it_was_counted(database: Database, at: Desk) -> None:
    write(
        database,
        "8F01",
        minutes(70),
        acctuniqueid="e4d909c290d0fb1ca068ffaddf22cbd0",
        acctstoptime=minutes(60),
        acctinputoctets=2**33,
        acctoutputoctets=2**40,
        framedipaddress="100.64.0.9",
        callingstationid="AA-BB-CC-00-00-01",
        acctterminatecause="User-Request",
    )

    (told,) = ask(at)

    assert told == AccountingRecord(
        id="8F01",
        username="ana",
        unique_id="e4d909c290d0fb1ca068ffaddf22cbd0",
        since=NINE,
        until=minutes(60),
        seen_at=minutes(70),
        address="100.64.0.9",
        mac="AA-BB-CC-00-00-01",
        access_point=POINT,
        uploaded_bytes=2**33,
        downloaded_bytes=2**40,
        cause="User-Request",
        cursor=told.cursor,
    )


def test_sessions_are_told_in_the_order_in_which_they_were_written(database: Database, at: Desk) -> None:
    write(database, "third", minutes(3))
    write(database, "first", minutes(1))
    write(database, "second", minutes(2))

    assert ids(ask(at)) == ["first", "second", "third"]
    assert ids(ask(at, since="2026-03-01T09:02")) == ["second", "third"]
    assert ids(ask(at, since="2026-03-01T06:02:01-03:00")) == ["third"]


def test_one_page_leads_to_the_next_also_amid_what_was_written_in_one_second(
    database: Database, at: Desk
) -> None:
    for number in range(5):
        write(database, f"s{number}", NINE)
    write(database, "later", minutes(1))

    found: list[AccountingRecord] = []
    while page := ask(at, most="2", after=found[-1].cursor if found else None, since="2026-03-01"):
        assert len(page) <= 2
        found += page

    assert ids(found) == ["s0", "s1", "s2", "s3", "s4", "later"]


def test_a_session_that_goes_on_while_pages_are_read_is_told_again_as_it_stands_then(
    database: Database, at: Desk
) -> None:
    for number in range(3):
        write(database, f"s{number}", minutes(number))
    (first,) = ask(at, most="1")

    database.run(
        "UPDATE radacct SET acctupdatetime = ?, acctinputoctets = 7 WHERE acctsessionid = 's0'",
        when(database, minutes(9)),
    )

    rest = ask(at, after=first.cursor)
    assert [(one.id, one.uploaded_bytes) for one in rest] == [("s1", None), ("s2", None), ("s0", 7)]


def test_a_row_that_nobody_brought_up_to_date_stands_where_it_ended_or_began(
    database: Database, at: Desk
) -> None:
    write(database, "ended", None, acctstoptime=minutes(60))
    write(database, "began", None, acctstarttime=minutes(5))
    write(database, "never", None, acctstarttime=None)
    write(database, "written", minutes(30))

    assert [(one.id, one.seen_at) for one in ask(at)] == [
        ("began", minutes(5)),
        ("written", minutes(30)),
        ("ended", minutes(60)),
    ]


def test_a_row_without_an_id_of_its_own_has_its_number(database: Database, at: Desk) -> None:
    write(database, "8F01", NINE)
    ((number,),) = database.run("SELECT radacctid FROM radacct")

    (told,) = ask(at)

    assert told.unique_id == str(number)
    assert (told.address, told.mac, told.cause, told.ipv6_prefix) == (None, None, None, None)


def test_a_session_that_was_closed_here_as_a_ghost_is_news(database: Database) -> None:
    write(database, "ghost", NINE, framedipaddress="100.64.0.9", callingstationid="")
    database.run("INSERT INTO nas (nasname, shortname, secret) VALUES (?, ?, ?)", POINT, "tower", "s3cret")
    with desk(database) as at:
        at.make(login())
        assert ask(at, since="2026-03-02") == []
        with FakeAccessPoint("s3cret").listening() as point:
            close(database, point)

        (told,) = ask(at, since="2026-03-02")
    assert (told.until, told.cause) == (told.seen_at, "Admin-Reset")


def close(database: Database, point: FakeAccessPoint) -> None:
    """Close what Ana has open, where 10.0.0.1 is *point*."""

    def dial(host: str, port: int) -> tuple[str, int]:
        return ("127.0.0.1", point.port) if host == POINT else (host, port)

    with DRIVER.open(Site(database.config, dial)) as session:
        list(session.act(Disconnect(), [resource(login())], Call()))


def as_the_page_says(database: Database) -> None:
    """Do what the plugin's page has for a server that was configured otherwise."""
    blocks = re.findall(
        r"```(?:postgresql|sql)\n(CREATE (?:FUNCTION|TRIGGER).*?)```", PAGE.read_text("utf-8"), re.DOTALL
    )
    in_postgresql, in_sqlite = blocks
    if database.server is None:
        with closing(sqlite3.connect(database.config.path)) as connection:
            connection.executescript(in_sqlite)
        return
    for statement in re.split(r";\n(?=CREATE)", in_postgresql):
        database.run(statement)


@pytest.fixture
def stock(database: Database) -> Iterator[Database]:
    """A database of a server that was configured otherwise, with one session from before."""
    write(database, "before", NINE)
    as_the_page_says(database)
    yield database
    if database.server is not None:
        database.run("DROP FUNCTION radacct_written CASCADE")
        database.run("DROP INDEX radacct_written")


def test_what_the_page_says_for_other_servers_lets_a_late_record_be_seen(stock: Database) -> None:
    with desk(stock) as at:
        assert ids(ask(at, since="2026-03-02")) == []

        write(stock, "late", minutes(1))
        assert ids(ask(at, since="2026-03-02")) == ["late"]
        stock.run("UPDATE radacct SET acctstoptime = acctstarttime WHERE acctsessionid = 'before'")
        assert sorted(ids(ask(at, since="2026-03-02"))) == ["before", "late"]

    if stock.server is None:  # the other engine looks at so small a table at once
        assert "radacct_written" in plan_of(stock, Accounting(since="2026-03-02"))


@pytest.mark.parametrize(
    ("given", "what"),
    [
        ({"since": "March"}, "'March' is no instant"),
        ({"after": "March"}, "'March' is no cursor"),
        ({"after": "2026-03-01/x"}, "'2026-03-01/x' is no cursor"),
        ({"most": "0"}, "cannot have '0' sessions"),
        ({"most": "10001"}, "cannot have '10001' sessions"),
        ({"most": "all"}, "cannot have 'all' sessions"),
    ],
)
def test_what_says_nothing_is_refused(at: Desk, given: dict[str, str], what: str) -> None:
    with pytest.raises(Invalid, match=what):
        ask(at, **given)


def test_instants_that_stand_in_a_file_as_texts_are_paged_through_too(tmp_path: Path) -> None:
    database = sqlite_database(tmp_path)
    write(database, "number", NINE)
    for number in range(3):
        write(database, f"text{number}", None)
        spoil = "UPDATE radacct SET acctupdatetime = '2026-03-02 08:00:00' WHERE acctsessionid = ?"
        database.run(spoil, f"text{number}")

    with desk(database) as at:
        first = ask(at, most="2")
        second = ask(at, most="2", after=first[-1].cursor)

        assert ids(first + second) == ["number", "text0", "text1", "text2"]
        assert second[-1].seen_at == datetime(2026, 3, 2, 8, tzinfo=UTC)
        assert ask(at, after=second[-1].cursor) == []


def test_a_row_that_somebody_has_spoilt_holds_up_no_other() -> None:
    row: dict[str, Any] = dict.fromkeys(
        ["acctsessionid", "username", "framedipaddress", "callingstationid", "nasipaddress"]
    )
    row |= dict.fromkeys(["acctinputoctets", "acctoutputoctets", "acctterminatecause", "acctstoptime"])
    row |= {"radacctid": 7, "acctupdatetime": "0000-00-00", "acctstarttime": 1772355600}

    told = record_of(row)

    assert (told.since, told.seen_at, told.cursor) == (NINE, NINE, "0000-00-00/7")
    assert record_of({**row, "acctstarttime": None}).seen_at == datetime(1970, 1, 1, tzinfo=UTC)
