"""What can be asked of a contract, in the imperative."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from attrs import field, frozen
from attrs.converters import optional

from ispcore.catalog import Renewal
from ispcore.contracts.terms import AcceptedBy, InstallationOrder
from ispcore.values import (
    AddressId,
    ContactId,
    ContractNumber,
    CustomerId,
    Money,
    as_frozenset,
    as_tuple,
    check_types,
)

PENALTY_PERMISSION = "contract.penalty"
"""The permission to say another penalty than the template's, and to let one go."""


@frozen(kw_only=True)
class AgreedFields:
    """What a contract may say; None is as the template says, or as it was.

    A penalty is ``penalty_fixed``, or a ``penalty_formula`` in the language of
    :class:`~ispcore.catalog.Formula`; either, and another ``benefit``, needs a permission of its own.
    """

    dated_on: date | None = None
    sold_on: date | None = None
    starts_on: date | None = None
    months: int | None = None
    fidelity_months: int | None = None
    renewal: Renewal | None = None
    benefit: Money | None = None
    penalty_fixed: Money | None = None
    penalty_formula: str | None = None
    penalty_instalments: int | None = None
    installation_fee: Money | None = None
    installation_discount: Money | None = None
    installation_paid: Money | None = None
    installation_instalments: int | None = None
    order: InstallationOrder | None = None
    salesperson: str | None = None
    responsible: ContactId | None = None
    witnesses: tuple[ContactId, ...] | None = field(default=None, converter=optional(as_tuple))
    guarantor: ContactId | None = None
    address: AddressId | None = None
    contract_note: str | None = None
    document_text: str | None = None
    guarantor_note: str | None = None
    on: date | None = None
    note: str | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse fields of another type."""
        check_types(self)


@frozen(kw_only=True)
class OpenContract(AgreedFields):
    """Agree with a customer by a template of the catalogue.

    ``number`` is the provider's own; without it the template's pattern gives the next one. Subscriptions of
    the customer that name the number already belong to it.
    """

    permission: ClassVar[str] = "contract.open"
    customer: CustomerId
    template: str
    number: str | None = None


@frozen(kw_only=True)
class EditContract(AgreedFields):
    """Say something else in a contract; ``clear`` names what it is not to say any more."""

    permission: ClassVar[str] = "contract.edit"
    contract: ContractNumber
    clear: frozenset[str] = field(default=frozenset(), converter=as_frozenset)


@frozen(kw_only=True)
class _OfAContract:
    contract: ContractNumber
    on: date | None = None
    note: str | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse fields of another type."""
        check_types(self)


@frozen(kw_only=True)
class RenewContract(_OfAContract):
    """Begin a term anew, on ``starts_on`` (by default at the end of the one that runs).

    For as many months as before unless ``months`` says otherwise; without ``fidelity_months`` the customer
    is bound anew only where the template renews the fidelity.
    """

    permission: ClassVar[str] = "contract.renew"
    starts_on: date | None = None
    months: int | None = None
    fidelity_months: int | None = None


@frozen(kw_only=True)
class AcceptContract(_OfAContract):
    """Note that the customer accepted it: how, who, and what they saw.

    ``document_hash`` is the SHA-256 of the document that was shown, in hexadecimal.
    """

    permission: ClassVar[str] = "contract.accept"
    how: AcceptedBy
    by: str
    document_hash: str


@frozen(kw_only=True)
class RefuseContract(_OfAContract):
    """Note that the customer did not accept it."""

    permission: ClassVar[str] = "contract.accept"


ContractCommand = EditContract | RenewContract | AcceptContract | RefuseContract
"""A command to a contract that exists."""
