"""Folding facts into state, and refusing the facts that a state does not admit.

The same rules serve a new command, a back-dated one (the later timeline is folded again) and the reading of
stored facts: whatever folds is a possible life.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from attrs import asdict
from attrs import evolve as change

from ispcore.catalog import Bucket, Role, Serves, TrialKind, check_lines
from ispcore.customers import LateTreatmentSet
from ispcore.plans import facts as f
from ispcore.plans.cycles import GridChange
from ispcore.plans.evolve_combos import in_combo
from ispcore.plans.evolve_components import with_components
from ispcore.plans.evolve_temporary import FOR_A_WHILE, for_a_while
from ispcore.plans.holds import HoldCause
from ispcore.plans.items import PLAN_ITEM
from ispcore.plans.kinds import AFTER_THE_END, OF_THE_NETWORK
from ispcore.plans.moves import counting, entered
from ispcore.plans.refusals import refused
from ispcore.plans.state import End, EndKind, Ordered, State
from ispcore.plans.trials import trial_end
from ispcore.timeline import Cause
from ispcore.values import SubscriptionId

if TYPE_CHECKING:
    from ispcore.plans.billing_events import BillingEvent
    from ispcore.plans.items import Item
    from ispcore.timeline import Fact

_END_KINDS = {
    f.Cancelled: EndKind.CANCELLED,
    f.Annulled: EndKind.ANNULLED,
    f.PlanChanged: EndKind.PLAN_CHANGED,
    f.Transferred: EndKind.TRANSFERRED,
}
_OF_AN_ITEM = (
    f.PriceChanged,
    f.DiscountChanged,
    f.ItemEnded,
    f.CompositionCustomised,
    f.CompositionRestored,
)
_ELSEWHERE: Mapping[type, Callable[[State, Fact[Any]], State]] = {
    **dict.fromkeys(OF_THE_NETWORK, with_components),
    **dict.fromkeys(FOR_A_WHILE, for_a_while),
    **dict.fromkeys((f.ComboPriced, f.ComboLeft), in_combo),
}
_ENDED = {
    EndKind.CANCELLED: "it was cancelled",
    EndKind.ANNULLED: "it was annulled",
    EndKind.PLAN_CHANGED: "it moved to another plan",
    EndKind.TRANSFERRED: "it was handed over to another customer",
    EndKind.DELETED: "it was deleted",
}


def evolve(state: State | None, fact: Fact[Any]) -> State:
    """Return the state after *fact*.

    Raises:
        RefusedError: the state does not admit it.
    """
    return counting(_after(state, fact), fact.effective_on)


def _after(state: State | None, fact: Fact[Any]) -> State:
    payload, on = fact.payload, fact.effective_on
    if state is None:
        return _opened(fact)
    if isinstance(payload, f.Subscribed | f.Imported):
        raise refused(fact, f"it exists since {state.started_on}", rule="already-open")
    if isinstance(payload, AFTER_THE_END):
        return state
    if isinstance(payload, f.Deleted):
        return _deleted(state, fact)
    if state.end is not None:
        raise refused(
            fact, f"{_ENDED[state.end.kind]} on {state.end.on}", rule="ended", hint="Open a new one instead."
        )
    match payload:
        case f.StatusChanged() | f.Enabled() | f.Suspended() | f.Resumed():
            _check_status_change(state, fact)
            return entered(state, payload.status, on)
        case f.Cancelled() | f.Annulled() | f.PlanChanged() | f.Transferred():
            return _ended(state, payload, on)
        case f.CancellationOrdered():
            return _ordered(state, fact)
        case f.HoldPlaced() | f.HoldLifted():
            return _held(state, fact)
        case _:
            return _changed(state, fact)


def _opened(fact: Fact[Any]) -> State:
    payload, on = fact.payload, fact.effective_on
    if not isinstance(payload, f.Subscribed | f.Imported):
        raise refused(
            fact, f"it does not exist on {on} yet", rule="not-open", hint="Choose its start day or later."
        )
    opening = payload.opening
    origin = payload.origin if isinstance(payload, f.Imported) else None
    since = opening.status_since or on
    active = opening.status.bucket is Bucket.ACTIVE
    first = origin.activated_on if origin and origin.activated_on else since
    return State(
        id=SubscriptionId(int(fact.subject.id)),
        customer=opening.customer,
        unit=opening.unit,
        policy=opening.policy,
        started_on=on,
        status=opening.status,
        status_since=since,
        terms=opening.terms,
        items=(opening.item,),
        grids=(GridChange(date.min, opening.terms.grid),),
        trial=opening.trial,
        free_until=opening.free_until,
        address=opening.address,
        contract=opening.contract,
        previous=opening.previous,
        origin=origin,
        extra=opening.extra,
        activations=(first,) if active or (origin and origin.activated_on) else (),
        enablings=(opening.status_since or first,) if opening.status.role is Role.ENABLED else (),
        suspensions=(since,) if opening.status.role is Role.SUSPENDED else (),
    )


def _deleted(state: State, fact: Fact[Any]) -> State:
    if state.deleted_on is not None:
        raise refused(fact, f"it was deleted on {state.deleted_on}", rule="deleted")
    end = state.end or End(fact.effective_on, EndKind.DELETED)
    return change(state, deleted_on=fact.effective_on, end=end)


def _ended(
    state: State, payload: f.Cancelled | f.Annulled | f.PlanChanged | f.Transferred, on: date
) -> State:
    owed_until = payload.owed_until if isinstance(payload, f.Transferred) else None
    successor = payload.successor if isinstance(payload, f.PlanChanged | f.Transferred) else None
    return change(
        entered(state, payload.status, on),
        holds=(),
        ordered=None,
        temporary=None,
        end=End(on, _END_KINDS[type(payload)], owed_until),
        successor=successor,
        events=_with_penalty(state, payload),
    )


def _with_penalty(state: State, payload: object) -> tuple[BillingEvent, ...]:
    """Return the billing events, with the penalty of an end in the place of that of an ordered one."""
    ordered = state.ordered.penalty if state.ordered is not None else None
    kept = tuple(event for event in state.events if event != ordered)
    asked = payload.penalty if isinstance(payload, f.Cancelled | f.CancellationOrdered) else None
    return kept if asked is None else (*kept, asked)


def _ordered(state: State, fact: Fact[Any]) -> State:
    payload: f.CancellationOrdered = fact.payload
    if state.ordered is not None:
        raise refused(
            fact,
            f"its end on {state.ordered.on} is ordered already",
            rule="ordered",
            hint="Withdraw the cancellation first.",
        )
    if payload.ends_on <= fact.effective_on:
        raise refused(fact, f"{payload.ends_on} is not later", rule="not-later", hint="Cancel it at once.")
    ordered = Ordered(payload.ends_on, payload.status, payload.penalty)
    return change(state, ordered=ordered, events=_with_penalty(state, payload))


def _check_status_change(state: State, fact: Fact[Any]) -> None:
    payload, status = fact.payload, state.status
    if fact.recorded.cause is Cause.MANUAL and not status.may_change_by_hand:
        raise refused(
            fact, f"the status {status.description!r} may not be changed by hand", rule="status-locked"
        )
    match payload:
        case f.Suspended() if status.bucket is not Bucket.ACTIVE:
            reason = f"only an active subscription is suspended, and it is {status.description!r}"
            raise refused(fact, f"{reason} since {state.status_since}", rule="not-active")
        case f.Resumed() if status.bucket is not Bucket.INACTIVE:
            reason = f"only an inactive subscription is resumed, and it is {status.description!r}"
            raise refused(fact, f"{reason} since {state.status_since}", rule="not-inactive")
        case f.Enabled() | f.StatusChanged() if status.code == payload.status.code:
            raise refused(
                fact, f"it is {status.description!r} since {state.status_since}", rule="same-status"
            )
        case _ if payload.status.bucket is Bucket.CANCELLED:
            raise refused(fact, "a cancelled status is entered by cancelling", rule="use-cancel")
        case _:
            return


def _held(state: State, fact: Fact[Any]) -> State:
    payload = fact.payload
    if isinstance(payload, f.HoldPlaced):
        if any(hold.key == payload.hold.key for hold in state.holds):
            kind, cause = payload.hold.key
            raise refused(fact, f"it is {kind.value} ({cause.value}) already", rule="already-held")
        if payload.hold.until is not None and payload.hold.until <= fact.effective_on:
            raise refused(
                fact, f"the hold would end on {payload.hold.until}, before it begins", rule="empty-hold"
            )
        placed = change(state, holds=(*state.holds, payload.hold))
        # Late payment is what is looked over for a while; what a person holds back is held back.
        stays = payload.hold.cause is HoldCause.AUTOMATIC or payload.hold.serves is Serves.FULL
        return placed if stays else change(placed, provisional_until=None)
    rest = tuple(hold for hold in state.holds if hold.key != (payload.kind, payload.cause))
    if len(rest) == len(state.holds):
        held = ", ".join(f"{hold.kind.value} ({hold.cause.value})" for hold in state.holds) or "nothing"
        wanted = f"{payload.kind.value} ({payload.cause.value})"
        raise refused(fact, f"it is not {wanted}", rule="not-held", hint=f"Held: {held}.")
    return change(state, holds=rest)


def _on_terms(state: State, fact: Fact[Any]) -> State:
    """Return *state* on other terms.

    A closing day from the first day on was chosen, not moved; a trial for the rest of the cycle follows it.
    """
    payload: f.BillingTermsChanged = fact.payload
    given = {name: value for name, value in asdict(payload).items() if value is not None}
    closing_day, cut = given.pop("closing_day", None), given.pop("cut")
    state = change(state, terms=change(state.terms, **given))
    if closing_day is None:
        return state
    on, started_on = fact.effective_on, state.started_on
    grid = state.terms.grid.closing_on(closing_day, on)
    terms = change(state.terms, grid=grid)
    if on > started_on:
        return change(state, terms=terms, grids=(*state.grids, GridChange(on, grid, fact.sequence, cut)))
    trial = state.trial
    free_until = trial_end(trial, started_on, grid) if trial.kind is TrialKind.CYCLE else state.free_until
    return change(state, terms=terms, free_until=free_until, grids=(GridChange(date.min, grid),))


def _changed(state: State, fact: Fact[Any]) -> State:
    payload = fact.payload
    match payload:
        case f.BillingTermsChanged():
            return _on_terms(state, fact)
        case f.SlipTermsSet():
            return change(state, terms=change(state.terms, slips=payload.slips))
        case f.AddressChanged():
            return change(state, address=payload.address, unit=payload.unit)
        case f.BonusGranted() | LateTreatmentSet() | f.NoticesChanged() | f.ContractJoined():
            return _told_and_treated(state, payload)
        case f.ItemAdded():
            return change(state, items=_with_item(state, fact))
        case f.BillingEventAdded():
            return change(state, events=_with_event(state, fact))
        case _ if type(payload) in _ELSEWHERE:
            return _ELSEWHERE[type(payload)](state, fact)
        case _ if type(payload) in _OF_AN_ITEM:
            return change(state, items=_with_changed_item(state, fact))
        case _:
            raise refused(fact, f"nothing is known of {fact.kind}", rule="unknown-fact")


def _told_and_treated(
    state: State, payload: f.BonusGranted | LateTreatmentSet | f.NoticesChanged | f.ContractJoined
) -> State:
    if isinstance(payload, f.ContractJoined):
        return change(state, contract=payload.contract)
    if isinstance(payload, f.BonusGranted):
        return change(state, bonus_until=payload.until)
    if isinstance(payload, LateTreatmentSet):
        return change(state, late=payload.treatment)
    return change(state, notices={**state.notices, payload.channel: payload.terms})


def _with_item(state: State, fact: Fact[Any]) -> tuple[Item, ...]:
    added: Item = fact.payload.item
    if any(item.id == added.id for item in state.items):
        raise refused(fact, f"it has an item {added.id!r} already", rule="item-exists")
    return (*state.items, added)


def _with_event(state: State, fact: Fact[Any]) -> tuple[BillingEvent, ...]:
    added: BillingEvent = fact.payload.event
    if any(event.number == added.number for event in state.events):
        raise refused(fact, f"it has an event {added.number} already", rule="event-exists")
    return (*state.events, added)


def _with_changed_item(state: State, fact: Fact[Any]) -> tuple[Item, ...]:
    item = state.item(fact.payload.item)
    if item.ends_on is not None and item.ends_on < fact.effective_on:
        raise refused(fact, f"its item {item.id!r} ended on {item.ends_on}", rule="item-ended")
    changed = _changed_item(item, fact)
    return tuple(changed if each.id == item.id else each for each in state.items)


def _changed_item(item: Item, fact: Fact[Any]) -> Item:
    payload, on = fact.payload, fact.effective_on
    match payload:
        case f.PriceChanged():
            lines = payload.lines if payload.lines is not None else item.lines
            _check_price(item, payload, fact)
            return change(item, price=payload.price, price_since=on, lines=lines, catalogue_price=False)
        case f.DiscountChanged():
            if payload.discount and payload.discount.amount and payload.discount.amount > item.price:
                raise refused(
                    fact,
                    f"{payload.discount.amount} is more than the price {item.price}",
                    rule="discount-over-price",
                )
            if payload.discount and payload.discount.until and payload.discount.until <= on:
                raise refused(
                    fact, f"the discount would end on {payload.discount.until}", rule="empty-discount"
                )
            return change(item, discount=payload.discount, discount_since=None)
        case f.ItemEnded():
            if item.id == PLAN_ITEM:
                raise refused(fact, "the plan itself ends by cancelling", rule="use-cancel")
            if item.ends_on is not None:
                raise refused(fact, f"its item {item.id!r} ends on {item.ends_on} already", rule="item-ended")
            return change(item, ends_on=on)
        case f.CompositionCustomised():
            check_lines(payload.lines, item.price)
            return change(item, lines=payload.lines)
        case _:
            return change(item, lines=None)


def _check_price(item: Item, payload: f.PriceChanged, fact: Fact[Any]) -> None:
    if payload.price.currency != item.price.currency:
        raise refused(fact, f"{payload.price} is not in {item.price.currency.code}", rule="currency")
    if payload.price.minor < 0:
        raise refused(fact, f"a price of {payload.price} is negative", rule="negative-price")
    amount = item.discount.amount if item.discount else None
    if amount is not None and amount > payload.price:
        raise refused(
            fact, f"its discount of {amount} is more than {payload.price}", rule="discount-over-price"
        )
    lines = payload.lines if payload.lines is not None else item.lines
    if lines is not None:
        check_lines(lines, payload.price)
