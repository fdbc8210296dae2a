"""What is done about sessions, against a fake access concentrator: who is online, closing, another speed."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from attrs import evolve

from ispcore.driver import (
    Access,
    Action,
    Adjust,
    Busy,
    Disconnect,
    Discover,
    Done,
    DriverError,
    History,
    Invalid,
    Login,
    OpenSession,
    OutcomeUnknown,
    PlacementId,
    Sessions,
    Site,
    Unreachable,
    Unsupported,
)
from ispcore_radius import Vendor
from ispcore_radius.session import RadiusSession
from ispcore_radius.testing import Asked, FakeAccessPoint
from plugins.radius.tests.calls import DRIVER, Call, login, resource
from plugins.radius.tests.databases import Database

NINE = datetime(2026, 3, 1, 9, tzinfo=UTC)
POINT = "10.0.0.1"


@pytest.fixture
def point() -> Iterator[FakeAccessPoint]:
    """An access concentrator that takes requests."""
    with FakeAccessPoint("s3cret").listening() as listening:
        yield listening


class Desk:
    """Somebody who acts on a database's sessions, while 10.0.0.1 is the fake access point."""

    def __init__(self, database: Database, point: FakeAccessPoint) -> None:
        self.database = database
        self.point = point
        self.settings: dict[str, Any] = {"coa_seconds": 1}
        self.dialled: list[tuple[str, int]] = []
        if not self.run("SELECT nasname FROM nas"):
            self.run("INSERT INTO nas (nasname, secret) VALUES (?, ?)", POINT, "s3cret")

    def run(self, statement: str, *values: object) -> list[Any]:
        return self.database.run(statement, *values)

    def when(self, instant: datetime) -> object:
        """Write an instant as FreeRADIUS does."""
        return int(instant.timestamp()) if self.database.server is None else instant

    def connect(
        self, username: str, session: str, *, point: str = POINT, ghost: bool = False, since: datetime = NINE
    ) -> None:
        """Let somebody be online; a ghost only in the table."""
        self.run(
            "INSERT INTO radacct (acctsessionid, username, nasipaddress, framedipaddress, callingstationid,"
            " acctterminatecause, acctstarttime) VALUES (?, ?, ?, '100.64.0.9', 'AA-BB-CC-00-00-01', '', ?)",
            session,
            username,
            point,
            self.when(since),
        )
        if not ghost:
            self.point.open[session] = username

    def dial(self, host: str, port: int) -> tuple[str, int]:
        """Reach the fake access point for 10.0.0.1, and nobody for the others."""
        if not host.startswith("10."):
            return host, port
        self.dialled.append((host, port))
        return "127.0.0.1", self.point.port if host == POINT else 9

    def act(self, action: Action[Any], *logins: Login, seconds: float = 20) -> list[Any]:
        """Act, and return the values that came."""
        with DRIVER.open(Site(evolve(self.database.config, **self.settings), self.dial)) as session:
            assert isinstance(session, RadiusSession)
            on = [resource(one) for one in logins]
            found = list(session.act(action, on, Call(seconds=seconds)))
        assert {one.target for one in found} <= (set[PlacementId | None](one.id for one in on) or {None})
        return [one.value for one in found]

    def rows(self) -> list[Any]:
        """Return the sessions: their names, whether they have ended, and why."""
        said = "SELECT acctsessionid, acctstoptime IS NOT NULL, acctterminatecause FROM radacct"
        return [
            (session, bool(over), cause) for session, over, cause in self.run(f"{said} ORDER BY radacctid")
        ]


@pytest.fixture
def desk(database: Database, point: FakeAccessPoint) -> Desk:
    """Ana is online with two sessions, and Bia with one."""
    desk = Desk(database, point)
    desk.connect("ana", "a1")
    desk.connect("ana", "a2")
    desk.connect("bia", "b1")
    return desk


def test_who_is_online_is_told_with_since_when_where_and_with_which_addresses(desk: Desk) -> None:
    everybody = desk.act(Sessions())
    ana = desk.act(Sessions(), login("ana"))

    assert [(one.username, one.id) for one in everybody] == [("ana", "a1"), ("ana", "a2"), ("bia", "b1")]
    assert ana[0] == OpenSession(
        id="a1", username="ana", since=NINE, address="100.64.0.9", mac="AA-BB-CC-00-00-01", access_point=POINT
    )
    assert [one.id for one in ana] == ["a1", "a2"]


