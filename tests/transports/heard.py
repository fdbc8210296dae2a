"""What a machine says and comes to when it hears a stream, in pieces or whole."""

from collections.abc import Iterable
from typing import Any

from ispcore.transports import Asking, Command, Dialogue, Say
from tests.transports.tables import HUAWEI

HOST = "MA5608T"


def asking(command: str, **settings: Any) -> Asking:
    confirms = settings.pop("confirms", ())
    password = settings.pop("password", "")
    dialect = settings.pop("dialect", HUAWEI)
    return Asking(dialect, HOST, Command(command, confirms, password), **settings)


def heard(machine: Dialogue[Any], *pieces: str | bytes) -> tuple[list[str], Any]:
    """Return what it said, and what it came to; None where it is not there yet."""
    said: list[str] = []
    for piece in pieces:
        outcome = follow(machine.hear(piece if isinstance(piece, bytes) else piece.encode()), said)
        if outcome is not None:
            return said, outcome
    return said, None


def follow(events: Iterable[Any], said: list[str]) -> Any:
    for event in events:
        if not isinstance(event, Say):
            return event
        said.append(event.text)
    return None
