"""A proxy between a driver and its device, which breaks the connection in every way that real ones break.

It listens on the loopback only. :meth:`DialProxy.dial` has the shape of :attr:`ispcore.driver.Site.dial`, so
a driver that connects to what ``dial`` answers goes through it without knowing::

    with DialProxy() as proxy, driver.open(evolve(site, dial=proxy.dial)) as session:
        proxy.play(WireFault.CUT_AFTER)
        ...

A new exchange begins when the driver says something after the device has spoken.
"""

from __future__ import annotations

import socket
import struct
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Self

from ispcore.testing.wire import WireFault

if TYPE_CHECKING:
    from collections.abc import Callable

_CHUNK = 65536
_POLL_SECONDS = 0.02
_PATIENCE_SECONDS = 10
_DRIP_SECONDS = 0.0002
_DRIPS = 24
_TORN_DOWN = struct.pack("ii", 1, 0)
_NONSENSE = b"%% ?!\r\n"


def nonsense(answer: bytes) -> bytes:
    """Return nonsense for the lines of *answer*; its last, unfinished one (a prompt) stays.

    Where there are no lines, there is no prompt, and all of it is nonsense.
    """
    _, newline, prompt = answer.rpartition(b"\n")
    return _NONSENSE + prompt if newline else _NONSENSE


class DialProxy:
    """Stands between a driver and its devices, counts exchanges and plays faults.

    ``garble`` makes nonsense of an answer; ``alarm`` is what the device prints when it pleases.
    """

    def __init__(self, *, alarm: bytes | None = None, garble: Callable[[bytes], bytes] = nonsense) -> None:
        """Listen nowhere yet."""
        self.alarm = alarm
        self.garble = garble
        self.late_seconds = 0.0
        self.at_exchange: Callable[[], None] = lambda: None
        self.exchanges = 0
        self.connections = 0
        self.closing = threading.Event()
        self.lock = threading.Lock()
        self._faults: dict[int, WireFault] = {}
        self._bytes_left: int | None = None
        self._listeners: dict[tuple[str, int], socket.socket] = {}
        self._links: list[_Link] = []
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Self:
        """Use the proxy in a ``with`` block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close everything."""
        self.close()

    # What tests ask for

    def dial(self, host: str, port: int) -> tuple[str, int]:
        """Return where to connect instead of *host* and *port*."""
        with self.lock:
            listener = self._listeners.get((host, port))
            if listener is None:
                listener = socket.create_server(("127.0.0.1", 0))
                listener.settimeout(_POLL_SECONDS)
                self._listeners[host, port] = listener
                self._start(lambda: self._accept(listener, (host, port)))
        name: tuple[str, int] = listener.getsockname()
        return name

    def play(self, fault: WireFault, *, at: int = 1) -> None:
        """Let *fault* happen to the *at*-th exchange from now, once."""
        with self.lock:
            self._faults[self.exchanges + at] = fault

    def cut_after_bytes(self, count: int) -> None:
        """Cut the connection when *count* more bytes of answers have gone through."""
        with self.lock:
            self._bytes_left = count

    def calm(self) -> None:
        """Let nothing happen any more."""
        with self.lock:
            self._faults.clear()
            self._bytes_left = None

    def close(self) -> None:
        """Close every connection, and wait for the threads."""
        self.closing.set()
        for link in self._links:
            link.cut()
        for thread in list(self._threads):
            thread.join(_PATIENCE_SECONDS)
        for listener in self._listeners.values():
            listener.close()

    # What a link asks for

    def next_exchange(self) -> WireFault | None:
        """Count an exchange, and return what happens to it."""
        self.at_exchange()
        with self.lock:
            self.exchanges += 1
            return self._faults.pop(self.exchanges, None)

    def allowed(self, answer: bytes) -> bytes:
        """Return how much of *answer* goes through before a cut that was asked for."""
        with self.lock:
            if self._bytes_left is None:
                return answer
            passed = answer[: self._bytes_left]
            self._bytes_left -= len(passed)
            if len(passed) < len(answer):
                self._bytes_left = None
            return passed

    def _start(self, run: Callable[[], None]) -> None:
        thread = threading.Thread(target=run, name="ispcore-dial-proxy", daemon=True)
        self._threads = [*(one for one in self._threads if one.is_alive()), thread]
        thread.start()

    def _accept(self, listener: socket.socket, device: tuple[str, int]) -> None:
        while not self.closing.is_set():
            try:
                near, _ = listener.accept()
            except TimeoutError:
                continue
            except OSError:
                return
            self._link(near, device)

    def _link(self, near: socket.socket, device: tuple[str, int]) -> None:
        near.settimeout(None)
        with self.lock:
            self.connections += 1
        try:
            far = socket.create_connection(device, _PATIENCE_SECONDS)
        except OSError:
            near.close()
            return
        far.settimeout(None)
        for end in (near, far):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        link = _Link(self, near, far)
        with self.lock:
            self._links = [*(one for one in self._links if not one.ended), link]
            self._start(link.questions)
            self._start(link.answers)


