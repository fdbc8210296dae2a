"""Reading documents: tables of plain values, taken apart key by key, with every problem noted.

A reader asks a :class:`Table` for what it needs. What is missing or wrong is noted with its place and a
stand-in is handed out, so that one reading finds all problems; whoever began it raises them at the end.
Only tables that are asked for are walked, so depth and size of a hostile document do no harm.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from enum import Enum
from typing import Any, TypeAlias, TypeVar, overload

from attrs import define, field, frozen

from ispcore.errors import DocumentError, InvalidValueError
from ispcore.values.kinds import CODE, Kind, shown

T = TypeVar("T")
D = TypeVar("D")

Plain: TypeAlias = "str | int | list[Plain] | dict[str, Plain]"

_BARE = re.compile(r"[A-Za-z0-9_-]{1,60}\Z")
_LONGEST = 60
_DEEPEST = 32
_MOST_LISTED = 20


class _Required(Enum):
    """Tells "no default" from the default None."""

    REQUIRED = "required"


_REQUIRED = _Required.REQUIRED


@frozen
class Problem:
    """One thing wrong in a document: where, what, the way out, and the line when it is known."""

    place: str
    message: str
    hint: str | None = None
    line: int | None = None

    def __str__(self) -> str:
        """Say it in one line: ``line 12: plans.adsl.name: This key is required.``."""
        where = [f"line {self.line}"] if self.line is not None else []
        where += [self.place] if self.place else []
        text = f"{self.message} {self.hint}" if self.hint else self.message
        return ": ".join([*where, text])


@frozen
class Reference:
    """A place that names an entry of another *section*."""

    place: str
    section: str
    code: str


@define
class Notes:
    """What was noted while reading: problems, and references that are checked at the end."""

    problems: list[Problem] = field(factory=list)
    references: list[Reference] = field(factory=list)

    def check_references(self, known: Mapping[str, tuple[str, Collection[str]]]) -> None:
        """Note each reference to an entry that is not *known*: by section, its word for one and its codes."""
        for reference in self.references:
            what, codes = known[reference.section]
            if reference.code not in codes:
                message = f"There is no {what} {shown(reference.code)}."
                self.problems.append(Problem(reference.place, message, suggestion(reference.code, codes)))

    def raise_problems(self, what: str) -> None:
        """Raise DocumentError about *what* if there is any problem."""
        if self.problems:
            raise DocumentError(what, self.problems)


class Table:
    """One table of a document, at its place.

    Every key that is asked for is known from then on; :meth:`close` notes the others.
    """

    def __init__(self, values: object, notes: Notes, place: str = "") -> None:
        """Open *values*; what is no table is noted and read as an empty one."""
        self.place = place
        self.notes = notes
        self._asked: set[str] = set()
        self._before = len(notes.problems)
        self._is_table = isinstance(values, Mapping)
        self._values: Mapping[Any, object] = values if isinstance(values, Mapping) else {}
        if not self._is_table:
            self.problem(f"{shown(values)} is not a table of keys and values.")

    @property
    def clean(self) -> bool:
        """Whether no problem was noted since the table was opened."""
        return len(self.notes.problems) == self._before

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands in the table."""
        return not self._values

    def __contains__(self, key: str) -> bool:
        """Tell whether the document has *key* here."""
        self._asked.add(key)
        return key in self._values

    def problem(self, message: str, hint: str | None = None, *, at: str | None = None) -> None:
        """Note a problem of the table, or of what stands *at* a key (or ``key[0]``) of it."""
        place = self.place if at is None else _join(self.place, at)
        self.notes.problems.append(Problem(place, message, hint))

    @overload
    def get(self, key: str, kind: Kind[T]) -> T: ...
    @overload
    def get(self, key: str, kind: Kind[T], *, default: D) -> T | D: ...
    def get(self, key: str, kind: Kind[T], *, default: D | _Required = _REQUIRED) -> T | D:
        """Return what stands at *key*, or the *default*; without one the key is required."""
        if key in self:
            return self._parsed(self._values[key], kind, _key(key))
        if isinstance(default, _Required):
            if self._is_table:  # what is no table has been told already
                self.problem("This key is required.", at=_key(key))
            return kind.stand_in
        return default

    def many(self, key: str, kind: Kind[T]) -> tuple[T, ...]:
        """Return the list that stands at *key*; none is an empty one."""
        return tuple(self._parsed(value, kind, at) for at, value in self._items(key))

    @overload
    def refer(self, key: str, section: str) -> str: ...
    @overload
    def refer(self, key: str, section: str, *, default: D) -> str | D: ...
    def refer(self, key: str, section: str, *, default: D | _Required = _REQUIRED) -> str | D:
        """Return the code at *key*, which must name an entry of *section*."""
        before = len(self.notes.problems)
        given = key in self
        code = self.get(key, CODE) if isinstance(default, _Required) else self.get(key, CODE, default=default)
        if given and isinstance(code, str) and len(self.notes.problems) == before:
            self.notes.references.append(Reference(_join(self.place, _key(key)), section, code))
        return code

    def refer_many(self, key: str, section: str) -> tuple[str, ...]:
        """Return the codes listed at *key*, each of which must name an entry of *section*."""
        codes = []
        for at, value in self._items(key):
            code = self._parsed(value, CODE, at)
            if code:
                self.notes.references.append(Reference(_join(self.place, at), section, code))
                codes.append(code)
        return tuple(codes)

    def table(self, key: str) -> Table:
        """Return the table at *key*; none is an empty one."""
        values = self._values[key] if key in self else {}
        return Table(values, self.notes, _join(self.place, _key(key)))

    def rows(self, key: str) -> tuple[Table, ...]:
        """Return the list of tables at *key*."""
        return tuple(Table(value, self.notes, _join(self.place, at)) for at, value in self._items(key))

    def named(self) -> Iterator[tuple[str, Table]]:
        """Yield each code of the table with the table that stands there."""
        for code in tuple(self._values):
            self._asked.add(code)
            place = _join(self.place, _key(code))
            if self._parsed(code, CODE, _key(code)):
                yield code, Table(self._values[code], self.notes, place)

    def counts(self, kind: Kind[T]) -> dict[str, T]:
        """Return each code of the table with the value that stands there."""
        codes = [code for code in self._values if self._parsed(code, CODE, _key(code))]
        return {code: self.get(code, kind) for code in codes}

    def raw(self) -> Mapping[str, Any]:
        """Return the table as it stands, for another reader; every key counts as known."""
        self._asked.update(key for key in self._values if isinstance(key, str))
        return self._values

    def close(self) -> None:
        """Note each key that nobody asked for."""
        for key in self._values:
            if key not in self._asked:
                self.problem("This key is not known here.", suggestion(key, self._asked), at=_key(key))

    def _parsed(self, value: object, kind: Kind[T], at: str) -> T:
        try:
            return kind.parse(value)
        except InvalidValueError as error:
            self.problem(error.message, error.hint, at=at)
            return kind.stand_in

    def _items(self, key: str) -> Iterator[tuple[str, object]]:
        values = self._values[key] if key in self else []
        if isinstance(values, list | tuple):
            yield from ((f"{_key(key)}[{n}]", value) for n, value in enumerate(values))
        else:
            self.problem(f"{shown(values)} is not a list.", "Write it in brackets: [...].", at=_key(key))


