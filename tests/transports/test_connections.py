"""SSH and Telnet on the loopback: from signing in to the end."""

import logging
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from attrs import evolve

from ispcore.driver import AuthFailed, Busy, OutcomeUnknown, Site, Unreachable
from ispcore.testing.dial_proxy import DialProxy
from ispcore.testing.driver_kit.operation import KitOperation
from ispcore.testing.wire import WireFault
from ispcore.transports import CliSession, Credentials, Place, Ssh, StreamEndedError, Telnet, connected
from ispcore.values import SecretText
from tests.transports.serving import Served, ssh_server
from tests.transports.tables import HUAWEI
from tests.transports.tiny import TinyOlt

RIGHT = Credentials("isp", SecretText("open-sesame"))
WRONG = Credentials("isp", SecretText("let-me-in"))
HERE: Site[None] = Site(None)


def ssh_to(served: Served) -> Ssh:
    return Ssh("127.0.0.1", served.port, host_key=served.fingerprint)


def telnet_to(served: Served) -> Telnet:
    return Telnet("127.0.0.1", served.port)


@pytest.fixture(params=["ssh", "telnet"])
def device(request: pytest.FixtureRequest) -> Ssh | Telnet:
    served = request.getfixturevalue(request.param)
    return ssh_to(served) if request.param == "ssh" else telnet_to(served)


def test_a_session_reads_and_writes_in_the_mode_of_a_command(
    device: Ssh | Telnet, olt: TinyOlt, op: KitOperation
) -> None:
    with connected(HERE, device, RIGHT, HUAWEI) as session:
        added = session.write("ont add HWTC00000001", op, mode=Place("gpon", "0/1"))
        listed = session.read("display ont info all", op, mode="enable")

    assert added.lines == ("  Number of ONTs that can be added: 1, success: 1", "  PortID :1, ONTID :1")
    assert listed.lines == ("  ONT HWTC00000001", "  total")
    assert [line for line in olt.heard if line != "ont add HWTC00000001"] == [
        "enable",
        "infoswitch cli OFF",
        "scroll 512",
        "config",
        "interface gpon 0/1",
        "return",
        "display ont info all",
    ]


def test_a_wrong_password_is_given_once(device: Ssh | Telnet, olt: TinyOlt) -> None:
    with (
        pytest.raises(AuthFailed, match="does not accept the name or the password"),
        connected(HERE, device, WRONG, HUAWEI),
    ):
        pass

    assert olt.logins == 1


def opening(device: Ssh | Telnet, site: Site[None] = HERE) -> CliSession:
    """Open a session, and close it again."""
    with connected(site, device, RIGHT, HUAWEI) as session:
        return session


def test_the_libraries_log_no_secret(
    device: Ssh | Telnet, op: KitOperation, caplog: pytest.LogCaptureFixture
) -> None:
    key = SecretText("Casa-do-Rio-7")

    with caplog.at_level(logging.DEBUG), connected(HERE, device, RIGHT, HUAWEI) as session:
        session.write(f"wifi set key {key.reveal()}", op, secrets=[key])

    assert "wifi set key ********" in caplog.text
    assert key.reveal() not in caplog.text
    assert "open-sesame" not in caplog.text


def test_a_session_is_closed_at_the_end_whatever_happens(
    request: pytest.FixtureRequest, device: Ssh | Telnet
) -> None:
    served = request.getfixturevalue("ssh" if isinstance(device, Ssh) else "telnet")

    with pytest.raises(ZeroDivisionError), connected(HERE, device, RIGHT, HUAWEI):
        raise ZeroDivisionError

    deadline = time.monotonic() + 5
    while served.open and time.monotonic() < deadline:
        time.sleep(0.01)
    assert served.open == 0


def test_the_device_is_told_how_wide_the_terminal_is(
    request: pytest.FixtureRequest, device: Ssh | Telnet
) -> None:
    served = request.getfixturevalue("ssh" if isinstance(device, Ssh) else "telnet")

    opening(device)

    assert served.columns == [HUAWEI.columns]


def test_a_connection_that_was_cut_is_opened_anew_for_the_next_command(
    request: pytest.FixtureRequest, device: Ssh | Telnet, op: KitOperation
) -> None:
    served = request.getfixturevalue("ssh" if isinstance(device, Ssh) else "telnet")
    with connected(HERE, device, RIGHT, HUAWEI) as session:
        served.cut()
        with suppress(StreamEndedError):
            while session._stream is not None:
                session._stream.receive(5)

        assert session.read("display ont info all", op).text == "  total"


def test_a_connection_is_made_to_what_dial_answers(device: Ssh | Telnet) -> None:
    elsewhere = evolve(device, host="olt.example", port=1)

    session = opening(elsewhere, Site(None, dial=lambda *_: (device.host, device.port)))

    assert session.host == "MA5608T"


# --- what happens on the way


@pytest.fixture
def proxy() -> Iterator[DialProxy]:
    with DialProxy(alarm=b"  ! ALARM fan 3 stopped\r\n") as one:
        yield one


