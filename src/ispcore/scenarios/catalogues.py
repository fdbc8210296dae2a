"""The catalogue of a scenario: written in it, in a file beside it, or as changes to the one in force.

A file lies in the scenario's folder or below it; nothing else on the disk can be named.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeAlias, cast

from ispcore.catalog import read_catalogue
from ispcore.errors import DocumentError
from ispcore.values import Kind, Problem, Table, located, parse_toml

Load: TypeAlias = Callable[[str], bytes]
"""Gives the bytes of a file that a scenario names."""

_LARGEST = 10_000_000
_AS_IT_IS: Kind[object] = Kind(lambda value: value, None)
_BY_OWNER = "extra_fields"


def bytes_of(path: Path) -> bytes:
    """Return what the file *path* holds.

    Raises:
        DocumentError: it cannot be read, or is larger than any scenario.
    """
    try:
        with path.open("rb") as file:
            found = file.read(_LARGEST + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise DocumentError(str(path), [Problem("", f"It cannot be read: {reason}.")]) from error
    if len(found) > _LARGEST:
        raise DocumentError(str(path), [Problem("", f"It is larger than {_LARGEST} bytes.")])
    return found


def bytes_beside(folder: Path, name: str) -> bytes:
    """Return what the file *name* of *folder*, or of a folder in it, holds.

    Raises:
        DocumentError: it lies elsewhere, or cannot be read.
    """
    try:
        inside = (folder / name).resolve().is_relative_to(folder.resolve())
    except (OSError, ValueError, RuntimeError):  # a name that no file can have, or links in a circle
        inside = False
    if not inside:
        problem = Problem("", "It is no file in the scenario's folder.", "Put it beside the scenario.")
        raise DocumentError(name, [problem])
    return bytes_of(folder / name)


def read_document(table: Table, load: Load | None) -> Mapping[str, Any] | None:
    """Return the catalogue at ``catalogue`` of *table*, or of the file that it names; None with a problem."""
    if "catalogue" not in table:
        hint = "Write the catalogue in a table [catalogue], or name its file."
        table.problem("This key is required.", hint, at="catalogue")
        return None
    given = table.get("catalogue", _AS_IT_IS)
    if isinstance(given, Mapping):
        return _checked(table, "catalogue", cast("Mapping[str, Any]", given))
    if not isinstance(given, str) or load is None:
        table.problem("This is neither a table nor the name of a file beside the scenario.", at="catalogue")
        return None
    try:
        return _of_file(given, load(given))
    except DocumentError as error:
        for problem in error.problems:
            table.problem(f"{given!r}: {problem}", at="catalogue")
        return None


def _of_file(name: str, source: bytes) -> Mapping[str, Any]:
    document = parse_toml(source, name)
    try:
        read_catalogue(document)
    except DocumentError as error:
        raise located(error, source.decode("utf-8-sig")) from error
    return document


def read_changes(table: Table, document: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return *document* with the entries at ``changes`` of *table* added or put in place of others."""
    changes = table.table("changes")
    new = dict(document)
    for section, entries in changes.raw().items():
        old = new.get(section)
        new[section] = _joined(old, entries, deep=section == _BY_OWNER)
    return _checked(table, "changes", new)


def _joined(old: object, new: object, *, deep: bool) -> object:
    if not isinstance(old, Mapping) or not isinstance(new, Mapping):
        return new
    if deep:
        return {**old, **{key: _joined(old.get(key), value, deep=False) for key, value in new.items()}}
    return {**old, **new}


def _checked(table: Table, key: str, document: Mapping[str, Any]) -> Mapping[str, Any] | None:
    try:
        read_catalogue(document)
    except DocumentError as error:
        for problem in error.problems:
            if isinstance(problem, Problem):
                table.problem(problem.message, problem.hint, at=f"{key}.{problem.place}".removesuffix("."))
        return None
    return document
