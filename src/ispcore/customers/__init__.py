"""Who buys: persons known once, their addresses, and how their subscriptions are charged by default."""

from ispcore.customers.decide import (
    AllowPromotions,
    ChangeCustomer,
    CustomerCommand,
    CustomerEvent,
    ExemptFromSlipFee,
    RegisterCustomer,
    SaveAddress,
    SaveContact,
    SetNotices,
    decide_customer,
    decide_registration,
)
from ispcore.customers.facts import FACTS, DisputeOutcome, Forgotten, LateTreatmentSet
from ispcore.customers.late import (
    ChangeCustomerLateTreatment,
    Dispute,
    LateCustomerCommand,
    Owing,
    PromiseToPay,
    ResolveDispute,
    decide_late,
)
from ispcore.customers.people import Address, AddressType, Contact, ContactKind, PersonDetails, PersonKind
from ispcore.customers.privacy import Forget, Ties, decide_forget, kept_texts
from ispcore.customers.state import ERASED, Customer, CustomerState, TextRef, Unwanted, fold_customer, shown
from ispcore.customers.tax_ids import PlainTaxIds, TaxIds

__all__ = [
    "ERASED",
    "FACTS",
    "Address",
    "AddressType",
    "AllowPromotions",
    "ChangeCustomer",
    "ChangeCustomerLateTreatment",
    "Contact",
    "ContactKind",
    "Customer",
    "CustomerCommand",
    "CustomerEvent",
    "CustomerState",
    "Dispute",
    "DisputeOutcome",
    "ExemptFromSlipFee",
    "Forget",
    "Forgotten",
    "LateCustomerCommand",
    "LateTreatmentSet",
    "Owing",
    "PersonDetails",
    "PersonKind",
    "PlainTaxIds",
    "PromiseToPay",
    "RegisterCustomer",
    "ResolveDispute",
    "SaveAddress",
    "SaveContact",
    "SetNotices",
    "TaxIds",
    "TextRef",
    "Ties",
    "Unwanted",
    "decide_customer",
    "decide_forget",
    "decide_late",
    "decide_registration",
    "fold_customer",
    "kept_texts",
    "shown",
]
