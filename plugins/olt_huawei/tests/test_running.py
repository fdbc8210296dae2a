"""The configuration of ONTs, read back from the commands that made it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ispcore.driver import Unrecognised
from ispcore_olt_huawei.parsing.running import (
    Configured,
    ServicePort,
    Wan,
    configured,
    one_configured,
    services_of,
    without_passwords,
)
from ispcore_olt_huawei.places import Place

BOARD = """
[MA5800V100R017C10: 0]
#
[gpon]
  <gpon-0/1>
 interface gpon 0/1
 port 3 ont-auto-find enable
 ont add 3 5 sn-auth "4857544302D80001" omci ont-lineprofile-id 10 ont-srvprofile-id 20 desc "Ana_Lima"
 ont add 3 6 sn-auth "4857544302D80002" omci ont-lineprofile-id 10 ont-srvprofile-id 20 desc
"ONT_NO_DESCRIPTION"
 ont ipconfig 3 5 ip-index 2 pppoe vlan 110 priority 0 user-account username "ana" password "%^%#s3cret%^%#"
 ont ipconfig 3 6 dhcp vlan 120 priority 5
 ont internet-config 3 5 ip-index 2
 ont wan-config 3 5 ip-index 2 profile-id 7
 ont port native-vlan 3 6 eth 1 vlan 120 priority 0
 ont fec 3 5 use-profile-config
#
return
"""
SERVICES = """
#
[bbs-config]
  <bbs-config>
 service-port 9 vlan 110 gpon 0/1/3 ont 5 gemport 1 multi-service user-vlan 1005 tag-transform
translate-and-add inner-vlan 1005 inner-priority 0 inbound traffic-table index 17
outbound traffic-table index 47
 service-port 4 vlan 99 gpon 0/1/3 ont 5 gemport 2 multi-service user-vlan untagged
 service-port 11 vlan 200 eth 0/9/0 multi-service user-vlan 200
 monitor uplink-port non-unicast port 0/3/0
#
return
"""
ANA, BIA = Place("0/1/3", 5), Place("0/1/3", 6)


def test_onts_are_read_with_everything_that_hangs_on_them() -> None:
    onts = configured(BOARD, services_of(SERVICES))

    assert onts[ANA] == Configured(
        place=ANA,
        serial="HWTC02D80001",
        line_profile=10,
        service_profile=20,
        description="Ana_Lima",
        wans={2: Wan(mode="pppoe", vlan=110, user="ana")},
        internet=frozenset({2}),
        wan_profiles={2: 7},
        services=(
            ServicePort(index=4, vlan=99, place=ANA, gemport=2, user_vlan="untagged"),
            ServicePort(
                index=9,
                vlan=110,
                place=ANA,
                gemport=1,
                user_vlan="1005",
                transform="translate-and-add",
                inner_vlan=1005,
                inbound=17,
                outbound=47,
            ),
        ),
    )


def test_a_line_that_was_wrapped_and_an_index_that_is_left_out_are_understood() -> None:
    bia = configured(BOARD, {})[BIA]

    assert bia.description is None
    assert bia.wans == {0: Wan(mode="dhcp", vlan=120)}
    assert bia.natives == {1: 120}


def test_one_ont_is_read_with_its_service_ports() -> None:
    static = " ont ipconfig 3 5 static ip-address 192.0.2.7 mask 255.255.255.0 gateway 192.0.2.1"
    told = f"""
 interface gpon 0/1
 ont add 3 5 sn-auth "4857544302D80001" omci ont-lineprofile-id 10 ont-srvprofile-id 20
{static} pri-dns 192.0.2.53 vlan 30
return
"""

    one = one_configured(told)

    assert one is not None
    assert one.wans[0] == Wan(
        mode="static",
        vlan=30,
        address="192.0.2.7",
        netmask="255.255.255.0",
        gateway="192.0.2.1",
        dns=("192.0.2.53",),
    )


def test_an_ont_that_does_not_exist_has_no_configuration() -> None:
    assert one_configured("  Failure: The ONT does not exist\n") is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "#\nreturn",
        " interface gpon 0/1\n ont add 3 5 sn-auth\n#\nreturn",
        " interface gpon 0/1\n ont ipconfig 3 5 dhcp vlan 1\n#\nreturn",
        " interface gpon 0/1\n service-port 4 vlan x gpon 0/1/3 ont 5 gemport 1\nreturn",
        "  Failure: System is confused\nreturn",
        BOARD.replace("return", ""),
    ],
)
def test_a_configuration_that_is_not_whole_is_unrecognised(text: str) -> None:
    with pytest.raises(Unrecognised):
        one_configured(text)


def test_a_password_is_in_no_error() -> None:
    with pytest.raises(Unrecognised) as caught:
        one_configured(BOARD.replace("return", "").replace('"%^%#s3cret%^%#"', "s3cret"))

    assert "s3cret" not in caught.value.raw
    assert "username" in caught.value.raw
    assert without_passwords(' password "a b" x') == " password ******** x"


@given(st.text(), st.integers(0, len(BOARD)))
def test_no_noise_breaks_the_reading(noise: str, at: int) -> None:
    try:
        read = configured(BOARD[:at] + noise + BOARD[at:], services_of(SERVICES))
    except Unrecognised:
        return
    assert isinstance(read, dict)
