"""A toy OLT: a command line over TCP, with everything in it that makes real ones hard to talk to.

It asks for name and password, pages long answers, wants deletions confirmed, bears few sessions, and shows no
key that it was given. ``python -m ispcore.testing.toy_olt`` lets one talk to it by hand; no real device
has this dialect.
"""

from __future__ import annotations

import re
import shlex
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from attrs import define, field

if TYPE_CHECKING:
    from io import BufferedRWPair

PROMPT: Final = "toy# "
MORE: Final = "--More-- (space for more, q to stop)"
SURE: Final = "Are you sure? (y/n) "
PROFILES: Final = ("fibre50", "fibre100", "fibre300")
_PAGE = 15
_MOST_ON_A_PORT = 8
_LAST_VLAN = 4094
_SHORTEST_KEY = 8
_PORT = re.compile(r"0/[0-9]{1,2}/[0-9]{1,2}")
_SERIAL = re.compile(r"[A-Z]{4}[0-9A-F]{8}")


class ToyError(Exception):
    """What the OLT says instead of doing it."""


@define
class ToyOnu:
    """One ONU as the OLT knows it."""

    serial: str
    profile: str = "fibre50"
    vlan: int | None = None
    name: str = ""
    active: bool = True
    ssid: str = ""
    wifi_key: str = ""
    wifi_on: bool = False


@define
class ToyOlt:
    """The state of the OLT; ``onus`` are by place, port and number: ``"0/1/4:1"``.

    ``writes`` counts what was written. ``alarm`` is printed once, in the middle of the next answer; with
    ``mute`` it does what it is told and answers nothing.
    """

    chassis: str = "TOYOLT0001"
    user: str = "admin"
    password: str = "toy"  # noqa: S105 - a toy's
    lanes: int = 1
    onus: dict[str, ToyOnu] = field(factory=dict)
    waiting: dict[str, str] = field(factory=dict)
    writes: int = 0
    sessions: int = 0
    logins_refused: int = 0
    alarm: str = ""
    mute: bool = False
    lock: threading.RLock = field(factory=threading.RLock, repr=False)

    # --- what it can be told

    def run(self, line: str) -> str:
        """Return the answer to one command, as it is printed."""
        try:
            words = shlex.split(line)
        except ValueError:
            return "% Unknown command"
        for pattern, act in _COMMANDS.items():
            if words[: len(pattern)] == list(pattern):
                with self.lock:
                    try:
                        return act(self, words[len(pattern) :])
                    except ToyError as error:
                        return f"% Error: {error}"
        return "% Unknown command"

    def at(self, place: str) -> ToyOnu:
        """Return the ONU at *place*."""
        if place not in self.onus:
            raise ToyError(f"no onu at {place}")
        return self.onus[place]

    def place_of(self, serial: str) -> str | None:
        """Return where the ONU of this *serial* is."""
        return next((place for place, onu in self.onus.items() if onu.serial == serial), None)

    def free_place(self, port: str) -> str:
        """Return the first free place on *port*."""
        if not _PORT.fullmatch(port):
            raise ToyError(f"no port {port}")
        places = (f"{port}:{number}" for number in range(1, _MOST_ON_A_PORT + 1))
        free = next((place for place in places if place not in self.onus), None)
        if free is None:
            raise ToyError(f"port {port} is full")
        return free


def _options(words: list[str], known: tuple[str, ...]) -> dict[str, str]:
    if len(words) % 2 or any(word not in known for word in words[::2]):
        raise ToyError("bad parameter")
    return dict(zip(words[::2], words[1::2], strict=True))


def _set(onu: ToyOnu, given: dict[str, str]) -> None:
    if "profile" in given and given["profile"] not in PROFILES:
        raise ToyError(f"no profile {given['profile']}")
    if "vlan" in given and not (
        given["vlan"] == "none" or (given["vlan"].isdecimal() and 1 <= int(given["vlan"]) <= _LAST_VLAN)
    ):
        raise ToyError(f"bad vlan {given['vlan']}")
    onu.profile = given.get("profile", onu.profile)
    onu.name = given.get("name", onu.name)
    if "vlan" in given:
        onu.vlan = None if given["vlan"] == "none" else int(given["vlan"])


def _add(olt: ToyOlt, words: list[str]) -> str:
    given = _options(words, ("port", "serial", "profile", "vlan", "name"))
    serial, port = given.pop("serial", ""), given.pop("port", "")
    if not _SERIAL.fullmatch(serial):
        raise ToyError(f"bad serial {serial}")
    if olt.place_of(serial):
        raise ToyError(f"serial {serial} exists at {olt.place_of(serial)}")
    place, onu = olt.free_place(port), ToyOnu(serial)
    _set(onu, given)
    olt.onus[place] = onu
    olt.waiting.pop(serial, None)
    olt.writes += 1
    return f"ONU {place} added"


