"""What pages are made of: headings, paragraphs, lists, tables, rules, and what stands around them."""

from __future__ import annotations

from enum import Enum
from typing import TypeAlias

from attrs import field, frozen

from ispcore.values import as_tuple


class Align(Enum):
    """Where the lines of a text stand."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"
    JUSTIFY = "justify"


class Mark(Enum):
    """What stands in a text and is no character of it."""

    BREAK = "br"
    """A new line."""
    PAGE = "page"
    """The number of the page."""
    PAGES = "pages"
    """How many pages there are."""


@frozen
class Run:
    """Some characters, all of one face."""

    text: str
    bold: bool = False
    italic: bool = False


Line: TypeAlias = "tuple[Run | Mark, ...]"
"""What flows in lines: characters and marks."""


@frozen
class Text:
    """A heading of level 1 to 3, or a paragraph where the level is 0."""

    line: Line = field(converter=as_tuple)
    level: int = 0
    align: Align = Align.LEFT


@frozen
class Items:
    """A list, numbered or not."""

    items: tuple[Line, ...] = field(converter=as_tuple)
    numbered: bool = False


@frozen
class Cell:
    """A cell of a table."""

    line: Line = field(converter=as_tuple)
    head: bool = False
    align: Align = Align.LEFT


@frozen
class Rows:
    """A table: as many cells in each row as in every other.

    ``widths`` are the columns' shares of the width, all alike where they are empty; a ``plain`` one has no
    lines. The rows at the top that are all heads stand again on each page.
    """

    rows: tuple[tuple[Cell, ...], ...] = field(converter=as_tuple)
    widths: tuple[int, ...] = field(default=(), converter=as_tuple)
    plain: bool = False

    @property
    def heads(self) -> int:
        """How many rows at the top are heads, one row less than all at the most."""
        count = 0
        for row in self.rows[:-1]:
            if not all(cell.head for cell in row):
                break
            count += 1
        return count


class Divider(Enum):
    """What parts blocks."""

    RULE = "hr"
    """A line across the page."""
    CUT = "cut"
    """A dashed line, to cut along."""
    PAGE = "page-break"


@frozen
class Together:
    """Blocks that no page's end parts, as long as they fit on one."""

    blocks: tuple[Block, ...] = field(converter=as_tuple)


Block: TypeAlias = "Text | Items | Rows | Divider | Together"


@frozen
class Sheets:
    """All that is to be printed: the blocks, and the line above and below them on every page."""

    blocks: tuple[Block, ...] = field(converter=as_tuple)
    header: Line = ()
    footer: Line = (Mark.PAGE, Run(" of "), Mark.PAGES)

    @property
    def title(self) -> str:
        """What the first heading says, if there is one."""
        for block in self.blocks:
            if isinstance(block, Text) and block.level:
                return "".join(piece.text for piece in block.line if isinstance(piece, Run))
        return ""
