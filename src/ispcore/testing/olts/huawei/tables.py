"""Every command that a Huawei OLT knows."""

from typing import Final

from ispcore.testing.olts.huawei.ont_display import ONT_DISPLAY
from ispcore.testing.olts.huawei.onts import ONTS
from ispcore.testing.olts.huawei.profiles import PROFILES
from ispcore.testing.olts.huawei.running import RUNNING
from ispcore.testing.olts.huawei.services import SERVICES
from ispcore.testing.olts.huawei.system import SYSTEM
from ispcore.testing.olts.huawei.wan import WAN

COMMANDS: Final = (*SYSTEM, *ONTS, *ONT_DISPLAY, *SERVICES, *PROFILES, *WAN, *RUNNING)
