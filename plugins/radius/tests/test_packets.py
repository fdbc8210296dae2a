"""Requests about a session, as they go over the wire, and what answers mean."""

import pytest
from pyrad.packet import CoAPacket, DisconnectNAK

from ispcore_radius import packets
from ispcore_radius.packets import Connection, Outcome
from ispcore_radius.points import AccessPoint

AT = 1_772_355_600
POINT = AccessPoint("10.0.0.1", 3799)
CONNECTION = Connection(row=1, id="81a0", username="ana", point="10.0.0.1", address="100.64.3.7")


def received(request: packets.Packet) -> dict[str, object]:
    """Return the attributes that the other side reads, but for the signature."""
    packet = CoAPacket(packet=request.RequestPacket(), secret=b"s3cret", dict=packets.dictionary())
    assert packet.VerifyCoARequest()
    names = [name for name in packet.keys() if name != "Message-Authenticator"]  # noqa: SIM118 - its names
    return {name: packet[name][0] for name in names}


def test_a_session_is_named_by_its_user_its_number_its_address_and_its_access_point() -> None:
    assert received(packets.closing(CONNECTION, POINT, "s3cret", AT)) == {
        "NAS-IP-Address": "10.0.0.1",
        "User-Name": "ana",
        "Acct-Session-Id": "81a0",
        "Framed-IP-Address": "100.64.3.7",
        "Event-Timestamp": AT,
    }


def test_an_access_point_may_have_an_address_of_ipv6_and_a_session_none() -> None:
    connection = Connection(row=1, id="81a0", username="ana", point="2001:db8::1")

    assert received(packets.closing(connection, POINT, "s3cret", AT)) == {
        "NAS-IPv6-Address": "2001:db8::1",
        "User-Name": "ana",
        "Acct-Session-Id": "81a0",
        "Event-Timestamp": AT,
    }


def test_another_speed_is_told_by_numbers_texts_and_what_shares_an_attribute() -> None:
    values = {
        "WISPr-Bandwidth-Max-Down": "2000000",
        "Mikrotik-Rate-Limit": "0/2000k",
        "Cisco-AVPair ip:sub-qos-policy-out": "gold",
    }

    told = received(packets.adjusting(CONNECTION, POINT, "s3cret", AT, values))

    assert told["WISPr-Bandwidth-Max-Down"] == 2_000_000
    assert told["Mikrotik-Rate-Limit"] == "0/2000k"
    assert told["Cisco-AVPair"] == "ip:sub-qos-policy-out=gold"


@pytest.mark.parametrize(
    ("cause", "meaning"),
    [
        ("Session-Context-Not-Found", (Outcome.GHOST, "Session-Context-Not-Found")),
        (999, (Outcome.REFUSED, "999")),
        (None, (Outcome.REFUSED, "no reason")),
    ],
)
def test_a_refusal_is_a_ghost_only_if_it_says_so(cause: str | int | None, meaning: object) -> None:
    answer = CoAPacket(code=DisconnectNAK, dict=packets.dictionary())
    if cause is not None:
        answer["Error-Cause"] = cause

    assert packets.outcome(answer) == meaning
