"""The part of the facade that bills one subscription beside the closings of everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve, frozen

from ispcore import usecases as u

if TYPE_CHECKING:
    from datetime import date

    from ispcore.billing import Closing
    from ispcore.storage import SqlDatabase
    from ispcore.timeline import Actor
    from ispcore.values import SubscriptionId


@frozen
class ChargingDesk:
    """What is billed on demand; ``provider.charging``."""

    _desk: u.Desk
    _database: SqlDatabase

    def open_cycle(
        self, subscription: SubscriptionId, on: date, *, actor: Actor, save: bool = True
    ) -> Closing:
        """Bill a subscription up to *on*, its open cycle too; its closing bills the rest.

        Without *save* nothing is kept: what would be billed.

        Raises:
            NotFoundError, UnbillableError, RefusedError: nothing is saved.
        """
        if save:
            return u.bill_open_cycle(self._desk, subscription, on, actor=actor)
        with self._database.rehearsal() as database:
            return u.bill_open_cycle(evolve(self._desk, database=database), subscription, on, actor=actor)

    def ahead(
        self, subscription: SubscriptionId, cycles: int, *, actor: Actor, save: bool = True
    ) -> tuple[Closing, ...]:
        """Bill what a subscription owes by now and its next *cycles*, each with the dates of its own closing.

        Without *save* nothing is kept: what would be billed.

        Raises:
            NotFoundError, InvalidValueError, UnbillableError, RefusedError: nothing is saved.
        """
        if save:
            return u.bill_ahead(self._desk, subscription, cycles, actor=actor)
        with self._database.rehearsal() as database:
            return u.bill_ahead(evolve(self._desk, database=database), subscription, cycles, actor=actor)