def _modify(olt: ToyOlt, words: list[str]) -> str:
    if not words:
        raise ToyError("bad parameter")
    _set(olt.at(words[0]), _options(words[1:], ("profile", "vlan", "name")))
    olt.writes += 1
    return f"ONU {words[0]} modified"


def _exchange(olt: ToyOlt, words: list[str]) -> str:
    place, serial = _two(words)
    if not _SERIAL.fullmatch(serial) or olt.place_of(serial):
        raise ToyError(f"serial {serial} cannot be used")
    olt.at(place).serial = serial
    olt.writes += 1
    return f"ONU {place} modified"


def _move(olt: ToyOlt, words: list[str]) -> str:
    place, port = _two(words)
    onu, free = olt.at(place), olt.free_place(port)
    del olt.onus[place]
    olt.onus[free] = onu
    olt.writes += 1
    return f"ONU {place} moved to {free}"


def _switch(on: bool) -> Callable[[ToyOlt, list[str]], str]:  # noqa: FBT001 - made for the table below
    def act(olt: ToyOlt, words: list[str]) -> str:
        olt.at(" ".join(words)).active = on
        olt.writes += 1
        return f"ONU {words[0]} {'activated' if on else 'deactivated'}"

    return act


def _delete(olt: ToyOlt, words: list[str]) -> str:
    olt.at(" ".join(words))
    del olt.onus[words[0]]
    olt.writes += 1
    return f"ONU {words[0]} deleted"


def _wifi(olt: ToyOlt, words: list[str]) -> str:
    if not words:
        raise ToyError("bad parameter")
    onu, given = olt.at(words[0]), _options(words[1:], ("ssid", "key", "state"))
    if "key" in given and len(given["key"]) < _SHORTEST_KEY:
        raise ToyError("key too short")
    onu.ssid, onu.wifi_key = given.get("ssid", onu.ssid), given.get("key", onu.wifi_key)
    onu.wifi_on = given.get("state", "on" if onu.wifi_on else "off") == "on"
    olt.writes += 1
    return f"WIFI of {words[0]} set"


def _two(words: list[str]) -> tuple[str, str]:
    place, *rest = words or [""]
    if len(rest) != 1:
        raise ToyError("bad parameter")
    return place, rest[0]


def _all(olt: ToyOlt, _: list[str]) -> str:
    rows = [_row(place, onu) for place, onu in sorted(olt.onus.items())]
    return "\n".join(
        [f"{'Place':10}{'Serial':14}{'State':10}{'Profile':10}{'Vlan':6}Name", *rows, f"Total: {len(rows)}"]
    )


def _row(place: str, onu: ToyOnu) -> str:
    state = "active" if onu.active else "inactive"
    return f"{place:10}{onu.serial:14}{state:10}{onu.profile:10}{onu.vlan or '-':<6}{onu.name or '-'}"


def _show_wifi(olt: ToyOlt, words: list[str]) -> str:
    onu = olt.at(" ".join(words))
    key = "configured" if onu.wifi_key else "none"
    return f"SSID: {onu.ssid or '-'}\nKey: {key}\nState: {'on' if onu.wifi_on else 'off'}"


def _waiting(olt: ToyOlt, _: list[str]) -> str:
    return "\n".join(
        [*(f"{serial}  {port}" for serial, port in sorted(olt.waiting.items())), f"Total: {len(olt.waiting)}"]
    )


def _optical(olt: ToyOlt, words: list[str]) -> str:
    onu = olt.at(" ".join(words))
    return "Rx: -21.50 dBm\nTx: 2.10 dBm" if onu.active else "Rx: - dBm\nTx: - dBm"


def _version(olt: ToyOlt, _: list[str]) -> str:
    return f"Toy OLT\nChassis: {olt.chassis}\nSoftware: 1.4"


def _reboot(olt: ToyOlt, words: list[str]) -> str:
    olt.at(" ".join(words))
    return f"ONU {words[0]} reboots"


_COMMANDS: dict[tuple[str, ...], Callable[[ToyOlt, list[str]], str]] = {
    ("display", "version"): _version,
    ("display", "onu", "all"): _all,
    ("display", "wifi"): _show_wifi,
    ("display", "optical"): _optical,
    ("display", "waiting"): _waiting,
    ("onu", "add"): _add,
    ("onu", "modify"): _modify,
    ("onu", "exchange"): _exchange,
    ("onu", "move"): _move,
    ("onu", "activate"): _switch(on=True),
    ("onu", "deactivate"): _switch(on=False),
    ("onu", "delete"): _delete,
    ("onu", "reboot"): _reboot,
    ("wifi", "set"): _wifi,
}