class _Link:
    """One connection: *near* is the driver's end, *far* the device's; a thread for each direction."""

    def __init__(self, proxy: DialProxy, near: socket.socket, far: socket.socket) -> None:
        self._proxy = proxy
        self._near = near
        self._far = far
        self._fault: WireFault | None = None
        self._answered = True
        self._garbled = False
        self._running = 2
        self._lock = threading.Lock()

    @property
    def ended(self) -> bool:
        return self._running == 0

    def cut(self) -> None:
        """End both directions; the threads close the sockets when they have noticed."""
        # A connection that is torn down says no goodbye: it is only closed, which SO_LINGER makes a reset.
        how = socket.SHUT_RD if self._fault is WireFault.RESET else socket.SHUT_RDWR
        with suppress(OSError):
            self._near.shutdown(how)
        with suppress(OSError):
            self._far.shutdown(socket.SHUT_RDWR)

    def questions(self) -> None:
        """Carry what the driver says, and begin exchanges."""
        self._carry(self._near, self._question)

    def answers(self) -> None:
        """Carry what the device says, and do to it what the exchange's fault is."""
        self._carry(self._far, self._answer)

    def _carry(self, source: socket.socket, take: Callable[[bytes], bool]) -> None:
        try:
            with suppress(OSError):
                while (some := source.recv(_CHUNK)) and take(some):
                    pass
        finally:
            if not (self._fault is WireFault.SILENCE and source is self._far):
                self.cut()
            self._end()

    def _end(self) -> None:
        with self._lock:
            self._running -= 1
            if self._running == 0:
                self._near.close()
                self._far.close()

    def _question(self, some: bytes) -> bool:
        if self._fault is WireFault.SILENCE:
            return True  # said to nobody
        if self._answered:
            self._answered = False
            self._garbled = False
            self._fault = self._proxy.next_exchange()
        if self._fault is WireFault.CUT_BEFORE:
            return False
        self._far.sendall(some)
        return True

    def _answer(self, some: bytes) -> bool:
        self._answered = self._fault is not WireFault.SILENCE
        match self._fault:
            case WireFault.CUT_AFTER:
                return False
            case WireFault.RESET:
                self._near.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _TORN_DOWN)
                return False
            case WireFault.SILENCE:
                return True
            case WireFault.LATE:
                self._fault = None
                self._proxy.closing.wait(self._proxy.late_seconds)
            case WireFault.DRIP:
                return self._drip(some)
            case WireFault.GARBAGE:
                some = self._nonsense(some)
            case WireFault.ALARM:
                self._fault = None
                head, newline, rest = some.partition(b"\n")
                some = head + newline + (self._proxy.alarm or b"") + rest if newline else some
            case _:
                pass
        return self._pass(some)

    def _nonsense(self, some: bytes) -> bytes:
        """Garble an answer; a prompt that comes after it in a piece of its own stays."""
        if self._garbled and b"\n" not in some:
            return some
        self._garbled = True
        return self._proxy.garble(some)

    def _drip(self, some: bytes) -> bool:
        """Pass both ends of an answer in pieces of a byte, and its middle whole."""
        head, middle, tail = some[:_DRIPS], some[_DRIPS:-_DRIPS], some[_DRIPS:][-_DRIPS:]
        pieces = [head[at : at + 1] for at in range(len(head))]
        pieces += [middle, *(tail[at : at + 1] for at in range(len(tail)))]
        return all(self._pass(piece) and not self._proxy.closing.wait(_DRIP_SECONDS) for piece in pieces)

    def _pass(self, some: bytes) -> bool:
        passed = self._proxy.allowed(some)
        self._near.sendall(passed)
        return len(passed) == len(some)
