"""What the use cases need of a database about contracts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol

from ispcore.contracts import Contract, ContractState
from ispcore.values import CustomerId


class Contracts(Protocol):
    """What customers and the provider agreed."""

    def next_in(self, series: str) -> int:
        """Return the next number of a *series*, which has no gaps."""
        ...

    def find(self, number: str) -> tuple[Contract, int] | None:
        """Return the contract of this number and its version, if there is one."""
        ...

    def get(self, number: str) -> tuple[Contract, int]:
        """Return the contract and its version, or raise NotFoundError."""
        ...

    def of_customer(self, customer: CustomerId) -> tuple[Contract, ...]:
        """Return a customer's contracts, by number."""
        ...

    def of_customers(self, customers: Sequence[CustomerId]) -> tuple[Contract, ...]:
        """Return the contracts of many customers, by number, read in bulk."""
        ...

    def sold(self, since: date, until: date) -> tuple[Contract, ...]:
        """Return the contracts that a salesperson sold from *since* to before *until*, by number."""
        ...

    def insert(self, state: ContractState) -> None:
        """Keep a new contract, or raise ConcurrentChangeError when its number was taken meanwhile."""
        ...

    def update(self, state: ContractState, version: int) -> None:
        """Keep a changed contract, or raise ConcurrentChangeError when *version* has moved."""
        ...

    def stale(self, state: ContractState) -> Mapping[str, tuple[object, object]]:
        """Return the columns of the snapshot that differ from the facts: as stored, and as they should be."""
        ...
