"""What a provider sells, and how: plans, services, prices, statuses, policies, business units, lists.

A catalogue is read from one document and is one value; its entries have histories.
"""

from ispcore.catalog.access_points import AccessPoint
from ispcore.catalog.catalogue import Catalogue
from ispcore.catalog.composition import REMAINDER, Composition, Line, Target, check_lines, rescaled
from ispcore.catalog.dated import Dated, in_force
from ispcore.catalog.debits import DebitKind
from ispcore.catalog.documents import AdvanceMonth, DocumentCovers, DocumentDue, DocumentRule
from ispcore.catalog.entries import SETTINGS, document_of, entries
from ispcore.catalog.facts import FACTS, EntrySaved, EntryWithdrawn
from ispcore.catalog.late import (
    AllocationOrder,
    Anchor,
    CountFrom,
    DayBasis,
    LateAction,
    LateCharges,
    LatePolicy,
    LateScope,
    LateTreatment,
    Stage,
)
from ispcore.catalog.lists import (
    ChargeMethod,
    Company,
    DocumentType,
    ExtraField,
    FieldOwner,
    FieldType,
    LedgerAccount,
    Reason,
    ReasonUse,
    parse_extra_fields,
)
from ispcore.catalog.notices import Channel, ContactKind, DayForm, NoticePolicy, Offsets, Topic
from ispcore.catalog.offers import (
    Existing,
    Plan,
    Service,
    Speed,
    Technology,
    Version,
    made_for,
    version_for,
    version_on,
)
from ispcore.catalog.policies import (
    Accrual,
    AnchorKind,
    BillingPolicy,
    ClosingMove,
    DatedPolicy,
    DayCount,
    DueRoll,
    FinalBill,
    FirstBill,
    OpenInstalments,
    Proration,
    SpareCents,
    Suspension,
    Trial,
    TrialKind,
    policy_on,
)
from ispcore.catalog.pools import Pool
from ispcore.catalog.prices import check_height, highest_price
from ispcore.catalog.privacy import KEEPABLE, PrivacyPolicy
from ispcore.catalog.reading import SECTIONS, read_catalogue
from ispcore.catalog.roles import SHIPPED_ROLES, StaffRole, permissions_of_roles
from ispcore.catalog.serving import NetworkPolicy, WhenBlocked
from ispcore.catalog.shipped import SHIPPED_STATUSES
from ispcore.catalog.simulate import Way, WayEnd, simulate, ways
from ispcore.catalog.statuses import Bucket, Message, Role, Serves, Status, StatusPin, pin
from ispcore.catalog.templates import FIELDS, SHIPPED_TEMPLATES, Template, TemplateUse, filled
from ispcore.catalog.units import BusinessUnit, unit_of

__all__ = [
    "FACTS",
    "FIELDS",
    "KEEPABLE",
    "REMAINDER",
    "SECTIONS",
    "SETTINGS",
    "SHIPPED_ROLES",
    "SHIPPED_STATUSES",
    "SHIPPED_TEMPLATES",
    "AccessPoint",
    "Accrual",
    "AdvanceMonth",
    "AllocationOrder",
    "Anchor",
    "AnchorKind",
    "BillingPolicy",
    "Bucket",
    "BusinessUnit",
    "Catalogue",
    "Channel",
    "ChargeMethod",
    "ClosingMove",
    "Company",
    "Composition",
    "ContactKind",
    "CountFrom",
    "Dated",
    "DatedPolicy",
    "DayBasis",
    "DayCount",
    "DayForm",
    "DebitKind",
    "DocumentCovers",
    "DocumentDue",
    "DocumentRule",
    "DocumentType",
    "DueRoll",
    "EntrySaved",
    "EntryWithdrawn",
    "Existing",
    "ExtraField",
    "FieldOwner",
    "FieldType",
    "FinalBill",
    "FirstBill",
    "LateAction",
    "LateCharges",
    "LatePolicy",
    "LateScope",
    "LateTreatment",
    "LedgerAccount",
    "Line",
    "Message",
    "NetworkPolicy",
    "NoticePolicy",
    "Offsets",
    "OpenInstalments",
    "Plan",
    "Pool",
    "PrivacyPolicy",
    "Proration",
    "Reason",
    "ReasonUse",
    "Role",
    "Serves",
    "Service",
    "SpareCents",
    "Speed",
    "StaffRole",
    "Stage",
    "Status",
    "StatusPin",
    "Suspension",
    "Target",
    "Technology",
    "Template",
    "TemplateUse",
    "Topic",
    "Trial",
    "TrialKind",
    "Version",
    "Way",
    "WayEnd",
    "WhenBlocked",
    "check_height",
    "check_lines",
    "document_of",
    "entries",
    "filled",
    "highest_price",
    "in_force",
    "made_for",
    "parse_extra_fields",
    "permissions_of_roles",
    "pin",
    "policy_on",
    "read_catalogue",
    "rescaled",
    "simulate",
    "unit_of",
    "version_for",
    "version_on",
    "ways",
]
