"""The strips that pictures are made of."""

from __future__ import annotations

from attrs import frozen

from ispcore.pages.labels import Piece
from ispcore.pages.window import Extent
from ispcore.values import Period


@frozen
class Strip:
    """A labelled stretch of one row: some days of the life, a cycle, a fragment or an entry.

    The label of one that is too short for any stands ``beside`` it.
    """

    period: Period
    extent: Extent
    kind: str
    label: tuple[Piece, ...]
    title: str
    row: int = 0
    anchor: str = ""
    beside: bool = False
