"""The picture of a subscription as values: what lies where, before anything is drawn.

From top to bottom: a scale of days, the facts, the life with what was served, the billed cycles, for each
item the days it was charged for, below each cycle what was issued for it, the slips with what was told and
paid, and for each component what was wanted of the network and what stood there.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from attrs import field, frozen

from ispcore.billing import ChargedFragment, EntryKind
from ispcore.pages.labels import WORDS_FROM, Piece, Placed, pieces, place, shortened, stack
from ispcore.pages.life import Entry, Life, owed_in, stretches, timed_moves
from ispcore.pages.money import MoneyLane, money_lane
from ispcore.pages.network_part import NetworkLane, network_lane
from ispcore.pages.strips import Strip
from ispcore.pages.window import WHOLE, Extent, Window, window_of
from ispcore.pages.words import amount, counted, day, plain_words, said, short_day, short_span, with_currency
from ispcore.plans import Cycle
from ispcore.plans.kinds import OWING_NOTHING
from ispcore.values import ItemId

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

STATES = {
    "open": "○",
    "partly_paid": "◐",
    "paid": "●",
    "cancelled": "×",
    "renegotiated": "↻",
    "written_off": "⊘",
    "credit": "↩",
}
"""A sign for what became of an entry, so that colour is not all that tells."""


@frozen
class Mark:
    """Something that happened, above the line of the life; ``number`` is its fact's."""

    x: int
    words: str
    place: Placed
    number: int | None = None


@frozen
class Tick:
    """A day that is named on the scale."""

    x: int
    label: tuple[Piece, ...]


@frozen
class Lane:
    """The days that an item was charged for."""

    name: str
    strips: tuple[Strip, ...]


@frozen
class Picture:
    """Everything that is drawn of a subscription."""

    window: Window
    scale: tuple[Tick, ...]
    marks: tuple[Mark, ...]
    life: tuple[Strip, ...]
    cycles: tuple[Strip, ...]
    lanes: tuple[Lane, ...]
    entries: tuple[Strip, ...]
    begins: int | None = field(default=None)
    ends: int | None = field(default=None)
    money: MoneyLane = MoneyLane()
    network: tuple[NetworkLane, ...] = ()


def picture_of(life: Life) -> Picture:
    """Return the picture of *life*."""
    billed = sorted({entry.charge.key.cycle for entry in life.entries if not _was_raised(entry)})
    window = window_of(life.period, [cycle.period for cycle in billed])
    end = life.timeline.end
    return Picture(
        window=window,
        scale=_scale(window),
        marks=_marks(life, window),
        life=tuple(_life(life, window)),
        cycles=_cycles(billed, window),
        lanes=_lanes(life, window),
        entries=_entries(life, window),
        begins=window.x(life.begins) if life.begins in window.period else None,
        ends=window.x(end.on) if end is not None and end.on in window.period else None,
        money=money_lane(life.money, window, f"m{life.timeline.last.id}"),
        network=tuple(
            network_lane(wire, window, f"n{life.timeline.last.id}-{number}")
            for number, wire in enumerate(life.wires, start=1)
        ),
    )


def _scale(window: Window) -> tuple[Tick, ...]:
    named = window.named_days()
    ends = [*(window.x(on) for on, _ in named[1:]), WHOLE]
    return tuple(
        Tick(window.x(on), pieces(end - window.x(on), re.findall(r" ?[^ ]+", name)))
        for (on, name), end in zip(named, ends, strict=True)
    )


def _marks(life: Life, window: Window) -> tuple[Mark, ...]:
    happened: list[tuple[date, str, int | None]] = [
        (fact.effective_on, said(fact, life.names), fact.sequence)
        for fact in life.timeline.facts
        if not isinstance(fact.payload, OWING_NOTHING)
    ]
    happened += [(on, words, None) for on, words in timed_moves(life.timeline)]
    shown = sorted((one for one in happened if one[0] in window.period), key=lambda one: one[0])
    words = [shortened(f"{short_day(on)} {text}") for on, text, _ in shown]
    places = place([(window.x(on), text) for (on, _, _), text in zip(shown, words, strict=True)])
    return tuple(
        Mark(window.x(on), text, where, number)
        for (on, _, number), text, where in zip(shown, words, places, strict=True)
    )


def _life(life: Life, window: Window) -> Iterator[Strip]:
    for period, kind, words in stretches(life.timeline, window.period.end):
        extent = window.extent(period)
        if extent is not None:
            yield Strip(period, extent, kind, pieces(extent.width, [words]), f"{words}: {period}")


