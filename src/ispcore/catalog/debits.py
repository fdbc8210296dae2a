"""What amounts to receive are for."""

from __future__ import annotations

from enum import Enum


class DebitKind(Enum):
    """What an amount to receive is for."""

    FEE = "fee"
    """The plan, or an additional service, for a cycle."""
    EVENT = "event"
    """A billing event, or an instalment of one, taken up by a closing."""
    SALE = "sale"
    """A sale with a due date of its own."""
    SLIP_FEE = "slip_fee"
    FINE = "fine"
    INTEREST = "interest"
    AGREEMENT = "agreement"
    """An instalment of what was renegotiated."""
    TRANSFER = "transfer"
    """What somebody else owed before a transfer."""
    REFUND = "refund"
    """What was paid out of a balance whose payment was taken back later."""
