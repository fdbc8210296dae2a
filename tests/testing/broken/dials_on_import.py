"""A driver that looks its device up when it is imported."""

import socket
from contextlib import suppress

with suppress(OSError):
    socket.create_connection(("127.0.0.1", 1), timeout=0.01).close()


class Dialling: ...