# --- the wire


class ToyOltServer:
    """Serves a :class:`ToyOlt` on a port of the loopback, a thread for each session."""

    def __init__(self, olt: ToyOlt | None = None, port: int = 0) -> None:
        """Listen at once; port 0 takes a free one."""
        self.olt = olt or ToyOlt()
        self._listener = socket.create_server(("127.0.0.1", port))
        self.host, self.port = self._listener.getsockname()[:2]
        self._threads: list[threading.Thread] = []
        self._open: set[socket.socket] = set()
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Close the port and every session."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for wire in list(self._open):
            with suppress(OSError):
                wire.shutdown(socket.SHUT_RDWR)
        self._thread.join(5)
        for thread in self._threads:
            thread.join(5)

    def _accept(self) -> None:
        while True:
            try:
                wire, _ = self._listener.accept()
            except OSError:
                return
            wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._open.add(wire)
            thread = threading.Thread(target=self._serve, args=(wire,), daemon=True)
            self._threads = [*(one for one in self._threads if one.is_alive()), thread]
            thread.start()

    def _serve(self, wire: socket.socket) -> None:
        try:
            with suppress(OSError, ValueError), wire, wire.makefile("rwb") as stream:
                _Session(self.olt, stream).run()
        finally:
            self._open.discard(wire)


class _Session:
    def __init__(self, olt: ToyOlt, stream: BufferedRWPair) -> None:
        self._olt = olt
        self._stream = stream

    def run(self) -> None:
        with self._olt.lock:
            full = self._olt.sessions >= self._olt.lanes
            self._olt.sessions += not full
        if full:
            self._say("% Too many sessions\r\n")
            return
        try:
            if self._signs_in():
                self._commands()
        finally:
            with self._olt.lock:
                self._olt.sessions -= 1

    def _signs_in(self) -> bool:
        user, password = self._asked("Toy OLT\r\nlogin: "), self._asked("password: ")
        if (user, password) == (self._olt.user, self._olt.password):
            return True
        self._olt.logins_refused += 1
        self._say("% Access denied\r\n")
        return False

    def _commands(self) -> None:
        while (line := self._asked(PROMPT)) is not None and line != "quit":
            if line.startswith("onu delete") and self._asked(SURE) != "y":
                self._tell("Cancelled\r\n")
            elif line:
                self._answer(self._olt.run(line))

    def _answer(self, text: str) -> None:
        if self._olt.mute:
            return
        lines = text.split("\n")
        alarm, self._olt.alarm = self._olt.alarm, ""
        if alarm:
            lines.insert(len(lines) // 2, f"! ALARM {alarm}")
        for first in range(0, len(lines), _PAGE):
            self._tell("".join(f"{line}\r\n" for line in lines[first : first + _PAGE]))
            if first + _PAGE < len(lines) and self._asked(MORE, whole_line=False) == "q":
                return

    def _tell(self, text: str) -> None:
        """Print *text* together with what is said next, so that an answer is one packet."""
        self._stream.write(text.encode())

    def _say(self, text: str) -> None:
        self._tell(text)
        self._stream.flush()

    def _asked(self, prompt: str, *, whole_line: bool = True) -> str | None:
        if not (self._olt.mute and prompt == PROMPT):
            self._say(prompt)
        if not whole_line:
            read = self._stream.read(1)
            if not read:
                raise OSError
            self._tell("\r" + " " * len(prompt) + "\r")
            return read.decode()
        line = self._stream.readline()
        return line.decode().strip() if line else None


@contextmanager
def toy_olt(olt: ToyOlt | None = None) -> Iterator[ToyOltServer]:
    """Serve a toy OLT for the time of a ``with`` block."""
    server = ToyOltServer(olt)
    try:
        yield server
    finally:
        server.close()


def main() -> None:
    """Serve until the process is stopped, with some ONUs to look at."""
    olt = ToyOlt(lanes=4)
    olt.waiting["TOYA0000000F"] = "0/1/2"
    for number in range(1, 4):
        olt.onus[f"0/1/1:{number}"] = ToyOnu(f"TOYA0000000{number}", name=f"home {number}")
    server = ToyOltServer(olt, 2323)
    print(f"A toy OLT listens on {server.host}, port {server.port}: admin, toy.")  # noqa: T201 - it is a program
    server._thread.join()  # noqa: SLF001 - its own


if __name__ == "__main__":
    main()
