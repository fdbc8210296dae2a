"""Access points, the devices that components are bound to, and pools of addresses."""

from ipaddress import IPv4Network
from typing import Any

import pytest

from ispcore.catalog import AccessPoint, Pool
from ispcore.errors import NotFoundError
from tests.catalog.sample import GONE, catalogue, problems

POOL: dict[str, Any] = {"name": "Sul", "network": "203.0.113.0/24"}


def test_an_access_point_names_a_device_for_each_kind() -> None:
    read = catalogue().access_point("centro")

    assert read == AccessPoint("centro", "Torre Centro", {"login": "radius-1", "onu": "olt-1"})


@pytest.mark.covers("S2-044")
def test_the_access_points_of_a_city_are_those_in_it_and_those_of_no_city() -> None:
    read = catalogue(
        {
            "access_points/north": {"name": "Norte", "city": "Londrina"},
            "access_points/farm": {"name": "Roça", "city": "Maringá"},
        }
    )

    assert list(read.access_points_in("Londrina")) == ["centro", "north"]
    assert list(read.access_points_in(None)) == ["centro"]


def test_every_device_of_a_kind_is_the_default_one_or_an_access_points() -> None:
    assert catalogue().devices_of("onu") == {"olt-1"}
    assert catalogue().devices_of("tv") == frozenset()


@pytest.mark.parametrize(
    ("kind", "access_point", "device"),
    [
        ("onu", "centro", "olt-1"),
        ("mailbox", "centro", "mail-1"),
        ("mailbox", None, "mail-1"),
        ("onu", None, None),
        ("mailbox", "withdrawn", "mail-1"),
        ("tv", "centro", None),
    ],
)
def test_a_device_is_the_access_points_else_the_default_one(
    kind: str, access_point: str | None, device: str | None
) -> None:
    assert catalogue().device_for(kind, access_point) == device


def test_a_pool_tells_its_network_and_what_equipment_is_given_with_an_address() -> None:
    pool = catalogue({"pools/centro/gateway": "100.64.0.1", "pools/centro/netmask": "255.255.252.0"}).pool(
        "centro"
    )

    assert pool == Pool(
        code="centro",
        name="Centro",
        network="100.64.0.0/22",
        gateway="100.64.0.1",
        netmask="255.255.252.0",
        dns=("198.51.100.1", "198.51.100.2"),
        quarantine_days=30,
        access_point="centro",
    )
    assert pool.addresses == IPv4Network("100.64.0.0/22")


def test_what_the_catalogue_lacks_is_named() -> None:
    with pytest.raises(NotFoundError, match="There is no access point 'sul'"):
        catalogue().access_point("sul")
    with pytest.raises(NotFoundError, match="There is no pool 'sul'"):
        catalogue().pool("sul")


def test_pools_of_other_networks_stand_beside_each_other() -> None:
    read = catalogue({"pools/sul": POOL, "pools/v6": {"name": "IPv6", "network": "2001:db8::/40"}})

    assert sorted(read.pools) == ["centro", "sul", "v6"]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        (
            {"access_points/centro/devices/onnu": "olt-1"},
            "access_points.centro.devices.onnu: 'onnu' is no kind of component. Did you mean 'onu'?",
        ),
        ({"access_points/centro/name": GONE}, "access_points.centro.name: This key is required."),
        (
            {"devices/mail": "mail-1"},
            "devices.mail: 'mail' is no kind of component. Did you mean 'mailbox'?",
        ),
        (
            {"plans/adsl/includes/xyzzy": 2},
            (
                "plans.adsl.includes.xyzzy: 'xyzzy' is no kind of component. Known are: database, domain, "
                "ftp, ip, login, mailbox, onu, tv, voice, wifi."
            ),
        ),
        (
            {"services/antivirus/grants": {"mailboxes": 1}},
            (
                "services.antivirus.grants.mailboxes: 'mailboxes' is no kind of component. "
                "Did you mean 'mailbox'?"
            ),
        ),
        (
            {"services/antivirus/grants": {"mailbox": 1}, "services/antivirus/recurring": False},
            (
                "services.antivirus.grants: What is billed once grants nothing for ever. "
                "Let it be recurring, or take 'grants' out."
            ),
        ),
        (
            {"pools/centro/network": "100.64.0.1/22"},
            (
                "pools.centro.network: '100.64.0.1/22' is not a network. "
                "Write the first address and the length of the prefix: 192.0.2.0/24."
            ),
        ),
        (
            {"pools/centro/gateway": "192.0.2.1"},
            "pools.centro.gateway: 192.0.2.1 does not lie in 100.64.0.0/22.",
        ),
        (
            {"pools/centro/dns": ["192.0.2.1", "192.0.2.2", "192.0.2.3"]},
            "pools.centro.dns: 3 servers are too many. Name a primary and a secondary one.",
        ),
        (
            {"pools/centro/access_point": "centre"},
            "pools.centro.access_point: There is no access point 'centre'. Did you mean 'centro'?",
        ),
        (
            {"pools/sul": {**POOL, "network": "100.64.1.0/24"}},
            (
                "pools.sul.network: 100.64.1.0/24 and the pool 'centro' have addresses in common. "
                "An address belongs to one pool."
            ),
        ),
    ],
)
def test_what_is_wrong_is_told_at_its_place(changes: dict[str, Any], problem: str) -> None:
    assert problems(changes) == [problem]


@pytest.mark.covers("S0-095")
def test_what_a_plan_includes_can_be_read_from_the_catalogue() -> None:
    assert catalogue().plan("adsl").includes == {"mailbox": 2}
