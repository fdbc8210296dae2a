"""Contracts: what leaving one early costs, and when its term is over."""

from ispcore.contracts.formula import NAMES, Formula
from ispcore.contracts.penalty import Leaving, Penalty, PenaltyTerms, Spared, end_of_term, penalty

__all__ = [
    "NAMES",
    "Formula",
    "Leaving",
    "Penalty",
    "PenaltyTerms",
    "Spared",
    "end_of_term",
    "penalty",
]
