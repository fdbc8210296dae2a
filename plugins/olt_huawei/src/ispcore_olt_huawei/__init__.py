"""ONUs on Huawei SmartAX OLTs, over SSH or Telnet."""

from ispcore_olt_huawei.config import HuaweiConfig, Line
from ispcore_olt_huawei.inquiries import OnuStatus, Status, Wan, WanState
from ispcore_olt_huawei.spec import SPEC

__all__ = ["SPEC", "HuaweiConfig", "Line", "OnuStatus", "Status", "Wan", "WanState"]
