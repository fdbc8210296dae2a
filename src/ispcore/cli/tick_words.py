"""Telling what time did in a story, and what customers were told: a line or two for each day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from ispcore.cli.network_words import INDENT
from ispcore.cli.plain import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console

    from ispcore.notices import Message
    from ispcore.scenarios.passing import Told
    from ispcore.tick import Tick

_SAID = {
    ("tasks", "done"): ("task", "carried out"),
    ("slips", "issued"): ("slip", "issued"),
    ("documents", "documents"): ("document", "asked for"),
    ("issuing", "authorised"): ("document", "authorised"),
    ("late", "reduced"): ("subscription", "reduced"),
    ("late", "blocked"): ("subscription", "blocked"),
    ("late", "restored"): ("hold", "lifted"),
    ("handing over", "told"): ("notice", "handed over"),
}
_MOST = 4
"""So many messages are told of one day; more are counted."""


def tell_ticks(screen: Console, ticks: Sequence[Tick], told: Sequence[Told]) -> None:
    """Tell what *ticks* did, each with its day, and what customers were *told*."""
    for tick in ticks:
        done = ", ".join(_done(tick))
        if done:
            screen.print(Text.assemble(f"{tick.on:%d/%m/%Y}  ", ("tick", "bold"), "  ", (done, "dim")))
        for problem in tick.problems:
            screen.print(f"{INDENT}{problem}", style="red", markup=False)
        _tell_messages(screen, [one.message for one in told if one.on == tick.on])


def _tell_messages(screen: Console, told: Sequence[Message]) -> None:
    for message in told[:_MOST]:
        said = f"{message.recipient}: {message.subject or message.text}"
        screen.print(Text.assemble(INDENT, ("✉", "yellow"), f" {said}"), soft_wrap=True)
    if len(told) > _MOST:
        screen.print(f"{INDENT}and {counted(len(told) - _MOST, 'message')} more", style="dim")


def _done(tick: Tick) -> Iterator[str]:
    counts = {(one.name, name): number for one in tick.chores for name, number in one.counts.items()}
    for key, (word, done) in _SAID.items():
        if counts.get(key):
            yield f"{counted(counts[key], word)} {done}"
