"""The usage of a login as an SVG picture of its own: a bar for each day or month, downloads below uploads.

Positions are in percent across and pixels down. A bar is as high as its share of the highest one, in tenths
of a pixel; whatever was moved at all is at least one tenth high. It needs no style sheet and no network.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ispcore.pages.svg import escaped, percent
from ispcore.pages.window import WHOLE
from ispcore.pages.words import day, short_day

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from ispcore.network import Octets, Usage

_TOP, _TALL, _BELOW = 24, 140, 22
_MOST_LABELS = 12
_UNITS = ("B", "kB", "MB", "GB", "TB", "PB")
_STEP = 1_000
_STYLE = (
    "text{font:11px system-ui,sans-serif;fill:#5b6472}.down{fill:#3b6fb6}.up{fill:#e09f3e}"
    "line{stroke:#c9ced6}@media(prefers-color-scheme:dark){text{fill:#aab2bf}line{stroke:#4a5160}}"
)


def said_octets(count: int) -> str:
    """Return bytes as people say them, with one decimal below a hundred: ``1.6 GB``, ``800 MB``, ``12 B``."""
    size, unit = count, 0
    while size >= _STEP ** (unit + 1) and unit + 1 < len(_UNITS):
        unit += 1
    tenths = size * 10 // _STEP**unit
    whole, part = divmod(tenths, 10)
    shown = f"{whole}.{part}" if part and whole < 100 else f"{whole}"  # noqa: PLR2004 - a hundred
    return f"{shown} {_UNITS[unit]}"


def usage_picture(usage: Usage, *, by_month: bool = False) -> str:
    """Return *usage* as an SVG document, by day or by month."""
    bars = usage.months if by_month else usage.days
    highest = max(octets.total for octets in bars.values())
    name = f"Usage of {usage.login}, {usage.period}"
    total = f"{said_octets(usage.octets.down)} down, {said_octets(usage.octets.up)} up"
    parts = [
        f"<style>{_STYLE}</style>",
        f'<text y="12">{escaped(name)}: {total}</text>',
        f'<text x="100%" y="12" text-anchor="end">{said_octets(highest)}</text>',
        f'<line x2="100%" y1="{_TOP + _TALL}" y2="{_TOP + _TALL}"/>',
        *_bars(bars, highest, by_month=by_month),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="100%" height="{_TOP + _TALL + _BELOW}" '
        f'aria-label="{escaped(name)}: {total}">{"".join(parts)}</svg>\n'
    )


def _bars(bars: Mapping[date, Octets], highest: int, *, by_month: bool) -> Iterator[str]:
    every = -(-len(bars) // _MOST_LABELS)
    for number, (begins, octets) in enumerate(bars.items()):
        start, end = (WHOLE * one // len(bars) for one in (number, number + 1))
        told = f"{begins:%m/%Y}" if by_month else day(begins)
        words = f"{told}: {said_octets(octets.down)} down, {said_octets(octets.up)} up"
        lower = _share(octets.down, highest)
        both = _share(octets.total, highest)
        place = f'x="{percent(start)}" width="{percent((end - start) * 4 // 5)}"'
        down = f'<rect class="down" {place} {_stands(lower, 0)}/>'
        up = f'<rect class="up" {place} {_stands(both, lower)}/>'
        yield f"<g><title>{words}</title>{down}{up}</g>"
        if number % every == 0:
            label = f"{begins:%m/%Y}" if by_month else short_day(begins)
            yield f'<text x="{percent(start)}" y="{_TOP + _TALL + 15}">{label}</text>'


def _share(count: int, highest: int) -> int:
    """Return how high a bar is, in tenths of a pixel; what is there at all can be seen."""
    return -(-count * _TALL * 10 // highest) if highest else 0


def _stands(top: int, bottom: int) -> str:
    """Return where a bar stands that goes from *bottom* to *top*, both tenths of a pixel above the line."""
    return f'y="{_pixels((_TOP + _TALL) * 10 - top)}" height="{_pixels(top - bottom)}"'


def _pixels(tenths: int) -> str:
    whole, part = divmod(tenths, 10)
    return f"{whole}.{part}" if part else f"{whole}"
