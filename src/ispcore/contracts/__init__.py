"""Contracts: what was agreed, how long it holds, and what leaving one early costs."""

from ispcore.contracts.agreement import Agreement
from ispcore.contracts.commands import (
    PENALTY_PERMISSION,
    AcceptContract,
    AgreedFields,
    ContractCommand,
    EditContract,
    OpenContract,
    RefuseContract,
    RenewContract,
)
from ispcore.contracts.decide import (
    ContractEvent,
    ContractSetting,
    check_number,
    decide_contract,
    decide_contract_opening,
)
from ispcore.contracts.facts import FACTS
from ispcore.contracts.penalty import Leaving, Penalty, Spared, penalty
from ispcore.contracts.state import Contract, ContractState, fold_contract, shown_contract
from ispcore.contracts.term import Term, days_of, end_of_term, term_on
from ispcore.contracts.terms import (
    AcceptanceState,
    AcceptedBy,
    ContractTerms,
    Installation,
    InstallationOrder,
)

__all__ = [
    "FACTS",
    "PENALTY_PERMISSION",
    "AcceptContract",
    "AcceptanceState",
    "AcceptedBy",
    "AgreedFields",
    "Agreement",
    "Contract",
    "ContractCommand",
    "ContractEvent",
    "ContractSetting",
    "ContractState",
    "ContractTerms",
    "EditContract",
    "Installation",
    "InstallationOrder",
    "Leaving",
    "OpenContract",
    "Penalty",
    "RefuseContract",
    "RenewContract",
    "Spared",
    "Term",
    "check_number",
    "days_of",
    "decide_contract",
    "decide_contract_opening",
    "end_of_term",
    "fold_contract",
    "penalty",
    "shown_contract",
    "term_on",
]
