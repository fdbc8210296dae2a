"""What may be chosen of a component: fields are checked, and written in one spelling."""

from typing import Any

import pytest
from attrs import evolve, frozen

from ispcore.driver import (
    KINDS,
    UNREADABLE,
    Access,
    ConnectionMethod,
    Domain,
    FtpUser,
    HostedDatabase,
    IpAssignment,
    Login,
    Mailbox,
    Onu,
    SecretRef,
    Spec,
    TvPoint,
    VoiceTerminal,
    Wifi,
)
from ispcore.errors import InvalidValueError, RefusedError
from ispcore.plans.specs import check_secret, checked_spec
from ispcore.values import SecretText

ARTICLES = {"onu": "an", "ip": "an"}
SPECS: dict[str, Spec] = {
    "login": Login(username="ana"),
    "ip": IpAssignment(name="ana"),
    "onu": Onu(serial="ABCD12345678"),
    "wifi": Wifi(onu="ABCD12345678"),
    "mailbox": Mailbox(address="ana@isp.test"),
    "domain": Domain(name="ana.test"),
    "ftp": FtpUser(username="ana"),
    "database": HostedDatabase(name="ana"),
    "voice": VoiceTerminal(number="4333330000"),
    "tv": TvPoint(serial="STB00001"),
}


_ITS_LOGIN = "An ONU signs in with the login of its subscription: change that."


def checked(kind: str, **fields: Any) -> Any:
    """Return the spec of that kind with these fields, as it is kept."""
    return checked_spec(evolve(SPECS[kind], **fields))


@pytest.mark.parametrize("kind", KINDS)
def test_a_plain_spec_of_each_kind_stays_as_it_is(kind: str) -> None:
    assert checked(kind) == SPECS[kind]


@pytest.mark.covers("S0-196", "S0-197", "S0-198", "S0-199", "S0-200", "S0-201", "S0-202")
@pytest.mark.covers("S0-203", "S0-204", "S0-205", "S0-206", "S0-207", "S0-208")
def test_an_address_has_every_field_of_the_counter() -> None:
    everything: dict[str, Any] = {
        "address": "203.0.113.7",
        "pool": "centro",
        "netmask": "255.255.255.0",
        "gateway": "203.0.113.1",
        "secondary_address": "203.0.113.8",
        "secondary_pool": "sul",
        "ipv6_prefix": "2001:db8:1::/64",
        "dns": ("198.51.100.1", "198.51.100.2"),
        "macs": ("00:1a:2b:3c:4d:5e",),
        "vlan": 204,
        "interface": "ether1",
        "rule": 12,
        "through_proxy": True,
        "may_create_networks": True,
        "public_address": True,
        "hotspot": True,
    }

    spec = checked("ip", **everything)

    assert {name: getattr(spec, name) for name in everything} == everything


@pytest.mark.covers("S0-197")
@pytest.mark.parametrize("given", [None, "0.0.0.0"])
def test_an_address_that_is_not_fixed_is_none(given: str | None) -> None:
    assert checked("ip", address=given).address is None
    assert checked("login", address=given).address is None


@pytest.mark.covers("S3-017")
def test_a_login_without_an_address_is_dynamic() -> None:
    login = checked("login", pool="centro")

    assert (login.address, login.pool) == (None, "centro")


@pytest.mark.parametrize(
    ("kind", "field", "given", "kept"),
    [
        ("login", "macs", ("00-1A-2B-3C-4D-5E", "001a.2b3c.4d5e"), ("00:1a:2b:3c:4d:5e",)),
        ("login", "username", "ana@isp.test", "ana@isp.test"),
        ("login", "username", " Ana@ISP.test ", "ana@isp.test"),
        ("mailbox", "address", " Ana@ISP.test ", "ana@isp.test"),
        ("ip", "ipv6_prefix", "2001:DB8:0:1::/64", "2001:db8:0:1::/64"),
        ("ip", "gateway", "2001:DB8::1", "2001:db8::1"),
        ("onu", "serial", "abcd12345678", "ABCD12345678"),
        ("onu", "connection", ConnectionMethod.PPPOE, ConnectionMethod.PPPOE),
        ("onu", "address", "0.0.0.0", None),
        ("onu", "dns", ("192.0.2.1", "192.0.2.1"), ("192.0.2.1",)),
        ("wifi", "onu", "abcd12345678", "ABCD12345678"),
        ("wifi", "ssid", "Casa da Ana", "Casa da Ana"),
        ("mailbox", "address", "Ana.Souza@ISP.test", "ana.souza@isp.test"),
        ("domain", "name", "Ana.TEST", "ana.test"),
        ("ftp", "folder", "/www/ana", "/www/ana"),
        ("voice", "number", "+554333330000", "+554333330000"),
        ("tv", "packages", ("films", "films", "sports"), ("films", "sports")),
    ],
)
def test_a_field_is_kept_in_one_spelling(kind: str, field: str, given: object, kept: object) -> None:
    assert getattr(checked(kind, **{field: given}), field) == kept