def _cycles(billed: Sequence[Cycle], window: Window) -> tuple[Strip, ...]:
    periods = [period for cycle in billed if window.period.overlap(period := cycle.period)]
    extents = [extent for period in periods if (extent := window.extent(period))]
    return tuple(
        Strip(
            period,
            extent,
            "cycle",
            pieces(
                extent.width,
                [short_day(period.last), " closing", f", {counted(period.days, 'day')}"],
            ),
            "",
            row,
        )
        for period, extent, row in zip(periods, extents, stack(extents), strict=True)
    )


def _lanes(life: Life, window: Window) -> tuple[Lane, ...]:
    names = life.names
    mine: dict[ItemId, dict[Cycle, list[Entry]]] = {}
    for entry in life.entries:
        key = entry.charge.key
        mine.setdefault(key.item, {}).setdefault(key.cycle, []).append(entry)
    return tuple(
        Lane(names.get(item, str(item)), strips)
        for item, cycles in sorted(mine.items(), key=lambda one: _rank(one[0], names))
        if (strips := _bars(cycles, window))
    )


def _rank(item: ItemId, names: Iterable[ItemId]) -> int:
    return next((n for n, name in enumerate(names) if name == item), -1)


def _bars(cycles: dict[Cycle, list[Entry]], window: Window) -> tuple[Strip, ...]:
    found = [(one, cycle) for cycle, entries in sorted(cycles.items()) for one in owed_in(entries)]
    shown = [(one, cycle, extent) for one, cycle in found if (extent := window.extent(one.fragment.period))]
    rows = stack(extent for _, _, extent in shown)
    return tuple(_bar(one, cycle, extent, row) for (one, cycle, extent), row in zip(shown, rows, strict=True))


def _bar(part: ChargedFragment, cycle: Cycle, extent: Extent, row: int) -> Strip:
    fragment, whole = part.fragment, part.weight_of
    once = fragment.weight == whole and fragment.period.days < cycle.period.days
    days = "once" if once else f"{fragment.weight} of {whole} days"
    price = amount(fragment.to_pay)
    off = "" if fragment.to_pay == fragment.price else f" ({amount(fragment.price)} less the discount)"
    texts = [price, " once"] if once else [price, f" × {fragment.weight}/{whole}"]
    room = min(extent.width * cycle.period.days, WHOLE - extent.end) if once else extent.width
    label = pieces(room, texts)
    told = not off and len(label) == len(texts) and label[-1].width <= WORDS_FROM
    return Strip(
        period=fragment.period,
        extent=extent,
        kind="once" if once else "used",
        label=label,
        title="" if told else f"{fragment.period}: {price}{off}, {days}",
        row=row,
        beside=once,
    )


def _entries(life: Life, window: Window) -> tuple[Strip, ...]:
    names = life.names
    found = sorted(life.entries, key=lambda one: (one.charge.key.cycle, _rank(one.charge.key.item, names)))
    shown = [(entry, extent) for entry in found if (extent := window.extent(entry.charge.key.cycle.period))]
    rows = stack(extent for _, extent in shown)
    named = len({entry.charge.description for entry in found}) > 1
    return tuple(
        _entry(entry, extent, row, named=named) for (entry, extent), row in zip(shown, rows, strict=True)
    )


def _entry(entry: Entry, extent: Extent, row: int, *, named: bool) -> Strip:
    charge, credit = entry.charge, entry.charge.kind is EntryKind.CREDIT
    texts = [f"{STATES[entry.state]} {amount(charge.amount, signed=credit)}"]
    if credit:
        texts.append(f" credit {short_day(charge.issued_on)}")
        rest = f"credit of {day(charge.issued_on)}"
    elif entry.balance is None:
        rest = "nothing to receive"
    else:
        due, state = entry.balance.receivable.due_on, plain_words(entry.state)
        texts.append(f" due {short_day(due)}, {state}")
        rest = f"due {day(due)}, {state}"
    texts += [f", {shortened(charge.description, 24)}"] if named else []
    beside = _was_raised(entry)
    if beside:  # of a day, and not of a cycle
        texts = [texts[0], f" {shortened(charge.description, 24)}"]
    room = WHOLE - extent.end if beside else extent.width
    money = with_currency(charge.amount, signed=credit)
    return Strip(
        period=charge.key.cycle.period,
        extent=extent,
        kind=entry.state,
        label=pieces(room, texts),
        title=f"{charge.description}: {money} for {short_span(charge.key.cycle.period)}, {rest}",
        row=row,
        anchor=entry.anchor,
        beside=beside,
    )


def _was_raised(entry: Entry) -> bool:
    """Tell whether no closing made it: a fine, interest, a sale of a day."""
    return entry.charge.kind is EntryKind.RAISED
