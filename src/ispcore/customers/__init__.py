"""Who buys: persons known once, their addresses, and how their subscriptions are charged by default."""

from ispcore.customers.decide import (
    AllowPromotions,
    ChangeCustomer,
    CustomerCommand,
    CustomerEvent,
    RegisterCustomer,
    SaveAddress,
    SetNotices,
    decide_customer,
    decide_registration,
)
from ispcore.customers.facts import FACTS
from ispcore.customers.people import Address, AddressType, PersonDetails, PersonKind
from ispcore.customers.state import (
    ERASED,
    Customer,
    CustomerState,
    TextRef,
    Unwanted,
    fold_customer,
    shown,
)
from ispcore.customers.tax_ids import PlainTaxIds, TaxIds

__all__ = [
    "ERASED",
    "FACTS",
    "Address",
    "AddressType",
    "AllowPromotions",
    "ChangeCustomer",
    "Customer",
    "CustomerCommand",
    "CustomerEvent",
    "CustomerState",
    "PersonDetails",
    "PersonKind",
    "PlainTaxIds",
    "RegisterCustomer",
    "SaveAddress",
    "SetNotices",
    "TaxIds",
    "TextRef",
    "Unwanted",
    "decide_customer",
    "decide_registration",
    "fold_customer",
    "shown",
]
