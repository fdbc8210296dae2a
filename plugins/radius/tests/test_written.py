"""A real FreeRADIUS runs with what ``ispcore radius init`` wrote, on both engines."""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from attrs import evolve

from ispcore.driver import Access, Site, Unreachable
from ispcore.plans import Block, Resume, Suspend, Unblock
from ispcore.values import SecretText
from ispcore_radius import Answer, SignIn, Verdict
from ispcore_radius.proofs import WAYS
from plugins.radius.tests.calls import DRIVER, Call, Desk, desk, login, resource
from plugins.radius.tests.conftest import BOTH
from plugins.radius.tests.databases import TABLES, Database
from plugins.radius.tests.freeradius import SECRET, free_port, give, reason_for_no_server
from plugins.radius.tests.shop import MARIA, admit, carry_out, open_shop, sell
from plugins.radius.tests.written import NAS, LiveServer, add_nas, check, init, live, may
from tests.skips import skip_without_server

pytestmark = pytest.mark.server

Live = tuple[Database, LiveServer]


@pytest.fixture(scope="module", params=BOTH)
def running(request: pytest.FixtureRequest) -> Iterator[Live]:
    """A server and its database, once on each engine."""
    missing = reason_for_no_server()
    if missing is not None:
        skip_without_server(missing)
    with live(request.param, "--reject-delay", "0") as both:
        yield both


@pytest.fixture
def database(running: Live) -> Database:
    """The database, without logins and sessions, with the one access point."""
    database, _ = running
    for table in {*TABLES, "radpostauth"} - {"nas"}:
        database.run(f"DELETE FROM {table}")
    database.run("DELETE FROM nas WHERE nasname <> ?", NAS)
    return database


@pytest.fixture
def at(database: Database) -> Iterator[Desk]:
    """ispcore's session, with the user that was made for it."""
    with desk(database) as opened:
        yield opened


@pytest.fixture
def server(running: Live) -> LiveServer:
    """The server."""
    return running[1]


def test_freeradius_finds_nothing_wrong_with_the_configuration(server: LiveServer) -> None:
    assert check(server.folder) == "Configuration appears to be OK"


def test_the_configuration_is_sound_while_the_database_is_away() -> None:
    missing = reason_for_no_server()
    if missing is not None:
        skip_without_server(missing)
    folder = Path(tempfile.mkdtemp(prefix="ispcore-radius-away-"))
    try:
        assert init(folder / "raddb", "--port", str(free_port())).exit_code == 0
        give(folder)
        give(folder / "raddb")

        assert check(folder / "raddb") == "Configuration appears to be OK"
    finally:
        shutil.rmtree(folder)


@pytest.mark.parametrize("way", ["User-Password", "CHAP-Password", "MS-CHAP-Password"])
def test_a_login_gets_in_with_its_password_by_each_protocol_and_with_no_other(
    server: LiveServer, at: Desk, way: str
) -> None:
    at.make(login("ana"))

    assert server.login("ana", "segredo", by=way).accepted
    assert not server.login("ana", "other", by=way).accepted
    assert not server.login("bia", "segredo", by=way).accepted


def test_the_office_signs_in_with_the_secret_of_the_table_and_every_answer_is_signed(
    server: LiveServer, at: Desk, database: Database
) -> None:
    at.make(login("ana"))
    config = evolve(database.config, auth_port=server.port)

    with DRIVER.open(Site(config)) as session:
        asked = [
            SignIn(by=by, password=SecretText(one)) for by in sorted(WAYS) for one in ("segredo", "other")
        ]
        answers = [one.value for each in asked for one in session.act(each, [resource(login("ana"))], Call())]

    verdicts = [one.verdict for one in answers if isinstance(one, Answer)]
    assert verdicts == [Verdict.ACCEPTED, Verdict.REJECTED] * 3


def test_a_login_is_refused_walled_and_let_in_again_as_the_rows_say(
    server: LiveServer, at: Desk, database: Database
) -> None:
    database.run(
        "INSERT INTO radgroupreply (groupname, attribute, op, value)"
        " VALUES ('walled', 'Framed-Pool', ':=', 'w')"
    )
    (seen,) = at.make(login("ana", pool="homes"))

    seen = at.change(seen, access=Access.REFUSED)
    assert not server.login("ana", "segredo").accepted

    seen = at.change(seen, access=Access.WALLED)
    assert server.login("ana", "segredo").reply["Framed-Pool"] == "w"

    at.change(seen, access=Access.OPEN)
    assert server.login("ana", "segredo").reply["Framed-Pool"] == "homes"


