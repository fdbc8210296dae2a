"""What is sold: plans and additional services, each with dated price versions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from enum import Enum
from typing import Protocol, TypeVar

from attrs import field, frozen

from ispcore.catalog.composition import Composition
from ispcore.catalog.temporary import Provisional
from ispcore.errors import RefusedError
from ispcore.values import Money, as_frozenset, as_tuple


class Technology(Enum):
    """How a plan reaches the customer."""

    FIBRE = "fibre"
    RADIO = "radio"
    DSL = "dsl"
    CABLE = "cable"
    SATELLITE = "satellite"
    MOBILE = "mobile"
    NONE = "none"
    """Nothing to reach: hosting, mail, support."""


@frozen
class Speed:
    """What the customer may move, in kilobits a second."""

    download_kbit: int
    upload_kbit: int


class Existing(Enum):
    """What another price does to the subscriptions that have the offer already at a catalogue's price."""

    KEEP = "keep"
    """They keep theirs."""
    NEXT_CYCLE = "next_cycle"
    """They follow from the first cycle that begins on its day or later."""
    ANNIVERSARY = "anniversary"
    """They follow from the first anniversary of their start on its day or later."""


@frozen
class Version:
    """The price and composition of an offer since a day."""

    since: date
    price: Money
    composition: Composition
    existing: Existing = Existing.KEEP


class Priced(Protocol):
    """Something that counts since a day, for a price."""

    @property
    def since(self) -> date:
        """The first day."""
        ...

    @property
    def price(self) -> Money:
        """The price of a full cycle."""
        ...


V = TypeVar("V", bound=Priced)


@frozen
class Service:
    """An additional service: billed every cycle, or once.

    ``grants`` counts the components, by the kind's word, that may be had beyond what the plan includes while
    it is an item.
    """

    code: str
    name: str
    versions: tuple[Version, ...] = field(converter=as_tuple)
    recurring: bool = True
    grants: Mapping[str, int] = field(factory=dict)


@frozen
class Plan:
    """What is sold as a subscription.

    ``includes`` counts the components that come with it, by the kind's word (``{"mailbox": 2}``); ``permits``
    names the additional services that may be added, ``policy`` the billing policy, ``late`` the policy about
    late payers. ``provisional`` says how it is enabled provisionally; None: not at all. With
    ``login_has_mailbox`` a login is added with a mailbox that has its password.
    """

    code: str
    name: str
    versions: tuple[Version, ...] = field(converter=as_tuple)
    policy: str
    technology: Technology = Technology.NONE
    speed: Speed | None = None
    includes: Mapping[str, int] = field(factory=dict)
    permits: frozenset[str] = field(default=frozenset(), converter=as_frozenset)
    late: str | None = None
    provisional: Provisional | None = None
    login_has_mailbox: bool = False


def version_for(offer: Plan | Service, day: date, price: Money) -> Version:
    """Return the version of *offer* whose composition splits *price* on *day*.

    A price that a version brought goes with that version's lines, the latest of that price; so whoever keeps
    an older price keeps lines that were made for it. A price of one's own goes with the version in force.

    Raises:
        RefusedError: the offer was not sold yet.
    """
    begun = [version for version in offer.versions if version.since <= day]
    return made_for(price, begun) if begun else version_on(offer, day)


def made_for(price: Money, begun: Sequence[V]) -> V:
    """Return the latest of the versions that have *begun* that brought *price*, else the latest of all."""
    same = [version for version in begun if version.price == price]
    return max(same or begun, key=lambda version: version.since)


def version_on(offer: Plan | Service, day: date) -> Version:
    """Return the version of *offer* in force on *day*.

    Raises:
        RefusedError: the offer was not sold yet.
    """
    known = [version for version in offer.versions if version.since <= day]
    if not known:
        first = min((version.since for version in offer.versions), default=None)
        raise RefusedError(
            f"{offer.code!r} has no price on {day}.",
            rule="no-price",
            hint=f"Its first price is from {first}." if first else "Give it a version with a price.",
        )
    return max(known, key=lambda version: version.since)
