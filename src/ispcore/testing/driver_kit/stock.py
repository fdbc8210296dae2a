"""Two values for every kind of resource, which differ in every field."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast

from attrs import evolve

from ispcore.driver import (
    KINDS,
    Access,
    ConnectionMethod,
    Domain,
    FtpUser,
    HostedDatabase,
    IpAssignment,
    Login,
    Mailbox,
    Onu,
    Role,
    TvPoint,
    VoiceTerminal,
    Wifi,
    fields_of,
)
from ispcore.values import SecretText

if TYPE_CHECKING:
    from collections.abc import Callable

    from ispcore.driver import Spec

_S = TypeVar("_S", bound="Spec")

FIRST_SECRET = "Kit-first-7391-"  # noqa: S105 - of nothing
SECOND_SECRET = "Kit-second-4826-"  # noqa: S105 - of nothing


def stock(kind: type[_S], number: int) -> tuple[_S, _S]:
    """Return two values of the *number*-th resource of a kind.

    They use the addresses that are kept for documentation, and names that hardly anybody has.
    """
    make = cast("Callable[[int], tuple[_S, _S]]", _MAKERS[kind])
    first, second = make(number)
    hidden = fields_of(kind, Role.WRITE_ONLY)
    return (
        evolve(first, **dict.fromkeys(hidden, SecretText(f"{FIRST_SECRET}{number}"))),
        evolve(second, **dict.fromkeys(hidden, SecretText(f"{SECOND_SECRET}{number}"))),
    )


def unclaimed(kinds: object) -> Spec | None:
    """Return a resource of a kind that is not among *kinds*; None when all are."""
    return next(
        (stock(kind, 1)[0] for kind in KINDS.values() if kind not in cast("set[object]", kinds)), None
    )


def _login(number: int) -> tuple[Login, Login]:
    first = Login(
        username=f"kit-{number}",
        download_kbit=2048,
        upload_kbit=1024,
        address=f"192.0.2.{number}",
        pool="kit-a",
        ipv6_prefix=f"2001:db8:0:{number:x}::/64",
        delegated_prefix=f"2001:db8:{number:x}00::/56",
        macs=(f"00:00:5e:00:53:{number:02x}",),
        sessions=1,
        vlan=100,
    )
    second = evolve(
        first,
        access=Access.REFUSED,
        download_kbit=10240,
        upload_kbit=5120,
        address=f"198.51.100.{number}",
        pool="kit-b",
        ipv6_prefix=f"2001:db8:1:{number:x}::/64",
        delegated_prefix=f"2001:db8:{number:x}80::/56",
        macs=(f"00:00:5e:00:54:{number:02x}", f"00:00:5e:00:55:{number:02x}"),
        sessions=2,
        vlan=200,
    )
    return first, second


def _ip(number: int) -> tuple[IpAssignment, IpAssignment]:
    first = IpAssignment(
        name=f"kit-{number}",
        address=f"192.0.2.{number}",
        netmask="255.255.255.0",
        gateway="192.0.2.254",
        pool="kit-a",
        secondary_pool="kit-c",
        secondary_address=f"203.0.113.{number}",
        ipv6_prefix=f"2001:db8:0:{number:x}::/64",
        dns=("192.0.2.53",),
        macs=(f"00:00:5e:00:53:{number:02x}",),
        vlan=100,
        interface="ether1",
        rule=100 + number,
        download_kbit=2048,
        upload_kbit=1024,
    )
    return first, evolve(
        first,
        enabled=False,
        address=f"198.51.100.{number}",
        netmask="255.255.255.128",
        gateway="198.51.100.126",
        pool="kit-b",
        secondary_pool="kit-d",
        secondary_address=f"203.0.113.{100 + number}",
        ipv6_prefix=f"2001:db8:1:{number:x}::/64",
        dns=("198.51.100.53", "203.0.113.53"),
        macs=(f"00:00:5e:00:54:{number:02x}", f"00:00:5e:00:55:{number:02x}"),
        vlan=200,
        interface="ether2",
        rule=200 + number,
        through_proxy=True,
        may_create_networks=True,
        public_address=True,
        hotspot=True,
        download_kbit=10240,
        upload_kbit=5120,
    )


def _onu(number: int) -> tuple[Onu, Onu]:
    first = Onu(
        serial=f"KITA{number:08X}",
        port="0/1/1",
        profile="kit-a",
        vlan=100,
        inner_vlan=1000 + number,
        connection=ConnectionMethod.PPPOE,
        username=f"kit-a-{number}",
        address=f"192.0.2.{number}",
        netmask="255.255.255.0",
        gateway="192.0.2.254",
        dns=("192.0.2.53",),
        download_kbit=2048,
        upload_kbit=1024,
        description="kit a",
    )
    return first, evolve(
        first,
        port="0/1/2",
        enabled=False,
        profile="kit-b",
        vlan=200,
        inner_vlan=2000 + number,
        connection=ConnectionMethod.STATIC,
        username=f"kit-b-{number}",
        address=f"198.51.100.{number}",
        netmask="255.255.255.128",
        gateway="198.51.100.126",
        dns=("198.51.100.53", "203.0.113.53"),
        download_kbit=10240,
        upload_kbit=5120,
        description="kit b, moved",
    )


def _wifi(number: int) -> tuple[Wifi, Wifi]:
    first = Wifi(onu=f"KITB{number:08X}", ssid="kit-a", ssid_5ghz="kit-a-5")
    return first, evolve(first, enabled=False, ssid="kit-b", ssid_5ghz="kit-b-5")


def _mailbox(number: int) -> tuple[Mailbox, Mailbox]:
    first = Mailbox(address=f"kit-{number}@isp.example", quota_mib=512)
    return first, evolve(first, enabled=False, quota_mib=1024)


def _domain(number: int) -> tuple[Domain, Domain]:
    first = Domain(name=f"kit-{number}.example")
    return first, evolve(first, enabled=False)


def _ftp(number: int) -> tuple[FtpUser, FtpUser]:
    first = FtpUser(username=f"kit-{number}", folder="kit/a", quota_mib=512)
    return first, evolve(first, enabled=False, folder="kit/b", quota_mib=1024)


def _database(number: int) -> tuple[HostedDatabase, HostedDatabase]:
    first = HostedDatabase(name=f"kit_{number}", username=f"kit_a_{number}", quota_mib=512)
    return first, evolve(first, username=f"kit_b_{number}", enabled=False, quota_mib=1024)


def _voice(number: int) -> tuple[VoiceTerminal, VoiceTerminal]:
    first = VoiceTerminal(number=f"+5543500000{number:02}")
    return first, evolve(first, enabled=False)


def _tv(number: int) -> tuple[TvPoint, TvPoint]:
    first = TvPoint(serial=f"KITTV{number:06}", packages=("kit-a",))
    return first, evolve(first, enabled=False, packages=("kit-a", "kit-b"))


_MAKERS: dict[type[Spec], Callable[[int], tuple[Spec, Spec]]] = {
    Login: _login,
    IpAssignment: _ip,
    Onu: _onu,
    Wifi: _wifi,
    Mailbox: _mailbox,
    Domain: _domain,
    FtpUser: _ftp,
    HostedDatabase: _database,
    VoiceTerminal: _voice,
    TvPoint: _tv,
}
