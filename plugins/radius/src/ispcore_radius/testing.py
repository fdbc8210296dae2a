"""A fake access concentrator: it signs people in, tells their sessions, closes and changes them if asked."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Self

from attrs import define, field, frozen
from pyrad.packet import (
    AccessAccept,
    AccountingResponse,
    AcctPacket,
    AuthPacket,
    CoANAK,
    CoAPacket,
    CoARequest,
    DisconnectNAK,
    PacketError,
)

from ispcore_radius import link
from ispcore_radius.packets import Packet, dictionary
from ispcore_radius.proofs import prove

_HEARS_SECONDS = 0.02
_LARGEST_BYTES = 4096
_ANSWERS_SECONDS = 5.0


@frozen
class Asked:
    """A request that the access point took: to ``close`` a session, or to ``adjust`` it to ``values``."""

    word: str
    session: str
    values: Mapping[str, str | int]
    signed: bool


@frozen
class Answer:
    """What a RADIUS server said to somebody who signs in."""

    accepted: bool
    reply: Mapping[str, str | int]


@define
class FakeAccessPoint:
    """An access concentrator with the sessions that are ``open``: the user of each, by its name.

    ``silent`` lets it take no request, and ``loses`` is of how many to come the answer is lost; another
    ``secret`` than the one that is asked with does as if it were silent. ``refuses_to_close`` and
    ``refuses_to_adjust`` are the Error-Cause that it refuses with. ``server`` is where it signs people in and
    tells their sessions: a host, and the ports for both. It tells that a session has ended when it was asked
    to close it.
    """

    secret: str = "testing123"  # noqa: S105 - the one of all examples
    server: tuple[str, int, int] | None = None
    address: str = "127.0.0.1"
    open: dict[str, str] = field(factory=dict)
    asked: list[Asked] = field(factory=list)
    silent: bool = False
    loses: int = 0
    refuses_to_close: str | None = None
    refuses_to_adjust: str | None = None
    tells_class: bool = True
    """Whether its records bear the ``Class`` that somebody signed in with."""
    _given: dict[str, bytes | None] = field(factory=dict, init=False, repr=False)
    """The Class that each user got."""
    _classes: dict[str, bytes | None] = field(factory=dict, init=False, repr=False)
    """The Class of each session."""
    port: int = field(default=0, init=False)
    """The port of 127.0.0.1 on which it takes requests."""

    # What it asks of a server

    def sign_in(self, username: str, password: str, *, by: str = "pap", mac: str = "") -> Answer:
        """Ask the server for somebody who signs in ``by`` ``pap``, ``chap`` or ``mschap``."""
        packet = AuthPacket(secret=self.secret.encode(), dict=dictionary(), message_authenticator=True)
        packet["User-Name"] = username
        packet["NAS-IP-Address"] = self.address
        if mac:
            packet["Calling-Station-Id"] = mac
        prove(packet, password, by)
        answer = self._told(packet, accounting=False)
        reply = {name: value for name, value in _values(answer).items() if name not in _PROOFS}
        self._given[username] = reply.pop("Class", None)
        return Answer(answer.code == AccessAccept, reply)

    def start(self, session: str, username: str, **attributes: str | int) -> None:
        """Open a session, and tell it to the server; *attributes* as ``Framed_IP_Address``."""
        self.open[session] = username
        self._classes[session] = self._given.get(username)
        self._account("Start", session, username, attributes)

    def goes_on(self, session: str, **attributes: str | int) -> None:
        """Tell the server how far a session came."""
        self._account("Interim-Update", session, self.open[session], attributes)

    def stop(self, session: str, **attributes: str | int) -> None:
        """End a session, and tell it to the server."""
        self._account("Stop", session, self.open.pop(session), attributes)

    def _account(self, status: str, session: str, username: str, more: Mapping[str, str | int]) -> None:
        if self.server is None:
            return
        packet = AcctPacket(secret=self.secret.encode(), dict=dictionary(), **more)
        packet["Acct-Status-Type"] = status
        packet["Acct-Session-Id"] = session
        packet["User-Name"] = username
        packet["NAS-IP-Address"] = self.address
        if self.tells_class and self._classes.get(session):
            packet["Class"] = self._classes[session]
        assert self._told(packet, accounting=True).code == AccountingResponse  # noqa: S101 - it is for tests

    def _told(self, packet: Packet, *, accounting: bool) -> Packet:
        if self.server is None:
            raise ValueError("This access point has no server.")
        host, sign_in, account = self.server
        answer = link.answer(packet, (host, account if accounting else sign_in), _ANSWERS_SECONDS)
        if answer is None:
            raise TimeoutError(f"The RADIUS server {host} does not answer.")
        return answer

    # What it is asked

    @contextmanager
    def listening(self) -> Iterator[Self]:
        """Take requests about sessions until the end of the block."""
        over = threading.Event()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
            line.bind(("127.0.0.1", 0))
            line.settimeout(_HEARS_SECONDS)
            self.port = line.getsockname()[1]
            thread = threading.Thread(target=self._listen, args=(line, over))
            thread.start()
            try:
                yield self
            finally:
                over.set()
                thread.join()

    def _listen(self, line: socket.socket, over: threading.Event) -> None:
        while not over.is_set():
            try:
                raw, source = line.recvfrom(_LARGEST_BYTES)
                request = CoAPacket(packet=raw, secret=self.secret.encode(), dict=dictionary())
            except (TimeoutError, PacketError):
                continue
            if self.silent or not request.VerifyCoARequest() or not _is_signed_well(request):
                continue
            answer = self._answered(request).ReplyPacket()
            if self.loses:
                self.loses -= 1
            else:
                line.sendto(answer, source)

    def _answered(self, request: Packet) -> Packet:
        adjusts = request.code == CoARequest
        session = request["Acct-Session-Id"][0]
        values = {name: value for name, value in _values(request).items() if name not in _WHICH}
        self.asked.append(
            Asked("adjust" if adjusts else "close", session, values, bool(request.message_authenticator))
        )
        refusal = self.refuses_to_adjust if adjusts else self.refuses_to_close
        if self.open.get(session) != request["User-Name"][0]:
            refusal = "Session-Context-Not-Found"
        reply = request.CreateReply()
        if refusal is not None:
            reply.code = CoANAK if adjusts else DisconnectNAK
            reply["Error-Cause"] = refusal
        elif not adjusts:
            self.stop(session, Acct_Terminate_Cause="Admin-Reset")
        return reply


_PROOFS = frozenset({"Message-Authenticator", "MS-CHAP-Error", "MS-CHAP2-Success"})
_WHICH = frozenset(
    {
        "User-Name",
        "Acct-Session-Id",
        "NAS-IP-Address",
        "NAS-IPv6-Address",
        "Framed-IP-Address",
        "Event-Timestamp",
        "Message-Authenticator",
    }
)


def _values(packet: Packet) -> dict[str, Any]:
    """Return the first value of each attribute that we know."""
    return {name: packet[name][0] for name in packet.keys() if isinstance(name, str)}  # noqa: SIM118 - its names


def _is_signed_well(request: Packet) -> bool:
    return not request.message_authenticator or bool(request.verify_message_authenticator())