def test_everybody_is_told_a_batch_at_a_time(desk: Desk) -> None:
    desk.settings["batch"] = 2

    assert [one.id for one in desk.act(Sessions())] == ["a1", "a2", "b1"]


def test_the_last_connection_of_a_login_tells_whether_it_is_connected_and_with_what(desk: Desk) -> None:
    online, offline = desk.act(History(), login("ana")), desk.act(History(), login("caio"))

    (last,) = online
    assert (last.id, last.since, last.until) == ("a2", NINE, None)
    assert (last.address, last.mac, last.access_point) == ("100.64.0.9", "AA-BB-CC-00-00-01", POINT)
    assert offline == []


def at(hour: int) -> datetime:
    return NINE.replace(hour=hour)


@pytest.mark.parametrize(
    ("since", "until", "told"),
    [
        ("2026-03-01", "2026-03-02", ["b3", "b2", "b1"]),
        ("2026-03-01T10:30", "2026-03-01T12:00", ["b2"]),
        ("2026-03-01T11:00-03:00", None, ["b3"]),
        ("2026-03-01T10:00", "2026-03-01T11:00+00:00", ["b1"]),
        ("2026-02-01", "2026-02-28", []),
        (None, "2026-03-01T13:00", ["b2"]),
    ],
)
def test_a_statement_has_the_sessions_with_a_part_in_its_span_the_latest_first(
    desk: Desk, since: str | None, until: str | None, told: list[str]
) -> None:
    """Of Bia: from 9 to 10 h, from 11 to 12 h, and from 14 h on."""
    desk.run("UPDATE radacct SET acctstoptime = ? WHERE acctsessionid = 'b1'", desk.when(at(10)))
    desk.connect("bia", "b2", since=at(11))
    desk.run("UPDATE radacct SET acctstoptime = ? WHERE acctsessionid = 'b2'", desk.when(at(12)))
    desk.connect("bia", "b3", since=at(14))

    found = desk.act(History(since=since, until=until), login("bia"))

    assert [one.id for one in found] == told


def test_a_span_is_told_in_instants(desk: Desk) -> None:
    with pytest.raises(Invalid, match="'March' is no instant"):
        desk.act(History(since="March"), login("bia"))


def test_each_session_of_a_login_is_closed_and_nobody_elses(desk: Desk) -> None:
    done = desk.act(Disconnect(), login("ana"))

    assert done == [
        Done(note="ana: session a1 on 10.0.0.1 was closed."),
        Done(note="ana: session a2 on 10.0.0.1 was closed."),
    ]
    assert desk.point.open == {"b1": "bia"}


def test_who_is_not_online_has_nothing_to_close(desk: Desk) -> None:
    assert desk.act(Disconnect(), login("caio")) == [Done(note="caio has no session that is open.")]


def test_an_access_point_is_emptied_with_an_answer_for_each_session(desk: Desk) -> None:
    desk.connect("caio", "c1", point="10.0.0.2")

    done = desk.act(Disconnect(access_point=POINT))

    assert [one.note.partition(" ")[0] for one in done] == ["ana:", "ana:", "bia:"]
    assert desk.point.open == {"c1": "caio"}


def test_an_access_point_is_asked_so_many_times_a_second_and_no_more(desk: Desk) -> None:
    desk.settings["coa_per_second"] = 10
    began = time.monotonic()

    desk.act(Disconnect(access_point=POINT))

    assert time.monotonic() - began > 0.2


def test_what_there_is_no_time_for_is_told_and_stays_as_it_is(desk: Desk) -> None:
    done = desk.act(Disconnect(access_point=POINT), seconds=1.5)

    assert [type(one) for one in done] == [Busy, Busy, Busy]
    assert len(desk.point.open) == 3


def test_a_session_that_its_access_point_does_not_know_is_closed_in_the_table(desk: Desk) -> None:
    desk.connect("caio", "c1", ghost=True)

    (done,) = desk.act(Disconnect(), login("caio"))

    assert done == Done(
        note="caio: session c1 on 10.0.0.1 was none any more; its row is closed (Admin-Reset)."
    )
    assert desk.rows() == [
        ("a1", False, ""),
        ("a2", False, ""),
        ("b1", False, ""),
        ("c1", True, "Admin-Reset"),
    ]
    assert desk.act(Sessions(), login("caio")) == []


