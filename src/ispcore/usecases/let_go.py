"""What follows at once when less is owed than was asked for: new slips, and no hold on who is not late."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ispcore.billing import slip_changes
from ispcore.usecases.issue_slips import stamp_of
from ispcore.usecases.late import ease
from ispcore.usecases.make_slips import accounts, make

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


def renew_slips(
    work: UnitOfWork, writing: Writing, customer: CustomerId, names: Iterable[ChargeId | None], on: date
) -> None:
    """Take the slips back that ask for the receivables *names*, or make them anew for what is left."""
    lowered = frozenset(names)
    (account,) = accounts(work, [customer])
    slips = [slip for slip in account.standing if not lowered.isdisjoint(slip.receivables)]
    on_them = {name: account.balances[name] for slip in slips for name in slip.receivables}
    changes = slip_changes(on_them.values(), slips, on, account.wishes)
    if not changes.is_empty:
        make(work, [(account, changes)], on, stamp_of(writing))
