"""Simulated OLTs: a box with a write path, a command line over SSH and Telnet, and faults.

SSH needs asyncssh, which the extra ``terminal`` brings; Telnet needs nothing. They listen on the loopback
alone.
"""

from ispcore.testing.olts.behaviour import Behaviour
from ispcore.testing.olts.fibre import Onu, hex_serial, short_serial
from ispcore.testing.olts.huawei import R015, R017, HuaweiConfig, HuaweiFirmware, HuaweiOlt
from ispcore.testing.olts.olt import Entrance, Olt
from ispcore.testing.olts.place import Place
from ispcore.testing.olts.server import OltServer
from ispcore.testing.olts.serving import simulated_olt
from ispcore.testing.olts.wire import OltFault, OltWire

__all__ = [
    "R015",
    "R017",
    "Behaviour",
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
    "hex_serial",
    "short_serial",
    "simulated_olt",
]
