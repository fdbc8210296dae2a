"""A catalogue whose plans carry something, and short ways to components, for the tests of all chapters.

Fibre includes a login, an ONU, its Wi-Fi and two mailboxes, its faster version one mailbox; ADSL a login.
A login of the linked plan has a mailbox.
"""

from typing import Any

from ispcore.driver import Login, Mailbox, Onu, Spec
from ispcore.plans import AddComponent, Component, Timeline
from ispcore.values import ComponentId
from tests.catalogues import DOCUMENT, START, SUBSCRIPTION, catalogue, do, document, subscribed

ONE: Any = {"subscription": SUBSCRIPTION}

LOGIN, ONU, MAIL = ComponentId("login"), ComponentId("onu"), ComponentId("mailbox")


def _plan(code: str, **more: Any) -> dict[str, Any]:
    return {**DOCUMENT["plans"][code], **more}


SECTIONS: dict[str, Any] = {
    "services": {
        "mailbox": {**DOCUMENT["services"]["mailbox"], "grants": {"mailbox": 1}},
        "antivirus": {**DOCUMENT["services"]["antivirus"], "grants": {"ftp": 1}},
    },
    "plans": {
        "fibre": _plan("fibre", includes={"login": 1, "onu": 1, "wifi": 1, "mailbox": 2}),
        "adsl": _plan("adsl", includes={"login": 1, "mailbox": 0}, download_kbit=256, upload_kbit=128),
        "fibre-600": _plan(
            "adsl",
            includes={"login": 1, "onu": 1, "wifi": 1, "mailbox": 1},
            download_kbit=600_000,
            upload_kbit=300_000,
        ),
        "linked": _plan(
            "adsl", includes={"login": 1, "mailbox": 1}, login_has_mailbox=True, permits=["mailbox"]
        ),
        "strict": _plan("strict", includes={"onu": 2, "voice": 2, "tv": 1, "ip": 1}),
    },
    "units": {
        "londrina": {
            **DOCUMENT["units"]["londrina"],
            "plans": [*DOCUMENT["units"]["londrina"]["plans"], "fibre-600", "linked"],
        }
    },
    "access_points": {
        "tower": {"name": "Torre", "devices": {"login": "radius-1", "onu": "olt-1"}},
        "cabinet": {"name": "Armário", "devices": {"onu": "olt-2"}},
    },
    "statuses": {
        "visiting": {
            "description": "Em visita",
            "bucket": "active",
            "bills": False,
            "serves": "full",
            "may_have_logins": False,
        }
    },
    "devices": {"mailbox": "mail-1", "login": "radius-0"},
}

DOCUMENT_THAT_CARRIES = document(**SECTIONS)
CARRYING = catalogue(**SECTIONS)


def carried(plan: str = "fibre", *specs: Spec, **terms: Any) -> Timeline:
    """Return an enabled subscription of that plan with a component for each of the *specs*."""
    timeline = subscribed(plan, **terms)
    for spec in specs:
        timeline = add(timeline, spec)
    return timeline


def add(timeline: Timeline, spec: Spec | None = None, **more: Any) -> Timeline:
    """Return *timeline* with a component added on the start day, unless *more* says otherwise."""
    today = more.pop("today", START)
    resources = more.pop("resources", {})
    command = AddComponent(**ONE, spec=spec, **more)
    return do(timeline, command, today, catalogue=CARRYING, resources=resources)


def components(timeline: Timeline) -> tuple[Component, ...]:
    """Return the components that there are in the end."""
    return timeline.last.components


def names(timeline: Timeline) -> list[str]:
    """Return the names of the components that there are in the end."""
    return [component.id for component in components(timeline)]


ANA, HER_ONU = Login(username="ana"), Onu(serial="ABCD12345678")


def box(name: str) -> Mailbox:
    """Return a mailbox of that name."""
    return Mailbox(address=f"{name}@isp.test")
