"""Both families of ZTE OLTs: sessions, ONUs, what goes up and down, what is on the ONU itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from ispcore.testing.olts import C300, C600, ZteFamily, ZteOlt, simulated_olt
from tests.testing.olts.terminal import Terminal, terminal

SN = "ZTEGCCA10001"
MASK = "255.255.255.0"
INTERNET = "vlan-profile internet host 1"
NOTHING = "%Code 62310-GPONSRV : No related information to show."


@contextmanager
def at(olt: ZteOlt, *lines: str) -> Iterator[Terminal]:
    """Somebody who has signed in, and wants no pages."""
    with simulated_olt(olt, ssh_port=None, telnet_port=0) as server, terminal(server) as one:
        one.until("Username:")
        one.ask("zte", "Password:")
        one.ask("olt12345")
        yield one.goes("terminal length 0", *lines)


@pytest.fixture
def olt() -> ZteOlt:
    olt = ZteOlt()
    olt.plug(SN, "1/1/5", model="F670LV9.0")
    return olt


@pytest.fixture
def one(olt: ZteOlt) -> Iterator[Terminal]:
    with at(olt, "configure terminal") as one:
        yield one


@pytest.fixture
def onu(olt: ZteOlt, one: Terminal) -> Terminal:
    olt.put(SN, "1/1/5", 1, type="F670L")
    return one.goes("interface gpon-onu_1/1/5:1")


def test_modes_show_in_the_prompt(olt: ZteOlt) -> None:
    olt.behaviour.enable_password = "lifted"
    olt.put(SN, "1/1/5", 1)
    steps = {
        "configure terminal": "%Info 20272: Enter configuration commands, one per line. End with CTRL/Z.\r\n"
        "ZXAN(config)#",
        "interface gpon-olt_1/1/5": "ZXAN(config-if)#",
        "interface gpon-onu_1/1/5:1": "ZXAN(config-if)#",
        "exit": "ZXAN(config)#",
        "pon-onu-mng gpon-onu_1/1/5:1": "ZXAN(gpon-onu-mng)#",
        "!": "ZXAN(gpon-onu-mng)#",
        "end": "ZXAN#",
        "disable": "ZXAN>",
    }

    with at(olt) as one:
        assert "%Error 20200: Invalid input" in one.seen  # what was asked about pages, before enable
        one.ask("enable", "Password:")
        assert one.ask("wrong").endswith("%Error 20205: Bad password.\r\nZXAN>")
        one.ask("enable", "Password:")
        one.ask("lifted")
        for line, end in steps.items():
            assert one.ask(line) == f"{line}\r\n{end}"


def test_the_newer_family_has_another_prompt_and_other_numbers(olt: ZteOlt) -> None:
    newer = ZteOlt(family=C600)
    newer.put(SN, "1/1/5", 1)

    with at(newer, "configure terminal") as one:
        assert one.ask("pon-onu-mng gpon_onu-1/1/5:1").endswith("ZXAN(config-gpon-onu-mng)#")
        assert one.tell("nonsense").endswith("%Error 140303: Invalid input detected at '^' marker.")
        assert one.ask("interface vport-1/1/5.1:1").endswith("ZXAN(config-if)#")


def test_long_answers_come_in_pages(olt: ZteOlt) -> None:
    olt.behaviour.rows = 5
    with at(olt, "terminal length 24") as one:
        first = one.ask("show running-config", " --More-- ")
        one.type(" ")
        second = one.until(" --More-- ")
        one.type("q")

        assert first.count("\r\n") == 5
        assert second.startswith("\b" * 10 + " " * 10 + "\b" * 10)
        one.until("ZXAN#")


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("interface", "%Error 20203: Incomplete command."),
        ("write", "%Error 20200: Invalid input detected at '^' marker."),
        ("terminal width 511", "%Error 20200: Invalid input detected at '^' marker."),
        ("interface gpon-onu_1/1/5:1", "%Error 20200: Invalid input detected at '^' marker."),
        ("show gpon onu state", NOTHING),
    ],
)
def test_what_is_wrong_is_told_by_number(one: Terminal, line: str, error: str) -> None:
    assert one.tell(line).split("\n")[-1] == error


def test_what_nobody_configured_is_found_with_a_number_that_may_be_taken(olt: ZteOlt, one: Terminal) -> None:
    olt.put("ZTEG00000002", "1/1/5", 2)

    told = one.tell("show gpon onu uncfg").split("\n")

    assert told[0] == "OnuIndex                 Sn                  State"
    assert told[-1] == "gpon-onu_1/1/5:2         ZTEGCCA10001        unknown"
    assert one.tell("show gpon onu uncfg gpon-olt_1/1/6") == NOTHING


def test_the_newer_family_tells_the_model_of_what_it_finds() -> None:
    newer = ZteOlt(family=C600)
    newer.plug(SN, "1/1/5", model="F670LV9.0")

    with at(newer) as one:
        assert one.tell("show pon onu uncfg").split("\n")[-1] == (
            "gpon_olt-1/1/5      F670LV9.0            ZTEGCCA10001        GCCA10001"
        )


def test_an_onu_is_added_told_of_and_removed(olt: ZteOlt, one: Terminal) -> None:
    one.goes("interface gpon-olt_1/1/5")

    assert one.tell(f"onu 3 type F601 sn {SN}") == ".[Successful]"
    assert one.tell("show gpon onu uncfg") == NOTHING
    assert one.tell("show gpon onu by sn ZTEGCCA10001").endswith("\ngpon-onu_1/1/5:3")
    assert "\n  Phase state:         working\n" in one.tell("show gpon onu detail-info gpon-onu_1/1/5:3")
    assert one.tell("show gpon onu state gpon-olt_1/1/5").split("\n")[-2:] == [
        "1/1/5:3     enable       enable       working      1(GPON)",
        "ONU Number: 1/1",
    ]
    assert one.tell("no onu 3") == ".[Successful]"
    assert olt.config.onus == {}
    assert olt.writes == 2


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("onu 1 type F601 sn ZTEG00000002", "%Error 326: The onu of this position exists"),
        (f"onu 2 type F601 sn {SN}", "%Error 35: The SN of the onu exists"),
        ("onu 2 type F999 sn ZTEG00000002", "%Error 20200: Invalid input detected at '^' marker."),
        ("no onu 9", "%Error 327: The onu of this position does not exist"),
    ],
)
def test_what_cannot_be_is_refused(olt: ZteOlt, one: Terminal, line: str, error: str) -> None:
    olt.put(SN, "1/1/5", 1)
    one.goes("interface gpon-olt_1/1/5")

    assert one.tell(line).split("\n")[-1] == error
    assert olt.writes == 0


def test_why_an_onu_is_offline_is_told(olt: ZteOlt, one: Terminal) -> None:
    olt.put(SN, "1/1/5", 1)

    def phase() -> str:
        return one.tell("show gpon onu state gpon-olt_1/1/5 1").split("\n")[2].split()[3]

    assert phase() == "working"
    olt.light(SN, on=False)
    assert phase() == "DyingGasp"
    olt.unplug(SN)
    assert phase() == "LOS"
    olt.plug(SN, "1/1/5")
    one.goes("interface gpon-onu_1/1/5:1", "shutdown")
    assert phase() == "OffLine"


def test_the_light_of_an_onu_is_told(olt: ZteOlt, one: Terminal) -> None:
    olt.put(SN, "1/1/5", 1)
    olt.put("ZTEG00000002", "1/1/5", 2)

    told = one.tell("show pon power attenuation gpon-onu_1/1/5:1").split("\n")

    assert told[2] == " up      Rx :-23.100(dbm)      Tx:2.200(dbm)        25.300(dB)"
    assert told[4] == " down    Tx :5.000(dbm)        Rx:-21.500(dbm)      26.500(dB)"
    assert one.tell("show pon power onu-rx gpon-olt_1/1/5").split("\n")[2:] == [
        "gpon-onu_1/1/5:1    -21.500(dbm)",
        "gpon-onu_1/1/5:2    N/A",
    ]
    assert "no signal" in one.tell("show pon power attenuation gpon-onu_1/1/5:2")


def test_service_of_the_older_family(onu: Terminal) -> None:
    onu.goes(
        "name Client",
        "tcont 1 profile UP-100M",
        "gemport 1 name internet unicast tcont 1 dir both",
        "gemport 1 traffic-limit downstream DOWN-100M",
        "switchport mode hybrid vport 1",
        "service-port 1 vport 1 user-vlan 100 vlan 100",
    )

    assert onu.tell("show running-config interface gpon-onu_1/1/5:1").split("\n") == [
        "Building configuration...",
        "!",
        "interface gpon-onu_1/1/5:1",
        "  name Client",
        "  tcont 1 profile UP-100M",
        "  gemport 1 name internet unicast tcont 1 dir both",
        "  gemport 1 traffic-limit downstream DOWN-100M",
        "  switchport mode hybrid vport 1",
        "  service-port 1 vport 1 user-vlan 100 vlan 100",
        "!",
        "end",
    ]


def test_service_of_the_newer_family() -> None:
    newer = ZteOlt(family=C600)
    newer.put(SN, "1/1/5", 1)
    with at(newer, "configure terminal", "interface gpon_onu-1/1/5:1") as one:
        one.goes("tcont 1 profile UP-100M", "gemport 1 tcont 1", "interface vport-1/1/5.1:1")
        one.goes("service-port 1 user-vlan 311 vlan 311", "qos traffic-policy DOWN-100M direction egress")

        assert one.tell("show this") == "  service-port 1 user-vlan 311 vlan 311 egress DOWN-100M"
        told = one.tell("show running-config").split("\n")
        where = told.index("interface gpon_onu-1/1/5:1")
        assert told[where:] == [
            "interface gpon_onu-1/1/5:1",
            "  tcont 1 profile UP-100M",
            "  gemport 1 tcont 1",
            "$",
            "interface vport-1/1/5.1:1",
            "  service-port 1 user-vlan 311 vlan 311 egress DOWN-100M",
            "$",
        ]
        one.goes("no service-port 1")
        assert one.tell("show this") == ""


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("tcont 1 profile UNKNOWN", "%Error 20200: Invalid input detected at '^' marker."),
        ("gemport 1 tcont 7", "%Error 62: The tcont does not exist"),
        ("no tcont 1", "%Error 63: The tcont is used by a gemport"),
        ("name two words", "%Error 20200: Invalid input detected at '^' marker."),
        ("service-port 1 vport 9 user-vlan 1 vlan 1", "%Error 20200: Invalid input detected at '^' marker."),
    ],
)
def test_what_does_not_fit_is_refused(onu: Terminal, line: str, error: str) -> None:
    onu.goes("tcont 1 profile UP-100M", "gemport 1 tcont 1")

    assert onu.tell(line).split("\n")[-1] == error


def test_adding_anew_loses_what_hung_on_the_onu(olt: ZteOlt, onu: Terminal) -> None:
    onu.goes("tcont 1 profile UP-100M", "gemport 1 tcont 1", "service-port 1 vport 1 user-vlan 100 vlan 100")
    onu.goes("interface gpon-olt_1/1/5", "no onu 1", f"onu 1 type F670L sn {SN}")

    assert olt.config.onus["1/1/5:1"].services == {}


def test_wireless_networks_are_those_that_the_type_has_and_keys_show_nowhere(
    olt: ZteOlt, onu: Terminal
) -> None:
    onu.goes("pon-onu-mng gpon-onu_1/1/5:1", "ssid ctrl wifi_0/1 name Silva_2G")
    onu.goes("ssid auth wpa wifi_0/1 wpa2-psk key s3cret99", "interface wifi wifi_0/1 state lock")

    assert onu.tell("ssid ctrl wifi_0/2 name X") == "%Error 223845: UNI does not exist."
    assert "%Error 20200" in onu.tell("ssid auth wpa wifi_0/1 wpa2-psk key short")
    ssid = olt.config.onus["1/1/5:1"].ssids["wifi_0/1"]
    assert (ssid.name, ssid.key, ssid.on) == ("Silva_2G", "s3cret99", False)
    assert onu.tell("show this").split("\n") == [
        "  ssid ctrl wifi_0/1 name Silva_2G",
        "  ssid auth wpa wifi_0/1 wpa2-psk key ********",
        "  interface wifi wifi_0/1 state lock",
    ]
    assert "s3cret99" not in repr(ssid) + "".join(olt.log)


@pytest.mark.parametrize(
    ("line", "mode"),
    [
        ("wan-ip 1 mode pppoe username ana password s3cret vlan-profile internet host 1", "pppoe"),
        ("wan-ip 1 ipv4 mode dhcp vlan-profile internet host 1", "dhcp"),
        (
            f"wan-ip 1 mode static ip-profile fixed ip-address 192.0.2.9 mask {MASK} {INTERNET}",
            "static",
        ),
    ],
)
def test_an_onu_is_addressed(olt: ZteOlt, onu: Terminal, line: str, mode: str) -> None:
    onu.goes("pon-onu-mng gpon-onu_1/1/5:1", line, "wan 1 service internet host 1")

    wan = olt.config.onus["1/1/5:1"].wans[1]
    assert (wan.mode, wan.vlan_profile, wan.internet) == (mode, "internet", True)
    assert f"  wan-ip 1 mode {mode}" in onu.tell("show onu running config gpon-onu_1/1/5:1")
    assert "s3cret" not in "".join(olt.log)


def test_a_bridge_has_its_vlan(olt: ZteOlt, onu: Terminal) -> None:
    onu.goes("tcont 1 profile UP-100M", "gemport 1 tcont 1", "pon-onu-mng gpon-onu_1/1/5:1")
    onu.goes("service internet gemport 1 vlan 311", "vlan port eth_0/1 mode tag vlan 311")
    onu.goes("interface eth eth_0/2 state lock")

    assert onu.tell("show this").split("\n") == [
        "  service internet gemport 1 vlan 311",
        "  vlan port eth_0/1 mode tag vlan 311",
        "  interface eth eth_0/2 state lock",
    ]


def test_an_onu_is_rebooted_when_it_is_confirmed(olt: ZteOlt, onu: Terminal) -> None:
    onu.goes("pon-onu-mng gpon-onu_1/1/5:1")
    onu.ask("reboot", "[yes/no]:")
    onu.ask("no")
    onu.ask("reboot", "[yes/no]:")
    onu.ask("yes")
    assert olt.fibre["5A544547CCA10001"].reboots == 1

    olt.light(SN, on=False)
    onu.ask("reboot", "[yes/no]:")
    assert "%Code 63904-GPONRM Not support this ONU" in onu.ask("yes")


def test_a_type_in_use_does_not_change(olt: ZteOlt, onu: Terminal) -> None:
    onu.goes("pon", "onu-type F6600P gpon", "onu-type-if F6600P wifi_0/5")

    assert olt.config.types["F6600P"] == ["wifi_0/5"]
    assert onu.tell("onu-type-if F670L wifi_0/8") == "%Error 230296: Profile is being used."


@pytest.mark.parametrize("family", [C300, C600], ids=["C300", "C600"])
def test_profiles_are_made_and_kept_while_they_are_used(family: ZteFamily) -> None:
    olt = ZteOlt(family=family)
    olt.put(SN, "1/1/5", 1, tconts={1: "UP-100M"})
    traffic = (
        "profile traffic D sir 1000 pir 2000" if family is C300 else "traffic-profile D cir 1000 pir 2000"
    )
    with at(olt, "configure terminal", "gpon", "profile tcont U type 4 maximum 2000", traffic) as one:
        assert one.tell("no profile tcont UP-100M") == "%Error 230296: Profile is being used."
        assert "Profile name :U\n" in one.tell("show gpon profile tcont")

    assert olt.config.tconts["U"].maximum == 2000
    assert olt.config.traffics["D"].pir == 2000


def test_lines_of_the_configuration_break_in_the_middle_of_a_word(onu: Terminal, olt: ZteOlt) -> None:
    olt.config.onus["1/1/5:1"].description = "x" * 70

    assert onu.tell("show this") == f"  description {'x' * 66}\nxxxx"


def test_what_is_written_outlives_a_reboot(olt: ZteOlt, onu: Terminal) -> None:
    onu.goes("name kept")
    assert onu.goes("end").tell("write") == "Building configuration...\n[OK]"
    onu.goes("configure terminal", "interface gpon-onu_1/1/5:1", "name lost")
    olt.reboot()

    assert olt.config.onus["1/1/5:1"].name == "kept"


def test_a_wrong_password_and_one_session_too_many_are_told(olt: ZteOlt) -> None:
    olt.behaviour.sessions = 1
    with at(olt), simulated_olt(olt, ssh_port=None, telnet_port=0) as server, terminal(server) as other:
        other.until("Username:")
        other.ask("zte", "Password:")
        assert other.ask("wrong", "Username:") == (
            "\r\n%Error 20209: No username or bad password.\r\nUsername:"
        )
        other.ask("zte", "Password:")
        other.type("olt12345\r\n")
        assert re.fullmatch(r"\r\n%Error \d+: Too many users\.\r\n", other.rest())
