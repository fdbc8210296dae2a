"""What a step expects: read from the scenario, and compared with what was found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from attrs import asdict

from ispcore.billing import EntryKind
from ispcore.catalog import Bucket, Serves
from ispcore.errors import InvalidValueError
from ispcore.plans import enabled_on, first_activation, first_billed_day, last_activation, suspended_on
from ispcore.scenarios.fields import Named, Reading, name_of
from ispcore.scenarios.scenario import ExpectedClosing, ExpectedEntry, ExpectedState
from ispcore.values import (
    CODE,
    DAY,
    DECIMAL,
    FLAG,
    ONE_DAY,
    TEXT,
    Kind,
    Table,
    money,
    one_of,
    shown,
    whole,
    zero,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from ispcore.billing import Charge, Closing, Receivable
    from ispcore.usecases import SubscriptionView

_COUNT = whole(0, 10**6)


def _names(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise InvalidValueError(
            f"{shown(value)} is not a list of names.", hint="Write it in brackets: [...]."
        )
    return tuple(CODE.parse(name) for name in value)


_STATE_KINDS: Mapping[str, Kind[Any]] = {
    "status": CODE,
    "bucket": one_of(Bucket),
    "serves": one_of(Serves),
    "plan": CODE,
    "unit": CODE,
    "started_on": DAY,
    "ended_on": DAY,
    "ends_on": DAY,
    "cycle_from": DAY,
    "cycle_to": DAY,
    "first_billed_on": DAY,
    "first_activated_on": DAY,
    "last_activated_on": DAY,
    "suspended_on": DAY,
    "enabled_on": DAY,
    "closed_through": DAY,
    "items": _COUNT,
    "holds": _COUNT,
    "components": Kind(_names, ()),
    "discount_percent": DECIMAL,
}
_STATE_AMOUNTS = ("price", "discount", "to_pay")


def read_expected_closing(row: Table, reading: Reading) -> ExpectedClosing | None:
    """Return what a closing's ``expect`` table says, or None without one."""
    if "expect" not in row:
        return None
    table = row.table("expect")
    entries = tuple(_entry(inner, reading) for inner in table.rows("entries")) if "entries" in table else None
    expected = ExpectedClosing(
        charged=table.get("charged", money(reading.currency), default=None),
        credited=table.get("credited", money(reading.currency), default=None),
        entries=entries,
        problems=table.get("problems", _COUNT, default=None),
    )
    table.close()
    return expected


_ENTRY_KINDS: Mapping[str, Kind[Any]] = {
    "credit": FLAG,
    "item": TEXT,
    "line": CODE,
    "description": TEXT,
    "company": CODE,
    "document_type": CODE,
    "account": CODE,
    "charge_method": CODE,
    "days": _COUNT,
    "of": _COUNT,
    "weight": _COUNT,
    "weight_of": _COUNT,
    "through": DAY,
    "cycle_from": DAY,
    "cycle_to": DAY,
    "due": DAY,
    "accrual": DAY,
    "document_accrual": DAY,
    "separate_slip": FLAG,
    "separate_document": FLAG,
}


def _entry(row: Table, reading: Reading) -> ExpectedEntry:
    name = name_of(row, "subscription", Named.SUBSCRIPTION, reading)
    amount = row.get("amount", money(reading.currency))
    given = {key: row.get(key, kind) for key, kind in _ENTRY_KINDS.items() if key in row}
    row.close()
    return ExpectedEntry(name, amount, **given)


def read_expected_state(row: Table, reading: Reading) -> ExpectedState:
    """Return what an ``expect`` step says of a subscription."""
    name = name_of(row, "subscription", Named.SUBSCRIPTION, reading)
    values = {key: row.get(key, kind) for key, kind in _STATE_KINDS.items() if key in row}
    amount = money(reading.currency)
    values |= {key: row.get(key, amount) for key in _STATE_AMOUNTS if key in row}
    return ExpectedState(name, values)


def unmet_closing(
    expected: ExpectedClosing, closings: Sequence[Closing], numbers: Mapping[str, int], currency: str
) -> Iterator[str]:
    """Yield how *closings* differ from what was *expected*."""
    entries = [entry for closing in closings for entry in closing.entries]
    for what, kind, wanted in (
        ("charged", EntryKind.CHARGE, expected.charged),
        ("credited", EntryKind.CREDIT, expected.credited),
    ):
        found = sum((entry.amount for entry in entries if entry.kind is kind), zero(currency))
        if wanted is not None and wanted != found:
            yield f"{what}: expected {wanted}, found {found}"
    problems = [str(problem) for closing in closings for problem in closing.problems]
    if expected.problems is not None and expected.problems != len(problems):
        yield f"problems: expected {expected.problems}, found {len(problems)} {'; '.join(problems)}".rstrip()
    if expected.problems is None and problems:
        yield f"problems: expected none, found {'; '.join(problems)}"
    if expected.entries is not None:
        receivables = {one.id: one for closing in closings for one in closing.receivables}
        names = {number: name for name, number in numbers.items()}
        issued = [_values_of(entry, receivables.get(entry.id), names) for entry in entries]
        yield from _unmet_entries(expected.entries, issued)


