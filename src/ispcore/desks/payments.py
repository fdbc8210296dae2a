"""The part of the facade that is about what customers were asked for and paid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from ispcore.usecases import ParkedPayment, ParkedState, Settlement, parked_payments, statement
from ispcore.usecases.settlements import settlements

if TYPE_CHECKING:
    from datetime import date

    from ispcore.billing import Statement
    from ispcore.timeline import Actor
    from ispcore.usecases import Desk
    from ispcore.values import CustomerId


@frozen
class PaymentDesk:
    """Accounts of customers and payments that wait; ``provider.payments``. Commands go by ``provider.do``."""

    _desk: Desk

    def statement(
        self,
        customer: CustomerId,
        *,
        actor: Actor,
        since: date | None = None,
        until: date | None = None,
    ) -> tuple[Statement, ...]:
        """Return what a customer was asked for and paid, by company and currency, with a running balance.

        Raises:
            NotFoundError: there is no such customer.
        """
        return statement(self._desk, customer, actor=actor, since=since, until=until)

    def settlements(self, customer: CustomerId, *, actor: Actor) -> tuple[Settlement, ...]:
        """Return who refunded, wrote off, let go, renegotiated or took back what of a customer, and why."""
        return settlements(self._desk, customer, actor=actor)

    def parked(
        self, *, actor: Actor, state: ParkedState | None = ParkedState.WAITING
    ) -> tuple[ParkedPayment, ...]:
        """Return the payments that wait for a person, or those in another *state*; None for all."""
        return parked_payments(self._desk, actor=actor, state=state)
