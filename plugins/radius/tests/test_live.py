"""An access concentrator before a real FreeRADIUS: people sign in, are online, and are sent away."""

from collections.abc import Iterator
from typing import Any

import pytest

from ispcore.driver import Access, Action, Disconnect, Done, History, Login, OpenSession, Sessions
from ispcore.network import difference
from ispcore.values import SecretText
from ispcore_radius import PasswordForm
from ispcore_radius.testing import Answer, Asked, FakeAccessPoint
from plugins.radius.tests.calls import Call, Desk, desk, login, resource
from plugins.radius.tests.databases import Database
from plugins.radius.tests.freeradius import SECRET, FreeRadius

pytestmark = pytest.mark.server

POINT = "10.0.0.1"


@pytest.fixture
def point(radius: FreeRadius, read: Database) -> Iterator[FakeAccessPoint]:
    """An access concentrator whose people FreeRADIUS knows."""
    read.run("INSERT INTO nas (nasname, secret) VALUES (?, ?)", POINT, SECRET)
    server = ("127.0.0.1", radius.port, radius.accounting_port)
    with FakeAccessPoint(SECRET, server, POINT).listening() as listening:
        yield listening


def act(database: Database, point: FakeAccessPoint, action: Action[Any], *logins: Login) -> list[Any]:
    """Act on sessions, and return the values that came."""

    with desk(database, point.port) as at:
        return [one.value for one in at.session.act(action, [resource(one) for one in logins], Call())]


@pytest.mark.parametrize("by", ["pap", "chap"])
def test_who_signs_in_gets_in_with_the_right_password_alone(
    point: FakeAccessPoint, desk_of_radius: Desk, by: str
) -> None:
    desk_of_radius.make(login(address="100.64.3.7", download_kbit=20_000, upload_kbit=5_000))

    assert point.sign_in("ana", "segredo", by=by) == Answer(
        accepted=True,
        reply={"Framed-IP-Address": "100.64.3.7", "Mikrotik-Rate-Limit": "5000k/20000k"},
    )
    assert not point.sign_in("ana", "Segredo", by=by).accepted
    assert not point.sign_in("bia", "segredo", by=by).accepted


def test_a_hash_serves_pap_and_not_chap(point: FakeAccessPoint, read: Database) -> None:
    with desk(read, password_form=PasswordForm.SSHA512) as at:
        at.make(login())

    assert point.sign_in("ana", "segredo").accepted
    assert not point.sign_in("ana", "segredo", by="chap").accepted


def test_up_to_five_devices_may_sign_in_and_no_sixth(point: FakeAccessPoint, desk_of_radius: Desk) -> None:
    desk_of_radius.make(login(macs=tuple(f"AA-BB-CC-00-00-0{number}" for number in range(1, 6))))

    assert [
        point.sign_in("ana", "segredo", mac=f"aa:bb:cc:00:00:0{number}").accepted for number in range(1, 7)
    ] == [True, True, True, True, True, False]


def test_a_session_is_online_from_its_start_to_its_end(
    point: FakeAccessPoint, read: Database, desk_of_radius: Desk
) -> None:
    desk_of_radius.make(login())
    point.start("81a0", "ana", Framed_IP_Address="100.64.0.9", Calling_Station_Id="AA-BB-CC-00-00-01")

    (online,) = act(read, point, Sessions(), login())
    point.stop("81a0")

    assert online == OpenSession(
        id="81a0",
        username="ana",
        since=online.since,
        address="100.64.0.9",
        mac="AA-BB-CC-00-00-01",
        access_point=POINT,
    )
    assert act(read, point, Sessions(), login()) == []


