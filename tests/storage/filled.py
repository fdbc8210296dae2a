"""Strategies for any value of the domain, made from its annotations, with every field filled."""

import collections.abc
import functools
import types
import typing
from datetime import date, time
from decimal import Decimal
from enum import Enum
from typing import Any

import attrs
from hypothesis import strategies as st

from ispcore.catalog import (
    ComboPricing,
    ComboRule,
    DebitKind,
    EntrySaved,
    Formula,
    PenaltyRule,
    StatusPin,
    TermEnd,
    Trial,
    TrialKind,
)
from ispcore.contracts import ContractTerms, Installation, InstallationOrder
from ispcore.driver import KINDS, SecretRef, Spec, WriteOnly
from ispcore.plans import Discount, Gathering, SlipTerms
from ispcore.values import FIRST_DAY, LAST_DAY, Currency, Every, Money, Rounding

CURRENCIES = st.sampled_from([Currency.of("BRL"), Currency.of("PYG"), Currency.of("KWD")])
MONEY = st.builds(Money, st.integers(-(10**14), 10**14), CURRENCIES)
WORDS = st.text(max_size=12)
DOCUMENTS = st.recursive(
    st.one_of(WORDS, st.integers(-(10**9), 10**9), st.booleans()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(WORDS, inner, max_size=3)),
    max_leaves=6,
)

DAYS = st.dates(FIRST_DAY, LAST_DAY)
PENALTY = st.builds(
    PenaltyRule,
    formula=st.sampled_from([Formula.parse("benefit / 2"), Formula.parse("min(1, 2)")]),
    most_percent=st.none() | st.decimals(min_value=0, max_value=100, places=2),
    exempting=st.lists(WORDS, max_size=3),
    regret_days=st.integers(0, 30),
    pauses_stop=st.booleans(),
    rounding=st.sampled_from(Rounding),
    instalments=st.integers(1, 120),
)
COMBO = st.builds(
    ComboRule,
    pricing=st.sampled_from(ComboPricing),
    price=MONEY,
    percent=st.decimals(min_value=0, max_value=100, places=2),
    percents=st.dictionaries(WORDS, st.decimals(min_value=0, max_value=100, places=2), max_size=2),
    plans=st.lists(WORDS, max_size=3),
    least=st.integers(1, 10),
)
NO_MONEY = Money(0, Currency.of("BRL"))
TERMS = st.builds(
    ContractTerms,
    dated_on=DAYS,
    sold_on=DAYS,
    starts_on=DAYS,
    months=st.integers(12, 1200),
    fidelity_months=st.integers(0, 12),
    renewal=st.sampled_from(TermEnd),
    renews_fidelity=st.booleans(),
    penalty=PENALTY,
    benefit=st.builds(Money, st.integers(0, 10**9), CURRENCIES),
    combo=COMBO,
    installation=st.builds(
        Installation,
        fee=st.just(Money(500, Currency.of("BRL"))),
        discount=st.just(NO_MONEY),
        paid=st.just(NO_MONEY),
        instalments=st.integers(1, 120),
    ),
    order=st.builds(InstallationOrder, service=WORDS, state=WORDS, responsible=WORDS, planned_on=DAYS),
    salesperson=WORDS,
    responsible=WORDS,
    witnesses=st.lists(WORDS, max_size=3),
    guarantor=WORDS,
    address=WORDS,
)

PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    str: WORDS,
    int: st.integers(-(10**12), 10**12),
    bool: st.booleans(),
    date: st.dates(),
    time: st.times(),
    WriteOnly: st.builds(SecretRef, WORDS),
    Decimal: st.decimals(min_value=0, max_value=100, places=4),
    Money: MONEY,
    Discount: st.one_of(
        st.builds(Discount, amount=st.builds(Money, st.integers(0, 10**9), CURRENCIES)),
        st.builds(
            Discount,
            percent=st.decimals(min_value=0, max_value=100, places=2),
            until=st.dates(FIRST_DAY, LAST_DAY),
        ),
        st.builds(
            Discount, percent=st.decimals(min_value=0, max_value=100, places=2), cycles=st.integers(1, 1200)
        ),
    ),
    Every: st.one_of(st.builds(Every, st.integers(1, 36)), st.builds(Every, st.just(0), st.integers(1, 52))),
    Trial: st.builds(
        Trial, st.sampled_from(TrialKind), st.integers(0, 3660), WORDS.filter(lambda text: "\x00" not in text)
    ),
    SlipTerms: st.builds(
        SlipTerms,
        st.dates(FIRST_DAY, LAST_DAY),
        st.booleans(),
        st.builds(
            Gathering,
            st.lists(st.sampled_from(DebitKind), min_size=1, max_size=3),
            st.integers(1, 120),
            st.booleans(),
        ),
    ),
    PenaltyRule: PENALTY,
    ContractTerms: TERMS,
    EntrySaved: st.builds(EntrySaved, st.dictionaries(WORDS, DOCUMENTS, max_size=4)),
}


@functools.cache
def filled(kind: Any, *, deep: int = 2) -> st.SearchStrategy[Any]:
    """Return a strategy for *kind*; a kind that nothing is known of raises TypeError."""
    if kind in PLAIN:
        return PLAIN[kind]
    if kind is Spec:
        return st.one_of([filled(one) for one in list[Any](KINDS.values())])
    if typing.get_origin(kind) is typing.Annotated:
        return filled(typing.get_args(kind)[0], deep=deep)
    if isinstance(kind, typing.NewType):
        return filled(kind.__supertype__, deep=deep)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return st.sampled_from(list(kind))
    if isinstance(kind, type) and attrs.has(kind):
        return _built(kind, deep)
    return _composed(kind, deep)


def _built(kind: type, deep: int) -> st.SearchStrategy[Any]:
    attrs.resolve_types(kind)
    fields = {field.name: field.type for field in attrs.fields(kind)}
    if kind is StatusPin and deep == 0:
        fields["next"] = types.NoneType
    deeper = deep - 1 if kind is StatusPin else deep
    return st.builds(kind, **{name: filled(inner, deep=deeper) for name, inner in fields.items()})


def _composed(kind: Any, deep: int) -> st.SearchStrategy[Any]:
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if kind in {None, types.NoneType}:
        return st.none()
    if origin in {types.UnionType, typing.Union}:
        # Nothing is left empty: that is the case in which a field could be forgotten without being missed.
        return st.one_of([filled(one, deep=deep) for one in inner if one is not types.NoneType])
    if origin is tuple and inner[-1] is Ellipsis:
        return st.lists(filled(inner[0], deep=deep), min_size=1, max_size=2).map(tuple)
    if origin is frozenset:
        return st.frozensets(filled(inner[0], deep=deep), min_size=1, max_size=2)
    if origin is collections.abc.Mapping:
        keys, values = (filled(one, deep=deep) for one in inner)
        return st.dictionaries(keys, values, min_size=1, max_size=2)
    message = f"Nothing is known of {kind!r}: say in tests/storage/filled.py how to make one."
    raise TypeError(message)
