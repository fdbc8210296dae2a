"""Reading billing policies from the catalogue's document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ispcore.catalog.dated import read_dated
from ispcore.catalog.policies import (
    Accrual,
    AnchorKind,
    BillingPolicy,
    ClosingMove,
    DatedPolicy,
    DayCount,
    DueRoll,
    FinalBill,
    FirstBill,
    OpenInstalments,
    Proration,
    SpareCents,
    Suspension,
    Trial,
    TrialKind,
)
from ispcore.catalog.prices import highest_price
from ispcore.values import FLAG, LENGTH, Rounding, money, one_of, whole

if TYPE_CHECKING:
    from ispcore.values import Currency, Every, Table

_LONGEST_TRIAL = 3660
_LONGEST_LEAD = 365
_PLAIN = BillingPolicy()
_MONTHS, _SHORTEST = 12, 2


def read_policy(table: Table, currency: Currency) -> tuple[DatedPolicy, ...]:
    """Return the versions of a policy; one that is written without versions holds since ever."""
    return read_dated(table, lambda version: _terms(version, currency))


def _terms(table: Table, currency: Currency) -> BillingPolicy:
    every = table.get("every", LENGTH, default=_PLAIN.every)
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
        every=every,
        anchor=table.get("anchor", one_of(AnchorKind), default=_PLAIN.anchor),
        closing_day=table.get("closing_day", whole(1, 7 if every.weeks else 31), default=_PLAIN.closing_day),
        closing_month=_closing_month(table, every),
        closing_move=table.get("closing_move", one_of(ClosingMove), default=_PLAIN.closing_move),
        day_count=table.get("day_count", one_of(DayCount), default=_PLAIN.day_count),
        proration=table.get("proration", one_of(Proration), default=_PLAIN.proration),
        first_bill=table.get("first_bill", one_of(FirstBill), default=_PLAIN.first_bill),
        greedy=table.get("greedy", FLAG, default=_PLAIN.greedy),
        suspension=table.get("suspension", one_of(Suspension), default=_PLAIN.suspension),
        trial=_trial(table.table("trial")) if "trial" in table else _PLAIN.trial,
        spare_cents=table.get("spare_cents", one_of(SpareCents), default=_PLAIN.spare_cents),
        open_instalments=table.get(
            "open_instalments", one_of(OpenInstalments), default=_PLAIN.open_instalments
        ),
        due_day_fee=table.get(
            "due_day_fee", money(currency, most=highest_price(currency)), default=_PLAIN.due_day_fee
        ),
    )


def _closing_month(table: Table, every: Every) -> int | None:
    month = table.get("closing_month", whole(1, _MONTHS), default=None)
    if month is not None and (every.months < _SHORTEST or _MONTHS % every.months):
        table.problem(
            f"Cycles of {every} do not close in the same months of every year.",
            "Leave it out, or bill every 2, 3, 4, 6 or 12 months.",
            at="closing_month",
        )
    return month


def _trial(table: Table) -> Trial:
    kind = table.get("kind", one_of(TrialKind))
    days = table.get("days", whole(1, _LONGEST_TRIAL)) if kind is TrialKind.DAYS else 0
    status = table.refer("status", "statuses") if kind is TrialKind.STATUS else None
    table.close()
    return Trial(kind, days, status)
