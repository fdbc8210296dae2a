"""Drawing a picture as SVG: positions in percent across, pixels down, colours by class.

Texts are escaped, and those that run from right to left are kept apart from what stands beside them.
"""

from __future__ import annotations

import unicodedata
from html import escape
from typing import TYPE_CHECKING

from ispcore.pages.labels import WIDTHS, WORDS_FROM

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ispcore.pages.labels import Piece
    from ispcore.pages.network_part import Dot, NetworkLane, Note
    from ispcore.pages.picture import Mark, Picture
    from ispcore.pages.strips import Strip

HEIGHTS = {"life": 16, "ruler": 20, "bars": 20, "entries": 24, "slips": 18, "wire": 18, "stood": 5}
"""How high the strips of each group are; the style sheet says it to the browser."""
USUAL = {
    "life": "on",
    "ruler": "cycle",
    "bars": "used",
    "entries": "open",
    "slips": "open",
    "wire": "on",
    "stood": "same",
}
"""The kind of strip that needs no class in its group."""
GAP = 2
_SCALE, _LANE, _NAME = 18, 17, 17
_TURNING = frozenset(("R", "AL", "RLE", "RLO", "LRE", "LRO", "RLI", "LRI", "FSI"))
_APART, _DONE = "\u2068", "\u2069"


def drawing(picture: Picture, label: str) -> str:
    """Return *picture* as an SVG element; *label* tells those who do not see it what it is."""
    lanes = max((mark.place.lane for mark in picture.marks), default=-1) + 1
    line = _SCALE + lanes * _LANE + 6
    parts = [*_marks(picture.marks, line), _group("life", line, picture.life), *_ends(picture, line)]
    y = line + HEIGHTS["life"] + 4
    parts.append(_group("ruler", y, picture.cycles))
    y += _height("ruler", picture.cycles) + 4
    for lane in picture.lanes:
        parts += [_text(lane.name, y + 12), _group("bars", y + _NAME, lane.strips)]
        y += _NAME + _height("bars", lane.strips) + 4
    links = ""
    if picture.entries:
        parts.append(_text("to receive, and credits", y + 12))
        links = _group("entries", y + _NAME, picture.entries)
        y += _NAME + _height("entries", picture.entries) + 4
    if picture.money.strips:
        more = '<tspan class="w480">, and what was told, held and paid</tspan>'
        parts += [f'<text class="name" y="{y + 12}">slips{more}</text>']
        parts.append(_group("slips", y + _NAME, picture.money.strips))
        y += _NAME + _height("slips", picture.money.strips) + 4
        links += _dots(picture.money.dots, y)
        y += 14 if picture.money.dots else 0
    if picture.network:
        parts.append(f'<line class="border" x2="100%" y1="{y + 5}" y2="{y + 5}"/>')
        more = '<tspan class="w480">: what the books want, and below it what stands there</tspan>'
        parts.append(f'<text class="name" y="{y + 22}">on the network{more}</text>')
        y += 28
    for wire in picture.network:
        lower = y + _NAME + HEIGHTS["wire"] + 2
        parts += [*_wire(wire, y), _group("stood", lower, wire.stood)]
        links += _dots(wire.dots, lower)
        y = lower + (HEIGHTS["stood"] + 6 if wire.stood else 2)
    hidden = f'<g aria-hidden="true">{"".join([_scale(picture, y), *parts])}</g>'
    return f'<svg role="group" aria-label="{escaped(label)}" height="{y + 2}">{hidden}{links}</svg>'


def _wire(wire: NetworkLane, y: int) -> Iterator[str]:
    yield _text(wire.name, y + 12)
    yield _group("wire", y + _NAME, wire.wanted)
    if wire.note is not None:
        at, words = percent(wire.note.x), escaped(wire.note.words)
        yield f'<text class="note w{WORDS_FROM}" x="{at}" y="{y + 12}" text-anchor="end">{words}</text>'


def percent(units: int) -> str:
    """Return hundredths of a percent as a length: ``12.5%``."""
    whole, part = divmod(units, 100)
    return f"{whole}.{part:02d}".rstrip("0").rstrip(".") + "%"


def _height(group: str, strips: Iterable[Strip]) -> int:
    rows = max((strip.row for strip in strips), default=-1) + 1
    return rows * (HEIGHTS[group] + GAP)


