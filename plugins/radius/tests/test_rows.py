"""A login and its rows: what is written for each field, and what is read back, whoever wrote it."""

import hashlib
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from ispcore.driver import UNREADABLE, Access, DriverError, Invalid, Login
from ispcore.errors import InvalidValueError
from ispcore.values import SecretText
from ispcore_radius import Engine, PasswordForm, RadiusConfig, Vendor
from ispcore_radius.layout import Layout, normal
from ispcore_radius.passwords import password_row
from ispcore_radius.rows import Row, Table
from ispcore_radius.terms import terms_of
from plugins.radius.tests.calls import EVERY_FIELD

LAYOUT = Layout(RadiusConfig())
CHECK, REPLY, GROUP = Table
SALT = b"0123456789abcdef"

CHARACTERS = "abcxyzABCXYZ0189@.-_: /"
NAMES = st.text(CHARACTERS, min_size=1, max_size=64).filter(lambda name: name == name.strip())
TEXTS = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=32).filter(
    lambda text: text[0] not in "\"'`"
)
SPEEDS = st.none() | st.integers(1, 4_000_000)
MACS = st.lists(st.binary(min_size=6, max_size=6), max_size=5).map(
    lambda those: tuple(one.hex("-") for one in those)
)
LOGINS = st.builds(
    Login,
    username=NAMES,
    password=st.none() | TEXTS.map(SecretText),
    access=st.sampled_from(Access),
    download_kbit=SPEEDS,
    upload_kbit=SPEEDS,
    address=st.none() | st.ip_addresses(v=4).map(str),
    pool=st.none() | TEXTS,
    ipv6_prefix=st.none() | st.ip_addresses(v=6).map(lambda one: f"{one}/64"),
    delegated_prefix=st.none() | st.ip_addresses(v=6).map(lambda one: f"{one}/56"),
    macs=MACS,
    sessions=st.integers(0, 9),
    vlan=st.none() | st.integers(1, 4094),
)
CONFIGS = st.builds(
    RadiusConfig,
    vendor=st.sampled_from(Vendor),
    access_points=st.sampled_from(Vendor).map(lambda one: (f"10.0.0.2 vendor={one.value}",)),
    download_attribute=st.just("Down-Rate"),
    upload_attribute=st.just("Up-Rate"),
    password_form=st.sampled_from(PasswordForm),
    walled_attribute=st.just("Filter-Id"),
    walled_value=st.just("walled"),
) | st.builds(RadiusConfig, walled_group=st.just("Bloqueado"), walled_priority=st.integers(-9, 9))


def written(login: Login, there: list[Row], *fields: str, layout: Layout = LAYOUT) -> list[Row]:
    """Return the rows that stand there when *fields* of *login* are written."""
    done = layout.written(there, login, fields or EVERY_FIELD, SALT)
    return [row for row in there if row not in done.drop] + list(done.add)


def seen(login: Login) -> Login:
    return evolve(login, password=UNREADABLE)


def read(*rows: Row, layout: Layout = LAYOUT) -> Login:
    found = layout.login("ana", rows)
    assert found is not None
    return found


@settings(max_examples=60)
@given(LOGINS, CONFIGS)
def test_what_is_written_reads_back_as_normal_says(login: Login, config: RadiusConfig) -> None:
    layout = Layout(config)

    rows = written(normal(login), [], layout=layout)

    if rows:
        assert layout.login(login.username, rows) == seen(normal(login))
    assert normal(normal(login)) == normal(login)
    assert written(normal(login), rows, *EVERY_FIELD - {"password"}, layout=layout) == rows


