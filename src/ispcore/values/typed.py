"""Checking the types of a command's fields when it is made, so that a mistake is told where it was made.

Type checkers say the same earlier; this is for callers who use none, and for values from outside.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from types import UnionType
from typing import Any, NewType, Union, get_args, get_origin, get_type_hints

import attrs

from ispcore.errors import InvalidValueError

_FIRST, _LAST = date(1900, 1, 1), date(2199, 12, 31)


def check_types(instance: Any) -> None:  # noqa: ANN401 - any attrs object
    """Refuse *instance*, an attrs object, if a field holds something of another type than declared.

    Containers are checked from outside only. A day is a plain date between 1900 and 2199.

    Raises:
        InvalidValueError: a field does not fit; it is named with its value and what it takes.
    """
    for name, kinds in _kinds(instance.__class__).items():
        value = getattr(instance, name)
        if not any(_fits(value, kind) for kind in kinds):
            wanted = " or ".join("None" if kind is type(None) else kind.__name__ for kind in kinds)
            raise InvalidValueError(
                f"{type(instance).__name__}.{name} is {value!r} ({type(value).__name__}).",
                hint=f"It takes {wanted}.",
            )
        if isinstance(value, date) and not _FIRST <= value <= _LAST:
            raise InvalidValueError(
                f"{type(instance).__name__}.{name} is {value}.", hint=f"Use a day from {_FIRST} to {_LAST}."
            )


def _fits(value: object, kind: type) -> bool:
    if kind is int:
        return type(value) is int
    return isinstance(value, kind) and not (kind is date and isinstance(value, datetime))


@cache
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
