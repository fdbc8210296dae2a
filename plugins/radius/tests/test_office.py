"""What an office does about a login, all the way: commands, workers, FreeRADIUS, an access concentrator."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from attrs import define

from ispcore.app import Provider
from ispcore.catalog import Speed
from ispcore.customers import PersonDetails, PersonKind, RegisterCustomer
from ispcore.driver import Disconnect, History, Login, Sessions
from ispcore.effects import ActionState, Settings
from ispcore.errors import RefusedError
from ispcore.network_desk import NetworkDesk
from ispcore.plans import (
    AddComponent,
    Block,
    ChangeComponent,
    Command,
    RemoveComponent,
    Resume,
    SetSpeed,
    Subscribe,
    Suspend,
    Unblock,
)
from ispcore.storage import SqlDatabase, new_key
from ispcore.values import ComponentId, SecretText, SubscriptionId
from ispcore_radius import SPEC, Engine, Inspect, SignIn, Verdict
from ispcore_radius import Answer as Answered
from ispcore_radius.driver import RadiusDriver
from ispcore_radius.proofs import WAYS
from ispcore_radius.testing import Answer, FakeAccessPoint
from plugins.radius.tests.databases import Database
from plugins.radius.tests.freeradius import SECRET, FreeRadius
from tests.catalogues import START, document
from tests.homes import DEVICES, sections
from tests.providers import ANA, MovableClock, address

pytestmark = pytest.mark.server

KEY = new_key()
POINT = "127.0.0.1"
LOGIN = ComponentId("login")
HERS = "1:login@radius"


@define
class Desk:
    """The desk of a provider with a RADIUS server and an access point, where Ana has a subscription."""

    provider: Provider
    clock: MovableClock
    point: FakeAccessPoint
    database: Database
    subscription: SubscriptionId = SubscriptionId(1)

    @property
    def network(self) -> NetworkDesk:
        return self.provider.network.using({"radius": (SPEC, RadiusDriver())}, Settings(chance=lambda: 0.0))

    def do(self, command: Command) -> None:
        """Do what the office wants, and let a worker carry it to the network."""
        self.provider.do(command, actor=ANA)  # type: ignore[call-overload] # any command
        self.clock.instant += timedelta(minutes=1)
        self.network.worker(actor=ANA, settings=Settings(chance=lambda: 0.0)).run()

    def has(self, **fields: Any) -> None:
        """Let Ana have a login."""
        login = Login(username="ana", password=SecretText("segredo"), **fields)
        self.do(AddComponent(subscription=self.subscription, spec=login))

    def act(self, action: Any, target: str = HERS) -> list[Any]:
        """Act on the network, and return what was answered."""
        acted = self.network.act(target, action, actor=ANA)
        assert acted.record.state is ActionState.DONE, acted.record.error
        return list(acted.values)

    def signs_in(self, password: str = "segredo", **how: Any) -> Answer:
        return self.point.sign_in("ana", password, **how)


@pytest.fixture
def desk(radius: FreeRadius, read: Database) -> Iterator[Desk]:
    """A provider whose logins are on a FreeRADIUS, and an access point that asks it."""
    with office(read, ("127.0.0.1", radius.port, radius.accounting_port)) as made:
        yield made


@contextmanager
def office(database: Database, server: tuple[str, int, int]) -> Iterator[Desk]:
    """Open a provider whose logins stand in *database*, and an access point that asks *server*."""
    database.run("INSERT INTO nas (nasname, secret) VALUES (?, ?)", POINT, SECRET)
    clock = MovableClock()
    books = SqlDatabase("sqlite://", secret_keys=lambda: (KEY,), instants=lambda _: clock.now())
    books.migrate()
    with FakeAccessPoint(SECRET, server).listening() as point, Provider(books, clock=clock) as provider:
        provider.load_catalogue(document(**sections(devices={**DEVICES, "login": "radius"})), actor=ANA)
        desk = Desk(provider, clock, point, database)
        config = stored(database) | {
            "access_points": [f"{POINT} port={point.port}"],
            "auth_port": server[1],
        }
        desk.network.devices.add("radius", driver="radius", config=config, actor=ANA)
        register = RegisterCustomer(
            kind=PersonKind.PERSON,
            details=PersonDetails(name="Ana Souza"),
            addresses=(address("home", "Londrina"),),
        )
        customer = provider.do(register, actor=ANA).customer
        opening = Subscribe(
            customer=customer, plan="home", on=START, status="enabled", charge_method="slip", due_day=10
        )
        assert provider.do(opening, actor=ANA).subscription == desk.subscription
        yield desk


def stored(database: Database) -> dict[str, Any]:
    """Return how a database is reached, as it is kept of a device."""
    config = database.config
    if config.engine is Engine.SQLITE:
        return {"engine": "sqlite", "path": config.path}
    password = config.password.reveal() if config.password else ""
    return {
        "host": config.host,
        "port": config.port,
        "database": config.database,
        "user": config.user,
        "password": password,
    }


@pytest.mark.covers("S0-158", "S0-165", "S0-166")
@pytest.mark.parametrize("by", sorted(WAYS))
def test_a_login_that_is_registered_gets_in_with_the_speed_of_its_plan(desk: Desk, by: str) -> None:
    desk.has()

    assert desk.signs_in(by=by) == Answer(accepted=True, reply={"Mikrotik-Rate-Limit": "256k/512k"})
    assert not desk.signs_in("another", by=by).accepted


@pytest.mark.parametrize("by", sorted(WAYS))
def test_who_gets_in_follows_status_and_holds_however_the_password_is_proved(desk: Desk, by: str) -> None:
    wall = "INSERT INTO radgroupreply (groupname, attribute, op, value) VALUES ('walled', ?, ':=', ?)"
    desk.database.run(wall, "Mikrotik-Rate-Limit", "64k/64k")
    desk.has()
    subscription = desk.subscription
    told = []
    for command in (
        None,
        Suspend(subscription=subscription),
        Resume(subscription=subscription),
        Block(subscription=subscription),
        Unblock(subscription=subscription),
    ):
        if command is not None:
            desk.do(command)
        answer = desk.signs_in(by=by)
        told.append(answer.reply["Mikrotik-Rate-Limit"] if answer.accepted else "refused")
        assert not desk.signs_in("another", by=by).accepted

    assert told == ["256k/512k", "refused", "256k/512k", "64k/64k", "256k/512k"]


@pytest.mark.covers("S0-159", "S0-170")
def test_a_changed_password_counts_when_somebody_signs_in_next(desk: Desk) -> None:
    desk.has()

    spec = Login(username="ana", password=SecretText("outra"))
    desk.do(ChangeComponent(subscription=desk.subscription, component=LOGIN, spec=spec))

    assert desk.signs_in("outra", by="chap").accepted
    assert not desk.signs_in("segredo", by="chap").accepted


@pytest.mark.covers("S0-169")
def test_a_login_is_changed_after_it_was_made_and_keeps_its_password(desk: Desk) -> None:
    desk.has()

    spec = Login(username="ana", address="100.64.3.7")
    desk.do(ChangeComponent(subscription=desk.subscription, component=LOGIN, spec=spec))

    assert desk.signs_in().reply["Framed-IP-Address"] == "100.64.3.7"


@pytest.mark.covers("S0-160", "S0-178")
def test_a_login_that_is_deleted_does_not_get_in(desk: Desk) -> None:
    desk.has()
    assert desk.signs_in().accepted

    desk.do(RemoveComponent(subscription=desk.subscription, component=LOGIN))

    assert not desk.signs_in().accepted
    assert desk.database.rows("ana") == []


@pytest.mark.covers("S0-182", "S0-209", "S0-210", "S0-211")
def test_a_login_is_bound_to_up_to_five_devices(desk: Desk) -> None:
    macs = tuple(f"AA:BB:CC:00:00:0{number}" for number in range(1, 7))
    with pytest.raises(RefusedError, match="MAC addresses"):
        desk.has(address="100.64.3.7", macs=macs)
    desk.has(address="100.64.3.7", macs=macs[:5])

    assert desk.signs_in(mac=macs[0]).reply["Framed-IP-Address"] == "100.64.3.7"
    accepted = [desk.signs_in(mac=f"aabb.cc00.000{number}").accepted for number in range(1, 7)]

    assert accepted == [True, True, True, True, True, False]


@pytest.mark.covers("S0-173", "S0-174", "S0-184", "S0-187")
def test_the_current_connection_tells_since_when_where_and_with_which_address(desk: Desk) -> None:
    desk.has()
    assert desk.act(Sessions()) == []

    desk.point.start("81a0", "ana", Framed_IP_Address="100.64.0.9")

    (online,) = desk.act(Sessions())
    assert (online.access_point, online.address) == (POINT, "100.64.0.9")
    assert online.since is not None
    assert [one.username for one in desk.act(Sessions(), "radius")] == ["ana"]


@pytest.mark.covers("S0-181", "S0-191")
def test_the_last_connection_is_told_with_its_addresses_which_differ_each_time(desk: Desk) -> None:
    desk.has()
    told = []
    for number in (1, 2):
        mac = f"AA-BB-CC-00-00-0{number}"
        address = f"100.64.0.{number}"
        desk.point.start(f"81a{number}", "ana", Framed_IP_Address=address, Calling_Station_Id=mac)
        desk.point.stop(f"81a{number}")
        told += desk.act(History())

    assert [(one.address, one.mac, one.until is not None) for one in told] == [
        ("100.64.0.1", "AA-BB-CC-00-00-01", True),
        ("100.64.0.2", "AA-BB-CC-00-00-02", True),
    ]


def test_a_statement_of_connections_has_what_a_login_did_in_a_span(desk: Desk) -> None:
    desk.has()
    for session, user in (("a1", "ana"), ("a2", "ana"), ("b1", "bia")):
        desk.point.start(session, user)
        desk.point.stop(session, Acct_Input_Octets=1_000, Acct_Output_Octets=9_000)

    statement = desk.act(History(since="2020-01-01"))

    assert [(one.id, one.uploaded_bytes, one.downloaded_bytes) for one in statement] == [
        ("a2", 1_000, 9_000),
        ("a1", 1_000, 9_000),
    ]
    assert desk.act(History(since="2020-01-01", until="2020-02-01")) == []


@pytest.mark.covers("S0-162", "S0-181", "S0-183", "S0-185")
def test_what_the_server_has_of_a_login_is_read_when_it_is_asked_for_and_its_password_is_not(
    desk: Desk,
) -> None:
    desk.has(address="100.64.3.7", macs=("AA:BB:CC:00:00:01",))
    desk.database.put("ana", ("radusergroup", "gold", "", "5"))
    group = "INSERT INTO radgroupreply (groupname, attribute, op, value) VALUES ('gold', ?, ':=', ?)"
    desk.database.run(group, "Mikrotik-Address-List", "gold")
    desk.point.start("81a0", "ana", Framed_IP_Address="100.64.3.7")

    told = {(one.where, one.name): one.value for one in desk.act(Inspect())}
    since, since_when = told.pop(("connection", "Last-Connection")), r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC"

    assert told.pop(("reply", "Class")).startswith("0x")
    assert told == {
        ("check", "Calling-Station-Id"): "^(AA-BB-CC-00-00-01)$",
        ("check", "Cleartext-Password"): "set",
        ("check", "Simultaneous-Use"): "1",
        ("reply", "Framed-IP-Address"): "100.64.3.7",
        ("reply", "Mikrotik-Rate-Limit"): "256k/512k",
        ("group", "gold"): "priority 5",
        ("reply of gold", "Mikrotik-Address-List"): "gold",
        ("connection", "Status"): "connected",
        ("connection", "Last-Access-Point"): POINT,
        ("connection", "Last-IP"): "100.64.3.7",
    }
    assert re.fullmatch(since_when, since)
    assert "segredo" not in repr(desk.network.actions(word="settings", actor=ANA))


def test_whether_somebody_gets_in_is_tried_with_the_password_that_is_kept(desk: Desk) -> None:
    desk.has(macs=("AA:BB:CC:00:00:01",))
    accepted = desk.act(SignIn(by="mschap"))
    wrong = desk.act(SignIn(password=SecretText("another")))

    desk.do(Suspend(subscription=desk.subscription))
    refused = desk.act(SignIn(by="mschap"))

    assert accepted == [Answered(verdict=Verdict.ACCEPTED, reply={"Mikrotik-Rate-Limit": "256k/512k"})]
    assert [one.verdict for one in (*wrong, *refused)] == [Verdict.REJECTED, Verdict.REJECTED]
    kept = repr(desk.network.actions(word="sign-in", actor=ANA))
    assert "segredo" not in kept
    assert "another" not in kept


@pytest.mark.covers("S0-172", "S0-175", "S0-176")
def test_a_connection_that_is_stuck_is_closed_and_the_customer_gets_in_again(desk: Desk) -> None:
    desk.has()
    desk.point.start("81a0", "ana")
    desk.point.start("81a1", "bia")
    assert not desk.signs_in().accepted

    desk.act(Disconnect())

    assert desk.point.open == {"81a1": "bia"}
    assert desk.signs_in().accepted


@pytest.mark.covers("S0-177")
def test_everybody_on_an_access_point_is_disconnected_with_an_answer_for_each(desk: Desk) -> None:
    desk.has()
    desk.point.start("81a0", "ana")
    desk.point.start("81a1", "bia")

    done = desk.act(Disconnect(access_point=POINT), "radius")

    assert [one.note for one in done] == [
        "ana: session 81a0 on 127.0.0.1 was closed.",
        "bia: session 81a1 on 127.0.0.1 was closed.",
    ]
    assert desk.point.open == {}


def test_a_login_moves_to_an_access_point_of_another_vendor_and_gets_in_at_both_all_the_while(
    desk: Desk,
) -> None:
    points = {code: {"name": code.capitalize()} for code in ("north", "south")}
    bound = sections(devices={**DEVICES, "login": "radius"}, access_points=points)
    desk.provider.load_catalogue(document(**bound), actor=ANA)
    config = stored(desk.database) | {"access_points": [f"{POINT} vendor=mikrotik", "10.0.0.2 vendor=cisco"]}
    desk.network.devices.change("radius", config=config, actor=ANA)
    desk.has()

    move = ChangeComponent(subscription=desk.subscription, component=LOGIN, access_point="south")
    desk.provider.do(move, actor=ANA)
    before = desk.signs_in()
    desk.clock.instant += timedelta(minutes=1)
    left = desk.network.worker(actor=ANA).run()

    assert (
        before
        == desk.signs_in()
        == Answer(
            accepted=True,
            reply={
                "Mikrotik-Rate-Limit": "256k/512k",
                "Cisco-AVPair": "ip:sub-qos-policy-out=down-512k",
            },
        )
    )
    assert left.done == left.left == 0
    assert all(report.is_clean for report in desk.network.drift("radius", actor=ANA))


@pytest.mark.covers("S2-020")
def test_a_provisional_speed_is_restored_without_dropping_the_connection(desk: Desk) -> None:
    desk.has()
    desk.point.start("81a0", "ana")
    slower = Speed(download_kbit=128, upload_kbit=64)

    for speed in (slower, None):
        desk.do(SetSpeed(subscription=desk.subscription, component=LOGIN, speed=speed))

    assert [(one.word, one.values) for one in desk.point.asked] == [
        ("adjust", {"Mikrotik-Rate-Limit": "64k/128k"}),
        ("adjust", {"Mikrotik-Rate-Limit": "256k/512k"}),
    ]
    assert desk.point.open == {"81a0": "ana"}
