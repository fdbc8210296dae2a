"""Answers that are not whole, each in a way that matters: half of one is never taken for all of it."""

from collections.abc import Callable

import pytest

from ispcore.driver import Unrecognised
from ispcore_olt_huawei.parsing.found import waiting
from ispcore_olt_huawei.parsing.onts import one_ont, onts_on_port, summary
from ispcore_olt_huawei.parsing.optics import one_reading, readings_on_port
from ispcore_olt_huawei.parsing.running import configured, one_configured
from ispcore_olt_huawei.parsing.services import service_ports, traffic_tables
from ispcore_olt_huawei.parsing.system import chassis, pon_boards, profiles, version
from ispcore_olt_huawei.parsing.wan import wan_connections, wireless_networks
from plugins.olt_huawei.tests.samples import sample

NO_TOTAL = "  -----------------------------------------------------------------------------\n"


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (waiting, sample("hw_autofind_one").replace("F/S/P               : 0/0/0", "F/S/P               :")),
        (waiting, sample("hw_autofind_one").replace("(HWTC-02D80001)", "?")),
        (one_ont, sample("hw_ont_info_by_sn").replace("Control flag            : active", "")),
        (one_ont, sample("hw_ont_info_by_sn").replace("Service profile ID", "Service")),
        (onts_on_port, sample("hw_ont_info_port_all").replace("ONTs are: 4", "ONTs are: 5")),
        (onts_on_port, NO_TOTAL),
        (summary, sample("hw_ont_info_summary").replace("ONTs are: 1", "ONTs are: 2")),
        (summary, sample("hw_ont_info_summary").replace("0    online", "1    online")),
        (one_reading, sample("hw_optical_one").replace("Rx optical power(dBm)  ", "Rx light  ")),
        (readings_on_port, sample("hw_optical_all").replace("-24.68    3.86", "bright    3.86")),
        (readings_on_port, sample("hw_optical_all").rpartition("  ---")[0]),
        (readings_on_port, NO_TOTAL),
        (service_ports, sample("hw_service_ports").replace("Total : 3", "Total : 4")),
        (service_ports, sample("hw_service_ports").replace("gpon 0/1 /0", "gpon 0.1.0 ")),
        (traffic_tables, NO_TOTAL),
        (wan_connections, NO_TOTAL),
        (wireless_networks, sample("hw_wlan_info").replace("SSID : 2", "SSID : 3")),
        (version, "  VERSION : \n  PRODUCT : MA5608T\n"),
        (chassis, NO_TOTAL),
        (pon_boards, NO_TOTAL),
        (profiles, "  10  home  0\n  Total: 2\n"),
        (one_configured, " interface gpon 0/1\n ont add 3 5 sn-auth 4857544302D80001 omci\n#\nreturn"),
    ],
)
def test_an_answer_that_is_not_whole_is_unrecognised_and_kept(
    read: Callable[[str], object], text: str
) -> None:
    with pytest.raises(Unrecognised) as caught:
        read(text)

    assert caught.value.raw == text
    assert not caught.value.wrote


def test_commands_about_no_ont_in_particular_are_passed_over() -> None:
    outside = " ont wan-profile profile-id 3"
    board = f"{outside}\n interface gpon 0/1\n ont auto-add-policy x\n ont fec 3 all\n#\nreturn"

    assert configured(board, {}) == {}