def test_a_ghosts_row_ends_now_as_the_server_would_write_it(desk: Desk) -> None:
    desk.connect("caio", "c1", ghost=True)

    desk.act(Disconnect(), login("caio"))

    ((stopped,),) = desk.run("SELECT acctstoptime FROM radacct WHERE acctsessionid = 'c1'")
    told = stopped if isinstance(stopped, int) else stopped.timestamp()
    assert abs(told - time.time()) < 60


def test_a_session_that_may_not_be_closed_is_refused_with_the_reason(desk: Desk) -> None:
    desk.point.refuses_to_close = "Administratively-Prohibited"

    (refused,) = desk.act(Disconnect(), login("bia"))

    assert isinstance(refused, Unsupported)
    assert str(refused).startswith(
        "bia: session b1 on 10.0.0.1 was not closed: the access point says Administratively-Prohibited."
    )


def test_a_silent_access_point_is_asked_once_and_nothing_is_taken_for_done(desk: Desk) -> None:
    desk.point.silent = True

    first, second = desk.act(Disconnect(), login("ana"))

    assert isinstance(first, OutcomeUnknown)
    assert "port 3799 of the access point is silent" in str(first)
    assert isinstance(second, Unreachable)
    assert "was silent before" in str(second)
    assert [over for _, over, _ in desk.rows()] == [False, False, False]


def test_a_silent_access_point_does_not_keep_another_from_being_asked(desk: Desk) -> None:
    desk.run("INSERT INTO nas (nasname, secret) VALUES ('10.0.0.9', 's3cret')")
    desk.run("UPDATE radacct SET nasipaddress = '10.0.0.9' WHERE acctsessionid = 'a1'")

    lost, closed = desk.act(Disconnect(), login("ana"))

    assert isinstance(lost, OutcomeUnknown)
    assert closed == Done(note="ana: session a2 on 10.0.0.1 was closed.")


def test_an_answer_that_is_lost_is_asked_for_again_and_comes_to_the_same(desk: Desk) -> None:
    desk.point.loses = 1

    (done,) = desk.act(Disconnect(), login("bia"))

    assert isinstance(done, Done)
    assert [one.session for one in desk.point.asked] == ["b1", "b1"]
    assert "b1" not in desk.point.open
    assert ("b1", True, "Admin-Reset") in desk.rows()


def test_another_secret_is_as_good_as_silence(desk: Desk) -> None:
    desk.point.secret = "another"

    (lost,) = desk.act(Disconnect(), login("bia"))

    assert isinstance(lost, OutcomeUnknown)
    assert desk.point.asked == []


def test_an_access_point_without_a_secret_is_not_asked(desk: Desk) -> None:
    desk.run("DELETE FROM nas")

    (refused,) = desk.act(Disconnect(), login("bia"))

    assert isinstance(refused, Invalid)
    assert "no secret of the access point is known" in str(refused)
    assert "s3cret" not in str(refused)


def test_one_secret_of_all_access_points_goes_before_the_table(desk: Desk) -> None:
    from ispcore.values import SecretText

    desk.run("DROP TABLE nas") if desk.database.server is None else desk.run("DELETE FROM nas")
    desk.settings["coa_secret"] = SecretText("s3cret")

    assert desk.act(Disconnect(), login("bia")) == [Done(note="bia: session b1 on 10.0.0.1 was closed.")]


@pytest.mark.parametrize(("words", "signed"), [("", True), ("unsigned", False)])
def test_requests_are_signed_unless_the_access_point_does_not_take_that(
    desk: Desk, words: str, signed: bool
) -> None:
    desk.settings["access_points"] = (f"{POINT} {words}",)

    desk.act(Disconnect(), login("bia"))

    assert desk.point.asked == [Asked("close", "b1", {}, signed)]


def test_an_access_point_is_asked_on_its_own_port(desk: Desk) -> None:
    desk.settings["access_points"] = (f"{POINT} port=1700",)

    desk.act(Disconnect(), login("bia"))

    assert desk.dialled == [(POINT, 1700)]