FAULTS = [fault for fault in WireFault if fault is not WireFault.SILENCE]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_write_over_a_bad_line_is_answered_or_not_known_and_is_done_once(
    telnet: Served, olt: TinyOlt, proxy: DialProxy, op: KitOperation, fault: WireFault
) -> None:
    proxy.late_seconds = 0.4
    with connected(Site(None, dial=proxy.dial), telnet_to(telnet), RIGHT, HUAWEI) as session:
        session.read("display version", op, mode="config")
        proxy.play(fault)
        try:
            answer = session.write("ont add HWTC1", op, mode="config").text
        except OutcomeUnknown:
            answer = "unknown"
        proxy.calm()
        listed = session.read("display ont info all", op).text

    assert olt.heard.count("ont add HWTC1") <= 1
    assert listed == "".join(f"  ONT {one}\n" for one in olt.onts) + "  total"
    if fault in (WireFault.LATE, WireFault.DRIP, WireFault.ALARM):
        assert "success: 1" in answer


def test_silence_ends_with_the_deadline(telnet: Served, proxy: DialProxy) -> None:
    with connected(Site(None, dial=proxy.dial), telnet_to(telnet), RIGHT, HUAWEI) as session:
        proxy.play(WireFault.SILENCE)
        began = time.monotonic()

        with pytest.raises(OutcomeUnknown):
            session.write("ont add HWTC1", KitOperation(0.3))

        assert time.monotonic() - began < 1.5


def test_a_device_that_says_nothing_is_not_waited_for_longer_than_the_site_allows() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        for device in (Telnet("127.0.0.1", port), Ssh("127.0.0.1", port, host_key="SHA256:x")):
            began = time.monotonic()

            with pytest.raises(Unreachable):
                opening(device, Site(None, patience_seconds=0.3))

            assert time.monotonic() - began < 2


def test_a_port_that_nobody_listens_on_cannot_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    for device in (Telnet("127.0.0.1", port), Ssh("127.0.0.1", port)):
        with pytest.raises(Unreachable, match=r"at 127\.0\.0\.1 cannot be reached"):
            opening(device)


# --- SSH


def test_a_host_key_that_is_another_is_told_and_no_password_is_given(ssh: Served, olt: TinyOlt) -> None:
    with pytest.raises(AuthFailed, match="shows a host key that is not known: SHA256:") as caught:
        opening(Ssh("127.0.0.1", ssh.port, host_key="SHA256:another"))

    assert ssh.fingerprint in str(caught.value)
    assert olt.logins == 0


def test_a_file_of_known_hosts_tells_the_key_by_the_name_of_the_device(ssh: Served, tmp_path: Path) -> None:
    known = tmp_path / "known_hosts"
    known.write_text(f"olt.example {ssh.host_key}\n")
    device = Ssh("olt.example", host_key=str(known))
    site: Site[None] = Site(None, dial=lambda *_: ("127.0.0.1", ssh.port))

    assert opening(device, site).host == "MA5608T"

    known.write_text("")
    with pytest.raises(AuthFailed, match="not known"):
        opening(device, site)
    known.unlink()
    with pytest.raises(AuthFailed, match="not known"):
        opening(device, site)


def test_a_device_that_asks_for_the_password_by_questions_is_answered_once(ssh: Served, olt: TinyOlt) -> None:
    ssh.by_questions = True

    assert opening(ssh_to(ssh)).host == "MA5608T"
    with pytest.raises(AuthFailed), connected(HERE, ssh_to(ssh), WRONG, HUAWEI):
        pass

    assert olt.logins == 2


def test_a_device_without_a_free_session_is_busy(ssh: Served) -> None:
    ssh.full = True

    with pytest.raises(Busy, match="no session left"):
        opening(ssh_to(ssh))


@pytest.mark.filterwarnings("ignore")  # the library for ciphers warns of old ones, in another thread
def test_old_ciphers_are_spoken_only_where_that_is_wanted(olt: TinyOlt) -> None:
    old = {
        "key": "ssh-rsa",
        "kex_algs": ["diffie-hellman-group1-sha1"],
        "encryption_algs": ["aes128-cbc"],
        "signature_algs": ["ssh-rsa"],
    }
    with ssh_server(olt, **old) as served:
        with pytest.raises(Unreachable, match="Old firmware needs `legacy_ciphers`"):
            opening(ssh_to(served))
        assert opening(evolve(ssh_to(served), legacy_ciphers=True)).host == "MA5608T"


def test_without_the_libraries_the_package_is_imported_all_the_same() -> None:
    code = "import sys; sys.modules |= dict.fromkeys(['asyncssh', 'telnetlib3']); import ispcore.transports"

    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(
    ("library", "module", "device"),
    [
        ("asyncssh", "ssh_client", Ssh("127.0.0.1")),
        ("telnetlib3", "telnet_client", Telnet("127.0.0.1")),
    ],
)
def test_without_the_library_opening_a_connection_tells_what_to_install(
    monkeypatch: pytest.MonkeyPatch, library: str, module: str, device: Ssh | Telnet
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    monkeypatch.delitem(sys.modules, f"ispcore.transports.{module}", raising=False)

    with pytest.raises(Unreachable, match=r"pip install 'ispcore\[terminal\]'"):
        opening(device)


def test_a_command_takes_about_a_millisecond(device: Ssh | Telnet, op: KitOperation) -> None:
    took = []
    with connected(HERE, device, RIGHT, HUAWEI) as session:
        for _ in range(100):
            began = time.perf_counter()
            session.read("display version", op)
            took.append(time.perf_counter() - began)

    median = statistics.median(took) * 1000
    print(f"{type(device).__name__}: {median:.2f} ms a command")  # noqa: T201 - shown by pytest -s
    assert median < 50  # a waiting somewhere would be more than that; the machine may be slow
