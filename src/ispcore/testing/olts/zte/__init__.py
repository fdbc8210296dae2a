"""A ZTE ZXA10 OLT: what it knows, and how it talks."""

from ispcore.testing.olts.zte.config import (
    C300,
    C600,
    Gemport,
    Ssid,
    TcontProfile,
    TrafficProfile,
    ZteConfig,
    ZteFamily,
    ZteOlt,
    ZteOnu,
    ZteService,
    ZteWan,
)
from ispcore.testing.olts.zte.shell import ZteShell

__all__ = [
    "C300",
    "C600",
    "Gemport",
    "Ssid",
    "TcontProfile",
    "TrafficProfile",
    "ZteConfig",
    "ZteFamily",
    "ZteOlt",
    "ZteOnu",
    "ZteService",
    "ZteShell",
    "ZteWan",
]
