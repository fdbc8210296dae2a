"""Labels: which ones fit at which width, and in which lanes they do not overlap.

A picture is drawn once and shown from the width of a telephone to that of a large screen. So a label carries
the width from which it fits, and the style sheet hides it below.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from ispcore.pages.window import WHOLE, Extent

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

WIDTHS = (300, 400, 480, 560, 640, 720, 800, 920, 1040, 1200)
"""The picture's widths, in pixels, at which labels appear."""
WORDS_FROM = 640
"""The width from which marks show their words, and not their numbers alone."""
MOST_WORDS = 32
"""The letters of a mark's words; the rest is in the list of facts."""
_LETTER, _PADDING, _BADGE = 63, 10, 24
"""Tenths of a pixel for a letter; pixels around a label; pixels of a number in its circle."""


@frozen
class Piece:
    """A part of a label; it is shown where the picture is at least ``width`` pixels wide."""

    text: str
    width: int


@frozen
class Placed:
    """Where a mark's words stand: in ``lane`` 0, the lowest, or above, right of the mark or left of it."""

    lane: int
    leftwards: bool
    extent: Extent


def pixels(letters: int) -> int:
    """Return how wide that many letters are, with some room around them."""
    return letters * _LETTER // 10 + _PADDING


def pieces(room: int, texts: Sequence[str]) -> tuple[Piece, ...]:
    """Return those of *texts*, shown one after the other, that fit into *room* at some width."""
    found, letters = [], 0
    for text in texts:
        letters += len(text)
        width = _width_for(room, pixels(letters))
        if width is None:
            break
        found.append(Piece(text, width))
    return tuple(found)


def _width_for(room: int, needed: int) -> int | None:
    return next((width for width in WIDTHS if room * width >= needed * WHOLE), None)


def shortened(text: str, most: int = MOST_WORDS) -> str:
    """Return *text*, cut where it is longer than *most* letters."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def place(marks: Sequence[tuple[int, str]]) -> tuple[Placed, ...]:
    """Return a place for the words of each of *marks*, given by position.

    Places do not overlap at any width. Of two marks the outer one stands higher, so that its line passes by
    the other's words.
    """
    wanted = [_wanted(x, words) for x, words in marks]
    rightwards = sorted(
        (n for n, (_, left) in enumerate(wanted) if not left), key=lambda n: (-marks[n][0], n)
    )
    leftwards = sorted((n for n, (_, left) in enumerate(wanted) if left), key=lambda n: (marks[n][0], n))
    placed: dict[int, Placed] = {}
    for n in (*rightwards, *leftwards):
        extent, left = wanted[n]
        below = [one.lane for one in placed.values() if overlap(one.extent, extent)]
        placed[n] = Placed(max(below, default=-1) + 1, left, extent)
    return tuple(placed[n] for n in range(len(marks)))


def _wanted(x: int, words: str) -> tuple[Extent, bool]:
    width = max((pixels(len(words)) + _BADGE) * WHOLE // WORDS_FROM, _BADGE * WHOLE // WIDTHS[0])
    left = x + width > WHOLE and x > WHOLE // 2
    return (Extent(x - width, width), True) if left else (Extent(x, width), False)


def overlap(one: Extent, other: Extent) -> bool:
    """Tell whether two extents share a place."""
    return one.x < other.end and other.x < one.end


def stack(extents: Iterable[Extent]) -> tuple[int, ...]:
    """Return a row for each of *extents*, the first one in which it overlaps none before it."""
    rows: list[list[Extent]] = []
    found = []
    for extent in extents:
        free = (n for n, row in enumerate(rows) if not any(overlap(extent, one) for one in row))
        row = next(free, len(rows))
        if row == len(rows):
            rows.append([])
        rows[row].append(extent)
        found.append(row)
    return tuple(found)
