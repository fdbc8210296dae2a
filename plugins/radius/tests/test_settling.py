"""Who is connected has what the tables say, or is sent away; and as long as not, a login does not count."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
from attrs import define, evolve

from ispcore.driver import Access, Busy, Cancelled, Change, DriverError, Seen, Unsettled
from ispcore.network import difference
from ispcore.values import SecretText
from ispcore_radius.terms import terms_of
from ispcore_radius.testing import FakeAccessPoint
from plugins.radius.tests.calls import Call, Desk, change, deleting, desk, login, resource, seen_login
from plugins.radius.tests.databases import Database

POINT = "10.0.0.1"
FAST = login(download_kbit=20_000, upload_kbit=5_000)


@define
class Line:
    """A database, and the one access point of its customers."""

    database: Database
    point: FakeAccessPoint
    settings: dict[str, Any]

    def connect(self, session: str, username: str = "ana", terms: str | None = None) -> None:
        """Let somebody be online, on terms that the access point tells or, as by default, does not."""
        self.database.run(
            "INSERT INTO radacct (acctsessionid, username, nasipaddress, framedipaddress, acctterminatecause,"
            " class) VALUES (?, ?, ?, '100.64.0.9', '', ?)",
            session,
            username,
            POINT,
            terms,
        )
        self.point.open[session] = username

    def desk(self) -> AbstractContextManager[Desk]:
        """Open a session that finds the access point."""
        return desk(self.database, self.point.port, **self.settings)

    def apply(self, *changes: Change, call: Call | None = None) -> Seen | DriverError | None:
        """Apply in one call, and return what became of the last change."""
        with self.desk() as at:
            return at.apply(*changes, call=call)[-1]

    def one(self, username: str = "ana") -> Seen | None:
        with self.desk() as at:
            return at.one(username)

    def now(self) -> Seen:
        found = self.one()
        assert found is not None
        return found

    def online(self) -> list[Any]:
        """Return the open sessions, and the terms of each."""
        said = "SELECT acctsessionid, class FROM radacct WHERE acctstoptime IS NULL ORDER BY acctsessionid"
        return self.database.run(said)

    @property
    def asked(self) -> list[tuple[str, str]]:
        return [(one.word, one.session) for one in self.point.asked]


@pytest.fixture
def line(database: Database) -> Iterator[Line]:
    """Ana has a login; nobody is online."""
    with FakeAccessPoint("s3cret").listening() as point:
        database.run("INSERT INTO nas (nasname, secret) VALUES (?, ?)", POINT, "s3cret")
        line = Line(database, point, {"coa_seconds": 1})
        with line.desk() as at:
            at.make(FAST)
        yield line


@pytest.mark.parametrize("tells", [True, False], ids=["telling its terms", "telling nothing"])
def test_who_is_suspended_is_sent_away(line: Line, tells: bool) -> None:
    line.connect("a1", terms=terms_of(FAST).value if tells else None)
    line.connect("b1", "bia")

    now = line.apply(change(line.now(), access=Access.REFUSED))

    assert isinstance(now, Seen)
    assert (seen_login(now).access, now.unsettled) == (Access.REFUSED, None)
    assert line.asked == [("close", "a1")]
    assert line.online() == [("b1", None)]


@pytest.mark.parametrize("tells", [True, False], ids=["telling its terms", "telling nothing"])
def test_who_is_connected_gets_another_speed_and_stays(line: Line, tells: bool) -> None:
    line.connect("a1", terms=terms_of(FAST).value if tells else None)

    now = line.apply(change(line.now(), download_kbit=1_000, upload_kbit=500))

    assert isinstance(now, Seen)
    assert now.unsettled is None
    assert line.point.asked[0].values == {"Mikrotik-Rate-Limit": "500k/1000k"}
    assert line.online() == [("a1", terms_of(seen_login(now)).value)]
    assert line.apply(change(now, password=SecretText("another"))) == line.one()
    assert line.asked == [("adjust", "a1")]


@pytest.mark.parametrize("fields", [{"address": "100.64.3.7"}, {"access": Access.WALLED}, {"vlan": 7}])
def test_who_is_to_have_more_than_another_speed_has_to_connect_anew(
    line: Line, fields: dict[str, Any]
) -> None:
    line.connect("a1")

    line.apply(change(line.now(), download_kbit=1_000, **fields))

    assert (line.asked, line.online()) == ([("close", "a1")], [])


def test_a_suspension_is_not_done_as_long_as_somebody_cannot_be_sent_away(line: Line) -> None:
    line.connect("a1")
    line.point.silent = True

    refused = line.apply(change(line.now(), access=Access.REFUSED))
    waiting = line.now()
    line.point.silent = False
    after = evolve(seen_login(waiting), password=None)
    again = difference(resource(after, "ana"), waiting, after)
    assert again is not None
    done = line.apply(again)

    assert isinstance(refused, Unsettled)
    assert "a1 on 10.0.0.1: port 3799 of the access point is silent" in refused.message
    assert seen_login(waiting).access is Access.REFUSED
    assert waiting.unsettled == "ana is still connected as before: session a1 on 10.0.0.1."
    assert again.fields == frozenset()
    assert isinstance(done, Seen)
    assert done.unsettled is None


def test_who_signed_in_just_before_a_change_is_found_by_the_terms_that_the_session_bears(line: Line) -> None:
    before = terms_of(FAST).value
    line.apply(change(line.now(), download_kbit=1_000, upload_kbit=500))
    line.connect("a1", terms=before)

    waiting = line.now()
    again = difference(resource(seen_login(waiting), "ana"), waiting, seen_login(waiting))
    assert again is not None
    done = line.apply(again)

    assert waiting.unsettled is not None
    assert isinstance(done, Seen)
    assert done.unsettled is None
    assert line.asked == [("adjust", "a1")]


def test_a_change_that_is_cut_before_anybody_is_asked_is_found_unfinished(line: Line) -> None:
    line.connect("a1")
    calls = Call()

    def cut() -> None:
        if calls.checkpoints > 1:
            raise Cancelled("killed")

    calls.on_checkpoint = cut
    with pytest.raises(Cancelled) as error:
        line.apply(change(line.now(), download_kbit=1_000, upload_kbit=500), call=calls)

    assert error.value.wrote
    assert line.now().unsettled == "ana is still connected as before: session a1 on 10.0.0.1."


@pytest.mark.parametrize("terms", [None, "0x61693a31"], ids=["no class", "a class of somebody else"])
def test_a_session_whose_terms_nobody_knows_is_left_alone(line: Line, terms: str | None) -> None:
    line.connect("a1", terms=terms)

    assert line.now().unsettled is None


def test_a_session_that_is_open_under_a_refused_login_is_never_as_it_should(line: Line) -> None:
    line.apply(change(line.now(), access=Access.REFUSED))
    line.connect("a1", terms="0x61693a31")

    assert line.now().unsettled is not None


def test_nobody_is_connected_under_a_login_that_is_gone(line: Line) -> None:
    line.connect("a1")

    assert line.apply(deleting(line.now())) is None

    assert (line.asked, line.online(), line.one()) == ([("close", "a1")], [], None)


def test_a_login_that_cannot_be_emptied_stays_and_is_refused(line: Line) -> None:
    line.connect("a1")
    line.point.refuses_to_close = "Administratively-Prohibited"

    refused = line.apply(deleting(line.now()))
    left = line.now()
    line.point.refuses_to_close = None
    done = line.apply(deleting(left))

    assert isinstance(refused, Unsettled)
    assert "Administratively-Prohibited" in refused.message
    assert seen_login(left).access is Access.REFUSED
    assert (done, line.one()) == (None, None)


def test_a_name_is_given_up_when_nobody_is_connected_under_it(line: Line) -> None:
    line.connect("a1")
    line.point.silent = True
    before = line.now()

    refused = line.apply(change(before, username="anna"))
    kept = line.now()
    line.point.silent = False
    done = line.apply(change(before, username="anna"))

    assert isinstance(refused, Unsettled)
    assert kept == evolve(before, unsettled=None)
    assert isinstance(done, Seen)
    assert (done.key, line.one(), line.online()) == ("anna", None, [])


def test_who_cannot_be_asked_in_time_is_asked_when_the_change_is_made_again(line: Line) -> None:
    for session in ("a1", "a2", "a3"):
        line.connect(session)
    line.settings["coa_per_second"] = 1

    with pytest.raises(Busy) as error:
        line.apply(change(line.now(), access=Access.REFUSED), call=Call(seconds=4))

    assert error.value.wrote
    left = [name for name, _ in line.online()]
    assert 0 < len(left) < 3
    assert left[-1] in (line.now().unsettled or "")


def test_sessions_are_left_alone_where_that_is_chosen(line: Line) -> None:
    line.settings["follow_sessions"] = False
    line.connect("a1")

    now = line.apply(change(line.now(), access=Access.REFUSED))

    assert isinstance(now, Seen)
    assert (now.unsettled, line.asked) == (None, [])


def test_terms_that_somebody_changed_by_hand_are_written_anew(line: Line) -> None:
    line.database.run("UPDATE radreply SET value = ? WHERE attribute = 'Class'", terms_of(login()).value)

    waiting = line.now()
    again = difference(resource(FAST, "ana"), waiting, evolve(FAST, password=None))
    assert again is not None
    done = line.apply(again)

    assert waiting.unsettled == "ana has a Class that is not that of its speed and addresses."
    assert isinstance(done, Seen)
    assert done.unsettled is None


def test_a_class_of_somebody_else_stays_beside_ours(line: Line) -> None:
    line.database.put("ana", ("radreply", "Class", "+=", "0x61693a31"))

    now = line.apply(change(line.now(), download_kbit=1_000, upload_kbit=500))

    assert isinstance(now, Seen)
    told = "SELECT value FROM radreply WHERE attribute = 'Class' ORDER BY id"
    assert line.database.run(told) == [("0x61693a31",), (terms_of(seen_login(now)).value,)]


def test_a_login_that_was_adopted_is_not_written_for_its_terms_alone(line: Line) -> None:
    line.database.run("DELETE FROM radreply WHERE attribute = 'Class'")

    assert line.now().unsettled is None
