"""Debts, policies and subscriptions for the tests of late payment; everything is in 2026, in Londrina."""

from datetime import date, timedelta
from typing import Any

from ispcore.billing import (
    ChargeKey,
    DebitKind,
    LateCase,
    LateStanding,
    OpenDebt,
    Receivable,
    ReceivableBalance,
    SourceKind,
    alone,
    charge_id,
    standing,
)
from ispcore.catalog import Catalogue, Target
from ispcore.plans import Cycle, State, Timeline
from ispcore.values import ItemId, LineId, Period, SubscriptionId
from tests.catalogues import CUSTOMER, SUBSCRIPTION, brl, catalogue, subscribed

DUE = date(2026, 9, 10)
"""A Thursday."""

NOTIFY = {"code": "told", "action": "notify", "days": 5, "template": "late"}
REDUCE = {"code": "slow", "action": "reduce", "days": 10}
BLOCK = {"code": "stop", "action": "block", "days": 15, "anchor": "notice", "after": "told"}
PROPOSE = {"code": "end", "action": "propose_cancellation", "days": 60, "anchor": "stage", "after": "stop"}
LADDER = [NOTIFY, REDUCE, BLOCK, PROPOSE]
"""Told after five days, reduced after ten, blocked fifteen days after the notice, and so on."""


def september(day: int) -> date:
    """Return that day of September 2026; 31 is the first of October."""
    return date(2026, 9, 1) + timedelta(days=day - 1)


def policy(stages: list[dict[str, Any]] = LADDER, **more: Any) -> Catalogue:
    """Return a catalogue whose standard policy about late payers has these stages."""
    return catalogue(late={"standard": {"stages": stages, **more}})


RULES = policy()


def owed(
    amount: str = "100.00",
    due_on: date = DUE,
    subscription: SubscriptionId = SUBSCRIPTION,
    kind: DebitKind = DebitKind.FEE,
    paid: int = 0,
) -> ReceivableBalance:
    """Return a receivable, with what was paid of it in cents."""
    cycle = Cycle(Period(due_on - timedelta(days=30), due_on), 0)
    key = ChargeKey(subscription, ItemId(kind.value), LineId("main"), "net", cycle)
    receivable = Receivable(
        id=charge_id(key, 0),
        key=key,
        customer=CUSTOMER,
        amount=brl(amount),
        description="Fibra",
        target=Target("3.1.01", "net", "nfcom"),
        charge_method="slip",
        due_on=due_on,
        issued_on=cycle.period.start,
        accrual=due_on.replace(day=1),
        document_accrual=due_on.replace(day=1),
        separate_slip=False,
        separate_document=False,
        kind=kind,
    )
    return ReceivableBalance.of(receivable, {SourceKind.PAYMENT: paid})


FEE = owed()
NAME = str(FEE.receivable.id)
"""The usual receivable, and the name under which notices are about it."""


def state_of(timeline: Timeline, on: date) -> State:
    """Return what a subscription is on a day on which it exists."""
    state = timeline.on(on)
    assert state is not None
    return state


LIFE = subscribed(on=date(2026, 1, 1))


def case(*owing: ReceivableBalance, on: date, **more: Any) -> LateCase:
    """Return what is looked at on a day: the usual receivable of the usual subscription, unless told."""
    usual: dict[str, Any] = {
        "customer": CUSTOMER,
        "catalogue": RULES,
        "debts": tuple(map(alone, owing or (FEE,))),
        "states": {SUBSCRIPTION: state_of(LIFE, on)},
    }
    return LateCase(on=on, **{**usual, **more})


def stands(*owing: ReceivableBalance, on: date, **more: Any) -> LateStanding:
    """Return how the usual customer stands on a day."""
    return standing(case(*owing, on=on, **more))


def on_slip(number: str, *parts: ReceivableBalance, before: tuple[str, ...] = ()) -> OpenDebt:
    """Return a slip of *parts*, with the names of slips that it stands for."""
    names = {number, *before, *(str(one.receivable.id) for one in parts)}
    return OpenDebt(number, frozenset(names), parts)
