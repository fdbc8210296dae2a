"""The wires of a subscription as the page draws and tells them: strips, marks, panels and rows."""

from __future__ import annotations

from itertools import groupby, starmap
from typing import TYPE_CHECKING

from attrs import frozen

from ispcore.network import Happened, Happening, field_changes
from ispcore.pages.labels import pieces
from ispcore.pages.network import NetworkStory, Wire, kind_of, words_of
from ispcore.pages.strips import Strip
from ispcore.pages.window import WHOLE
from ispcore.pages.words import day, short_day

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from ispcore.pages.network import Stood, Wanted
    from ispcore.pages.window import Window

_BAD = (Happened.BY_HAND, Happened.FOUND, Happened.DOWN, Happened.STOPPED, Happened.REPLACED)
_WRITES = (Happened.MADE, Happened.CHANGED, Happened.TAKEN_AWAY, Happened.MENDED)
_GOOD = (Happened.MENDED, Happened.UP, Happened.ACCEPTED)


@frozen
class Dot:
    """What happened on one day, on the line of a device."""

    x: int
    kind: str
    title: str
    anchor: str


@frozen
class Note:
    """What stands on the device instead, in words, to the left of ``x``."""

    x: int
    words: str


@frozen
class NetworkLane:
    """A wire as it is drawn: what was wanted, and below it what stood on the device."""

    name: str
    wanted: tuple[Strip, ...]
    stood: tuple[Strip, ...]
    dots: tuple[Dot, ...]
    note: Note | None = None


@frozen
class EventRow:
    """One thing that happened, in a panel or a table: ``changes`` are name, before and after."""

    what: str
    text: str
    changes: tuple[tuple[str, str, str], ...]


@frozen
class EventPanel:
    """What happened to one thing on one day."""

    anchor: str
    heading: str
    rows: tuple[EventRow, ...]


@frozen
class WireRow:
    """A row of the table: some days of what was wanted, or a day on which something happened."""

    days: str
    claim: str
    device: str
    told: str


@frozen
class DeviceLine:
    """A device in the table at the top."""

    name: str
    stands: str
    writes: int
    by_hand: int
    found: int
    mended: int
    to_do: int
    state: str


def network_lane(wire: Wire, window: Window, prefix: str) -> NetworkLane:
    """Return how *wire* is drawn in *window*; anchors begin with *prefix*."""
    return NetworkLane(
        name=f"{wire.claim} on {wire.device}",
        wanted=tuple(_wanted(wire, window)),
        stood=tuple(_stood(wire, window)),
        dots=tuple(_dots(wire, window, prefix)),
        note=next(_notes(wire, window), None),
    )


def _notes(wire: Wire, window: Window) -> Iterator[Note]:
    """Yield what stood there through somebody's hand, where there is room beside the wire's name."""
    for one in wire.stood:
        extent = window.extent(one.period)
        if one.is_drift and extent is not None and extent.end > WHOLE // 2:
            yield Note(
                extent.end, f"{words_of(one.spec)} on {wire.device} since {short_day(one.period.start)}"
            )


def _wanted(wire: Wire, window: Window) -> Iterator[Strip]:
    for one in wire.wanted:
        extent = window.extent(one.period)
        if extent is not None:
            words = _said(one)
            label = pieces(extent.width, words)
            title = "" if len(label) == len(words) else f"wanted {''.join(words)}: {one.period}"
            yield Strip(one.period, extent, kind_of(one.spec, one.serves), label, title)


def _said(one: Wanted) -> list[str]:
    return [words_of(one.spec), f", {one.serves.value}"] if one.serves.rank else [words_of(one.spec)]


def _stood(wire: Wire, window: Window) -> Iterator[Strip]:
    for one in wire.stood:
        extent = window.extent(one.period)
        if extent is not None:
            kind = _agreement(one)
            title = (
                ""
                if kind == "same"
                else f"on {wire.device}: {words_of(one.spec)}, {_WHY[kind]}: {one.period}"
            )
            yield Strip(one.period, extent, kind, (), title)


