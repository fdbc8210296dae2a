"""One request to an access point, and its answer; nothing is sent again once it was answered."""

from __future__ import annotations

import socket
import time
from contextlib import suppress

from pyrad.packet import PacketError

from ispcore_radius.packets import Packet

_SENDINGS = 3
_LARGEST_BYTES = 4096


def answer(request: Packet, where: tuple[str, int], seconds: float) -> Packet | None:
    """Send *request* and return what is answered within *seconds*; None for silence.

    A datagram may be lost, so the same one is sent three times in that time. An answer that was made with
    another secret is none.
    """
    sent = request.RequestPacket()
    until = time.monotonic() + seconds
    with suppress(OSError):  # nobody listens there, or there is no way: as good as silence
        family, kind, protocol, _, address = socket.getaddrinfo(*where, type=socket.SOCK_DGRAM)[0]
        with socket.socket(family, kind, protocol) as line:
            line.connect(address)
            for left in range(_SENDINGS, 0, -1):
                line.send(sent)
                found = _heard(line, request, time.monotonic() + (until - time.monotonic()) / left)
                if found is not None:
                    return found
    return None


def _heard(line: socket.socket, request: Packet, until: float) -> Packet | None:
    while (seconds := until - time.monotonic()) > 0:
        line.settimeout(seconds)
        try:
            raw = line.recv(_LARGEST_BYTES)
            reply = request.CreateReply(packet=raw)
            if request.VerifyReply(reply, raw):
                return reply
        except TimeoutError:
            return None
        except PacketError:
            continue
    return None
