"""What a terminal would show for what a device sends: carriage returns, backspaces and moves are carried out.

So erased pagers and wrapped echoes need no tables. A screen tells at each character that could end a prompt,
and takes the stream in any pieces.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_NO_TEXT = r"\x00-\x1f\x7f"
_MOVE = re.compile(r"\x1b\[(\d*)([CDGK])")
_WIDEST = 4096
# Tables are full of lines that could each end a pager at every character: the last one is looked at.
_RULE = r"--+(?=-)"
# The start of an escape sequence whose rest has not come yet.
_BROKEN = re.compile(r"\x1b(?:\[[0-9;?]*[ -/]*|[()])?\Z")


class Screen:
    """The lines that have been printed, and the one that the cursor is in."""

    def __init__(self, *, encoding: str, ends: str) -> None:
        """Begin empty; *ends* are the characters after which :meth:`print` lets the caller look."""
        ending = re.escape(ends)
        self._pieces = re.compile(
            rf"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b[()].|\x1b.|[{_NO_TEXT}]|{_RULE}"
            rf"|[^{_NO_TEXT}{ending}]*[{ending}]|[^{_NO_TEXT}{ending}]+",
            re.DOTALL,
        )
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._rest = ""
        self._ends = ends
        self._line = ""
        self._column = 0
        self.lines: list[str] = []

    @property
    def line(self) -> str:
        """The line that the cursor is in."""
        return self._line

    def print(self, some: bytes) -> Iterator[None]:
        """Print *some*, and pause after each line and each character that could end a prompt."""
        text = self._rest + self._decoder.decode(some)
        broken = _BROKEN.search(text)
        self._rest = broken.group() if broken else ""
        for piece in self._pieces.findall(text.removesuffix(self._rest)):
            self._show(piece)
            could_end = piece[-1] in self._ends and piece[0] != "\x1b" and piece[-2:] != "--"
            if piece == "\n" or could_end:
                yield

    def erase(self, text: str) -> None:
        """Take *text* off the end of the line, and the cursor with it."""
        self._line = self._line.rstrip().removesuffix(text.rstrip())
        self._column = len(self._line)

    def end_line(self) -> None:
        """Go on at the start of the next line."""
        self.lines.append(self._line.rstrip())
        self._line, self._column = "", 0

    def _show(self, piece: str) -> None:
        if piece == "\n":
            self.end_line()
        elif piece == "\r":
            self._column = 0
        elif piece == "\b":
            self._column = max(0, self._column - 1)
        elif piece == "\t" or (piece[0] >= " " and piece[0] != "\x7f"):
            self._write(piece)
        elif move := _MOVE.fullmatch(piece):
            self._move(int(move[1] or "0"), move[2])

    def _write(self, text: str) -> None:
        before = self._line[: self._column].ljust(self._column)
        self._line = before + text + self._line[self._column + len(text) :]
        self._column += len(text)

    def _move(self, count: int, how: str) -> None:
        if how == "K":
            self._erase_line(count)
        elif how == "C":
            self._column = min(self._column + max(1, count), _WIDEST)
        elif how == "D":
            self._column = max(0, self._column - max(1, count))
        else:
            self._column = min(max(1, count), _WIDEST) - 1

    def _erase_line(self, which: int) -> None:
        before, after = self._line[: self._column], self._line[self._column :]
        self._line = before if which == 0 else " " * len(before) + (after if which == 1 else "")
