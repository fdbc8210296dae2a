"""One request to an access point or a server, and its answer; nothing is sent again once it was answered."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum

from pyrad.packet import PacketError

from ispcore_radius.packets import Packet

_SENDINGS = 3
_LARGEST_BYTES = 4096


class Silence(Enum):
    """Why there is no answer, as far as it can be told."""

    NOBODY = "nobody"
    """The port is closed there, or there is no way."""
    NOTHING = "nothing"
    """Nothing came in time."""
    FORGED = "forged"
    """What came was made with another secret."""
    UNSIGNED = "unsigned"
    """What came has no Message-Authenticator, and was to have one."""


def answer(request: Packet, where: tuple[str, int], seconds: float) -> Packet | None:
    """Send *request* and return what is answered within *seconds*; None for silence of any kind."""
    found = asked(request, where, seconds)
    return None if isinstance(found, Silence) else found


def asked(
    request: Packet, where: tuple[str, int], seconds: float, *, signed: bool = False
) -> Packet | Silence:
    """Send *request* and return what is answered within *seconds*, or why nothing is.

    A datagram may be lost, so the same one is sent three times in that time. An answer that was made with
    another secret is none; nor is one without a Message-Authenticator, where it has to be *signed*.
    """
    sent = request.RequestPacket()
    until = time.monotonic() + seconds
    silence = Silence.NOTHING
    try:
        with _line(where) as line:
            for left in range(_SENDINGS, 0, -1):
                line.send(sent)
                turn = time.monotonic() + (until - time.monotonic()) / left
                found = _heard(line, request, turn, signed=signed)
                if not isinstance(found, Silence):
                    return found
                silence = silence if found is Silence.NOTHING else found
    except OSError:
        return Silence.NOBODY
    return silence


def source(where: tuple[str, int]) -> str:
    """Return the address that we have on the way to *where*, or raise OSError where there is none."""
    with _line(where) as line:
        address: str = line.getsockname()[0]
    return address


@contextmanager
def _line(where: tuple[str, int]) -> Iterator[socket.socket]:
    family, kind, protocol, _, address = socket.getaddrinfo(*where, type=socket.SOCK_DGRAM)[0]
    with socket.socket(family, kind, protocol) as line:
        line.connect(address)
        yield line


def _heard(line: socket.socket, request: Packet, until: float, *, signed: bool) -> Packet | Silence:
    silence = Silence.NOTHING
    while (seconds := until - time.monotonic()) > 0:
        line.settimeout(seconds)
        try:
            raw = line.recv(_LARGEST_BYTES)
            reply = request.CreateReply(packet=raw)
        except TimeoutError:
            break
        except PacketError:
            continue
        if request.VerifyReply(reply, raw, enforce_ma=signed):
            return reply
        silence = Silence.UNSIGNED if request.VerifyReply(reply, raw) else Silence.FORGED
    return silence
