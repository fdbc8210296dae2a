"""Numbers reserved in blocks, for a transaction that gives out many; what is left is given back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from attrs import define, field

from ispcore.storage import numbers
from ispcore.storage.tables import numbers as table

if TYPE_CHECKING:
    from collections.abc import Mapping

SIZE = 100


@define
class Blocks:
    """The blocks of one transaction: by name the next number, and the first one after the block."""

    connection: sa.Connection
    blocks: dict[str, tuple[int, int]] = field(factory=dict)

    def take(self, name: str) -> int:
        """Give out the next number of this *name*."""
        number, end = self.blocks.get(name, (0, 0))
        if number == end:
            number = numbers.take(self.connection, name, SIZE)
            end = number + SIZE
        self.blocks[name] = (number + 1, end)
        return number

    def go_back(self, before: Mapping[str, tuple[int, int]], kept: Mapping[str, tuple[int, int]]) -> None:
        """Give out again what was given out since *before*, of the blocks *kept*."""
        self.blocks = {
            name: before[name] if name in before and before[name][1] == end else (end - SIZE, end)
            for name, (_, end) in kept.items()
        }

    def give_back(self) -> None:
        """Let the numbers that were not given out be the next ones, unless later ones were taken."""
        for name, (number, end) in self.blocks.items():
            same = (table.c.name == name) & (table.c.next == end)
            self.connection.execute(sa.update(table).where(same).values(next=number))
        self.blocks.clear()