def test_a_customer_signs_in_is_suspended_and_is_let_in_again(server: LiveServer, database: Database) -> None:
    with open_shop(database.config) as provider:
        adsl = sell(provider, MARIA)
        assert server.login("maria", "correct horse", by="CHAP-Password").accepted

        carry_out(provider, Suspend(subscription=adsl))
        assert not server.login("maria", "correct horse", by="CHAP-Password").accepted

        carry_out(provider, Resume(subscription=adsl))
        assert server.login("maria", "correct horse", by="CHAP-Password").accepted


def test_a_customer_who_is_blocked_reaches_the_walled_garden_until_unblocked(
    server: LiveServer, database: Database
) -> None:
    wall = "INSERT INTO radgroupreply (groupname, attribute, op, value) VALUES ('walled', ?, ':=', ?)"
    database.run(wall, "Mikrotik-Rate-Limit", "64k/64k")
    with open_shop(database.config) as provider:
        adsl = sell(provider, MARIA)
        assert server.login("maria", "correct horse").reply["Mikrotik-Rate-Limit"] == "512k/2048k"

        carry_out(provider, Block(subscription=adsl))
        assert server.login("maria", "correct horse").reply["Mikrotik-Rate-Limit"] == "64k/64k"

        carry_out(provider, Unblock(subscription=adsl))
        assert server.login("maria", "correct horse").reply["Mikrotik-Rate-Limit"] == "512k/2048k"


def test_an_access_point_that_is_added_while_the_server_runs_is_answered(
    server: LiveServer, at: Desk, database: Database
) -> None:
    at.make(login("ana"))
    assert not server.answers("ana", "segredo", nas="127.0.0.9")

    add_nas(database, "127.0.0.9")

    assert eventually(lambda: server.answers("ana", "segredo", nas="127.0.0.9"))


class Unasked(LiveServer):
    """A server that is not asked whether it runs: whoever was asked for is remembered for a minute."""

    def _answers(self) -> bool:
        return "Ready to process requests" in (self.folder / "log").read_text()


def test_a_computer_that_is_no_access_point_is_told_so_and_is_answered_once_it_is_admitted(
    server: LiveServer, at: Desk, database: Database
) -> None:
    at.make(login("ana"))
    config = evolve(database.config, auth_port=server.port, auth_seconds=2)
    unasked = Unasked(server.folder, database, port=server.port, acct_port=server.acct_port)

    def sign_in(secret: str | None) -> object:
        known = None if secret is None else SecretText(secret)
        site = Site(evolve(config, auth_secret=known))
        with DRIVER.open(site) as session:
            return next(session.act(SignIn(), [resource(login("ana"))], Call())).value

    server.stop()
    database.run("DELETE FROM nas")
    unasked.launch()
    try:
        unknown = sign_in(SECRET)
        add_nas(database, NAS)
        admitted = eventually(lambda: isinstance(sign_in(None), Answer))
    finally:
        unasked.stop()
        server.launch()

    assert isinstance(unknown, Unreachable)
    assert "is silent, and its table nas has no access point 127.0.0.1." in str(unknown)
    assert admitted


def test_an_access_point_that_ispcore_admits_is_answered_by_its_secret_alone(
    server: LiveServer, at: Desk, database: Database
) -> None:
    at.make(login("ana"))
    with open_shop(database.config) as provider:
        admit(provider, "127.0.0.10", "another-secret")
        admit(provider, "127.0.0.11", SECRET)

    assert eventually(lambda: server.answers("ana", "segredo", nas="127.0.0.11"))
    assert not server.answers("ana", "segredo", nas="127.0.0.10")


def test_a_question_without_message_authenticator_is_not_answered(server: LiveServer, at: Desk) -> None:
    at.make(login("ana"))

    assert server.answers("ana", "segredo")
    assert not server.answers("ana", "segredo", signed=False)


def test_where_it_is_said_so_a_question_without_message_authenticator_is_answered() -> None:
    with live("sqlite", "--unsigned") as (database, server), desk(database) as at:
        at.make(login("ana"))

        assert server.answers("ana", "segredo", signed=False)


def test_every_answer_bears_a_message_authenticator(server: LiveServer, at: Desk) -> None:
    at.make(login("ana"))

    assert "Message-Authenticator" in server.login("ana", "segredo").reply
    assert "Message-Authenticator" in server.login("ana", "other").reply


def test_who_is_refused_is_told_neither_address_nor_pool(server: LiveServer, at: Desk) -> None:
    at.make(login("ana", address="100.64.3.7", pool="homes", download_kbit=1000))

    assert server.login("ana", "other").reply.keys() == {"Message-Authenticator"}