def _unmet_entries(wanted: Sequence[ExpectedEntry], issued: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Match the most exact expectation first, and tell what is missing beside what is nearest to it."""
    left = list(issued)
    missing: list[int] = []
    for number in sorted(range(len(wanted)), key=lambda number: -len(_given(wanted[number]))):
        match = next((entry for entry in left if not _differing(wanted[number], entry)), None)
        if match is None:
            missing.append(number)
        else:
            left.remove(match)
    for number in sorted(missing):
        one = wanted[number]
        mine = [entry for entry in left if entry["subscription"] == one.subscription]
        nearest = min(mine, key=lambda entry: len(_differing(one, entry)), default=None)
        if nearest is None:
            yield f"entries[{number}]: expected {_say(_given(one))}, found nothing more of this subscription"
        else:
            left.remove(nearest)
            yield f"entries[{number}]: {'; '.join(_differing(one, nearest))} ({_say(nearest)})"
    yield from (f"expected nothing more, found {_say(entry)}" for entry in left)


def _values_of(entry: Charge, receivable: Receivable | None, names: Mapping[int, str]) -> Mapping[str, Any]:
    """Return what can be expected of an entry; what has no receivable is due on no day."""
    key, cycle = entry.key, entry.key.cycle.period
    return {
        "subscription": names.get(key.subscription, str(key.subscription)),
        "amount": entry.amount,
        "credit": entry.kind is EntryKind.CREDIT,
        "item": key.item,
        "line": key.line,
        "description": entry.description,
        "company": entry.target.company,
        "document_type": entry.target.document_type,
        "account": entry.target.account,
        "days": entry.days,
        "of": entry.days_of,
        "weight": entry.weight,
        "weight_of": entry.weight_of,
        "through": entry.through,
        "cycle_from": cycle.start,
        "cycle_to": cycle.last,
        "due": receivable.due_on if receivable else None,
        "charge_method": receivable.charge_method if receivable else None,
        "accrual": receivable.accrual if receivable else None,
        "document_accrual": receivable.document_accrual if receivable else None,
        "separate_slip": receivable.separate_slip if receivable else None,
        "separate_document": receivable.separate_document if receivable else None,
    }


def _given(wanted: ExpectedEntry) -> Mapping[str, Any]:
    return {name: value for name, value in asdict(wanted, recurse=False).items() if value is not None}


def _differing(wanted: ExpectedEntry, entry: Mapping[str, Any]) -> list[str]:
    return [
        f"{name}: expected {_shown(value)}, found {_shown(entry[name])}"
        for name, value in _given(wanted).items()
        if entry[name] != value
    ]


def _say(entry: Mapping[str, Any]) -> str:
    kind = "credit" if entry["credit"] else "charge"
    known = ("item", "line", "description", "days", "of", "cycle_from", "cycle_to")
    rest = [f"{name} {_shown(entry[name])}" for name in known if entry.get(name) is not None]
    return ", ".join([f"{kind} of {entry['amount']} for {entry['subscription']!r}", *rest])


def unmet_state(expected: ExpectedState, view: SubscriptionView, on: date) -> Iterator[str]:
    """Yield how a subscription differs on that day from what was *expected*."""
    found = state_values(view, on)
    for name, wanted in expected.values.items():
        if found[name] != wanted:
            yield f"{name}: expected {_shown(wanted)}, found {_shown(found[name])}"


def state_values(view: SubscriptionView, on: date) -> Mapping[str, Any]:
    """Return what can be expected of a subscription on a day."""
    timeline = view.timeline
    state = timeline.on(on) or timeline.last
    discount, closed_through = state.plan.discount, view.row.closed_through
    return {
        "status": state.status.code,
        "bucket": state.bucket,
        "serves": state.serves,
        "plan": state.plan.offer,
        "unit": state.unit,
        "price": state.plan.price,
        "discount": discount.off(state.plan.price) if discount else None,
        "discount_percent": discount.as_percent(state.plan.price) if discount else None,
        "to_pay": state.plan.to_pay(),
        "items": len(state.items),
        "holds": len(state.holds),
        "components": tuple(component.id for component in state.components),
        "started_on": state.started_on,
        "ended_on": state.end.on if state.end else None,
        "ends_on": state.ordered.on if state.ordered else None,
        "cycle_from": timeline.billed_on(on).days.start,
        "cycle_to": timeline.billed_on(on).days.last,
        "first_billed_on": first_billed_day(timeline),
        "first_activated_on": first_activation(state),
        "last_activated_on": last_activation(state),
        "suspended_on": suspended_on(state),
        "enabled_on": enabled_on(state),
        "closed_through": closed_through - ONE_DAY if closed_through else None,
    }


def _shown(value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, tuple):
        return ", ".join(value) or "none"
    if isinstance(value, bool):
        return str(value).lower()
    return str(getattr(value, "value", value))