@settings(max_examples=60)
@given(LOGINS, LOGINS, CONFIGS)
def test_any_login_becomes_any_other_and_other_rows_stay(
    old: Login, new: Login, config: RadiusConfig
) -> None:
    layout = Layout(config)
    others = [Row(REPLY, "Session-Timeout", ":=", "3600"), Row(GROUP, "gold", "", "0")]
    new = evolve(normal(new), username=old.username)

    rows = written(new, written(normal(old), others, layout=layout), layout=layout)

    assert layout.login(old.username, rows) in (seen(new), None if rows == others else seen(new))
    assert [row for row in rows if row in others] == others
    assert set(rows) == set(written(new, others, layout=layout))


def test_the_rows_of_a_login() -> None:
    login = normal(
        Login(
            username="ana",
            password=SecretText("segredo"),
            access=Access.WALLED,
            download_kbit=20_000,
            upload_kbit=5_000,
            address="100.64.3.7",
            macs=("aabb.cc00.0002", "AA-BB-CC-00-00-01"),
            vlan=104,
        )
    )

    assert written(login, []) == [
        Row(CHECK, "Cleartext-Password", ":=", "segredo"),
        Row(GROUP, "walled", "", "-1"),
        Row(REPLY, "Mikrotik-Rate-Limit", ":=", "5000k/20000k"),
        Row(REPLY, "Framed-IP-Address", ":=", "100.64.3.7"),
        Row(CHECK, "Calling-Station-Id", "=~", "^(AA-BB-CC-00-00-01|AA-BB-CC-00-00-02)$"),
        Row(CHECK, "Simultaneous-Use", ":=", "1"),
        Row(REPLY, "Tunnel-Type", ":=", "VLAN"),
        Row(REPLY, "Tunnel-Medium-Type", ":=", "IEEE-802"),
        Row(REPLY, "Tunnel-Private-Group-Id", ":=", "104"),
        Row(REPLY, "Class", "+=", terms_of(login).value),
    ]


def test_only_fields_that_change_are_written() -> None:
    rows = written(Login(username="ana", download_kbit=1_000, pool="a"), [])

    now = written(Login(username="ana", download_kbit=2_000, pool="b"), rows, "pool")

    assert read(*now).pool == "b"
    assert read(*now).download_kbit == 1_000


def test_a_user_with_rows_of_other_attributes_alone_has_no_login() -> None:
    rows = [Row(REPLY, "Session-Timeout", ":=", "3600"), Row(GROUP, "gold", "", "0")]

    assert LAYOUT.login("ana", rows) is None


def test_what_else_stands_there_is_named_without_its_values() -> None:
    rows = [
        Row(CHECK, "Cleartext-Password", ":=", "x"),
        Row(CHECK, "Auth-Type", ":=", "Accept"),
        Row(REPLY, "Class", ":=", "x"),
    ]

    assert LAYOUT.others(rows) == {"radcheck": ("Auth-Type",), "radreply": ("Class",)}


@pytest.mark.parametrize(
    ("rows", "fields"),
    [
        ([Row(CHECK, "AUTH-TYPE", ":=", "reject")], {"access": Access.REFUSED}),
        ([Row(GROUP, "walled", "", "7")], {"access": Access.WALLED}),
        ([Row(REPLY, "mikrotik-rate-limit", "=", "512k/2M")], {"download_kbit": 2_000, "upload_kbit": 512}),
        ([Row(REPLY, "Mikrotik-Rate-Limit", ":=", "10M")], {"download_kbit": 10_000, "upload_kbit": 10_000}),
        ([Row(REPLY, "Framed-IP-Address", "=", " 10.0.0.1 ")], {"address": "10.0.0.1"}),
        ([Row(REPLY, "Framed-IPv6-Prefix", ":=", "2001:DB8:0::/64")], {"ipv6_prefix": "2001:db8::/64"}),
        (
            [
                Row(REPLY, "Tunnel-Type", ":=", "13"),
                Row(REPLY, "Tunnel-Medium-Type", ":=", "6"),
                Row(REPLY, "Tunnel-Private-Group-Id", ":=", "7"),
            ],
            {"vlan": 7},
        ),
    ],
)
def test_what_others_wrote_is_understood_where_it_means_the_same(
    rows: list[Row], fields: dict[str, Any]
) -> None:
    found = read(*rows)

    assert {name: getattr(found, name) for name in fields} == fields


