"""Recorded answers of OLTs, each read whole."""

from decimal import Decimal

import pytest

from ispcore.driver import (
    Discovered,
    OpticalReading,
    Unrecognised,
)
from ispcore_olt_huawei.parsing.found import waiting
from ispcore_olt_huawei.parsing.onts import OntState, Summed, one_ont, onts_on_port, summary
from ispcore_olt_huawei.parsing.optics import one_reading, readings_on_port
from ispcore_olt_huawei.parsing.refusals import refusal
from ispcore_olt_huawei.parsing.services import (
    ServicePortRow,
    TrafficTable,
    service_ports,
    traffic_tables,
)
from ispcore_olt_huawei.parsing.system import Version, chassis, pon_boards, profiles, version
from ispcore_olt_huawei.parsing.wan import WanConnection, WirelessNetwork, wan_connections, wireless_networks
from ispcore_olt_huawei.parsing.written import counted, ont_id
from ispcore_olt_huawei.places import Place
from plugins.olt_huawei.tests.samples import sample


def test_one_ont_that_waits_is_found_on_an_old_firmware() -> None:
    assert waiting(sample("hw_autofind_one")) == (
        Discovered(
            kind="onu",
            identity="HWTC02D80001",
            place="0/0/0",
            details={
                "vendor": "HWTC",
                "model": "310M",
                "version": "6A5.A",
                "software": "V3R015C10S106",
                "since": "16/10/2023 23:47:09-02:00 DST",
            },
        ),
    )


def test_two_onts_that_wait_are_found_on_a_firmware_with_more_fields() -> None:
    first, second = waiting(sample("hw_autofind_two_new_fields"))

    assert (first.identity, second.identity) == ("HWTC11E70001", "HWTCDE130002")
    assert (first.place, first.details["mac"], first.details["model"]) == ("0/1/0", "1234-ABCD-1234", "245H")


@pytest.mark.parametrize("article", ["The automatically", "Automatically"])
def test_no_ont_that_waits_is_an_empty_list(article: str) -> None:
    assert waiting(f"  Failure: {article} found ONTs do not exist\n") == ()


@pytest.mark.parametrize("text", ["", "MA5608T#", "  Failure: Something else\n"])
def test_silence_about_onts_that_wait_is_no_empty_list(text: str) -> None:
    with pytest.raises(Unrecognised):
        waiting(text)


def test_a_list_of_found_onts_that_is_shorter_than_counted_is_not_whole() -> None:
    with pytest.raises(Unrecognised, match="found"):
        waiting(sample("hw_autofind_one").replace("ONT is 1", "ONT is 2"))


def test_an_ont_is_read_with_its_states_and_profiles() -> None:
    found = one_ont(sample("hw_ont_info_by_sn"))

    assert found is not None
    assert (found.place, found.serial, found.active) == (Place("0/0/6", 2), "HWTCAB12CD34", True)
    assert (found.run, found.config, found.match) == ("online", "normal", "match")
    assert (found.description, found.told["ONT distance(m)"]) == ("New_link", "47")
    assert (found.told["Line profile ID"], found.told["Service profile ID"]) == ("500", "500")


def test_a_description_that_was_wrapped_is_joined_without_a_blank() -> None:
    wrapped = sample("hw_ont_info_by_sn").replace(
        "  Description             : New_link", "  Description             : New_\n" + " " * 28 + "li: nk"
    )

    found = one_ont(wrapped)

    assert found is not None
    assert found.description == "New_li: nk"


def test_an_ont_that_does_not_exist_is_none() -> None:
    assert one_ont("  The required ONT does not exist\n") is None
    assert one_ont("  Failure: The ONT does not exist\n") is None