def _agreement(one: Stood) -> str:
    if one.is_drift:
        return "drift"
    return "same" if one.is_wanted else "behind"


_WHY = {"drift": "changed by hand", "behind": "not as wanted"}


def _by_day(wire: Wire) -> Iterator[tuple[date, list[Happening]]]:
    for on, some in groupby(wire.happenings, key=lambda one: one.on):
        yield on, list(some)


def _anchor(prefix: str, number: int) -> str:
    return f"{prefix}-{number}"


def _dots(wire: Wire, window: Window, prefix: str) -> Iterator[Dot]:
    for number, (on, some) in enumerate(_by_day(wire), start=1):
        if on in window.period:
            words = ", ".join(dict.fromkeys(one.what.value for one in some))
            yield Dot(
                window.x(on), _dot(some), f"{short_day(on)} {wire.claim}: {words}", _anchor(prefix, number)
            )


def _dot(some: Sequence[Happening]) -> str:
    kinds = {one.what for one in some}
    if kinds & {*_GOOD} and not kinds & {Happened.BY_HAND}:
        return "good"
    return "bad" if kinds & {*_BAD} else "wrote"


def event_panels(wire: Wire, prefix: str) -> Iterator[EventPanel]:
    """Yield a panel for each day on which something happened."""
    for number, (on, some) in enumerate(_by_day(wire), start=1):
        yield EventPanel(
            anchor=_anchor(prefix, number),
            heading=f"{wire.claim} on {wire.device}, {day(on)}",
            rows=tuple(_row(one) for one in some),
        )


def _row(one: Happening) -> EventRow:
    changes = () if one.what is Happened.BY_HAND and one.after is None else _changes(one)
    text = one.text
    if not text and one.claim and one.after is None:
        text = "gone"
    return EventRow(_TOLD.get(one.what, one.what.value), text if not changes else "", changes)


_TOLD = {
    Happened.MADE: "made by the worker",
    Happened.CHANGED: "changed by the worker",
    Happened.TAKEN_AWAY: "taken away by the worker",
}


def _changes(one: Happening) -> tuple[tuple[str, str, str], ...]:
    found = field_changes(one.before, one.after, one.fields)
    between = "should be" if one.what is Happened.FOUND else "→"
    return tuple(
        (each.words, f"{each.before} {between}" if each.before else "", each.after) for each in found
    )


def wire_rows(wires: Sequence[Wire]) -> Iterator[WireRow]:
    """Yield the same as a table."""
    for wire in wires:
        for one in wire.wanted:
            yield WireRow(str(one.period), wire.claim, wire.device, f"wanted: {''.join(_said(one))}")
        for each in wire.happenings:
            changes = ", ".join(" ".join(filter(None, change)) for change in _changes(each))
            told = ": ".join(filter(None, [_TOLD.get(each.what, each.what.value), changes or each.text]))
            yield WireRow(day(each.on), wire.claim, wire.device, told)


def device_lines(story: NetworkStory) -> tuple[DeviceLine, ...]:
    """Return a line for each device."""
    return tuple(
        DeviceLine(
            name=one.name,
            stands=", ".join(starmap(_plural, one.stands.items())) or "nothing",
            writes=_count(
                story, one.name, Happened.MADE, Happened.CHANGED, Happened.TAKEN_AWAY, Happened.MENDED
            ),
            by_hand=_count(story, one.name, Happened.BY_HAND),
            found=_count(story, one.name, Happened.FOUND),
            mended=_count(story, one.name, Happened.MENDED),
            to_do=one.to_do,
            state=one.state,
        )
        for one in story.devices
    )


def _plural(word: str, number: int) -> str:
    name = "ONU" if word == "onu" else word
    many = f"{name}es" if name.endswith("x") else f"{name}s"
    return f"{number} {name if number == 1 else many}"


def _count(story: NetworkStory, device: str, *kinds: Happened) -> int:
    return sum(one.device == device and one.what in kinds for one in story.happenings)
