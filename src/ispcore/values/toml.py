"""TOML text: parsing it with clear problems, and finding the line that a place of a document stands on."""

from __future__ import annotations

import json
import re
import tomllib
from typing import TYPE_CHECKING, Any, TypeAlias

from attrs import evolve

from ispcore.errors import DocumentError
from ispcore.values.document import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Path: TypeAlias = "tuple[str | int, ...]"

_AT = re.compile(r" \(at line (\d+), column (\d+)\)\Z")
_AT_END = " (at end of document)"
_DEEPEST = 64
# Strings and comments, in the order in which TOML tells them apart.
_OPAQUE = re.compile(
    r'"""(?:\\.|[^\\])*?"""|\'\'\'.*?\'\'\'|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|#[^\n]*', re.DOTALL
)
_STEP = re.compile(r'\[(\d+)\]|("(?:\\.|[^"\\])*")|([^.\[\]"]+)')


def parse_toml(text: str | bytes, what: str) -> dict[str, Any]:
    """Return the document that the TOML *text* of *what* holds.

    Raises:
        DocumentError: it is not UTF-8, not TOML, or nested too deeply; with the line where known.
    """
    source = _decoded(text, what)
    try:
        document = tomllib.loads(source)
    except RecursionError:
        raise _unreadable(what, "It is nested too deeply.", None) from None
    except tomllib.TOMLDecodeError as error:
        raise _syntax_error(what, str(error), source) from None
    except ValueError:  # Python reads no whole number of more than some thousand digits
        raise _unreadable(what, "It holds a number that is too long.", None) from None
    if _is_deep(document):
        raise _unreadable(what, f"It is nested more than {_DEEPEST} levels deep.", None)
    return document


def _decoded(text: str | bytes, what: str) -> str:
    if isinstance(text, str):
        return text.removeprefix("\ufeff")
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = text.count(b"\n", 0, error.start) + 1
        raise _unreadable(what, "It is not UTF-8 text.", line, "Save it as UTF-8.") from None


def _syntax_error(what: str, message: str, source: str) -> DocumentError:
    found = _AT.search(message)
    if found is None:
        return _unreadable(
            what, f"It is not TOML: {message.removesuffix(_AT_END)}, at its end.", source.count("\n") + 1
        )
    return _unreadable(
        what, f"It is not TOML: {message[: found.start()]}, at column {found[2]}.", int(found[1])
    )


def _unreadable(what: str, message: str, line: int | None, hint: str | None = None) -> DocumentError:
    return DocumentError(what, [Problem("", message, hint, line)])


def _is_deep(document: object) -> bool:
    level: list[object] = [document]
    for _ in range(_DEEPEST):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return False
    return True


def _inside(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def located(error: DocumentError, text: str) -> DocumentError:
    """Return *error* with the line of each problem whose place is found in the TOML *text*, by line."""
    lines = _lines(text)
    problems = [
        evolve(problem, line=_nearest_line(lines, problem.place))
        if isinstance(problem, Problem) and problem.line is None
        else problem
        for problem in error.problems
    ]
    return DocumentError(
        error.what, sorted(problems, key=lambda problem: getattr(problem, "line", None) or 0)
    )


def locate(text: str, place: str) -> int | None:
    """Return the line of the TOML *text* where *place* stands, or else its table; None when unsure.

    >>> locate("currency = 'BRL'", "currency")
    1
    """
    return _nearest_line(_lines(text), place)


def _nearest_line(lines: dict[Path, int], place: str) -> int | None:
    path = _path(place)
    for length in range(len(path), 0, -1):
        if path[:length] in lines:
            return lines[path[:length]]
    return None


def _path(place: str) -> Path:
    return tuple(
        int(index) if index else json.loads(quoted) if quoted else bare
        for index, quoted, bare in _STEP.findall(place)
    )


def _lines(text: str) -> dict[Path, int]:
    """Return the first line of each key and table header of the TOML *text*."""
    found: dict[Path, int] = {}
    header: Path = ()
    counts: dict[Path, int] = {}
    for number, kind, keys in _statements(text):
        if kind == "key":
            path = (*header, *keys)
        else:
            path = header = _resolved(keys, counts, repeated=kind == "row")
        for length in range(1, len(path) + 1):
            found.setdefault(path[:length], number)
    return found


def _resolved(keys: Path, counts: dict[Path, int], *, repeated: bool) -> Path:
    """Return the path of a table header, with the index of each list of tables in it."""
    path: Path = ()
    for key in keys[:-1]:
        path = (*path, key)
        if path in counts:
            path = (*path, counts[path] - 1)
    path = (*path, *keys[-1:])
    if repeated:
        counts[path] = counts.get(path, 0) + 1
        path = (*path, counts[path] - 1)
    return path


def _statements(text: str) -> Iterator[tuple[int, str, Path]]:
    """Yield line, kind (key, table, row) and keys of each statement; lines inside a value are skipped."""
    masked = _OPAQUE.sub(lambda match: re.sub(r"[^\n]", _mask(match[0]), match[0]), text)
    depth = 0
    for number, (line, mask) in enumerate(zip(text.split("\n"), masked.split("\n"), strict=True), 1):
        start = mask.find("=")
        if depth == 0 and mask.lstrip().startswith("["):
            kind, inner = ("row", 2) if mask.lstrip().startswith("[[") else ("table", 1)
            yield number, kind, _keys(line[mask.index("[") + inner : mask.rfind("]") - inner + 1])
        elif depth == 0 and start >= 0:
            yield number, "key", _keys(line[:start])
            depth += _opened(mask[start:])
        else:
            depth += _opened(mask)


def _mask(opaque: str) -> str:
    return " " if opaque.startswith("#") else "_"


def _opened(mask: str) -> int:
    return sum(mask.count(left) for left in "[{") - sum(mask.count(right) for right in "]}")


def _keys(text: str) -> Path:
    """Return the keys of a dotted key, quoted or bare; what cannot be read is no key."""
    try:
        inner: object = tomllib.loads(f"{text.strip()} = 0")
    except ValueError:
        return ()
    keys = []
    while isinstance(inner, dict) and inner:
        key, inner = next(iter(inner.items()))
        keys.append(key)
    return tuple(keys)