def test_the_onts_of_a_port_are_read_with_their_descriptions() -> None:
    first, *_, last = onts_on_port(sample("hw_ont_info_port_all"))

    assert first == OntState(
        place=Place("0/0/0", 0),
        serial="HWTCF6J00000",
        active=True,
        run="offline",
        config="initial",
        match="initial",
        description="The quiet rifle stinks.",
    )
    assert (last.place.ont, last.match, last.description) == (5, "mismatch", "The stereotyped eddy analyzes.")


def test_an_ont_whose_states_are_dashes_has_none() -> None:
    third = onts_on_port(sample("hw_ont_info_port_all"))[2]

    assert (third.run, third.config, third.match) == (None, None, None)


def test_a_port_without_onts_is_an_empty_list() -> None:
    assert onts_on_port("  Failure: There is no ONT available\n") == ()
    assert summary("  Failure: There is no ONT available\n") == ()


def test_a_summary_is_read() -> None:
    assert summary(sample("hw_ont_info_summary")) == (
        Summed(
            ont=0,
            serial="1234567890ABCDEF",
            run="online",
            type="EG8145X6-10",
            distance_m=1,
            light="-7.92/2.21",
            description="huawei_ont_0",
        ),
    )


def test_an_ont_that_is_offline_has_dashes_in_a_summary() -> None:
    offline = sample("hw_ont_info_summary").replace("1     -7.92/2.21", "-     -/-       ")

    (one,) = summary(offline)

    assert (one.light, one.distance_m) == (None, None)


def test_the_light_of_an_ont_is_read() -> None:
    assert one_reading(sample("hw_optical_one")) == OpticalReading(
        received_dbm=Decimal("-15.25"),
        sent_dbm=Decimal("3.80"),
        received_at_olt_dbm=Decimal("-15.66"),
        temperature_celsius=Decimal(48),
    )


def test_an_ont_that_is_offline_has_no_light() -> None:
    assert one_reading("  Failure: The ONT is not online\n") is None
    assert readings_on_port("  Failure: The ONT is not online\n") == {}


def test_the_light_of_a_port_is_read_by_ont() -> None:
    levels = readings_on_port(sample("hw_optical_all"))

    assert sorted(levels) == [0, 1, 2]
    assert levels[1] == OpticalReading(
        received_dbm=Decimal("-24.68"),
        sent_dbm=Decimal("3.86"),
        received_at_olt_dbm=Decimal("-23.02"),
        temperature_celsius=Decimal(31),
    )


def test_an_ont_that_is_offline_has_dashes_in_the_light_of_a_port() -> None:
    dashes = "    1  -         -         -           -            -        -        -         "
    lines = sample("hw_optical_all").splitlines()
    text = "\n".join([*lines[:5], dashes, *lines[6:]])

    assert readings_on_port(text)[1] == OpticalReading()


def test_service_ports_are_read_in_both_layouts_of_their_columns() -> None:
    first, second, third = service_ports(sample("hw_service_ports"))

    assert first == ServicePortRow(
        index=25,
        vlan=110,
        place=Place("0/0/1", 1),
        gemport=1,
        user_vlan="110",
        inbound=17,
        outbound=47,
        up=True,
    )
    assert (second.place, second.inbound) == (Place("0/0/1", 5), 55)
    assert (third.vlan, third.place, third.inbound, third.outbound) == (2, Place("0/1/0", 0), None, None)


def test_no_service_ports_are_an_empty_list() -> None:
    assert service_ports("  Failure: The service virtual port does not exist\n") == ()


def test_service_ports_of_other_kinds_are_counted_and_left_out() -> None:
    lines = sample("hw_service_ports").splitlines()
    other = "       7  200 common   eth  0/9 /0  -    -     vlan  200        -    -    up"
    text = "\n".join([*lines[:5], other, *lines[5:]]).replace("Total : 3", "Total : 4")

    assert [one.index for one in service_ports(text)] == [25, 358, 5827]


