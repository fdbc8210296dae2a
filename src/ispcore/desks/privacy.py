"""The part of the facade that is about what is known of persons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from ispcore import usecases as u

if TYPE_CHECKING:
    from datetime import date

    from ispcore.timeline import Actor
    from ispcore.values import CustomerId


@frozen
class PrivacyDesk:
    """What is known of persons; :attr:`Provider.privacy <ispcore.app.Provider.privacy>`.

    Who is to be forgotten is by the command :class:`~ispcore.customers.Forget`.
    """

    _desk: u.Desk

    def export(self, customer: CustomerId, *, actor: Actor) -> u.PersonalData:
        """Return everything that is kept of a customer, or raise NotFoundError."""
        return u.export_person(self._desk, customer, actor=actor)

    def forget_due(self, on: date, *, actor: Actor) -> int:
        """Erase what was kept of those who were forgotten and is not wanted on a day; return of how many."""
        return u.forget_due(self._desk, on, actor=actor)
