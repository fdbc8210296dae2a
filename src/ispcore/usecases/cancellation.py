"""What a cancellation comes to: last days to be billed, credits, what is left to pay, what was carried."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from attrs import frozen

from ispcore.billing import Charge, EntryKind
from ispcore.driver import claim_of
from ispcore.errors import RefusedError
from ispcore.plans import Component, EndKind, Timeline, is_event
from ispcore.usecases.close_one import bill_open_cycle
from ispcore.usecases.overview import PERMISSION, overview
from ispcore.values import CustomerId, Money, SubscriptionId, total, zero

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from ispcore.timeline import Actor, Fact
    from ispcore.usecases.desk import Desk
    from ispcore.usecases.overview import Overview, SubscriptionView
    from ispcore.values import Currency

_CANCELLED = frozenset({"Cancelled", "CancellationOrdered"})


@frozen
class CancellationSummary:
    """A cancellation as it is printed; amounts count what was billed up to its day.

    ``proportional`` are the charges that come by the cancellation and ``credits`` what it takes back.
    ``owed_before`` was open for the subscription without it, ``to_pay`` is open with it; ``to_come`` are
    instalments that later closings take up. ``penalty`` is all of it, however much of it is in these already.
    ``balance`` is kept for the customer by the companies together. ``carried`` is what was served, and what
    goes with it.
    """

    protocol: str
    customer: CustomerId
    name: str
    subscription: SubscriptionId
    plan: str
    on: date
    reason: str | None
    proportional: tuple[Charge, ...]
    credits: tuple[Charge, ...]
    owed_before: Money
    to_pay: Money
    to_come: Money
    penalty: Money
    balance: Money
    carried: tuple[Component, ...]

    @property
    def text(self) -> str:
        """It as a page of text."""
        why = f": {self.reason}" if self.reason else ""
        return "\n".join(
            [
                f"Cancellation {self.protocol}",
                f"{self.name}, customer {self.customer}",
                f"Subscription {self.subscription}, {self.plan}, ends on {self.on:%d/%m/%Y}{why}",
                "",
                *(_line(entry, "") for entry in self.proportional),
                *(_line(entry, "-") for entry in self.credits),
                f"{'Owed before':40}{self.owed_before!s:>20}",
                f"{'To pay':40}{self.to_pay!s:>20}",
                *_where_any("To come in instalments", self.to_come),
                *_where_any("Penalty for leaving early, in all", self.penalty),
                f"{'Kept for you':40}{self.balance!s:>20}",
                "",
                *(f"To be given back or let go: {claim_of(one.spec)}" for one in self.carried),
            ]
        ).rstrip()


def cancellation_summary(desk: Desk, number: SubscriptionId, *, actor: Actor) -> CancellationSummary:
    """Return what the cancellation of a subscription comes to, once its last days are billed.

    Call it in a rehearsal: it bills them.

    Raises:
        NotFoundError: there is no such subscription.
        RefusedError: it is not cancelled, and its cancellation is not ordered.
        UnbillableError: it cannot be billed.
    """
    actor.require(PERMISSION)
    with desk.database.reading() as work:
        timeline, row = work.subscriptions.get(number)
        catalogue = work.catalogue.current()
    fact = _cancellation(timeline)
    end = timeline.end
    assert end is not None  # noqa: S101 - what cancels it ends it
    before = overview(desk, row.customer, actor=actor)
    bill_open_cycle(desk, number, max(end.on, desk.today_of(catalogue)), actor=actor)
    found = overview(desk, row.customer, actor=actor)
    view = next(one for one in found.subscriptions if one.row.id == number)
    entries = [entry for entry in view.charges if entry.fact >= fact.sequence]
    reason = None if fact.reason is None else catalogue.reasons.get(fact.reason)
    return CancellationSummary(
        protocol=f"{fact.recorded.at.year}-{number}-{fact.sequence}",
        customer=row.customer,
        name=found.customer.details.name,
        subscription=number,
        plan=timeline.last.plan.description,
        on=end.on,
        reason=fact.reason if reason is None else reason.description,
        proportional=_of_kind(entries, EntryKind.CHARGE),
        credits=_of_kind(entries, EntryKind.CREDIT),
        owed_before=_owed(before, number, catalogue.currency),
        to_pay=_owed(found, number, catalogue.currency),
        to_come=_to_come(view, catalogue.currency),
        penalty=_penalty(fact, catalogue.currency),
        balance=total(list(found.balances.values()), catalogue.currency),
        carried=_carried(view),
    )


def _line(entry: Charge, sign: str) -> str:
    if is_event(entry.key.item):
        what = entry.description[:40]
    else:
        days = f"{entry.days} of {entry.days_of} days"
        what = f"{entry.description[:24]:24}{days:>16}"
    return f"{what:40}{sign + str(entry.amount):>20}"


def _where_any(label: str, amount: Money) -> Iterator[str]:
    if not amount.is_zero:
        yield f"{label:40}{amount!s:>20}"


def _cancellation(timeline: Timeline) -> Fact[Any]:
    end = timeline.end
    facts = [fact for fact in timeline.facts if fact.kind in _CANCELLED]
    if end is None or end.kind is not EndKind.CANCELLED or not facts:
        raise RefusedError(
            f"Subscription {timeline.last.id} is not cancelled.",
            rule="not-cancelled",
            hint="Give the cancellation that is to be tried.",
        )
    return facts[-1]


def _owed(found: Overview, number: SubscriptionId, currency: Currency) -> Money:
    """Return what is open of a subscription."""
    return total(
        [one.open for one in found.receivables if one.receivable.key.subscription == number], currency
    )


def _to_come(view: SubscriptionView, currency: Currency) -> Money:
    """Return what of the subscription's billing events was not billed yet."""
    asked = {event.item: event.amount.minor for event in view.timeline.last.events}
    billed = sum(entry.signed_minor for entry in view.charges if entry.key.item in asked)
    return Money(sum(asked.values()) - billed, currency)


def _penalty(fact: Fact[Any], currency: Currency) -> Money:
    """Return what the cancellation asks for in all, for leaving the contract early."""
    asked = fact.payload.penalty
    return zero(currency) if asked is None else asked.amount


def _of_kind(entries: Iterable[Charge], kind: EntryKind) -> tuple[Charge, ...]:
    return tuple(entry for entry in entries if entry.kind is kind and entry.amount.minor)


def _carried(view: SubscriptionView) -> tuple[Component, ...]:
    """Return what the subscription carried on its last day."""
    end = view.timeline.end
    state = None if end is None else view.timeline.before_end(end.on)
    return view.state.components if state is None else state.components
