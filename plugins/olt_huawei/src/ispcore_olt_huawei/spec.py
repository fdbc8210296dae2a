"""What the driver is and bears, told without importing what talks to an OLT."""

from __future__ import annotations

from ispcore.driver import Discover, DriverSpec, Feature, Onu, Optical, Reboot, Support
from ispcore_olt_huawei.config import HuaweiConfig
from ispcore_olt_huawei.inquiries import Neighbours, Profiles, Status, WanState, Wireless

SPEC = DriverSpec(
    name="olt-huawei",
    factory="ispcore_olt_huawei.driver:HuaweiDriver",
    config=HuaweiConfig,
    # The name and the key of a wireless network are the ONU's own, and are set by its ACS (TR-069).
    kinds={Onu: {}},
    actions={
        Discover: Support.YES,
        Optical: Support.YES,
        Reboot: Support.YES,
        Status: Support.YES,
        Neighbours: Support.YES,
        Profiles: Support.YES,
        WanState: Support.ASK,
        Wireless: Support.ASK,
    },
    # Another port is another ONT for the OLT, which is made anew.
    features=dict.fromkeys(Feature, Support.NO),
    lanes=1,
)