def _scale(picture: Picture, height: int) -> str:
    parts = []
    for tick in picture.scale:
        x = percent(tick.x)
        parts.append(f'<line x1="{x}" x2="{x}" y2="{height}"/>')
        if tick.label:
            parts.append(f'<text x="{x}" dx="4" y="11">{_pieces(tick.label)}</text>')
    return f'<g class="scale">{"".join(parts)}</g>'


def _marks(marks: Iterable[Mark], line: int) -> Iterator[str]:
    for mark in marks:
        x, y = percent(mark.x), line - 8 - mark.place.lane * _LANE
        yield f'<line class="stem" x1="{x}" x2="{x}" y1="{y - 4}" y2="{line}"/>'
        anchor = ' text-anchor="end"' if mark.place.leftwards else ""
        shift = -4 if mark.place.leftwards else 4
        words, number = escaped(mark.words), mark.number
        badge = f'<tspan class="no">{"•" if number is None else number}</tspan>'
        said = f'<tspan class="w{WORDS_FROM}">{words}</tspan>'
        inner = f"{said}\u00a0{badge}" if mark.place.leftwards else f"{badge}\u00a0{said}"
        yield f'<text class="mark" x="{x}" dx="{shift}" y="{y}"{anchor}>{inner}</text>'


def _ends(picture: Picture, line: int) -> Iterator[str]:
    for x in (picture.begins, picture.ends):
        if x is not None:
            at = percent(x)
            below = line + HEIGHTS["life"] + 4
            yield f'<line class="end" x1="{at}" x2="{at}" y1="{line - 4}" y2="{below}"/>'


def _group(group: str, top: int, strips: Iterable[Strip]) -> str:
    """Return the rows of *strips*, one below the other."""
    rows: dict[int, list[str]] = {}
    for strip in strips:
        rows.setdefault(strip.row, []).append(_strip(strip, group))
    step = HEIGHTS[group] + GAP
    return "".join(
        f'<g class="{group}" transform="translate(0 {top + row * step})">{"".join(found)}</g>'
        for row, found in sorted(rows.items())
    )


def _note(note: Note | None, y: int) -> Iterator[str]:
    if note is not None:
        words = f'<tspan class="w{WORDS_FROM}">{escaped(note.words)}</tspan>'
        yield f'<text class="note" x="{percent(note.x)}" y="{y}" text-anchor="end">{words}</text>'


def _dots(dots: Iterable[Dot], top: int) -> str:
    """Return what happened, as links on the line of a device."""
    middle = HEIGHTS["stood"] // 2
    found = "".join(
        f'<a href="#{dot.anchor}"><title>{escaped(dot.title)}</title>'
        f'<circle class="{dot.kind}" cx="{percent(dot.x)}" cy="{middle}" r="5"/></a>'
        for dot in dots
    )
    return f'<g class="dots" transform="translate(0 {top})">{found}</g>' if found else ""


def _strip(strip: Strip, group: str) -> str:
    x, width = percent(strip.extent.x), percent(strip.extent.width)
    kind = "" if strip.kind == USUAL[group] else f' class="{strip.kind}"'
    title = f"<title>{escaped(strip.title)}</title>" if strip.title else ""
    tip = "" if strip.anchor else title
    rect = f'<rect{kind} x="{x}" width="{width}">{tip}</rect>'
    at = percent(strip.extent.end) if strip.beside else x
    label = f'<text x="{at}">{_pieces(strip.label)}</text>' if strip.label else ""
    return f'<a href="#{strip.anchor}">{title}{rect}{label}</a>' if strip.anchor else rect + label


def _pieces(found: Iterable[Piece]) -> str:
    """Return a label's pieces, each hidden where the picture is too narrow for it."""
    return "".join(
        escaped(piece.text)
        if piece.width == WIDTHS[0]
        else f'<tspan class="w{piece.width}">{escaped(piece.text)}</tspan>'
        for piece in found
    )


def _text(name: str, y: int) -> str:
    return f'<text class="name" y="{y}">{escaped(name)}</text>'


def escaped(text: str) -> str:
    """Return *text* as it stands in a picture; from right to left it is kept apart from its neighbours."""
    turned = any(unicodedata.bidirectional(letter) in _TURNING for letter in text)
    return escape(f"{_APART}{text}{_DONE}" if turned else text)
