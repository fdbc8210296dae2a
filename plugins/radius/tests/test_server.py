"""What the driver writes, a real FreeRADIUS reads: who gets in, and what the access server is told."""

from typing import Any

import pytest

from ispcore.driver import Access, Invalid
from ispcore.values import SecretText
from ispcore_radius import PasswordForm, Vendor
from plugins.radius.tests.calls import Desk, deleting, desk, login, making
from plugins.radius.tests.databases import Database
from plugins.radius.tests.freeradius import FreeRadius

pytestmark = pytest.mark.server


def test_a_login_gets_in_with_its_password_and_no_other(radius: FreeRadius, desk_of_radius: Desk) -> None:
    desk_of_radius.make(login(password=SecretText("segredo")))

    assert radius.login("ana", "segredo").accepted
    assert not radius.login("ana", "Segredo").accepted
    assert not radius.login("bia", "segredo").accepted


def test_the_access_server_is_told_every_field(radius: FreeRadius, desk_of_radius: Desk) -> None:
    desk_of_radius.make(
        login(
            download_kbit=20_000,
            upload_kbit=5_000,
            address="100.64.3.7",
            pool="residential",
            ipv6_prefix="2001:db8:1::/64",
            delegated_prefix="2001:db8:2::/56",
            vlan=104,
        )
    )

    assert radius.login("ana", "segredo").reply == {
        "Mikrotik-Rate-Limit": "5000k/20000k",
        "Framed-IP-Address": "100.64.3.7",
        "Framed-Pool": "residential",
        "Framed-IPv6-Prefix": "2001:db8:1::/64",
        "Delegated-IPv6-Prefix": "2001:db8:2::/56",
        "Tunnel-Type:0": "VLAN",
        "Tunnel-Medium-Type:0": "IEEE-802",
        "Tunnel-Private-Group-Id:0": "104",
    }


@pytest.mark.parametrize(
    ("vendor", "told"),
    [
        (Vendor.MIKROTIK, {"Mikrotik-Rate-Limit": "0/2000k"}),
        (Vendor.WISPR, {"WISPr-Bandwidth-Max-Down": "2000000"}),
        (Vendor.HUAWEI, {"Huawei-Output-Average-Rate": "2000000"}),
        (Vendor.ASCEND, {"Ascend-Xmit-Rate": "2000000"}),
        (Vendor.CISCO, {"Cisco-AVPair": "ip:sub-qos-policy-out=down-2000k"}),
        (Vendor.JUNIPER, {"ERX-Egress-Policy-Name": "down-2000k"}),
        (Vendor.GENERIC, {"ERX-Maximum-BPS": "2000000"}),
    ],
)
def test_each_vendor_is_told_the_speed_in_its_words(
    radius: FreeRadius, read: Database, vendor: Vendor, told: dict[str, str]
) -> None:
    own: dict[str, Any] = {"download_attribute": "ERX-Maximum-BPS", "upload_attribute": "ERX-Minimum-BPS"}
    with desk(read, vendor=vendor, **own) as at:
        at.make(login(download_kbit=2_000))

    assert radius.login("ana", "segredo").reply == told


def test_a_refused_login_does_not_get_in_and_an_opened_one_does(
    radius: FreeRadius, desk_of_radius: Desk
) -> None:
    (seen,) = desk_of_radius.make(login(access=Access.REFUSED))
    assert not radius.login("ana", "segredo").accepted

    desk_of_radius.change(seen, access=Access.OPEN)

    assert radius.login("ana", "segredo").accepted


@pytest.mark.parametrize("first", [True, False])
def test_a_refusal_prevails_over_a_row_that_lets_everybody_in(
    radius: FreeRadius, desk_of_radius: Desk, read: Database, *, first: bool
) -> None:
    (seen,) = desk_of_radius.make(login())
    if not first:
        desk_of_radius.change(seen, access=Access.REFUSED)
    read.put("ana", ("radcheck", "Auth-Type", ":=", "Accept"))
    if first:
        desk_of_radius.change(seen, access=Access.REFUSED)

    assert not radius.login("ana", "segredo").accepted


def test_a_walled_login_gets_what_the_group_says_instead_of_its_own(
    radius: FreeRadius, desk_of_radius: Desk, read: Database
) -> None:
    group = "INSERT INTO radgroupreply (groupname, attribute, op, value) VALUES ('walled', ?, ':=', ?)"
    read.run(group, "Mikrotik-Rate-Limit", "64k/64k")
    read.run(group, "Framed-IP-Address", "255.255.255.254")
    read.run(group, "Framed-Pool", "walled")
    read.run(group, "Mikrotik-Address-List", "walled")
    read.put("ana", ("radusergroup", "gold", "", "0"))
    (seen,) = desk_of_radius.make(login(address="100.64.3.7", download_kbit=20_000, access=Access.WALLED))

    assert radius.login("ana", "segredo").reply == {
        "Mikrotik-Rate-Limit": "64k/64k",
        "Framed-IP-Address": "255.255.255.254",
        "Framed-Pool": "walled",
        "Mikrotik-Address-List": "walled",
    }

    desk_of_radius.change(seen, access=Access.OPEN)

    answer = radius.login("ana", "segredo")
    assert answer.reply == {"Mikrotik-Rate-Limit": "0/20000k", "Framed-IP-Address": "100.64.3.7"}


def test_a_walled_login_may_be_told_by_one_attribute(radius: FreeRadius, read: Database) -> None:
    with desk(read, walled_attribute="Mikrotik-Address-List", walled_value="walled") as at:
        (seen,) = at.make(login(access=Access.WALLED))
        assert radius.login("ana", "segredo").reply == {"Mikrotik-Address-List": "walled"}

        at.change(seen, access=Access.OPEN)

    assert radius.login("ana", "segredo").reply == {}


