"""Cassettes: what was sent and what came, without secrets, played for the same device in the same order."""

import json
from pathlib import Path

import pytest
from attrs import evolve

from ispcore.driver import Site, Unreachable
from ispcore.testing.driver_kit.operation import KitOperation
from ispcore.transports import (
    CassetteError,
    CliSession,
    Credentials,
    Label,
    Place,
    Stream,
    connected,
    playing,
    recording,
)
from ispcore.transports.cassettes import Cassette, Exchange, Player, Recorder, read, written
from ispcore.transports.redaction import Redactor
from ispcore.values import SecretText
from tests.transports.fakes import Line, Lines, Turns
from tests.transports.serving import Served
from tests.transports.tables import HUAWEI
from tests.transports.test_connections import RIGHT, ssh_to, telnet_to
from tests.transports.tiny import TinyOlt

LABEL = Label("huawei", "MA5608T", "V800R015C00")
KEY = SecretText("Casa-do-Z\N{LATIN SMALL LETTER E WITH ACUTE}-7")
SET = f"wifi set key {KEY.reveal()}"
HERE: Site[None] = Site(None)


def story(session: CliSession) -> tuple[str, ...]:
    op = KitOperation(10)
    return (
        session.write("ont add HWTC00000001", op, mode=Place("gpon", "0/1")).text,
        session.write(SET, op, mode="config", secrets=[KEY]).text,
        session.read("display ont info all", op).text,
    )


@pytest.mark.parametrize("way", ["ssh", "telnet"])
def test_a_recorded_session_is_played_without_the_device(
    request: pytest.FixtureRequest, olt: TinyOlt, tmp_path: Path, way: str
) -> None:
    served: Served = request.getfixturevalue(way)
    device = ssh_to(served) if way == "ssh" else telnet_to(served)
    olt.onts = [f"HWTC1{number:07X}" for number in range(20)]
    tape = tmp_path / "tape.jsonl"
    with recording(tape, LABEL), connected(HERE, device, RIGHT, HUAWEI) as session:
        told = story(session)
    logins = olt.logins

    with playing(tape, LABEL), connected(HERE, device, RIGHT, HUAWEI) as session:
        played = story(session)

    assert played == told
    assert olt.logins == logins
    assert KEY.reveal() not in json.dumps(tape.read_text("utf-8"), ensure_ascii=False)
    assert "open-sesame" not in tape.read_text("utf-8")
    assert "wifi set key ********" in tape.read_text("utf-8")


def test_a_cassette_of_another_firmware_is_refused(tmp_path: Path) -> None:
    tape = tmp_path / "tape.jsonl"
    tape.write_text(written(Cassette(LABEL)), "utf-8")

    with (
        pytest.raises(CassetteError, match="V800R015C00, and is not played for huawei MA5608T V800R018C10"),
        playing(tape, Label("huawei", "MA5608T", "V800R018C10")),
    ):
        pass


PROMPT = "\r\nMA5608T#"
TALK = (
    Exchange(None, PROMPT),
    Exchange("\r", PROMPT),
    Exchange("display version\r", f"display version\r\nR015{PROMPT}"),
    Exchange("save\r", f"save\r\ndone{PROMPT}"),
)
BARE = Credentials("isp", SecretText("open-sesame"))


def played(*exchanges: Exchange) -> tuple[CliSession, Player]:
    player = Player(Cassette(LABEL, exchanges))
    redact = Redactor()

    def open_connection(seconds: float) -> Stream:
        return player.opened(Lines(TinyOlt()), redact, seconds)

    session = CliSession(evolve(HUAWEI, setup=()), BARE, open_connection, redact=redact)
    return session, player


def test_what_is_sent_in_another_order_is_named() -> None:
    session, _ = played(*TALK)

    with pytest.raises(CassetteError, match=r"has 'display version\\r' where 'save\\r' came"):
        session.write("save", Turns())


def test_what_was_not_recorded_is_named() -> None:
    session, _ = played(*TALK[:3])
    session.read("display version", Turns())

    with pytest.raises(CassetteError, match=r"has the end where 'save\\r' came"):
        session.write("save", Turns())


def test_what_was_recorded_and_not_sent_is_named() -> None:
    session, player = played(*TALK)
    session.read("display version", Turns())

    with pytest.raises(CassetteError, match=r"not played to its end: 'save\\r' was not sent"):
        player.finish()
    session.write("save", Turns())
    player.finish()


def test_a_connection_that_was_not_recorded_is_named() -> None:
    session, _ = played(TALK[2])

    with pytest.raises(CassetteError, match=r"has 'display version\\r' where a new connection came"):
        session.connect(Turns())


def test_silence_that_was_recorded_is_not_waited_for() -> None:
    session, _ = played(*TALK[:2], Exchange("display version\r", "display ver"))

    with pytest.raises(CassetteError, match=r"nothing more came after 'display version\\r'"):
        session.read("display version", Turns())


def test_an_end_is_played_as_an_end() -> None:
    session, _ = played(*TALK[:2], Exchange("display version\r", "display ver", ended=True))

    with pytest.raises(Unreachable, match="closed the connection"):
        session.read("display version", Turns())


def cut_in_the_echo(line: Line) -> None:
    line.cut = line.mute = lambda some: some.startswith(b"wifi")
    line.instead = SET[:-2]


def test_an_end_is_recorded_without_the_echo_that_may_break_off_in_a_secret(olt: TinyOlt) -> None:
    lines, recorder, redact = Lines(olt), Recorder(), Redactor()
    lines.prepare = cut_in_the_echo
    session = CliSession(HUAWEI, BARE, lambda seconds: recorder.opened(lines, redact, seconds), redact=redact)

    with pytest.raises(Unreachable):
        session.read(SET, Turns(), mode="config", secrets=[KEY])
    session.close()

    assert recorder.exchanges()[-1] == Exchange("wifi set key ********\r", "", ended=True)
    assert lines.last.closed


def test_a_cassette_is_read_as_it_was_written() -> None:
    cassette = Cassette(LABEL, (*TALK, Exchange("x", "caf\udce9 \u20ac", ended=True)))

    assert read(written(cassette)) == cassette


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "its first line is no label"),
        ('{"cassette": 2}', "no label of version 1"),
        ('{"cassette": 1}', "missing 3 required"),
        ("[]", "Line 1 of the cassette is no JSON object"),
        ("what", "Line 1 of the cassette is no JSON:"),
    ],
)
def test_what_is_no_cassette_is_told_where(text: str, complaint: str) -> None:
    with pytest.raises(CassetteError, match=complaint):
        read(text)
