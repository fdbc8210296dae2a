"""Changes as command lines; pure, so that every line can be tested without an OLT.

What people have typed goes through :func:`word`: letters, digits and what no OLT takes for anything else, or
between quotes. What even they cannot hold is refused.
"""

from __future__ import annotations

import re
import unicodedata

from attrs import frozen

from ispcore.driver import ConnectionMethod, Invalid, Onu, revealed
from ispcore.transports import quoted
from ispcore.values import SecretText
from ispcore_olt_huawei.config import HuaweiConfig, profile_of
from ispcore_olt_huawei.dialect import HUAWEI
from ispcore_olt_huawei.parsing.onts import NO_DESCRIPTION
from ispcore_olt_huawei.parsing.running import ServicePort
from ispcore_olt_huawei.places import Place, long_serial

LONGEST_DESCRIPTION = 64
_LONGEST_WORD = 64
_UNSAFE = re.compile(r"[^A-Za-z0-9.,@/:()+-]+")
_ADDRESS = re.compile(r"(?:\d{1,3}\.){3}\d{1,3}")


@frozen
class Step:
    """A command that changes something; without a *board* it is one of the configuration as a whole.

    ``secrets`` are those that stand in it.
    """

    text: str
    board: str = ""
    secrets: tuple[SecretText, ...] = ()


def safe(description: str | None) -> str | None:
    """Return a description as the OLT can hold it.

    Accents go, everything else that is neither letter, digit nor ``.,@/:()+-`` becomes one ``_``, and 64
    characters are kept. Nothing is left of a text without any of them.
    """
    letters = unicodedata.normalize("NFKD", description or "")
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    kept = _UNSAFE.sub("_", plain).strip("_")[:LONGEST_DESCRIPTION].rstrip("_")
    return kept if kept not in ("", "-", NO_DESCRIPTION) else None


def word(text: str, what: str) -> str:
    """Return what somebody typed as one word of a command.

    Raises Invalid, without repeating the text, for what is too long, has letters beyond ASCII, or characters
    that end or edit a command.
    """
    if not text or len(text) > _LONGEST_WORD or not text.isascii():
        raise Invalid(f"{what} must have 1 to {_LONGEST_WORD} characters of ASCII for a Huawei OLT.")
    return quoted(text, HUAWEI)


def profiles(onu: Onu, config: HuaweiConfig) -> str:
    """Return the words that give an ONU its profiles."""
    line, service = profile_of(onu.profile or config.profile) or (0, 0)
    return f"ont-lineprofile-id {line} ont-srvprofile-id {service}"


def take_in(onu: Onu, config: HuaweiConfig, *, found: bool) -> Step:
    """Return the command that takes an ONU in, which has been found or not; the OLT numbers it."""
    board, _, port = str(onu.port).rpartition("/")
    verb = "confirm" if found else "add"
    desc = word(onu.description or NO_DESCRIPTION, "A description")
    return Step(
        f"ont {verb} {port} sn-auth {long_serial(onu.serial)} omci {profiles(onu, config)} desc {desc}", board
    )


def describe(place: Place, onu: Onu) -> Step:
    """Return the command that writes the description."""
    desc = word(onu.description or NO_DESCRIPTION, "A description")
    return Step(f"ont modify {place.number} desc {desc}", place.board)


def reprofile(place: Place, onu: Onu, config: HuaweiConfig) -> Step:
    """Return the command that gives an ONU other profiles."""
    return Step(f"ont modify {place.number} {profiles(onu, config)}", place.board)


def exchange(place: Place, serial: str) -> Step:
    """Return the command that puts another ONU in the place of one."""
    return Step(f"ont modify {place.number} sn {long_serial(serial)}", place.board)


def switch(place: Place, *, on: bool) -> Step:
    """Return the command that lets an ONU serve, or not."""
    return Step(f"ont {'activate' if on else 'deactivate'} {place.number}", place.board)


def delete(place: Place) -> Step:
    """Return the command that takes an ONU away; its service ports must have gone before."""
    return Step(f"ont delete {place.number}", place.board)


def remove_service(index: int) -> Step:
    """Return the command that takes a service port away."""
    return Step(f"undo service-port {index}")


def add_service(one: ServicePort) -> Step:
    """Return the command that makes a service port, under an index that the OLT chooses."""
    port, ont = one.place.port, one.place.ont
    inner = "" if one.inner_vlan is None else f" inner-vlan {one.inner_vlan}"
    return Step(
        f"service-port vlan {one.vlan} gpon {port} ont {ont} gemport {one.gemport} multi-service"
        f" user-vlan {one.user_vlan} tag-transform {one.transform}{inner}{_tables(one.inbound, one.outbound)}"
    )


def bound_service(index: int, inbound: int | None, outbound: int | None) -> Step:
    """Return the command that binds a service port to other traffic tables."""
    return Step(f"service-port {index}{_tables(inbound, outbound)}")


def _tables(inbound: int | None, outbound: int | None) -> str:
    bounds = {"inbound": inbound, "outbound": outbound}
    return "".join(
        f" {way} traffic-table index {table}" for way, table in bounds.items() if table is not None
    )


def add_table(kbit: int, *, named: bool) -> Step:
    """Return the command that makes a traffic table, under an index that the OLT chooses."""
    name = f" name ispcore-{kbit}" if named else ""
    return Step(f"traffic table ip{name} cir {kbit} pir {kbit} priority 0 priority-policy local-setting")


def bridge(place: Place, lan_port: int, vlan: str) -> Step:
    """Return the command that bridges an Ethernet port of an ONU into a VLAN."""
    return Step(f"ont port native-vlan {place.number} eth {lan_port} vlan {vlan} priority 0", place.board)


def address(place: Place, index: int, onu: Onu, vlan: str) -> Step:
    """Return the command that lets an ONU connect by itself.

    Raises Invalid for names and addresses that no command can hold.
    """
    begin = f"ont ipconfig {place.number} ip-index {index}"
    if onu.connection is ConnectionMethod.PPPOE:
        name, password = word(onu.username or "", "The name of a login"), revealed(onu.password) or ""
        account = f"user-account username {name} password {word(password, 'The password of a login')}"
        secrets = (onu.password,) if isinstance(onu.password, SecretText) else ()
        return Step(f"{begin} pppoe vlan {vlan} priority 0 {account}", place.board, secrets)
    if onu.connection is ConnectionMethod.DHCP:
        return Step(f"{begin} dhcp vlan {vlan} priority 0", place.board)
    told = {"ip-address": onu.address, "mask": onu.netmask, "gateway": onu.gateway}
    told |= dict(zip(("pri-dns", "slave-dns"), onu.dns, strict=False))
    words = "".join(f" {name} {_address(value)}" for name, value in told.items() if value is not None)
    return Step(f"{begin} static{words} vlan {vlan} priority 0", place.board)


def _address(text: str) -> str:
    if not _ADDRESS.fullmatch(text):
        raise Invalid(f"{text!r} is no address of IPv4.")
    return text


def unaddress(place: Place, index: int) -> Step:
    """Return the command that lets an ONU connect by itself no longer."""
    return Step(f"undo ont ipconfig {place.number} ip-index {index}", place.board)


def let_online(place: Place, index: int) -> Step:
    """Return the command that opens the Internet to what an ONU connects with."""
    return Step(f"ont internet-config {place.number} ip-index {index}", place.board)


def bind_wan(place: Place, index: int, profile: int) -> Step:
    """Return the command that binds a WAN connection to its profile."""
    return Step(f"ont wan-config {place.number} ip-index {index} profile-id {profile}", place.board)
