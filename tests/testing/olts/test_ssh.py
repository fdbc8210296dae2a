"""The simulated OLT over SSH."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Iterator

import asyncssh
import pytest

from ispcore.errors import IspcoreError
from ispcore.testing import WireFault
from ispcore.testing.olts import Behaviour, HuaweiOlt, OltServer, serve, simulated_olt


@pytest.fixture
def olt() -> HuaweiOlt:
    return HuaweiOlt(behaviour=Behaviour(sessions=2))


@pytest.fixture
def server(olt: HuaweiOlt) -> Iterator[OltServer]:
    with simulated_olt(olt) as server:
        yield server


async def told(server: OltServer, line: str, *, password: str = "admin123", **options: object) -> str:
    async with asyncssh.connect(
        server.host,
        server.ssh_port or 0,
        username="root",
        password=password,
        known_hosts=None,
        config=None,
        client_keys=None,
        **options,
    ) as connection:
        process = await connection.create_process(term_type="vt100", term_size=(120, 40))
        got = ""
        while not got.endswith("MA5608T>"):
            some = await process.stdout.read(4096)
            if not some:
                raise EOFError(got)
            got += some
        process.stdin.write(f"{line}\n")
        return await asyncio.wait_for(process.stdout.read(4096), 5)


def test_an_answer_comes_with_its_echo_in_one_piece(server: OltServer) -> None:
    assert asyncio.run(told(server, "undo smart")) == "undo smart\r\nMA5608T>"


def test_a_wrong_password_is_counted_once(server: OltServer, olt: HuaweiOlt) -> None:
    with pytest.raises(asyncssh.PermissionDenied):
        asyncio.run(told(server, "enable", password="wrong"))

    assert (olt.logins_refused, olt.sessions) == (1, 0)


def test_the_width_of_the_terminal_is_that_of_the_client(server: OltServer) -> None:
    echo, _, _ = asyncio.run(told(server, "x" * 115)).partition("\r\n")

    assert echo == "x" * 112 + " \x1b[1D" + "xxx"


def test_the_opening_of_a_session_is_an_exchange(server: OltServer, olt: HuaweiOlt) -> None:
    asyncio.run(told(server, "enable"))

    assert (olt.wire.exchanges, olt.wire.connections) == (2, 1)


@pytest.mark.parametrize("fault", [WireFault.CUT_BEFORE, WireFault.CUT_AFTER, WireFault.RESET])
def test_a_connection_can_be_cut_at_a_line(server: OltServer, olt: HuaweiOlt, fault: WireFault) -> None:
    olt.wire.play(fault, at=2)

    try:
        got = asyncio.run(told(server, "enable"))
    except asyncssh.Error:
        got = ""

    assert got == ""


@pytest.mark.filterwarnings("ignore:Diffie-Hellman over finite fields")
def test_an_old_olt_offers_old_algorithms_alone() -> None:
    old = HuaweiOlt(behaviour=Behaviour(legacy_ssh=True))
    with simulated_olt(old) as server:
        with pytest.raises(asyncssh.DisconnectError):
            asyncio.run(told(server, "undo smart"))

        got = asyncio.run(
            told(
                server,
                "undo smart",
                kex_algs="+diffie-hellman-group1-sha1",
                encryption_algs="+aes128-cbc",
                server_host_key_algs="+ssh-rsa",
            )
        )

    assert got == "undo smart\r\nMA5608T>"


def test_without_asyncssh_it_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "asyncssh", None)

    with pytest.raises(IspcoreError, match=r"asyncssh, which is not installed") as refused, simulated_olt():
        pass

    assert "ispcore[terminal]" in (refused.value.hint or "")


def test_a_port_that_is_taken_is_told(server: OltServer) -> None:
    with (
        pytest.raises(IspcoreError, match=f"Port {server.ssh_port} of this machine"),
        simulated_olt(ssh_port=server.ssh_port),
    ):
        pass


def test_a_late_answer_holds_no_session_of_somebody_who_has_left(server: OltServer, olt: HuaweiOlt) -> None:
    olt.wire.late_seconds = 60
    olt.wire.play(WireFault.LATE, at=2)
    with pytest.raises(TimeoutError):
        asyncio.run(asyncio.wait_for(told(server, "enable"), 0.3))

    deadline = time.monotonic() + 5
    while olt.sessions and time.monotonic() < deadline:
        time.sleep(0.01)
    assert olt.sessions == 0


def breaks(*_: object) -> bool:
    raise KeyError("lost")


def test_an_error_of_the_simulator_is_raised_when_it_is_closed(
    olt: HuaweiOlt, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(olt, "begin_session", breaks)
    server = serve(olt)
    with pytest.raises(EOFError):
        asyncio.run(told(server, "enable"))

    with pytest.raises(KeyError, match="lost"):
        server.close()
