"""Tables and pictures for people: closings, receivables, facts, and the days of a life."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ispcore.billing import EntryKind
from ispcore.plans import owed_runs
from ispcore.values import ONE_DAY, Money, Period, add_months, total

if TYPE_CHECKING:
    from datetime import date

    from ispcore.billing import Charge, Closing, Holder, ReceivableBalance, Statement
    from ispcore.catalog import BillingPolicy
    from ispcore.plans import Timeline
    from ispcore.usecases import HistoryEntry

_OWED, _FREE, _NONE = "█", "░", "·"


class PipedConsole(Console):
    """A console that ends in peace when nobody reads on."""

    def on_broken_pipe(self) -> None:
        """End with 0: that a reader has seen enough is no finding."""
        try:
            super().on_broken_pipe()
        except SystemExit:
            raise SystemExit(0) from None


def console(*, stderr: bool = False) -> Console:
    """Return a console that prints what it is given to the letter: data is never read as markup."""
    return PipedConsole(stderr=stderr, highlight=False, markup=False, emoji=False)


def day(value: date | None) -> str:
    """Show a day as people write it."""
    return f"{value:%d/%m/%Y}" if value else ""


def amount(money: Money, *, negative: bool = False) -> Text:
    """Show an amount, a credit in another colour."""
    return Text(
        f"-{money.amount}" if negative else f"{money.amount}",
        style="red" if negative else "",
        justify="right",
    )


def closing_table(
    closings: Iterable[Closing],
    names: Mapping[int, str],
    why: Mapping[str, str] | None = None,
    *,
    most: int = 200,
) -> Table:
    """Return what closings issued, a row each, with the subscriptions' *names* and the reason *why*."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    last = "due" if why is None else "why"
    for heading in ("subscription", "for", "cycle", "days", "amount", last):
        right = heading in ("days", "amount")
        wraps = heading == "why" or (heading == "for" and why is None)
        table.add_column(heading, justify="right" if right else "left", no_wrap=not wraps)
    found = list(closings)
    due = {one.id: one.due_on for closing in found for one in closing.receivables}
    entries = [entry for closing in found for entry in closing.entries]
    for entry in entries[:most]:
        told = day(due.get(entry.id)) if why is None else why.get(entry.id, "")
        table.add_row(*_entry_cells(entry, names, short=why is not None), told)
    if len(entries) > most:
        table.add_row("", f"... and {len(entries) - most} more")
    return table


def _entry_cells(entry: Charge, names: Mapping[int, str], *, short: bool) -> list[str | Text]:
    key, cycle = entry.key, entry.key.cycle.period
    last = f"-{cycle.last:%d/%m}" if short else f" to {cycle.last:%d/%m/%Y}"
    return [
        names.get(key.subscription, str(key.subscription)),
        entry.description,
        f"{cycle.start:%d/%m}{last}",
        _days_of(entry),
        amount(entry.amount, negative=entry.kind is EntryKind.CREDIT),
    ]


def _days_of(entry: Charge) -> str:
    once = entry.weight == entry.weight_of and entry.days < entry.days_of
    return "once" if once else f"{entry.days} of {entry.days_of}"


def sums(closings: Iterable[Closing]) -> str:
    """Say what closings came to, in a sentence."""
    found = list(closings)
    parts = []
    entries = [entry for closing in found for entry in closing.entries]
    for kind, word in ((EntryKind.CHARGE, "charged"), (EntryKind.CREDIT, "credited")):
        mine = [entry.amount for entry in entries if entry.kind is kind]
        for currency in dict.fromkeys(money.currency for money in mine):
            amount_of = total([money for money in mine if money.currency == currency], currency)
            parts += [f"{word} {amount_of}"]
    used = [
        one.amount for closing in found for one in closing.allocations if one.source_kind.value == "balance"
    ]
    if used:
        parts.append(f"{total(used, used[0].currency)} of it paid from balances")
    return ", ".join(parts) or "nothing to issue"


def receivables_table(receivables: Iterable[ReceivableBalance]) -> Table:
    """Return receivables with their states; the id is never broken, so that it can be copied."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in ("id", "for", "due", "amount", "open", "state"):
        right = heading in ("amount", "open")
        table.add_column(
            heading, justify="right" if right else "left", no_wrap=heading != "for", overflow="fold"
        )
    for one in receivables:
        receivable = one.receivable
        table.add_row(
            receivable.id,
            receivable.description,
            day(receivable.due_on),
            amount(receivable.amount),
            amount(one.open),
            one.state.value.replace("_", " "),
        )
    return table


def statement_table(account: Statement) -> Table:
    """Return the lines of an account; what was paid is below zero, as is a balance that is kept."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in ("day", "what", "for", "due", "amount", "balance"):
        right = heading in ("amount", "balance")
        table.add_column(heading, justify="right" if right else "left", overflow="fold")
    if not account.before.is_zero:
        table.add_row("", "before", "", "", "", amount(account.before))
    for line in account.lines:
        table.add_row(
            day(line.on),
            line.kind.value.replace("_", " "),
            line.text,
            day(line.due_on),
            amount(line.amount),
            amount(line.balance),
        )
    return table


def facts_table(entries: Iterable[HistoryEntry]) -> Table:
    """Return the facts of a subject, those that are voided struck out."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in ("fact", "day", "what", "detail", "recorded", "by"):
        table.add_column(heading, overflow="fold")
    for entry in entries:
        detail = [*entry.detail]
        detail += [f"reason: {entry.reason}"] if entry.reason else []
        detail += [f"note: {entry.note}"] if entry.note else []
        detail += [f"added by plugin {entry.plugin}"] if entry.plugin else []
        detail += [f"voided by fact {entry.voided_by}"] if entry.voided_by else []
        by = f"{entry.actor} ({entry.address})" if entry.address else entry.actor
        cells = (
            str(entry.sequence),
            day(entry.on),
            entry.kind,
            "; ".join(detail),
            f"{entry.at:%d/%m/%Y %H:%M}",
            by,
        )
        table.add_row(*(Text(cell) for cell in cells), style="strike dim" if entry.voided_by else "")
    return table


def days_picture(timeline: Timeline, policy: BillingPolicy, until: date) -> Text:
    """Draw each month of a life up to *until*: owed days, days that are not, and those outside it."""
    first = timeline.spans[0].since.replace(day=1)
    picture = Text()
    month = first
    while month <= until:
        period = Period(month, add_months(month, 1))
        owed = {d for run, _ in owed_runs(timeline, policy, period) for d in _days(run)}
        picture.append(f"{month:%m/%Y}  ")
        for each in _days(period):
            picture.append(*_cell(timeline, each, owed=each in owed))
        picture.append(f"  {len(owed)} of {period.days}\n")
        month = period.end
    picture.append(f"{_OWED} owed  {_FREE} lives, not owed  {_NONE} not there", style="dim")
    return picture


def _cell(timeline: Timeline, each: date, *, owed: bool) -> tuple[str, str]:
    if owed:
        return _OWED, "green"
    alive = each >= timeline.spans[0].since and not (timeline.end and each >= timeline.end.on)
    return (_FREE, "yellow") if alive else (_NONE, "dim")


def _days(period: Period) -> list[date]:
    return [period.start + n * ONE_DAY for n in range(period.days)]


def balances_line(balances: Mapping[Holder, Money]) -> str:
    """Say which balances there are."""
    return ", ".join(f"{holder.company} {amount}" for holder, amount in balances.items()) or "none"
