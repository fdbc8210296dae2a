"""The requests that are sent to an access point about a session, and what its answers mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import Enum
from functools import cache
from importlib.resources import files
from typing import Any, cast

from attrs import frozen
from pyrad.dictionary import Dictionary
from pyrad.packet import CoAACK, CoAPacket, CoARequest, DisconnectACK, DisconnectRequest

from ispcore_radius.points import AccessPoint
from ispcore_radius.speeds import attribute_of, said

Packet = Any  # of a library that tells no types


class Outcome(Enum):
    """What an access point says to a request."""

    DONE = "done"
    GHOST = "ghost"
    """It has no such session."""
    REFUSED = "refused"


@frozen(kw_only=True)
class Connection:
    """A session as ``radacct`` has it; ``row`` is its number there.

    ``terms`` are its ``Class``, where that was asked for.
    """

    row: int
    id: str
    username: str
    point: str
    since: datetime | None = None
    address: str | None = None
    mac: str | None = None
    terms: str | None = None

    def __str__(self) -> str:
        """Name the session for people."""
        return f"{self.username}: session {self.id} on {self.point}"


@cache
def dictionary() -> Dictionary:
    """Return the attributes that we know."""
    with files("ispcore_radius").joinpath("dictionary").open(encoding="utf-8") as file:
        return Dictionary(file)


def closing(connection: Connection, point: AccessPoint, secret: str, at: int) -> Packet:
    """Return the Disconnect-Request for a session, sent *at* so many seconds of the epoch."""
    return _request(DisconnectRequest, connection, point, secret, at)


def adjusting(
    connection: Connection, point: AccessPoint, secret: str, at: int, values: Mapping[str, str]
) -> Packet:
    """Return the CoA-Request that gives a session other *values*, by slots of reply attributes."""
    request = _request(CoARequest, connection, point, secret, at)
    for slot, value in values.items():
        attribute = attribute_of(slot)
        request.AddAttribute(attribute, int(value) if _is_number(attribute) else said(slot, value))
    return request


def are_known(slots: Iterable[str]) -> bool:
    """Return whether we know how all these slots are sent."""
    return all(attribute_of(slot) in dictionary() for slot in slots)


def outcome(answer: Packet) -> tuple[Outcome, str]:
    """Return what *answer* says, and its reason where it refuses."""
    if answer.code in (DisconnectACK, CoAACK):
        return Outcome.DONE, ""
    cause = str(answer.get("Error-Cause", ["no reason"])[0])
    return (Outcome.GHOST if cause == "Session-Context-Not-Found" else Outcome.REFUSED), cause


def _request(code: int, connection: Connection, point: AccessPoint, secret: str, at: int) -> Packet:
    request = CoAPacket(
        code=code, secret=secret.encode(), dict=dictionary(), message_authenticator=point.signed
    )
    six = ":" in connection.point
    request["NAS-IPv6-Address" if six else "NAS-IP-Address"] = connection.point
    request["User-Name"] = connection.username
    request["Acct-Session-Id"] = connection.id
    if connection.address:
        request["Framed-IP-Address"] = connection.address
    request["Event-Timestamp"] = at
    return request


def _is_number(attribute: str) -> bool:
    return cast("str", dictionary().attributes[attribute].type) == "integer"
