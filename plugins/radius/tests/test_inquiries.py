"""What is asked about a login: what the server has of it, and whether it gets in, on a real FreeRADIUS."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from click.testing import CliRunner
from pyrad.packet import AccessAccept, AccessChallenge, AccessReject, AuthPacket

from ispcore.cli.main import ispcore
from ispcore.driver import (
    Access,
    Action,
    AuthFailed,
    Busy,
    DriverError,
    Invalid,
    Login,
    Operation,
    Site,
    Unreachable,
    Unsupported,
)
from ispcore.errors import InvalidValueError
from ispcore.storage import new_key
from ispcore.values import SecretText
from ispcore_radius import Answer, Inspect, PasswordForm, RadiusConfig, SignIn, Verdict
from ispcore_radius.packets import dictionary
from ispcore_radius.testing import FakeAccessPoint
from plugins.radius.tests.calls import DRIVER, Call, Desk, desk, login, resource
from plugins.radius.tests.databases import Database
from plugins.radius.tests.freeradius import SECRET, FreeRadius
from plugins.radius.tests.shop import MARIA, open_shop, sell

pytestmark = pytest.mark.server

HERE = "127.0.0.1"
ANA = login(download_kbit=2_000, address="100.64.3.7")


def ask(
    config: RadiusConfig, action: Action[Any], *logins: Login, call: Operation | None = None
) -> list[Any]:
    """Ask about logins, and return the values that came."""
    with DRIVER.open(Site(config)) as session:
        return [one.value for one in session.act(action, [resource(one) for one in logins], call or Call())]


@pytest.fixture
def config(radius: FreeRadius, read: Database) -> RadiusConfig:
    """How the FreeRADIUS of the tests is asked."""
    return evolve(read.config, auth_port=radius.port, auth_secret=SecretText(SECRET), auth_seconds=2)


def told(config: RadiusConfig, action: Action[Any], *logins: Login) -> DriverError:
    """Ask, and return the one error that is told."""
    (error,) = ask(config, action, *logins)
    assert isinstance(error, DriverError), error
    return error


def lines(config: RadiusConfig, *logins: Login) -> list[tuple[str, str, str, str]]:
    return [(one.where, one.name, one.op, one.value) for one in ask(config, Inspect(), *logins)]


# What the server has


def test_every_attribute_is_told_with_its_operator_and_value_wherever_it_stands(
    desk_of_radius: Desk, read: Database
) -> None:
    for table, attribute, value in (("check", "NAS-Port-Type", "Virtual"), ("reply", "Idle-Timeout", "600")):
        group = f"INSERT INTO radgroup{table} (groupname, attribute, op, value) VALUES ('gold', ?, '=', ?)"
        read.run(group, attribute, value)
    desk_of_radius.make(evolve(ANA, macs=("AA:BB:CC:00:00:01",)))
    read.put("ana", ("radreply", "Session-Timeout", "+=", "3600"), ("radusergroup", "gold", "", "5"))

    assert sorted(one for one in lines(read.config, ANA) if one[1] != "Class") == [
        ("check", "Calling-Station-Id", "=~", "^(AA-BB-CC-00-00-01)$"),
        ("check", "Cleartext-Password", ":=", "set"),
        ("check", "Simultaneous-Use", ":=", "1"),
        ("check of gold", "NAS-Port-Type", "=", "Virtual"),
        ("connection", "Status", "", "never connected"),
        ("group", "gold", "", "priority 5"),
        ("reply", "Framed-IP-Address", ":=", "100.64.3.7"),
        ("reply", "Mikrotik-Rate-Limit", ":=", "0/2000k"),
        ("reply", "Session-Timeout", "+=", "3600"),
        ("reply of gold", "Idle-Timeout", "=", "600"),
    ]


def test_groups_are_told_in_the_order_in_which_the_server_looks_at_them(
    desk_of_radius: Desk, read: Database
) -> None:
    desk_of_radius.make(evolve(ANA, access=Access.WALLED))
    read.put("ana", ("radusergroup", "gold", "", "5"), ("radusergroup", "all", "", "0"))

    groups = [name for where, name, _, _ in lines(read.config, ANA) if where == "group"]

    assert groups == ["walled", "all", "gold"]


@pytest.mark.parametrize(
    ("form", "attribute"),
    [
        (PasswordForm.CLEARTEXT, "Cleartext-Password"),
        (PasswordForm.NT, "NT-Password"),
        (PasswordForm.SSHA512, "SSHA2-512-Password"),
    ],
)
def test_of_a_password_it_is_told_that_it_is_set_and_in_which_form(
    read: Database, form: PasswordForm, attribute: str
) -> None:
    with desk(read, password_form=form) as at:
        at.make(ANA)

    assert ("check", attribute, ":=", "set") in lines(read.config, ANA)


def test_no_password_is_told_of_a_reply_or_a_group_either(desk_of_radius: Desk, read: Database) -> None:
    desk_of_radius.make(ANA)
    read.put("ana", ("radreply", "Tunnel-Password", ":=", "segredo"), ("radusergroup", "gold", "", "5"))
    group = "INSERT INTO radgroupcheck (groupname, attribute, op, value) VALUES ('gold', ?, ':=', 'segredo')"
    read.run(group, "Crypt-Password")

    found = lines(read.config, ANA)

    assert [one for one in found if one[3] == "set"] == [
        ("check", "Cleartext-Password", ":=", "set"),
        ("reply", "Tunnel-Password", ":=", "set"),
        ("check of gold", "Crypt-Password", ":=", "set"),
    ]
    assert "segredo" not in repr(found)


def test_the_last_connection_is_told_and_whether_it_stands(
    radius: FreeRadius, desk_of_radius: Desk, read: Database
) -> None:
    def connection() -> dict[str, str]:
        return {name: value for where, name, _, value in lines(read.config, ANA) if where == "connection"}

    desk_of_radius.make(ANA)
    point = FakeAccessPoint(SECRET, (HERE, radius.port, radius.accounting_port), "10.0.0.1")
    point.start("81a0", "ana", Framed_IP_Address="100.64.0.9", Calling_Station_Id="AA-BB-CC-00-00-01")
    stands = connection()
    point.stop("81a0")

    assert stands == {
        "Status": "connected",
        "Last-Connection": stands["Last-Connection"],
        "Last-Access-Point": "10.0.0.1",
        "Last-IP": "100.64.0.9",
        "Last-Mac-Connected": "AA-BB-CC-00-00-01",
    }
    assert stands["Last-Connection"].endswith(" UTC")
    assert connection() == stands | {"Status": "not connected"}


def test_a_login_without_a_row_is_told_as_one_that_does_not_get_in(read: Database) -> None:
    error, status = ask(read.config, Inspect(), ANA)

    assert str(error) == "FreeRADIUS's tables have no row of ana: it does not get in."
    assert status.value == "never connected"


def test_nothing_is_told_of_nobody(config: RadiusConfig) -> None:
    for action, complaint in ((Inspect(), "Say whose settings"), (SignIn(), "Say who signs in")):
        with pytest.raises(Invalid, match=complaint):
            ask(config, action)


# Whether somebody gets in


@pytest.mark.parametrize("by", ["pap", "chap", "mschap"])
def test_a_login_signs_in_with_its_own_password_and_the_attributes_that_it_gets_are_told(
    desk_of_radius: Desk, config: RadiusConfig, by: str
) -> None:
    desk_of_radius.make(ANA)

    (answer,) = ask(config, SignIn(by=by), ANA)

    assert answer == Answer(
        verdict=Verdict.ACCEPTED,
        reply={"Framed-IP-Address": "100.64.3.7", "Mikrotik-Rate-Limit": "0/2000k"},
    )


@pytest.mark.parametrize("by", ["pap", "chap", "mschap"])
def test_another_password_may_be_typed_and_is_rejected_where_it_is_wrong(
    desk_of_radius: Desk, config: RadiusConfig, by: str
) -> None:
    desk_of_radius.make(ANA)

    (answer,) = ask(config, SignIn(by=by, password=SecretText("another")), ANA)

    assert answer.verdict is Verdict.REJECTED
    assert answer.why.startswith("E=691" if by == "mschap" else "")


def test_what_a_server_says_to_one_whom_it_rejects_is_told(
    radius: FreeRadius, desk_of_radius: Desk, config: RadiusConfig
) -> None:
    desk_of_radius.make(ANA)
    point = FakeAccessPoint(SECRET, (HERE, radius.port, radius.accounting_port), "10.0.0.1")
    point.start("81a0", "ana")

    (answer,) = ask(config, SignIn(), ANA)

    assert (answer.verdict, answer.why) == (
        Verdict.REJECTED,
        "You are already logged in - access denied",
    )


def test_a_login_that_is_bound_to_equipment_signs_in_as_the_first_of_it_unless_another_is_named(
    desk_of_radius: Desk, config: RadiusConfig
) -> None:
    bound = evolve(ANA, macs=("AA:BB:CC:00:00:01", "AA:BB:CC:00:00:02"))
    desk_of_radius.make(bound)

    own = ask(config, SignIn(), bound)
    second = ask(config, SignIn(mac="AA:BB:CC:00:00:02"), bound)
    other = ask(config, SignIn(mac="AA:BB:CC:00:00:03"), bound)

    verdicts = [one.verdict for (one,) in (own, second, other)]
    assert verdicts == [Verdict.ACCEPTED, Verdict.ACCEPTED, Verdict.REJECTED]


def test_the_vlan_of_a_login_is_told_by_its_attributes(desk_of_radius: Desk, config: RadiusConfig) -> None:
    desk_of_radius.make(login(vlan=104))

    (answer,) = ask(config, SignIn(), login())

    assert answer.reply["Tunnel-Private-Group-Id"] == "104"


def test_the_secret_is_that_of_the_table_of_access_points_where_none_is_set(
    desk_of_radius: Desk, config: RadiusConfig, read: Database
) -> None:
    desk_of_radius.make(ANA)
    unset = evolve(config, auth_secret=None)
    error = told(unset, SignIn(), ANA)
    read.run("INSERT INTO nas (nasname, secret) VALUES (?, ?)", HERE, SECRET)

    (answer,) = ask(unset, SignIn(), ANA)

    assert isinstance(error, Invalid)
    assert str(error).startswith("No secret is known with which 127.0.0.1 may ask FreeRADIUS at")
    assert answer.verdict is Verdict.ACCEPTED


def test_a_password_that_is_not_known_or_a_way_that_there_is_not_is_refused(config: RadiusConfig) -> None:
    nobodys = told(config, SignIn(), evolve(ANA, password=None))
    no_way = told(config, SignIn(by="eap"), ANA)

    assert str(nobodys) == "The password of ana is not known here. Type it: password=-"
    assert str(no_way) == "'eap' is no way to prove a password. There is: chap, mschap, pap."


# No answer, each told as it can be


def closed_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.bind((HERE, 0))
        port: int = line.getsockname()[1]
    return port


def test_a_server_that_is_down_is_told_as_down(config: RadiusConfig) -> None:
    error = told(evolve(config, auth_port=closed_port()), SignIn(), ANA)

    assert isinstance(error, Unreachable)
    assert "is down: nobody listens there." in str(error)


def test_a_host_to_which_there_is_no_way_is_told(config: RadiusConfig) -> None:
    error = told(evolve(config, auth_host="nowhere.invalid"), SignIn(), ANA)

    assert isinstance(error, Unreachable)
    assert str(error).startswith("There is no way to FreeRADIUS at nowhere.invalid:")


@pytest.mark.parametrize(
    ("in_table", "kind", "words"),
    [
        (None, Unreachable, "its table nas has no access point 127.0.0.1"),
        ("another-secret", AuthFailed, "its table nas has another secret for 127.0.0.1"),
        ("wrong-secret", Unreachable, "is silent. It is down, or has not looked into its table"),
    ],
)
def test_a_wrong_secret_is_silence_which_is_told_with_what_the_table_says_of_us(
    config: RadiusConfig, read: Database, in_table: str | None, kind: type[DriverError], words: str
) -> None:
    if in_table is not None:
        read.run("INSERT INTO nas (nasname, secret) VALUES (?, ?)", HERE, in_table)

    error = told(evolve(config, auth_secret=SecretText("wrong-secret")), SignIn(), ANA)

    assert isinstance(error, kind)
    assert words in str(error)
    assert not error.wrote


@contextmanager
def impostor(secret: str, *, signed: bool, code: int = AccessAccept) -> Iterator[int]:
    """Answer *code* to whoever asks, and yield the port on which that is done."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.bind((HERE, 0))
        line.settimeout(10)

        def answer() -> None:
            raw, whom = line.recvfrom(4096)
            question = AuthPacket(packet=raw, secret=secret.encode(), dict=dictionary())
            assert question.message_authenticator  # it bears one
            reply = question.CreateReply(message_authenticator=signed)
            reply.code = code
            reply["Reply-Message"] = "Hello"
            line.sendto(reply.ReplyPacket(), whom)

        thread = threading.Thread(target=answer)
        thread.start()
        yield line.getsockname()[1]
        thread.join()