def nearest(word: object, known: Iterable[str]) -> str | None:
    """Return the one of *known* that looks most like *word*, or None."""
    if not isinstance(word, str):
        return None
    return next(iter(difflib.get_close_matches(word[:_LONGEST], sorted(known), n=1)), None)


def suggestion(word: object, known: Collection[str]) -> str:
    """Return a hint for a wrong *word*: the nearest of *known*, or what there is."""
    found = nearest(word, known)
    if found is not None:
        return f"Did you mean {found!r}?"
    if not known:
        return "None is known yet."
    more = f" and {len(known) - _MOST_LISTED} more" if len(known) > _MOST_LISTED else ""
    return f"Known are: {', '.join(sorted(known)[:_MOST_LISTED])}{more}."


def plain(value: object) -> Plain:
    """Return *value* as text, whole numbers, truth values, lists and dicts: days become ISO text.

    Raises:
        InvalidValueError: it is nested too deeply, or nothing that a document holds.
    """
    return _plain(value, 0)


def _plain(value: object, depth: int) -> Plain:
    if depth > _DEEPEST:
        raise InvalidValueError(f"The document is nested more than {_DEEPEST} levels deep.")
    if isinstance(value, Mapping):
        return {str(key): _plain(inner, depth + 1) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner, depth + 1) for inner in value]
    if isinstance(value, str | int):
        return value
    if isinstance(value, date):
        return value.isoformat()
    raise InvalidValueError(f"{shown(value)} ({type(value).__name__}) is nothing that a document keeps.")


def _key(key: object) -> str:
    """Return *key* as it stands in a place: quoted when it has to be."""
    text = str(key) if isinstance(key, str) else shown(key)
    if _BARE.match(text):
        return text
    return json.dumps(text[:_LONGEST], ensure_ascii=not text.isprintable())


def _join(place: str, key: str) -> str:
    return f"{place}.{key}" if place else key