@pytest.mark.parametrize(
    ("field", "rows"),
    [
        ("download_kbit", [Row(REPLY, "Mikrotik-Rate-Limit", ":=", "1M/2M 4M/8M")]),
        ("download_kbit", [Row(REPLY, "Mikrotik-Rate-Limit", ":=", "1M/2M")] * 2),
        ("download_kbit", [Row(REPLY, "Mikrotik-Rate-Limit", "+=", "1M/2M")]),
        ("download_kbit", [Row(REPLY, "WISPr-Bandwidth-Max-Down", ":=", "1000")]),
        ("address", [Row(REPLY, "Framed-IP-Address", ":=", "10.0.0.300")]),
        ("address", [Row(REPLY, "Framed-IP-Address", ":=", "10.0.0.1")] * 2),
        ("pool", [Row(REPLY, "Framed-Pool", "-=", "a")]),
        ("macs", [Row(CHECK, "Calling-Station-Id", "==", "AA-BB-CC-00-00-01")]),
        ("macs", [Row(CHECK, "Calling-Station-Id", "=~", ".*")]),
        ("macs", [Row(CHECK, "Calling-Station-Id", "=~", "^(AA-BB-CC-00-00-01)$")] * 2),
        ("sessions", [Row(CHECK, "Simultaneous-Use", ":=", "many")]),
        ("vlan", [Row(REPLY, "Tunnel-Private-Group-Id", ":=", "7")]),
        ("vlan", [Row(REPLY, "Tunnel-Type", ":=", "L2TP"), Row(REPLY, "Tunnel-Medium-Type", ":=", "IP")]),
    ],
)
@settings(max_examples=20)
@given(login=LOGINS)
def test_rows_that_no_login_could_want_differ_from_every_login_and_are_replaced(
    field: str, rows: list[Row], login: Login
) -> None:
    there = [evolve(row, id=number) for number, row in enumerate(rows)]

    assert getattr(read(*there), field) != getattr(normal(login), field)

    now = written(normal(login), there, field)
    assert all(row.id is None for row in now)
    assert getattr(LAYOUT.login("ana", now) or Login(username="ana", sessions=0), field) == getattr(
        normal(login), field
    )


TWO = Layout(RadiusConfig(access_points=("10.0.0.2 vendor=cisco",), follow_sessions=False))


def test_a_speed_is_told_to_the_vendor_of_every_access_point() -> None:
    rows = written(Login(username="ana", download_kbit=2_000, upload_kbit=500), [], layout=TWO)

    assert [(row.attribute, row.op, row.value) for row in rows if row.table is REPLY] == [
        ("Mikrotik-Rate-Limit", ":=", "500k/2000k"),
        ("Cisco-AVPair", "+=", "ip:sub-qos-policy-out=down-2000k"),
        ("Cisco-AVPair", "+=", "ip:sub-qos-policy-in=up-500k"),
    ]


@pytest.mark.parametrize(
    "rows",
    [
        [Row(REPLY, "Mikrotik-Rate-Limit", ":=", "500k/2000k")],
        [
            Row(REPLY, "Mikrotik-Rate-Limit", ":=", "500k/1000k"),
            Row(REPLY, "Cisco-AVPair", "+=", "ip:sub-qos-policy-out=down-2000k"),
            Row(REPLY, "Cisco-AVPair", "+=", "ip:sub-qos-policy-in=up-500k"),
        ],
    ],
)
def test_a_speed_that_not_every_vendor_is_told_alike_is_none_and_written_anew(rows: list[Row]) -> None:
    login = Login(username="ana", download_kbit=2_000, upload_kbit=500)

    assert read(*rows, layout=TWO).download_kbit == -1
    assert set(written(login, rows, "download_kbit", layout=TWO)) == {
        row for row in written(login, [], layout=TWO) if row.table is REPLY
    }


