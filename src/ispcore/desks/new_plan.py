"""The part of the facade that opens a new plan in steps."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from ispcore import usecases as u
from ispcore.desks.comparing import NextBill, next_bill
from ispcore.plans import State, first_billed_day
from ispcore.values import ItemId, Money

if TYPE_CHECKING:
    from ispcore.plans import Timeline
    from ispcore.storage import SqlDatabase
    from ispcore.timeline import Actor
    from ispcore.values import CustomerId, SecretText


@frozen
class NewPlanSummary:
    """What a new plan would be, before it is: nothing was saved.

    ``recorded`` is what each command would leave, with its moves on the network and its notices. ``to_pay``
    is what each item costs for a full cycle; ``first_billed_on`` is None as long as nothing is owed.
    """

    plan: u.NewPlan
    recorded: tuple[u.Recorded, ...]
    state: State
    to_pay: Mapping[ItemId, Money]
    first_billed_on: date | None
    bill: NextBill


@frozen
class NewPlanDesk:
    """A new plan step by step; ``provider.new_plan``. The draft is handed from call to call."""

    _desk: u.Desk
    _database: SqlDatabase

    def begin(self, customer: CustomerId, *, actor: Actor) -> u.NewPlanDraft:
        """Return an empty draft for a customer, or raise NotFoundError."""
        draft = u.NewPlanDraft(customer)
        u.counter(self._desk, draft, actor=actor)
        return draft

    def choices(self, draft: u.NewPlanDraft, *, actor: Actor) -> u.NewPlanChoices:
        """Return what can be answered.

        Raises:
            RefusedError, NotFoundError: no business unit serves the address, or there is no such customer.
        """
        return u.choices(u.counter(self._desk, draft, actor=actor))

    def answer(
        self, draft: u.NewPlanDraft, step: u.NewPlanStep, fields: Mapping[str, Any], *, actor: Actor
    ) -> u.NewPlanDraft:
        """Return the draft with the *fields* of a *step*, in place of what it had.

        Raises:
            DocumentError: fields are wrong; each of its problems names one.
            RefusedError: an earlier step was not answered.
        """
        return u.answered(u.counter(self._desk, draft, actor=actor), step, fields)

    def summary(
        self, draft: u.NewPlanDraft, *, actor: Actor, closing_on: date | None = None
    ) -> NewPlanSummary:
        """Return what would be opened, and the bill of a closing: by default the first with something owed.

        Raises:
            DocumentError: fields are wrong or missing; each of its problems names a step and a field.
            RefusedError, NotFoundError, InvalidValueError: a rule forbids it.
        """
        plan = u.new_plan(u.counter(self._desk, draft, actor=actor))
        with self._database.rehearsal() as rehearsed:
            desk = evolve(self._desk, database=rehearsed)
            recorded = u.open_new_plan(desk, plan, actor=actor)
            number = recorded[0].subscription
            view = u.subscription(desk, number, actor=actor)
            closing = closing_on or _first_bill_on(view.timeline)
            return NewPlanSummary(
                plan=plan,
                recorded=recorded,
                state=view.state,
                to_pay=view.to_pay,
                first_billed_on=first_billed_day(view.timeline),
                bill=next_bill(desk, view, (number,), closing, actor),
            )

    def finish(
        self, draft: u.NewPlanDraft, *, actor: Actor, password: SecretText | None = None
    ) -> tuple[u.Recorded, ...]:
        """Open the subscription with its services and login in one transaction; return what each left.

        The *password* is the login's; without one it is made up, and the last answer tells it.

        Raises:
            DocumentError: fields are wrong or missing; each of its problems names a step and a field.
            RefusedError, NotFoundError, InvalidValueError: a rule forbids it; nothing is saved.
        """
        plan = u.new_plan(u.counter(self._desk, draft, actor=actor))
        return u.open_new_plan(self._desk, plan, actor=actor, password=password)


def _first_bill_on(life: Timeline) -> date:
    """Return the closing that bills the first owed day, or would bill the start."""
    first = first_billed_day(life) or life.last.started_on
    return first if life.last.terms.advance else life.billed_on(first).cycle.closing_day
