"""What a resource is, as a value; each field tells the core how to treat it.

A field is *plain*, unless it is declared an :data:`Identity` (which resource of its kind this is, on its
device) or :data:`WriteOnly` (a password: written, never read back).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from functools import cache
from typing import Annotated, ClassVar, Final, TypeAlias, TypeVar, get_args, get_origin, get_type_hints

from attrs import fields, frozen

from ispcore.errors import InvalidValueError
from ispcore.values import SecretText

T = TypeVar("T")


class Role(Enum):
    """How the core treats a field of a spec."""

    __hash__ = object.__hash__  # there is one of each; workers look fields up by role for every placement

    IDENTITY = "identity"
    """Names the resource on its device; another value is a rename."""
    PLAIN = "plain"
    """Is read back and compared."""
    WRITE_ONLY = "write_only"
    """Is written when it has changed or may not have arrived; never compared."""


class Unreadable(Enum):
    """What a device says of a write-only field."""

    UNREADABLE = "unreadable"


UNREADABLE: Final = Unreadable.UNREADABLE


@frozen
class SecretRef:
    """The name of a kept secret; what a name stands for never changes, a new secret gets a new name."""

    name: str


Identity: TypeAlias = Annotated[T, Role.IDENTITY]
WriteOnly: TypeAlias = Annotated[SecretText | SecretRef | Unreadable | None, Role.WRITE_ONLY]


@frozen(kw_only=True)
class Spec:
    """Base of a kind of resource."""

    word: ClassVar[str]
    """What the kind is called in files, tables and commands."""


def revealed(secret: SecretText | SecretRef | Unreadable | None) -> str | None:
    """Return the text of a write-only field for the wire; None where there is none.

    Raises:
        InvalidValueError: the core has not put the secret in; a driver never sees that.
    """
    match secret:
        case None:
            return None
        case SecretText():
            return secret.reveal()
        case _:
            raise InvalidValueError(f"{secret!r} was not resolved to the secret that it stands for.")


def roles_of(kind: type[Spec]) -> Mapping[str, Role]:
    """Return the fields of *kind* in their order, each with its role."""
    return _roles_of(kind)  # type: ignore[arg-type]  # mypy takes the hash of a spec for that of its class


@cache
def _roles_of(kind: type[Spec]) -> Mapping[str, Role]:
    hints = get_type_hints(kind, include_extras=True)
    return {one.name: _role(hints[one.name]) for one in fields(kind)}


def _role(hint: object) -> Role:
    marks = get_args(hint)[1:] if get_origin(hint) is Annotated else ()
    return next((mark for mark in marks if isinstance(mark, Role)), Role.PLAIN)


def fields_of(kind: type[Spec], role: Role) -> tuple[str, ...]:
    """Return the names of the fields of *kind* that have this *role*."""
    return _fields_of(kind, role)  # type: ignore[arg-type]  # as above


@cache
def _fields_of(kind: type[Spec], role: Role) -> tuple[str, ...]:
    return tuple(name for name, its in roles_of(kind).items() if its is role)


def identity_of(spec: Spec) -> tuple[object, ...]:
    """Return what tells *spec* from others of its kind on a device."""
    return tuple(getattr(spec, name) for name in fields_of(type(spec), Role.IDENTITY))


def claim_of(spec: Spec) -> str:
    """Return the name by which a placement claims *spec* on its device: ``"login/ana"``."""
    names = fields_of(type(spec), Role.IDENTITY)
    if len(names) == 1:  # as all of ours have; the network has many of them
        return f"{spec.word}/{getattr(spec, names[0])}"
    return "/".join([spec.word, *map(str, identity_of(spec))])
