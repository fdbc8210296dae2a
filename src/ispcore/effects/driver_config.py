"""A device's configuration: stored as plain JSON, read into the class that its driver declares.

A field of the type :class:`~ispcore.values.SecretText` is secret. What is stored of it is where it is:
``{"secret": "ref"}`` in the secret store, ``{"env": "NAME"}`` in the environment, ``{"file": "path"}`` in a
file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from enum import Enum
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from attrs import NOTHING, fields, frozen

from ispcore.errors import DocumentError, IspcoreError
from ispcore.values import Problem, SecretText

C = TypeVar("C")


class Kept(Enum):
    """Where a secret of a configuration is."""

    SECRET = "secret"  # noqa: S105 - a word, not a password
    ENV = "env"
    FILE = "file"


@frozen
class SecretSource:
    """Where one secret is, and its name there."""

    kept: Kept
    name: str


def secret_sources(config: Mapping[str, Any]) -> tuple[SecretSource, ...]:
    """Return where the secrets of a stored configuration are."""
    return tuple(source for value in config.values() if (source := _source(value)) is not None)


def read_config(
    cls: type[C],
    stored: Mapping[str, Any],
    resolve: Callable[[SecretSource], SecretText],
    what: str = "The device's configuration",
) -> C:
    """Return the configuration in *stored*, its secrets looked up by *resolve*.

    Raises:
        DocumentError: it does not fit; every problem is listed, and no secret is told.
    """
    hints = get_type_hints(cls)
    values: dict[str, Any] = {}
    known = {one.name: one for one in fields(cls)}  # type: ignore[arg-type] # an attrs class, by the contract
    others = f"There are: {', '.join(known)}."
    problems = [Problem(name, "There is no such setting.", others) for name in stored if name not in known]
    for name, one in known.items():
        if name in stored:
            try:
                values[name] = _value(hints[name], stored[name], resolve)
            except (_Unfit, IspcoreError) as error:
                problems.append(Problem(name, str(error)))
        elif one.default is NOTHING:
            problems.append(Problem(name, "It is missing."))
    if problems:
        raise DocumentError(what, problems)
    return cls(**values)


class _Unfit(Exception):  # noqa: N818 - becomes a problem
    pass


def _value(hint: Any, plain: Any, resolve: Callable[[SecretSource], SecretText]) -> Any:  # noqa: ANN401 - plain JSON
    kinds = get_args(hint) if get_origin(hint) in {Union, UnionType} else (hint,)
    if plain is None and NoneType in kinds:
        return None
    (kind,) = [one for one in kinds if one is not NoneType][:1]
    if kind is SecretText:
        return resolve(_source_of(plain))
    if get_origin(kind) is tuple and isinstance(plain, list | tuple):
        return tuple(_value(get_args(kind)[0], each, resolve) for each in plain)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _of_enum(kind, plain)
    if kind is Decimal:
        return _decimal(plain)
    if type(plain) is not kind:
        raise _Unfit(f"{plain!r} should be {_said(kind)}.")
    return plain


def _source_of(plain: object) -> SecretSource:
    source = _source(plain)
    if source is None:
        raise _Unfit(
            "A secret does not stand in a configuration: say where it is, "
            '{"secret": "NAME"}, {"env": "NAME"} or {"file": "PATH"}.'
        )
    return source


def _source(plain: object) -> SecretSource | None:
    if isinstance(plain, Mapping) and len(plain) == 1:
        ((word, name),) = plain.items()
        if word in {kept.value for kept in Kept} and isinstance(name, str):
            return SecretSource(Kept(word), name)
    return None


def _of_enum(kind: type[Enum], plain: object) -> Enum:
    try:
        return kind(plain)
    except ValueError:
        words = ", ".join(repr(one.value) for one in kind)
        raise _Unfit(f"{plain!r} should be one of {words}.") from None


def _decimal(plain: object) -> Decimal:
    try:
        return Decimal(plain if isinstance(plain, int | str) else "none")
    except InvalidOperation:
        raise _Unfit(f"{plain!r} should be a number, written as text.") from None


_WORDS: Mapping[Any, str] = {str: "a text", int: "a whole number", bool: "true or false"}
_SCHEMA: Mapping[Any, Mapping[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    Decimal: {"type": "string", "format": "decimal"},
    NoneType: {"type": "null"},
    SecretText: {
        "type": "object",
        "writeOnly": True,
        "minProperties": 1,
        "maxProperties": 1,
        "additionalProperties": False,
        "properties": {kept.value: {"type": "string"} for kept in Kept},
    },
}


def _said(kind: Any) -> str:  # noqa: ANN401 - a type of any kind
    return _WORDS.get(kind, str(kind))


def config_schema(cls: type[Any]) -> dict[str, Any]:
    """Return the JSON Schema of a driver's configuration; what is secret is ``writeOnly``."""
    hints = get_type_hints(cls)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": cls.__name__,
        "type": "object",
        "additionalProperties": False,
        "properties": {one.name: _property(one, hints[one.name]) for one in fields(cls)},
        "required": [one.name for one in fields(cls) if one.default is NOTHING],
    }


def _property(one: Any, hint: Any) -> dict[str, Any]:  # noqa: ANN401 - an attrs field and its type
    schema = _schema(hint)
    if isinstance(one.default, str | int | NoneType) and not isinstance(one.default, Enum):
        schema["default"] = one.default
    return schema


def _schema(hint: Any) -> dict[str, Any]:  # noqa: ANN401 - a type of any kind
    if get_origin(hint) in {Union, UnionType}:
        each = [_schema(kind) for kind in get_args(hint)]
        secret = {"writeOnly": True} if any(one.get("writeOnly") for one in each) else {}
        return {"anyOf": each, **secret}
    if get_origin(hint) is tuple:
        return {"type": "array", "items": _schema(get_args(hint)[0])}
    if isinstance(hint, type) and issubclass(hint, Enum):
        return {"enum": [one.value for one in hint]}
    return dict(_SCHEMA.get(hint, {}))