def test_an_open_session_takes_over_another_speed_and_stays_open(desk: Desk) -> None:
    done = desk.act(Adjust(), login("bia", download_kbit=20_000, upload_kbit=5_000))

    assert done == [Done(note="bia: session b1 on 10.0.0.1 has the new speed.")]
    assert desk.point.asked == [Asked("adjust", "b1", {"Mikrotik-Rate-Limit": "5000k/20000k"}, True)]
    assert "b1" in desk.point.open


@pytest.mark.parametrize(
    ("vendor", "values"),
    [
        (Vendor.HUAWEI, {"Huawei-Output-Average-Rate": 20_000_000}),
        (Vendor.CISCO, {"Cisco-AVPair": "ip:sub-qos-policy-out=down-20000k"}),
        (Vendor.JUNIPER, {"ERX-Egress-Policy-Name": "down-20000k"}),
    ],
)
def test_each_vendor_is_asked_for_another_speed_in_its_words(
    desk: Desk, vendor: Vendor, values: dict[str, str | int]
) -> None:
    desk.settings["vendor"] = vendor

    desk.act(Adjust(), login("bia", download_kbit=20_000))

    assert desk.point.asked == [Asked("adjust", "b1", values, signed=True)]


def test_each_access_point_is_asked_in_the_words_of_its_vendor(desk: Desk) -> None:
    desk.settings["access_points"] = (f"{POINT} port=3799 vendor=huawei", "10.0.0.9 vendor=cisco")

    desk.act(Adjust(), login("bia", download_kbit=20_000))

    values = {"Huawei-Output-Average-Rate": 20_000_000}
    assert desk.point.asked == [Asked("adjust", "b1", values, signed=True)]


def test_attributes_that_only_the_server_knows_close_the_session(desk: Desk) -> None:
    desk.settings |= {"vendor": Vendor.GENERIC, "download_attribute": "Down", "upload_attribute": "Up"}

    desk.act(Adjust(), login("bia", download_kbit=20_000))

    assert [one.word for one in desk.point.asked] == ["close"]


@pytest.mark.parametrize("fields", [{"access": Access.WALLED, "download_kbit": 64}, {}])
def test_what_a_speed_cannot_say_closes_the_session(desk: Desk, fields: dict[str, Any]) -> None:
    done = desk.act(Adjust(), login("bia", **fields))

    assert done == [Done(note="bia: session b1 on 10.0.0.1 was closed.")]
    assert [one.word for one in desk.point.asked] == ["close"]


def test_an_access_point_that_cannot_change_a_session_is_only_asked_to_close_it(desk: Desk) -> None:
    desk.settings["access_points"] = (f"{POINT} closes",)

    desk.act(Adjust(), login("bia", download_kbit=20_000))

    assert [one.word for one in desk.point.asked] == ["close"]


def test_a_change_that_is_refused_closes_the_session_which_comes_back_with_the_speed(desk: Desk) -> None:
    desk.point.refuses_to_adjust = "Unsupported-Attribute"

    done = desk.act(Adjust(), login("bia", download_kbit=20_000))

    assert done == [Done(note="bia: session b1 on 10.0.0.1 was closed.")]
    assert [one.word for one in desk.point.asked] == ["adjust", "close"]


def test_a_change_of_a_ghost_closes_its_row(desk: Desk) -> None:
    desk.connect("caio", "c1", ghost=True)

    desk.act(Adjust(), login("caio", download_kbit=20_000))

    assert desk.rows()[-1] == ("c1", True, "Admin-Reset")


def test_a_change_that_is_not_answered_is_not_known(desk: Desk) -> None:
    desk.point.silent = True

    (lost,) = desk.act(Adjust(), login("bia", download_kbit=20_000))

    assert isinstance(lost, OutcomeUnknown)


@pytest.mark.parametrize("action", [Disconnect(), Adjust(), History()])
def test_nothing_is_done_to_nobody(desk: Desk, action: Action[Any]) -> None:
    with pytest.raises(Invalid, match="Say whose sessions"):
        desk.act(action)


def test_what_is_no_matter_of_sessions_is_refused(desk: Desk) -> None:
    with pytest.raises(Unsupported, match="cannot do 'discover'"):
        desk.act(Discover())
    assert issubclass(Unsupported, DriverError)
