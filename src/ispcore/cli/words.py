"""Why an entry is what it is, in a few words: the facts of its cycle."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ispcore.billing import EntryKind
from ispcore.cli.plain import counted
from ispcore.plans.kinds import OWING_NOTHING
from ispcore.timeline import Retracted
from ispcore.usecases.describe import describe
from ispcore.values import ONE_DAY

if TYPE_CHECKING:
    from ispcore.billing import Charge
    from ispcore.plans import Timeline
    from ispcore.scenarios import Played
    from ispcore.timeline import Fact

_SAID = {
    "Subscribed": "starts",
    "Imported": "taken over",
    "StatusChanged": "status changed",
    "Enabled": "enabled",
    "EnabledProvisionally": "enabled provisionally",
    "Suspended": "suspended",
    "Resumed": "resumed",
    "Cancelled": "cancelled",
    "Annulled": "annulled",
    "PlanChanged": "plan changed",
    "Transferred": "handed over",
    "PriceChanged": "new price",
    "DiscountChanged": "new discount",
    "ItemAdded": "item added",
    "ItemEnded": "item ended",
    "BillingEventAdded": "billing event",
    "CompositionCustomised": "own composition",
    "CompositionRestored": "catalogue's composition",
}
_BEGINNINGS = (_SAID["Subscribed"], _SAID["Imported"])
_HOLDS = {"HoldPlaced": "", "HoldLifted": "no longer "}


def what(played: Played) -> str:
    """Return what a step of a scenario did, in a few words."""
    if played.refusal is not None:
        return "" if played.unmet else f"refused: {played.refusal}"
    if played.step.task:
        return f"scheduled on {played.today:%d/%m/%Y}"
    if played.step.do == "pay_slips":
        return f"{counted(played.paid, 'slip')} paid in time"
    given = played.step.values
    said = [str(given[name]) for name in ("amount", "reason") if name in given]
    return "; ".join([*said, *(detail for fact in played.facts[:1] for detail in describe(fact.payload))])


def why(entry: Charge, timeline: Timeline) -> str:
    """Return the facts of the entry's cycle that shaped it; nothing for a whole, quiet cycle."""
    cycle = entry.key.cycle.period
    said = [_say(fact) for fact in timeline.facts if fact.effective_on in cycle and _concerns(fact, entry)]
    free = timeline.last.free_until
    if free is not None and free > cycle.start and timeline.last.started_on < cycle.end:
        said.append(f"trial, free through {free - ONE_DAY:%d/%m}")
    quiet = entry.days == entry.days_of and entry.kind is EntryKind.CHARGE
    timed = _timed_move(entry, timeline)
    if timed:
        said.append(timed)
    if entry.kind is EntryKind.CREDIT and not said:
        said.append("corrected")
    only_begun = all(word.startswith(_BEGINNINGS) for word in said)
    return "" if quiet and only_begun else ", ".join(said)


def _say(fact: Fact[Any]) -> str:
    if fact.kind in _HOLDS:
        kind = fact.payload.hold.kind if fact.kind == "HoldPlaced" else fact.payload.kind
        return f"{_HOLDS[fact.kind]}{kind.value} {fact.effective_on:%d/%m}"
    return f"{_SAID.get(fact.kind, fact.kind)} {fact.effective_on:%d/%m}"


_OF_PAYING = ("BillingTermsChanged", "SlipTermsSet", "AddressChanged", "Deleted")


def _concerns(fact: Fact[Any], entry: Charge) -> bool:
    silent = (*OWING_NOTHING, Retracted)
    if fact.kind in _OF_PAYING or isinstance(fact.payload, silent):
        return False
    item = getattr(getattr(fact.payload, "event", fact.payload), "item", None)
    return item is None or getattr(item, "id", item) == entry.key.item


def _timed_move(entry: Charge, timeline: Timeline) -> str:
    """Say which status or hold moved by itself in the entry's cycle."""
    days = {fact.effective_on for fact in timeline.facts}
    said = []
    for before, span in pairwise(timeline.spans):
        if span.since in entry.key.cycle.period and span.since not in days:
            ended = [hold.kind.value for hold in before.state.holds if hold not in span.state.holds]
            said += [f"no longer {kind} from {span.since:%d/%m}" for kind in ended]
            if span.state.status != before.state.status:
                said.append(f"{span.state.status.description} from {span.since:%d/%m}")
    return ", ".join(said)
