"""What follows at once when less is owed than was asked for: new slips, and no hold on who is not late."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ispcore.usecases.issue_slips import renew_slips
from ispcore.usecases.late import ease

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from ispcore.usecases.desk import Writing
    from ispcore.usecases.ports import UnitOfWork
    from ispcore.values import ChargeId, CustomerId


def follow(
    work: UnitOfWork, writing: Writing, customer: CustomerId, names: Iterable[ChargeId | None], on: date
) -> None:
    """Follow what was let go of the receivables *names* of a customer, as a payment is followed."""
    renew_slips(work, writing, customer, names, on)
    ease(work, writing, customer, paid=True)