def test_a_vendor_that_was_changed_leaves_no_speed_of_the_old_one() -> None:
    login = Login(username="ana", download_kbit=1_000, upload_kbit=500)
    rows = written(login, [])
    huawei = Layout(RadiusConfig(vendor=Vendor.HUAWEI))

    assert read(*rows, layout=huawei).download_kbit == -1
    assert written(login, rows, "download_kbit", layout=huawei)[-2:] == [
        Row(REPLY, "Huawei-Output-Average-Rate", ":=", "1000000"),
        Row(REPLY, "Huawei-Input-Average-Rate", ":=", "500000"),
    ]


CISCO = RadiusConfig(vendor=Vendor.CISCO, download_policy="plan-{kbit}", upload_policy="plan-{kbit}-up")
JUNIPER = evolve(CISCO, vendor=Vendor.JUNIPER)
OUT = Row(REPLY, "Cisco-AVPair", "+=", "ip:sub-qos-policy-out=plan-20000")
IN = Row(REPLY, "Cisco-AVPair", "+=", "ip:sub-qos-policy-in=plan-5000-up")


def test_cisco_and_juniper_are_told_speeds_as_policies_with_a_name() -> None:
    login = Login(username="ana", download_kbit=20_000, upload_kbit=5_000, sessions=0)

    assert written(login, [], layout=Layout(CISCO))[:-1] == [OUT, IN]
    assert written(login, [], layout=Layout(JUNIPER))[:-1] == [
        Row(REPLY, "ERX-Egress-Policy-Name", ":=", "plan-20000"),
        Row(REPLY, "ERX-Ingress-Policy-Name", ":=", "plan-5000-up"),
    ]


def test_what_else_stands_in_ciscos_attribute_is_left_alone() -> None:
    other = Row(REPLY, "Cisco-AVPair", "+=", "ip:vrf-id=customers")
    layout = Layout(CISCO)

    rows = written(Login(username="ana", download_kbit=20_000), [other, OUT, IN], layout=layout)

    assert rows[:2] == [other, OUT]
    assert IN not in rows
    assert layout.others([other, OUT]) == {"radreply": ("Cisco-AVPair",)}
    assert layout.login("ana", [other]) is None


@pytest.mark.parametrize(
    "row",
    [
        Row(REPLY, "Cisco-AVPair", "+=", "ip:sub-qos-policy-out=gold"),
        Row(REPLY, "Cisco-AVPair", "+=", "ip:sub-qos-policy-out=plan-020000"),
        Row(REPLY, "Cisco-AVPair", ":=", "ip:sub-qos-policy-out=plan-20000"),
    ],
    ids=str,
)
def test_a_policy_of_another_name_or_one_that_replaces_others_differs_from_every_speed(row: Row) -> None:
    assert read(row, layout=Layout(CISCO)).download_kbit == -1


@pytest.mark.parametrize(
    "settings",
    [
        {"download_policy": "gold"},
        {"upload_policy": "{kbit}-{kbit}"},
        {"vendor": Vendor.GENERIC},
        {"vendor": Vendor.GENERIC, "download_attribute": "Rate", "upload_attribute": "rate"},
    ],
    ids=str,
)
def test_a_vendor_is_told_each_direction_by_itself(settings: dict[str, Any]) -> None:
    with pytest.raises(InvalidValueError):
        RadiusConfig(**settings)


def test_the_attributes_of_ones_own_say_nothing_else_of_a_login() -> None:
    config = RadiusConfig(vendor=Vendor.GENERIC, download_attribute="Framed-Pool", upload_attribute="Up-Rate")

    with pytest.raises(InvalidValueError, match="Framed-Pool"):
        Layout(config)


