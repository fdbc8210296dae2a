"""Lifting old payloads: a fact keeps the shape it was written in, and is read in today's.

An upcaster turns the plain payload of one schema version into that of the next. They are pure and chained.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from attrs import field, frozen

from ispcore.errors import InvalidValueError

Payload: TypeAlias = "dict[str, Any]"
Upcaster: TypeAlias = "Callable[[Payload], Payload]"


@frozen
class Upcasters:
    """The steps that lift payloads, by fact kind and the version they lift from."""

    steps: Mapping[tuple[str, int], Upcaster] = field(factory=dict)

    def current(self, kind: str) -> int:
        """Return the schema version in which *kind* is written today."""
        version = 1
        while (kind, version) in self.steps:
            version += 1
        return version

    def lift(self, kind: str, version: int, payload: Payload) -> Payload:
        """Return *payload* of that *version* in today's shape.

        Raises:
            InvalidValueError: the fact was written by a later ispcore.
        """
        if version > self.current(kind):
            raise InvalidValueError(
                f"A fact {kind} has schema version {version}; this ispcore reads up to {self.current(kind)}.",
                hint="Use the ispcore that wrote it, or a later one.",
            )
        while step := self.steps.get((kind, version)):
            payload, version = step(payload), version + 1
        return payload
