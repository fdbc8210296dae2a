"""The kinds of resources that ispcore knows; a driver says which of them, and which fields, its device bears.

Speeds are in kilobits a second, quotas in mebibytes. None means that the device's own default applies.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import ClassVar

from attrs import frozen

from ispcore.driver.specs import Identity, Spec, WriteOnly


class Access(Enum):
    """What a login may do."""

    OPEN = "open"
    WALLED = "walled"
    """It connects, and reaches the provider's own pages only."""
    REFUSED = "refused"


class ConnectionMethod(Enum):
    """How an ONU connects the customer."""

    BRIDGE = "bridge"
    """It passes everything on; the customer's own router connects."""
    PPPOE = "pppoe"
    """It signs in by itself, with the login of the subscription."""
    DHCP = "dhcp"
    """It asks for an address."""
    STATIC = "static"
    """It has a fixed address."""


@frozen(kw_only=True)
class Login(Spec):
    """A name that a customer's equipment signs in with (PPPoE, hotspot).

    ``macs`` are the up to five addresses of equipment that it is bound to, none binds it to nothing;
    ``sessions`` is how many may be open at once.
    """

    word: ClassVar[str] = "login"
    username: Identity[str]
    password: WriteOnly = None
    access: Access = Access.OPEN
    download_kbit: int | None = None
    upload_kbit: int | None = None
    address: str | None = None
    pool: str | None = None
    ipv6_prefix: str | None = None
    delegated_prefix: str | None = None
    macs: tuple[str, ...] = ()
    sessions: int = 1
    vlan: int | None = None


@frozen(kw_only=True)
class IpAssignment(Spec):
    """An address that a router at the edge gives a customer who connects without a login.

    ``address`` None is handed out dynamically, from ``pool`` where one is named; ``secondary_pool`` is where
    the secondary address belongs. ``rule`` numbers the firewall's rule; ``dns`` is the primary server, and
    the secondary one.
    """

    word: ClassVar[str] = "ip"
    name: Identity[str]
    enabled: bool = True
    address: str | None = None
    pool: str | None = None
    netmask: str | None = None
    gateway: str | None = None
    secondary_address: str | None = None
    secondary_pool: str | None = None
    ipv6_prefix: str | None = None
    dns: tuple[str, ...] = ()
    macs: tuple[str, ...] = ()
    vlan: int | None = None
    interface: str | None = None
    rule: int | None = None
    through_proxy: bool = False
    may_create_networks: bool = False
    public_address: bool = False
    hotspot: bool = False
    download_kbit: int | None = None
    upload_kbit: int | None = None


@frozen(kw_only=True)
class Onu(Spec):
    """The customer's end of a fibre; ``port`` is where on the OLT it hangs (``"0/1/4"``).

    ``connection`` None leaves it to the OLT how it connects. By PPPoE it signs in with ``username`` and
    ``password``, both None where there is no login to sign in with; ``address``, ``netmask``, ``gateway`` and
    the up to two servers of ``dns`` are for a static one. ``vlan`` is the tag of its service on the OLT, the
    outer one where an ``inner_vlan`` is given too (QinQ). The speeds are those of the customer's service,
    beside the device's own ``profile`` for the line.
    """

    word: ClassVar[str] = "onu"
    serial: Identity[str]
    port: str | None = None
    enabled: bool = True
    profile: str | None = None
    vlan: int | None = None
    inner_vlan: int | None = None
    connection: ConnectionMethod | None = None
    username: str | None = None
    password: WriteOnly = None
    address: str | None = None
    netmask: str | None = None
    gateway: str | None = None
    dns: tuple[str, ...] = ()
    download_kbit: int | None = None
    upload_kbit: int | None = None
    description: str | None = None


@frozen(kw_only=True)
class Wifi(Spec):
    """The wireless network of an ONU: a name and a key for each band, None where a band is not filled.

    ``ssid`` and ``password`` are of 2.4 GHz.
    """

    word: ClassVar[str] = "wifi"
    onu: Identity[str]
    enabled: bool = True
    ssid: str | None = None
    ssid_5ghz: str | None = None
    password: WriteOnly = None
    password_5ghz: WriteOnly = None


@frozen(kw_only=True)
class Mailbox(Spec):
    """A mailbox; disabled it takes no mail and lets nobody in, and loses nothing."""

    word: ClassVar[str] = "mailbox"
    address: Identity[str]
    password: WriteOnly = None
    enabled: bool = True
    quota_mib: int | None = None


@frozen(kw_only=True)
class Domain(Spec):
    """A domain that mailboxes and pages are under."""

    word: ClassVar[str] = "domain"
    name: Identity[str]
    enabled: bool = True


@frozen(kw_only=True)
class FtpUser(Spec):
    """A user who may put files into a folder."""

    word: ClassVar[str] = "ftp"
    username: Identity[str]
    password: WriteOnly = None
    enabled: bool = True
    folder: str | None = None
    quota_mib: int | None = None


@frozen(kw_only=True)
class HostedDatabase(Spec):
    """A database with a user of its own."""

    word: ClassVar[str] = "database"
    name: Identity[str]
    username: str | None = None
    password: WriteOnly = None
    enabled: bool = True
    quota_mib: int | None = None


@frozen(kw_only=True)
class VoiceTerminal(Spec):
    """A telephone number and the terminal that registers for it."""

    word: ClassVar[str] = "voice"
    number: Identity[str]
    password: WriteOnly = None
    enabled: bool = True


@frozen(kw_only=True)
class TvPoint(Spec):
    """A set-top box, and the packages that it shows."""

    word: ClassVar[str] = "tv"
    serial: Identity[str]
    enabled: bool = True
    packages: tuple[str, ...] = ()


KINDS: Mapping[str, type[Spec]] = {
    kind.word: kind
    for kind in (
        Login,
        IpAssignment,
        Onu,
        Wifi,
        Mailbox,
        Domain,
        FtpUser,
        HostedDatabase,
        VoiceTerminal,
        TvPoint,
    )
}
"""Every kind by its word."""
