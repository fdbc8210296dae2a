"""What happens to a contract, in the past tense; texts are kept beside the facts and can be erased."""

from __future__ import annotations

from datetime import date

from attrs import field, frozen

from ispcore.catalog import Acceptance
from ispcore.contracts.terms import AcceptedBy, ContractTerms
from ispcore.values import CustomerId, as_tuple


@frozen
class ContractOpened:
    """A customer and the provider agreed; which of the catalogue's templates it follows, and what it says."""

    customer: CustomerId
    template: str
    acceptance: Acceptance
    terms: ContractTerms
    texts: tuple[str, ...] = field(default=(), converter=as_tuple)


@frozen
class ContractEdited:
    """Something else was agreed, or something put right."""

    terms: ContractTerms
    texts: tuple[str, ...] = field(default=(), converter=as_tuple)
    cleared: tuple[str, ...] = field(default=(), converter=as_tuple)


@frozen
class ContractRenewed:
    """A term began anew on ``starts_on``."""

    starts_on: date
    months: int
    fidelity_months: int


@frozen
class ContractAccepted:
    """The customer accepted what was shown, whose content ``document_hash`` tells (SHA-256, in hex)."""

    how: AcceptedBy
    document_hash: str
    texts: tuple[str, ...] = field(default=(), converter=as_tuple)


@frozen
class ContractRefused:
    """The customer did not accept it."""


FACTS = (ContractOpened, ContractEdited, ContractRenewed, ContractAccepted, ContractRefused)
"""Every kind of fact of a contract."""
