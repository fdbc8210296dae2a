"""Reading billing policies from the catalogue's document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ispcore.catalog.policies import (
    Accrual,
    BillingPolicy,
    DatedPolicy,
    DueRoll,
    FinalBill,
    Trial,
    TrialKind,
)
from ispcore.values import DAY, FLAG, Rounding, one_of, whole

if TYPE_CHECKING:
    from ispcore.values import Table

_LONGEST_TRIAL = 3660
_LONGEST_LEAD = 365
_PLAIN = BillingPolicy()


def read_policy(table: Table) -> tuple[DatedPolicy, ...]:
    """Return the versions of a policy; one that is written without versions holds since ever."""
    if "versions" not in table:
        return (DatedPolicy(None, _terms(table)),)
    rows = table.rows("versions")
    if not rows and table.clean:
        table.problem("A policy needs a version.", at="versions")
    found: list[DatedPolicy] = []
    for row in rows:
        since = row.get("from", DAY)
        terms = _terms(row)
        row.close()
        if row.clean and since in [version.since for version in found]:
            row.problem(f"Another version is from {since} too.", at="from")
        found.append(DatedPolicy(since, terms))
    return tuple(found)


def _terms(table: Table) -> BillingPolicy:
    return BillingPolicy(
        rounding=table.get("rounding", one_of(Rounding), default=_PLAIN.rounding),
        bills_last_day=table.get("bills_last_day", FLAG, default=_PLAIN.bills_last_day),
        final_bill=table.get("final_bill", one_of(FinalBill), default=_PLAIN.final_bill),
        strict_composition=table.get("strict_composition", FLAG, default=_PLAIN.strict_composition),
        lead_days=table.get("lead_days", whole(0, _LONGEST_LEAD), default=_PLAIN.lead_days),
        due_roll=table.get("due_roll", one_of(DueRoll), default=_PLAIN.due_roll),
        charge_accrual=table.get("charge_accrual", one_of(Accrual), default=_PLAIN.charge_accrual),
        document_accrual=table.get("document_accrual", one_of(Accrual), default=_PLAIN.document_accrual),
        advance=table.get("advance", FLAG, default=_PLAIN.advance),
        closing_day=table.get("closing_day", whole(1, 31), default=_PLAIN.closing_day),
        trial=_trial(table.table("trial")) if "trial" in table else _PLAIN.trial,
    )


def _trial(table: Table) -> Trial:
    kind = table.get("kind", one_of(TrialKind))
    days = table.get("days", whole(1, _LONGEST_TRIAL)) if kind is TrialKind.DAYS else 0
    status = table.refer("status", "statuses") if kind is TrialKind.STATUS else None
    table.close()
    return Trial(kind, days, status)
