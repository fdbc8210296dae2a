"""How a customer who is late stands on a day: what is late, the stages reached, what follows from them.

Nothing is done here. What is late is a fold of what is open, promised and contested; the holds that should
stand follow from the stages, and their difference to those that do stand is the work (``late_holds``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import TypeAlias

from attrs import field, frozen

from ispcore.billing.entries import ReceivableBalance
from ispcore.billing.late_cases import LateCase, OpenDebt
from ispcore.billing.late_stages import Anchors, StageAhead, StageReached, stages_of
from ispcore.catalog import DebitKind, LateAction, LatePolicy, LateScope, Stage
from ispcore.plans import HoldKind, State
from ispcore.values import (
    BusinessCalendar,
    CustomerId,
    Money,
    SubscriptionId,
    next_business_day,
)

_FOLLOW = {DebitKind.FINE, DebitKind.INTEREST}
"""What is about a receivable that is late; left over, it does no harm to anybody."""
_HOLDS = {LateAction.REDUCE: HoldKind.REDUCED, LateAction.BLOCK: HoldKind.BLOCKED}


@frozen
class LateDebt:
    """A debt that is late: how much, since when, which stages are reached and which are to come.

    ``subscriptions`` are those that its stages act on.
    """

    debt: OpenDebt
    policy: LatePolicy
    amount: Money
    due_on: date
    since: date
    reached: tuple[StageReached, ...]
    ahead: tuple[StageAhead, ...]
    subscriptions: tuple[SubscriptionId, ...]

    @property
    def stage(self) -> StageReached | None:
        """The last stage that is reached, in the policy's order."""
        return self.reached[-1] if self.reached else None

    @property
    def next(self) -> StageAhead | None:
        """The stage that comes next: the first one with a day, else the first that waits."""
        dated = [one for one in self.ahead if one.on is not None]
        return min(dated, key=_day_of, default=self.ahead[0] if self.ahead else None)


@frozen
class StageNotice:
    """A notice that is due: about which debt, for which stage, by which template."""

    customer: CustomerId
    subject: str
    stage: str
    template: str | None
    on: date

    @property
    def id(self) -> str:
        """The same in every run, so that nobody is told twice."""
        return f"late:{self.stage}:{self.subject}"


@frozen
class CancellationProposal:
    """A subscription whose cancellation is proposed; a person decides."""

    subscription: SubscriptionId
    subject: str
    stage: str
    since: date


@frozen
class LateStanding:
    """How a customer stands on a day: what is late, and everything that follows.

    ``holds`` are the automatic holds that should stand, by subscription; one that is not named has none.
    """

    customer: CustomerId
    on: date
    debts: tuple[LateDebt, ...] = ()
    holds: Mapping[SubscriptionId, frozenset[HoldKind]] = field(factory=dict)
    notices: tuple[StageNotice, ...] = ()
    proposals: tuple[CancellationProposal, ...] = ()

    @property
    def amounts(self) -> Mapping[str, Money]:
        """How much is late, by currency."""
        found: dict[str, Money] = {}
        for one in self.debts:
            code = one.amount.currency.code
            found[code] = found[code] + one.amount if code in found else one.amount
        return found


def standing(case: LateCase) -> LateStanding:
    """Return how a customer stands."""
    debts = tuple(_counted(case, part) for part in _late_parts(case))
    holds: dict[SubscriptionId, set[HoldKind]] = defaultdict(set)
    for debt in debts:
        for one in debt.reached:
            if one.stage.action in _HOLDS:
                for subscription in _free_to(one.stage, debt.subscriptions, case):
                    holds[subscription].add(_HOLDS[one.stage.action])
    return LateStanding(
        customer=case.customer,
        on=case.on,
        debts=debts,
        holds={name: frozenset(kinds) for name, kinds in holds.items()},
        notices=tuple(_notices(case, debts)),
        proposals=tuple(_proposals(case, debts)),
    )


_Counted: TypeAlias = tuple[ReceivableBalance, Money]
"""A receivable, and how much of it is late."""


@frozen
class _Part:
    """The receivables of a debt that are late under one policy."""

    debt: OpenDebt
    policy: LatePolicy
    calendar: BusinessCalendar
    amount: Money
    due_on: date
    since: date
    subscriptions: tuple[SubscriptionId, ...]


def _late_parts(case: LateCase) -> list[_Part]:
    """Return what is late, without that of policies under which too little is."""
    parts = [part for debt in case.debts for part in _parts(case, debt)]
    totals: dict[LatePolicy, int] = defaultdict(int)
    for part in parts:
        totals[part.policy] += part.amount.minor
    return [one for one in parts if one.policy.least is None or totals[one.policy] >= one.policy.least.minor]


