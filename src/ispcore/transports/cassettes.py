"""Sessions that were recorded once, and are played without a device: so a driver is tested on what it met.

A cassette is a text file of JSON lines: a label, then what was sent and what came, in order. It is recorded
at the connection, after secrets were blotted out, and is played for the same vendor, model and firmware only.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from attrs import asdict, define, evolve, frozen

from ispcore.errors import IspcoreError
from ispcore.transports.streams import StreamEndedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ispcore.transports.redaction import Redactor
    from ispcore.transports.streams import Stream

_VERSION = 1
# Nothing is waited for: so often is a session told that nothing comes, before that is an error.
_MOST_SILENCES = 10


class CassetteError(IspcoreError):
    """A cassette cannot be played: it is no cassette, is of another device, or has something else on it."""


@frozen
class Label:
    """Which device a cassette was recorded on."""

    vendor: str
    model: str
    firmware: str

    def __str__(self) -> str:
        """Read as a person would say it."""
        return f"{self.vendor} {self.model} {self.firmware}"


@frozen
class Exchange:
    """What was sent, and what came until the next was; None was sent when the connection was opened."""

    sent: str | None
    came: str
    ended: bool = False


@frozen
class Cassette:
    """A label, and every exchange in order."""

    label: Label
    exchanges: tuple[Exchange, ...] = ()


def written(cassette: Cassette) -> str:
    """Return a cassette as text."""
    lines = [
        {"cassette": _VERSION, **asdict(cassette.label)},
        *(asdict(one, filter=lambda _, value: value is not False) for one in cassette.exchanges),
    ]
    return "".join(f"{json.dumps(line)}\n" for line in lines)


def read(text: str) -> Cassette:
    """Return the cassette that *text* is.

    Raises :class:`CassetteError`, with the line, for text that is none.
    """
    lines = [_line(number, line) for number, line in enumerate(text.splitlines(), start=1)]
    if not lines or lines[0].pop("cassette", None) != _VERSION:
        raise CassetteError(f"This is no cassette: its first line is no label of version {_VERSION}.")
    try:
        return Cassette(Label(**lines[0]), tuple(Exchange(**line) for line in lines[1:]))
    except TypeError as error:
        raise CassetteError(f"This is no cassette: {error}.") from error


def _line(number: int, text: str) -> dict[str, Any]:
    try:
        line = json.loads(text)
    except ValueError as error:
        raise CassetteError(f"Line {number} of the cassette is no JSON: {error}.") from error
    if not isinstance(line, dict):
        raise CassetteError(f"Line {number} of the cassette is no JSON object.")
    return line


@contextmanager
def recording(path: Path | str, label: Label) -> Iterator[None]:
    """Record every session that this thread opens by :func:`~ispcore.transports.connected`.

    The file *path* is written at the end, also when something was raised.
    """
    recorder = Recorder()
    with _staged(recorder):
        try:
            yield
        finally:
            Path(path).write_text(written(Cassette(label, recorder.exchanges())), "utf-8")


@contextmanager
def playing(path: Path | str, label: Label) -> Iterator[None]:
    """Play the cassette *path* to every session that this thread opens, in place of the device.

    Raises :class:`CassetteError` for a cassette of another device; where something is sent that was not
    recorded there; and at the end, where something was recorded that was not sent.
    """
    cassette = read(Path(path).read_text("utf-8"))
    if cassette.label != label:
        raise CassetteError(
            f"The cassette {Path(path).name} was recorded on {cassette.label}, and is not played for "
            f"{label}.",
            hint="Record one on that device.",
        )
    player = Player(cassette)
    with _staged(player):
        yield
    player.finish()


class Stage(Protocol):
    """What stands between sessions and their connections."""

    def opened(self, open_connection: Callable[[float], Stream], redact: Redactor, seconds: float) -> Stream:
        """Return a connection in place of that which *open_connection* would open."""
        ...


def opener(open_connection: Callable[[float], Stream], redact: Redactor) -> Callable[[float], Stream]:
    """Return what opens connections: *open_connection*, or the cassette that is recorded or played."""
    stage = _STAGE.get()
    if stage is None:
        return open_connection
    return lambda seconds: stage.opened(open_connection, redact, seconds)


_STAGE: ContextVar[Stage | None] = ContextVar("ispcore-transports-stage", default=None)


@contextmanager
def _staged(stage: Stage) -> Iterator[None]:
    before = _STAGE.set(stage)
    try:
        yield
    finally:
        _STAGE.reset(before)


# --- recording


class Recorder:
    """Keeps what goes over every connection."""

    def __init__(self) -> None:
        """Begin empty."""
        self._streams: list[_RecordedStream] = []

    def opened(self, open_connection: Callable[[float], Stream], redact: Redactor, seconds: float) -> Stream:
        """Return a connection that is listened to."""
        stream = _RecordedStream(open_connection(seconds), redact)
        self._streams.append(stream)
        return stream

    def exchanges(self) -> tuple[Exchange, ...]:
        """Return every exchange, without secrets."""
        return tuple(exchange for stream in self._streams for exchange in stream.exchanges())


@define
class _Heard:
    sent: bytes | None
    came: bytes = b""
    ended: bool = False


class _RecordedStream:
    def __init__(self, stream: Stream, redact: Redactor) -> None:
        self._stream = stream
        self._redact = redact
        self._heard = [_Heard(None)]

    def send(self, some: bytes) -> None:
        self._heard.append(_Heard(some))
        self._stream.send(some)

    def receive(self, seconds: float) -> bytes:
        try:
            some = self._stream.receive(seconds)
        except StreamEndedError:
            self._heard[-1].ended = True
            raise
        self._heard[-1].came += some
        return some

    def close(self) -> None:
        self._stream.close()

    def exchanges(self) -> Iterator[Exchange]:
        for one in self._heard:
            sent = None if one.sent is None else self._clean(one.sent)
            exchange = Exchange(sent, self._clean(one.came), one.ended)
            if one.ended and one.sent is not None and sent != _text(one.sent):
                # An echo that was cut may end within the secret, where it is not recognised.
                exchange = evolve(exchange, came="")
            yield exchange

    def _clean(self, some: bytes) -> str:
        return self._redact(_text(some))


def _text(some: bytes) -> str:
    return some.decode("utf-8", "surrogateescape")


# --- playing


class Player:
    """Gives what was recorded, as long as the same is sent."""

    def __init__(self, cassette: Cassette) -> None:
        """Begin at the first exchange."""
        self._label = cassette.label
        self._rest = list(cassette.exchanges)

    def opened(self, open_connection: Callable[[float], Stream], redact: Redactor, seconds: float) -> Stream:
        """Return a connection to the cassette."""
        del open_connection, seconds  # nothing is waited for
        return _PlayedStream(self, redact)

    def next(self, sent: str | None) -> Exchange:
        """Return the next exchange, which must be that of *sent*."""
        if not self._rest or self._rest[0].sent != sent:
            recorded = _told(self._rest[0].sent) if self._rest else "the end"
            raise CassetteError(
                f"The cassette of {self._label} has {recorded} where {_told(sent)} came.",
                hint="Record it again, if what is sent has changed on purpose.",
            )
        return self._rest.pop(0)

    def finish(self) -> None:
        """Refuse to end before everything was played."""
        if self._rest:
            raise CassetteError(
                f"The cassette of {self._label} was not played to its end: {_told(self._rest[0].sent)} was "
                "not sent."
            )


def _told(sent: str | None) -> str:
    return "a new connection" if sent is None else repr(sent)


class _PlayedStream:
    def __init__(self, player: Player, redact: Redactor) -> None:
        self._player = player
        self._redact = redact
        self._exchange = player.next(None)
        self._silences = 0

    def send(self, some: bytes) -> None:
        self._exchange = self._player.next(self._redact(_text(some)))
        self._silences = 0

    def receive(self, seconds: float) -> bytes:
        came, self._exchange = self._exchange.came, evolve(self._exchange, came="")
        if came:
            return came.encode("utf-8", "surrogateescape")
        if self._exchange.ended:
            raise StreamEndedError
        self._silences += seconds > 0
        if self._silences > _MOST_SILENCES:
            raise CassetteError(f"On the cassette nothing more came after {_told(self._exchange.sent)}.")
        return b""

    def close(self) -> None:
        """Do nothing: there is no device."""
