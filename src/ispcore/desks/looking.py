"""Looking at what is kept: the catalogue, customers and subscriptions, their history; what is to be done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ispcore import usecases as u
from ispcore.desks.comparing import PlanComparison, compare
from ispcore.desks.connections import ConnectionDesk
from ispcore.desks.contracts import ContractDesk
from ispcore.desks.new_plan import NewPlanDesk
from ispcore.desks.privacy import PrivacyDesk
from ispcore.desks.reach import Reach
from ispcore.desks.rehearsing import summary_of_cancellation
from ispcore.desks.tasks import TaskDesk
from ispcore.timeline import Subject, SubjectKind

if TYPE_CHECKING:
    from datetime import date

    from ispcore.catalog import Catalogue
    from ispcore.hooks.plugins import Plugins
    from ispcore.plans import Cancel, ChangePlan
    from ispcore.storage import SqlDatabase
    from ispcore.timeline import Actor
    from ispcore.values import CustomerId, SubscriptionId


class Looking:
    """What is seen of the catalogue, of customers and of subscriptions."""

    plugins: Plugins
    _desk: u.Desk
    _database: SqlDatabase

    def catalogue(self, *, actor: Actor) -> Catalogue:
        """Return the catalogue as it stands, or raise NotFoundError."""
        actor.require("catalog.read")
        with self._database.reading() as work:
            return work.catalogue.current()

    def customer(self, customer: CustomerId, *, actor: Actor) -> u.Overview:
        """Return a customer with subscriptions, receivables and balances, or raise NotFoundError."""
        return u.overview(self._desk, customer, actor=actor)

    @property
    def connections(self) -> ConnectionDesk:
        """Connections of logins: statements, usage, the last one; taking them from devices that count."""
        return ConnectionDesk(self._desk, Reach(self._database, self.plugins))

    @property
    def contracts(self) -> ContractDesk:
        """Contracts: how they stand, and what their sale earned."""
        return ContractDesk(self._desk)

    @property
    def tasks(self) -> TaskDesk:
        """Commands for a later day."""
        return TaskDesk(self._desk)

    @property
    def privacy(self) -> PrivacyDesk:
        """What is known of persons: exporting it, and forgetting what was kept."""
        return PrivacyDesk(self._desk)

    @property
    def new_plan(self) -> NewPlanDesk:
        """A new plan step by step: answers that are checked, a summary that saves nothing, the finish."""
        return NewPlanDesk(self._desk, self._database)

    def tree(self, customer: CustomerId, *, actor: Actor) -> u.Tree:
        """Return a customer's subscriptions by where they are listed, or raise NotFoundError."""
        return u.tree_of(u.overview(self._desk, customer, actor=actor))

    def subscription(self, subscription: SubscriptionId, *, actor: Actor) -> u.SubscriptionView:
        """Return a subscription with its timeline and entries, or raise NotFoundError."""
        return u.subscription(self._desk, subscription, actor=actor)

    def cancellation(self, what: Cancel | SubscriptionId, *, actor: Actor) -> u.CancellationSummary:
        """Return what the cancellation of a subscription comes to, or one that is tried; nothing is saved.

        Raises:
            RefusedError, NotFoundError, InvalidValueError: a rule forbids it, or the subscription is not
                cancelled.
        """
        return summary_of_cancellation(self._desk, self._database, what, actor=actor)

    def compare(self, change: ChangePlan, *, actor: Actor, closing_on: date | None = None) -> PlanComparison:
        """Return the plan of a subscription beside the one of *change*, and the next bill of each.

        The bills are those of one closing; by default of the first that bills the other plan. Nothing is
        saved.

        Raises:
            RefusedError, NotFoundError, InvalidValueError: a rule forbids the change.
            UnbillableError: the subscription cannot be billed.
        """
        return compare(self._desk, self._database, change, actor=actor, closing_on=closing_on)

    def history(self, kind: SubjectKind, subject: object, *, actor: Actor) -> tuple[u.HistoryEntry, ...]:
        """Return who changed what, when and from where, or raise NotFoundError."""
        return u.history(self._desk, Subject(kind, str(subject)), actor=actor)

    def deleted(self, *, actor: Actor) -> tuple[u.Tombstone, ...]:
        """Return the deleted subscriptions, with who, when and why."""
        return u.deleted(self._desk, actor=actor)

    def count_customers(self, *, actor: Actor) -> int:
        """Return how many customers there are, for a progress bar."""
        actor.require("customer.read")
        with self._database.reading() as work:
            return work.customers.count()
