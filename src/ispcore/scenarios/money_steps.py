"""What a step expects of money: of a customer's account, of issuing slips, of what time does; as values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from attrs import frozen

from ispcore.values import Money


@frozen
class ExpectedSlip:
    """What a slip is to ask for; None is not looked at."""

    amount: Money
    due: date | None = None
    state: str | None = None


@frozen
class ExpectedDocument:
    """What a fiscal document is to come to; None is not looked at."""

    amount: Money
    type: str | None = None
    state: str | None = None
    accrual: date | None = None


@frozen
class ExpectedAccount:
    """What a customer is to owe, to have and to have been told; None is not looked at.

    ``late`` is what is late on the day of the step, ``stages`` are the last ones that were reached, ``told``
    the templates of all notices that were handed over.
    """

    customer: str
    open: Money | None = None
    balances: Mapping[str, Money] | None = None
    states: tuple[str, ...] | None = None
    slips: tuple[ExpectedSlip, ...] | None = None
    documents: tuple[ExpectedDocument, ...] | None = None
    late: Money | None = None
    stages: tuple[str, ...] | None = None
    told: tuple[str, ...] | None = None


@frozen
class ExpectedChores:
    """How much time, or issuing slips, is to do; a count that is not named is not looked at."""

    counts: Mapping[str, int]
    problems: int = 0