def test_an_answer_that_was_made_with_another_secret_is_none(config: RadiusConfig) -> None:
    with impostor("another-secret", signed=True) as port:
        error = told(evolve(config, auth_port=port), SignIn(), ANA)

    assert isinstance(error, AuthFailed)
    assert "answers 127.0.0.1 with another secret" in str(error)


def test_an_answer_that_anybody_on_the_way_could_have_made_is_none(config: RadiusConfig) -> None:
    with impostor(SECRET, signed=False) as port:
        error = told(evolve(config, auth_port=port), SignIn(), ANA)

    assert isinstance(error, Unsupported)
    assert "answers without a Message-Authenticator" in str(error)


@pytest.mark.parametrize(
    ("code", "verdict"),
    [
        (AccessAccept, Verdict.ACCEPTED),
        (AccessReject, Verdict.REJECTED),
        (AccessChallenge, Verdict.CHALLENGED),
    ],
)
def test_a_question_is_signed_and_an_answer_that_is_counts(
    config: RadiusConfig, code: int, verdict: Verdict
) -> None:
    with impostor(SECRET, signed=True, code=code) as port:
        (answer,) = ask(evolve(config, auth_port=port), SignIn(), ANA)

    assert answer == Answer(verdict=verdict, why="Hello")


def test_a_server_is_not_asked_when_the_time_is_over(config: RadiusConfig) -> None:
    (error,) = ask(config, SignIn(), ANA, call=Call(seconds=1.5))

    assert isinstance(error, Busy)


@pytest.mark.parametrize("setting", ["auth_port", "auth_seconds"])
def test_a_setting_of_questions_is_at_least_one(setting: str) -> None:
    with pytest.raises(InvalidValueError):
        RadiusConfig(**{setting: 0})  # type: ignore[arg-type]  # by name


def test_the_office_sees_the_settings_of_a_login_as_a_table(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    books = f"sqlite:///{tmp_path}/books.db"
    monkeypatch.setenv("ISPCORE_SECRET_KEYS", new_key())
    monkeypatch.setenv("COLUMNS", "120")
    with open_shop(database.config, books=books) as provider:
        sell(provider, MARIA)

    command = ["device", "act", "1:login@radius", "settings", "--db", books]
    first, *table = CliRunner().invoke(ispcore, command).output.splitlines()

    assert first.startswith("settings of 1:login@radius on radius: done (")
    assert [line.split() for line in table if "  Class  " not in line] == [
        ["where", "name", "op", "value"],
        ["check", "Cleartext-Password", ":=", "set"],
        ["check", "Simultaneous-Use", ":=", "1"],
        ["reply", "Mikrotik-Rate-Limit", ":=", "512k/2048k"],
        ["connection", "Status", "never", "connected"],
    ]
