"""A Huawei SmartAX OLT: what it knows, and how it talks."""

from ispcore.testing.olts.huawei.config import (
    R015,
    R017,
    Dba,
    HuaweiConfig,
    HuaweiFirmware,
    HuaweiOlt,
    LineProfile,
    Ont,
    ServicePort,
    ServiceProfile,
    TrafficTable,
    Wan,
)
from ispcore.testing.olts.huawei.shell import HuaweiShell

__all__ = [
    "R015",
    "R017",
    "Dba",
    "HuaweiConfig",
    "HuaweiFirmware",
    "HuaweiOlt",
    "HuaweiShell",
    "LineProfile",
    "Ont",
    "ServicePort",
    "ServiceProfile",
    "TrafficTable",
    "Wan",
]
