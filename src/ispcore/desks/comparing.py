"""Two plans side by side for one subscription: the one that it has, and one that it could have from a day on.

What the change would come to is a difference: the bill of a closing with it, beside that of the same closing
without it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from ispcore import usecases as u
from ispcore.billing import EntryKind, Receivable
from ispcore.catalog import Line, Speed, Technology
from ispcore.plans import PLAN_ITEM
from ispcore.plans.lines import current_lines
from ispcore.values import Every, ItemId, Money, SubscriptionId, total

if TYPE_CHECKING:
    from ispcore.catalog import Catalogue
    from ispcore.plans import ChangePlan, Timeline
    from ispcore.storage import SqlDatabase
    from ispcore.timeline import Actor


@frozen
class PlanSide:
    """One of two plans, as the subscription has it or would have it.

    ``price`` is for a full cycle of ``every``, ``to_pay`` the same less its discount, and ``services`` what
    each additional service costs beside it. ``lines`` split the price; ``includes`` counts components.
    """

    code: str
    name: str
    technology: Technology
    speed: Speed | None
    price: Money
    to_pay: Money
    every: Every
    lines: tuple[Line, ...]
    includes: Mapping[str, int]
    services: Mapping[ItemId, Money]

    @property
    def in_all(self) -> Money:
        """What a full cycle costs with the additional services."""
        return total([self.to_pay, *self.services.values()], self.to_pay.currency)


@frozen
class NextBill:
    """What a closing would charge and take back for the subscription, and for the one that comes after it.

    ``receivables`` are what would then be asked for.
    """

    closing_on: date
    charged: Money
    credited: Money
    receivables: tuple[Receivable, ...]

    @property
    def net(self) -> Money:
        """What is charged less what is taken back."""
        return self.charged - self.credited


@frozen
class PlanComparison:
    """The plan that a subscription has and another one from the day ``on``.

    ``bill`` is the first one that bills the other plan, ``bill_without`` that of the same closing without the
    change.
    """

    subscription: SubscriptionId
    on: date
    present: PlanSide
    other: PlanSide
    bill: NextBill
    bill_without: NextBill

    @property
    def dearer_by(self) -> Money:
        """How much more a cycle of the other one costs, services included; below zero where it costs less."""
        return self.other.in_all - self.present.in_all

    @property
    def dropped(self) -> tuple[ItemId, ...]:
        """The additional services that would end, by the names of their items."""
        return tuple(sorted(self.present.services.keys() - self.other.services.keys()))


def compare(
    desk: u.Desk, database: SqlDatabase, change: ChangePlan, *, actor: Actor, closing_on: date | None
) -> PlanComparison:
    """Return what *change* would make of a subscription; nothing is saved.

    Raises:
        RefusedError, NotFoundError, InvalidValueError: a rule forbids the change.
    """
    with database.rehearsal() as before:
        without = evolve(desk, database=before)
        view = u.subscription(without, change.subscription, actor=actor)
        with before.reading() as work:
            catalogue = work.catalogue.current()
        day = change.on or view.today
        with before.rehearsal() as after:
            changing = evolve(desk, database=after)
            recorded = u.change_subscription(changing, change, actor=actor)
            assert recorded.successor is not None  # noqa: S101 - as a change of plan always leaves one
            changed = u.subscription(changing, recorded.successor, actor=actor)
            closing = closing_on or _first_bill_on(changed.timeline, view.timeline, day)
            numbers = (change.subscription, recorded.successor)
            bill = next_bill(changing, view, numbers, closing, actor)
        return PlanComparison(
            subscription=change.subscription,
            on=day,
            present=_side(view, catalogue, day),
            other=_side(changed, catalogue, day),
            bill=bill,
            bill_without=next_bill(without, view, numbers, closing, actor),
        )


def _first_bill_on(changed: Timeline, present: Timeline, day: date) -> date:
    """Return the closing that bills what runs on *day* of both: its last day, or its first in advance."""
    billed = changed.billed_on(day)
    first = billed.days.start if changed.last.terms.advance else billed.cycle.closing_day
    return max(day, first, present.billed_on(day).cycle.closing_day)


def next_bill(
    desk: u.Desk, view: u.SubscriptionView, numbers: tuple[SubscriptionId, ...], on: date, actor: Actor
) -> NextBill:
    """Return what a closing on a day bills for the subscriptions with these *numbers*.

    Raises:
        UnbillableError: one of them cannot be billed.
    """
    (closing,) = u.preview(desk, on, actor=actor, customer=view.row.customer)
    for problem in closing.problems:
        if problem.subscription in numbers:
            raise problem
    currency = view.state.plan.price.currency
    mine = [entry for entry in closing.entries if entry.key.subscription in numbers]
    charged, credited = (
        total([entry.amount for entry in mine if entry.kind is kind], currency)
        for kind in (EntryKind.CHARGE, EntryKind.CREDIT)
    )
    asked = tuple(one for one in closing.receivables if one.key.subscription in numbers)
    return NextBill(on, charged, credited, asked)


def _side(view: u.SubscriptionView, catalogue: Catalogue, day: date) -> PlanSide:
    state = view.state
    item, plan = state.plan, catalogue.plan(state.plan.offer)
    return PlanSide(
        code=plan.code,
        name=plan.name,
        technology=plan.technology,
        speed=plan.speed,
        price=item.price,
        to_pay=view.to_pay[PLAN_ITEM],
        every=state.terms.grid.every,
        lines=current_lines(item, catalogue, day),
        includes=plan.includes,
        services={
            one.id: view.to_pay[one.id] for one in state.items if one.recurring and one.id != PLAN_ITEM
        },
    )
