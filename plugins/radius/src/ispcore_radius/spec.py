"""What the driver is and bears, told without importing what talks to a database."""

from __future__ import annotations

from ispcore.driver import (
    Accounting,
    Adjust,
    Disconnect,
    DriverSpec,
    Feature,
    History,
    Login,
    Sessions,
    Support,
)
from ispcore_radius.admission import Admit, Dismiss
from ispcore_radius.config import RadiusConfig
from ispcore_radius.inquiries import Inspect, SignIn

SPEC = DriverSpec(
    name="radius",
    factory="ispcore_radius.driver:RadiusDriver",
    config=RadiusConfig,
    # Every field of a login has its rows, whatever is configured.
    kinds={Login: {}},
    actions=dict.fromkeys(
        (Sessions, History, Accounting, Disconnect, Adjust, Admit, Dismiss, Inspect, SignIn), Support.YES
    ),
    # A row beside a login's others reaches the access server or decides who gets in: there is no room for an
    # owner and a generation that nobody else reads.
    features=dict.fromkeys(Feature, Support.NO),
)
