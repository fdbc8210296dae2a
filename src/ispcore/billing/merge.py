"""The difference between what is owed and what was issued.

Fragments are explanation; identity is the key alone. The difference of equal things is empty, so running
twice issues nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from ispcore.billing.desired import ChargeKey, Desired
from ispcore.values import Money

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


@frozen
class Difference:
    """What is missing (positive) or too much (negative) for a key; ``desired`` None means nothing is owed."""

    key: ChargeKey
    amount: Money
    desired: Desired | None


def merge(desired: Iterable[Desired], issued: Mapping[ChargeKey, Money]) -> Iterator[Difference]:
    """Yield what to issue and to take back, so that *issued* becomes *desired*.

    A zero amount that was never issued is a difference too: a free item is billed like any other.
    """
    seen = set()
    for want in desired:
        seen.add(want.key)
        net = issued.get(want.key)
        amount = want.amount if net is None else want.amount - net
        if net is None or not amount.is_zero:
            yield Difference(want.key, amount, want)
    for key, net in issued.items():
        if key not in seen and not net.is_zero:
            yield Difference(key, -net, None)
