"""The configuration of ONTs as the OLT keeps it: the commands that made it, read back.

Passwords in it are left out before anything else is done.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from attrs import field, frozen

from ispcore_olt_huawei.parsing.lines import lines_of, strange
from ispcore_olt_huawei.parsing.onts import described
from ispcore_olt_huawei.parsing.refusals import Meaning, refusal
from ispcore_olt_huawei.places import Place, port_of, short_serial

_WORD = re.compile(r'"([^"]*)"|(\S+)')
_PASSWORD = re.compile(r'( password )(?:"[^"]*"|\S+)')
_STRUCTURE = re.compile(r"#|return|\[.*\]|\s*<.*>")
_STATEMENT = re.compile(r" \S.*")
_MODES = ("pppoe", "dhcp", "static")


@frozen(kw_only=True)
class ServicePort:
    """A service port of an ONT; ``inbound`` and ``outbound`` are numbers of traffic tables."""

    index: int
    vlan: int
    place: Place
    gemport: int
    user_vlan: str
    transform: str = "translate"
    inner_vlan: int | None = None
    inbound: int | None = None
    outbound: int | None = None


@frozen(kw_only=True)
class Wan:
    """How an ONT is addressed: ``mode`` is ``pppoe``, ``dhcp`` or ``static``."""

    mode: str
    vlan: int | None = None
    user: str | None = None
    address: str | None = None
    netmask: str | None = None
    gateway: str | None = None
    dns: tuple[str, ...] = ()


@frozen(kw_only=True)
class Configured:
    """An ONT as it is configured; what is by an IP index or by an Ethernet port has it as its key."""

    place: Place
    serial: str
    line_profile: int
    service_profile: int
    description: str | None = None
    wans: Mapping[int, Wan] = field(factory=dict)
    internet: frozenset[int] = frozenset()
    wan_profiles: Mapping[int, int] = field(factory=dict)
    natives: Mapping[int, int] = field(factory=dict)
    services: tuple[ServicePort, ...] = ()


def services_of(answer: str) -> dict[Place, tuple[ServicePort, ...]]:
    """Return the service ports of ONTs in a configuration, by ONT, each in the order of their indexes.

    Raises Unrecognised where the configuration does not end as one does, or a line is not whole.
    """
    found: dict[Place, list[ServicePort]] = {}
    for words in _statements(answer):
        match words:
            case ["service-port", index, "vlan", *_] if "gpon" in words and index.isdecimal():
                one = _service_port(words, answer)
                found.setdefault(one.place, []).append(one)
            case _:
                pass
    return {place: tuple(sorted(ports, key=lambda one: one.index)) for place, ports in found.items()}


def configured(answer: str, services: Mapping[Place, tuple[ServicePort, ...]]) -> dict[Place, Configured]:
    """Return the ONTs of a configuration, each with its *services*.

    Raises Unrecognised as :func:`services_of` does.
    """
    onts: dict[Place, list[list[str]]] = {}
    board = ""
    for words in _statements(answer):
        match words:
            case ["interface", "gpon", at, *_]:
                board = at
            case ["ont", *_] if (place := _place(board, words)) is not None:
                onts.setdefault(place, []).append(words)
            case _:
                pass
    return {place: _one(place, lines, services.get(place, ()), answer) for place, lines in onts.items()}


def one_configured(answer: str) -> Configured | None:
    """Return the ONT of ``display current-configuration ont``; None where there is none.

    Raises Unrecognised as :func:`configured` does.
    """
    refused = refusal(answer)
    if refused is not None and refused.meaning is Meaning.ABSENT:
        return None
    found = list(configured(answer, services_of(answer)).values())
    if len(found) != 1:
        raise strange("The configuration of an ONT", without_passwords(answer))
    return found[0]


def without_passwords(text: str) -> str:
    """Return *text* with stars for passwords."""
    return _PASSWORD.sub(r"\1********", text)


def _statements(answer: str) -> Iterator[list[str]]:
    """Yield the words of each command; what a line break has cut is joined."""
    plain = without_passwords(answer)
    lines = [line for line in lines_of(plain) if line]
    if refusal(plain) is not None or "return" not in lines:
        raise strange("The configuration", plain)
    statement = ""
    for line in lines[: lines.index("return") + 1]:
        begins = _STRUCTURE.fullmatch(line) or _STATEMENT.fullmatch(line)
        if begins:
            yield _words(statement)
            statement = "" if _STRUCTURE.fullmatch(line) else line
        else:
            glue = "" if statement.count('"') % 2 else " "
            statement += f"{glue}{line.strip()}"


def _words(statement: str) -> list[str]:
    return [quoted or plain for quoted, plain in _WORD.findall(statement)]


def _after(words: Sequence[str], *names: str) -> str | None:
    """Return what follows on *names*, one after the other."""
    for at in range(len(words) - len(names)):
        if tuple(words[at : at + len(names)]) == names:
            return words[at + len(names)]
    return None


def _number(words: Sequence[str], *names: str) -> int | None:
    value = _after(words, *names)
    return int(value) if value is not None and value.isdecimal() else None


def _place(board: str, words: Sequence[str]) -> Place | None:
    """Return which ONT of the board a command is about: the first two numbers in it."""
    numbers = [word for word in words[1:5] if word.isdecimal()]
    if not board or len(numbers) < len("PO"):
        return None
    return Place(f"{board}/{numbers[0]}", int(numbers[1]))


def _service_port(words: Sequence[str], answer: str) -> ServicePort:
    port, ont = port_of(_after(words, "gpon") or ""), _number(words, "ont")
    vlan, gemport = _number(words, "vlan"), _number(words, "gemport")
    if port is None or ont is None or vlan is None or gemport is None:
        raise strange("A service port", without_passwords(answer))
    return ServicePort(
        index=int(words[1]),
        vlan=vlan,
        place=Place(port, ont),
        gemport=gemport,
        user_vlan=_after(words, "user-vlan") or "untagged",
        transform=_after(words, "tag-transform") or "translate",
        inner_vlan=_number(words, "inner-vlan"),
        inbound=_number(words, "inbound", "traffic-table", "index"),
        outbound=_number(words, "outbound", "traffic-table", "index"),
    )


def _one(place: Place, lines: list[list[str]], services: tuple[ServicePort, ...], answer: str) -> Configured:
    added = next((words for words in lines if words[1] == "add"), [])
    serial = _after(added, "sn-auth")
    line, service = _number(added, "ont-lineprofile-id"), _number(added, "ont-srvprofile-id")
    if serial is None or line is None or service is None:
        raise strange(f"The ONT {place}", without_passwords(answer))
    natives = {
        eth: vlan
        for words in lines
        if words[1:3] == ["port", "native-vlan"]
        and (eth := _number(words, "eth")) is not None
        and (vlan := _number(words, "vlan")) is not None
    }
    return Configured(
        place=place,
        serial=short_serial(serial),
        line_profile=line,
        service_profile=service,
        description=described(_after(added, "desc")),
        wans={index: _wan(words) for index, words in _by_index(lines, "ipconfig").items()},
        internet=frozenset(_by_index(lines, "internet-config")),
        wan_profiles={
            index: profile
            for index, words in _by_index(lines, "wan-config").items()
            if (profile := _number(words, "profile-id")) is not None
        },
        natives=natives,
        services=services,
    )


def _by_index(lines: list[list[str]], what: str) -> dict[int, list[str]]:
    """Return the commands of a kind by their IP index, which is 0 where none is named."""
    return {_number(words, "ip-index") or 0: words for words in lines if words[1] == what}


def _wan(words: list[str]) -> Wan:
    servers = (_after(words, "pri-dns"), _after(words, "slave-dns"))
    return Wan(
        mode=next((mode for mode in _MODES if mode in words), ""),
        vlan=_number(words, "vlan"),
        user=_after(words, "username"),
        address=_after(words, "ip-address"),
        netmask=_after(words, "mask"),
        gateway=_after(words, "gateway"),
        dns=tuple(one for one in servers if one is not None),
    )
