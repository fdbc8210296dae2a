"""The amounts that come about with a slip: its fee, fine and interest of what it gathers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve

from ispcore.billing.desired import ChargeKey
from ispcore.billing.entries import charge_id
from ispcore.billing.slips import SlipLine
from ispcore.catalog import DebitKind
from ispcore.plans import Cycle
from ispcore.values import ONE_DAY, ItemId, LineId, Period, zero

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ispcore.billing.desired_slips import SlipDraft
    from ispcore.billing.entries import Receivable
    from ispcore.values import Money

_SAID = {DebitKind.FINE: "Fine", DebitKind.INTEREST: "Interest"}


def slip_debits(draft: SlipDraft, on: date, numbers: Iterator[int]) -> Iterator[Receivable]:
    """Yield the amounts to raise when *draft* is issued on a day, each with the next of *numbers*."""
    for late in draft.late:
        about = late.about.receivable
        said = f"{_SAID[late.kind]}: {about.description}"
        raised = _raised(about, late.kind, late.amount, on, next(numbers))
        yield evolve(_asked_by(raised, draft), description=said[:200], through=on)
    if draft.fee is not None:
        about = draft.own[0].receivable
        raised = _raised(about, DebitKind.SLIP_FEE, draft.fee, on, next(numbers))
        yield evolve(_asked_by(raised, draft), description="Slip fee")


def debit_line(receivable: Receivable) -> SlipLine:
    """Return the line of an amount that came about with its slip."""
    own = receivable.kind is DebitKind.SLIP_FEE
    return SlipLine(receivable.id, receivable.amount, zero(receivable.amount.currency), gathered=not own)


def _raised(about: Receivable, kind: DebitKind, amount: Money, on: date, number: int) -> Receivable:
    key = ChargeKey(
        about.key.subscription,
        ItemId(f"{kind.value}:{number}"),
        LineId("main"),
        about.target.company,
        Cycle(Period(on, on + ONE_DAY), 0),
    )
    return evolve(
        about,
        id=charge_id(key, 0),
        key=key,
        amount=amount,
        kind=kind,
        about=about.id,
        issued_on=on,
        through=None,
    )


def _asked_by(receivable: Receivable, draft: SlipDraft) -> Receivable:
    month = draft.due_on.replace(day=1)
    return evolve(
        receivable,
        charge_method=draft.group.charge_method,
        due_on=draft.due_on,
        accrual=month,
        document_accrual=month,
    )