def test_traffic_tables_are_read() -> None:
    answer = """
  TID CIR      CBS        PIR      PBS        Pri Copy-policy Pri-Policy
      (kbps)   (bytes)    (kbps)   (bytes)
  -----------------------------------------------------------------------------
    0 1024     34768      2048     69536      6   -           tag-pri
    1 off      -          off      -          0   -           local-pri
  -----------------------------------------------------------------------------
  Total Num : 2
"""
    first, second = traffic_tables(answer)

    assert first == TrafficTable(index=0, cir=1024, pir=2048, priority="6", policy="tag-pri")
    assert (first.kbit, second.kbit) == (2048, None)


def test_wan_connections_are_read() -> None:
    assert wan_connections(sample("hw_wan_info")) == (
        WanConnection(
            index=1,
            name="OLT_1",
            service="Tr069",
            access="Static",
            status="Connected",
            address="192.0.2.10",
            netmask="255.255.254.0",
            gateway="192.0.2.1",
            dns=("192.0.2.53", "192.0.2.54"),
            vlan=1000,
            mac="AAAA-AAAA-AAAA",
        ),
    )


def test_wireless_networks_are_read() -> None:
    assert wireless_networks(sample("hw_wlan_info")) == (
        WirelessNetwork(index=1, ssid="TEST_2_4G", enabled=True, up=True, clients=2),
        WirelessNetwork(index=5, ssid="TEST_5_G", enabled=True, up=True, clients=0),
    )


@pytest.mark.parametrize(
    ("read", "name", "line"),
    [
        (wan_connections, "hw_wan_info", "Index                      : 1"),
        (wireless_networks, "hw_wlan_info", "SSID Index               : 5"),
    ],
)
def test_a_number_that_is_none_is_unrecognised(read: object, name: str, line: str) -> None:
    assert callable(read)
    with pytest.raises(Unrecognised):
        read(sample(name).replace(line, line.rpartition(" ")[0] + " ?"))


@pytest.mark.parametrize("read", [wan_connections, wireless_networks])
def test_an_ont_that_is_offline_tells_nothing_of_itself(read: object) -> None:
    assert callable(read)
    assert read("  Failure: The ONT is not online\n") is None


def test_the_version_the_chassis_and_the_boards_are_read() -> None:
    assert version("  VERSION : MA5600V800R015C00\n  PATCH   : SPH106\n  PRODUCT : MA5608T\n") == Version(
        product="MA5608T", firmware="MA5600V800R015C00", patch="SPH106"
    )
    assert (
        chassis("  Solt ID  Board Name   Serial Number\n  0        H805GPFD     210235000001\n")
        == "210235000001"
    )
    boards = "  SlotID  BoardName  Status\n  0  H805GPFD  Normal\n  2  H801MCUD1  Active_normal\n"
    assert pon_boards(boards) == ("0/0",)


def test_profiles_are_read_with_names_that_have_blanks() -> None:
    answer = "  Profile-ID  Profile-name   Binding times\n  1  new link   12\n  10  home  0\n  Total: 2\n"

    assert profiles(answer) == {1: "new link", 10: "home"}


def test_an_ont_that_was_added_is_counted_and_has_an_id() -> None:
    assert counted(sample("hw_ont_add")) is True
    assert ont_id(sample("hw_ont_add")) == 2
    assert (counted("  PortID :6, ONTID :12\n"), ont_id("  PortID :6, ONTID :12\n")) == (None, 12)


def test_none_that_succeeded_is_no_success() -> None:
    assert counted("  Number of ONTs that can be added: 1, success: 0\n") is False
    assert counted("  Set ONT port(s) VLAN configuration, success: 1, failed: 0\n") is True
    assert counted("  Set ONT port(s) VLAN configuration, success: 0, failed: 1\n") is False
    assert counted("") is None


def test_a_deletion_is_refused_while_there_are_service_ports_and_counted_afterwards() -> None:
    refused = refusal(sample("hw_delete"))

    assert refused is not None
    assert refused.text == "This configured object has some service virtual ports"
    assert counted(sample("hw_delete")) is True
