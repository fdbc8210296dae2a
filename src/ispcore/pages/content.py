"""The pages as values: every text that the template puts in its place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

from attrs import frozen

from ispcore.pages.explaining import Panel, days_used, panels, to_receive
from ispcore.pages.life import Entry
from ispcore.pages.money import MoneyRow, money_panels, money_rows
from ispcore.pages.network_part import DeviceLine, EventPanel, WireRow, event_panels, wire_rows
from ispcore.pages.picture import Picture, picture_of
from ispcore.pages.reading import Shown
from ispcore.pages.svg import drawing
from ispcore.pages.window import month
from ispcore.pages.words import amount, counted, day, plain_words, with_currency
from ispcore.plans import coming
from ispcore.usecases import HistoryEntry, Overview, Run
from ispcore.values import Money, SubscriptionId

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


@frozen
class ChargeRow:
    """An entry in the table."""

    anchor: str
    name: str
    cycle: str
    days: str
    amount: str
    receive: str
    credit: bool


@frozen
class FactRow:
    """A fact in the table."""

    number: int
    day: str
    kind: str
    detail: str
    recorded: str
    void: bool


@frozen
class SubscriptionPart:
    """What the page says of a subscription; ``drawing`` is SVG, its texts escaped."""

    number: SubscriptionId
    heading: str
    about: str
    counts: str
    drawing: str
    panels: tuple[Panel, ...]
    events: tuple[EventPanel, ...]
    rows: tuple[ChargeRow, ...]
    money: tuple[MoneyRow, ...]
    network: tuple[WireRow, ...]
    facts: tuple[FactRow, ...]


@frozen
class CustomerPart:
    """What the page says of a customer."""

    number: int
    name: str
    tag: str
    owes: str
    subscriptions: tuple[SubscriptionPart, ...]

    @property
    def carries(self) -> bool:
        """Whether anything of it is on the network."""
        return any(one.network for one in self.subscriptions)

    @property
    def was_asked(self) -> bool:
        """Whether it has slips."""
        return any(one.money for one in self.subscriptions)


@frozen
class RunRow:
    """A closing in the table; amounts by currency."""

    on: str
    customers: int
    charges: int
    credits: int
    receivables: int
    charged: Mapping[str, Money]
    credited: Mapping[str, Money]
    problems: tuple[str, ...]


@frozen
class Page:
    """A whole page; ``unit`` is the currency where there is only one."""

    title: str
    about: str
    unit: str
    figures: tuple[tuple[str, str, str], ...]
    runs: tuple[tuple[str, tuple[RunRow, ...]], ...]
    whole: RunRow | None
    problems: tuple[str, ...]
    devices: tuple[DeviceLine, ...]
    customers: tuple[CustomerPart, ...]
    many: bool
    note: str
    foot: str


def subscription_part(found: Shown) -> SubscriptionPart:
    """Return what the page says of a subscription."""
    timeline, number = found.life.timeline, found.view.row.id
    state, entries = timeline.last, found.life.entries
    picture = picture_of(found.life)
    label = f"Timeline of subscription {number}, {picture.window.period}; the tables after it say the same."
    item, terms = state.plan, state.terms
    about = (
        f"{with_currency(item.to_pay())}, {state.status.description}, "
        f"{'in advance' if terms.advance else 'in arrears'}, due on day {terms.due_day} "
        f"by {terms.charge_method}"
    )
    next_one = next(iter(coming(timeline, found.view.today)), None)
    if next_one is not None:
        about += f"; on {day(next_one.on)} {next_one.text}"
    return SubscriptionPart(
        number=number,
        heading=item.description,
        about=about,
        counts=_counts(found, picture),
        drawing=drawing(picture, label),
        panels=panels(found.life),
        events=(
            *money_panels(found.life.money, f"m{number}"),
            *_network_panels(found),
        ),
        money=tuple(money_rows(found.life.money)),
        network=tuple(wire_rows(found.life.wires)),
        rows=tuple(_charge_row(entry) for entry in entries),
        facts=tuple(_fact_row(entry) for entry in found.history),
    )


def _network_panels(found: Shown) -> Iterator[EventPanel]:
    number = found.view.row.id
    for n, wire in enumerate(found.life.wires, start=1):
        yield from event_panels(wire, f"n{number}-{n}")


def _counts(found: Shown, picture: Picture) -> str:
    said = f"{len(found.life.entries)} issued, {counted(len(found.history), 'fact')}"
    whole = picture.window.period.start <= found.life.begins
    return said if whole else f"{said}; the picture shows the last days of this life"


def _charge_row(entry: Entry) -> ChargeRow:
    charge, credit = entry.charge, entry.state == "credit"
    return ChargeRow(
        anchor=entry.anchor,
        name=charge.description,
        cycle=f"{day(charge.key.cycle.period.start)} to {day(charge.key.cycle.period.last)}",
        days=days_used(entry),
        amount=with_currency(charge.amount, signed=credit),
        receive=to_receive(entry),
        credit=credit,
    )


def _fact_row(entry: HistoryEntry) -> FactRow:
    detail = [*entry.detail]
    detail += [f"reason {entry.reason}"] if entry.reason else []
    detail += [entry.note] if entry.note else []
    detail += [f"voided by fact {entry.voided_by}"] if entry.voided_by else []
    return FactRow(
        number=entry.sequence,
        day=day(entry.on),
        kind=plain_words(entry.kind),
        detail="; ".join(detail),
        recorded=f"{entry.at:%d/%m/%Y}, {entry.actor}",
        void=entry.voided_by is not None,
    )


def customer_part(account: Overview, found: Iterable[Shown], label: str = "") -> CustomerPart:
    """Return what the page says of a customer, named *label* elsewhere."""
    subscriptions = tuple(subscription_part(one) for one in found)
    open_amounts = _by_currency(one.open for one in account.receivables)
    balances = _by_currency(account.balances.values())
    owes = [f"{money} open" for money in open_amounts] + [f"{money} in balance" for money in balances]
    return CustomerPart(
        number=account.customer.id,
        name=account.customer.details.name,
        tag=label or f"customer {account.customer.id}",
        owes=", ".join(owes) or "nothing open",
        subscriptions=subscriptions,
    )


def _by_currency(amounts: Iterable[Money]) -> tuple[str, ...]:
    sums: dict[str, Money] = {}
    for money in amounts:
        code = money.currency.code
        sums[code] = sums[code] + money if code in sums else money
    return tuple(with_currency(money) for money in sums.values() if not money.is_zero)


def run_row(on: str, runs: Sequence[Run]) -> RunRow:
    """Return *runs* as one row of the table."""
    counts: Counter[str] = Counter()
    charged: dict[str, Money] = {}
    credited: dict[str, Money] = {}
    for run in runs:
        for name in ("customers", "charges", "credits", "receivables"):
            counts[name] += getattr(run, name)
        for sums, given in ((charged, run.charged), (credited, run.credited)):
            for code, money in given.items():
                sums[code] = sums[code] + money if code in sums else money
    return RunRow(
        on=on,
        customers=counts["customers"],
        charges=counts["charges"],
        credits=counts["credits"],
        receivables=counts["receivables"],
        charged=charged,
        credited=credited,
        problems=tuple(str(problem) for run in runs for problem in run.problems),
    )


def run_rows(runs: Sequence[Run]) -> tuple[tuple[str, tuple[RunRow, ...]], ...]:
    """Return a row for each of *runs*, by month."""
    by_month = groupby(runs, key=lambda run: month(run.on))
    return tuple((name, tuple(run_row(day(run.on), [run]) for run in mine)) for name, mine in by_month)


def figures(runs: Sequence[Run], accounts: Sequence[Overview]) -> tuple[tuple[str, str, str], ...]:
    """Return the figures at the top: name, number, unit."""
    whole = run_row("", runs)
    subscriptions = sum(len(account.subscriptions) for account in accounts)
    counts = {"customer": len(accounts), "subscription": subscriptions, "closing": len(runs)}
    found = [(_plural(number, name), str(number), "") for name, number in counts.items() if number]
    for name, sums in (("charged", whole.charged), ("credited", whole.credited)):
        found += [(name, amount(money), code) for code, money in sorted(sums.items())]
    still: dict[str, Money] = {}
    for account in accounts:
        for one in account.receivables:
            code = one.open.currency.code
            still[code] = still[code] + one.open if code in still else one.open
    found += [("open", amount(money), code) for code, money in sorted(still.items())]
    return tuple(found)


def _plural(number: int, word: str) -> str:
    return word if number == 1 else f"{word}s"


def only_currency(runs: Sequence[Run]) -> str:
    """Return the currency of *runs* for a heading; nothing when there are several."""
    codes = {code for run in runs for code in (*run.charged, *run.credited)}
    return f", {codes.pop()}" if len(codes) == 1 else ""


def last_day(runs: Sequence[Run]) -> date | None:
    """Return the day of the last closing."""
    return max((run.on for run in runs), default=None)
