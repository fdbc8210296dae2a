"""Contracts: their facts folded, their texts looked up, and the snapshot row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from ispcore.contracts import fold_contract, shown_contract
from ispcore.customers import TextRef
from ispcore.errors import ConcurrentChangeError, NotFoundError
from ispcore.storage import numbers
from ispcore.storage.contract_tables import contracts
from ispcore.timeline import SubjectKind
from ispcore.values import ContractNumber, CustomerId

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from typing import Any

    from ispcore.contracts import Contract, ContractState
    from ispcore.storage.facts import FactStore
    from ispcore.storage.turns import NoTurns

_OF_NUMBER = sa.select(contracts.c.customer_id, contracts.c.version).where(
    contracts.c.number == sa.bindparam("number")
)


class ContractStore:
    """The contracts in the database."""

    def __init__(self, connection: sa.Connection, facts: FactStore, turns: NoTurns) -> None:
        """Work in the transaction of *connection*."""
        self._connection = connection
        self._facts = facts
        self._turns = turns

    def next_in(self, series: str) -> int:
        """Return the next number of a *series*, which has no gaps: a failed transaction gives it back."""
        return numbers.take(self._connection, f"contract:{series}")

    def find(self, number: str) -> tuple[Contract, int] | None:
        """Return the contract and its version; who changes it has taken the turn of its customer."""
        row = self._connection.execute(_OF_NUMBER, {"number": number}).first()
        return None if row is None else (self.many([ContractNumber(number)])[0], row.version)

    def get(self, number: str) -> tuple[Contract, int]:
        """Return the contract and its version when those who write of its customer are done.

        Raises:
            NotFoundError: there is none.
        """
        row = self._connection.execute(_OF_NUMBER, {"number": number}).first()
        if row is not None:
            self._turns.customers([CustomerId(row.customer_id)])
        found = self.find(number)
        if found is None:
            raise NotFoundError("contract", number)
        return found

    def many(self, wanted: Sequence[ContractNumber]) -> tuple[Contract, ...]:
        """Return contracts with their texts, read at once, by number."""
        recorded = self._facts.of_many(SubjectKind.CONTRACT, wanted)
        texts = self._facts.texts_of_many(SubjectKind.CONTRACT, wanted)
        found = []
        for number in sorted(recorded):
            refs = {TextRef(*key): text for key, text in texts.get(number, {}).items()}
            found.append(shown_contract(fold_contract(recorded[number]), refs))
        return tuple(found)

    def of_customer(self, customer: CustomerId) -> tuple[Contract, ...]:
        """Return a customer's contracts, by number."""
        return self.of_customers([customer])

    def of_customers(self, wanted: Sequence[CustomerId]) -> tuple[Contract, ...]:
        """Return the contracts of many customers, by number, read in bulk."""
        theirs = sa.select(contracts.c.number).where(contracts.c.customer_id.in_(wanted))
        numbers_ = [ContractNumber(number) for number in self._connection.scalars(theirs)]
        return self.many(numbers_) if numbers_ else ()

    def sold(self, since: date, until: date) -> tuple[Contract, ...]:
        """Return the contracts that a salesperson sold from *since* to before *until*, by number."""
        wanted = sa.select(contracts.c.number).where(
            contracts.c.sold_on >= since, contracts.c.sold_on < until, contracts.c.salesperson.is_not(None)
        )
        return self.many([ContractNumber(number) for number in self._connection.scalars(wanted)])

    def insert(self, state: ContractState) -> None:
        """Keep a new contract, or raise ConcurrentChangeError when its number was taken meanwhile."""
        row = {"number": state.number, "version": 1, **snapshot(state)}
        try:
            self._connection.execute(sa.insert(contracts), row)
        except sa.exc.IntegrityError as error:
            raise ConcurrentChangeError("contract", state.number) from error

    def update(self, state: ContractState, version: int) -> None:
        """Keep a changed contract, or raise ConcurrentChangeError when *version* has moved."""
        same = (contracts.c.number == state.number) & (contracts.c.version == version)
        changed = sa.update(contracts).where(same).values(version=version + 1, **snapshot(state))
        if self._connection.execute(changed).rowcount != 1:
            raise ConcurrentChangeError("contract", state.number)

    def stale(self, state: ContractState) -> dict[str, tuple[object, object]]:
        """Return the columns of the snapshot that differ from the facts: as stored, and as they should be."""
        wanted = snapshot(state)
        columns = [contracts.c[name] for name in wanted]
        stored = (
            self._connection.execute(sa.select(*columns).where(contracts.c.number == state.number))
            .mappings()
            .one()
        )
        return {name: (stored[name], value) for name, value in wanted.items() if stored[name] != value}


def snapshot(state: ContractState) -> dict[str, Any]:
    """Return the columns that follow from the facts."""
    return {
        "customer_id": state.customer,
        "template": state.template,
        "sold_on": state.terms.sold_on,
        "salesperson": state.terms.salesperson,
        "acceptance": state.acceptance.value,
    }
