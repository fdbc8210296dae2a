"""How a fact that a state does not admit is refused, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ispcore.customers import LateTreatmentSet
from ispcore.errors import RefusedError
from ispcore.plans import facts as f
from ispcore.plans import temporary_facts as tf

if TYPE_CHECKING:
    from ispcore.timeline import Fact

_VERBS: dict[type, str] = {
    f.Subscribed: "be opened",
    f.Imported: "be imported",
    f.StatusChanged: "change its status",
    f.Enabled: "be enabled",
    f.Suspended: "be suspended",
    f.Resumed: "be resumed",
    f.HoldPlaced: "be put on hold",
    f.HoldLifted: "be taken off hold",
    f.Cancelled: "be cancelled",
    f.CancellationOrdered: "be cancelled later",
    f.Annulled: "be annulled",
    f.PlanChanged: "change its plan",
    f.Transferred: "be handed over",
    f.PriceChanged: "change a price",
    f.DiscountChanged: "change a discount",
    f.ContractJoined: "join a contract",
    f.ComboPriced: "be priced in a combo",
    f.ComboLeft: "leave a combo",
    f.ItemAdded: "get an item",
    f.ItemEnded: "end an item",
    f.BillingEventAdded: "get a billing event",
    f.CompositionCustomised: "customise a composition",
    f.CompositionRestored: "restore a composition",
    f.BillingTermsChanged: "change its billing terms",
    f.AddressChanged: "change its address",
    f.ComponentAdded: "get a component",
    f.ComponentChanged: "change a component",
    f.ComponentRemoved: "lose a component",
    f.SpeedSet: "change a speed",
    f.SpeedWindowsSet: "change its speed windows",
    f.BonusGranted: "get a bonus",
    LateTreatmentSet: "be treated otherwise when paid late",
    tf.EnabledProvisionally: "be enabled provisionally",
    tf.TemporaryPlanStarted: "get another plan for a while",
    tf.TemporaryPlanEnded: "get its own plan back",
    f.Deleted: "be deleted",
}


def refused(fact: Fact[Any], why: str, *, rule: str, hint: str | None = None) -> RefusedError:
    """Return the error that *fact* cannot be, with *why*."""
    verb = _VERBS.get(type(fact.payload), "be changed")
    subject = str(fact.subject).capitalize()
    return RefusedError(f"{subject} cannot {verb} on {fact.effective_on}: {why}.", rule=rule, hint=hint)
