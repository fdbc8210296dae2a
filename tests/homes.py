"""A catalogue for homes with everything on the network, and timelines of their subscriptions."""

from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from ispcore.catalog import Catalogue
from ispcore.driver import Domain, Login, Mailbox, Onu, Spec
from ispcore.plans import AddComponent, Timeline
from ispcore.values import CustomerId, SubscriptionId
from tests.catalogues import DOCUMENT, START, catalogue, do, setting, subscribed

_BOOKED = {"account": "3.1.01", "company": "net", "document_type": "nfcom"}
_KINDS = ("login", "ip", "onu", "wifi", "mailbox", "domain", "ftp", "database", "voice", "tv")

PLANS: dict[str, Any] = {
    name: {
        "name": name.capitalize(),
        "download_kbit": kbit,
        "upload_kbit": kbit // 2,
        "includes": dict.fromkeys(_KINDS, 3),
        "versions": [{"from": "2010-01-01", "price": "100.00", **_BOOKED}],
    }
    for name, kbit in {"home": 512, "fast": 1024}.items()
}

DEVICES = {**dict.fromkeys(_KINDS, "box"), "login": "radius", "onu": "olt", "wifi": "olt"}

ZONE = ZoneInfo("America/Sao_Paulo")
"""The zone of Londrina: in 2012 its clocks went back on 26 February and forward on 21 October."""


def sections(**more: Any) -> dict[str, Any]:
    """Return the sections of the catalogue: two plans for homes, a device for each kind, names by device."""
    plans = [*DOCUMENT["units"]["londrina"]["plans"], *PLANS]
    unit = {**DOCUMENT["units"]["londrina"], "plans": plans}
    usual = {"plans": PLANS, "units": {"londrina": unit}, "devices": DEVICES}
    return {**usual, "network": {"unique_logins": False}, **more}


def homes(**more: Any) -> Catalogue:
    """Return the catalogue, with sections added."""
    return catalogue(**sections(**more))


HOMES = homes()

LOGIN = Login(username="ana")
MAILBOX = Mailbox(address="ana@isp.test")
DOMAIN = Domain(name="isp.test")
ONU = Onu(serial="ZTEG1")


def home(*specs: Spec, plan: str = "home", **more: Any) -> Timeline:
    """Return an enabled subscription of :data:`~tests.catalogues.START` with these components."""
    timeline = subscribed(plan, at=setting(catalogue=HOMES), **more)
    for spec in specs:
        timeline = with_component(timeline, spec)
    return timeline


def with_component(timeline: Timeline, spec: Spec, on: date = START, **more: Any) -> Timeline:
    """Return *timeline* with one more component."""
    command = AddComponent(subscription=timeline.last.id, spec=spec, on=on, **more)
    return do(timeline, command, on, catalogue=HOMES)


def noon(day: date, hour: int = 12) -> datetime:
    """Return an hour of *day* in Londrina, in UTC."""
    return datetime.combine(day, time(hour), ZONE).astimezone(UTC)


def midnight(day: date) -> datetime:
    """Return the first instant of *day* in Londrina, in UTC."""
    return datetime.combine(day, time(), ZONE).astimezone(UTC)


OTHER = SubscriptionId(105)
STRANGER = CustomerId(8)
