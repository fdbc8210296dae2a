"""Command lines as patterns: which words come in which order, and where a line that was typed leaves them.

``"ont add <portid> [<ontid>] sn-auth <sn>"`` has words, ``<values>`` of a kind each, and ``[options]``.
A line is held against all patterns at once, so that what is wrong is told where the furthest of them ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from functools import cache
from typing import Generic, TypeVar

from attrs import define, field, frozen

T = TypeVar("T")

_PIECE = re.compile(r"\[|\]|<[^>]+>|[^\s\[\]]+")
_TOKEN = re.compile(r'"([^"]*)"?|(\S+)')


class Wrong(Enum):
    """What is wrong with a line that no pattern takes."""

    UNKNOWN = "unknown"
    """A word stands where another one belongs."""
    PARAMETER = "parameter"
    """A value is not of its kind."""
    INCOMPLETE = "incomplete"
    """Something must still come."""
    TOO_MANY = "too many"
    """Something comes after the end."""


@frozen
class Word:
    """A word of the command, typed as it stands, large or small."""

    text: str

    def takes(self, token: str) -> bool:
        """Tell whether *token* is this word."""
        return token.lower() == self.text.lower()


@frozen
class Value:
    """A value under its *name*; the *kind* is what follows a colon, ``<to:vlan>``, else called like it."""

    name: str
    kind: str


@frozen
class Option:
    """What may be left out."""

    pieces: tuple[Piece, ...]


Piece = Word | Value | Option


@frozen
class Kind:
    """A kind of value: what it looks like, and how the device describes it in a prompt."""

    looks: str
    hint: str


@frozen
class Token:
    """A word that was typed, and in which column of the line it begins."""

    text: str
    column: int


@define
class Reading(Generic[T]):
    """What became of a line: a *match* with its *values*, or what is *wrong* at a *column*.

    ``options`` is what could still be typed at its end.
    """

    match: T | None = None
    values: Mapping[str, str] = field(factory=dict)
    wrong: Wrong = Wrong.UNKNOWN
    column: int = 0
    options: tuple[Word | Value, ...] = ()


@cache
def pieces_of(pattern: str) -> tuple[Piece, ...]:
    """Return the pieces of a pattern."""
    stack: list[list[Piece]] = [[]]
    for piece in _PIECE.findall(pattern):
        if piece == "[":
            stack.append([])
        elif piece == "]":
            option = Option(tuple(stack.pop()))
            stack[-1].append(option)
        elif piece.startswith("<"):
            name, _, kind = piece[1:-1].partition(":")
            stack[-1].append(Value(name, kind or name))
        else:
            stack[-1].append(Word(piece))
    return tuple(stack[0])


def tokens_of(line: str) -> tuple[Token, ...]:
    """Return the words of a line; what is between quotes is one word."""
    return tuple(
        Token(found[1] if found[1] is not None else found[2], found.start())
        for found in _TOKEN.finditer(line)
    )


class Grammar:
    """Holds lines against patterns whose values are of these *kinds*."""

    def __init__(self, kinds: Mapping[str, Kind]) -> None:
        """Know the kinds."""
        self._kinds = kinds
        self._looks = {name: re.compile(kind.looks) for name, kind in kinds.items()}

    def hint(self, piece: Word | Value) -> str:
        """Return how a prompt describes what may come: ``desc<K>``, ``portid<U><0,15>``."""
        return f"{piece.text}<K>" if isinstance(piece, Word) else self._kinds[piece.kind].hint

    def read(self, line: str, choices: Iterable[tuple[str, T]]) -> Reading[T]:
        """Return what *line* is among *choices*, which are patterns and what they stand for."""
        tokens = tokens_of(line)
        failing = _Furthest(tokens, len(line))
        reading: Reading[T] = Reading()
        for pattern, choice in choices:
            for position, values in self._walk(pieces_of(pattern), tokens, 0, {}, failing):
                if position == len(tokens) and reading.match is None:
                    reading.match, reading.values = choice, values
                elif position < len(tokens):
                    failing.at(position, Wrong.TOO_MANY)
        reading.wrong, reading.column = failing.told()
        reading.options = tuple(dict.fromkeys(failing.options))
        return reading

    def _walk(
        self,
        pieces: Sequence[Piece],
        tokens: Sequence[Token],
        position: int,
        values: Mapping[str, str],
        failing: _Furthest,
    ) -> Iterator[tuple[int, Mapping[str, str]]]:
        """Yield each position at which *pieces* can end, options taken before options left out."""
        if not pieces:
            yield position, values
            return
        first, rest = pieces[0], pieces[1:]
        if isinstance(first, Option):
            yield from self._walk((*first.pieces, *rest), tokens, position, values, failing)
            yield from self._walk(rest, tokens, position, values, failing)
        elif position == len(tokens):
            failing.options.append(first)
        elif not self._takes(first, tokens[position].text):
            failing.at(position, Wrong.UNKNOWN if isinstance(first, Word) else Wrong.PARAMETER)
        else:
            new = values if isinstance(first, Word) else {**values, first.name: tokens[position].text}
            yield from self._walk(rest, tokens, position + 1, new, failing)

    def _takes(self, piece: Word | Value, token: str) -> bool:
        if isinstance(piece, Word):
            return piece.takes(token)
        return self._looks[piece.kind].fullmatch(token) is not None


@define
class _Furthest:
    tokens: Sequence[Token]
    end: int
    options: list[Word | Value] = field(factory=list)
    position: int = -1
    wrong: Wrong = Wrong.UNKNOWN

    def at(self, position: int, wrong: Wrong) -> None:
        if position > self.position:
            self.position, self.wrong = position, wrong
        elif position == self.position and self.wrong is not Wrong.PARAMETER and wrong is not Wrong.UNKNOWN:
            self.wrong = wrong

    def told(self) -> tuple[Wrong, int]:
        if self.options:
            return Wrong.INCOMPLETE, self.end
        return self.wrong, self.tokens[self.position].column if self.tokens else 0
