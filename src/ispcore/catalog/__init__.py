"""What a provider sells, and how: plans, services, prices, statuses, policies, business units, lists.

A catalogue is read from one document and is one value; its entries have histories.
"""

from ispcore.catalog.access_points import AccessPoint
from ispcore.catalog.catalogue import Catalogue
from ispcore.catalog.combos import ComboPricing, ComboRule
from ispcore.catalog.composition import REMAINDER, Composition, Line, Target, check_lines, rescaled
from ispcore.catalog.contracts import (
    LONGEST_NUMBER,
    MOST_INSTALMENTS,
    MOST_MONTHS,
    Acceptance,
    Commission,
    ContractTemplate,
    NumberPattern,
    PenaltyRule,
    TermEnd,
)
from ispcore.catalog.dated import Dated, in_force
from ispcore.catalog.debits import DebitKind
from ispcore.catalog.documents import AdvanceMonth, DocumentCovers, DocumentDue, DocumentRule
from ispcore.catalog.entries import SETTINGS, document_of, entries
from ispcore.catalog.facts import FACTS, EntrySaved, EntryWithdrawn
from ispcore.catalog.formula import NAMES, Formula
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
from ispcore.catalog.print_templates import LONGEST_PRINT_TEMPLATE, PrintTemplate
from ispcore.catalog.privacy import KEEPABLE, PrivacyPolicy
from ispcore.catalog.reading import SECTIONS, read_catalogue
from ispcore.catalog.roles import SHIPPED_ROLES, StaffRole, permissions_of_roles
from ispcore.catalog.serving import NetworkPolicy, WhenBlocked
from ispcore.catalog.shipped import SHIPPED_STATUSES
from ispcore.catalog.simulate import Way, WayEnd, simulate, ways
from ispcore.catalog.statuses import Bucket, Message, Role, Serves, Status, StatusPin, pin
from ispcore.catalog.tasks import TaskPolicy
from ispcore.catalog.templates import FIELDS, SHIPPED_TEMPLATES, Template, TemplateUse, filled
from ispcore.catalog.temporary import Provisional, SeasonalPolicy
from ispcore.catalog.units import BusinessUnit, unit_of
from ispcore.catalog.vlans import VlanPlan

__all__ = [
    "FACTS",
    "FIELDS",
    "KEEPABLE",
    "LONGEST_NUMBER",
    "LONGEST_PRINT_TEMPLATE",
    "MOST_INSTALMENTS",
    "MOST_MONTHS",
    "NAMES",
    "REMAINDER",
    "SECTIONS",
    "SETTINGS",
    "SHIPPED_ROLES",
    "SHIPPED_STATUSES",
    "SHIPPED_TEMPLATES",
    "Acceptance",
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
    "ComboPricing",
    "ComboRule",
    "Commission",
    "Company",
    "Composition",
    "ContactKind",
    "ContractTemplate",
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
    "Formula",
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
    "NumberPattern",
    "Offsets",
    "OpenInstalments",
    "PenaltyRule",
    "Plan",
    "Pool",
    "PrintTemplate",
    "PrivacyPolicy",
    "Proration",
    "Provisional",
    "Reason",
    "ReasonUse",
    "Role",
    "SeasonalPolicy",
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
    "TaskPolicy",
    "Technology",
    "Template",
    "TemplateUse",
    "TermEnd",
    "Topic",
    "Trial",
    "TrialKind",
    "Version",
    "VlanPlan",
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
