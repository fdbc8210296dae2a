"""Every kind of fact of a subscription, and those that change nothing of what is owed."""

from ispcore.customers import LateTreatmentSet
from ispcore.plans.equipment_facts import EquipmentCollected
from ispcore.plans.facts import (
    AddressChanged,
    Annulled,
    BillingEventAdded,
    BillingTermsChanged,
    BonusGranted,
    CancellationOrdered,
    CancellationWithdrawn,
    Cancelled,
    ComboLeft,
    ComboPriced,
    ComponentAdded,
    ComponentChanged,
    ComponentRemoved,
    CompositionCustomised,
    CompositionRestored,
    ContractJoined,
    Deleted,
    DiscountChanged,
    Enabled,
    HoldLifted,
    HoldPlaced,
    Imported,
    ItemAdded,
    ItemEnded,
    NoticesChanged,
    PlanChanged,
    PriceChanged,
    Resumed,
    SlipTermsSet,
    Sold,
    SpeedSet,
    SpeedWindowsSet,
    StatusChanged,
    Subscribed,
    Suspended,
    Transferred,
)
from ispcore.plans.temporary_facts import EnabledProvisionally, TemporaryPlanEnded, TemporaryPlanStarted
from ispcore.timeline import Retracted

FACTS = (
    Subscribed,
    Imported,
    StatusChanged,
    Enabled,
    Suspended,
    Resumed,
    HoldPlaced,
    HoldLifted,
    Cancelled,
    CancellationOrdered,
    CancellationWithdrawn,
    Annulled,
    PlanChanged,
    Transferred,
    PriceChanged,
    DiscountChanged,
    ItemAdded,
    ItemEnded,
    BillingEventAdded,
    Sold,
    CompositionCustomised,
    CompositionRestored,
    BillingTermsChanged,
    SlipTermsSet,
    AddressChanged,
    ComponentAdded,
    ComponentChanged,
    ComponentRemoved,
    SpeedSet,
    SpeedWindowsSet,
    EquipmentCollected,
    BonusGranted,
    LateTreatmentSet,
    NoticesChanged,
    EnabledProvisionally,
    TemporaryPlanStarted,
    TemporaryPlanEnded,
    ContractJoined,
    ComboPriced,
    ComboLeft,
    Deleted,
    Retracted,
)
"""Every kind of fact of a subscription's timeline."""

MOVING_ON = (PlanChanged, Transferred)
"""The facts after which a successor goes on."""

TEMPORARY_PLANS = (TemporaryPlanStarted, TemporaryPlanEnded)
"""The facts that let another plan be served, and change nothing that is owed."""

OF_THE_NETWORK = (ComponentAdded, ComponentChanged, ComponentRemoved, SpeedSet, SpeedWindowsSet)
"""The facts that change what is served, and nothing that is owed."""

ABOUT_LATE_PAYMENT = (BonusGranted, LateTreatmentSet)
"""The facts that change what is done when money comes late, and nothing that is owed."""

AFTER_THE_END = (Sold, EquipmentCollected)
"""The facts that change no state, and may come after the end too."""

OWING_NOTHING = (
    *OF_THE_NETWORK,
    *ABOUT_LATE_PAYMENT,
    *TEMPORARY_PLANS,
    *AFTER_THE_END,
    NoticesChanged,
    ContractJoined,
)
"""The facts that leave every charge as it is."""