@pytest.mark.parametrize(
    "fields",
    [
        {"username": ""},
        {"username": "x" * 65},
        {"username": " ana"},
        {"username": "ana+1"},
        {"username": "ana'"},
        {"password": SecretText("")},
        {"password": SecretText("`reboot`")},
        {"password": SecretText("a\nb")},
        {"password": SecretText("a\ud800")},
        {"password": SecretText("x" * 129)},
        {"download_kbit": 0},
        {"upload_kbit": -1},
        {"address": "2001:db8::1"},
        {"address": "10.0.0.0/24"},
        {"pool": ""},
        {"pool": '"a"'},
        {"pool": "x" * 254},
        {"ipv6_prefix": "10.0.0.0/24"},
        {"delegated_prefix": "?"},
        {"macs": ("AA:BB:CC",)},
        {"macs": tuple(f"AA:BB:CC:00:00:0{number}" for number in range(6))},
        {"sessions": -1},
        {"vlan": 0},
        {"vlan": 4095},
    ],
    ids=str,
)
def test_what_freeradius_could_not_say_is_refused(fields: dict[str, Any]) -> None:
    login = normal(Login(**({"username": "ana"} | fields)))

    with pytest.raises(Invalid) as refusal:
        LAYOUT.written([], login, EVERY_FIELD, SALT)

    assert "reboot" not in str(refusal.value)
    assert isinstance(refusal.value, DriverError)


def test_a_speed_beyond_32_bits_is_refused_where_the_attribute_ends_there() -> None:
    login = Login(username="ana", download_kbit=4_294_968)
    wispr = Layout(RadiusConfig(vendor=Vendor.WISPR))

    with pytest.raises(Invalid, match="4294967 kbit/s"):
        wispr.written([], login, EVERY_FIELD, SALT)

    assert read(*written(login, [])).download_kbit == 4_294_968


@pytest.mark.parametrize("value", ["fast", "1500", "-1000"])
def test_a_number_that_is_no_speed_differs_from_every_speed(value: str) -> None:
    rows = [Row(REPLY, "WISPr-Bandwidth-Max-Up", ":=", value)]

    assert read(*rows, layout=Layout(RadiusConfig(vendor=Vendor.WISPR))).upload_kbit == -1


def test_names_that_the_server_was_told_are_safe_are_taken() -> None:
    layout = Layout(RadiusConfig(safe_characters="an+1"))

    assert written(Login(username="ana+1"), [], layout=layout)


def test_the_forms_of_a_password() -> None:
    assert password_row("password", PasswordForm.CLEARTEXT, SALT) == ("Cleartext-Password", "password")
    nt = ("NT-Password", "0x8846f7eaee8fb117ad06bdd830b7586c")
    assert password_row("password", PasswordForm.NT, SALT) == nt
    digest = hashlib.sha512(b"password" + SALT).hexdigest()
    assert password_row("password", PasswordForm.SSHA512, SALT) == (
        "SSHA2-512-Password",
        f"0x{digest}{SALT.hex()}",
    )


@pytest.mark.parametrize(
    ("settings", "names"),
    [
        ({"engine": Engine.SQLITE}, "path"),
        ({"port": 0}, "port"),
        ({"port": 65_536}, "port"),
        ({"walled_group": ""}, "walled_group"),
        ({"walled_attribute": "Filter-Id"}, "walled_value"),
        ({"batch": 0}, "batch"),
    ],
)
def test_a_configuration_that_cannot_work_is_refused(settings: dict[str, Any], names: str) -> None:
    with pytest.raises(InvalidValueError, match=names):
        RadiusConfig(**settings)


def test_the_walled_garden_is_not_told_by_an_attribute_that_says_something_else() -> None:
    config = RadiusConfig(walled_attribute="Framed-Pool", walled_value="walled")

    with pytest.raises(InvalidValueError, match="Framed-Pool"):
        Layout(config)


def test_a_configuration_never_shows_its_password() -> None:
    assert "segredo" not in repr(RadiusConfig(password=SecretText("segredo")))
