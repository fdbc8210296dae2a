"""Values to plain JSON and back, in one place.

Money is its minor units and currency, decimals are text, days are ISO text. A float never passes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from datetime import date, time
from decimal import Decimal
from typing import Any, TypeVar

import cattrs
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn

from ispcore import catalog, contracts, customers, plans
from ispcore.billing import Terms
from ispcore.catalog import StatusPin, Trial
from ispcore.driver import KINDS as RESOURCE_KINDS
from ispcore.driver import Spec
from ispcore.errors import StorageError
from ispcore.storage.spec_readers import read_spec
from ispcore.timeline import Retracted, SubjectKind
from ispcore.values import Currency, Every, Money, SecretText

T = TypeVar("T")

_MOST_REMEMBERED = 10_000

KINDS: Mapping[SubjectKind, Mapping[str, type]] = {
    SubjectKind.SUBSCRIPTION: {kind.__name__: kind for kind in plans.FACTS},
    SubjectKind.CUSTOMER: {kind.__name__: kind for kind in customers.FACTS},
    SubjectKind.CONTRACT: {kind.__name__: kind for kind in contracts.FACTS},
    SubjectKind.CATALOG: {kind.__name__: kind for kind in (*catalog.FACTS, Retracted)},
}
"""The payload types, by the subject they belong to and the name they are stored under."""


def _converter() -> cattrs.Converter:
    converter = cattrs.Converter(
        forbid_extra_keys=True, detailed_validation=False, unstruct_collection_overrides={AbstractSet: sorted}
    )
    converter.register_unstructure_hook(Money, lambda money: [money.minor, money.currency.code])
    converter.register_structure_hook(Money, lambda pair, _: _money(*pair))
    converter.register_unstructure_hook(Decimal, str)
    converter.register_structure_hook(Decimal, lambda text, _: Decimal(_text(text)))
    converter.register_unstructure_hook(date, date.isoformat)
    converter.register_structure_hook(date, lambda text, _: date.fromisoformat(_text(text)))
    converter.register_unstructure_hook(time, time.isoformat)
    converter.register_structure_hook(time, lambda text, _: time.fromisoformat(_text(text)))
    converter.register_unstructure_hook(Every, str)
    converter.register_structure_hook(Every, lambda text, _: Every.parse(_text(text)))
    converter.register_unstructure_hook(catalog.Formula, lambda formula: formula.text)
    converter.register_structure_hook(catalog.Formula, lambda text, _: catalog.Formula.parse(_text(text)))
    for kind in (int, bool, str):
        converter.register_structure_hook(kind, _exactly)
    for alike in (StatusPin, Trial, plans.BillingTerms, plans.Item):
        converter.register_structure_hook(alike, _remembering(converter, alike))
    _register_specs(converter)
    return converter


def _register_specs(converter: cattrs.Converter) -> None:
    """Keep what should stand on the network under the word of its kind, its secrets as references."""
    converter.register_unstructure_hook(SecretText, _in_the_open)
    for word, kind in RESOURCE_KINDS.items():
        write = make_dict_unstructure_fn(kind, converter, _cattrs_omit_if_default=True)
        converter.register_unstructure_hook(kind, _under(word, write))
    converter.register_unstructure_hook(Spec, lambda spec: converter.unstructure(spec, type(spec)))
    converter.register_structure_hook(Spec, lambda plain, _: read_spec(plain))


def _under(word: str, write: Callable[[Any], dict[str, Any]]) -> Callable[[Any], dict[str, Any]]:
    return lambda spec: {"kind": word, **write(spec)}


def _in_the_open(_: SecretText) -> None:
    raise StorageError("A secret is not stored in the open.", hint="Keep it, and store the reference to it.")


def _remembering(converter: cattrs.Converter, kind: type[T]) -> Callable[[Any, object], T]:
    """Return a hook that reads what is written in the same way once: subscriptions have much in common."""
    read = make_dict_structure_fn(
        kind, converter, _cattrs_forbid_extra_keys=True, _cattrs_detailed_validation=False
    )
    known: dict[str, T] = {}

    def structure(plain: Any, _: object) -> T:  # noqa: ANN401 - plain JSON
        # The text tells 1 from True, which as keys would be the same.
        name = repr(plain)
        value = known.get(name)
        if value is None:
            if len(known) >= _MOST_REMEMBERED:
                known.clear()
            value = known[name] = read(plain, kind)
        return value

    return structure


def _money(minor: object, code: object) -> Money:
    return Money(_exactly(minor, int), Currency.of(_text(code)))


def _exactly(value: object, kind: type[T]) -> T:
    """Return *value* as it is, if it is of this very *kind*; nothing is guessed from another one."""
    if type(value) is not kind:
        raise StorageError(f"A stored value is damaged: {value!r} should be {kind.__name__}.")
    return value


def whole(value: object) -> int:
    """Return a whole number as it is stored; a column of SQLite takes anything.

    Raises:
        StorageError: it is none.
    """
    return _exactly(value, int)


def _text(value: object) -> str:
    return _exactly(value, str)


_CONVERTER = _converter()
_UNREADABLE = (
    cattrs.errors.ForbiddenExtraKeysError,
    StorageError,
    ArithmeticError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
)


def to_plain(value: object) -> Any:  # noqa: ANN401 - plain JSON
    """Return *value* as plain JSON values."""
    return _CONVERTER.unstructure(value)


def to_json(value: object) -> Any:  # noqa: ANN401 - plain JSON
    """Return *value* as a column of JSON gives it back: lists are lists."""
    return None if value is None else json.loads(json.dumps(to_plain(value)))


def from_plain(plain: Any, kind: type[T]) -> T:  # noqa: ANN401 - plain JSON
    """Return the value of this *kind* that *plain* stands for.

    Raises:
        StorageError: it does not fit; the database is damaged or of another version.
    """
    try:
        return _CONVERTER.structure(plain, kind)
    except _UNREADABLE as error:
        raise StorageError(
            f"A stored {kind.__name__} cannot be read.",
            hint="The database is damaged, or was written by another version.",
        ) from error


def payload_of(subject: SubjectKind, kind: str, plain: Any) -> Any:  # noqa: ANN401 - plain JSON
    """Return a fact's payload from its stored form.

    Raises:
        StorageError: the kind is unknown, or the form does not fit.
    """
    if kind not in KINDS.get(subject, {}):
        raise StorageError(
            f"A fact of the unknown kind {kind!r} is stored for a {subject.value}.",
            hint="It was written by a later ispcore, or by a plugin that is not installed.",
        )
    return from_plain(plain, KINDS[subject][kind])


def digest(terms: Terms) -> tuple[str, Any]:
    """Return the name of *terms* by their content, and the content as plain JSON."""
    plain = to_plain(terms)
    return digest_of(plain), plain


def digest_of(plain: Any) -> str:  # noqa: ANN401 - plain JSON
    """Return the name of a plain document by its content."""
    text = json.dumps(plain, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
