"""What fiscal documents say beside their lines: the standing text of their type, and those of contracts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ispcore.customers import ERASED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ispcore.billing import DocumentDraft
    from ispcore.usecases.ports import UnitOfWork
    from ispcore.values import ChargeId, CustomerId


def texts_of_contracts(work: UnitOfWork, customers: Sequence[CustomerId]) -> dict[ChargeId, str]:
    """Return what contracts of *customers* want said about what is owed for their subscriptions."""
    found: dict[ChargeId, str] = {}
    for contract in work.contracts.of_customers(customers):
        if contract.document_text in {"", ERASED}:
            continue
        customer = contract.state.customer
        its = {
            timeline.last.id
            for timeline, _ in work.subscriptions.of_customer(customer)
            if timeline.last.contract == contract.number
        }
        for one in work.ledger.receivables(customer):
            if one.receivable.key.subscription in its:
                found[one.receivable.id] = contract.document_text
    return found


def said_with(draft: DocumentDraft, standing: str, contracts: Mapping[ChargeId, str]) -> str:
    """Return the *standing* text, and after it what contracts say about the lines, each text once."""
    said = (contracts.get(line.receivable, "") for line in draft.lines)
    return "\n".join(dict.fromkeys(text for text in (standing, *said) if text))