def test_five_pieces_of_equipment_get_in_and_a_sixth_does_not(
    radius: FreeRadius, desk_of_radius: Desk
) -> None:
    macs = tuple(f"aa:bb:cc:00:00:0{number}" for number in range(1, 6))

    desk_of_radius.make(login(macs=macs))

    for way in ("AA:BB:CC:00:00:01", "aa-bb-cc-00-00-05", "aabb.cc00.0003", "AABBCC000002"):
        assert radius.login("ana", "segredo", mac=way).accepted, way
    assert not radius.login("ana", "segredo", mac="AA:BB:CC:00:00:06").accepted
    assert not radius.login("ana", "segredo").accepted


def test_a_login_is_open_as_often_as_it_may_be(
    radius: FreeRadius, desk_of_radius: Desk, read: Database
) -> None:
    (seen,) = desk_of_radius.make(login(sessions=1))
    session = "INSERT INTO radacct (acctsessionid, username, nasipaddress) VALUES ('1', 'ana', '127.0.0.1')"
    read.run(session)
    assert not radius.login("ana", "segredo").accepted

    seen = desk_of_radius.change(seen, sessions=2)
    assert radius.login("ana", "segredo").accepted
    read.run(session)
    assert not radius.login("ana", "segredo").accepted

    desk_of_radius.change(seen, sessions=0)
    assert radius.login("ana", "segredo").accepted


def test_a_renamed_login_gets_in_by_its_new_name_with_all_that_it_had(
    radius: FreeRadius, desk_of_radius: Desk, read: Database
) -> None:
    (seen,) = desk_of_radius.make(login("ana", pool="residential"))
    read.put("ana", ("radreply", "Session-Timeout", ":=", "3600"))

    desk_of_radius.change(seen, username="ana.maria")

    assert not radius.login("ana", "segredo").accepted
    answer = radius.login("ana.maria", "segredo")
    assert answer.accepted
    assert answer.reply == {"Framed-Pool": "residential", "Session-Timeout": "3600"}


def test_a_deleted_login_does_not_get_in(radius: FreeRadius, desk_of_radius: Desk) -> None:
    (seen,) = desk_of_radius.make(login())

    assert desk_of_radius.apply(deleting(seen)) == [None]

    assert not radius.login("ana", "segredo").accepted


def test_a_new_password_shuts_the_old_one_out_in_whatever_form_it_lay(
    radius: FreeRadius, desk_of_radius: Desk, read: Database
) -> None:
    (seen,) = desk_of_radius.make(login())
    read.put("ana", ("radcheck", "NT-Password", ":=", "0x8846f7eaee8fb117ad06bdd830b7586c"))  # "password"

    desk_of_radius.change(seen, password=SecretText("novo"))

    assert radius.login("ana", "novo").accepted
    assert not radius.login("ana", "segredo").accepted
    assert not radius.login("ana", "password").accepted


@pytest.mark.parametrize(
    ("form", "ways"),
    [
        (PasswordForm.CLEARTEXT, {"User-Password", "CHAP-Password", "MS-CHAP-Password"}),
        (PasswordForm.NT, {"User-Password", "MS-CHAP-Password"}),
        (PasswordForm.SSHA512, {"User-Password"}),
    ],
)
def test_a_password_serves_the_protocols_that_its_form_can(
    radius: FreeRadius, read: Database, form: PasswordForm, ways: set[str]
) -> None:
    with desk(read, password_form=form) as at:
        at.make(login(password=SecretText("maçã 1")))

    all_ways = ("User-Password", "CHAP-Password", "MS-CHAP-Password")
    assert {way for way in all_ways if radius.login("ana", "maçã 1", by=way).accepted} == ways
    assert not any(radius.login("ana", "maca 1", by=way).accepted for way in all_ways)


STRANGE = [
    'a"b',
    "it's",
    "back\\slash",
    "\\n",
    "%{User-Name}",
    " spaces ",
    "maçã",
    "0x616263",
    "`x",
    "{clear}x",
]
QUOTED = ['"quoted"', "'quoted'", "`id`"]


def test_a_password_is_what_the_customer_types_or_is_not_taken(
    radius: FreeRadius, desk_of_radius: Desk, read: Database
) -> None:
    passwords = [*STRANGE, "x" * 128]
    desk_of_radius.make(*(login(f"u{at}", password=SecretText(one)) for at, one in enumerate(passwords)))
    refused = [
        making(login(f"q{at}", password=SecretText(one))) for at, one in enumerate([*QUOTED, "x" * 129])
    ]

    assert all(isinstance(one, Invalid) for one in desk_of_radius.apply(*refused))

    assert [one for at, one in enumerate(passwords) if not radius.login(f"u{at}", one).accepted] == []
    for at, quoted in enumerate(QUOTED):  # so it would have been
        read.put(f"q{at}", ("radcheck", "Cleartext-Password", ":=", quoted))
        assert not radius.login(f"q{at}", quoted).accepted


def test_a_name_that_the_server_would_spell_otherwise_is_not_taken(
    radius: FreeRadius, desk_of_radius: Desk, read: Database
) -> None:
    found = ["ana", "a_b@c.d-e:f/g", "joão", "Ana Maria"]
    desk_of_radius.make(*map(login, found))

    (refused,) = desk_of_radius.apply(making(login("ana+1")))

    assert isinstance(refused, Invalid)
    assert all(radius.login(name, "segredo").accepted for name in found)
    read.put("ana+1", ("radcheck", "Cleartext-Password", ":=", "segredo"))  # so it would have been
    assert not radius.login("ana+1", "segredo").accepted