@pytest.mark.parametrize("way", ["User-Password", "CHAP-Password", "MS-CHAP-Password"])
def test_the_log_of_attempts_tells_who_and_when_and_no_password(
    server: LiveServer, at: Desk, database: Database, way: str
) -> None:
    at.make(login("ana"))

    server.login("ana", "segredo", by=way, mac="aabb.cc00.0001")
    server.login("ana", "wrong-one", by=way)

    told = database.run("SELECT username, reply, callingstationid FROM radpostauth ORDER BY id")
    assert told == [("ana", "Access-Accept", "AA-BB-CC-00-00-01"), ("ana", "Access-Reject", "")]
    everything = str(database.run("SELECT * FROM radpostauth"))
    assert "segredo" not in everything
    assert "wrong-one" not in everything


def test_five_macs_get_in_however_they_are_spelt(server: LiveServer, at: Desk) -> None:
    at.make(login("ana", macs=("AA:BB:CC:00:00:01", "AA:BB:CC:00:00:02")))

    assert server.login("ana", "segredo", mac="aabb.cc00.0001").accepted
    assert not server.login("ana", "segredo", mac="AA:BB:CC:00:00:03").accepted


def test_a_session_is_one_row_from_its_start_to_its_end(server: LiveServer, database: Database) -> None:
    session = {"User_Name": "ana", "Acct_Session_Id": "s1", "NAS_Port": "1"}

    assert server.account("Start", **session, Framed_IP_Address="100.64.3.7")
    assert server.account("Start", **session, Framed_IP_Address="100.64.3.7")
    assert open_sessions(database) == [("ana", None)]
    counted = {"Acct_Session_Time": "60", "Acct_Input_Octets": "4000000000", "Acct_Input_Gigawords": "2"}
    assert server.account("Interim-Update", **session, **counted)
    assert open_sessions(database) == [("ana", 12_589_934_592)]
    assert server.account("Stop", **session, **counted, Acct_Terminate_Cause="User-Request")

    assert open_sessions(database) == []
    ended = "SELECT acctterminatecause, acctsessiontime, acctinputoctets FROM radacct"
    assert database.run(ended) == [("User-Request", 60, 12_589_934_592)]
    ((address,),) = database.run("SELECT CAST(framedipaddress AS text) FROM radacct")
    assert address.partition("/")[0] == "100.64.3.7"


def test_records_that_come_late_or_in_the_wrong_order_open_no_session_again(
    server: LiveServer, database: Database
) -> None:
    session = {"User_Name": "ana", "Acct_Session_Id": "s2", "NAS_Port": "1"}

    assert server.account("Stop", **session, Acct_Session_Time="60", Acct_Terminate_Cause="Lost-Carrier")
    assert server.account("Start", **session)
    assert server.account("Interim-Update", **session, Acct_Session_Time="30")

    assert open_sessions(database) == []
    assert database.run("SELECT acctsessiontime FROM radacct") == [(60,)]


def test_an_access_point_that_starts_anew_has_nobody_connected(
    server: LiveServer, database: Database
) -> None:
    assert server.account("Start", User_Name="ana", Acct_Session_Id="s3", NAS_Port="1")

    assert server.account("Accounting-On", Acct_Session_Id="0")
    assert server.account("Accounting-On", Acct_Session_Id="0")

    assert open_sessions(database) == []
    assert database.run("SELECT acctterminatecause FROM radacct") == [("NAS-Reboot",)]


def test_a_login_is_open_as_often_as_it_may_be(server: LiveServer, at: Desk) -> None:
    at.make(login("ana", sessions=1))
    session = {"User_Name": "ana", "Acct_Session_Id": "s4", "NAS_Port": "1"}

    server.account("Start", **session)
    assert not server.login("ana", "segredo").accepted

    server.account("Stop", **session)
    assert server.login("ana", "segredo").accepted


def test_an_access_point_stands_there_once(database: Database) -> None:
    with pytest.raises(Exception, match=r"(?i)unique"):
        add_nas(database, NAS)


@pytest.mark.parametrize("running", ["postgresql"], indirect=True)
def test_ispcore_may_write_logins_and_not_what_was_accounted(database: Database) -> None:
    assert may(database, "DELETE FROM radcheck")
    assert may(database, "DELETE FROM nas WHERE nasname = '127.0.0.99'")
    assert not may(database, "DELETE FROM radacct")
    assert not may(database, "DELETE FROM radpostauth")
    assert not may(database, "DROP TABLE radcheck")


def open_sessions(database: Database) -> list[tuple[object, ...]]:
    """Return who is connected, and the octets that came in."""
    return database.run("SELECT username, NULLIF(acctinputoctets, 0) FROM radacct WHERE acctstoptime IS NULL")


def eventually(holds: Callable[[], bool], seconds: float = 10.0) -> bool:
    """Tell whether something becomes so: an unknown access point is looked for once a second at most."""
    patience = time.monotonic() + seconds
    while not (held := holds()) and time.monotonic() < patience:
        time.sleep(0.2)
    return held
