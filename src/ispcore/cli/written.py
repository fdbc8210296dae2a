"""Commands written on the command line: a name, and fields as ``name=value``.

Every command can be written so: its fields are read by what they are annotated with. What lies inside a value
is named with points, ``details.name=Ana``, and things of a list by number, ``addresses.1.city=Londrina``. The
spec of a component has a ``spec.kind``; a secret is no part of a command line.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, TypeAlias, Union, get_args, get_origin, get_type_hints

import attrs

from ispcore.driver import KINDS, Spec
from ispcore.errors import InvalidValueError
from ispcore.usecases import AnyCommand
from ispcore.values import DAY, DECIMAL, Money, suggestion

if TYPE_CHECKING:
    from ispcore.values import Currency

Written: TypeAlias = "dict[str, str | Written]"

_FLAGS = {"yes": True, "true": True, "no": False, "false": False}
_WORD = re.compile(r"(?<=[a-z])(?=[A-Z])")


def commands() -> dict[str, type[Any]]:
    """Return every command by the word that it is written with: ``record-payment``."""
    found = {each for kind in get_args(AnyCommand) for each in _leaves(kind)}
    return {_WORD.sub("-", kind.__name__).lower(): kind for kind in found}


def _leaves(kind: type[Any]) -> Iterator[type[Any]]:
    # attrs makes a class anew for its slots, so the first one is looked past.
    below = [
        one for one in kind.__subclasses__() if getattr(sys.modules[one.__module__], one.__name__) is one
    ]
    if not below:
        yield kind
    for one in below:
        yield from _leaves(one)


def command_of(word: str, fields: Iterable[str], currency: Currency) -> Any:  # noqa: ANN401 - of some command
    """Return the command that is written as *word* with *fields*; amounts are of that *currency*.

    Raises:
        InvalidValueError: there is no such command or field, or a value does not fit.
    """
    known = commands()
    if word not in known:
        raise InvalidValueError(f"There is no command {word!r}.", hint=suggestion(word, known))
    return _made(known[word], _tree(fields), currency, "")


def _tree(fields: Iterable[str]) -> Written:
    """Return *fields* with what is named with points inside each other."""
    found: Written = {}
    for written in fields:
        name, is_one, value = written.partition("=")
        if not is_one:
            raise InvalidValueError(f"{written!r} is no field.", hint="Write it as name=value.")
        *outer, last = name.split(".")
        inside: Any = found
        for one in outer:
            inside = inside.setdefault(one, {})
        if not isinstance(inside, dict):
            raise InvalidValueError(f"{name!r} lies in a field that has a value already.")
        inside[last] = value
    return found


def _made(kind: type[Any], fields: Written, currency: Currency, place: str) -> Any:  # noqa: ANN401
    hints, known = get_type_hints(kind), {one.name: one for one in attrs.fields(kind)}
    for name in fields:
        if name not in known:
            message = f"{kind.__name__} has no field {name!r}."
            raise InvalidValueError(message, hint=suggestion(name, known))
    missing = [name for name, one in known.items() if one.default is attrs.NOTHING and name not in fields]
    if missing:
        needed = ", ".join(place + name for name in missing)
        raise InvalidValueError(f"{kind.__name__} needs {needed}.", hint="Write each as name=value.")
    values = {name: _value(hints[name], one, currency, place + name) for name, one in fields.items()}
    return kind(**values)


def _value(hint: Any, written: str | Written, currency: Currency, place: str) -> Any:  # noqa: ANN401
    """Return what is *written* as a value of the annotation *hint*."""
    hint = getattr(_one_of(hint), "__supertype__", _one_of(hint))
    origin = get_origin(hint)
    if origin in {tuple, frozenset}:
        parts: Iterable[str | Written] = (
            written.split(",")
            if isinstance(written, str)
            else [written[name] for name in sorted(written, key=_in_order)]
        )
        return origin(_value(get_args(hint)[0], part, currency, place) for part in parts)
    if isinstance(written, dict):
        if origin is Mapping:
            return written
        if hint is Spec:
            hint, written = _spec(written)
        if attrs.has(hint):
            return _made(hint, written, currency, f"{place}.")
        raise InvalidValueError(f"{place} has nothing inside it.", hint=f"Write {place}=value.")
    return _plain(hint, written, currency, place)


def _in_order(name: str) -> tuple[int, str]:
    return len(name), name


def _spec(written: Written) -> tuple[type[Spec], Written]:
    """Return the kind of component that is *written*, and its fields."""
    kind = str(written.get("kind", ""))
    if kind not in KINDS:
        raise InvalidValueError(f"There is no kind of component {kind!r}.", hint=suggestion(kind, KINDS))
    return KINDS[kind], {name: value for name, value in written.items() if name != "kind"}


def _one_of(hint: Any) -> Any:  # noqa: ANN401
    """Return what *hint* is beside None."""
    if get_origin(hint) in {Union, UnionType}:
        return next(one for one in get_args(hint) if one is not NoneType)
    return hint


def _plain(kind: Any, text: str, currency: Currency, place: str) -> Any:  # noqa: ANN401
    try:
        if kind is str:
            return text
        if kind is bool:
            return _FLAGS[text.lower()]
        if kind is int:
            return int(text)
        if kind is Money:
            return Money.of(text, currency)
        if kind in {date, Decimal}:
            return (DAY if kind is date else DECIMAL).parse(text)
        if isinstance(kind, type) and issubclass(kind, Enum):
            return kind(text)
    except (KeyError, ValueError) as error:
        hint = error.hint if isinstance(error, InvalidValueError) else _what_fits(kind)
        raise InvalidValueError(f"{place} cannot be {text!r}.", hint=hint) from error
    raise InvalidValueError(
        f"{place} cannot be written as one text.", hint=f"Write what lies inside it, as {place}.name=value."
    )


def _what_fits(kind: Any) -> str:  # noqa: ANN401
    if isinstance(kind, type) and issubclass(kind, Enum):
        return f"Use one of: {', '.join(str(one.value) for one in kind)}."
    return "Use yes or no." if kind is bool else "Use a whole number."
