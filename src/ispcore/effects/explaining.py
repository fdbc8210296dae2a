"""Why a placement is not as it is wanted: told in sentences, the first thing to do last."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ispcore.effects.work import Trouble

if TYPE_CHECKING:
    from datetime import datetime

    from ispcore.effects.ports import Lagging

_WAYS = {
    Trouble.DEAD.value: "It was refused or failed too often. Mend what is wrong, then retry it.",
    Trouble.CONFLICT.value: "Something that is not ours stands in its place. Remove it, or adopt it.",
    Trouble.CONTESTED.value: "Somebody changes it back again and again. Find out who, then retry it.",
}


def explained(lagging: Lagging) -> Iterator[str]:
    """Yield why *lagging* waits; nothing but its generations where nothing keeps it."""
    count = f"Generation {lagging.generation} is wanted, {lagging.applied_generation} was applied"
    if lagging.applied_generation >= lagging.generation:
        yield f"{count}: it stands as it is wanted."
        return
    yield f"{count}; it waits since {_at(lagging.moved_at)}."
    if lagging.unreadable is not None:
        yield f"Nobody can work on it: {lagging.unreadable}"
    if lagging.in_doubt:
        yield "Somebody began to write it and was lost: the device is looked at before anything is written."
    if lagging.writing_until is not None:
        yield f"A worker has it, until {_at(lagging.writing_until)} at most."
    yield from _tried(lagging)
    if lagging.held_until is not None:
        yield f"Somebody holds it until {_at(lagging.held_until)}."
    if lagging.waits_for:
        yield f"It needs {', '.join(map(repr, lagging.waits_for))}, which does not stand yet."
    if lagging.device_waits is not None:
        yield f"Nobody works on {lagging.device}: {lagging.device_waits}"
    if lagging.trouble is not None:
        yield _WAYS.get(lagging.trouble, "It waits for a person.")


def _tried(lagging: Lagging) -> Iterator[str]:
    if lagging.error is not None:
        yield f"The last attempt ({lagging.attempts}) said: {lagging.error.get('text')}"
    if lagging.try_at is not None:
        yield f"It is tried again at {_at(lagging.try_at)}."


def _at(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M:%S} UTC"