@pytest.mark.parametrize(
    ("kind", "field", "given", "said"),
    [
        ("login", "username", "ana souza", "The username of a login: 'ana souza' is not a name to sign in"),
        ("login", "username", "", "is not a name to sign in"),
        ("login", "address", "203.0.113.999", "'203.0.113.999' is not an IP address"),
        ("login", "address", "2001:db8::1", "is not an IPv4 address"),
        ("login", "address", "224.0.0.1", "is no address that a customer can have"),
        ("login", "ipv6_prefix", "203.0.113.0/24", "is not an IPv6 prefix"),
        ("login", "macs", ("00:1a:2b",), "is not a MAC address"),
        ("login", "sessions", 0, "0 is not between 1 and 100"),
        ("login", "vlan", 4095, "4095 is not between 1 and 4094"),
        ("login", "pool", "two words", "is not the name of a port"),
        ("ip", "name", "-x", "is not a name to sign in"),
        ("ip", "netmask", "255.0.255.0", "is not a netmask"),
        ("ip", "rule", 0, "0 is not between 1"),
        ("onu", "serial", "A", "is not a serial number"),
        ("onu", "port", "0 1 4", "is not the name of a port"),
        ("onu", "address", "2001:db8::1", "is not an IPv4 address"),
        ("onu", "netmask", "255.0.255.0", "is not a netmask"),
        ("onu", "gateway", "nowhere", "is not an IP address"),
        ("onu", "inner_vlan", 0, "0 is not between 1 and 4094"),
        ("onu", "description", "two\nlines", "is not a plain text"),
        ("wifi", "ssid", "é" * 17, "is too long a network's name"),
        ("mailbox", "address", "ana", "is not a mail address"),
        ("mailbox", "address", "ana..souza@isp.test", "is not a mail address"),
        ("mailbox", "address", "ana@" + "a." * 130 + "test", "is not a mail address"),
        ("mailbox", "quota_mib", 0, "0 is not between 1"),
        ("domain", "name", "localhost", "is not a domain"),
        ("ftp", "username", "Ana", "is not a name of a user"),
        ("ftp", "folder", "www/../../etc", "is not a folder"),
        ("database", "name", "ana-db", "is not a name in a database"),
        ("database", "username", "1", "is not a name in a database"),
        ("voice", "number", "43 3333", "is not a telephone number"),
        ("tv", "packages", ("a b",), "is not the name of a port"),
    ],
)
def test_a_field_that_cannot_be_is_named(kind: str, field: str, given: object, said: str) -> None:
    with pytest.raises(InvalidValueError) as refused:
        checked(kind, **{field: given})

    assert said in refused.value.message
    assert refused.value.message.startswith(f"The {field} of {ARTICLES.get(kind, 'a')} {kind}: ")


@pytest.mark.parametrize(
    ("kind", "field", "given", "rule"),
    [
        ("login", "macs", tuple(f"00:00:00:00:00:{n:02x}" for n in range(1, 7)), "too-many-macs"),
        ("ip", "dns", ("192.0.2.1", "192.0.2.2", "192.0.2.3"), "too-many-servers"),
        ("tv", "packages", tuple(f"p{n}" for n in range(51)), "too-many-packages"),
    ],
)
def test_there_is_not_too_much_of_anything(kind: str, field: str, given: object, rule: str) -> None:
    with pytest.raises(RefusedError) as refused:
        checked(kind, **{field: given})

    assert refused.value.rule == rule


def test_five_mac_addresses_are_not_too_many() -> None:
    five = tuple(f"00:00:00:00:00:{n:02x}" for n in range(1, 6))

    assert checked("login", macs=five).macs == five


@pytest.mark.parametrize(
    ("kind", "field", "given", "hint"),
    [
        ("onu", "enabled", False, "Suspend, block or end the subscription instead."),
        ("login", "access", Access.WALLED, "Suspend, block or end the subscription instead."),
        ("login", "download_kbit", 512, "The plan says how fast it is; SetSpeed says otherwise."),
        ("ip", "upload_kbit", 512, "The plan says how fast it is; SetSpeed says otherwise."),
        ("onu", "download_kbit", 512, "The plan says how fast it is; SetSpeed says otherwise."),
        ("onu", "username", "ana", _ITS_LOGIN),
        (
            "onu",
            "password",
            SecretRef("s1"),
            _ITS_LOGIN,
        ),
    ],
)
def test_what_follows_from_the_timeline_is_not_chosen(
    kind: str, field: str, given: object, hint: str
) -> None:
    with pytest.raises(
        RefusedError, match=f"{field!r} of {ARTICLES.get(kind, 'a')} {kind} is not chosen"
    ) as refused:
        checked(kind, **{field: given})

    assert (refused.value.rule, refused.value.hint) == ("not-chosen", hint)


@pytest.mark.parametrize("password", [SecretText("hunter2"), UNREADABLE])
def test_a_secret_is_never_decided_on(password: Any) -> None:
    with pytest.raises(InvalidValueError, match="The password of a login was not put away") as refused:
        checked("login", password=password)

    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize("key", ["short", "x" * 64, "senha de café", "two\nlines here"])
def test_a_key_that_no_wireless_network_can_have_is_refused_without_showing_it(key: str) -> None:
    with pytest.raises(InvalidValueError, match="The password_5ghz of a wifi is no key") as refused:
        check_secret(Wifi(onu="ABCD12345678"), "password_5ghz", SecretText(key))

    assert key not in str(refused.value)


def test_other_secrets_are_as_people_choose_them_and_keys_have_8_to_63_letters() -> None:
    check_secret(Login(username="ana"), "password", SecretText("é"))
    for key in ("12345678", "~" * 63):
        check_secret(Wifi(onu="ABCD12345678"), "password", SecretText(key))


def test_the_reference_to_a_secret_is_kept() -> None:
    assert checked("login", password=SecretRef("s1")).password == SecretRef("s1")


def test_a_kind_that_nobody_knows_is_refused() -> None:
    @frozen(kw_only=True)
    class Teapot(Spec):
        word = "teapot"

    with pytest.raises(InvalidValueError, match="Teapot is no kind of component"):
        checked_spec(Teapot())


def test_a_checked_spec_is_not_changed_by_another_check() -> None:
    once = checked("login", macs=("00-1A-2B-3C-4D-5E",), username="ana@isp.test")

    assert checked_spec(once) == once