def _parts(case: LateCase, debt: OpenDebt) -> Iterator[_Part]:
    """Yield the parts of *debt* that are late, each under its own policy.

    It stays under the policy of its due day.
    """
    found: dict[tuple[LatePolicy, BusinessCalendar], list[_Counted]] = defaultdict(list)
    for one in debt.parts:
        subscription, due_on = one.receivable.key.subscription, one.receivable.due_on
        amount = late_amount(case, one)
        if amount.minor > 0:
            policy = case.policy_of(subscription, due_on)
            found[policy, case.calendar_of(subscription)].append((one, amount))
    for (policy, calendar), members in found.items():
        due_on = min(one.receivable.due_on for one, _ in members)
        since = late_from(policy, calendar, due_on)
        if case.on >= since:
            amounts = [amount for _, amount in members]
            own = [one.receivable.key.subscription for one, _ in members]
            yield _Part(
                debt=debt,
                policy=policy,
                calendar=calendar,
                amount=sum(amounts[1:], amounts[0]),
                due_on=due_on,
                since=since,
                subscriptions=_acted_on(case, policy, own),
            )


def late_amount(case: LateCase, one: ReceivableBalance) -> Money:
    """Return how much of a receivable counts as late once its day is over.

    It is what is open, neither promised nor contested; of a fine or an interest nothing.
    """
    receivable = one.receivable
    promised = case.promises.get(receivable.id)
    nothing = Money(0, receivable.amount.currency)
    if receivable.kind in _FOLLOW or (promised is not None and case.on <= promised):
        return nothing
    return max(one.open - case.disputes.get(receivable.id, nothing), nothing)


def late_from(policy: LatePolicy, calendar: BusinessCalendar, due_on: date) -> date:
    """Return the first day on which what is due on a day is late."""
    payable = next_business_day(calendar, due_on) if policy.charges.business_days else due_on
    return payable + timedelta(days=1)


def _acted_on(
    case: LateCase, policy: LatePolicy, late: Iterable[SubscriptionId]
) -> tuple[SubscriptionId, ...]:
    """Return the living subscriptions that stages act on; of one that changed its plan, the successor."""
    own = {living(case.states, subscription) for subscription in late}
    contracts = {case.states[name].contract for name in own if name in case.states} - {None}
    return tuple(
        name
        for name, state in sorted(case.states.items())
        if state.end is None
        and (
            name in own
            or policy.scope is LateScope.CUSTOMER
            or (policy.scope is LateScope.CONTRACT and state.contract in contracts)
        )
    )


def living(states: Mapping[SubscriptionId, State], subscription: SubscriptionId) -> SubscriptionId:
    """Return the subscription that *subscription* became by changes of plan; itself where there was none.

    What was handed over to another customer is none of *states*.
    """
    while subscription in states:
        successor = states[subscription].successor
        if successor is None or successor not in states:
            break
        subscription = successor
    return subscription


def _counted(case: LateCase, part: _Part) -> LateDebt:
    anchors = Anchors(
        due_on=part.due_on,
        since=part.since,
        calendar=part.calendar,
        told=_of_debt(case.told, part.debt),
        reached=_of_debt(case.reached, part.debt),
    )

    def hindered(stage: Stage) -> str | None:
        return None if _free_to(stage, part.subscriptions, case) else "a bonus or a switch"

    reached, ahead = stages_of(part.policy.stages, anchors, case.on, hindered)
    return LateDebt(
        debt=part.debt,
        policy=part.policy,
        amount=part.amount,
        due_on=part.due_on,
        since=part.since,
        reached=reached,
        ahead=ahead,
        subscriptions=part.subscriptions,
    )


def _of_debt(known: Mapping[tuple[str, str], date], debt: OpenDebt) -> dict[str, date]:
    """Return the days that are *known* of a debt under any of its names, the earliest of each stage."""
    found: dict[str, date] = {}
    for (subject, code), day in known.items():
        if subject in debt.names:
            found[code] = min(day, found.get(code, day))
    return found


def _free_to(
    stage: Stage, subscriptions: Iterable[SubscriptionId], case: LateCase
) -> tuple[SubscriptionId, ...]:
    """Return the *subscriptions* to which *stage* may be done: that no switch and no bonus spares."""
    return tuple(name for name in subscriptions if _may(stage, case.states[name], case))


def _may(stage: Stage, state: State, case: LateCase) -> bool:
    treatment = case.treatment_of(state)
    if stage.action is LateAction.NOTIFY:
        return treatment.notices
    return treatment.blocks and (state.bonus_until is None or case.on >= state.bonus_until)


def _notices(case: LateCase, debts: Iterable[LateDebt]) -> Iterator[StageNotice]:
    """Yield the notices of stages that are reached and were not handed over."""
    asked: set[str] = set()
    for debt in debts:
        told = _of_debt(case.told, debt.debt)
        for one in debt.reached:
            if one.stage.action is not LateAction.NOTIFY or one.stage.code in told:
                continue
            notice = StageNotice(
                case.customer, debt.debt.subject, one.stage.code, one.stage.template, case.on
            )
            if notice.id not in asked and _free_to(one.stage, debt.subscriptions, case):
                asked.add(notice.id)
                yield notice


def _proposals(case: LateCase, debts: Iterable[LateDebt]) -> Iterator[CancellationProposal]:
    proposed: set[SubscriptionId] = set()
    for debt in debts:
        for one in debt.reached:
            if one.stage.action is not LateAction.PROPOSE_CANCELLATION:
                continue
            for name in _free_to(one.stage, debt.subscriptions, case):
                if name not in proposed:
                    proposed.add(name)
                    yield CancellationProposal(name, debt.debt.subject, one.stage.code, one.on)


def _day_of(one: StageAhead) -> date:
    return one.on or date.max
