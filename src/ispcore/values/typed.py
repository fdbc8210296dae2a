"""Checking the types of a command's fields when it is made, so that a mistake is told where it was made.

Type checkers say the same earlier; this is for callers who use none, and for values from outside.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import cache
from types import UnionType
from typing import Any, NewType, Union, get_args, get_origin, get_type_hints

import attrs

from ispcore.errors import InvalidValueError

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
"""The days that anybody can mean."""
_LONGEST = 10_000
_SHOWN = 60
_TAKEN_AS_THEY_ARE = frozenset({type(None), bool, int})
# NUL, and halves of characters that no encoding can write.
_UNKEPT = re.compile("[\x00\ud800-\udfff]")


def check_types(instance: Any) -> None:  # noqa: ANN401 - any attrs object
    """Refuse *instance*, an attrs object, if a field holds something of another type than declared.

    Values within it are checked too, also those in tuples and sets. A day is a plain date between 1900 and
    2199; a text can be kept and is not endless.

    Raises:
        InvalidValueError: a field does not fit; it is named with its value and what it takes.
    """
    for name, kinds, within in _fields(instance.__class__):
        value = getattr(instance, name)
        _check(instance, name, value, kinds)
        if within and isinstance(value, tuple | frozenset):
            for each in value:
                _check(instance, name, each, within)


def _check(instance: object, name: str, value: object, kinds: tuple[type, ...]) -> None:
    found = type(value)
    # The kind itself nearly always is what was given; then only few kinds are looked into.
    if found not in kinds and not any(_fits(value, kind) for kind in kinds):
        wanted = " or ".join("None" if kind is type(None) else kind.__name__ for kind in kinds)
        shown = repr(value)[:_SHOWN]
        raise InvalidValueError(
            f"{_place(instance, name)} is {shown} ({found.__name__}).", hint=f"It takes {wanted}."
        )
    if found in _TAKEN_AS_THEY_ARE:
        return
    if isinstance(value, date) and not FIRST_DAY <= value <= LAST_DAY:
        raise InvalidValueError(
            f"{_place(instance, name)} is {value}.", hint=f"Use a day from {FIRST_DAY} to {LAST_DAY}."
        )
    if isinstance(value, str) and (len(value) > _LONGEST or _UNKEPT.search(value)):
        raise InvalidValueError(
            f"{_place(instance, name)} is no text that can be kept.",
            hint=f"Use up to {_LONGEST} real characters.",
        )
    if hasattr(found, "__attrs_attrs__"):
        check_types(value)


def _place(instance: object, name: str) -> str:
    return f"{type(instance).__name__}.{name}"


def _fits(value: object, kind: type) -> bool:
    if kind is int:
        return type(value) is int
    return isinstance(value, kind) and not (kind is date and isinstance(value, datetime))


def _kinds_within(owner: type[Any]) -> dict[str, tuple[type, ...]]:
    """Return, for each field that is a tuple or a set, what it holds."""
    hints = get_type_hints(owner)
    parts = {name: [hint, *get_args(hint)] for name, hint in hints.items()}
    holders = {
        name: next(part for part in some if get_origin(part) in (tuple, frozenset))
        for name, some in parts.items()
        if any(get_origin(part) in (tuple, frozenset) for part in some)
    }
    return {name: _runtime_types(get_args(holder)[0]) for name, holder in holders.items()}


@cache
def _fields(owner: type[Any]) -> tuple[tuple[str, tuple[type, ...], tuple[type, ...]], ...]:
    """Return the name of each field with the kinds that it takes, and those within it."""
    within = _kinds_within(owner)
    return tuple((name, kinds, within.get(name, ())) for name, kinds in _kinds(owner).items())


def _kinds(owner: type[Any]) -> dict[str, tuple[type, ...]]:
    hints = get_type_hints(owner)
    return {field.name: _runtime_types(hints[field.name]) for field in attrs.fields(owner)}


def _runtime_types(hint: Any) -> tuple[type, ...]:  # noqa: ANN401 - a type hint
    if isinstance(hint, NewType):
        return _runtime_types(hint.__supertype__)
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        return tuple(kind for part in get_args(hint) for kind in _runtime_types(part))
    return (origin or hint,)


def check_length(what: str, text: str | None, longest: int) -> None:
    """Refuse a *text* of more than *longest* characters; None is short enough.

    Raises:
        InvalidValueError: it is longer.
    """
    if text is not None and len(text) > longest:
        raise InvalidValueError(
            f"The {what} {text[:_SHOWN]!r}... has {len(text)} characters.", hint=f"Use up to {longest}."
        )
