"""What fiscal documents say beside their lines: the standing text of their type, and those of contracts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ispcore.customers import ERASED
from ispcore.values import ContractNumber

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ispcore.billing import DocumentDraft
    from ispcore.usecases.ports import UnitOfWork
    from ispcore.values import ChargeId, CustomerId


def texts_of_contracts(work: UnitOfWork, customers: Sequence[CustomerId]) -> dict[ChargeId, str]:
    """Return what contracts of *customers* want said about what is owed for their subscriptions."""
    said = [one for one in work.contracts.of_customers(customers) if one.document_text not in {"", ERASED}]
    theirs = sorted({one.state.customer for one in said})
    lives = work.subscriptions.of_customers(theirs) if theirs else {}
    by_number = {one.number: one.document_text for one in said}
    texts = {
        timeline.last.id: by_number[ContractNumber(timeline.last.contract or "")]
        for mine in lives.values()
        for timeline, _ in mine
        if timeline.last.contract in by_number
    }
    found: dict[ChargeId, str] = {}
    for customer in theirs:
        for one in work.ledger.receivables(customer):
            text = texts.get(one.receivable.key.subscription)
            if text is not None:
                found[one.receivable.id] = text
    return found


def said_with(draft: DocumentDraft, standing: str, contracts: Mapping[ChargeId, str]) -> str:
    """Return the *standing* text, and after it what contracts say about the lines, each text once."""
    said = (contracts.get(line.receivable, "") for line in draft.lines)
    return "\n".join(dict.fromkeys(text for text in (standing, *said) if text))
