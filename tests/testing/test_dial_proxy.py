"""The dial proxy breaks a connection in every way, at the exchange that it was told."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from ispcore.testing import DialProxy, WireFault
from ispcore.testing.dial_proxy import nonsense


class Echo:
    """Answers each line with itself and a prompt, and keeps what it heard."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address: tuple[str, int] = self._listener.getsockname()
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(5)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                one, _ = self._listener.accept()
                self._threads.append(threading.Thread(target=self._serve, args=(one,), daemon=True))
                self._threads[-1].start()

    def _serve(self, one: socket.socket) -> None:
        with suppress(OSError), one, one.makefile("rb") as lines:
            for line in lines:
                self.heard.append(line)
                one.sendall(line + b"> ")


@pytest.fixture
def echo() -> Iterator[Echo]:
    echo = Echo()
    yield echo
    echo.close()


@pytest.fixture
def proxy() -> Iterator[DialProxy]:
    with DialProxy(alarm=b"! alarm\n") as proxy:
        yield proxy


@pytest.fixture
def sock(echo: Echo, proxy: DialProxy) -> Iterator[socket.socket]:
    with socket.create_connection(proxy.dial(*echo.address), timeout=5) as sock:
        yield sock


def ask(sock: socket.socket, line: bytes) -> bytes:
    """Return the answer until the prompt, or what came of it before the connection ended."""
    sock.sendall(line)
    heard = b""
    while not heard.endswith(b"> "):
        some = sock.recv(4096)
        if not some:
            break
        heard += some
    return heard


def test_without_a_fault_everything_passes_and_is_counted(sock: socket.socket, proxy: DialProxy) -> None:
    assert [ask(sock, b"one\n"), ask(sock, b"two\n")] == [b"one\n> ", b"two\n> "]
    assert (proxy.exchanges, proxy.connections) == (2, 1)


def test_every_exchange_is_told_before_the_device_hears_it(
    sock: socket.socket, proxy: DialProxy, echo: Echo
) -> None:
    heard: list[int] = []
    proxy.at_exchange = lambda: heard.append(len(echo.heard))

    ask(sock, b"one\n")
    ask(sock, b"two\n")

    assert heard == [0, 1]


def test_cut_before_an_exchange_the_device_hears_nothing(
    sock: socket.socket, proxy: DialProxy, echo: Echo
) -> None:
    proxy.play(WireFault.CUT_BEFORE, at=2)

    assert ask(sock, b"one\n") == b"one\n> "
    assert ask(sock, b"two\n") == b""
    assert echo.heard == [b"one\n"]


def test_cut_after_an_exchange_the_device_has_heard_and_the_driver_has_not(
    sock: socket.socket, proxy: DialProxy, echo: Echo
) -> None:
    proxy.play(WireFault.CUT_AFTER)

    assert ask(sock, b"one\n") == b""
    assert echo.heard == [b"one\n"]


def test_a_connection_that_is_torn_down_says_so(sock: socket.socket, proxy: DialProxy, echo: Echo) -> None:
    proxy.play(WireFault.RESET)

    with pytest.raises(ConnectionResetError):
        ask(sock, b"one\n")
    assert echo.heard == [b"one\n"]


def test_silence_keeps_the_connection_and_says_nothing(
    sock: socket.socket, proxy: DialProxy, echo: Echo
) -> None:
    proxy.play(WireFault.SILENCE)
    sock.settimeout(0.05)

    with pytest.raises(TimeoutError):
        ask(sock, b"one\n")
    with pytest.raises(TimeoutError):
        ask(sock, b"two\n")
    assert echo.heard == [b"one\n"]


def test_a_late_answer_comes_late(sock: socket.socket, proxy: DialProxy) -> None:
    proxy.late_seconds = 0.1
    proxy.play(WireFault.LATE)
    began = time.monotonic()

    assert ask(sock, b"one\n") == b"one\n> "

    assert time.monotonic() - began >= 0.1


def test_an_answer_in_pieces_comes_a_byte_at_a_time(sock: socket.socket, proxy: DialProxy) -> None:
    proxy.play(WireFault.DRIP)
    sock.sendall(b"a line that is rather long, longer than two ends of it\n")

    pieces: list[bytes] = []
    while not pieces or not b"".join(pieces).endswith(b"> "):
        pieces.append(sock.recv(4096))

    assert b"".join(pieces) == b"a line that is rather long, longer than two ends of it\n> "
    assert len(pieces) > 10


def test_nonsense_keeps_the_prompt(sock: socket.socket, proxy: DialProxy) -> None:
    proxy.play(WireFault.GARBAGE)

    answer = ask(sock, b"one\n")

    assert b"one" not in answer
    assert answer.endswith(b"> ")
    assert b"one" not in nonsense(b"one, without a line")


def test_a_notice_stands_in_the_answer(sock: socket.socket, proxy: DialProxy) -> None:
    proxy.play(WireFault.ALARM)

    assert ask(sock, b"one\n") == b"one\n! alarm\n> "
    assert ask(sock, b"two\n") == b"two\n> "


def test_a_connection_is_cut_after_bytes(sock: socket.socket, proxy: DialProxy) -> None:
    proxy.cut_after_bytes(8)

    assert ask(sock, b"one\n") == b"one\n> "
    assert ask(sock, b"two\n") == b"tw"


def test_calm_takes_back_what_has_not_happened(sock: socket.socket, proxy: DialProxy) -> None:
    proxy.play(WireFault.CUT_BEFORE)
    proxy.cut_after_bytes(1)
    proxy.calm()

    assert ask(sock, b"one\n") == b"one\n> "


def test_where_nobody_listens_the_connection_ends(proxy: DialProxy) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        address = gone.getsockname()

    with socket.create_connection(proxy.dial(*address), timeout=5) as sock:
        assert sock.recv(1) == b""


def test_a_device_is_dialled_through_one_port(proxy: DialProxy, echo: Echo) -> None:
    assert proxy.dial(*echo.address) == proxy.dial(*echo.address) != echo.address


def test_closing_ends_every_connection_and_thread(echo: Echo) -> None:
    before = threading.active_count()
    with DialProxy() as proxy, socket.create_connection(proxy.dial(*echo.address), timeout=5) as sock:
        ask(sock, b"one\n")
        proxy.close()

        assert sock.recv(1) == b""

    assert not [one for one in threading.enumerate() if one.name == "ispcore-dial-proxy"]
    assert threading.active_count() >= before