def test_what_a_session_carried_and_why_it_ended_is_told_afterwards(
    point: FakeAccessPoint, read: Database, desk_of_radius: Desk
) -> None:
    desk_of_radius.make(login())
    point.start("81a0", "ana", Framed_IP_Address="100.64.0.9")
    point.start("81a1", "bia")
    point.goes_on("81a0", Acct_Input_Octets=1_000, Acct_Output_Octets=9_000)
    (going,) = act(read, point, History(), login())
    point.stop(
        "81a0", Acct_Input_Octets=2_000, Acct_Output_Octets=70_000, Acct_Terminate_Cause="User-Request"
    )
    (over,) = act(read, point, History(), login())

    (bias,) = act(read, point, History(), login("bia"))

    assert bias.address is None
    assert (going.until, going.uploaded_bytes, going.downloaded_bytes) == (None, 1_000, 9_000)
    assert over.until >= over.since
    assert (over.uploaded_bytes, over.downloaded_bytes, over.cause) == (2_000, 70_000, "User-Request")


def test_a_closed_session_is_told_by_its_access_point_and_makes_room_for_another(
    point: FakeAccessPoint, read: Database, desk_of_radius: Desk
) -> None:
    desk_of_radius.make(login(sessions=1))
    point.start("81a0", "ana")
    assert not point.sign_in("ana", "segredo").accepted

    assert act(read, point, Disconnect(), login()) == [Done(note="ana: session 81a0 on 10.0.0.1 was closed.")]

    assert point.sign_in("ana", "segredo").accepted
    assert read.run("SELECT acctterminatecause FROM radacct") == [("Admin-Reset",)]


def test_a_session_that_hangs_locks_a_customer_out_until_it_is_closed(
    point: FakeAccessPoint, read: Database, desk_of_radius: Desk
) -> None:
    desk_of_radius.make(login(sessions=1))
    point.start("81a0", "ana")
    point.open.clear()  # the access point was switched off, and told nobody
    assert not point.sign_in("ana", "segredo").accepted

    act(read, point, Disconnect(), login())

    assert point.sign_in("ana", "segredo").accepted


def test_who_is_connected_is_told_by_what_the_access_point_got_and_tells_back(
    point: FakeAccessPoint, read: Database
) -> None:
    """The class of a session goes through FreeRADIUS and back, and says which sessions are behind."""
    with desk(read, point.port) as at:
        (seen,) = at.make(login(download_kbit=20_000, upload_kbit=5_000))
        assert point.sign_in("ana", "segredo").accepted
        slow = at.change(seen, download_kbit=1_000, upload_kbit=500)
        point.start("81a0", "ana")  # signed in before, and told after
        (behind,) = at.all().values()
        after = login(download_kbit=1_000, upload_kbit=500)
        again = difference(resource(after, "ana"), behind, after)
        assert again is not None
        (settled,) = at.apply(again)

        assert behind.unsettled == "ana is still connected as before: session 81a0 on 10.0.0.1."
        assert (behind.spec, settled) == (slow.spec, slow)
        at.change(slow, download_kbit=20_000, upload_kbit=5_000)

    assert point.asked == [
        Asked("adjust", "81a0", {"Mikrotik-Rate-Limit": "500k/1000k"}, signed=True),
        Asked("adjust", "81a0", {"Mikrotik-Rate-Limit": "5000k/20000k"}, signed=True),
    ]
    assert point.open == {"81a0": "ana"}


def test_who_is_suspended_is_sent_away_and_gets_in_again_when_resumed(
    point: FakeAccessPoint, read: Database
) -> None:
    with desk(read, point.port) as at:
        (seen,) = at.make(login())
        assert point.sign_in("ana", "segredo").accepted
        point.start("81a0", "ana")

        off = at.change(seen, access=Access.REFUSED)
        assert (point.open, point.sign_in("ana", "segredo").accepted) == ({}, False)

        at.change(off, access=Access.OPEN)
        assert point.sign_in("ana", "segredo").accepted
    assert read.run("SELECT acctterminatecause FROM radacct") == [("Admin-Reset",)]


def test_a_changed_password_counts_at_the_next_sign_in(point: FakeAccessPoint, desk_of_radius: Desk) -> None:
    (seen,) = desk_of_radius.make(login())

    desk_of_radius.change(seen, password=SecretText("outra"))

    assert point.sign_in("ana", "outra", by="chap").accepted
    assert not point.sign_in("ana", "segredo", by="chap").accepted
