"""What closings come to: counts, sums and problems, which add up slice by slice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from attrs import evolve, field, frozen

from ispcore.billing import Charge, Closing, EntryKind, QuietClosing
from ispcore.errors import UnbillableError
from ispcore.values import Currency, CustomerId, Money


@frozen
class Run:
    """What a run came to; amounts by currency code."""

    on: date
    customers: int = 0
    charges: int = 0
    credits: int = 0
    receivables: int = 0
    charged: Mapping[str, Money] = field(factory=dict)
    credited: Mapping[str, Money] = field(factory=dict)
    problems: tuple[UnbillableError, ...] = ()

    @property
    def issued_nothing(self) -> bool:
        """Whether there was no difference between what is owed and what was issued."""
        return self.charges == 0 and self.credits == 0

    def __add__(self, other: Run) -> Run:
        """Return what both came to together."""
        return Run(
            on=self.on,
            customers=self.customers + other.customers,
            charges=self.charges + other.charges,
            credits=self.credits + other.credits,
            receivables=self.receivables + other.receivables,
            charged=_sums(self.charged, other.charged),
            credited=_sums(self.credited, other.credited),
            problems=self.problems + other.problems,
        )

    @property
    def summary(self) -> dict[str, Any]:
        """The run as plain JSON, without its day."""
        return {
            "customers": self.customers,
            "charges": self.charges,
            "credits": self.credits,
            "receivables": self.receivables,
            "charged": {code: money.minor for code, money in self.charged.items()},
            "credited": {code: money.minor for code, money in self.credited.items()},
            "problems": [
                [problem.subscription, problem.rule, problem.message, list(problem.facts)]
                for problem in self.problems
            ],
        }

    @staticmethod
    def of_summary(on: date, summary: Mapping[str, Any]) -> Run:
        """Return the run of a day whose :attr:`summary` was kept."""
        return Run(
            on=on,
            customers=summary["customers"],
            charges=summary["charges"],
            credits=summary["credits"],
            receivables=summary["receivables"],
            charged={code: Money(minor, Currency.of(code)) for code, minor in summary["charged"].items()},
            credited={code: Money(minor, Currency.of(code)) for code, minor in summary["credited"].items()},
            problems=tuple(
                UnbillableError(message, subscription=subscription, rule=rule, facts=facts)
                for subscription, rule, message, facts in summary["problems"]
            ),
        )


@frozen
class RunRecord:
    """A closing as it is kept: who began it and when, and what it came to.

    One that was never finished can be gone on with by closing the same day again. ``customer`` is whom it
    was for, when not for everybody.
    """

    id: str
    on: date
    actor: str
    started_at: datetime
    finished_at: datetime | None
    found: Run
    customer: CustomerId | None = None


def of_closings(on: date, closings: Iterable[Closing]) -> Run:
    """Return what some customers' *closings* came to; the customers are not counted."""
    counts: Counter[EntryKind] = Counter()
    sums: dict[EntryKind, dict[str, Money]] = {kind: {} for kind in EntryKind}
    receivables = 0
    problems: list[UnbillableError] = []
    for closing in closings:
        receivables += len(closing.receivables)
        problems += closing.problems
        _count(closing.entries, 1, counts, sums)
    return _run(on, counts, sums, receivables, tuple(problems))


def of_quiet(on: date, found: QuietClosing, members: int) -> Run:
    """Return what a closing of so many quiet subscriptions came to."""
    counts: Counter[EntryKind] = Counter()
    sums: dict[EntryKind, dict[str, Money]] = {kind: {} for kind in EntryKind}
    _count(found.entries, members, counts, sums)
    return _run(on, counts, sums, members * len(found.receivables), ())


def with_customers(run: Run, customers: int) -> Run:
    """Return *run* as one over so many customers."""
    return evolve(run, customers=customers)


def _count(
    entries: Iterable[Charge],
    times: int,
    counts: Counter[EntryKind],
    sums: dict[EntryKind, dict[str, Money]],
) -> None:
    for entry in entries:
        counts[entry.kind] += times
        amount = Money(entry.amount.minor * times, entry.amount.currency)
        of_kind, code = sums[entry.kind], amount.currency.code
        of_kind[code] = of_kind[code] + amount if code in of_kind else amount


def _run(
    on: date,
    counts: Counter[EntryKind],
    sums: dict[EntryKind, dict[str, Money]],
    receivables: int,
    problems: tuple[UnbillableError, ...],
) -> Run:
    return Run(
        on=on,
        charges=counts[EntryKind.CHARGE],
        credits=counts[EntryKind.CREDIT],
        receivables=receivables,
        charged=sums[EntryKind.CHARGE],
        credited=sums[EntryKind.CREDIT],
        problems=problems,
    )


def _sums(ours: Mapping[str, Money], theirs: Mapping[str, Money]) -> dict[str, Money]:
    found = dict(ours)
    for code, money in theirs.items():
        found[code] = found[code] + money if code in found else money
    return found
