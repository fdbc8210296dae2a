"""What payments need to know of slips, documents and disputes, which others keep.

Each is a question to the database, answered in the transaction of whoever asks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from attrs import frozen

from ispcore.billing import PrincipalChange
from ispcore.usecases.ports import UnitOfWork
from ispcore.values import ChargeId, CustomerId, SlipId


@frozen
class PayableSlip:
    """What a payment must know of a slip: whose it is, which company is paid, and what for.

    A payment for a ``cancelled`` one is not recorded.
    """

    id: SlipId
    customer: CustomerId
    company: str
    receivables: tuple[ChargeId, ...]
    cancelled: bool = False


FindSlip: TypeAlias = "Callable[[UnitOfWork, SlipId], PayableSlip | None]"
Issued: TypeAlias = "Callable[[UnitOfWork, Sequence[ChargeId]], Mapping[ChargeId, str]]"
"""Tells which receivables stand on an issued document, and on which."""
Disputed: TypeAlias = (
    "Callable[[UnitOfWork, Sequence[ChargeId]], Mapping[ChargeId, tuple[PrincipalChange, ...]]]"
)
"""Tells which parts of receivables bear no charges for a while."""


def no_slip(_work: UnitOfWork, _slip: SlipId) -> PayableSlip | None:
    """Know no slip."""
    return None


def nothing_issued(_work: UnitOfWork, _ids: Sequence[ChargeId]) -> Mapping[ChargeId, str]:
    """Know no document."""
    return {}


def nothing_disputed(
    _work: UnitOfWork, _ids: Sequence[ChargeId]
) -> Mapping[ChargeId, tuple[PrincipalChange, ...]]:
    """Know no dispute."""
    return {}


@frozen
class MoneyRules:
    """What others say about what is paid."""

    slip: FindSlip = no_slip
    issued: Issued = nothing_issued
    disputed: Disputed = nothing_disputed
