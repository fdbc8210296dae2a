"""Telling what happens on simulated devices: a line or two for each step of a scenario."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rich.text import Text

from ispcore.cli.plain import counted
from ispcore.driver import claim_of
from ispcore.network import FieldChange, Happened, Happening, Move, field_changes, resource_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rich.console import Console

    from ispcore.scenarios import Played, Player

INDENT = " " * 12
_MOST = 4
"""So many lines are told of one step; more are counted."""
_SIGNS = {
    Happened.MADE: ("+", "green"),
    Happened.CHANGED: ("~", "cyan"),
    Happened.TAKEN_AWAY: ("-", "cyan"),
    Happened.BY_HAND: ("!", "yellow"),
    Happened.FOUND: ("≠", "red"),
    Happened.MENDED: ("✓", "green"),
    Happened.DOWN: ("!", "yellow"),
    Happened.UP: ("✓", "green"),
    Happened.REPLACED: ("!", "yellow"),
    Happened.STOPPED: ("!", "red"),
    Happened.ACCEPTED: ("✓", "green"),
}
_WORDS = {
    Happened.MADE: "",
    Happened.CHANGED: "",
    Happened.TAKEN_AWAY: "taken away",
    Happened.BY_HAND: "by hand",
    Happened.FOUND: "drift",
    Happened.MENDED: "mended",
}
_WRITTEN = (Happened.MADE, Happened.CHANGED, Happened.TAKEN_AWAY)


def tell_happenings(screen: Console, found: Sequence[Happening], *, most: int = _MOST) -> None:
    """Tell what happened on devices; of many things that were written, how many there were."""
    written = [one for one in found if one.what in _WRITTEN]
    if len(written) > most:
        devices = ", ".join(sorted({one.device for one in written}))
        screen.print(f"{INDENT}{counted(len(written), 'write')} on {devices}", style="dim")
    for one in found:
        if one.what not in _WRITTEN or len(written) <= most:
            sign, colour = _SIGNS[one.what]
            screen.print(Text.assemble(INDENT, (sign, colour), f" {said(one)}"), soft_wrap=True)


def said(one: Happening) -> str:
    """Say what happened, in a line."""
    if not one.claim:
        return one.text if one.text.startswith(one.device) else f"{one.device}: {one.text or one.what.value}"
    if one.after is None and one.what is not Happened.FOUND:
        told = _WORDS[one.what] if one.what is Happened.TAKEN_AWAY else f"{one.what.value}: gone"
        return f"{one.claim} on {one.device}  {told}"
    if one.what is Happened.FOUND and (one.before is None or one.after is None):
        return f"{one.claim} on {one.device}  drift: {one.text}"
    if one.what is Happened.FOUND:
        changes = ", ".join(f"{each.words} {each.before}, not {each.after}" for each in _merged_of(one))
        return f"{one.claim} on {one.device}  drift: {changes}"
    words = [_WORDS[one.what], changes_said(one)]
    return f"{one.claim} on {one.device}  {': '.join(filter(None, words))}".rstrip()


def changes_said(one: Happening | Move) -> str:
    """Say which fields become what; a speed in one word."""
    return ", ".join(map(str, _merged_of(one)))


def _merged_of(one: Happening | Move) -> Iterator[FieldChange]:
    return _merged(field_changes(one.before, one.after, one.fields))


def _merged(found: Iterable[FieldChange]) -> Iterator[FieldChange]:
    """Yield changes of fields, both directions of a speed as one."""
    by_name = {one.name: one for one in found}
    down, up = by_name.get("download_kbit"), by_name.get("upload_kbit")
    for name, one in by_name.items():
        if name == "upload_kbit" and down is not None:
            continue
        if name == "download_kbit" and up is not None:
            before = None if one.before is None else f"{one.before}/{up.before}"
            yield FieldChange("kbit/s", before, f"{one.after}/{up.after}")
        else:
            yield one


def tell_plan(screen: Console, moves: Iterable[Move]) -> None:
    """Tell what a command is about to change on devices."""
    for move in moves:
        spec = move.after or move.before
        name = resource_of(move.placement) if spec is None else claim_of(spec)
        told = "to be taken away" if move.after is None else changes_said(move)
        device = move.placement.rpartition("@")[2]
        screen.print(Text.assemble(INDENT, ("plan", "bold"), f"  {name} on {device}  {told}"), soft_wrap=True)


def tell_done(screen: Console, played: Played) -> None:
    """Tell what became of a plan; what moved by itself is told in full."""
    if not played.moves:
        tell_happenings(screen, played.happenings)
        return
    written = [one for one in played.happenings if one.what in _WRITTEN]
    if written:
        devices = ", ".join(dict.fromkeys(one.device for one in written))
        told = f"{counted(len(written), 'write')} on {devices}, read back"
        screen.print(Text.assemble(INDENT, ("done", "green"), f"  {told}"))


def tell_network(screen: Console, player: Player, steps: Iterable[Played]) -> None:
    """Tell what stands on the devices, and what was changed there by hand, found and mended."""
    screen.rule("On the network", align="left", style="cyan")
    for name, device in player.network.devices.items():
        stands = Counter(one.spec.word for one in device.standing().values())
        what = ", ".join(f"{number} {word}" for word, number in stands.items()) or "nothing"
        screen.print(f"{name:<10}  {what}; {counted(device.writes, 'write')} in three months", style="dim")
    for one in (each for played in steps for each in played.happenings):
        if one.what in _DRIFT:
            sign, colour = _SIGNS[one.what]
            told = Text.assemble(f"{one.on:%d/%m/%Y}  ", (sign, colour), f" {said(one)}")
            screen.print(told, soft_wrap=True)
    left = player.network.to_do()
    screen.print(
        "nothing is left to do there" if not left else f"{counted(left, 'placement')} to do",
        style="green" if not left else "red",
    )
    screen.print()


_DRIFT = (Happened.BY_HAND, Happened.FOUND, Happened.MENDED)
