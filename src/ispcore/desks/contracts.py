"""The part of the facade that is about contracts."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from attrs import frozen

from ispcore import usecases as u

if TYPE_CHECKING:
    from datetime import date

    from ispcore.timeline import Actor
    from ispcore.values import CustomerId


def hash_of(document: bytes) -> str:
    """Return the hash of a document that was shown, as an acceptance keeps it: SHA-256, in hexadecimal."""
    return sha256(document).hexdigest()


@frozen
class ContractDesk:
    """Contracts; :attr:`Provider.contracts <ispcore.app.Provider.contracts>`.

    They are made and changed by commands (:mod:`ispcore.contracts`).
    """

    _desk: u.Desk

    def show(self, number: str, *, actor: Actor, on: date | None = None) -> u.ContractView:
        """Return a contract as it is on a day, today by default, or raise NotFoundError."""
        return u.contract_view(self._desk, number, actor=actor, on=on)

    def of_customer(self, customer: CustomerId, *, actor: Actor) -> tuple[u.ContractView, ...]:
        """Return a customer's contracts as they are today, by number, or raise NotFoundError."""
        return u.contracts_of(self._desk, customer, actor=actor)

    def commissions(self, since: date, until: date, *, actor: Actor) -> tuple[u.Earned, ...]:
        """Return what salespeople earned by contracts sold from *since* to before *until*, by number."""
        return u.commissions(self._desk, since, until, actor=actor)
