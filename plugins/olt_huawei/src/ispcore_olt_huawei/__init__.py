"""ONUs on Huawei SmartAX OLTs, over SSH or Telnet."""

from ispcore_olt_huawei.config import HuaweiConfig, Line
from ispcore_olt_huawei.inquiries import (
    Neighbour,
    Neighbours,
    Network,
    OnuStatus,
    Profile,
    Profiles,
    Status,
    Wan,
    WanState,
    Wireless,
)
from ispcore_olt_huawei.spec import SPEC

__all__ = [
    "SPEC",
    "HuaweiConfig",
    "Line",
    "Neighbour",
    "Neighbours",
    "Network",
    "OnuStatus",
    "Profile",
    "Profiles",
    "Status",
    "Wan",
    "WanState",
    "Wireless",
]
