"""Bills and policies for the tests of notices."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from ispcore.catalog import NoticePolicy, Offsets
from ispcore.notices import About, Bill, Opening, SubjectOfNotice
from ispcore.plans import ChannelTerms
from ispcore.values import CustomerId, SubscriptionId
from tests.catalogues import brl, catalogue

DUE = date(2012, 3, 10)
OPENING = Opening(datetime(2012, 3, 1, 11, tzinfo=UTC), "America/Sao_Paulo")


def policy(**notices: Any) -> NoticePolicy:
    """Return what the catalogue says about notices, with these *notices* in it."""
    return catalogue(notices=notices).notices


def by_mail(days: str = "5, 0, -5", **more: Any) -> NoticePolicy:
    """Return a policy that tells by mail on these *days*."""
    return policy(channels={"email": {"due": days}}, **more)


def bill(*terms: Mapping[str, ChannelTerms], **more: Any) -> Bill:
    """Return slip 17, due on 10 March, of subscriptions with these *terms*."""
    usual: dict[str, Any] = {
        "customer": CustomerId(7),
        "subscription": SubscriptionId(104),
        "about": About(SubjectOfNotice.SLIP, "17"),
        "number": "17",
        "due_on": DUE,
        "amount": brl("100.00"),
        "opening": OPENING,
    }
    return Bill(**{**usual, **more}, terms=terms)


def own(days: str | None = None, **more: Any) -> dict[str, ChannelTerms]:
    """Return what a subscription says of its own about mail."""
    return {"email": ChannelTerms(days=None if days is None else Offsets.parse(days), **more)}
