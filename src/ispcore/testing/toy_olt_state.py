"""What a toy OLT knows, and what becomes of a line that it is told."""

from __future__ import annotations

import re
import shlex
import threading
from collections.abc import Callable
from typing import Final

from attrs import define, field

PROFILES: Final = ("fibre50", "fibre100", "fibre300")
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
