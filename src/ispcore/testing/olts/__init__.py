"""Simulated OLTs: a box with a write path, a command line over SSH and Telnet, and faults.

SSH needs asyncssh, which the extra ``terminal`` brings; Telnet needs nothing. They listen on the loopback
alone.
"""

from ispcore.testing.olts.behaviour import Behaviour
from ispcore.testing.olts.console import Console
from ispcore.testing.olts.fibre import Onu, hex_serial, short_serial
from ispcore.testing.olts.flash import bring_back, keep
from ispcore.testing.olts.huawei import R015, R017, HuaweiConfig, HuaweiFirmware, HuaweiOlt
from ispcore.testing.olts.olt import Entrance, Olt
from ispcore.testing.olts.place import Place
from ispcore.testing.olts.server import OltServer
from ispcore.testing.olts.serving import serve, simulated_olt
from ispcore.testing.olts.wire import OltFault, OltWire
from ispcore.testing.olts.zte import C300, C600, ZteConfig, ZteFamily, ZteOlt

__all__ = [
    "C300",
    "C600",
    "R015",
    "R017",
    "Behaviour",
    "Console",
    "Entrance",
    "HuaweiConfig",
    "HuaweiFirmware",
    "HuaweiOlt",
    "Olt",
    "OltFault",
    "OltServer",
    "OltWire",
    "Onu",
    "Place",
    "ZteConfig",
    "ZteFamily",
    "ZteOlt",
    "bring_back",
    "hex_serial",
    "keep",
    "serve",
    "short_serial",
    "simulated_olt",
]
