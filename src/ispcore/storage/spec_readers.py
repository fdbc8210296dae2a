"""What should stand on the network, from plain JSON: one reader a kind, made once.

A worker reads as many of these as it makes current, so each field is checked by a function that knows its
type, and nothing is looked up on the way. Nothing is guessed either: a value of another type is damage.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from types import NoneType
from typing import Any, get_args, get_type_hints

from attrs import fields

from ispcore.driver import KINDS, SecretRef, Spec, WriteOnly
from ispcore.errors import StorageError

_Read = Callable[[Any], Any]

_WRITE_ONLY = get_args(WriteOnly)[0]


def exactly(*kinds: type) -> _Read:
    """Return a function that lets a value of one of these very *kinds* pass, and refuses any other."""

    def read(value: Any) -> Any:  # noqa: ANN401 - plain JSON
        if type(value) not in kinds:
            named = " or ".join(kind.__name__ for kind in kinds)
            raise StorageError(f"A stored value is damaged: {value!r} should be {named}.")
        return value

    return read


_text = exactly(str)


def _secret_ref(plain: Any) -> SecretRef | None:  # noqa: ANN401 - plain JSON
    return None if plain is None else SecretRef(_text(plain["name"]))


def _texts(plain: Any) -> tuple[str, ...]:  # noqa: ANN401 - plain JSON
    return tuple(map(_text, exactly(list)(plain)))


def _word(kind: type[Enum], *, may_lack: bool) -> _Read:
    return lambda value: None if value is None and may_lack else kind(value)


def _reader(hint: Any) -> _Read:  # noqa: ANN401 - a type, or a union of types
    if hint == _WRITE_ONLY:
        return _secret_ref
    if hint == tuple[str, ...]:
        return _texts
    kinds = get_args(hint) or (hint,)
    if isinstance(kinds[0], type) and issubclass(kinds[0], Enum):
        return _word(kinds[0], may_lack=NoneType in kinds)
    if not set(kinds) <= {str, int, bool, NoneType}:
        raise TypeError(f"Nothing is known of how {hint} is stored.")
    return exactly(*kinds)


def _reader_of(kind: type[Spec]) -> Callable[[dict[str, Any]], Spec]:
    hints = get_type_hints(kind)
    readers = {one.name: _reader(hints[one.name]) for one in fields(kind)}

    def read(plain: dict[str, Any]) -> Spec:
        return kind(**{name: readers[name](value) for name, value in plain.items() if name != "kind"})

    return read


_READERS = {word: _reader_of(kind) for word, kind in KINDS.items()}


def read_spec(plain: Any) -> Spec:  # noqa: ANN401 - plain JSON
    """Return what *plain* stands for; whatever is raised means that it does not fit."""
    return _READERS[_text(plain["kind"])](plain)
