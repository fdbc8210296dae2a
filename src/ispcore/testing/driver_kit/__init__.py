"""The driver kit: whoever writes a driver derives a class from it, and is told what is missing.

It needs pytest, which is not installed with ispcore::

    pytest_plugins = ["ispcore.testing.pytest"]
"""

from ispcore.testing.driver_kit.kit import DriverKit, cases
from ispcore.testing.driver_kit.lab import Lab
from ispcore.testing.driver_kit.operation import KitOperation, stopped_at
from ispcore.testing.driver_kit.passes import Pass
from ispcore.testing.driver_kit.rig import Rig
from ispcore.testing.driver_kit.stock import stock

__all__ = ["DriverKit", "KitOperation", "Lab", "Pass", "Rig", "cases", "stock", "stopped_at"]
